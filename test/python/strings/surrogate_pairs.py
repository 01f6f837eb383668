# A pair of surrogates written apart: two characters, never the one that UTF-16 would make of them.
print(len("\ud83d\ude00"), len("\U0001f600"))
print("\ud83d\ude00" == "\U0001f600", ascii("\ud83d" + "\ude00"))
