"""Other programs, run as processes, with pipes to and from them."""

import _thread
import io
import os
import posix
import selectors
import signal
import time

__all__ = ['Popen', 'PIPE', 'STDOUT', 'call', 'check_call', 'getstatusoutput', 'getoutput',
           'check_output', 'run', 'CalledProcessError', 'DEVNULL', 'SubprocessError',
           'TimeoutExpired', 'CompletedProcess']

PIPE, STDOUT, DEVNULL = -1, -2, -3
# Bytes of one write to a pipe that is ready: so many fit.
_PIPE_BUF = 4096
_READ_SIZE = 32768
# Seconds between looks at a process that is waited for with a timeout.
_FIRST_DELAY, _LAST_DELAY = 0.0005, 0.05
_ENOENT, _ENOTDIR = 2, 20


class SubprocessError(Exception):
    """What goes wrong with a process."""


class CalledProcessError(SubprocessError):
    """A process that was to succeed did not."""

    def __init__(self, returncode, cmd, output=None, stderr=None):
        self.returncode = returncode
        self.cmd = cmd
        self.output = output
        self.stderr = stderr

    def __str__(self):
        if not self.returncode or self.returncode > 0:
            return f"Command '{self.cmd}' returned non-zero exit status {self.returncode}."
        try:
            return f"Command '{self.cmd}' died with {signal.Signals(-self.returncode)!r}."
        except ValueError:
            return f"Command '{self.cmd}' died with unknown signal {-self.returncode}."

    @property
    def stdout(self):
        return self.output

    @stdout.setter
    def stdout(self, value):
        self.output = value


class TimeoutExpired(SubprocessError):
    """A process took longer than it was given."""

    def __init__(self, cmd, timeout, output=None, stderr=None):
        self.cmd = cmd
        self.timeout = timeout
        self.output = output
        self.stderr = stderr

    def __str__(self):
        return f"Command '{self.cmd}' timed out after {self.timeout} seconds"

    @property
    def stdout(self):
        return self.output

    @stdout.setter
    def stdout(self, value):
        self.output = value


class CompletedProcess:
    """A process that has ended: its arguments, its status and what it wrote."""

    def __init__(self, args, returncode, stdout=None, stderr=None):
        self.args = args
        self.returncode = returncode
        self.stdout = stdout
        self.stderr = stderr

    def __repr__(self):
        parts = [f'args={self.args!r}', f'returncode={self.returncode!r}']
        if self.stdout is not None:
            parts.append(f'stdout={self.stdout!r}')
        if self.stderr is not None:
            parts.append(f'stderr={self.stderr!r}')
        return f'{type(self).__name__}({", ".join(parts)})'

    __class_getitem__ = classmethod(type(list[int]))

    def check_returncode(self):
        """Raise CalledProcessError unless the status is 0."""
        if self.returncode:
            raise CalledProcessError(self.returncode, self.args, self.stdout, self.stderr)


# Processes nobody refers to any more that had not ended: they are waited for later.
_active = []


def _cleanup():
    for process in _active[:]:
        if process._internal_poll() is not None:
            try:
                _active.remove(process)
            except ValueError:
                # Another thread has taken it out.
                pass


class Popen:
    """A process that runs, or has run."""

    # Set before anything can fail.
    _child_created = False
    returncode = None

    def __init__(self, args, bufsize=-1, executable=None, stdin=None, stdout=None, stderr=None,
                 preexec_fn=None, close_fds=True, shell=False, cwd=None, env=None,
                 universal_newlines=None, startupinfo=None, creationflags=0,
                 restore_signals=True, start_new_session=False, pass_fds=(), *, user=None,
                 group=None, extra_groups=None, encoding=None, errors=None, text=None, umask=-1,
                 pipesize=-1, process_group=None):
        _cleanup()
        self._waitpid_lock = _thread.allocate_lock()
        self._input = None
        self._communication_started = False
        if bufsize is None:
            bufsize = -1
        if not isinstance(bufsize, int):
            raise TypeError('bufsize must be an integer')
        if startupinfo is not None:
            raise ValueError('startupinfo is only supported on Windows platforms')
        if creationflags != 0:
            raise ValueError('creationflags is only supported on Windows platforms')
        _refuse(preexec_fn=preexec_fn, user=user, group=group, extra_groups=extra_groups,
                umask=None if umask == -1 else umask)
        if (text is not None and universal_newlines is not None
                and bool(universal_newlines) != bool(text)):
            raise SubprocessError('Cannot disambiguate when both text and universal_newlines are '
                                  'supplied but different. Pass one or the other.')
        self.args = args
        self.stdin = self.stdout = self.stderr = None
        self.pid = None
        self.encoding = encoding
        self.errors = errors
        self.text_mode = bool(encoding or errors or text or universal_newlines)
        pipes = _Pipes(stdin, stdout, stderr)
        try:
            self._open_files(pipes, bufsize)
            self._start(args, executable, shell, cwd, env, pipes.child, bool(close_fds or pass_fds),
                        pass_fds, restore_signals, start_new_session,
                        -1 if process_group is None else process_group)
        except:
            for file in (self.stdin, self.stdout, self.stderr):
                if file is not None:
                    try:
                        file.close()
                    except OSError:
                        pass
            pipes.close(pipes.parent)
            raise
        finally:
            pipes.close(pipes.to_close)

    def _open_files(self, pipes, bufsize):
        line_buffering = bufsize == 1
        if line_buffering:
            # Bytes have no lines; the text layer above looks after them.
            bufsize = -1
        for name, mode in (('stdin', 'wb'), ('stdout', 'rb'), ('stderr', 'rb')):
            fd = pipes.parent.pop(name, -1)
            if fd < 0:
                continue
            file = io.open(fd, mode, bufsize)
            if self.text_mode:
                kwargs = {'write_through': True, 'line_buffering': line_buffering}
                file = io.TextIOWrapper(file, self.encoding, self.errors,
                                        **(kwargs if name == 'stdin' else {}))
            setattr(self, name, file)

    def _start(self, args, executable, shell, cwd, env, streams, close_fds, pass_fds,
               restore_signals, start_new_session, process_group):
        if isinstance(args, (str, bytes)):
            args = [args]
        elif isinstance(args, os.PathLike):
            if shell:
                raise TypeError('path-like args is not allowed when shell is true')
            args = [args]
        else:
            args = list(args)
        if shell:
            args = ['/bin/sh', '-c', *args]
            if executable:
                args[0] = executable
        if executable is None:
            executable = args[0]
        argv = [_encoded(arg) for arg in args]
        shown = executable
        executable = os.fsencode(executable)
        if os.path.dirname(executable):
            candidates = [executable]
        else:
            candidates = [os.path.join(os.fsencode(directory), executable)
                          for directory in os.get_exec_path(env)]
        environment = _environment(os.environ if env is None else env)
        directory = None if cwd is None else os.fsencode(cwd)
        if directory is not None:
            _check_directory(directory, cwd)
        failure = _ENOENT
        for path in candidates:
            pid = posix._spawn(path, argv, environment, directory, streams,
                               tuple(int(fd) for fd in pass_fds), close_fds, bool(restore_signals),
                               bool(start_new_session), process_group)
            if pid > 0:
                self.pid = pid
                self._child_created = True
                return
            if -pid not in (_ENOENT, _ENOTDIR) or failure == _ENOENT:
                failure = -pid
        raise OSError(failure, os.strerror(failure), shown)

    def __repr__(self):
        text = f'<{type(self).__name__}: returncode: {self.returncode} args: {self.args!r}>'
        return text[:76] + '...>' if len(text) > 80 else text

    __class_getitem__ = classmethod(type(list[int]))

    @property
    def universal_newlines(self):
        return self.text_mode

    @universal_newlines.setter
    def universal_newlines(self, value):
        self.text_mode = bool(value)

    def __enter__(self):
        return self

    def __exit__(self, exc_type, value, traceback):
        for file in (self.stdout, self.stderr):
            if file:
                file.close()
        try:
            if self.stdin:
                self.stdin.close()
        finally:
            self.wait()

    def __del__(self):
        if not self._child_created:
            return
        self._internal_poll()
        if self.returncode is None and _active is not None:
            _active.append(self)

    def poll(self):
        """The status of the process if it has ended, else None."""
        return self._internal_poll()

    def _internal_poll(self):
        if self.returncode is None and self._waitpid_lock.acquire(False):
            try:
                if self.returncode is None:
                    self._try_wait(os.WNOHANG)
            finally:
                self._waitpid_lock.release()
        return self.returncode

    def _try_wait(self, options):
        try:
            pid, status = posix.waitpid(self.pid, options)
        except ChildProcessError:
            # Somebody else has waited for it: its status is lost.
            pid, status = self.pid, 0
        if pid == self.pid:
            self.returncode = os.waitstatus_to_exitcode(status)

    def wait(self, timeout=None):
        """Wait for the end of the process; its status."""
        if self.returncode is not None:
            return self.returncode
        if timeout is None:
            while self.returncode is None:
                with self._waitpid_lock:
                    if self.returncode is None:
                        self._try_wait(0)
            return self.returncode
        end = time.monotonic() + timeout
        delay = _FIRST_DELAY
        while self._internal_poll() is None:
            left = end - time.monotonic()
            if left <= 0:
                raise TimeoutExpired(self.args, timeout)
            delay = min(delay * 2, left, _LAST_DELAY)
            time.sleep(delay)
        return self.returncode

    def send_signal(self, sig):
        """Send the process a signal, if it has not ended."""
        self.poll()
        if self.returncode is None:
            try:
                os.kill(self.pid, sig)
            except ProcessLookupError:
                pass

    def terminate(self):
        """Ask the process to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self):
        """End the process."""
        self.send_signal(signal.SIGKILL)

    def communicate(self, input=None, timeout=None):
        """Send input, read all output, wait for the end: what came on stdout and stderr."""
        if self._communication_started and input:
            raise ValueError('Cannot send input after starting communication')
        one = [self.stdin, self.stdout, self.stderr].count(None) >= 2
        if timeout is None and not self._communication_started and one:
            return self._communicate_one(input)
        end = None if timeout is None else time.monotonic() + timeout
        try:
            return self._communicate(input, end, timeout)
        finally:
            self._communication_started = True

    def _communicate_one(self, input):
        """communicate() with one pipe at most: nothing can wait for something else."""
        stdout = stderr = None
        if self.stdin:
            self._write_input(input)
        elif self.stdout:
            stdout = self.stdout.read()
            self.stdout.close()
        elif self.stderr:
            stderr = self.stderr.read()
            self.stderr.close()
        self.wait()
        return stdout, stderr

    def _write_input(self, input):
        if input:
            try:
                self.stdin.write(input)
            except BrokenPipeError:
                pass
        try:
            self.stdin.close()
        except BrokenPipeError:
            pass

    def _communicate(self, input, end, timeout):
        if self.stdin and not self._communication_started:
            try:
                self.stdin.flush()
            except BrokenPipeError:
                pass
            if not input:
                try:
                    self.stdin.close()
                except BrokenPipeError:
                    pass
        if not self._communication_started:
            self._output = {file: [] for file in (self.stdout, self.stderr) if file}
            if self.stdin and input is not None:
                self._input_at = 0
                if self.text_mode:
                    input = input.encode(self.stdin.encoding, self.stdin.errors)
                self._input = input
        with selectors.PollSelector() as selector:
            if self.stdin and self._input and not self.stdin.closed:
                selector.register(self.stdin, selectors.EVENT_WRITE)
            for file in self._output:
                if not file.closed:
                    selector.register(file, selectors.EVENT_READ)
            while selector.get_map():
                left = None if end is None else end - time.monotonic()
                if left is not None and left < 0:
                    self._raise_timeout(timeout)
                for key, _ in selector.select(left):
                    if key.fileobj is self.stdin:
                        done = self._send_some()
                    else:
                        done = self._receive_some(key)
                    if done:
                        selector.unregister(key.fileobj)
                        key.fileobj.close()
        try:
            self.wait(None if end is None else max(end - time.monotonic(), 0))
        except TimeoutExpired:
            self._raise_timeout(timeout)
        return self._collected(self.stdout), self._collected(self.stderr)

    def _send_some(self):
        view = memoryview(self._input)
        try:
            self._input_at += os.write(self.stdin.fileno(),
                                       view[self._input_at:self._input_at + _PIPE_BUF])
        except BrokenPipeError:
            return True
        return self._input_at >= len(view)

    def _receive_some(self, key):
        data = os.read(key.fd, _READ_SIZE)
        if data:
            self._output[key.fileobj].append(data)
        return not data

    def _raise_timeout(self, timeout):
        raw = [b''.join(self._output[file]) if self._output.get(file) else None
               for file in (self.stdout, self.stderr)]
        raise TimeoutExpired(self.args, timeout, output=raw[0], stderr=raw[1])

    def _collected(self, file):
        if file is None:
            return None
        data = b''.join(self._output[file])
        if not self.text_mode:
            return data
        text = data.decode(file.encoding, file.errors)
        return text.replace('\r\n', '\n').replace('\r', '\n')


class _Pipes:
    """The descriptors of a process's streams: our ends, its ends, and what to close."""

    def __init__(self, stdin, stdout, stderr):
        self.parent = {}
        self.to_close = {}
        try:
            child_in = self._end('stdin', stdin, 0)
            child_out = self._end('stdout', stdout, 1)
            if stderr == STDOUT:
                child_err = child_out if child_out >= 0 else 1
            else:
                child_err = self._end('stderr', stderr, 1)
            self.child = tuple(self._moved(i, fd)
                               for i, fd in enumerate((child_in, child_out, child_err)))
        except:
            self.close(self.parent)
            self.close(self.to_close)
            raise

    def _end(self, name, given, ours):
        """The process's descriptor for what was asked for; -1: the one we have."""
        if given is None:
            return -1
        if given == PIPE:
            ends = os.pipe()
            self.parent[name] = ends[1 - ours]
            self.to_close[name] = ends[ours]
            return ends[ours]
        if given == DEVNULL:
            if 'null' not in self.to_close:
                self.to_close['null'] = os.open(os.devnull, os.O_RDWR)
            return self.to_close['null']
        return given if isinstance(given, int) else given.fileno()

    def _moved(self, target, fd):
        """A standard descriptor that becomes another one must not be overwritten first."""
        if 0 <= fd <= 2 and fd != target:
            fd = self.to_close[f'copy {target}'] = os.dup(fd)
            os.set_inheritable(fd, False)
        return fd

    def close(self, descriptors):
        while descriptors:
            _, fd = descriptors.popitem()
            try:
                os.close(fd)
            except OSError:
                pass


def _refuse(**options):
    for name, value in options.items():
        if value is not None:
            raise NotImplementedError(f'{name} is not supported: there is no fork to call it in')


def _encoded(arg):
    data = os.fsencode(arg)
    if b'\0' in data:
        raise ValueError('embedded null byte')
    return data


def _environment(env):
    variables = []
    for name, value in env.items():
        name, value = os.fsencode(name), os.fsencode(value)
        if b'=' in name:
            raise ValueError('illegal environment variable name')
        if b'\0' in name or b'\0' in value:
            raise ValueError('embedded null byte')
        variables.append(name + b'=' + value)
    return variables


def _check_directory(directory, shown):
    # posix_spawn does not say which of its steps failed.
    try:
        mode = os.stat(directory).st_mode
    except OSError as error:
        raise OSError(error.errno, error.strerror, shown) from None
    if mode & 0o170000 != 0o040000:
        raise OSError(_ENOTDIR, os.strerror(_ENOTDIR), shown)


def call(*popenargs, timeout=None, **kwargs):
    """Run a program; its status."""
    with Popen(*popenargs, **kwargs) as process:
        try:
            return process.wait(timeout=timeout)
        except:
            process.kill()
            raise


def check_call(*popenargs, **kwargs):
    """Run a program that must succeed."""
    status = call(*popenargs, **kwargs)
    if status:
        args = kwargs.get('args')
        raise CalledProcessError(status, popenargs[0] if args is None else args)
    return 0


def check_output(*popenargs, timeout=None, **kwargs):
    """What a program that must succeed writes to stdout."""
    for name in ('stdout', 'check'):
        if name in kwargs:
            raise ValueError(f'{name} argument not allowed, it will be overridden.')
    if kwargs.get('input', b'') is None:
        kwargs['input'] = '' if kwargs.get('universal_newlines') or kwargs.get('text') else b''
    return run(*popenargs, stdout=PIPE, timeout=timeout, check=True, **kwargs).stdout


def run(*popenargs, input=None, capture_output=False, timeout=None, check=False, **kwargs):
    """Run a program to its end: a CompletedProcess."""
    if input is not None:
        if kwargs.get('stdin') is not None:
            raise ValueError('stdin and input arguments may not both be used.')
        kwargs['stdin'] = PIPE
    if capture_output:
        if kwargs.get('stdout') is not None or kwargs.get('stderr') is not None:
            raise ValueError('stdout and stderr arguments may not be used with capture_output.')
        kwargs['stdout'] = kwargs['stderr'] = PIPE
    with Popen(*popenargs, **kwargs) as process:
        try:
            stdout, stderr = process.communicate(input, timeout=timeout)
        except TimeoutExpired:
            process.kill()
            process.wait()
            raise
        except:
            process.kill()
            raise
        status = process.poll()
        if check and status:
            raise CalledProcessError(status, process.args, output=stdout, stderr=stderr)
    return CompletedProcess(process.args, status, stdout, stderr)


def getstatusoutput(cmd, *, encoding=None, errors=None):
    """The status of a shell command, and what it writes."""
    try:
        data = check_output(cmd, shell=True, text=True, stderr=STDOUT, encoding=encoding,
                            errors=errors)
        status = 0
    except CalledProcessError as error:
        data = error.output
        status = error.returncode
    return status, data.removesuffix('\n')


def getoutput(cmd, *, encoding=None, errors=None):
    """What a shell command writes."""
    return getstatusoutput(cmd, encoding=encoding, errors=errors)[1]
