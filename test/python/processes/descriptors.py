"""What processes get of our descriptors, statuses, and os's functions about processes."""
import os
import signal
import socket
import subprocess
import sys



def attempt(what, *args, **kwargs):
    try:
        result = what(*args, **kwargs)
    except Exception as error:
        print(type(error).__name__, error, getattr(error, 'errno', None))
    else:
        print('->', result)


def open_descriptors():
    return len(os.listdir('/proc/self/fd'))


print('inheritance')
readable, writable = os.pipe()
print(os.get_inheritable(readable))
script = f'echo through > /proc/self/fd/{writable}'
print(subprocess.run(script, shell=True, stderr=subprocess.DEVNULL).returncode != 0)
print(subprocess.run(script, shell=True, pass_fds=[writable]).returncode, os.read(readable, 100))
os.set_inheritable(writable, True)
print(os.get_inheritable(writable))
print(subprocess.run(script, shell=True, stderr=subprocess.DEVNULL).returncode != 0)
print(subprocess.run(script, shell=True, close_fds=False).returncode, os.read(readable, 100))
os.close(readable)
os.close(writable)
attempt(os.get_inheritable, 9999)
attempt(os.set_inheritable, 9999, True)
a, b = socket.socketpair()
print(a.get_inheritable(), subprocess.run(['echo', 'to a socket'], stdout=a).returncode, b.recv(100))
print(subprocess.run(['cat'], stdin=a, stdout=subprocess.PIPE, input=None, timeout=10).stdout
      if b.send(b'from a socket') and b.close() is None else None)
a.close()
print('swapped')
sys.stdout.flush()
print(subprocess.run('echo on stdout; echo on stderr >&2', shell=True, stdout=2, stderr=1).returncode)

print('nothing stays open')
before = open_descriptors()
for _ in range(5):
    subprocess.run(['cat'], input=b'x', capture_output=True)
    try:
        subprocess.run(['/no/such/program'], capture_output=True, input=b'x')
    except FileNotFoundError:
        pass
    try:
        subprocess.run(['true'], stdout=subprocess.PIPE, stderr='x')
    except AttributeError:
        pass
print(open_descriptors() - before)
try:
    os.waitpid(-1, 0)
except ChildProcessError as error:
    print(error)

print('statuses')
for status in (0, 256, 0xff00, 9, 15, 0x8b, 0x137f, 0xffff):
    print(status, os.WIFEXITED(status), os.WIFSIGNALED(status), os.WIFSTOPPED(status),
          os.WCOREDUMP(status), os.WEXITSTATUS(status), os.WTERMSIG(status), os.WSTOPSIG(status))
for status in (0, 256 * 7, 9, 0x137f):
    attempt(os.waitstatus_to_exitcode, status)
attempt(os.system, 'exit 3')
attempt(os.system, 'kill -9 $$')
sys.stdout.flush()
attempt(os.system, 'echo from the shell')
process = subprocess.Popen(['sh', '-c', 'exit 5'])
pid, status = os.waitpid(process.pid, 0)
print(pid == process.pid, os.WEXITSTATUS(status), process.wait())
attempt(os.waitpid, process.pid, 0)
process = subprocess.Popen(['sleep', '20'])
print(os.waitpid(process.pid, os.WNOHANG))
process.kill()
pid, status = os.wait()
print(pid == process.pid, os.WTERMSIG(status), process.poll())
process = subprocess.Popen('exec sleep 20', shell=True, start_new_session=True)
os.killpg(process.pid, signal.SIGTERM)
print(process.wait())
process = subprocess.Popen(['sleep', '20'], process_group=0)
os.killpg(process.pid, signal.SIGKILL)
print(process.wait())
attempt(os.killpg, 99999999, 0)
with os.popen('echo popen; exit 2') as file:
    print(file.read())
file = os.popen('cat', 'w')
print(file.write('to cat\n'))
sys.stdout.flush()
print(file.close())
print(os.popen('exit 3').close())
attempt(os.popen, 'true', 'x')
attempt(os.popen, 5)
print('a SIGPIPE ends a program as it should')
print(subprocess.run('yes | head -1', shell=True, stdout=subprocess.PIPE).stdout)
