# Huffman coding, run-length and LZ77 compression, base64: encode, decode, compare.
TEXT = ("the rain in spain stays mainly in the plain; " * 6 + "abracadabra " * 5).encode()


def huffman(data):
    nodes = [(n, [b]) for b, n in sorted({b: data.count(bytes([b])) for b in set(data)}.items())]
    codes = {b: "" for _, bs in nodes for b in bs}
    while len(nodes) > 1:
        nodes.sort(key=lambda node: (node[0], node[1]))
        (n1, left), (n2, right), *nodes = nodes
        for b in left:
            codes[b] = "0" + codes[b]
        for b in right:
            codes[b] = "1" + codes[b]
        nodes.append((n1 + n2, sorted(left + right)))
    return codes


codes = huffman(TEXT)
bits = "".join(codes[b] for b in TEXT)
reverse, out, word = {v: k for k, v in codes.items()}, bytearray(), ""
for bit in bits:
    word += bit
    if word in reverse:
        out.append(reverse[word])
        word = ""
print(len(TEXT), len(bits), bytes(out) == TEXT, sorted(codes.items(), key=lambda kv: (len(kv[1]), kv[0]))[:4])


def lz77(data, window=64):
    i, out = 0, []
    while i < len(data):
        best = (0, 0)
        for start in range(max(0, i - window), i):
            n = 0
            while n < 15 and i + n < len(data) and data[start + n] == data[i + n]:
                n += 1
            if n > best[1]:
                best = (i - start, n)
        nxt = data[i + best[1] : i + best[1] + 1]
        out.append((*best, nxt))
        i += best[1] + 1
    return out


def unlz77(tokens):
    out = bytearray()
    for back, n, nxt in tokens:
        for _ in range(n):
            out.append(out[-back])
        out += nxt
    return bytes(out)


tokens = lz77(TEXT)
print(len(tokens), unlz77(tokens) == TEXT, tokens[-3:])
ALPHABET = bytes([*range(65, 91), *range(97, 123), *range(48, 58), 43, 47])


def base64(data):
    out = bytearray()
    for i in range(0, len(data), 3):
        group = data[i : i + 3]
        n = int.from_bytes(group + bytes(3 - len(group)), "big")
        out += bytes(ALPHABET[n >> s & 63] for s in (18, 12, 6, 0))[: len(group) + 1] + b"=" * (3 - len(group))
    return out.decode()


def unbase64(text):
    n = 0
    for c in text.rstrip("=").encode():
        n = n << 6 | ALPHABET.index(c)
    size = len(text.rstrip("=")) * 6
    return (n >> size % 8).to_bytes(size // 8, "big")


for s in (b"", b"a", b"ab", b"abc", bytes(range(250, 256)) + b"\0", "é中".encode()):
    print(base64(s), unbase64(base64(s)) == s)


def rle(s):
    out, i = [], 0
    while i < len(s):
        j = i
        while j < len(s) and s[j] == s[i]:
            j += 1
        out.append(f"{s[i]}{j - i if j - i > 1 else ''}")
        i = j
    return "".join(out)


print(rle("aaabccddddde"), rle(""), rle("x" * 100))
