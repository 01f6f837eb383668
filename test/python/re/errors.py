"""What re says of patterns and templates that are wrong."""
import re
import warnings

PATTERNS = ['*', '+a', '?', '{1}', 'a**', 'a*+b', 'a*?+', 'a{2}{3}', 'a{3,2}', 'a{2', 'a{,}', 'a{}', 'a{,3}', '{', '}', 'x{1,2}y',
            '(', ')', '(a', 'a)', '((a)', '(?', '(?P', '(?P<', '(?P<n', '(?P<n>', '(?P<>a)', '(?P<1>a)', '(?P<n!>a)', '(?P<n>a)(?P<n>b)',
            '(?P=', '(?P=n', '(?P=n)', '(?P=n!)', '(?P=)', '(?P>x)', '(?Px', '(?<', '(?<x', '(?<n>a)', '(?:', '(?:a', '(?#', '(?#abc', '(?=', '(?=a',
            '(?!', '(?<=a', '(?<!a', '(?<=a*)', '(?<=a|bc)', '(?<!a+)b', '(?<=(a))\\1', '(?<=(a)\\1)', '(?<=(?P<q>a)(?P=q))', '(?(', '(?(1', '(?(1)', '(?(1)a', '(?(1)a|b|c)',
            '(?(2)a)', '(?(0)a)', '(?(n)a)', '(?(n!)a)', '(?(-1)a)', '(?()a)', '(a)(?(1)b|c)', '(a)?(?(1)b)', '(?(1)a|b)(c)', '\\', 'a\\', '\\q', '\\x', '\\x1', '\\xg1',
            '\\u123', '\\U0011', '\\U00110000', '\\N', '\\N{', '\\N{}', '\\N{foo', '\\8', '\\1', '(a)\\2', '(a\\1)', '\\07', '\\08', '\\400', '\\377', '\\777', '\\01', '\\18',
            '[', '[a', '[]', '[^]', '[^', '[]a]', '[^]a]', '[b-a]', '[a-\\d]', '[\\d-a]', '[\\w-]', '[a-', '[a-\\', '[\\q]', '[\\x1]', '[\\400]', '[\\8]', '[\\b]', '[\\B]', '[\\A]',
            '[--a]', '[a-a]', '[\\u12]', '(?i', '(?i-', '(?i-)', '(?-i)', '(?-i:a)', '(?i-i:a)', '(?z)', '(?iz)', '(?i-z:a)', '(?-z:a)', '(?-', '(?L)a', '(?au)a', '(?a-u:b)', '(?-a:b)',
            'a(?i)b', '(?i)a', ' (?i)a', '(?x) (?i)a', '(?im)a', '(?t:a)', '(?i:a', '(?i1)', '(?i-1:)', '(?i-:a)', '(?é)', '(?iJ', '(a))', '(?:a))', 'a|*', '(|*)', '^*', '$+', '\\b*', '\\A?', '(?=a)*',
            '(?:^)*', '(^)*', 'x{99999999999}', 'x{1,99999999999}', 'x{4294967295}', '(?P<é>a)', '(?P<a b>c)', "(?P<a'b>c)", '\\pL', '\\c', '\\\n', '(?P<n>a)(?(n)b|c)', 'a\nb(', '\n\n[z-a]', '(?s-:.)',
            '(?>', '(?>a', '(?>a)b', 'a++', 'a?+', 'a{1,2}+', 'a+++', '(?!)', '(?<!)', '(?<=)', '(?|a)', "(?'n'a)", '(?&n)', '(?R)', '(*x)', '\\g<1>', '[[a]', '[a&&b]', '[a||b]', '[a~~b]']
for flags in (0, re.X):
    for pattern in PATTERNS:
        for p in (pattern, pattern.encode()):
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter('always')
                try:
                    c = re.compile(p, flags)
                    text = f'ok groups={c.groups} {dict(c.groupindex)} flags={c.flags}'
                except re.error as e:
                    text = f're.error {e} | {e.msg} {e.pos} {e.lineno} {e.colno} {e.pattern == p}'
                except Exception as e:
                    text = f'{type(e).__name__} {e}'
            print(ascii(p), ascii(text), [(w.category.__name__, str(w.message)) for w in caught])

warnings.simplefilter('ignore')
print(len('(?P<n>'), repr(re.error('x')), repr(re.error('x', 'ab\nc', 4)), re.error.__mro__, re.error('m', b'a', 0).args)
TEMPLATES = ['\\1', '\\2', '\\3', '\\0', '\\01', '\\012', '\\0123', '\\123', '\\400', '\\99', '\\g<1>', '\\g<2>', '\\g<3>', '\\g<n>', '\\g<m>', '\\g', '\\g<', '\\g<1', '\\g<>', '\\g<a b>', '\\g<-1>', '\\g<0>', '\\g<+1>',
             '\\q', '\\', 'a\\', '\\n\\t\\a\\b\\f\\r\\v\\\\', '\\x41', '\\ ', '\\.', '\\-', 'plain', '', '\\g<01>', '\\g<1_0>', '\\108', '\\18', '\\é', '\\e']
for template in TEMPLATES:
    for pattern, string, t in (('(a)(?P<n>b)?', 'xabya', template), (b'(a)(?P<n>b)?', b'xabya', template.encode())):
        results = []
        for call in (lambda: re.sub(pattern, t, string), lambda: re.search(pattern, string).expand(t), lambda: re.subn(pattern, t, string, 1)):
            try:
                results.append(ascii(call()))
            except re.error as e:
                results.append(ascii(f're.error {e} | {e.pos}'))
            except Exception as e:
                results.append(ascii(f'{type(e).__name__} {e}'))
        print(ascii(t), results)
for call in (lambda: re.compile(1), lambda: re.compile(None), lambda: re.compile(['a']), lambda: re.compile(re.compile('a'), re.I), lambda: re.compile(re.compile('a')),
             lambda: re.match('a', b'a'), lambda: re.match(b'a', 'a'), lambda: re.match('a', 1), lambda: re.match('a', None), lambda: re.sub('a', 1, 'a'), lambda: re.sub('a', b'x', 'a'),
             lambda: re.sub(b'a', 'x', b'a'), lambda: re.sub('a', lambda m: 1, 'bab'), lambda: re.sub('a', lambda m: None, 'bab'), lambda: re.sub('a', lambda m: 1 / 0, 'bab'),
             lambda: re.compile('a').match(), lambda: re.compile('a').match('a', 'b'), lambda: re.compile('a').match('a', x=1), lambda: re.compile('(a)').match('a').group(2),
             lambda: re.compile('(a)').match('a').group('x'), lambda: re.compile('(a)').match('a')[1.5], lambda: re.compile('(a)').match('a').start('x'), lambda: re.compile('(a)').match('a').group(-1),
             lambda: re.compile('(a)').match('a')[[]], lambda: re.compile('a', re.L), lambda: re.compile('a', re.A | re.U), lambda: re.compile(b'a', re.U), lambda: re.compile(b'a', re.L | re.A),
             lambda: re.Pattern(), lambda: re.Match(), lambda: re.compile('(' * 5000), lambda: re.nonsense, lambda: re.compile('a', 'i'), lambda: re.split('a', 'a', 'x')):
    try:
        print(repr(call())[:60])
    except Exception as e:
        print(type(e).__name__, str(e)[:120])
