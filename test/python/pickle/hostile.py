"""What is no pickle: cut short, changed at random, with lengths that lie. The exceptions are CPython's."""
import collections
import pickle
import random


class Point:
    def __init__(self, x):
        self.x = x


def outcome(data):
    try:
        value = pickle.loads(data)
    except MemoryError:
        # CPython allocates what a length announces, before it sees that the bytes are not there.
        return 'UnpicklingError: pickle data was truncated'
    except Exception as error:
        text = str(error).partition('<module')[0]
        if ' at 0x' in text or 'keyword' in text:
            text = text[:20]
        return f'{type(error).__name__}: {text[:150]}'
    text = repr(value)
    return 'loaded ' + (type(value).__name__ if ' at 0x' in text else text[:60])


FIXED = [
    b'', b'.', b'\x80', b'\x80\x06.', b'\x80\x05', b'N', b'NN.', b'0.', b'(.', b'1.', b'(0.', b'2.', b'a.', b'Na.', b']a.',
    b'](a.', b'e.', b'(e.', b']N(e.', b'](NNe.', b's.', b'}s.', b'}Ns.', b'}NNs.', b'u.', b'(u.', b'}(Nu.', b'}(NNu.',
    b't.', b'(t.', b'\x85.', b'N\x86.', b'(NN\x87.', b'NNN\x87.', b'l.', b'(Nl.', b'd.', b'(Nd.', b'(NNd.', b'\x90.', b'(\x90.',
    b'\x8f(\x90.', b'\x8f(N\x90.', b'\x8f(]\x90.', b'\x91.', b'(\x91.', b'(]\x91.', b'h\x05.', b'j\x05\x00\x00\x00.', b'g5\n.', b'gx\n.', b'g-1\n.',
    b'p5\n.', b'Npx\n.', b'Np-1\n.', b'Np5\ng5\n.', b'q\x00.', b'Nq\x00h\x00\x86.', b'r\xff\xff\xff\xff.', b'\x94.',
    b'I5\n.', b'I01\n.', b'I00\n.', b'I0x10\n.', b'Ix\n.', b'I\n.', b'I', b'I5', b'L5L\n.', b'L5\n.', b'Lx\n.', b'L\n.', b'F1.5\n.', b'Fx\n.', b'F\n.', b'F 1\n.',
    b'Finf\n.', b'S\'a\'\n.', b'S"a\\x41\\n"\n.', b'Sa\n.', b"S'\n.", b"S'a\"\n.", b'S\n.', b"S'\xff'\n.", b"S'\\'\n.", b"S'\\xg'\n.",
    b'Va\n.', b'V\\u20ac\n.', b'V\\u20\n.', b'V\\U99999999\n.', b'V\n.', b'V', b'J\x01\x00.', b'K', b'M\x01', b'\x8a\x02\x01', b'\x8a\x00.', b'\x8a\x01\xff.',
    b'\x8b\xff\xff\xff\xff.', b'\x8b\x01\x00\x00\x00\x05.', b'\x8b\xff\xff\xff\x7f.', b'G\x00', b'T\xff\xff\xff\xff.', b'T\x01\x00\x00\x00a.', b'U\x01a.', b'U\x01\xe9.',
    b'X\xff\xff\xff\xffa.', b'X\x01\x00\x00\x00\xff.', b'\x8c\x02\xc3\xa9.', b'\x8d\xff\xff\xff\xff\xff\xff\xff\xff.', b'\x8d\xff\xff\xff\xff\xff\xff\xff\x7f.',
    b'\x8e\xff\xff\xff\xff\xff\xff\xff\xff.', b'\x8e\x00\x00\x00\x00\x01\x00\x00\x00a.', b'B\xff\xff\xff\xff.', b'C\x05ab.', b'\x96\xff\xff\xff\xff\xff\xff\xff\xff.',
    b'\x95\xff\xff\xff\xff\xff\xff\xff\xff.', b'\x95\xff\xff\xff\x00\x00\x00\x00\x00N.', b'\x95\x02\x00\x00\x00\x00\x00\x00\x00N.', b'\x95\x02\x00',
    b'cnowhere\nname\n.', b'cbuiltins\nname\n.', b'cbuiltins\n', b'cbuiltins\nint', b'c\n\n.', b'cbuiltins\nint\n.', b'cbuiltins\nint.x\n.',
    b'\x80\x04\x8c\x08builtins\x8c\x03int\x93.', b'\x80\x04\x8c\x08builtins\x8c\x07int.bad\x93.', b'\x80\x04\x8c\x08builtins\x8c\x0cint.from_bytes\x93.', b'\x80\x04\x8c\x08builtins\x8c\x10a.<locals>.inner\x93.',
    b'K\x01K\x02\x93.', b'\x93.', b'R.', b'NR.', b'N)R.', b'cbuiltins\nint\n)R.', b'cbuiltins\nint\nNR.', b'cbuiltins\nint\n(K\x01tR.', b'cbuiltins\nlen\n)R.',
    b'\x81.', b'N)\x81.', b'cbuiltins\nint\nN\x81.', b'cbuiltins\nlen\n)\x81.', b'cbuiltins\nint\n)\x81.', b'cbuiltins\nint\n)}\x92.', b'cbuiltins\nint\n)N\x92.', b'cbuiltins\nint\nN}\x92.', b'cbuiltins\nlen\n)}\x92.',
    b'\x92.', b'(o.', b'(cbuiltins\nint\no.', b'(cbuiltins\nlist\n)o.', b'(N)o.', b'o.', b'(ibuiltins\nint\n.', b'ibuiltins\nint\n.', b'(K\x05ibuiltins\nfloat\n.', b'(i\n\n.',
    b'b.', b'Nb.', b'NNb.', b'N}b.', b'NK\x01b.', b'N}}\x86b.', b'NNN\x86b.', b'NK\x01N\x86b.', b'NNK\x01\x86b.', b'c__main__\nPoint\n)\x81}\x8c\x01xK\x05sb.', b'c__main__\nPoint\n)\x81K\x05b.',
    b'c__main__\nPoint\n)\x81N}\x8c\x01xK\x05s\x86b.', b'P1\n.', b'P\xff\n.', b'NQ.', b'Q.', b'\x97.', b'\x98.', b'N\x98.', b'\x8c\x01a\x98.', b'C\x01a\x98.',
    b'\x82\x00.', b'\x82\x05.', b'\x82', b'\x83\x00\x00.', b'\x84\xff\xff\xff\xff.', b'\x84\x05\x00\x00\x00.', b'\x00.', b'\xff.', b'x.', b"'.", b'\\.', b'~.', b'\x7f.',
    b'cbuiltins\neval\n(S\'1+1\'\ntR.', b'}}Ns.', b'}]Ns.', b'(]Nd.', b'K\x01(K\x02e.', b'K\x01K\x02a.', b'ccollections\ndeque\n)\x81(K\x01K\x02e.', b'ccollections\nOrderedDict\n)\x81K\x01K\x02s.',
    b'((((((((.', b'(' * 1000 + b'.', b'(' * 300 + b't' * 300 + b'.', b'N.N.', b'\x80\x02\x80\x03N.', b'N\x85\x85\x85.', b'2', b'N2\x86.',
]
for data in FIXED:
    print(data[:60], outcome(data))

good = [
    pickle.dumps([1, 'a', b'b', 2.5, {'k': (1, 2, [3])}, {1, 2}, None, True], protocol) for protocol in range(6)
] + [pickle.dumps([Point(i) for i in range(3)], protocol) for protocol in range(6)]
good.append(pickle.dumps(collections.OrderedDict({1: [2**70, -5, 'x' * 300]})))
for data in good:
    print([outcome(data[:end]) for end in range(0, len(data), 3)])
rng = random.Random(11)
seen = collections.Counter()
for number in range(1500):
    data = bytearray(rng.choice(good))
    for _ in range(rng.randrange(1, 4)):
        at = rng.randrange(len(data))
        action = rng.randrange(3)
        if action == 0:
            data[at] = rng.randrange(256)
        elif action == 1:
            del data[at]
        else:
            data.insert(at, rng.randrange(256))
    result = outcome(bytes(data))
    seen[result.split(':')[0].split(' ')[0]] += 1
    if number % 10 == 0:
        print(number, bytes(data), result)
print(sum(seen.values()))
