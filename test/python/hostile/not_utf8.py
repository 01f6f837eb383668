# Bytes that are no UTF-8, and no encoding declared: refused before the first line.
print("never")
x = "café"
