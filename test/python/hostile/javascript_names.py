# Names that mean something to JavaScript are ordinary names here.
names = ["__proto__", "constructor", "prototype", "toString", "valueOf", "hasOwnProperty", "__defineGetter__", "__defineSetter__", "__lookupGetter__", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "length", "name", "arguments", "caller", "callee", "then", "toJSON", "undefined", "NaN", "Infinity", "null", "this", "new", "function", "var", "let", "const", "typeof", "eval", "Symbol", "__count__", "__parent__", "0", "-1", "1.5", "NULL"]


class C:
    pass


o = C()
for n in names:
    before = hasattr(o, n), n in o.__dict__, n in {}, n in globals(), getattr(o, n, "absent")
    setattr(o, n, n + "!")
    assert getattr(o, n) == n + "!" and o.__dict__[n] == n + "!"
    print(n, *before)
d = dict.fromkeys(names)
print(len(d), list(d) == names, len(o.__dict__), all(n in d for n in names), "missing" in d)
for n in names:
    delattr(o, n)
    del d[n]
print(o.__dict__, d)
__proto__ = 1
constructor = __proto__ + 1
prototype = [constructor]


def toString(valueOf=1, *, hasOwnProperty=2, **kwargs):
    length = valueOf + hasOwnProperty
    return length, kwargs, sorted(locals())


print(toString(constructor=1, __proto__={}), __proto__, constructor, prototype)


class toJSON:
    constructor = "class attribute"
    __proto__ = {"polluted": True}

    def then(self, resolve):
        return resolve

    def valueOf(self):
        return NotImplemented


t = toJSON()
print(t.then(5), t.constructor, t.__proto__, t.valueOf(), hasattr(C(), "polluted"), hasattr({}, "polluted"), "polluted" in {})
print({"__proto__": {"x": 1}}, {"__proto__": 1, "constructor": 2}["constructor"], dict(__proto__=5), {**{"__proto__": 6}})
null = undefined = None
this, new, function, var, let, const, typeof = range(7)
print(null, undefined, this + new * function, [var, let, const, typeof])
print("%(__proto__)s %(constructor)s" % {"__proto__": 1, "constructor": 2}, "{__proto__}".format(__proto__=3), f"{__proto__}")
try:
    o.__proto__
except AttributeError as e:
    print(e)
try:
    constructor.prototype
except AttributeError as e:
    print(e)
try:
    {}["__proto__"]
except KeyError as e:
    print(repr(e))
print(sorted({"b": 1, "__proto__": 2, "a": 3}), set(["__proto__", "constructor"]) == {"constructor", "__proto__"})
