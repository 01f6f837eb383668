from .. import UNITS
from ..square import area as face


def surface(a):
    return f"{6 * face(a)} {UNITS}^2"
