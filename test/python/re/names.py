# Characters by their names, and what is wrong with names.
import re
for p,s in [(r'\N{BULLET}+','a••b'),(r'[\N{DIGIT ONE}-\N{DIGIT THREE}]+','01234'),(r'\N{latin small letter e with acute}','é'),(r'(?i)\N{GREEK SMALL LETTER ALPHA}','Α'),(r'[^\N{SPACE}]+',' ab '),(r'a\N{PLUS SIGN}?','a++')]:
    m=re.search(p,s); print(p, m and m.group())
for p in [r'\N',r'\N{',r'\N{}',r'\Nabc',r'\N{NO SUCH NAME}',r'[\N]',r'[\N{]',r'[\N{BAD}]',r'\N{BULLET',r'[\N{}]',r'(?x)\N{BULL ET}',r'[\N{keycap digit one}]',b'\\N',b'\\N{BULLET}',b'[\\N{BULLET}]', r'x\N{unknown}y', r'[a-\N{nope}]',r'\N{LATIN SMALL LETTER A}\N{}']:
    try: print(p, re.compile(p))
    except re.error as e: print(p, e, e.pos)
print(re.sub('a', r'\\N', 'a'))
try: re.sub('a', r'\N{BULLET}', 'a')
except re.error as e: print(e)
