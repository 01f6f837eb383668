# A small tokenizer, a word count and a justified paragraph: strings as programs use them.
TEXT = """It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of
foolishness, it was the epoch of belief, it was the epoch of incredulity."""


def words(text):
    word = ""
    for c in text + " ":
        if c.isalpha():
            word += c.lower()
        elif word:
            yield word
            word = ""


counts = {}
for word in words(TEXT):
    counts[word] = counts.get(word, 0) + 1
for word, n in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
    print("%-12s %3d %s" % (word, n, "#" * n))


def justify(text, width):
    line = []
    for word in text.split():
        if sum(map(len, line)) + len(line) + len(word) > width:
            gaps = len(line) - 1
            spaces = width - sum(map(len, line))
            out = ""
            for i, w in enumerate(line):
                out += w
                if i < gaps:
                    out += " " * (spaces // gaps + (i < spaces % gaps))
            print("|" + out + "|")
            line = []
        line.append(word)
    print("|" + " ".join(line).ljust(width) + "|")


justify(TEXT, 32)


def rot13(s):
    out = []
    for c in s:
        for base in ("a", "A"):
            if base <= c <= chr(ord(base) + 25):
                c = chr((ord(c) - ord(base) + 13) % 26 + ord(base))
                break
        out.append(c)
    return "".join(out)


print(rot13("Hello, World"), rot13(rot13("Round trip")))
print("".join(reversed("stressed")), "Was it a rat I saw".lower().replace(" ", "") == "Was it a rat I saw".lower().replace(" ", "")[::-1])
table = [("name", "qty", "price"), ("apple", 3, 1.5), ("kiwi", 12, 0.25)]
for row in table:
    print(" | ".join(str(cell).rjust(8) if i else str(cell).ljust(8) for i, cell in enumerate(row)))
