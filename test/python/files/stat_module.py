# stat: kinds and permissions, of real files and of every mode.
import os
import stat
import tempfile

kinds = [name for name in dir(stat) if name.startswith("S_IS") and callable(getattr(stat, name))]
print(sorted(kinds))
for kind in (0o140000, 0o120000, 0o100000, 0o060000, 0o040000, 0o020000, 0o010000, 0o170000, 0):
    mode = kind | 0o644
    told = [name for name in sorted(kinds) if getattr(stat, name)(mode)]
    print(oct(kind), told, oct(stat.S_IFMT(mode)), oct(stat.S_IMODE(mode)), stat.filemode(mode))
for bits in (0, 0o777, 0o4755, 0o4644, 0o2755, 0o2644, 0o1777, 0o1666, 0o7000, 0o7777, 0o123):
    print(oct(bits), stat.filemode(0o040000 | bits))
names = [name for name in dir(stat) if name.startswith(("S_I", "ST_")) and isinstance(getattr(stat, name), int)]
print([(name, getattr(stat, name)) for name in sorted(names)])
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "file")
    with open(path, "w") as file:
        file.write("text")
    os.chmod(path, 0o640)
    found = os.stat(path)
    print(stat.S_ISREG(found.st_mode), stat.filemode(found.st_mode), found[stat.ST_SIZE])
    print(stat.S_ISDIR(os.stat(folder).st_mode), stat.S_ISLNK(found.st_mode))
