# An uncaught exception in an imported module's body: both files in the traceback.
def load():
    import failing.raises


load()
