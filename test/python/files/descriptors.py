# os on descriptors and paths: positions, pipes, copies, links, times, errors.
import os
import threading

folder = '/tmp/takegil-fds-%d' % os.getpid()
os.mkdir(folder)
path = folder + '/data'


def attempt(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except (OSError, ValueError, TypeError) as e:
        return f'{type(e).__name__}: {e}'.replace(folder, '')


fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o640)
print(os.write(fd, b'0123456789'), os.lseek(fd, 3, os.SEEK_SET), os.read(fd, 4))
print(os.lseek(fd, 0, os.SEEK_CUR), os.lseek(fd, -2, os.SEEK_END), os.read(fd, 100), os.read(fd, 1))
copy = os.dup(fd)
print(os.lseek(copy, 5, os.SEEK_SET), os.read(fd, 2))  # one position for both
os.close(copy)
os.ftruncate(fd, 4)
os.fsync(fd)
print(os.fstat(fd).st_size, oct(os.stat(path).st_mode & 0o777), os.isatty(fd))
print(os.write(fd, bytearray(b'ab')), os.write(fd, memoryview(b'cde')[1:]), attempt(os.write, fd, 'text'))
os.close(fd)
# A number that nothing in the process has: another thread may open what was closed just now.
nobody = 987654
print(attempt(os.close, nobody), attempt(os.read, nobody, 1), attempt(os.lseek, nobody, 0, 0), attempt(os.write, nobody, b'x'))
print(open(path, 'rb').read())
print(attempt(os.open, folder + '/missing', os.O_RDONLY), attempt(os.open, path, os.O_CREAT | os.O_EXCL))

os.symlink(path, folder + '/soft')
os.link(path, folder + '/hard')
print(os.readlink(folder + '/soft') == path, os.lstat(folder + '/soft').st_size == len(path), os.stat(path).st_nlink)
os.chmod(path, 0o600)
os.utime(path, (1000, 2000.5))
status = os.stat(folder + '/hard')
print(oct(status.st_mode & 0o777), status.st_atime, status.st_mtime)
os.utime(path, ns=(3_000_000_000, 4_000_000_000))
print(os.stat(path).st_mtime, attempt(os.utime, path, (1, 2), ns=(1, 2)))
with os.scandir(folder) as entries:
    print(sorted((e.name, e.is_file(), e.is_symlink(), e.is_dir()) for e in entries))
os.truncate(path, 1)
print(os.path.getsize(path), attempt(os.link, path, folder + '/hard'), attempt(os.chmod, folder + '/no', 0))

r, w = os.pipe()
print(os.get_blocking(r), os.set_blocking(r, False), attempt(os.read, r, 1), os.set_blocking(r, True))
big = bytes(range(256)) * 2000
received = []


def drain():
    while True:
        data = os.read(r, 70_000)
        if not data:
            break
        received.append(data)


reader = threading.Thread(target=drain)
reader.start()
print(os.write(w, big))
os.close(w)
reader.join()
print(b''.join(received) == big)
os.close(r)
r, w = os.pipe()
os.close(r)
print(attempt(os.write, w, b'nobody reads'))
os.close(w)

here = os.getcwd()
os.chdir(folder)
print(os.getcwd() == os.path.realpath(folder), sorted(os.listdir()), open('data').read())
os.chdir(here)
print(os.getcwd() == here, attempt(os.chdir, folder + '/none'))
for name in os.listdir(folder):
    os.remove(folder + '/' + name)
os.rmdir(folder)
