"""More places for records to go: files that are changed for new ones, memory, queues."""

import copy
import logging
import os
import queue
import re
import threading
import time

DEFAULT_TCP_LOGGING_PORT = 9020


class BaseRotatingHandler(logging.FileHandler):
    """Begins a new file when shouldRollover() says so."""

    namer = None
    rotator = None

    def emit(self, record):
        try:
            if self.shouldRollover(record):
                self.doRollover()
            logging.FileHandler.emit(self, record)
        except Exception:
            self.handleError(record)

    def rotation_filename(self, default_name):
        return self.namer(default_name) if callable(self.namer) else default_name

    def rotate(self, source, dest):
        if callable(self.rotator):
            self.rotator(source, dest)
        elif os.path.exists(source):
            os.rename(source, dest)


class RotatingFileHandler(BaseRotatingHandler):
    """Begins a new file when one would grow beyond maxBytes; keeps backupCount old ones."""

    def __init__(self, filename, mode='a', maxBytes=0, backupCount=0, encoding=None, delay=False,
                 errors=None):
        if maxBytes > 0:
            mode = 'a'
        super().__init__(filename, mode, encoding=encoding, delay=delay, errors=errors)
        self.maxBytes = maxBytes
        self.backupCount = backupCount

    def doRollover(self):
        if self.stream:
            self.stream.close()
            self.stream = None
        if self.backupCount > 0:
            for i in range(self.backupCount - 1, 0, -1):
                source = self.rotation_filename(f'{self.baseFilename}.{i}')
                target = self.rotation_filename(f'{self.baseFilename}.{i + 1}')
                if os.path.exists(source):
                    if os.path.exists(target):
                        os.remove(target)
                    os.rename(source, target)
            target = self.rotation_filename(self.baseFilename + '.1')
            if os.path.exists(target):
                os.remove(target)
            self.rotate(self.baseFilename, target)
        if not self.delay:
            self.stream = self._open()

    def shouldRollover(self, record):
        if os.path.exists(self.baseFilename) and not os.path.isfile(self.baseFilename):
            return False
        if self.stream is None:
            self.stream = self._open()
        if self.maxBytes <= 0:
            return False
        message = self.format(record) + '\n'
        self.stream.seek(0, 2)
        return self.stream.tell() + len(message) >= self.maxBytes


class TimedRotatingFileHandler(BaseRotatingHandler):
    """Begins a new file every interval of S, M, H or D, or at MIDNIGHT."""

    _UNITS = {'S': (1, '%Y-%m-%d_%H-%M-%S'), 'M': (60, '%Y-%m-%d_%H-%M'),
              'H': (3600, '%Y-%m-%d_%H'), 'D': (86400, '%Y-%m-%d'),
              'MIDNIGHT': (86400, '%Y-%m-%d')}

    def __init__(self, filename, when='h', interval=1, backupCount=0, encoding=None, delay=False,
                 utc=False, atTime=None, errors=None):
        super().__init__(filename, 'a', encoding=encoding, delay=delay, errors=errors)
        self.when = when.upper()
        if self.when not in self._UNITS:
            raise ValueError('Invalid rollover interval specified: %s' % self.when)
        self.backupCount = backupCount
        self.utc = utc
        seconds, self.suffix = self._UNITS[self.when]
        self.interval = seconds * interval
        self.rolloverAt = self.computeRollover(int(time.time()))

    def computeRollover(self, currentTime):
        if self.when != 'MIDNIGHT':
            return currentTime + self.interval
        t = time.gmtime(currentTime) if self.utc else time.localtime(currentTime)
        passed = t.tm_hour * 3600 + t.tm_min * 60 + t.tm_sec
        return currentTime + 86400 - passed

    def shouldRollover(self, record):
        return time.time() >= self.rolloverAt

    def doRollover(self):
        if self.stream:
            self.stream.close()
            self.stream = None
        start = self.rolloverAt - self.interval
        moment = time.gmtime(start) if self.utc else time.localtime(start)
        target = f'{self.baseFilename}.{time.strftime(self.suffix, moment)}'
        target = self.rotation_filename(target)
        if os.path.exists(target):
            os.remove(target)
        self.rotate(self.baseFilename, target)
        for name in self.getFilesToDelete():
            os.remove(name)
        if not self.delay:
            self.stream = self._open()
        now = int(time.time())
        while self.rolloverAt <= now:
            self.rolloverAt += self.interval

    def getFilesToDelete(self):
        folder, base = os.path.split(self.baseFilename)
        pattern = re.compile(re.escape(base) + r'\.\d{4}-\d\d-\d\d[\d_-]*\Z')
        names = sorted(name for name in os.listdir(folder) if pattern.match(name))
        keep = self.backupCount
        if keep <= 0 or len(names) <= keep:
            return []
        return [os.path.join(folder, name) for name in names[:len(names) - keep]]


class BufferingHandler(logging.Handler):
    """Keeps records until there are capacity of them."""

    def __init__(self, capacity):
        super().__init__()
        self.capacity = capacity
        self.buffer = []

    def shouldFlush(self, record):
        return len(self.buffer) >= self.capacity

    def emit(self, record):
        self.buffer.append(record)
        if self.shouldFlush(record):
            self.flush()

    def flush(self):
        self.acquire()
        try:
            self.buffer.clear()
        finally:
            self.release()

    def close(self):
        try:
            self.flush()
        finally:
            logging.Handler.close(self)


class MemoryHandler(BufferingHandler):
    """Keeps records, and gives them to target when there are many, or one is important."""

    def __init__(self, capacity, flushLevel=logging.ERROR, target=None, flushOnClose=True):
        super().__init__(capacity)
        self.flushLevel = flushLevel
        self.target = target
        self.flushOnClose = flushOnClose

    def shouldFlush(self, record):
        return len(self.buffer) >= self.capacity or record.levelno >= self.flushLevel

    def setTarget(self, target):
        self.acquire()
        try:
            self.target = target
        finally:
            self.release()

    def flush(self):
        self.acquire()
        try:
            if self.target:
                for record in self.buffer:
                    self.target.handle(record)
                self.buffer.clear()
        finally:
            self.release()

    def close(self):
        try:
            if self.flushOnClose:
                self.flush()
        finally:
            self.acquire()
            try:
                self.target = None
                BufferingHandler.close(self)
            finally:
                self.release()


class QueueHandler(logging.Handler):
    """Puts records in a queue, for a QueueListener to handle."""

    def __init__(self, queue):
        super().__init__()
        self.queue = queue

    def enqueue(self, record):
        self.queue.put_nowait(record)

    def prepare(self, record):
        """A copy that can be sent: text instead of objects."""
        msg = self.format(record)
        record = copy.copy(record)
        record.message = msg
        record.msg = msg
        record.args = None
        record.exc_info = None
        record.exc_text = None
        record.stack_info = None
        return record

    def emit(self, record):
        try:
            self.enqueue(self.prepare(record))
        except Exception:
            self.handleError(record)


class QueueListener:
    """A thread that takes records from a queue and gives them to handlers."""

    _sentinel = None

    def __init__(self, queue, *handlers, respect_handler_level=False):
        self.queue = queue
        self.handlers = handlers
        self._thread = None
        self.respect_handler_level = respect_handler_level

    def dequeue(self, block):
        return self.queue.get(block)

    def start(self):
        self._thread = t = threading.Thread(target=self._monitor)
        t.daemon = True
        t.start()

    def prepare(self, record):
        return record

    def handle(self, record):
        record = self.prepare(record)
        for handler in self.handlers:
            if not self.respect_handler_level or record.levelno >= handler.level:
                handler.handle(record)

    def _monitor(self):
        q = self.queue
        has_task_done = hasattr(q, 'task_done')
        while True:
            try:
                record = self.dequeue(True)
                if record is self._sentinel:
                    if has_task_done:
                        q.task_done()
                    break
                self.handle(record)
                if has_task_done:
                    q.task_done()
            except queue.Empty:
                break

    def enqueue_sentinel(self):
        self.queue.put_nowait(self._sentinel)

    def stop(self):
        self.enqueue_sentinel()
        self._thread.join()
        self._thread = None
