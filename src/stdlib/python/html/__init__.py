"""Text in HTML."""

__all__ = ['escape', 'unescape']

_NAMED = {'amp': '&', 'lt': '<', 'gt': '>', 'quot': '"', 'apos': "'", 'nbsp': '\xa0'}


def escape(s, quote=True):
    """Write &, < and >, and quotes too, so that they stand for themselves."""
    s = s.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')
    if quote:
        s = s.replace('"', '&quot;').replace("'", '&#x27;')
    return s


def _character(name):
    if name.startswith('#'):
        digits = name[1:]
        try:
            code = int(digits[1:], 16) if digits[:1] in ('x', 'X') else int(digits)
        except ValueError:
            return None
        if code == 0 or code > 0x10ffff or 0xd800 <= code <= 0xdfff:
            return '\ufffd'
        return chr(code)
    return _NAMED.get(name)


def unescape(s):
    """Replace what stands for a character, by number or by one of the common names."""
    if '&' not in s:
        return s
    first, *parts = s.split('&')
    result = [first]
    for part in parts:
        name, semicolon, rest = part.partition(';')
        character = _character(name) if semicolon else None
        result.append('&' + part if character is None else character + rest)
    return ''.join(result)
