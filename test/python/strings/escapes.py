# Escapes in literals, repr and ascii of every kind of character, raw strings, line joining.
print("tab\there", "nl\\n", 'q\'q"q', "\x41\101\u0041\U00000041\N{LATIN CAPITAL LETTER A}", "\a\b\f\v\0\r" == "\x07\x08\x0c\x0b\x00\x0d", len("\
"), r"\n\x", r"\"", len("\N{DIGIT ONE}\N{GREEK SMALL LETTER ALPHA}"))
for text in ("plain", "it's", 'say "hi"', 'both \' and "', "\n\t\r\\", "\x00\x1f\x7f", "\x80\xa0\xad", "é", "\u0300", "\u200b", "\u2028", "中", "\ud800", "\udfff", "\ue000", "\ufeff", "\uffff", "\U0001F600", "\U000E0001", "\U0010FFFF", ""):
    print(ascii(text), ascii(repr(text)), len(text), len(repr(text)))
print('''triple "quoted" 'text' \
continued''', """a
b""", "implicit" ' concatenation' """ of""" r" pieces\n")
print("\1\12\123\1234", "\x4a\x4A")
print(len("\u00e9"), "e\u0301" == "\u00e9", ascii("e\u0301é"), "\t".isspace())
print(str("x\ny"), [ "x\ny" ], ("it's",), {"k'": 'v"'})
print(ascii("ab\u1234\U00012345"), repr("\u1234"), ascii(["é", {"ü": "ß"}]))
