# An event bus, an observer, undo by command objects, a state machine and a plugin registry.
class Bus:
    def __init__(self):
        self.handlers = {}

    def on(self, event, priority=0):
        def register(f):
            self.handlers.setdefault(event, []).append((-priority, len(self.handlers.get(event, ())), f))
            self.handlers[event].sort(key=lambda h: h[:2])
            return f

        return register

    def emit(self, event, *args, **kwargs):
        results = []
        for *_, handler in self.handlers.get(event, []):
            try:
                results.append(handler(*args, **kwargs))
            except Exception as e:
                results.append(f"{handler.__name__} failed: {e!r}")
        return results


bus = Bus()


@bus.on("start")
def first(x):
    return f"first {x}"


@bus.on("start", priority=5)
def urgent(x):
    return f"urgent {x}"


@bus.on("start")
def broken(x):
    return x.no_such_attribute


print(bus.emit("start", 1), bus.emit("unknown"), bus.emit("start"))


class Document:
    def __init__(self):
        self.text, self.undo_stack, self.redo_stack = "", [], []

    def do(self, command):
        command.apply(self)
        self.undo_stack.append(command)
        self.redo_stack.clear()
        return self

    def undo(self):
        command = self.undo_stack.pop()
        command.revert(self)
        self.redo_stack.append(command)
        return self

    def redo(self):
        command = self.redo_stack.pop()
        command.apply(self)
        self.undo_stack.append(command)
        return self


class Insert:
    def __init__(self, at, text):
        self.at, self.text = at, text

    def apply(self, doc):
        doc.text = doc.text[: self.at] + self.text + doc.text[self.at :]

    def revert(self, doc):
        doc.text = doc.text[: self.at] + doc.text[self.at + len(self.text) :]


class Upper:
    def apply(self, doc):
        self.before, doc.text = doc.text, doc.text.upper()

    def revert(self, doc):
        doc.text = self.before


d = Document().do(Insert(0, "hello")).do(Insert(5, " world")).do(Upper())
print(d.text, d.undo().text, d.undo().text, d.redo().text, d.redo().text, len(d.undo_stack))
try:
    d.redo()
except IndexError as e:
    print(e)


class State:
    transitions = {}

    def __init_subclass__(cls, **moves):
        cls.transitions = moves
        State.transitions[cls.__name__] = cls

    def next(self, event):
        try:
            return State.transitions[self.transitions[event]]()
        except KeyError:
            raise ValueError(f"{type(self).__name__} does not accept {event!r}") from None

    def __repr__(self):
        return type(self).__name__


class Closed(State, open="Open", lock="Locked"):
    pass


class Open(State, close="Closed"):
    pass


class Locked(State, unlock="Closed"):
    pass


door, trail = Closed(), []
for event in "open close lock open unlock open lock".split():
    try:
        door = door.next(event)
        trail.append(repr(door))
    except ValueError as e:
        trail.append(str(e))
print(*trail, sep="; ")


class Observable:
    def __init__(self):
        object.__setattr__(self, "observers", [])

    def __setattr__(self, name, value):
        old = self.__dict__.get(name)
        object.__setattr__(self, name, value)
        for o in self.observers:
            o(name, old, value)


changes = []
thing = Observable()
thing.observers.append(lambda *change: changes.append(change))
thing.x = 1
thing.x += 1
thing.name = "n"
print(changes)
