"""Bytes as text: base 16, 32, 64 (RFC 4648), and base 85."""

import binascii
import struct

__all__ = ['encode', 'decode', 'encodebytes', 'decodebytes', 'b64encode', 'b64decode',
           'b32encode', 'b32decode', 'b32hexencode', 'b32hexdecode', 'b16encode', 'b16decode',
           'b85encode', 'b85decode', 'a85encode', 'a85decode', 'standard_b64encode',
           'standard_b64decode', 'urlsafe_b64encode', 'urlsafe_b64decode']


def _bytes_from(s):
    """ASCII text or bytes-like data, as bytes."""
    if isinstance(s, str):
        try:
            return s.encode('ascii')
        except UnicodeEncodeError:
            raise ValueError('string argument should contain only ASCII characters')
    if isinstance(s, (bytes, bytearray)):
        return s
    try:
        return memoryview(s).tobytes()
    except TypeError:
        raise TypeError('argument should be a bytes-like object or ASCII '
                        f'string, not {s.__class__.__name__!r}') from None


def b64encode(s, altchars=None):
    """Base 64 of the bytes s; altchars are two characters to use for + and /."""
    encoded = binascii.b2a_base64(s, newline=False)
    if altchars is not None:
        assert len(altchars) == 2, repr(altchars)
        return encoded.translate(bytes.maketrans(b'+/', altchars))
    return encoded


def b64decode(s, altchars=None, validate=False):
    """The bytes of base 64 text. Other characters are skipped; with validate they are errors."""
    s = _bytes_from(s)
    if altchars is not None:
        altchars = _bytes_from(altchars)
        assert len(altchars) == 2, repr(altchars)
        s = s.translate(bytes.maketrans(altchars, b'+/'))
    return binascii.a2b_base64(s, strict_mode=validate)


def standard_b64encode(s):
    return b64encode(s)


def standard_b64decode(s):
    return b64decode(s)


_to_urlsafe = bytes.maketrans(b'+/', b'-_')
_from_urlsafe = bytes.maketrans(b'-_', b'+/')


def urlsafe_b64encode(s):
    """Base 64 with - and _ for + and /."""
    return b64encode(s).translate(_to_urlsafe)


def urlsafe_b64decode(s):
    return b64decode(_bytes_from(s).translate(_from_urlsafe))


_BASE32 = b'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
_BASE32_HEX = b'0123456789ABCDEFGHIJKLMNOPQRSTUV'


def _b32encode(alphabet, s):
    s = s if isinstance(s, (bytes, bytearray)) else memoryview(s).tobytes()
    missing = -len(s) % 5
    s = bytes(s) + bytes(missing)
    encoded = bytearray()
    for i in range(0, len(s), 5):
        bits = int.from_bytes(s[i:i + 5], 'big')
        encoded += bytes(alphabet[bits >> shift & 31] for shift in range(35, -1, -5))
    pads = (0, 1, 3, 4, 6)[missing]
    if pads:
        encoded[-pads:] = b'=' * pads
    return bytes(encoded)


def _b32decode(alphabet, s, casefold=False, map01=None):
    s = _bytes_from(s)
    if len(s) % 8:
        raise binascii.Error('Incorrect padding')
    if map01 is not None:
        map01 = _bytes_from(map01)
        assert len(map01) == 1, repr(map01)
        s = s.translate(bytes.maketrans(b'01', b'O' + map01))
    if casefold:
        s = s.upper()
    values = {c: i for i, c in enumerate(alphabet)}
    digits = s.rstrip(b'=')
    pads = len(s) - len(digits)
    decoded = bytearray()
    bits = 0
    for i in range(0, len(digits), 8):
        bits = 0
        for c in digits[i:i + 8]:
            if c not in values:
                raise binascii.Error('Non-base32 digit found') from None
            bits = bits << 5 | values[c]
        if i + 8 <= len(digits):
            decoded += bits.to_bytes(5, 'big')
    if len(s) % 8 or pads not in (0, 1, 3, 4, 6):
        raise binascii.Error('Incorrect padding')
    if pads and len(s):
        last = (bits << 5 * pads).to_bytes(5, 'big')
        decoded += last[:(43 - 5 * pads) // 8]
    return bytes(decoded)


def b32encode(s):
    """Base 32 of the bytes s."""
    return _b32encode(_BASE32, s)


def b32decode(s, casefold=False, map01=None):
    """The bytes of base 32 text; casefold accepts small letters, map01 says what 1 stands for."""
    return _b32decode(_BASE32, s, casefold, map01)


def b32hexencode(s):
    return _b32encode(_BASE32_HEX, s)


def b32hexdecode(s, casefold=False):
    return _b32decode(_BASE32_HEX, s, casefold)


def b16encode(s):
    """Hexadecimal digits, in capitals."""
    return binascii.hexlify(s).upper()


def b16decode(s, casefold=False):
    s = _bytes_from(s)
    if casefold:
        s = s.upper()
    if s.strip(b'0123456789ABCDEF') or any(c not in b'0123456789ABCDEF' for c in s):
        raise binascii.Error('Non-base16 digit found')
    return binascii.unhexlify(s)


_BASE85 = (b'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
           b'!#$%&()*+-;<=>?@^_`{|}~')
_ASCII85 = bytes(range(33, 118))


def _words(b):
    """The big-endian words of b, filled up with zeros, and the bytes added."""
    b = b if isinstance(b, (bytes, bytearray)) else memoryview(b).tobytes()
    missing = -len(b) % 4
    return struct.unpack(f'!{(len(b) + missing) // 4}I', bytes(b) + bytes(missing)), missing


def _digits85(word, alphabet):
    digits = []
    for _ in range(5):
        word, digit = divmod(word, 85)
        digits.append(alphabet[digit])
    return bytes(reversed(digits))


def b85encode(b, pad=False):
    """Base 85 as git writes it."""
    words, missing = _words(b)
    encoded = b''.join(_digits85(word, _BASE85) for word in words)
    return encoded[:-missing] if missing and not pad else encoded


def b85decode(b):
    b = _bytes_from(b)
    values = {c: i for i, c in enumerate(_BASE85)}
    missing = -len(b) % 5
    padded = bytes(b) + b'~' * missing
    decoded = bytearray()
    for i in range(0, len(padded), 5):
        word = 0
        for j, c in enumerate(padded[i:i + 5]):
            if c not in values:
                raise ValueError('bad base85 character at position %d' % (i + j)) from None
            word = word * 85 + values[c]
        if word > 0xffffffff:
            raise ValueError('base85 overflow in hunk starting at byte %d' % i) from None
        decoded += word.to_bytes(4, 'big')
    return bytes(decoded[:-missing] if missing else decoded)


def a85encode(b, *, foldspaces=False, wrapcol=0, pad=False, adobe=False):
    """Ascii85; z stands for four NULs, y with foldspaces for four spaces."""
    words, missing = _words(b)
    chunks = [b'z' if word == 0 else b'y' if foldspaces and word == 0x20202020
              else _digits85(word, _ASCII85) for word in words]
    if missing and not pad:
        if chunks[-1] == b'z':
            chunks[-1] = b'!!!!!'
        chunks[-1] = chunks[-1][:-missing]
    result = b''.join(chunks)
    if adobe:
        result = b'<~' + result
    if wrapcol:
        wrapcol = max(2 if adobe else 1, wrapcol)
        lines = [result[i:i + wrapcol] for i in range(0, len(result), wrapcol)]
        if adobe and len(lines[-1]) + 2 > wrapcol:
            lines.append(b'')
        result = b'\n'.join(lines)
    return result + b'~>' if adobe else result


def a85decode(b, *, foldspaces=False, adobe=False, ignorechars=b' \t\n\r\v'):
    b = _bytes_from(b)
    if adobe:
        if not b.endswith(b'~>'):
            raise ValueError("Ascii85 encoded byte sequences must end with {!r}".format(b'~>'))
        b = b[2:-2] if b.startswith(b'<~') else b[:-2]
    decoded = bytearray()
    digits = []
    for c in bytes(b) + b'u' * 4:
        if 33 <= c <= 117:
            digits.append(c - 33)
            if len(digits) == 5:
                word = 0
                for digit in digits:
                    word = word * 85 + digit
                if word > 0xffffffff:
                    raise ValueError('Ascii85 overflow') from None
                decoded += word.to_bytes(4, 'big')
                digits = []
        elif c == 0x7a:
            if digits:
                raise ValueError('z inside Ascii85 5-tuple')
            decoded += bytes(4)
        elif foldspaces and c == 0x79:
            if digits:
                raise ValueError('y inside Ascii85 5-tuple')
            decoded += b'    '
        elif c not in ignorechars:
            raise ValueError('Non-Ascii85 digit found: %c' % c)
    spare = 4 - len(digits)
    return bytes(decoded[:-spare] if spare else decoded)


_LINE = 57


def encode(input, output):
    """Base 64 of one file to another, 76 characters a line."""
    while True:
        line = input.read(_LINE)
        if not line:
            break
        while len(line) < _LINE:
            more = input.read(_LINE - len(line))
            if not more:
                break
            line += more
        output.write(binascii.b2a_base64(line))


def decode(input, output):
    while True:
        line = input.readline()
        if not line:
            break
        output.write(binascii.a2b_base64(line))


def _require_bytes(s):
    try:
        memoryview(s)
    except TypeError:
        raise TypeError('expected bytes-like object, not %s' % s.__class__.__name__) from None


def encodebytes(s):
    """Base 64 in lines of 76 characters."""
    _require_bytes(s)
    return b''.join(binascii.b2a_base64(s[i:i + _LINE]) for i in range(0, len(s), _LINE))


def decodebytes(s):
    _require_bytes(s)
    return binascii.a2b_base64(s)
