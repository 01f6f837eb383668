print("second begins")
from . import first

print("second sees VALUE of first:", hasattr(first, "VALUE"))
VALUE = 2
