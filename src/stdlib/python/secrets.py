"""Random values that nobody can foresee."""

import base64
import os
from random import SystemRandom

__all__ = ['choice', 'randbelow', 'randbits', 'SystemRandom', 'token_bytes', 'token_hex',
           'token_urlsafe', 'compare_digest']

DEFAULT_ENTROPY = 32
_system_random = SystemRandom()
randbits = _system_random.getrandbits
choice = _system_random.choice


def randbelow(exclusive_upper_bound):
    """A number from 0 to exclusive_upper_bound - 1."""
    if exclusive_upper_bound <= 0:
        raise ValueError('Upper bound must be positive.')
    return _system_random._randbelow(exclusive_upper_bound)


def token_bytes(nbytes=None):
    return os.urandom(DEFAULT_ENTROPY if nbytes is None else nbytes)


def token_hex(nbytes=None):
    return token_bytes(nbytes).hex()


def token_urlsafe(nbytes=None):
    return base64.urlsafe_b64encode(token_bytes(nbytes)).rstrip(b'=').decode('ascii')


def compare_digest(a, b):
    """Are the two equal? Takes as long wherever they differ."""
    if isinstance(a, str) and isinstance(b, str):
        if not a.isascii() or not b.isascii():
            raise TypeError('comparing strings with non-ASCII characters is not supported')
        a, b = a.encode(), b.encode()
    elif isinstance(a, str) or isinstance(b, str):
        kinds = f"'{type(a).__name__}' and '{type(b).__name__}'"
        raise TypeError(f'unsupported operand types(s) or combination of types: {kinds}')
    a, b = bytes(a), bytes(b)
    difference = len(a) ^ len(b)
    for x, y in zip(a, b if len(a) == len(b) else a):
        difference |= x ^ y
    return difference == 0
