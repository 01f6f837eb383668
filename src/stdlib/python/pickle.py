"""Writing objects as bytes, and making them again from these.

A pickle runs code when it is loaded: load only what you trust.
"""

from _pickle import (
    PickleBuffer, PickleError, Pickler, PicklingError, Unpickler, UnpicklingError, dump, dumps, load,
    loads)

__all__ = [
    'PickleError', 'PicklingError', 'UnpicklingError', 'Pickler', 'Unpickler', 'dump', 'dumps',
    'load', 'loads', 'PickleBuffer',
]

HIGHEST_PROTOCOL = 5
DEFAULT_PROTOCOL = 4
format_version = '4.0'
compatible_formats = ['1.0', '1.1', '1.2', '1.3', '2.0', '3.0', '4.0', '5.0']
bytes_types = (bytes, bytearray)

# The opcodes by name.
_OPCODES = """
    MARK=28 STOP=2e POP=30 POP_MARK=31 DUP=32 FLOAT=46 INT=49 BININT=4a BININT1=4b LONG=4c
    BININT2=4d NONE=4e PERSID=50 BINPERSID=51 REDUCE=52 STRING=53 BINSTRING=54
    SHORT_BINSTRING=55 UNICODE=56 BINUNICODE=58 APPEND=61 BUILD=62 GLOBAL=63 DICT=64
    EMPTY_DICT=7d APPENDS=65 GET=67 BINGET=68 INST=69 LONG_BINGET=6a LIST=6c EMPTY_LIST=5d
    OBJ=6f PUT=70 BINPUT=71 LONG_BINPUT=72 SETITEM=73 TUPLE=74 EMPTY_TUPLE=29 SETITEMS=75
    BINFLOAT=47 PROTO=80 NEWOBJ=81 EXT1=82 EXT2=83 EXT4=84 TUPLE1=85 TUPLE2=86 TUPLE3=87
    NEWTRUE=88 NEWFALSE=89 LONG1=8a LONG4=8b BINBYTES=42 SHORT_BINBYTES=43
    SHORT_BINUNICODE=8c BINUNICODE8=8d BINBYTES8=8e EMPTY_SET=8f ADDITEMS=90 FROZENSET=91
    NEWOBJ_EX=92 STACK_GLOBAL=93 MEMOIZE=94 FRAME=95 BYTEARRAY8=96 NEXT_BUFFER=97
    READONLY_BUFFER=98
"""
for _word in _OPCODES.split():
    _name, _, _code = _word.partition('=')
    globals()[_name] = bytes.fromhex(_code)
    __all__.append(_name)
del _word, _name, _code
TRUE = b'I01\n'
FALSE = b'I00\n'


def encode_long(x):
    """Two's complement of an int, least byte first, in as few bytes as can be; none for 0."""
    if x == 0:
        return b''
    length = (x.bit_length() >> 3) + 1
    result = x.to_bytes(length, 'little', signed=True)
    if x < 0 and length > 1 and result[-1] == 0xff and result[-2] & 0x80:
        return result[:-1]
    return result


def decode_long(data):
    """The int that encode_long made the bytes of."""
    return int.from_bytes(data, 'little', signed=True)


def whichmodule(obj, name):
    """Name of the module that obj can be found in by name."""
    import sys
    module = getattr(obj, '__module__', None)
    if module is not None:
        return module
    for module, loaded in sys.modules.copy().items():
        if module == '__main__' or loaded is None:
            continue
        try:
            found = loaded
            for part in name.split('.'):
                found = getattr(found, part)
        except AttributeError:
            continue
        if found is obj:
            return module
    return '__main__'
