"""The whole interface of patterns and matches, texts of any width, flags."""
import copy
import re

CASES = [
    ('abc', 'xabcy'), ('a.c', 'a\nc abc'), ('^a', 'ba\na'), ('(?m)^a', 'ba\na'), ('a$', 'a\n'), ('a$', 'a\n\n'), ('(?m)a$', 'a\nb'), ('a\\Z', 'a\n'),
    ('\\bfoo\\b', 'a foo.'), ('\\Boo', 'foo oo'), ('[a-c]+', 'zzabcabd'), ('[^a-c]+', 'abzxc'), ('[]a]', ']'), ('[^]]', 'a'), ('[a\\]]+', 'a]'), ('[-a]', '-'),
    ('[a-]', '-'), ('a|b|', 'b'), ('(a)|(b)', 'b'), ('(a(b)?)+', 'abaab'), ('(a*)*', 'aab'), ('(a*)+', 'b'), ('(a|ab)(c|bcd)(d*)', 'abcd'), ('a{2,3}', 'aaaa'),
    ('a{2,3}?', 'aaaa'), ('a{,2}', 'aaa'), ('a{2}', 'aaa'), ('a{2,}', 'aaaa'), ('x*?y', 'xxy'), ('(.*?)(b+)', 'aabb'), ('a++b', 'aaab'), ('a++a', 'aaa'), ('(?>a+)a', 'aaa'),
    ('(?>a|ab)c', 'abc'), ('(a)\\1', 'aa'), ('(?P<x>a)(?P=x)', 'aa'), ('(a)?(?(1)b|c)', 'ab'), ('(a)?(?(1)b|c)', 'c'), ('(?P<q>")?\\w+(?(q)")', '"word"'),
    ('(?=a)\\w', 'ba'), ('a(?!b)', 'abac'), ('(?<=a)b', 'cbab'), ('(?<!a)b', 'abcb'), ('(?<=(a))b', 'ab'), ('(?i)straße', 'STRAßE'), ('(?i:a)b', 'Ab AB'), ('(?i)[a-z]+', 'ABC'),
    ('(?i)k', '\u212a'), ('(?i)s', '\u017f'), ('(?ia)k', '\u212a'), ('(?i)µ', 'μ'), ('(?i)[å]', '\u212b'), ('\\w+', 'é日_1'), ('(?a)\\w+', 'aé'), ('\\d+', '12٣'), ('(?a)\\d+', '12٣'),
    ('\\s+', ' \t\u2003x'), ('(?a)\\s', '\u2003'), ('(?x) a b # comment\n c', 'abc'), ('(?x)a\\ b[ ]c', 'a b c'), ('(?s).+', 'a\nb'), ('(?s-i:.)(?-s:.)', '\n\nx'),
    ('\\x41\\u0042\\101', 'ABA'), ('[\\x41-\\x43]+', 'ABC'), ('\\t\\n', '\t\n'), ('\U0001f600+', 'a\U0001f600\U0001f600'), ('[\U0001f600-\U0001f610]', '\U0001f605'), ('.', '\ud800'),
    ('(?:(a)|b)*', 'ab'), ('(?:(a)|(b))*', 'ab'), ('(a)|b', 'b'), ('()', 'x'), ('(?:)', ''), ('', ''), ('(?!)', 'a'), ('a(?#comment)b', 'ab'), ('((a)(b))', 'ab'), ('(?:a|b)??c', 'ac'),
    ('(\\w+) (\\w+)', 'Isaac Newton, physicist'), ('(?P<first>\\w+) (?P<last>\\w+)', 'Malcolm Reynolds'), ('^(?:(\\d+)x)?\\s*aaa', 'aaa'), ('(?:\\w\\w\\d\\d|x)+?x', 'ab12x'), ('(..)*', 'a1b2c3'),
]
for pattern, text in CASES:
    for p, t in ((pattern, text), (pattern.encode('utf-8', 'replace'), text.encode('utf-8', 'replace'))):
        try:
            c = re.compile(p)
        except (re.error, ValueError) as e:
            print(ascii(p), ascii(str(e)))
            continue
        m = c.search(t)
        print(ascii(p), m and ascii((m.group(), m.groups(), m.span(), m.regs, m.lastindex, m.lastgroup, m.groupdict())), ascii(c.findall(t)),
              ascii(c.split(t)), ascii(c.sub(p[:0] + (b'#' if isinstance(p, bytes) else '#'), t)), c.match(t) is not None, c.fullmatch(t) is not None)

m = re.match(r'(?P<a>x)(?P<b>y)?(z)?', 'xz tail')
print(m, m.group(), m.group(0), m.group(1, 'b', 3), m['a'], m[2], m.groups(), m.groups('-'), m.groupdict(), m.groupdict('none'))
print(m.start(), m.end(), m.span(), m.start('b'), m.end(2), m.span(3), m.lastindex, m.lastgroup, m.pos, m.endpos, m.string, m.re, m.regs)
print(m.expand(r'<\1|\g<b>|\g<3>|\\|\n>'), bool(m), copy.copy(m) is m, copy.deepcopy(m) is m, type(m), type(m).__name__)
p = re.compile(r'(?P<n>a)|(b)', re.I | re.M)
print(p, p.pattern, p.flags, p.groups, p.groupindex, dict(p.groupindex), type(p), p == re.compile(r'(?P<n>a)|(b)', re.I | re.M), p == re.compile('a'), p != 1, hash(p) == hash(re.compile(p)))
print(copy.copy(p) is p, re.compile(p) is p, re.compile('x') is re.compile('x'), re.Pattern[str], isinstance(p, re.Pattern), re.compile(b'a\xff', re.X | re.A | re.S | re.DEBUG & 0))
print(re.compile('a' * 300), repr(re.compile('a', 32 | 256 & 0)), re.compile('"\'\n'))
for pos in (-5, 0, 1, 2, 3, 4, 99):
    for end in (-1, 0, 1, 2, 3, 99):
        c = re.compile('^a|b$|\\b')
        print(pos, end, [m and m.span() for m in (c.match('ab b', pos, end), c.search('ab b', pos, end), c.fullmatch('ab b', pos, end))], c.findall('ab b', pos, end), end=' ')
    print()
print([m.span() for m in re.finditer('a|', 'baab')], [m.group() for m in re.finditer('(?=(a|b))', 'cab')], type(re.finditer('a', 'a')).__name__)
print(re.sub('x*', '-', 'abxd'), re.sub('a', lambda m: m.group().upper(), 'banana', 2), re.subn('(b)(c)?', r'[\2\1]', 'abcb'), re.sub('a', 'b', 'xyz') == 'xyz', re.sub('', '-', 'ab'), re.sub('(?m)^', '> ', 'a\nb\n'))
print(re.split('x*', 'axbc'), re.split('(-)|(,)', 'a-b,c'), re.split(',', 'a,b,c', 1), re.split(',', ''), re.split(r'\b', 'a b'), re.split(',', 'a,b', -1), re.split('', 'ab'))
print(re.sub(b'a', b'<\\g<0>>', bytearray(b'banana')), re.findall(b'a', memoryview(b'banana')), re.match(b'b', bytearray(b'banana')), re.search(b'n', memoryview(b'banana')).group(), re.split(b'n', bytearray(b'banana')))
print(re.escape('a.b*c d\n-[x]{y}#&~é'), re.escape(b'a.\xff|'), re.sub(re.escape('a.b'), 'X', 'a.b acb'), re.escape('\0\t'))
print(repr(re.I), str(re.I), int(re.I), re.I | re.M, re.RegexFlag(0), re.IGNORECASE is re.I, re.RegexFlag.A, re.A | 1024, [f.name for f in re.RegexFlag], re.NOFLAG == 0)
buffer = bytearray(b'abc')
m = re.match(b'(a)(b)', buffer)
buffer.extend(b'more')
print(m.group(2), m.string)
del buffer[:]
print(m.group(), m.group(2))


def shrink(m):
    try:
        buffer.append(1)
    except BufferError as e:
        return b'<' + str(e).encode() + b'>'


buffer = bytearray(b'aXa')
print(re.sub(b'X', shrink, buffer))
nested = re.compile('(a+)')
print(nested.sub(lambda m: nested.sub(lambda k: '%d' % len(k.group(1)), m.group() + 'b' + m.group()), 'aa-aaa'))
s = re.compile(r'(\d+)|(\w+)').scanner('12 ab 3')
print(s.pattern, s.search(), s.match(), s.search(), s.search(), s.search())
scanner = re.Scanner([(r'\d+', lambda s, t: int(t)), (r'[a-z]+', lambda s, t: t), (r'\s+', None), ('=', 'equals')])
print(scanner.scan('x = 12 yz ?'))
re.purge()
n = 10**6
print(len(re.match('(?:ab|a)*', 'ab' * (n // 2)).group()), re.match('(?:(a)|b)*?$', 'ab' * 50000).end(), len(re.findall('a', 'a' * n)), re.match('(?s).*x', 'y' * n), len(re.sub('b', '', 'ab' * 1000)),
      re.search('z', 'y' * n + 'z').start(), re.match('((((a))))*', 'a' * 20000).end(), re.match('.*?y', 'x' * n + 'y').end(), re.fullmatch('(?=(a*))a*', 'a' * n).span(1))


class Text(str):
    pass


m = re.match('a', Text('a'))
print(type(m.string).__name__, type(m.group()).__name__, type(re.sub('x', 'y', Text('a'))).__name__)
text = 'whole'
print(re.match('.*', text).group() is text, re.sub('x', 'y', text) is text)
