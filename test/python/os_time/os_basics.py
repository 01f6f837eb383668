# os: paths, the environment, directories and files that the program makes and removes again.
import os

print(os.sep, os.linesep == "\n", os.name, os.curdir, os.pardir, os.pathsep, os.extsep, os.devnull)
print(os.path.join("a", "b", "c"), os.path.join("a", "/b"), os.path.join("a/", ""), os.path.join("", "x"), os.path.split("/a/b/c.txt"), os.path.splitext("x.tar.gz"), os.path.splitext(".bashrc"), os.path.basename("/a/b/"), os.path.dirname("/a/b/"))
print(os.path.normpath("a//b/../c/./d"), os.path.isabs("/x"), os.path.isabs("x"), os.path.commonprefix(["abc", "abd"]), os.path.commonpath(["/a/b/c", "/a/b/d"]), os.path.relpath("/a/b/c", "/a/d"), os.path.abspath("/x/../y"), os.path.expanduser("x"), os.path.splitdrive("/a"))
print(os.environ["GUEST_VARIABLE"], os.environ.get("NO_SUCH_VARIABLE"), os.getenv("NO_SUCH_VARIABLE", "default"), "GUEST_VARIABLE" in os.environ, type(os.environ).__name__)
os.environ["MADE_HERE"] = "value"
print(os.getenv("MADE_HERE"), os.environ.pop("MADE_HERE"), "MADE_HERE" in os.environ)
for attempt in (lambda: os.environ["NO_SUCH_VARIABLE"], lambda: os.environ.__setitem__("a", 5), lambda: os.environ.__setitem__(1, "a"), lambda: os.path.join("a", 5), lambda: os.path.join(5), lambda: os.path.basename(5), lambda: os.path.commonpath([])):
    try:
        print(attempt())
    except (KeyError, TypeError, ValueError) as e:
        print(type(e).__name__, e)
print(os.getpid() > 0, os.getpid() == os.getpid(), os.getcwd() == os.path.dirname(os.path.abspath(__file__)), os.path.exists(__file__), os.path.isfile(__file__), os.path.isdir(os.path.dirname(__file__)), os.path.exists("/no/such"), isinstance(os.cpu_count(), int), len(os.urandom(8)))
print(os.fspath("x"), os.fsencode("é"), os.fsdecode(b"x"), os.strerror(2), "os_basics.py" in os.listdir("."))
for attempt in (lambda: os.listdir("/no/such/dir"), lambda: os.mkdir("/no/such/dir"), lambda: os.remove("/no/such/file"), lambda: os.stat("/no/such"), lambda: os.rmdir("/no/such"), lambda: os.chdir("/no/such"), lambda: os.path.getsize("/no/such"), lambda: os.fspath(5)):
    try:
        print(attempt())
    except (OSError, TypeError) as e:
        print(type(e).__name__, e)
