"""subprocess: programs run with pipes to and from them."""
import os
import signal
import subprocess
import threading
import time
from subprocess import DEVNULL, PIPE, STDOUT


def attempt(what, *args, **kwargs):
    try:
        result = what(*args, **kwargs)
    except Exception as error:
        print(type(error).__name__, error, getattr(error, 'errno', None))
        return error
    print('->', result)
    return result


print('run')
attempt(subprocess.run, ['true'])
attempt(subprocess.run, ['false'])
attempt(subprocess.run, ['sh', '-c', 'exit 3'])
attempt(subprocess.run, 'exit 4', shell=True)
attempt(subprocess.run, ['echo', 'hello'], capture_output=True)
attempt(subprocess.run, ['echo', 'hello'], stdout=PIPE, text=True)
attempt(subprocess.run, 'echo out; echo err >&2', shell=True, capture_output=True, text=True)
attempt(subprocess.run, 'echo out; echo err >&2', shell=True, stdout=PIPE, stderr=STDOUT)
attempt(subprocess.run, ['cat'], input=b'through cat', stdout=PIPE)
attempt(subprocess.run, ['cat'], input='grüße\r\n', capture_output=True, encoding='utf-8')
attempt(subprocess.run, ['cat'], stdin=DEVNULL, capture_output=True)
attempt(subprocess.run, 'echo quiet', shell=True, stdout=DEVNULL, stderr=DEVNULL)
attempt(subprocess.run, ['sh', '-c', 'exit 5'], check=True)
attempt(subprocess.run, 'kill -9 $$', shell=True, check=True)
attempt(subprocess.run, 'kill -15 $$', shell=True)
attempt(subprocess.run, ['printenv', 'NAME'], env={'NAME': 'value', 'PATH': os.environ['PATH']},
        stdout=PIPE)
attempt(subprocess.run, ['pwd'], cwd='/', stdout=PIPE, text=True)
attempt(subprocess.run, ['printf', '%s|', 'a b', '', "it's", 'ü'], stdout=PIPE, encoding='utf-8')
attempt(subprocess.run, 'echo $0 $1', shell=True, stdout=PIPE)
attempt(subprocess.run, ['echo "$0" "$1"', 'one', 'two'], shell=True, stdout=PIPE)
attempt(subprocess.run, [b'echo', 'mixed'], stdout=PIPE)
attempt(subprocess.run, ['sh', '-c', 'echo $0'], executable='/bin/sh', stdout=PIPE)
with open('/dev/null') as null:
    attempt(subprocess.run, ['cat'], stdin=null, stdout=PIPE)
os.environ['FOR_CHILDREN'] = 'set'
attempt(subprocess.run, 'echo $FOR_CHILDREN', shell=True, stdout=PIPE)
del os.environ['FOR_CHILDREN']
attempt(subprocess.run, 'echo ${FOR_CHILDREN-unset}', shell=True, stdout=PIPE)

print('what is not there')
attempt(subprocess.run, ['no-such-program-anywhere'])
attempt(subprocess.run, ['/no/such/program'])
attempt(subprocess.run, ['/etc/passwd'])
attempt(subprocess.run, ['/'])
attempt(subprocess.run, ['true'], cwd='/no/such/directory')
attempt(subprocess.run, ['true'], cwd='/etc/passwd')
attempt(subprocess.run, [''])
attempt(subprocess.run, ['nul\0byte'])
attempt(subprocess.run, 'true', env={'a=b': 'x'})
attempt(subprocess.run, 'true', env={'a': 'x\0'})
attempt(subprocess.run, ['true'], bufsize='x')
attempt(subprocess.run, ['true'], text=True, universal_newlines=False)
attempt(subprocess.run, ['cat'], input=b'x', stdin=PIPE)
attempt(subprocess.run, ['cat'], capture_output=True, stdout=PIPE)
attempt(subprocess.run, ['true'], creationflags=1)
attempt(subprocess.check_output, ['true'], stdout=PIPE)

print('the older functions')
attempt(subprocess.call, ['sh', '-c', 'exit 6'])
attempt(subprocess.check_call, ['true'])
error = attempt(subprocess.check_call, ['sh', '-c', 'exit 7'])
print(error.returncode, error.cmd, error.output, error.stdout, error.stderr)
attempt(subprocess.check_output, ['echo', 'output'])
attempt(subprocess.check_output, ['cat'], input='text', text=True)
attempt(subprocess.check_output, ['cat'], input=None)
error = attempt(subprocess.check_output, 'echo partial; exit 8', shell=True)
print(error.output)
attempt(subprocess.getoutput, 'echo one; echo two')
attempt(subprocess.getstatusoutput, 'echo failed; exit 9')
completed = subprocess.run(['false'])
attempt(completed.check_returncode)
print(completed.args, completed.returncode, completed.stdout)

print('Popen')
process = subprocess.Popen(['cat'], stdin=PIPE, stdout=PIPE)
print(process.poll(), process.returncode, process.pid > 0, process.args)
process.stdin.write(b'line 1\nline 2\n')
process.stdin.flush()
print(process.stdout.readline(), process.stdout.readline())
process.stdin.close()
print(process.stdout.read(), process.wait(), process.poll(), process)
process.stdout.close()
with subprocess.Popen(['cat'], stdin=PIPE, stdout=PIPE, text=True, bufsize=1) as process:
    print(process.stdin.line_buffering, process.universal_newlines)
    process.stdin.write('buffered by lines\n')
    print(process.stdout.readline())
print(process.returncode, process.stdin.closed, process.stdout.closed)
process = subprocess.Popen(['sleep', '20'])
print(process)
attempt(process.wait, 0.02)
process.terminate()
print(process.wait(), process.returncode == -signal.SIGTERM)
process.terminate()
process.kill()
process.send_signal(0)
process = subprocess.Popen(['sleep', '20'])
process.kill()
print(process.wait(timeout=10))
process = subprocess.Popen(['sleep', '20'], stdout=PIPE)
os.kill(process.pid, signal.SIGINT)
print(process.communicate(), process.returncode)

print('communicate')
big = bytes(range(256)) * 2000
process = subprocess.Popen(['cat'], stdin=PIPE, stdout=PIPE, stderr=PIPE)
out, err = process.communicate(big)
print(out == big, err, process.returncode)
process = subprocess.Popen(['sh', '-c', 'cat; echo done >&2'], stdin=PIPE, stdout=PIPE, stderr=PIPE,
                           text=True)
out, err = process.communicate('abc' * 100_000)
print(len(out), err)
process = subprocess.Popen(['true'], stdin=PIPE, stdout=PIPE)
print(process.communicate(b'x' * 1_000_000), process.returncode)
process = subprocess.Popen(['sh', '-c', 'echo first; exec sleep 20'], stdout=PIPE, stderr=PIPE)
try:
    process.communicate(timeout=0.3)
except subprocess.TimeoutExpired as error:
    print(error, error.output, error.stderr, error.timeout)
process.kill()
print(process.communicate(), process.returncode)
attempt(process.communicate, b'again')
try:
    subprocess.run(['sh', '-c', 'echo before; exec sleep 20'], stdout=PIPE, timeout=0.3)
except subprocess.TimeoutExpired as error:
    print(error, error.stdout)

print('threads')
results = {}


def work(i):
    results[i] = subprocess.run(['cat'], input=b'%d' % i, stdout=PIPE).stdout


threads = [threading.Thread(target=work, args=(i,)) for i in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(sorted(results.values()))
counted = 0
stop = False


def count():
    global counted
    while not stop:
        counted += 1
        time.sleep(0)


thread = threading.Thread(target=count)
thread.start()
subprocess.run(['sleep', '0.2'])
stop = True
thread.join()
print('others run meanwhile', counted > 5)

print('signals while waiting')
seen = []
signal.signal(signal.SIGUSR1, lambda number, frame: seen.append(number))
threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGUSR1)).start()
print(subprocess.call(['sleep', '0.3']), len(seen))


def give_up(number, frame):
    raise LookupError('enough')


signal.signal(signal.SIGUSR1, give_up)
threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGUSR1)).start()
attempt(subprocess.run, ['sleep', '20'])
signal.signal(signal.SIGUSR1, signal.SIG_DFL)
