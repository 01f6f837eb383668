# An exception group, not handled.
raise ExceptionGroup("top", [ValueError(1), ExceptionGroup("in", [KeyError("k"), TypeError("t")]), OSError(2, "no")])
