from .. import circle
from ..square import area
from . import cube
