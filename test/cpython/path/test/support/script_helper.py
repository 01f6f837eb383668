"""Running other interpreters: takegil's programs start no processes yet."""

import os
import unittest


def assert_python_ok(*args, **env_vars):
    raise unittest.SkipTest("needs subprocess")


assert_python_failure = assert_python_ok


def make_script(script_dir, script_basename, source, omit_suffix=False):
    """Write a script and give its path."""
    name = script_basename if omit_suffix else script_basename + ".py"
    path = os.path.join(script_dir, name)
    with open(path, "w", encoding="utf-8") as script:
        script.write(source)
    return path
