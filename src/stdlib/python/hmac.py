"""Keyed hashing of messages (RFC 2104)."""

import _hashlib
import hashlib
from _hashlib import compare_digest

trans_5C = bytes(x ^ 0x5c for x in range(256))
trans_36 = bytes(x ^ 0x36 for x in range(256))
digest_size = None


def _maker(digestmod):
    """The function that makes hash objects: by name, a function itself, or a module with `new`."""
    if callable(digestmod):
        return digestmod
    if isinstance(digestmod, str):
        return lambda data=b'': hashlib.new(digestmod, data)
    return lambda data=b'': digestmod.new(data)


def _padded(make, key):
    probe = make()
    size = getattr(probe, 'block_size', 64)
    if size < 16:
        size = 64
    if len(key) > size:
        key = make(key).digest()
    return key.ljust(size, b'\0'), size, probe.digest_size


class HMAC:
    """The code of a message under a key."""

    blocksize = 64

    def __init__(self, key, msg=None, digestmod=''):
        if not isinstance(key, (bytes, bytearray)):
            raise TypeError('key: expected bytes or bytearray, but got %r' % type(key).__name__)
        if not digestmod:
            raise TypeError("Missing required parameter 'digestmod'.")
        make = _maker(digestmod)
        key, self.block_size, self.digest_size = _padded(make, bytes(key))
        self._outer = make()
        self._inner = make()
        self._outer.update(key.translate(trans_5C))
        self._inner.update(key.translate(trans_36))
        if msg is not None:
            self.update(msg)

    @property
    def name(self):
        return f'hmac-{self._inner.name}'

    def update(self, msg):
        """Add to the message."""
        self._inner.update(msg)

    def copy(self):
        """Another object of the same state."""
        twin = self.__class__.__new__(self.__class__)
        twin.block_size = self.block_size
        twin.digest_size = self.digest_size
        twin._inner = self._inner.copy()
        twin._outer = self._outer.copy()
        return twin

    def _finished(self):
        outer = self._outer.copy()
        outer.update(self._inner.digest())
        return outer

    def digest(self):
        """The code of the message so far."""
        return self._finished().digest()

    def hexdigest(self):
        """The same as digits."""
        return self._finished().hexdigest()


def new(key, msg=None, digestmod=''):
    """An HMAC object."""
    return HMAC(key, msg, digestmod)


def digest(key, msg, digest):
    """The code of a whole message."""
    if isinstance(digest, str):
        result = _hashlib.hmac_digest(key, msg, hashlib.new(digest).name)
        if result is not None:
            return result
    make = _maker(digest)
    key, _, _ = _padded(make, bytes(key))
    inner = make(key.translate(trans_36))
    inner.update(msg)
    outer = make(key.translate(trans_5C))
    outer.update(inner.digest())
    return outer.digest()
