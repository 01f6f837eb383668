"""Regular expressions."""

import copyreg

import _sre
from _sre import Match, Pattern

__all__ = ['match', 'fullmatch', 'search', 'sub', 'subn', 'split', 'findall', 'finditer',
           'compile', 'purge', 'template', 'escape', 'error', 'Pattern', 'Match', 'A', 'I', 'L',
           'M', 'S', 'X', 'U', 'ASCII', 'IGNORECASE', 'LOCALE', 'MULTILINE', 'DOTALL', 'VERBOSE',
           'UNICODE', 'NOFLAG', 'RegexFlag']

__version__ = '2.2.1'


class error(Exception):
    """A pattern is wrong: msg says how, pos where in pattern; lineno and colno count from 1."""

    __module__ = 're'

    def __init__(self, msg, pattern=None, pos=None):
        self.msg = msg
        self.pattern = pattern
        self.pos = pos
        self.lineno = self.colno = None
        if pattern is not None and pos is not None:
            msg = f'{msg} at position {pos}'
            newline = '\n' if isinstance(pattern, str) else b'\n'
            self.lineno = pattern.count(newline, 0, pos) + 1
            self.colno = pos - pattern.rfind(newline, 0, pos)
            if newline in pattern:
                msg = f'{msg} (line {self.lineno}, column {self.colno})'
        super().__init__(msg)


_FLAGS = {'NOFLAG': 0, 'ASCII': 256, 'A': 256, 'IGNORECASE': 2, 'I': 2, 'LOCALE': 4, 'L': 4,
          'UNICODE': 32, 'U': 32, 'MULTILINE': 8, 'M': 8, 'DOTALL': 16, 'S': 16, 'VERBOSE': 64,
          'X': 64, 'TEMPLATE': 1, 'T': 1, 'DEBUG': 128}


def _make_flags():
    """Make RegexFlag and its members; enum is imported for programs that name flags only."""
    import enum

    class RegexFlag(enum.IntFlag, boundary=enum.KEEP):
        NOFLAG = 0
        ASCII = A = 256
        IGNORECASE = I = 2
        LOCALE = L = 4
        UNICODE = U = 32
        MULTILINE = M = 8
        DOTALL = S = 16
        VERBOSE = X = 64
        TEMPLATE = T = 1
        DEBUG = 128

        _numeric_repr_ = hex

        def __repr__(self):
            if self._name_ is None:
                return f're.RegexFlag({self._value_!r})'
            return '|'.join(name if name[0].isdigit() else 're.' + name
                            for name in self._name_.split('|'))

        __str__ = object.__str__

    RegexFlag.__module__ = 're'
    RegexFlag.__qualname__ = 'RegexFlag'
    names = globals()
    names['RegexFlag'] = RegexFlag
    for name in _FLAGS:
        names[name] = RegexFlag.__members__[name]


def __getattr__(name):
    if name in _FLAGS or name == 'RegexFlag':
        if name not in globals():
            _make_flags()
        return globals()[name]
    raise AttributeError(f"module 're' has no attribute {name!r}")


def __dir__():
    return sorted({*globals(), *_FLAGS, 'RegexFlag'})


_cache = {}
_MAXCACHE = 512


def _warn(category, text):
    import warnings
    kind = FutureWarning if category == 'FutureWarning' else DeprecationWarning
    warnings.warn(text, kind, stacklevel=5)


def _compile(pattern, flags):
    # Flags of RegexFlag and plain numbers are equal keys.
    key = pattern.__class__, pattern, flags
    try:
        return _cache[key]
    except KeyError:
        pass
    if not isinstance(flags, int):
        raise TypeError(f"unsupported operand type(s) for &: {flags.__class__.__name__!r} and "
                        "'RegexFlag'")
    flags = int(flags)
    if isinstance(pattern, Pattern):
        if flags:
            raise ValueError('cannot process flags argument with a compiled pattern')
        return pattern
    if not isinstance(pattern, (str, bytes)):
        raise TypeError('first argument must be string or compiled pattern')
    compiled, warnings = _sre.compile(pattern, flags)
    for category, text in warnings:
        _warn(category, text)
    if not flags & 128:
        if len(_cache) >= _MAXCACHE:
            # The oldest goes; another thread may have been faster.
            _cache.pop(next(iter(_cache)), None)
        _cache[key] = compiled
    return compiled


def _reduce(pattern):
    return _compile, (pattern.pattern, pattern.flags)


copyreg.pickle(Pattern, _reduce, _compile)


def match(pattern, string, flags=0):
    """The Match of pattern at the begin of string, or None."""
    return _compile(pattern, flags).match(string)


def fullmatch(pattern, string, flags=0):
    """The Match of pattern with all of string, or None."""
    return _compile(pattern, flags).fullmatch(string)


def search(pattern, string, flags=0):
    """The first Match of pattern in string, or None."""
    return _compile(pattern, flags).search(string)


def sub(pattern, repl, string, count=0, flags=0):
    """string with repl in place of the matches (the first count of them).

    repl is a template, in which \\1 or \\g<name> stand for groups, or a function that gets the
    Match.
    """
    return _compile(pattern, flags).sub(repl, string, count)


def subn(pattern, repl, string, count=0, flags=0):
    """As sub(); a pair of the new string and the number of replacements."""
    return _compile(pattern, flags).subn(repl, string, count)


def split(pattern, string, maxsplit=0, flags=0):
    """The parts of string between matches, with what groups matched between them."""
    return _compile(pattern, flags).split(string, maxsplit)


def findall(pattern, string, flags=0):
    """A list of what all matches matched: the group, or a tuple of the groups, where there are."""
    return _compile(pattern, flags).findall(string)


def finditer(pattern, string, flags=0):
    """An iterator over the Match objects of string."""
    return _compile(pattern, flags).finditer(string)


def compile(pattern, flags=0):
    """A Pattern."""
    return _compile(pattern, flags)


def purge():
    """Forget compiled patterns."""
    _cache.clear()


def template(pattern, flags=0):
    import warnings
    warnings.warn('The re.template() function is deprecated as it is an undocumented function '
                  'without an obvious purpose. Use re.compile() instead.', DeprecationWarning)
    return _compile(pattern, flags | 1)


_special_chars_map = {i: '\\' + chr(i) for i in b'()[]{}?*+-|^$\\.&~# \t\n\r\v\f'}


def escape(pattern):
    """pattern with a backslash before every character that has a meaning."""
    if isinstance(pattern, str):
        return pattern.translate(_special_chars_map)
    pattern = str(pattern, 'latin1')
    return pattern.translate(_special_chars_map).encode('latin1')


class Scanner:
    """Splits text into tokens: lexicon is a list of pairs of a pattern and what to do."""

    def __init__(self, lexicon, flags=0):
        self.lexicon = lexicon
        parts = []
        for phrase, action in lexicon:
            groups = _compile(phrase, flags).groups
            parts.append((phrase, action, groups))
        self._actions = {}
        number = 1
        source = []
        for phrase, action, groups in parts:
            self._actions[number] = action
            source.append(f'({phrase})')
            number += groups + 1
        self.scanner = _compile('|'.join(source), flags)

    def scan(self, string):
        """The list of tokens, and what of string is left."""
        result = []
        at = 0
        matcher = self.scanner.scanner(string).match
        while True:
            self.match = m = matcher()
            if not m or m.end() == at:
                break
            number = next(n for n in self._actions if m.start(n) >= 0)
            action = self._actions[number]
            if callable(action):
                action = action(self, m.group())
            if action is not None:
                result.append(action)
            at = m.end()
        return result, string[at:]
