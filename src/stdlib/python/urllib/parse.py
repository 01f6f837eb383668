"""Addresses taken apart and put together, and the quoting in them."""

from collections import namedtuple

__all__ = ['urlparse', 'urlunparse', 'urljoin', 'urldefrag', 'urlsplit', 'urlunsplit', 'urlencode',
           'parse_qs', 'parse_qsl', 'quote', 'quote_plus', 'quote_from_bytes', 'unquote',
           'unquote_plus', 'unquote_to_bytes', 'DefragResult', 'ParseResult', 'SplitResult',
           'DefragResultBytes', 'ParseResultBytes', 'SplitResultBytes']

uses_relative = ['', 'ftp', 'http', 'gopher', 'nntp', 'imap', 'wais', 'file', 'https', 'shttp',
                 'mms', 'prospero', 'rtsp', 'rtspu', 'sftp', 'svn', 'svn+ssh', 'ws', 'wss']
uses_netloc = [*uses_relative, 'telnet', 'snews', 'rsync', 'nfs', 'git', 'git+ssh']
uses_params = ['', 'ftp', 'hdl', 'prospero', 'http', 'imap', 'https', 'shttp', 'rtsp', 'rtspu',
               'sip', 'sips', 'mms', 'sftp', 'tel']
_SCHEME = frozenset('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.')
_UNSAFE = ('\t', '\r', '\n')
_CONTROL_AND_SPACE = ''.join(map(chr, range(33)))


class _Network:
    """What is in the network location of a result: user, password, host and port."""

    __slots__ = ()

    def _parts(self):
        netloc = self.netloc
        text = isinstance(netloc, str)
        at_sign, colon_sign, opening, closing = '@:[]' if text else (b'@', b':', b'[', b']')
        userinfo, at, host = netloc.rpartition(at_sign)
        user, colon, password = userinfo.partition(colon_sign)
        before, bracket, inside = host.partition(opening)
        if bracket:
            host, _, rest = inside.partition(closing)
            port = rest.partition(colon_sign)[2]
        else:
            host, _, port = host.partition(colon_sign)
        return user if at else None, password if colon else None, host or None, port or None

    @property
    def username(self):
        return self._parts()[0]

    @property
    def password(self):
        return self._parts()[1]

    @property
    def hostname(self):
        host = self._parts()[2]
        if host is None:
            return None
        host, percent, zone = host.partition('%' if isinstance(host, str) else b'%')
        return host.lower() + percent + zone

    @property
    def port(self):
        port = self._parts()[3]
        if port is None:
            return None
        if not (port.isdigit() and port.isascii()):
            raise ValueError(f'Port could not be cast to integer value as {port!r}')
        if int(port) > 65535:
            raise ValueError('Port out of range 0-65535')
        return int(port)


class _Text:
    """A result of str, which has a twin of bytes."""

    __slots__ = ()

    def encode(self, encoding='ascii', errors='strict'):
        return self._twin(*(part.encode(encoding, errors) for part in self))


class _Bytes:
    """A result of bytes, which has a twin of str."""

    __slots__ = ()

    def decode(self, encoding='ascii', errors='strict'):
        return self._twin(*(part.decode(encoding, errors) for part in self))


_Split = namedtuple('SplitResult', 'scheme netloc path query fragment')
_Parse = namedtuple('ParseResult', 'scheme netloc path params query fragment')
_Defrag = namedtuple('DefragResult', 'url fragment')


class SplitResult(_Network, _Text, _Split):
    """The five parts of an address."""

    __slots__ = ()

    def geturl(self):
        return urlunsplit(self)


class SplitResultBytes(_Network, _Bytes, _Split):
    """The same, of bytes."""

    __slots__ = ()
    geturl = SplitResult.geturl


class ParseResult(_Network, _Text, _Parse):
    """The six parts of an address."""

    __slots__ = ()

    def geturl(self):
        return urlunparse(self)


class ParseResultBytes(_Network, _Bytes, _Parse):
    """The same, of bytes."""

    __slots__ = ()
    geturl = ParseResult.geturl


class DefragResult(_Text, _Defrag):
    """An address and the fragment it had."""

    __slots__ = ()

    def geturl(self):
        return f'{self.url}#{self.fragment}' if self.fragment else self.url


class DefragResultBytes(_Bytes, _Defrag):
    """The same, of bytes."""

    __slots__ = ()

    def geturl(self):
        return self.url + b'#' + self.fragment if self.fragment else self.url


for _text, _bytes in ((SplitResult, SplitResultBytes), (ParseResult, ParseResultBytes),
                      (DefragResult, DefragResultBytes)):
    _text._twin, _bytes._twin = _bytes, _text


def _as_text(*values):
    """The arguments as str, and what makes results of the arguments' kind."""
    if any(isinstance(value, str) and value for value in values):
        for value in values:
            if value and not isinstance(value, str):
                raise TypeError('Cannot mix str and non-str arguments')
    if all(isinstance(value, str) for value in values):
        return values, lambda result: result
    texts = [value if isinstance(value, str) else bytes(value).decode('ascii') for value in values]
    return texts, _as_bytes


def _as_bytes(result):
    return result.encode('ascii')


def _check_brackets(netloc):
    if ('[' in netloc) != (']' in netloc):
        raise ValueError('Invalid IPv6 URL')


def _split(url, scheme, allow_fragments):
    url = url.lstrip(_CONTROL_AND_SPACE)
    scheme = scheme.strip(_CONTROL_AND_SPACE)
    for character in _UNSAFE:
        url = url.replace(character, '')
        scheme = scheme.replace(character, '')
    netloc = query = fragment = ''
    head, colon, rest = url.partition(':')
    if colon and head[:1].isascii() and head[:1].isalpha() and _SCHEME.issuperset(head):
        scheme, url = head.lower(), rest
    if url.startswith('//'):
        end = min((at for at in (url.find(c, 2) for c in '/?#') if at >= 0), default=len(url))
        netloc, url = url[2:end], url[end:]
        _check_brackets(netloc)
    if allow_fragments:
        url, _, fragment = url.partition('#')
    url, _, query = url.partition('?')
    return SplitResult(scheme, netloc, url, query, fragment)


def urlsplit(url, scheme='', allow_fragments=True):
    """Take an address apart: scheme, network location, path, query, fragment."""
    (url, scheme), result = _as_text(url, scheme)
    return result(_split(url, scheme, allow_fragments))


def urlparse(url, scheme='', allow_fragments=True):
    """As urlsplit(), with the parameters of the last piece of the path by themselves."""
    (url, scheme), result = _as_text(url, scheme)
    scheme, netloc, path, query, fragment = _split(url, scheme, allow_fragments)
    params = ''
    if scheme in uses_params and ';' in path:
        cut = path.find(';', path.rfind('/') + 1)
        if cut >= 0:
            path, params = path[:cut], path[cut + 1:]
    return result(ParseResult(scheme, netloc, path, params, query, fragment))


def urlunsplit(components):
    """Put an address together."""
    (scheme, netloc, url, query, fragment), result = _as_text(*components)
    if netloc or (scheme and scheme in uses_netloc and url[:2] != '//'):
        if url and url[:1] != '/':
            url = '/' + url
        url = '//' + netloc + url
    if scheme:
        url = scheme + ':' + url
    if query:
        url = url + '?' + query
    if fragment:
        url = url + '#' + fragment
    return result(url)


def urlunparse(components):
    """Put an address of six parts together."""
    (scheme, netloc, url, params, query, fragment), result = _as_text(*components)
    if params:
        url = f'{url};{params}'
    return result(urlunsplit((scheme, netloc, url, query, fragment)))


def _join_paths(base, path):
    """The path as seen from the base, without . and .. in it."""
    if path[:1] == '/':
        segments = path.split('/')
    else:
        above = base.split('/')
        if above[-1] != '':
            del above[-1]
        segments = above + path.split('/')
        segments[1:-1] = filter(None, segments[1:-1])
    resolved = []
    for segment in segments:
        if segment == '..':
            if resolved:
                resolved.pop()
        elif segment != '.':
            resolved.append(segment)
    if segments[-1] in ('.', '..'):
        resolved.append('')
    return '/'.join(resolved) or '/'


def urljoin(base, url, allow_fragments=True):
    """The address that `url` is, seen from `base`."""
    if not base:
        return url
    if not url:
        return base
    (base, url), result = _as_text(base, url)
    b = urlparse(base, '', allow_fragments)
    u = urlparse(url, b.scheme, allow_fragments)
    if u.scheme != b.scheme or u.scheme not in uses_relative:
        return result(url)
    if u.scheme in uses_netloc and u.netloc:
        return result(urlunparse(u))
    netloc = b.netloc if u.scheme in uses_netloc else u.netloc
    if not u.path and not u.params:
        query = u.query or b.query
        return result(urlunparse((u.scheme, netloc, b.path, b.params, query, u.fragment)))
    path = _join_paths(b.path, u.path)
    return result(urlunparse((u.scheme, netloc, path, u.params, u.query, u.fragment)))


def urldefrag(url):
    """An address without its fragment, and that."""
    (text,), result = _as_text(url)
    if '#' in text:
        scheme, netloc, path, params, query, fragment = urlparse(text)
        bare = urlunparse((scheme, netloc, path, params, query, ''))
    else:
        bare, fragment = text, ''
    return result(DefragResult(bare, fragment))


_ALWAYS_SAFE = frozenset(b'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~')
_HEX = '0123456789ABCDEFabcdef'
_BYTES = {(a + b).encode(): bytes([int(a + b, 16)]) for a in _HEX for b in _HEX}


def quote(string, safe='/', encoding=None, errors=None):
    """Write what may not stand in an address as %XX."""
    if isinstance(string, str):
        if not string:
            return string
        string = string.encode(encoding or 'utf-8', errors or 'strict')
    else:
        if encoding is not None:
            raise TypeError("quote() doesn't support 'encoding' for bytes")
        if errors is not None:
            raise TypeError("quote() doesn't support 'errors' for bytes")
    return quote_from_bytes(string, safe)


def quote_plus(string, safe='', encoding=None, errors=None):
    """As quote(), with + for spaces."""
    space = ' ' if isinstance(string, str) else b' '
    if space not in string:
        return quote(string, safe, encoding, errors)
    safe = safe + (' ' if isinstance(safe, str) else b' ')
    return quote(string, safe, encoding, errors).replace(' ', '+')


def quote_from_bytes(bs, safe='/'):
    """As quote(), of bytes."""
    if not isinstance(bs, (bytes, bytearray)):
        raise TypeError('quote_from_bytes() expected bytes')
    if not bs:
        return ''
    if isinstance(safe, str):
        safe = safe.encode('ascii', 'ignore')
    allowed = _ALWAYS_SAFE.union(byte for byte in safe if byte < 128)
    return ''.join([chr(byte) if byte in allowed else f'%{byte:02X}' for byte in bs])


def unquote_to_bytes(string):
    """The bytes that a quoted string stands for."""
    if not string:
        return b''
    if isinstance(string, str):
        string = string.encode('utf-8')
    first, *parts = string.split(b'%')
    pieces = [first]
    for part in parts:
        byte = _BYTES.get(part[:2])
        pieces.append(b'%' + part if byte is None else byte + part[2:])
    return b''.join(pieces)


def unquote(string, encoding='utf-8', errors='replace'):
    """The text that a quoted string stands for."""
    if isinstance(string, bytes):
        return unquote_to_bytes(string).decode(encoding, errors)
    if '%' not in string:
        return string
    if encoding is None:
        encoding = 'utf-8'
    if errors is None:
        errors = 'replace'
    # What is not ASCII stays; the runs between are decoded.
    result = []
    run = []
    for character in string:
        if character.isascii():
            run.append(character)
            continue
        result.append(unquote_to_bytes(''.join(run)).decode(encoding, errors))
        result.append(character)
        run.clear()
    result.append(unquote_to_bytes(''.join(run)).decode(encoding, errors))
    return ''.join(result)


def unquote_plus(string, encoding='utf-8', errors='replace'):
    """As unquote(), with spaces for +."""
    return unquote(string.replace('+', ' '), encoding, errors)


def parse_qsl(qs, keep_blank_values=False, strict_parsing=False, encoding='utf-8',
              errors='replace', max_num_fields=None, separator='&'):
    """The pairs of names and values of a query."""
    if not separator or not isinstance(separator, (str, bytes)):
        raise ValueError('Separator must be of type string or bytes.')
    if isinstance(separator, bytes):
        separator = separator.decode('ascii')
    (qs,), result = _as_text(qs)
    if not qs:
        return []
    if max_num_fields is not None and max_num_fields < 1 + qs.count(separator):
        raise ValueError('Max number of fields exceeded')
    pairs = []
    for field in qs.split(separator):
        if not field and not strict_parsing:
            continue
        name, equals, value = field.partition('=')
        if not equals and strict_parsing:
            raise ValueError(f'bad query field: {field!r}')
        if value or (keep_blank_values and (equals or not strict_parsing)):
            pairs.append((result(unquote_plus(name, encoding, errors)),
                          result(unquote_plus(value, encoding, errors))))
    return pairs


def parse_qs(qs, keep_blank_values=False, strict_parsing=False, encoding='utf-8',
             errors='replace', max_num_fields=None, separator='&'):
    """The values of a query, a list for each name."""
    found = {}
    for name, value in parse_qsl(qs, keep_blank_values, strict_parsing, encoding, errors,
                                 max_num_fields, separator):
        found.setdefault(name, []).append(value)
    return found


def urlencode(query, doseq=False, safe='', encoding=None, errors=None, quote_via=quote_plus):
    """A query of the pairs, or the items of a mapping."""
    if hasattr(query, 'items'):
        query = query.items()
    else:
        try:
            if len(query) and not isinstance(query[0], tuple):
                raise TypeError
        except TypeError:
            raise TypeError('not a valid non-string sequence or mapping object') from None

    def quoted(value):
        if isinstance(value, bytes):
            return quote_via(value, safe)
        return quote_via(str(value), safe, encoding, errors)

    fields = []
    for name, value in query:
        values = [value]
        if doseq and not isinstance(value, (str, bytes)):
            try:
                values = list(value)
            except TypeError:
                pass
        fields += [f'{quoted(name)}={quoted(each)}' for each in values]
    return '&'.join(fields)
