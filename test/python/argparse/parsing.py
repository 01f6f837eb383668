"""argparse: values, errors, help."""
import argparse
import contextlib
import io
import os
import sys

os.environ['COLUMNS'] = '80'


def attempt(parser, args):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            result = repr(parser.parse_args(args))
        except SystemExit as e:
            result = f'exit {e.code}'
        except Exception as e:
            result = f'{type(e).__name__}: {e}'
    print(args, '->', result)
    if out.getvalue():
        print(out.getvalue())
    if err.getvalue():
        print(err.getvalue())


p = argparse.ArgumentParser(prog='tool', description='Does  things\n with files. ' * 4, epilog='See the manual of %(prog)s.')
p.add_argument('source', help='what to read')
p.add_argument('target', nargs='?', default='out', help='where to write (default %(default)s)')
p.add_argument('-n', '--number', type=int, default=3, metavar='N', help='how many of them there are, in a text that is long enough to be wrapped around')
p.add_argument('-v', '--verbose', action='count', default=0)
p.add_argument('-q', action='store_true', help='quiet')
p.add_argument('--no-color', dest='color', action='store_false')
p.add_argument('--mode', choices=['fast', 'slow'], default='fast', help='one of %(choices)s')
p.add_argument('--point', nargs=2, type=float, metavar=('X', 'Y'))
p.add_argument('--list', '-l', action='append')
p.add_argument('--const', action='store_const', const=42)
p.add_argument('--any', nargs='*', default=['d'])
p.add_argument('--maybe', nargs='?', const='c', default='d')
p.add_argument('--many', nargs='+', type=int)
p.add_argument('--extend', action='extend', nargs='+')
p.add_argument('--flag', action=argparse.BooleanOptionalAction, default=True, help='set it')
p.add_argument('--hidden', help=argparse.SUPPRESS)
p.add_argument('--version', action='version', version='%(prog)s 1.0')
p.print_help()
p.print_usage()
for args in (['a'], ['a', 'b'], ['a', 'b', 'c'], [], ['a', '-n', '5'], ['a', '-n5'], ['a', '-n=5'], ['a', '--number=7'], ['a', '--num', '8'], ['a', '-n', 'x'], ['a', '-n'],
             ['-vvv', 'a'], ['a', '-vqv'], ['a', '-vn4'], ['a', '-qx'], ['a', '--no-color'], ['a', '--mode', 'slow'], ['a', '--mode', 'odd'], ['a', '--point', '1', '2.5'],
             ['a', '--point', '1'], ['a', '-l', 'x', '--list', 'y', '-lz'], ['a', '--const'], ['a', '--const=3'], ['a', '--any'], ['a', '--any', '1', '2'], ['a', '--maybe'],
             ['a', '--maybe', 'z'], ['--maybe', 'z', 'a'], ['a', '--many'], ['a', '--many', '1', '2'], ['a', '--extend', 'p', 'q', '--extend', 'r'], ['a', '--no-flag'], ['a', '--flag'],
             ['a', '--m'], ['a', '--bogus'], ['a', '--bogus', 'b', 'c'], ['-h'], ['--version'], ['--', '-a'], ['a', '--', '-b'], ['-1'], ['a', '-1'], ['a', '--number', '-4'],
             ['a', '--list', '--'], ['a', '-x y'], ['a', ''], ['--ver'], ['a', '--hidden', '1'], ['-n', '1', 'a', '-q', 'b']):
    attempt(p, args)
print(p.parse_known_args(['a', '--bogus', 'b', '-z', 'more']))

p = argparse.ArgumentParser(prog='git', add_help=True)
p.add_argument('--root', default='.')
sub = p.add_subparsers(dest='command', required=True, help='what to do', title='commands', description='All of them.')
a = sub.add_parser('clone', help='copy', aliases=['cl'])
a.add_argument('url')
a.add_argument('--depth', type=int)
b = sub.add_parser('status', help='look', description='Shows it.')
b.add_argument('files', nargs='*')
b.set_defaults(func='status')
p.print_help()
a.print_help()
for args in ([], ['clone', 'u'], ['cl', 'u', '--depth', '2'], ['--root', 'r', 'status', 'x', 'y'], ['status'], ['push'], ['clone'], ['clone', 'u', '--bad'], ['status', '-h'], ['status', '--root', 'z']):
    attempt(p, args)

p = argparse.ArgumentParser(prog='x', allow_abbrev=False, argument_default=argparse.SUPPRESS, prefix_chars='-+')
g = p.add_argument_group('numbers', 'About numbers.')
g.add_argument('+i', type=int)
g.add_argument('--long-option-name-that-is-long', type=float, help='help')
e = p.add_mutually_exclusive_group(required=True)
e.add_argument('--yes', action='store_true')
e.add_argument('--no', action='store_false')
f = p.add_mutually_exclusive_group()
f.add_argument('-a')
f.add_argument('-b', action='store_true')
p.print_help()
for args in ([], ['--yes'], ['--yes', '--no'], ['--ye'], ['+i', '3', '--no'], ['--no', '-a', '1', '-b'], ['--no', '-b', '-b']):
    attempt(p, args)

p = argparse.ArgumentParser(prog='neg')
p.add_argument('-1', dest='one', action='store_true')
p.add_argument('rest', nargs=argparse.REMAINDER)
attempt(p, ['-1', 'a', '-x', '--y'])
attempt(p, ['-2'])
p = argparse.ArgumentParser(prog='many', usage='%(prog)s [things]')
p.add_argument('a', nargs='+')
p.add_argument('b', nargs='*', type=int)
p.add_argument('c', nargs=2)
attempt(p, ['1', '2', '3', '4'])
attempt(p, ['1', '2'])
attempt(p, ['-z'])
p = argparse.ArgumentParser('conv', parents=[], formatter_class=argparse.ArgumentDefaultsHelpFormatter)
p.add_argument('--n', type=int, default='7', help='a number')
p.add_argument('--s', default=None, help='text')
p.add_argument('pos', nargs='?', default=2.5, type=float, help='a float')
p.print_help()
attempt(p, [])
attempt(p, ['--n', '1', '3'])
p = argparse.ArgumentParser('raw', formatter_class=argparse.RawTextHelpFormatter, description='line one\n  line two')
p.add_argument('--n', help='first\n  second')
p.print_help()


def even(text):
    value = int(text)
    if value % 2:
        raise argparse.ArgumentTypeError(f'{text} is odd')
    return value


base = argparse.ArgumentParser(add_help=False)
base.add_argument('--even', type=even)
p = argparse.ArgumentParser(prog='child', parents=[base])
p.add_argument('--even2', type=even)
attempt(p, ['--even', '3'])
attempt(p, ['--even', '4', '--even2', '6'])
attempt(p, ['--even', 'x'])
p.set_defaults(even2=8, other='o')
attempt(p, [])
print(p.get_default('even2'), p)
for declare in (lambda: p.add_argument('--even'), lambda: p.add_argument('a', required=True), lambda: p.add_argument('--z', nargs=0), lambda: p.add_argument('--z', action='odd'),
                lambda: p.add_argument('--z', type='int'), lambda: p.add_argument('-'), lambda: p.add_argument('--z', metavar=('A', 'B')), lambda: p.add_argument('--z', const=1)):
    try:
        print(declare())
    except Exception as error:
        print(type(error).__name__, error)
p = argparse.ArgumentParser(prog='noexit', exit_on_error=False)
p.add_argument('--n', type=int)
try:
    p.parse_args(['--n', 'x'])
except argparse.ArgumentError as error:
    print(error, error.argument_name, error.message)
ns = argparse.Namespace(a=1, b='x')
print(ns, ns == argparse.Namespace(b='x', a=1), 'a' in ns, vars(ns), ns != 1)
ns2 = argparse.Namespace()
p.parse_args(['--n', '1'], ns2)
print(ns2)


class Twice(argparse.Action):
    def __call__(self, parser, namespace, values, option_string=None):
        print('action', option_string, values)
        setattr(namespace, self.dest, values * 2)


p = argparse.ArgumentParser(prog='custom')
print(p.add_argument('--t', action=Twice))
attempt(p, ['--t', 'ab'])
p = argparse.ArgumentParser(prog='a-program-with-a-rather-long-name-for-wrapping')
for i in range(8):
    p.add_argument(f'--option-{i}', metavar='VALUE', required=i == 3)
p.add_argument('first')
p.add_argument('second', nargs='+')
p.print_usage()
p.print_help(sys.stdout)
