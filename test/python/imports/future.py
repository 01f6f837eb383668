# from __future__ import ... is a directive and an import.
from __future__ import annotations, print_function
from __future__ import division as d

import __future__

print(d, annotations.getMandatoryRelease(), print_function.optional, d.mandatory)
print(__future__.all_feature_names, [getattr(__future__, n).compiler_flag for n in __future__.all_feature_names])


def f(x: never_evaluated) -> nor_this:
    return 7 / 2


print(f.__annotations__, f(1), hex(f.__code__.co_flags & __future__.CO_FUTURE_ANNOTATIONS))
