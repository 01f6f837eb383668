"""Values over several lines, where one is too short."""

import sys
from io import StringIO

__all__ = ['pprint', 'pformat', 'isreadable', 'isrecursive', 'saferepr', 'PrettyPrinter', 'pp']


def pprint(object, stream=None, indent=1, width=80, depth=None, *, compact=False,
           sort_dicts=True, underscore_numbers=False):
    """Print object on stream (default: sys.stdout)."""
    PrettyPrinter(stream=stream, indent=indent, width=width, depth=depth, compact=compact,
                  sort_dicts=sort_dicts, underscore_numbers=underscore_numbers).pprint(object)


def pformat(object, indent=1, width=80, depth=None, *, compact=False, sort_dicts=True,
            underscore_numbers=False):
    """What pprint() would print, as a str."""
    return PrettyPrinter(indent=indent, width=width, depth=depth, compact=compact,
                         sort_dicts=sort_dicts,
                         underscore_numbers=underscore_numbers).pformat(object)


def pp(object, *args, sort_dicts=False, **kwargs):
    """pprint() with dicts in their own order."""
    pprint(object, *args, sort_dicts=sort_dicts, **kwargs)


def saferepr(object):
    """repr() that ends for values that hold themselves."""
    return PrettyPrinter()._safe_repr(object, {}, None, 0)[0]


def isreadable(object):
    return PrettyPrinter()._safe_repr(object, {}, None, 0)[1]


def isrecursive(object):
    return PrettyPrinter()._safe_repr(object, {}, None, 0)[2]


class _SafeKey:
    """Sorts what cannot be compared by type and address."""

    __slots__ = ['obj']

    def __init__(self, obj):
        self.obj = obj

    def __lt__(self, other):
        try:
            return self.obj < other.obj
        except TypeError:
            return ((str(type(self.obj)), id(self.obj))
                    < (str(type(other.obj)), id(other.obj)))


def _safe_pair(pair):
    return _SafeKey(pair[0]), _SafeKey(pair[1])


def _recursion(object):
    return f'<Recursion on {type(object).__name__} with id={id(object)}>'


class PrettyPrinter:
    def __init__(self, indent=1, width=80, depth=None, stream=None, *, compact=False,
                 sort_dicts=True, underscore_numbers=False):
        indent = int(indent)
        width = int(width)
        if indent < 0:
            raise ValueError('indent must be >= 0')
        if depth is not None and depth <= 0:
            raise ValueError('depth must be > 0')
        if not width:
            raise ValueError('width must be != 0')
        self._depth = depth
        self._indent_per_level = indent
        self._width = width
        self._stream = sys.stdout if stream is None else stream
        self._compact = bool(compact)
        self._sort_dicts = sort_dicts
        self._underscore_numbers = underscore_numbers

    def pprint(self, object):
        if self._stream is not None:
            self._format(object, self._stream, 0, 0, {}, 0)
            self._stream.write('\n')

    def pformat(self, object):
        target = StringIO()
        self._format(object, target, 0, 0, {}, 0)
        return target.getvalue()

    def isrecursive(self, object):
        return self.format(object, {}, 0, 0)[2]

    def isreadable(self, object):
        _, readable, recursive = self.format(object, {}, 0, 0)
        return readable and not recursive

    def format(self, object, context, maxlevels, level):
        """repr, whether it can be read back, whether the value holds itself."""
        return self._safe_repr(object, context, maxlevels, level)

    def _repr(self, object, context, level):
        return self.format(object, context.copy(), self._depth, level)[0]

    def _format(self, object, stream, indent, allowance, context, level):
        key = id(object)
        if key in context:
            stream.write(_recursion(object))
            return
        rep = self._repr(object, context, level)
        if len(rep) > self._width - indent - allowance:
            method = self._dispatch.get(type(object).__repr__)
            if method is None and self._is_dataclass(object):
                method = PrettyPrinter._dataclass
            if method is not None:
                context[key] = 1
                method(self, object, stream, indent, allowance, context, level + 1)
                del context[key]
                return
        stream.write(rep)

    def _is_dataclass(self, object):
        fields = getattr(type(object), '__dataclass_fields__', None)
        return (fields is not None and type(object).__dataclass_params__.repr
                and getattr(type(object).__repr__, '__module__', None) == 'dataclasses')

    def _dataclass(self, object, stream, indent, allowance, context, level):
        name = object.__class__.__name__
        indent += len(name) + 1
        items = [(f.name, getattr(object, f.name))
                 for f in object.__dataclass_fields__.values() if f.repr]
        stream.write(name + '(')
        self._attributes(items, stream, indent, allowance, context, level)
        stream.write(')')

    def _namespace(self, object, stream, indent, allowance, context, level):
        kind = object.__class__
        name = 'namespace' if kind.__name__ == 'SimpleNamespace' else kind.__name__
        stream.write(name + '(')
        self._attributes(object.__dict__.items(), stream, indent + len(name) + 1, allowance,
                         context, level)
        stream.write(')')

    def _attributes(self, items, stream, indent, allowance, context, level):
        items = list(items)
        for i, (key, value) in enumerate(items):
            last = i == len(items) - 1
            stream.write(f'{key}=')
            if id(value) in context:
                stream.write('...')
            else:
                self._format(value, stream, indent + len(key) + 1, allowance if last else 1,
                             context, level)
            if not last:
                stream.write(',\n' + ' ' * indent)

    def _dict(self, object, stream, indent, allowance, context, level):
        stream.write('{')
        if self._indent_per_level > 1:
            stream.write((self._indent_per_level - 1) * ' ')
        if object:
            items = object.items()
            if self._sort_dicts:
                items = sorted(items, key=_safe_pair)
            self._pairs(items, stream, indent, allowance + 1, context, level)
        stream.write('}')

    def _ordered_dict(self, object, stream, indent, allowance, context, level):
        if not object:
            stream.write(repr(object))
            return
        name = object.__class__.__name__
        stream.write(name + '(')
        self._format(list(object.items()), stream, indent + len(name) + 1, allowance + 1, context,
                     level)
        stream.write(')')

    def _list(self, object, stream, indent, allowance, context, level):
        stream.write('[')
        self._items(object, stream, indent, allowance + 1, context, level)
        stream.write(']')

    def _tuple(self, object, stream, indent, allowance, context, level):
        stream.write('(')
        end = ',)' if len(object) == 1 else ')'
        self._items(object, stream, indent, allowance + len(end), context, level)
        stream.write(end)

    def _set(self, object, stream, indent, allowance, context, level):
        if not object:
            stream.write(repr(object))
            return
        kind = object.__class__
        if kind is set:
            stream.write('{')
            end = '}'
        else:
            stream.write(kind.__name__ + '({')
            end = '})'
            indent += len(kind.__name__) + 1
        self._items(sorted(object, key=_SafeKey), stream, indent, allowance + len(end), context,
                    level)
        stream.write(end)

    def _str(self, object, stream, indent, allowance, context, level):
        import re
        if not object:
            stream.write(repr(object))
            return
        chunks = []
        lines = object.splitlines(True)
        if level == 1:
            indent += 1
            allowance += 1
        room = last_room = self._width - indent
        for i, line in enumerate(lines):
            rep = repr(line)
            if i == len(lines) - 1:
                last_room -= allowance
                room = last_room
            if len(rep) <= room:
                chunks.append(rep)
                continue
            parts = re.findall(r'\S*\s*', line)
            parts.pop()
            current = ''
            for j, part in enumerate(parts):
                candidate = current + part
                limit = room
                if j == len(parts) - 1 and i == len(lines) - 1:
                    limit = last_room
                if len(repr(candidate)) > limit:
                    if current:
                        chunks.append(repr(current))
                    current = part
                else:
                    current = candidate
            if current:
                chunks.append(repr(current))
        if len(chunks) == 1:
            stream.write(chunks[0])
            return
        text = ('\n' + ' ' * indent).join(chunks)
        stream.write(f'({text})' if level == 1 else text)

    def _bytes(self, object, stream, indent, allowance, context, level):
        if len(object) <= 4:
            stream.write(repr(object))
            return
        in_parens = level == 1
        if in_parens:
            indent += 1
            allowance += 1
            stream.write('(')
        lead = ''
        for rep in _wrap_bytes(object, self._width - indent, allowance):
            stream.write(lead + rep)
            lead = '\n' + ' ' * indent
        if in_parens:
            stream.write(')')

    def _bytearray(self, object, stream, indent, allowance, context, level):
        stream.write('bytearray(')
        self._bytes(bytes(object), stream, indent + 10, allowance + 1, context, level + 1)
        stream.write(')')

    def _default_dict(self, object, stream, indent, allowance, context, level):
        if not object:
            stream.write(repr(object))
            return
        factory = self._repr(object.default_factory, context, level)
        name = object.__class__.__name__
        indent += len(name) + 1
        stream.write(f'{name}({factory},\n{" " * indent}')
        self._dict(object, stream, indent, allowance + 1, context, level)
        stream.write(')')

    def _counter(self, object, stream, indent, allowance, context, level):
        if not object:
            stream.write(repr(object))
            return
        name = object.__class__.__name__
        stream.write(name + '({')
        if self._indent_per_level > 1:
            stream.write((self._indent_per_level - 1) * ' ')
        self._pairs(object.most_common(), stream, indent + len(name) + 1, allowance + 2, context,
                    level)
        stream.write('})')

    def _deque(self, object, stream, indent, allowance, context, level):
        if not object:
            stream.write(repr(object))
            return
        name = object.__class__.__name__
        stream.write(name + '(')
        indent += len(name) + 1
        stream.write('[')
        if object.maxlen is None:
            self._items(object, stream, indent, allowance + 2, context, level)
            stream.write('])')
        else:
            self._items(object, stream, indent, 2, context, level)
            maxlen = self._repr(object.maxlen, context, level)
            stream.write(f'],\n{" " * indent}maxlen={maxlen})')

    def _pairs(self, items, stream, indent, allowance, context, level):
        indent += self._indent_per_level
        lead = ',\n' + ' ' * indent
        items = list(items)
        for i, (key, value) in enumerate(items):
            last = i == len(items) - 1
            rep = self._repr(key, context, level)
            stream.write(rep + ': ')
            self._format(value, stream, indent + len(rep) + 2, allowance if last else 1, context,
                         level)
            if not last:
                stream.write(lead)

    def _items(self, items, stream, indent, allowance, context, level):
        indent += self._indent_per_level
        if self._indent_per_level > 1:
            stream.write((self._indent_per_level - 1) * ' ')
        lead = ',\n' + ' ' * indent
        between = ''
        room = width = self._width - indent + 1
        items = list(items)
        for i, item in enumerate(items):
            last = i == len(items) - 1
            if last:
                room -= allowance
                width -= allowance
            if self._compact:
                rep = self._repr(item, context, level)
                needed = len(rep) + 2
                if width < needed:
                    width = room
                    if between:
                        between = lead
                if width >= needed:
                    width -= needed
                    stream.write(between + rep)
                    between = ', '
                    continue
            stream.write(between)
            between = lead
            self._format(item, stream, indent, allowance if last else 1, context, level)

    def _safe_repr(self, object, context, maxlevels, level):
        kind = type(object)
        method = kind.__repr__
        if kind in (str, bytes, float, complex, bool, type(None), bytearray):
            return repr(object), True, False
        if issubclass(kind, int) and method is int.__repr__:
            return (f'{object:_d}' if self._underscore_numbers else repr(object)), True, False
        if issubclass(kind, dict) and method is dict.__repr__:
            return self._safe_dict(object, context, maxlevels, level)
        if (issubclass(kind, list) and method is list.__repr__
                or issubclass(kind, tuple) and method is tuple.__repr__):
            return self._safe_sequence(object, context, maxlevels, level)
        rep = repr(object)
        return rep, bool(rep) and not rep.startswith('<'), False

    def _safe_dict(self, object, context, maxlevels, level):
        if not object:
            return '{}', True, False
        key = id(object)
        if maxlevels and level >= maxlevels:
            return '{...}', False, key in context
        if key in context:
            return _recursion(object), False, True
        context[key] = 1
        readable, recursive = True, False
        parts = []
        items = object.items()
        if self._sort_dicts:
            items = sorted(items, key=_safe_pair)
        for k, v in items:
            left, left_ok, left_in = self.format(k, context, maxlevels, level + 1)
            right, right_ok, right_in = self.format(v, context, maxlevels, level + 1)
            parts.append(f'{left}: {right}')
            readable = readable and left_ok and right_ok
            recursive = recursive or left_in or right_in
        del context[key]
        return '{%s}' % ', '.join(parts), readable, recursive

    def _safe_sequence(self, object, context, maxlevels, level):
        if isinstance(object, list):
            if not object:
                return '[]', True, False
            form = '[%s]'
        elif len(object) == 1:
            form = '(%s,)'
        else:
            if not object:
                return '()', True, False
            form = '(%s)'
        key = id(object)
        if maxlevels and level >= maxlevels:
            return form % '...', False, key in context
        if key in context:
            return _recursion(object), False, True
        context[key] = 1
        readable, recursive = True, False
        parts = []
        for item in object:
            text, ok, inside = self.format(item, context, maxlevels, level + 1)
            parts.append(text)
            readable = readable and ok
            recursive = recursive or inside
        del context[key]
        return form % ', '.join(parts), readable, recursive


def _wrap_bytes(object, width, allowance):
    """Literals of parts of object, four bytes a step, that are no wider than width."""
    current = b''
    last = len(object) // 4 * 4
    for i in range(0, len(object), 4):
        part = object[i:i + 4]
        candidate = current + part
        if i == last:
            width -= allowance
        if len(repr(candidate)) > width:
            if current:
                yield repr(current)
            current = part
        else:
            current = candidate
    if current:
        yield repr(current)


def _dispatch_table():
    import collections
    import types
    p = PrettyPrinter
    return {dict.__repr__: p._dict, collections.OrderedDict.__repr__: p._ordered_dict,
            list.__repr__: p._list, tuple.__repr__: p._tuple, set.__repr__: p._set,
            frozenset.__repr__: p._set, str.__repr__: p._str, bytes.__repr__: p._bytes,
            bytearray.__repr__: p._bytearray, types.SimpleNamespace.__repr__: p._namespace,
            collections.defaultdict.__repr__: p._default_dict,
            collections.Counter.__repr__: p._counter, collections.deque.__repr__: p._deque}


PrettyPrinter._dispatch = _dispatch_table()
