"""Random object graphs: what dies, in which order, with which callbacks.

graphs.py FIRST COUNT builds the graphs with seeds FIRST, FIRST + 1 ... and prints for each the
events in their order: finalizers, weak reference callbacks, results of collections, survivors.
Two runtimes that treat objects alike print the same.
"""

import gc
import sys
import weakref


class Random:
    """A small generator of numbers, the same everywhere."""

    def __init__(self, seed):
        self.state = (seed * 2654435761 + 12345) & 0xFFFFFFFF
        for _ in range(4):
            self.below(2)

    def below(self, n):
        self.state = (self.state * 1103515245 + 12345) & 0x7FFFFFFF
        return (self.state >> 12) % n

    def chance(self, percent):
        return self.below(100) < percent


log = []
saved = []


class Plain:
    """No finalizer."""


class Node:
    """A finalizer that says its name."""

    def __del__(self):
        log.append(f"del {self.name}")


class Slotted:
    __slots__ = ("name", "a", "b", "__weakref__")

    def __del__(self):
        log.append(f"del {self.name}")


class Lazarus:
    """Saves itself at its first death."""

    def __del__(self):
        log.append(f"del {self.name}")
        saved.append(self)


class Looker:
    """Its finalizer looks at what it refers to, and lets one of it go."""

    def __del__(self):
        names = sorted(vars(self))
        log.append(f"del {self.name} with {names}")
        for name in names:
            if name.startswith("x"):
                delattr(self, name)
                break


class Saver:
    """Its finalizer saves what it refers to, not itself."""

    def __del__(self):
        log.append(f"del {self.name}")
        for name, value in vars(self).items():
            if name.startswith("x"):
                saved.append(value)
                break


class Raiser:
    def __del__(self):
        raise ValueError(self.name)


class Collector:
    """Asks for a collection in its finalizer."""

    def __del__(self):
        log.append(f"del {self.name} collects {gc.collect()}")


class List(list):
    def __del__(self):
        log.append(f"del list {self.name}")


class Dict(dict):
    pass


KINDS = [Plain, Node, Slotted, Lazarus, Looker, Saver, Raiser, Collector, List, Dict,
         "list", "dict", "function", "generator", "method", "tuple"]


def new_function():
    held = []

    def function():
        return held
    function.held = held
    return function


def new_generator(name):
    held = []
    try:
        yield held
    finally:
        log.append(f"close {name}")


class Item:
    """One object of the graph, while it is being built."""

    def __init__(self, obj, add):
        self.obj = obj
        self.add = add


def new_item(kind, name, items, random):
    if kind == "list":
        obj = []
        return Item(obj, obj.append)
    if kind == "dict":
        obj = {}
        return Item(obj, lambda value: obj.__setitem__(len(obj), value))
    if kind == "function":
        obj = new_function()
        return Item(obj, obj.held.append)
    if kind == "generator":
        obj = new_generator(name)
        return Item(obj, next(obj).append)
    if kind in ("method", "tuple"):
        if not items:
            return new_item(Node, name, items, random)
        first = items[random.below(len(items))].obj
        if kind == "tuple":
            inner = []
            return Item((inner, first), inner.append)
        holder = Node()
        holder.name = name + " held"
        holder.x0 = first
        method = holder.__del__
        return Item(method, lambda value: setattr(holder, f"x{len(vars(holder))}", value))
    obj = kind()
    if kind is Dict:
        return Item(obj, lambda value: obj.__setitem__(len(obj), value))
    obj.name = name
    if kind is List:
        return Item(obj, obj.append)
    if kind is Slotted:
        return Item(obj, lambda value: setattr(obj, "a" if random.chance(50) else "b", value))
    return Item(obj, lambda value: setattr(obj, f"x{len(vars(obj))}", value))


def note(ref_name, refs):
    def callback(ref):
        dead = [n for n, r in refs if r is not None and r() is None]
        log.append(f"callback {ref_name} {len(dead)}")
    return callback


def build(random):
    """Roots by name, and the weak references to look at later."""
    items = []
    refs = []
    for i in range(2 + random.below(9)):
        item = new_item(KINDS[random.below(len(KINDS))], f"o{i}", items, random)
        items.append(item)
    for _ in range(random.below(2 * len(items) + 2)):
        source = items[random.below(len(items))]
        target = items[random.below(len(items))]
        source.add(target.obj)
    mapping = weakref.WeakValueDictionary()
    keyed = weakref.WeakKeyDictionary()
    for i, item in enumerate(items):
        for j in range(random.below(4)):
            name = f"r{i}.{j}"
            try:
                if random.chance(60):
                    ref = weakref.ref(item.obj, note(name, refs))
                elif random.chance(30):
                    ref = weakref.proxy(item.obj, note(name, refs))
                else:
                    ref = weakref.ref(item.obj)
            except TypeError:
                break
            if random.chance(30):
                # Inside the graph: its callback may never be called.
                items[random.below(len(items))].add(ref)
            elif type(ref) is weakref.ref:
                refs.append((name, ref))
            else:
                refs.append((name, None))
                saved_proxies.append(ref)
            if random.chance(20):
                mapping[name] = item.obj
            if random.chance(10):
                try:
                    keyed[item.obj] = name
                except TypeError:
                    pass
            if random.chance(10):
                weakref.finalize(item.obj, log.append, f"finalize {name}").atexit = False
        ref = None
    roots = {f"o{i}": item.obj for i, item in enumerate(items)}
    return roots, refs, mapping, keyed


saved_proxies = []


def run(seed):
    random = Random(seed)
    gc.collect()
    log.clear()
    roots, refs, mapping, keyed = build(random)
    if random.chance(20):
        log.append(f"early {gc.collect(random.below(3))}")
    names = list(roots)
    while names:
        name = names.pop(random.below(len(names)))
        log.append(f"drop {name}")
        del roots[name]
        if random.chance(15):
            log.append(f"collect {gc.collect(random.below(3))}")
    log.append(f"collect {gc.collect()}")
    for _ in range(3):
        if not saved:
            break
        log.append("saved " + " ".join(f"{type(o).__name__}{gc.is_finalized(o):d}" for o in saved))
        log.append("alive " + " ".join(n for n, r in refs if r is not None and r() is not None))
        saved.clear()
        log.append(f"collect {gc.collect()}")
    log.append("alive " + " ".join(n for n, r in refs if r is not None and r() is not None))
    log.append(f"weak {sorted(mapping)} {sorted(keyed.values())}")
    saved_proxies.clear()
    refs.clear()
    log.append(f"rest {gc.collect()} {len(gc.garbage)}")


def hook(unraisable):
    log.append(f"unraisable {unraisable.exc_value}")


def main():
    first, count = int(sys.argv[1]), int(sys.argv[2])
    sys.unraisablehook = hook
    gc.disable()
    for seed in range(first, first + count):
        run(seed)
        print(f"{seed}: {'; '.join(log)}")


main()
