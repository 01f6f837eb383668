"""Verbose patterns with alternatives; patterns as pickles."""
import copy
import pickle
import re

for pattern in ("(?x) a| b", "(?x)#x\na|#y\nb", "(?: a| b)", "(?x:a| b)", "(?x)(?:a| b)", "(?x) c d | a  b"):
    print([bool(re.fullmatch(pattern, text)) for text in ("a", "b", " b", "ab", "cd")])
for flags in (0, re.IGNORECASE, re.VERBOSE | re.MULTILINE):
    pattern = re.compile("(?s) a+ | b", flags)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(pattern, protocol))
        print(again, again == pattern, again.flags == pattern.flags)
    print(copy.deepcopy(pattern) is pattern)
