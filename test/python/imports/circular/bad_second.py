from .bad_first import other

thing = 2
