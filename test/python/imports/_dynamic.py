real = 1


def __getattr__(name):
    if name == "refused":
        raise AttributeError(f"module {__name__!r} refuses {name!r}")
    return "made " + name


def __dir__():
    return ["b", "a"]


def sees_builtin():
    return everywhere
