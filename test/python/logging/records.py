"""logging: loggers, levels, handlers, formatters, threads."""
import io
import logging
import logging.handlers
import os
import queue
import sys
import tempfile
import threading
import warnings

out = sys.stdout
logging.lastResort.setLevel(logging.WARNING)
handler = logging.StreamHandler(out)
handler.setFormatter(logging.Formatter('%(levelname)-8s %(name)s %(funcName)s %(lineno)d %(module)s %(threadName)s %(message)s'))
log = logging.getLogger('app')
log.addHandler(handler)
print(log, log.level, log.getEffectiveLevel(), logging.getLogger(), logging.getLogger('root') is logging.getLogger(), handler, log.parent is logging.root)
log.info('not shown')
log.setLevel('DEBUG')


def work():
    log.debug('debug %s', 1)
    log.info('info %(a)s %(b)r', {'a': 1, 'b': 'x'})
    log.warning('warning')
    log.error('error %d%%', 5)
    log.critical('critical', stacklevel=2)
    log.log(25, 'twenty-five')


work()
child = logging.getLogger('app.sub.deep')
print(child.parent, child.getEffectiveLevel(), logging.getLogger('app.sub'), child.parent, log.getChild('sub') is child.parent, sorted(logging.root.manager.loggerDict))
child.info('from below')
child.propagate = False
child.info('lost')
child.propagate = True
child.setLevel(logging.ERROR)
child.info('too low')
child.error('high enough')
print(child.isEnabledFor(logging.INFO), child.isEnabledFor(logging.ERROR), log.hasHandlers(), child.hasHandlers())
logging.disable(logging.ERROR)
log.error('disabled')
log.critical('still')
logging.disable(logging.NOTSET)
try:
    1 / 0
except ZeroDivisionError:
    stream = io.StringIO()
    h = logging.StreamHandler(stream)
    h.setFormatter(logging.Formatter('%(levelname)s|%(message)s'))
    other = logging.getLogger('other')
    other.addHandler(h)
    other.exception('failed %s', 'here')
    other.error('again', exc_info=True)
    other.warning('given', exc_info=ValueError('v'))
    lines = stream.getvalue().splitlines()
    print([line for line in lines if 'File' not in line and not line.startswith('    ')])
for style, fmt in (('%', '%(message)s!'), ('{', '{levelname}:{message:>5}'), ('$', '${name} $message $$')):
    print(logging.Formatter(fmt, style=style).format(logging.makeLogRecord({'name': 'n', 'msg': 'm%s', 'args': (1,), 'levelname': 'L'})))
print(logging.Formatter('{message} {extra}', style='{', defaults={'extra': 'E'}).format(logging.makeLogRecord({'msg': 'm'})))
for call in (lambda: logging.Formatter('x', style='!'), lambda: logging.Formatter('nothing'), lambda: logging.Formatter('x', style='{'), lambda: logging.Formatter('{x!z}', style='{'),
             lambda: logging.Formatter('$', style='$'), lambda: log.setLevel('LOUD'), lambda: log.setLevel(1.5), lambda: logging.getLogger(5), lambda: log.log('x', 'y'),
             lambda: log.info('x', extra={'name': 1}), lambda: logging.basicConfig(filename='a', stream=out, force=True), lambda: logging.basicConfig(bad=1, stream=out), lambda: logging.Formatter('%(nope)s').format(logging.makeLogRecord({}))):
    try:
        print(call())
    except Exception as e:
        print(type(e).__name__, e)
print(logging.root.handlers)
logging.basicConfig(stream=out, level=logging.INFO, force=True)
logging.info('root info %s', 'x')
logging.getLogger('lib').warning('via root')
log.info('twice: own handler and root')
logging.basicConfig(stream=out, format='{asctime}|{levelname}|{message}', style='{', datefmt='DATE', force=True)
logging.warning('formatted')
print(logging.getLevelName(30), logging.getLevelName('INFO'), logging.getLevelName(33), logging.getLevelName('X'), logging.getLevelNamesMapping()['WARN'])
logging.addLevelName(33, 'LOUDER')
logging.log(33, 'custom level')
log.propagate = False


class NoOdd(logging.Filter):
    def filter(self, record):
        return not isinstance(record.args, tuple) or not record.args or record.args[0] % 2 == 0


odd = NoOdd()
log.addFilter(odd)
for i in range(4):
    log.info('number %d', i)
log.removeFilter(odd)
handler.addFilter(lambda record: 'secret' not in record.getMessage())
log.info('a secret')
log.info('open')
handler.addFilter(logging.Filter('app.sub'))
log.info('filtered by name')
child.error('passes by name')
handler.filters.clear()
adapter = logging.LoggerAdapter(log, {'user': 'u1'})
handler.setFormatter(logging.Formatter('%(user)s %(message)s', defaults={'user': '-'}))
adapter.info('adapted %s', 1)
log.info('plain', extra={'user': 'u2'})
print(adapter, adapter.isEnabledFor(10))
record = logging.LogRecord('n', 20, '/path/to/file.py', 7, 'msg %s', ('a',), None)
print(record, record.filename, record.module, record.getMessage(), record.levelname, record.processName, record.process == os.getpid(), record.threadName)
print(logging.Formatter('%(asctime)s', '%Y').format(record).isdigit(), len(logging.Formatter('%(asctime)s').format(record)), logging.BufferingFormatter().format([record, record]))


class Collect(logging.Handler):
    def __init__(self):
        super().__init__()
        self.records = []

    def emit(self, record):
        self.records.append((record.threadName, record.getMessage()))


c = Collect()
c.set_name('collector')
multi = logging.getLogger('multi')
multi.propagate = False
multi.setLevel(1)
multi.addHandler(c)
multi.addHandler(c)


def spam(n):
    for i in range(50):
        multi.info('%d %d', n, i)


threads = [threading.Thread(target=spam, args=(n,), name=f'T{n}') for n in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(len(c.records), len(set(c.records)), sorted({name for name, _ in c.records}), c.name, c)
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, 'log.txt')
    with open(path, 'w') as f:
        f.write('old\n')
    fh = logging.FileHandler(path)
    multi.addHandler(fh)
    multi.warning('to file é')
    fh.close()
    multi.removeHandler(fh)
    print(open(path).read().splitlines(), repr(fh).replace(folder, 'DIR'))
    rotating = logging.handlers.RotatingFileHandler(os.path.join(folder, 'rot'), maxBytes=60, backupCount=2)
    multi.addHandler(rotating)
    for i in range(20):
        multi.info('line number %03d', i)
    rotating.close()
    multi.removeHandler(rotating)
    for name in sorted(n for n in os.listdir(folder) if n.startswith('rot')):
        print(name, open(os.path.join(folder, name)).read().split('\n'))
    delayed = logging.FileHandler(os.path.join(folder, 'late'), delay=True)
    print(os.path.exists(os.path.join(folder, 'late')))
    delayed.close()
target = Collect()
memory = logging.handlers.MemoryHandler(3, target=target)
multi.addHandler(memory)
multi.info('one')
multi.info('two')
print(len(target.records))
multi.error('three')
print(target.records)
memory.close()
multi.removeHandler(memory)
q = queue.Queue()
listener = logging.handlers.QueueListener(q, target)
qh = logging.handlers.QueueHandler(q)
multi.addHandler(qh)
listener.start()
multi.info('queued %s', 'x')
listener.stop()
multi.removeHandler(qh)
print(target.records[-1])
logging.getLogger('py.warnings').propagate = False
logging.captureWarnings(True)
logging.getLogger('py.warnings').addHandler(target)
warnings.warn('careful')
logging.captureWarnings(False)
print('careful' in target.records[-1][1])


class Broken(logging.Handler):
    def emit(self, record):
        try:
            raise RuntimeError('no way')
        except RuntimeError:
            self.handleError(record)


sys.stderr = io.StringIO()
broken = Broken()
multi.addHandler(broken)
multi.info('message', )

text, sys.stderr = sys.stderr.getvalue(), sys.__stderr__
print(text.splitlines()[0], [line for line in text.splitlines() if line.startswith(('RuntimeError', 'Message', 'Arguments', 'Call stack'))])
logging.raiseExceptions = False
multi.info('silent')
logging.raiseExceptions = True
multi.removeHandler(broken)


class Sub(logging.Logger):
    pass


logging.setLoggerClass(Sub)
print(logging.getLogger('of.sub'), logging.getLoggerClass())
logging.setLoggerClass(logging.Logger)
sys.stderr = io.StringIO()
bare = logging.getLogger('bare')
bare.propagate = False
bare.warning('last resort')
bare.info('nothing')
print(repr(sys.stderr.getvalue()))
sys.stderr = sys.__stderr__
bare.addHandler(logging.NullHandler())
bare.error('swallowed')
logging.shutdown()
