# -*- coding: latin-1 -*-
# The declared encoding is honoured, for literals, names and comments: éè
print(ascii("café"), len("éÿ"))
né = 5
print(ascii(sorted(k for k in globals() if k.startswith("n"))), né)
