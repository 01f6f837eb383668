from .bad_second import thing

other = 1
