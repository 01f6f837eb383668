"""How long small pieces of code take: the best of several runs is the least disturbed one."""

import gc
import itertools
import sys
import time

__all__ = ['Timer', 'timeit', 'repeat', 'default_timer']

default_number = 1000000
default_repeat = 5
default_timer = time.perf_counter
_globals = globals


def _indented(source):
    return source.replace('\n', '\n        ')


class Timer:
    """Measures stmt, a text or a function, after setup."""

    def __init__(self, stmt='pass', setup='pass', timer=default_timer, globals=None):
        self.timer = timer
        names = _globals() if globals is None else globals
        local = {}
        if isinstance(setup, str):
            compile(setup, '<timeit-src>', 'exec')
            before = setup
            checked = setup + '\n'
        elif callable(setup):
            local['_setup'] = setup
            before = '_setup()'
            checked = ''
        else:
            raise ValueError('setup is neither a string nor callable')
        if isinstance(stmt, str):
            compile(checked + stmt, '<timeit-src>', 'exec')
            body = stmt
        elif callable(stmt):
            local['_stmt'] = stmt
            body = '_stmt()'
        else:
            raise ValueError('stmt is neither a string nor callable')
        arguments = ''.join(f', {name}={name}' for name in local)
        source = (f'def inner(_it, _timer{arguments}):\n'
                  f'    {before.replace(chr(10), chr(10) + "    ")}\n'
                  '    _t0 = _timer()\n'
                  '    for _i in _it:\n'
                  f'        {_indented(body)}\n'
                  '        pass\n'
                  '    _t1 = _timer()\n'
                  '    return _t1 - _t0\n')
        self.src = source
        exec(compile(source, '<timeit-src>', 'exec'), names, local)
        self.inner = local['inner']

    def print_exc(self, file=None):
        import traceback
        traceback.print_exc(file=file)

    def timeit(self, number=default_number):
        """Seconds that number times the statement take; the cycle collector is off meanwhile."""
        collected = gc.isenabled()
        gc.disable()
        try:
            return self.inner(itertools.repeat(None, number), self.timer)
        finally:
            if collected:
                gc.enable()

    def repeat(self, repeat=default_repeat, number=default_number):
        return [self.timeit(number) for _ in range(repeat)]

    def autorange(self, callback=None):
        """A number of times that takes 0.2 seconds at least, and the seconds."""
        scale = 1
        while True:
            for factor in 1, 2, 5:
                number = scale * factor
                taken = self.timeit(number)
                if callback:
                    callback(number, taken)
                if taken >= 0.2:
                    return number, taken
            scale *= 10


def timeit(stmt='pass', setup='pass', timer=default_timer, number=default_number, globals=None):
    """Seconds that number times stmt take."""
    return Timer(stmt, setup, timer, globals).timeit(number)


def repeat(stmt='pass', setup='pass', timer=default_timer, repeat=default_repeat,
           number=default_number, globals=None):
    """A list of such times."""
    return Timer(stmt, setup, timer, globals).repeat(repeat, number)


_UNITS = {'nsec': 1e-9, 'usec': 1e-6, 'msec': 1e-3, 'sec': 1.0}


def main(args=None):
    """python -m timeit [-n N] [-r N] [-s S] [-u U] [-p] [-v] [statement …]"""
    import argparse
    parser = argparse.ArgumentParser(prog='timeit', description='Time small pieces of code.')
    parser.add_argument('-n', '--number', type=int, default=0)
    parser.add_argument('-r', '--repeat', type=int, default=default_repeat)
    parser.add_argument('-s', '--setup', action='append', default=None)
    parser.add_argument('-p', '--process', action='store_true')
    parser.add_argument('-u', '--unit', choices=_UNITS)
    parser.add_argument('-v', '--verbose', action='count', default=0)
    parser.add_argument('statement', nargs='*')
    options = parser.parse_args(args)
    timer = time.process_time if options.process else default_timer
    t = Timer('\n'.join(options.statement) or 'pass', '\n'.join(options.setup or ['pass']), timer)
    precision = options.verbose + 2

    def shown(seconds):
        unit = options.unit
        if unit is None:
            unit = next(u for u in ('sec', 'msec', 'usec', 'nsec')
                        if seconds >= _UNITS[u] or u == 'nsec')
        return f'{seconds / _UNITS[unit]:.{precision}g} {unit}'

    number = options.number or t.autorange()[0]
    taken = t.repeat(max(1, options.repeat), number)
    if options.verbose:
        print('raw times: ' + ', '.join(map(shown, taken)))
        print()
    plural = '' if number == 1 else 's'
    print(f'{number} loop{plural}, best of {len(taken)}: {shown(min(taken) / number)} per loop')
    return None


if __name__ == '__main__':
    sys.exit(main())
