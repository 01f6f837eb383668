# An AttributeError with a hint, not handled.
class Thing:
    def __init__(self): self.value = 1
    def method(self): pass
Thing().vlaue
