"""Constants of characters, templates, and what str.format does as a class."""

__all__ = ['ascii_letters', 'ascii_lowercase', 'ascii_uppercase', 'capwords', 'digits',
           'hexdigits', 'octdigits', 'printable', 'punctuation', 'whitespace', 'Formatter',
           'Template']

whitespace = ' \t\n\r\v\f'
ascii_lowercase = 'abcdefghijklmnopqrstuvwxyz'
ascii_uppercase = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
ascii_letters = ascii_lowercase + ascii_uppercase
digits = '0123456789'
hexdigits = digits + 'abcdef' + 'ABCDEF'
octdigits = '01234567'
punctuation = r"""!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~"""
printable = digits + ascii_letters + punctuation + whitespace


def capwords(s, sep=None):
    """Capitalize each word; runs of white space become one space unless sep is given."""
    return (sep or ' ').join(map(str.capitalize, s.split(sep)))


def _name_end(text, at):
    if at < len(text) and (text[at] == '_' or text[at].isascii() and text[at].isalpha()):
        at += 1
        while at < len(text) and (text[at] == '_' or text[at].isascii() and text[at].isalnum()):
            at += 1
    return at


class Template:
    """A text with $name and ${name} in it; $$ stands for a dollar sign."""

    delimiter = '$'

    def __init__(self, template):
        self.template = template

    def _pieces(self):
        """Yield (literal, None), (source, name) and, for what is wrong, (None, position)."""
        text, delimiter = self.template, self.delimiter
        at = 0
        while True:
            found = text.find(delimiter, at)
            if found < 0:
                yield text[at:], None
                return
            yield text[at:found], None
            after = found + len(delimiter)
            end = _name_end(text, after)
            if text.startswith(delimiter, after):
                at = after + len(delimiter)
                yield delimiter, None
            elif end > after:
                at = end
                yield text[found:at], text[after:end]
            elif (text.startswith('{', after) and _name_end(text, after + 1) > after + 1
                  and text.startswith('}', _name_end(text, after + 1))):
                end = _name_end(text, after + 1)
                at = end + 1
                yield text[found:at], text[after + 1:end]
            else:
                at = after
                yield None, after

    def _complain(self, position):
        lines = self.template[:position].splitlines(keepends=True)
        if not lines:
            column, line = 1, 1
        else:
            column = position - len(''.join(lines[:-1]))
            line = len(lines)
        raise ValueError(f'Invalid placeholder in string: line {line}, col {column}')

    def _fill(self, mapping, kws, safe):
        out = []
        for text, name in self._pieces():
            if text is None:
                if not safe:
                    self._complain(name)
                out.append(self.delimiter)
            elif name is None:
                out.append(text)
            elif name in kws:
                out.append(str(kws[name]))
            else:
                try:
                    out.append(str(mapping[name]))
                except KeyError:
                    if not safe:
                        raise
                    out.append(text)
        return ''.join(out)

    def substitute(self, mapping={}, /, **kws):
        """The text with values for names; KeyError where one is missing."""
        return self._fill(mapping, kws, False)

    def safe_substitute(self, mapping={}, /, **kws):
        """The text with values for the names that have one."""
        return self._fill(mapping, kws, True)

    def is_valid(self):
        """Could the text be substituted in?"""
        return all(text is not None for text, _ in self._pieces())

    def get_identifiers(self):
        """The names in the text, each once."""
        return list(dict.fromkeys(name for text, name in self._pieces()
                                  if text is not None and name is not None))


def _parse(text):
    """Yield (literal, field or None, spec, conversion) for a format string."""
    at = 0
    literal = []
    while at < len(text):
        char = text[at]
        at += 1
        if char not in '{}':
            literal.append(char)
            continue
        if text[at:at + 1] == char:
            literal.append(char)
            at += 1
            continue
        if char == '}':
            raise ValueError("Single '}' encountered in format string")
        if at == len(text):
            raise ValueError("Single '{' encountered in format string")
        depth = 1
        start = at
        while at < len(text) and depth:
            depth += {'{': 1, '}': -1}.get(text[at], 0)
            at += 1
        if depth:
            raise ValueError("expected '}' before end of string")
        yield ''.join(literal), *_split_field(text[start:at - 1])
        literal = []
    if literal:
        yield ''.join(literal), None, None, None


def _split_field(field):
    end = 0
    brackets = 0
    while end < len(field):
        char = field[end]
        if char == '[':
            brackets = 1
        elif char == ']':
            brackets = 0
        elif char in '!:' and not brackets:
            break
        end += 1
    name, rest = field[:end], field[end:]
    if not rest.startswith('!'):
        return name, rest[1:], None
    if len(rest) < 2:
        raise ValueError("end of string while looking for conversion specifier")
    if len(rest) > 2 and rest[2] != ':':
        raise ValueError("expected ':' after conversion specifier")
    return name, rest[3:], rest[1]


def _split_name(name):
    """The first part of a field's name, and (is attribute, key) for each of the others."""
    end = 0
    while end < len(name) and name[end] not in '.[':
        end += 1
    first, rest = name[:end], []
    while end < len(name):
        if name[end] == '.':
            start = end = end + 1
            while end < len(name) and name[end] not in '.[':
                end += 1
            part = name[start:end]
            if not part:
                raise ValueError('Empty attribute in format string')
            rest.append((True, part))
        elif name[end] == '[':
            close = name.find(']', end)
            if close < 0:
                raise ValueError("Missing ']' in format string")
            part = name[end + 1:close]
            if not part:
                raise ValueError('Empty attribute in format string')
            rest.append((False, int(part) if part.isdigit() else part))
            end = close + 1
            if end < len(name) and name[end] not in '.[':
                raise ValueError("Only '.' or '[' may follow ']' in format field specifier")
    return int(first) if first.isdigit() else first, rest


class Formatter:
    """What str.format does, in parts that subclasses can change."""

    def format(self, format_string, /, *args, **kwargs):
        """The text with its fields filled in."""
        return self.vformat(format_string, args, kwargs)

    def vformat(self, format_string, args, kwargs):
        """As format(), with the arguments as a tuple and a dict."""
        used_args = set()
        result, _ = self._vformat(format_string, args, kwargs, used_args, 2)
        self.check_unused_args(used_args, args, kwargs)
        return result

    def _vformat(self, format_string, args, kwargs, used_args, recursion_depth,
                 auto_arg_index=0):
        if recursion_depth < 0:
            raise ValueError('Max string recursion exceeded')
        result = []
        for literal_text, field_name, format_spec, conversion in self.parse(format_string):
            if literal_text:
                result.append(literal_text)
            if field_name is None:
                continue
            if field_name == '':
                if auto_arg_index is False:
                    raise ValueError('cannot switch from manual field specification to automatic '
                                     'field numbering')
                field_name = str(auto_arg_index)
                auto_arg_index += 1
            elif field_name.isdigit():
                if auto_arg_index:
                    raise ValueError('cannot switch from manual field specification to automatic '
                                     'field numbering')
                auto_arg_index = False
            value, used = self.get_field(field_name, args, kwargs)
            used_args.add(used)
            value = self.convert_field(value, conversion)
            format_spec, auto_arg_index = self._vformat(
                format_spec, args, kwargs, used_args, recursion_depth - 1,
                auto_arg_index=auto_arg_index)
            result.append(self.format_field(value, format_spec))
        return ''.join(result), auto_arg_index

    def get_value(self, key, args, kwargs):
        """The argument with a number or a name."""
        return args[key] if isinstance(key, int) else kwargs[key]

    def check_unused_args(self, used_args, args, kwargs):
        """Called with the numbers and names that were used."""

    def format_field(self, value, format_spec):
        """The text of a value."""
        return format(value, format_spec)

    def convert_field(self, value, conversion):
        """The value after !s, !r or !a."""
        if conversion is None:
            return value
        if conversion == 's':
            return str(value)
        if conversion == 'r':
            return repr(value)
        if conversion == 'a':
            return ascii(value)
        raise ValueError(f'Unknown conversion specifier {conversion!s}')

    def parse(self, format_string):
        """Yield (literal text, field name, format spec, conversion)."""
        return _parse(format_string)

    def get_field(self, field_name, args, kwargs):
        """The value a field's name stands for, and the argument it begins with."""
        first, rest = _split_name(field_name)
        value = self.get_value(first, args, kwargs)
        for is_attribute, key in rest:
            value = getattr(value, key) if is_attribute else value[key]
        return value, first
