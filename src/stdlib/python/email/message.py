"""A message: headers, whose names have no case, and a payload."""

__all__ = ['Message']


def _split_parameters(value):
    """The main value and the (name, value) pairs of a header such as Content-Type."""
    pieces = []
    piece = ''
    quoted = escaped = False
    for character in value:
        if escaped:
            escaped = False
        elif quoted and character == '\\':
            escaped = True
        elif character == '"':
            quoted = not quoted
        elif character == ';' and not quoted:
            pieces.append(piece)
            piece = ''
            continue
        piece += character
    pieces.append(piece)
    pairs = []
    for piece in pieces[1:]:
        name, equals, text = piece.partition('=')
        if name.strip():
            pairs.append((name.strip(), text.strip() if equals else ''))
    return pieces[0].strip(), pairs


def _unquoted(text):
    if len(text) > 1 and text[0] == text[-1] == '"':
        return text[1:-1].replace('\\\\', '\\').replace('\\"', '"')
    if len(text) > 1 and text[0] == '<' and text[-1] == '>':
        return text[1:-1]
    return text


class Message:
    """Headers in their order, some perhaps more than once, and what follows them."""

    def __init__(self, policy=None):
        self.policy = policy
        self._headers = []
        self._unixfrom = None
        self._payload = None
        self._default_type = 'text/plain'
        self.preamble = self.epilogue = None
        self.defects = []

    def __str__(self):
        return self.as_string()

    def as_string(self, unixfrom=False, maxheaderlen=0, policy=None):
        """The message as text."""
        lines = [f'{name}: {value}\n' for name, value in self._headers]
        if unixfrom and self._unixfrom:
            lines.insert(0, self._unixfrom + '\n')
        payload = self._payload
        if isinstance(payload, list):
            boundary = self.get_boundary() or '==============='
            parts = ''.join(f'--{boundary}\n{part.as_string()}\n' for part in payload)
            payload = f'{parts}--{boundary}--\n'
        return ''.join(lines) + '\n' + (payload or '')

    def as_bytes(self, unixfrom=False, policy=None):
        """The message as bytes."""
        return self.as_string(unixfrom).encode('ascii', 'surrogateescape')

    __bytes__ = as_bytes

    def is_multipart(self):
        return isinstance(self._payload, list)

    def set_unixfrom(self, unixfrom):
        self._unixfrom = unixfrom

    def get_unixfrom(self):
        return self._unixfrom

    def attach(self, payload):
        """Add a part."""
        if self._payload is None:
            self._payload = [payload]
        elif isinstance(self._payload, list):
            self._payload.append(payload)
        else:
            raise TypeError('Attach is not valid on a message with a non-multipart payload')

    def get_payload(self, i=None, decode=False):
        """What follows the headers; with decode, the bytes that were sent that way."""
        if self.is_multipart():
            if decode:
                return None
            return self._payload if i is None else self._payload[i]
        if i is not None:
            raise TypeError(f'Expected list, got {type(self._payload)}')
        if not decode or self._payload is None:
            return self._payload
        data = self._payload
        if isinstance(data, str):
            data = data.encode('ascii', 'surrogateescape')
        if str(self.get('content-transfer-encoding', '')).lower() == 'base64':
            import binascii
            try:
                return binascii.a2b_base64(data)
            except binascii.Error:
                return data
        return data

    def set_payload(self, payload, charset=None):
        """Set what follows the headers."""
        if isinstance(payload, bytes):
            payload = payload.decode('ascii', 'surrogateescape')
        self._payload = payload
        if charset is not None:
            self.set_param('charset', str(charset))

    def __len__(self):
        return len(self._headers)

    def __getitem__(self, name):
        return self.get(name)

    def __setitem__(self, name, value):
        self._headers.append((name, value))

    def __delitem__(self, name):
        name = name.lower()
        self._headers = [header for header in self._headers if header[0].lower() != name]

    def __contains__(self, name):
        name = name.lower()
        return any(known.lower() == name for known, _ in self._headers)

    def __iter__(self):
        for name, _ in self._headers:
            yield name

    def keys(self):
        return [name for name, _ in self._headers]

    def values(self):
        return [value for _, value in self._headers]

    def items(self):
        return list(self._headers)

    def raw_items(self):
        return iter(self._headers.copy())

    def set_raw(self, name, value):
        self._headers.append((name, value))

    def get(self, name, failobj=None):
        """The value of the first header with the name."""
        name = name.lower()
        for known, value in self._headers:
            if known.lower() == name:
                return value
        return failobj

    def get_all(self, name, failobj=None):
        """The values of all headers with the name."""
        name = name.lower()
        return [value for known, value in self._headers if known.lower() == name] or failobj

    def add_header(self, _name, _value, **_params):
        """Add a header with parameters."""
        parts = [] if _value is None else [_value]
        for name, value in _params.items():
            name = name.replace('_', '-')
            parts.append(name if value is None else f'{name}="{_escaped(value)}"')
        self[_name] = '; '.join(parts)

    def replace_header(self, _name, _value):
        """Change the first header with the name, which stays where it is."""
        for i, (name, _) in enumerate(self._headers):
            if name.lower() == _name.lower():
                self._headers[i] = name, _value
                return
        raise KeyError(_name)

    def get_content_type(self):
        """maintype/subtype, in lower case."""
        value = self.get('content-type')
        if value is None:
            return self._default_type
        kind = _split_parameters(str(value))[0].lower()
        return kind if kind.count('/') == 1 else 'text/plain'

    def get_content_maintype(self):
        return self.get_content_type().split('/')[0]

    def get_content_subtype(self):
        return self.get_content_type().split('/')[1]

    def get_default_type(self):
        return self._default_type

    def set_default_type(self, ctype):
        self._default_type = ctype

    def get_params(self, failobj=None, header='content-type', unquote=True):
        """The parameters of a header; its main value stands first, as a name."""
        value = self.get(header)
        if value is None:
            return failobj
        main, pairs = _split_parameters(str(value))
        return [(main, ''), *((name, _unquoted(text) if unquote else text) for name, text in pairs)]

    def get_param(self, param, failobj=None, header='content-type', unquote=True):
        """A parameter of a header."""
        for name, value in self.get_params([], header, unquote)[1:]:
            if name.lower() == param.lower():
                return value
        return failobj

    def set_param(self, param, value, header='Content-Type', requote=True, charset=None,
                  language='', replace=False):
        """Set a parameter of a header."""
        current = self.get(header)
        if current is None and header.lower() == 'content-type':
            current = 'text/plain'
        main, pairs = _split_parameters(str(current or ''))
        kept = [(name, text) for name, text in pairs if name.lower() != param.lower()]
        kept.append((param, f'"{_escaped(value)}"' if requote else value))
        text = '; '.join([main, *(f'{name}={each}' for name, each in kept)])
        if header in self:
            self.replace_header(header, text)
        else:
            self[header] = text

    def get_content_charset(self, failobj=None):
        """The charset of the content, in lower case."""
        charset = self.get_param('charset')
        return failobj if charset is None else charset.lower()

    def get_filename(self, failobj=None):
        """The name of the file that the message carries."""
        name = self.get_param('filename', None, 'content-disposition')
        return self.get_param('name', failobj) if name is None else name

    def get_boundary(self, failobj=None):
        """What separates the parts."""
        boundary = self.get_param('boundary')
        return failobj if boundary is None else boundary.rstrip()

    def get_content_disposition(self):
        value = self.get('content-disposition')
        return None if value is None else _split_parameters(str(value))[0].lower()

    def walk(self):
        """The message and all parts of it."""
        yield self
        if self.is_multipart():
            for part in self._payload:
                yield from part.walk()


def _escaped(text):
    return str(text).replace('\\', '\\\\').replace('"', '\\"')
