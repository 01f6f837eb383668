"""Files for tests."""

import contextlib
import os

TESTFN = f"@test_{os.getpid()}_tmp"


def unlink(filename):
    """Remove the file, if there is one."""
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        os.unlink(filename)


@contextlib.contextmanager
def temp_dir(path=None, quiet=False):
    """A new folder, removed with its files at the end."""
    folder = path or os.path.abspath(TESTFN + "_dir")
    os.mkdir(folder)
    try:
        yield folder
    finally:
        for name in os.listdir(folder):
            unlink(os.path.join(folder, name))
        os.rmdir(folder)
