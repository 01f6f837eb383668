def f(x):
    match x:
        case 1 | -2 | 3.5 | "s" | b"b":
            return 1
        case [a, b, *rest] if a:
            return a, b, rest
        case [1, *_, 2]:
            return 2
        case {"k": v, 1: [w], **rest}:
            return v, w, rest
        case {}:
            pass
        case C(p, q=(1, 2)) as whole:
            return whole
        case None | True:
            return 0
        case a.b.c:
            return a
        case (x, 1) | (1, x):
            return x
        case [(y, z) | (z, y), 3]:
            return z
        case -1 + 2j:
            return 4
        case ():
            return 5
        case _:
            return None


match command.split():
    case [action]:
        pass
    case [action, obj]:
        print(action, obj)
match x, y:
    case _:
        pass
match z:
    case other:
        print(other)
