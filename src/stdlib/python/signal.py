"""Handlers of signals; they run in the main thread, between two instructions."""

import _signal
from enum import IntEnum as _IntEnum

_names = {}
for _name in dir(_signal):
    if _name.startswith('SIG') and not _name.startswith('SIG_'):
        _names[_name] = getattr(_signal, _name)
# An alias stands behind the name the number is known by.
_aliases = ('SIGIOT', 'SIGPOLL', 'SIGCLD')
_sorted = sorted(_names.items(), key=lambda item: (item[1], item[0] in _aliases))
Signals = _IntEnum('Signals', _sorted, module=__name__)
Handlers = _IntEnum('Handlers', [('SIG_DFL', 0), ('SIG_IGN', 1)], module=__name__)
globals().update(Signals.__members__)
globals().update(Handlers.__members__)
NSIG = _signal.NSIG

default_int_handler = _signal.default_int_handler
raise_signal = _signal.raise_signal
strsignal = _signal.strsignal
_signal._install(default_int_handler)

del _names, _name, _aliases, _sorted


def _as_enum(value, kind):
    if not isinstance(value, int):
        return value
    try:
        return kind(value)
    except ValueError:
        return value


def _as_int(value):
    return int(value) if isinstance(value, int) else value


def signal(signalnum, handler):
    """Set the handler of a signal: a function of number and frame, SIG_DFL or SIG_IGN; the old one."""
    return _as_enum(_signal.signal(_as_int(signalnum), _as_int(handler)), Handlers)


def getsignal(signalnum):
    """The handler of a signal; None where it was not installed from Python."""
    return _as_enum(_signal.getsignal(signalnum), Handlers)


def valid_signals():
    """The set of the numbers that signals have here."""
    return {_as_enum(number, Signals) for number in range(1, NSIG) if number not in (32, 33)}
