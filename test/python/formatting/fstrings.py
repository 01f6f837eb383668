# f-strings: expressions, conversions, nested specs, the = form, quotes, nesting, evaluation order.
name, value, width, items = "world", 3.14159, 10, {"k": [1, 2, 3]}
print(f"hello {name}", f"{name!r} {name!s} {name!a}", f"{value:.2f} {value:{width}.3f} {value:<{width}}|", f"{{}} {{{name}}}")
print(f"{items['k'][1]} {items['k'][-1] * 2} {len(name)} {name.upper()} {(lambda x: x * 2)(21)} {[c for c in name if c > 'm']}")
print(f"{name=} {value=:.1f} {width = } {1 + 1=} {name!r:>10} {name=!s} {items=}")
print(f"{'a' if width > 5 else 'b'} {width:#x} {width:05d} {-width:,} {10**9:_} {True} {None} {1,2}")
print(f"{name}" "plain" f"{width}", "joined " f"{name}" ' and {not interpolated}')
print(f"""multi
line {name
} done""")
print(rf"\n{name}\t", f"\n{name}\t|", f"{name:>{width + 2}}", f"{'nested ' + f'{name}'}")
order = []


def note(tag):
    order.append(tag)
    return tag


print(f"{note('a')}{note('b'):{note('10')}}{note('c')!r}", order)


class Spec:
    def __format__(self, spec):
        return f"<{spec}>"

    def __repr__(self):
        return "Spec()"


print(f"{Spec()} {Spec():abc} {Spec()!r} {Spec()!r:>8} {Spec():{width}x} {Spec():%Y-%m}")
print(f"{'x':{'>'}{5}}", f"{3:{'0'}{4}}", f"{width!r:^{width}}", f'{"double"}', f"{'''triple'''}")
x = 5
print(f"{x:=+5}", f"{x!=6}", f"{x==5}", f"{(y := 7)} {y}", f"{x:=^9}", f"{ {1: 2}[1] }", f"{ {3} }")
for source in ("f'{1/0}'", "f'{undefined_name}'", "f'{[][0]}'", "f'{5:q}'", "f'{name!r:d}'"):
    try:
        print(eval(source))
    except Exception as e:
        print(type(e).__name__, e)
