# isalpha and its relatives over ASCII, Latin-1 and beyond.
names = ["isalpha", "isalnum", "isdigit", "isdecimal", "isnumeric", "isspace", "isupper", "islower", "istitle", "isidentifier", "isprintable", "isascii"]
samples = ["", "abc", "ABC", "aBc", "Abc Def", "123", "12a", "²", "½", "٣", "Ⅷ", " ", "\t\n", "\u00a0", "\u2003", "a b", "é", "É", "ß", "中文", "_x1", "1x", "for", "\x00", "a\n", "ǅ", "\U0001F600", "a\u0301", "A1", "!?", "\ud800"]
for sample in samples:
    print(ascii(sample), [name[2:] for name in names if getattr(sample, name)()])
