"""JSONEncoder: values to text."""

from _json import (encode_basestring, encode_basestring_ascii,
                   make_encoder as c_make_encoder)

__all__ = ['JSONEncoder']

c_encode_basestring = encode_basestring
c_encode_basestring_ascii = encode_basestring_ascii
INFINITY = float('inf')


class JSONEncoder:
    """Writes JSON; the arguments are those of json.dumps(). Subclasses override default()."""

    item_separator = ', '
    key_separator = ': '

    def __init__(self, *, skipkeys=False, ensure_ascii=True, check_circular=True, allow_nan=True,
                 sort_keys=False, indent=None, separators=None, default=None):
        self.skipkeys = skipkeys
        self.ensure_ascii = ensure_ascii
        self.check_circular = check_circular
        self.allow_nan = allow_nan
        self.sort_keys = sort_keys
        self.indent = indent
        if separators is not None:
            self.item_separator, self.key_separator = separators
        elif indent is not None:
            self.item_separator = ','
        if default is not None:
            self.default = default

    def default(self, o):
        """What is written for an object of a type that JSON does not know."""
        raise TypeError(f'Object of type {o.__class__.__name__} is not JSON serializable')

    def encode(self, o):
        """The JSON text of o."""
        if isinstance(o, str):
            return encode_basestring_ascii(o) if self.ensure_ascii else encode_basestring(o)
        chunks = self.iterencode(o, _one_shot=True)
        if not isinstance(chunks, (list, tuple)):
            chunks = list(chunks)
        return ''.join(chunks)

    def iterencode(self, o, _one_shot=False):
        """The JSON text of o, in pieces as they come about."""
        markers = {} if self.check_circular else None
        encode = encode_basestring_ascii if self.ensure_ascii else encode_basestring
        indent = self.indent
        if indent is not None and not isinstance(indent, str):
            indent = ' ' * indent
        if _one_shot:
            return c_make_encoder(markers, self.default, encode, indent, self.key_separator,
                                  self.item_separator, self.sort_keys, self.skipkeys,
                                  self.allow_nan)(o, 0)
        return _Pieces(self, markers, encode, indent).value(o, 0)


class _Pieces:
    """The generators behind iterencode()."""

    def __init__(self, encoder, markers, encode, indent):
        self.markers = markers
        self.default = encoder.default
        self.encode = encode
        self.indent = indent
        self.key_separator = encoder.key_separator
        self.item_separator = encoder.item_separator
        self.sort_keys = encoder.sort_keys
        self.skipkeys = encoder.skipkeys
        self.allow_nan = encoder.allow_nan

    def atom(self, o):
        """The text of a value that holds no others, else None."""
        if isinstance(o, str):
            return self.encode(o)
        return self.constant(o)

    def constant(self, o):
        if o is None:
            return 'null'
        if o is True:
            return 'true'
        if o is False:
            return 'false'
        if isinstance(o, int):
            return int.__repr__(o)
        if isinstance(o, float):
            return self.float_text(o)
        return None

    def float_text(self, o):
        if o == o and o not in (INFINITY, -INFINITY):
            return float.__repr__(o)
        if not self.allow_nan:
            raise ValueError('Out of range float values are not JSON compliant: ' + repr(o))
        if o != o:
            return 'NaN'
        return 'Infinity' if o > 0 else '-Infinity'

    def enter(self, o):
        if self.markers is not None:
            if id(o) in self.markers:
                raise ValueError('Circular reference detected')
            self.markers[id(o)] = o

    def leave(self, o):
        if self.markers is not None:
            del self.markers[id(o)]

    def line(self, level):
        return '' if self.indent is None else '\n' + self.indent * level

    def value(self, o, level):
        text = self.atom(o)
        if text is not None:
            yield text
        elif isinstance(o, (list, tuple)):
            yield from self.items(o, level)
        elif isinstance(o, dict):
            yield from self.pairs(o, level)
        else:
            self.enter(o)
            yield from self.value(self.default(o), level)
            self.leave(o)

    def items(self, values, level):
        if not values:
            yield '[]'
            return
        self.enter(values)
        line = self.line(level + 1)
        lead = '[' + line
        for value in values:
            text = self.atom(value)
            if text is not None:
                yield lead + text
            else:
                yield lead
                yield from self.value(value, level + 1)
            lead = self.item_separator + line
        if self.indent is not None:
            yield self.line(level)
        yield ']'
        self.leave(values)

    def key_text(self, key):
        """The text of a key without quotes; None: it is left out."""
        if isinstance(key, str):
            return key
        text = self.constant(key)
        if text is None and not self.skipkeys:
            raise TypeError('keys must be str, int, float, bool or None, '
                            f'not {key.__class__.__name__}')
        return text

    def pairs(self, mapping, level):
        if not mapping:
            yield '{}'
            return
        self.enter(mapping)
        yield '{'
        line = self.line(level + 1)
        if self.indent is not None:
            yield line
        items = mapping.items()
        first = True
        for key, value in sorted(items) if self.sort_keys else items:
            key = self.key_text(key)
            if key is None:
                continue
            if not first:
                yield self.item_separator + line
            first = False
            yield self.encode(key)
            yield self.key_separator
            yield from self.value(value, level + 1)
        if self.indent is not None:
            yield self.line(level)
        yield '}'
        self.leave(mapping)
