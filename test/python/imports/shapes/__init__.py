"""A package whose body runs once."""
print("shapes body", __name__, __package__)
from . import circle
from .square import area as square_area

UNITS = "cm"
__all__ = ["circle", "UNITS", "solid"]
