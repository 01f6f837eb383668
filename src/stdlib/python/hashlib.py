"""Hash functions by name."""

import _hashlib
from _hashlib import HASH as _HASH

algorithms_guaranteed = {
    'md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'blake2b', 'blake2s', 'sha3_224',
    'sha3_256', 'sha3_384', 'sha3_512', 'shake_128', 'shake_256',
}
algorithms_available = algorithms_guaranteed | {'sha512_224', 'sha512_256'}

__all__ = tuple(sorted(algorithms_guaranteed)) + (
    'new', 'algorithms_guaranteed', 'algorithms_available', 'pbkdf2_hmac', 'scrypt', 'file_digest')

_OTHER_NAMES = {
    'sha-1': 'sha1', 'sha-224': 'sha224', 'sha-256': 'sha256', 'sha-384': 'sha384',
    'sha-512': 'sha512', 'sha512-224': 'sha512_224', 'sha512-256': 'sha512_256',
    'sha512/224': 'sha512_224', 'sha512/256': 'sha512_256', 'sha3-224': 'sha3_224',
    'sha3-256': 'sha3_256', 'sha3-384': 'sha3_384', 'sha3-512': 'sha3_512',
    'shake128': 'shake_128', 'shake256': 'shake_256', 'blake2b512': 'blake2b',
    'blake2s256': 'blake2s',
}


def new(name, data=b'', *, usedforsecurity=True, **options):
    """A hash object of the function `name`, fed with data."""
    if not isinstance(name, str):
        raise TypeError('name must be a string')
    known = name.lower()
    known = _OTHER_NAMES.get(known, known)
    if known == 'blake2b':
        return blake2b(data, **options)
    if known == 'blake2s':
        return blake2s(data, **options)
    made = _hashlib.new(known, data)
    if made is None:
        raise ValueError(f'unsupported hash type {name}')
    return made


def _constructor(name):
    make = _hashlib.new

    def construct(string=b'', *, usedforsecurity=True):
        return make(name, string)
    construct.__name__ = construct.__qualname__ = f'openssl_{name}'
    construct.__doc__ = f'Returns a {name} hash object; optionally initialized with a string'
    return construct


for _name in algorithms_guaranteed - {'blake2b', 'blake2s'}:
    globals()[_name] = _constructor(_name)
del _name


def _blake(name, size, word):
    """The constructor of BLAKE2b or BLAKE2s: `size` bytes at most, lengths of `word` bytes."""
    limit = size // 4

    def construct(data=b'', /, *, digest_size=size, key=b'', salt=b'', person=b'', fanout=1,
                  depth=1, leaf_size=0, node_offset=0, node_depth=0, inner_size=0,
                  last_node=False, usedforsecurity=True):
        if not 1 <= digest_size <= size:
            raise ValueError(f'digest_size for {name.capitalize()[:-1]}{name[-1]} must be between '
                             f'1 and {size} bytes, here it is {digest_size}')
        if len(salt) > limit:
            raise ValueError(f'maximum salt length is {limit} bytes')
        if len(person) > limit:
            raise ValueError(f'maximum person length is {limit} bytes')
        if not 0 <= fanout <= 255:
            raise ValueError('fanout must be between 0 and 255')
        if not 1 <= depth <= 255:
            raise ValueError('depth must be between 1 and 255')
        if not 0 <= leaf_size <= 0xffffffff:
            raise OverflowError('leaf_size is too large')
        offset_bytes = word
        if node_offset < 0 or node_offset >> 8 * offset_bytes:
            raise OverflowError('node_offset is too large')
        if not 0 <= node_depth <= 255:
            raise ValueError('node_depth must be between 0 and 255')
        if not 0 <= inner_size <= size:
            raise ValueError(f'inner_size must be between 0 and is {size}')
        key = bytes(key)
        if len(key) > size:
            raise ValueError(f'maximum key length is {size} bytes')
        block = bytes([digest_size, len(key), fanout, depth])
        block += leaf_size.to_bytes(4, 'little') + node_offset.to_bytes(offset_bytes, 'little')
        block += bytes([node_depth, inner_size])
        block = block.ljust(size // 2, b'\0') + bytes(salt).ljust(limit, b'\0')
        block += bytes(person).ljust(limit, b'\0')
        first = key.ljust(2 * size, b'\0') if key else None
        return _hashlib.blake2(name, block, bool(last_node), first, data)
    construct.__name__ = construct.__qualname__ = name
    construct.SALT_SIZE = construct.PERSON_SIZE = limit
    construct.MAX_KEY_SIZE = construct.MAX_DIGEST_SIZE = size
    return construct


blake2b = _blake('blake2b', 64, 8)
blake2s = _blake('blake2s', 32, 6)


class UnsupportedDigestmodError(ValueError):
    """A key derivation cannot use the hash function."""


def pbkdf2_hmac(hash_name, password, salt, iterations, dklen=None):
    """A key from a password (RFC 8018), by HMAC with the hash function of that name."""
    if not isinstance(hash_name, str):
        raise TypeError(f"pbkdf2_hmac() argument 'hash_name' must be str, not "
                        f'{type(hash_name).__name__}')
    try:
        probe = new(hash_name)
    except ValueError:
        raise UnsupportedDigestmodError('[digital envelope routines] unsupported') from None
    if iterations < 1:
        raise ValueError('iteration value must be greater than 0.')
    if dklen is None:
        dklen = probe.digest_size
    if dklen < 1:
        raise ValueError('key length must be greater than 0.')
    return _hashlib.pbkdf2(probe.name, password, salt, iterations, dklen)


def scrypt(password, *, salt, n, r, p, maxmem=0, dklen=64):
    """A key from a password by much memory (RFC 7914)."""
    if n < 2 or n & (n - 1):
        raise ValueError('n must be a power of 2.')
    if not 1 <= dklen <= 0x7fffffff:
        raise ValueError('dklen must be greater than 0 and smaller than 2147483647')
    if not 0 <= maxmem <= 0x7fffffff:
        raise ValueError('maxmem must be positive and smaller than 2147483647')
    return _hashlib.scrypt(password, salt, n, r, p, maxmem or 32 * 1024 * 1024, dklen)


def file_digest(fileobj, digest, /, *, _bufsize=2 ** 18):
    """A hash object fed with all of a binary file."""
    made = new(digest) if isinstance(digest, str) else digest()
    if hasattr(fileobj, 'getbuffer'):
        made.update(fileobj.getbuffer())
        return made
    if not (hasattr(fileobj, 'readinto') and hasattr(fileobj, 'readable') and fileobj.readable()):
        raise ValueError(f"'{fileobj!r}' is not a file-like object in binary reading mode.")
    buffer = bytearray(_bufsize)
    view = memoryview(buffer)
    while True:
        size = fileobj.readinto(buffer)
        if size == 0:
            return made
        made.update(view[:size])
