# Packages: bodies run once, absolute and relative imports, submodules as attributes, star imports.
import sys

print("start", "shapes" in sys.modules)
import shapes
import shapes as again
import shapes.circle as ring
from shapes import circle, square_area, UNITS as units
from shapes.square import area

print(shapes is again, ring is shapes.circle, circle is ring, square_area is area, units, area(3), ring.area(2))
print(hasattr(shapes, "solid"), sorted(n for n in sys.modules if n.startswith("shapes")))
import shapes.solid.cube

print(shapes.solid.cube.surface(2), shapes.solid.area is area, sys.modules["shapes.solid"] is shapes.solid)
print(shapes.__name__, shapes.__package__, shapes.circle.__name__, shapes.circle.__package__, shapes.__doc__, shapes.solid.cube.__name__, __name__, __package__)
namespace = {}
exec("from shapes import *", namespace)
print(sorted(k for k in namespace if k != "__builtins__"))
namespace = {}
exec("from shapes.square import *", namespace)
print(sorted(k for k in namespace if k != "__builtins__"))
print(shapes.__file__.replace("\\", "/").split("/")[-2:], shapes.circle.__file__.endswith("circle.py"), [p.replace("\\", "/").split("/")[-1] for p in shapes.__path__])
shapes.circle.PI = 10
print(ring.area(1), type(shapes).__name__)


def local():
    import shapes.circle
    from shapes import solid as s

    return shapes.circle.PI, s.__name__, sorted(locals())


print(local())
m = __import__("shapes.circle")
print(m.__name__, __import__("shapes.circle", fromlist=["PI"]).__name__)
del sys.modules["shapes.circle"]
import shapes.circle

print(shapes.circle.PI, ring.PI, shapes.circle is ring)
for name in ("PI", "nothing"):
    try:
        print(getattr(ring, name))
    except AttributeError as e:
        print(e)
print(sorted(n for n in dir(ring) if not n.startswith("__")))
