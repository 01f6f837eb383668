"""Random patterns on random texts: everything that a pattern does with each."""
import binascii
import random
import re
import warnings

warnings.simplefilter('ignore')
r = random.Random(4711)
PLACES = ['^', '$', '\\b', '\\B', '\\A', '\\Z']
LETTERS = ['a', 'b', 'c', 'a', 'b', 'A', 'B', '1', ' ', '\n', '_', 'aab', 'é', 'É', 's', 'ſ', 'K', '\u212a', 'i', 'İ', 'ı', '日',
           '\U0001f600']


def atom(depth, state):
    kind = r.randrange(22 if depth > 0 else 9)
    if kind < 4:
        return r.choice('abcab')
    if kind == 4:
        return r.choice(['.', '\\w', '\\d', '\\s', '\\W', '\\S', '\\D'] + PLACES)
    if kind == 5:
        members = ['a', 'b', 'c', 'a-c', '\\w', '\\d', '1', 'B', '\\W', '-']
        return '[' + r.choice(['', '^']) + ''.join(r.choice(members) for _ in range(r.randrange(1, 4))) + ']'
    if kind == 6:
        return r.choice(['A', 'B', '1', ' ', '_', '\\n', 'é', 'É', 'ß', 'ſ', 's', 'K', 'k', 'İ', 'i', 'ı', '日', '\U0001f600'])
    if kind == 7 and state['groups']:
        return '\\%d' % r.randrange(1, state['groups'] + 1)
    if kind == 8:
        return r.choice(['ab', 'abc', 'aa', 'ba'])
    if kind < 12:
        return '(?:' + alternatives(depth - 1, state) + ')'
    if kind < 16:
        inner = alternatives(depth - 1, state)
        state['groups'] += 1
        return '(' + inner + ')'
    if kind == 16:
        return '(?=' + alternatives(depth - 1, state) + ')'
    if kind == 17:
        return '(?!' + alternatives(depth - 1, state) + ')'
    if kind == 18:
        return r.choice(['(?<=', '(?<!']) + r.choice(['a', 'b', 'ab', '[ab]', '.', '\\w', 'a|b', 'aa|bb']) + ')'
    if kind == 19:
        return '(?>' + alternatives(depth - 1, state) + ')'
    if kind == 20 and state['groups']:
        group = r.randrange(1, state['groups'] + 1)
        return '(?(%d)%s|%s)' % (group, sequence(depth - 1, state), sequence(depth - 1, state))
    if kind == 21:
        return '(?%s:%s)' % (r.choice(['i', 's', 'm', '-i', 'i-s', 'a', 'u']), alternatives(depth - 1, state))
    return 'a'


def item(depth, state):
    text = atom(depth, state)
    if r.random() < .4 and text not in PLACES:
        if len(text) > 1 and text[0] not in '\\[(':
            text = '(?:' + text + ')'
        text += r.choice(['*', '+', '?', '{2}', '{1,2}', '{0,3}', '{2,}', '{,2}']) + r.choice(['', '', '', '?', '+'])
    return text


def sequence(depth, state):
    return ''.join(item(depth, state) for _ in range(r.randrange(0, 4)))


def alternatives(depth, state):
    return '|'.join(sequence(depth, state) for _ in range(r.choice([1, 1, 1, 2, 3])))


for number in range(400):
    pattern = alternatives(3, {'groups': 0})
    flags = r.choice([0, 0, 0, re.I, re.M, re.S, re.I | re.M, re.A, re.A | re.I, re.X])
    in_bytes = r.random() < .2
    try:
        p = re.compile(pattern.encode('utf-8') if in_bytes else pattern, flags)
    except Exception as e:
        print(number, ascii(pattern), int(flags), type(e).__name__, ascii(str(e)))
        continue
    results = []
    for _ in range(6):
        letters = LETTERS if r.random() < .3 else 'abc'
        text = ''.join(r.choice(letters) for _ in range(r.randrange(0, 9)))
        if in_bytes:
            text = text.encode()
        pos, end = r.choice([0, 0, 0, 1, 2]), r.choice([100, 100, 100, 3, 5])
        for f in (p.search, p.fullmatch, p.match):
            m = f(text, min(pos, len(text)), max(end, pos))
            results.append(m and (m.span(), m.regs, m.lastindex))
        results.append(p.findall(text, pos, end))
        results.append([m.regs for m in p.finditer(text)])
        results.append(p.split(text))
        results.append(p.subn(b'<\\g<0>>' if in_bytes else '<\\g<0>>', text))
    print(number, ascii(pattern), int(flags), binascii.crc32(ascii(results).encode()), ascii(results[:1]))
