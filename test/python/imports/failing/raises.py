VALUE = 1
print("about to fail")
raise ValueError("in the module's body")
