"""What the numbers of os.stat mean (POSIX <sys/stat.h>, as on Linux)."""

# Places in the tuple that os.stat gives.
ST_MODE, ST_INO, ST_DEV, ST_NLINK, ST_UID, ST_GID, ST_SIZE, ST_ATIME, ST_MTIME, ST_CTIME = range(10)

# Kinds of files.
S_IFSOCK = 0o140000
S_IFLNK = 0o120000
S_IFREG = 0o100000
S_IFBLK = 0o060000
S_IFDIR = 0o040000
S_IFCHR = 0o020000
S_IFIFO = 0o010000
S_IFDOOR = S_IFPORT = S_IFWHT = 0

# Permissions.
S_ISUID = 0o4000
S_ISGID = S_ENFMT = 0o2000
S_ISVTX = 0o1000
S_IRWXU, S_IRWXG, S_IRWXO = 0o700, 0o070, 0o007
S_IRUSR = S_IREAD = 0o400
S_IWUSR = S_IWRITE = 0o200
S_IXUSR = S_IEXEC = 0o100
S_IRGRP, S_IWGRP, S_IXGRP = 0o040, 0o020, 0o010
S_IROTH, S_IWOTH, S_IXOTH = 0o004, 0o002, 0o001

_KIND = 0o170000
_LETTERS = {
    S_IFSOCK: "s", S_IFLNK: "l", S_IFREG: "-", S_IFBLK: "b",
    S_IFDIR: "d", S_IFCHR: "c", S_IFIFO: "p",
}


def S_IMODE(mode):
    """The part that os.chmod sets."""
    return mode & 0o7777


def S_IFMT(mode):
    """The kind of file."""
    return mode & _KIND


def S_ISDIR(mode):
    return mode & _KIND == S_IFDIR


def S_ISCHR(mode):
    return mode & _KIND == S_IFCHR


def S_ISBLK(mode):
    return mode & _KIND == S_IFBLK


def S_ISREG(mode):
    return mode & _KIND == S_IFREG


def S_ISFIFO(mode):
    return mode & _KIND == S_IFIFO


def S_ISLNK(mode):
    return mode & _KIND == S_IFLNK


def S_ISSOCK(mode):
    return mode & _KIND == S_IFSOCK


def S_ISDOOR(mode):
    return False


def S_ISPORT(mode):
    return False


def S_ISWHT(mode):
    return False


def _triple(bits, special, letter):
    """Three letters of permissions; `letter` in place of x where the special bit is set."""
    last = "x" if bits & 1 else "-"
    if special:
        last = letter if bits & 1 else letter.upper()
    return ("r" if bits & 4 else "-") + ("w" if bits & 2 else "-") + last


def filemode(mode):
    """As `ls -l` shows it: '-rw-r--r--'."""
    return (
        _LETTERS.get(mode & _KIND, "?")
        + _triple(mode >> 6 & 7, mode & S_ISUID, "s")
        + _triple(mode >> 3 & 7, mode & S_ISGID, "s")
        + _triple(mode & 7, mode & S_ISVTX, "t")
    )
