"""traceback of running frames."""
import io
import sys
import traceback


def inner():
    text = io.StringIO()
    traceback.print_stack(file=text)
    lines = text.getvalue().splitlines()
    print([line.split(',')[-1] for line in lines if line.startswith('  File')], lines[-1])
    traceback.print_stack(sys._getframe(1), 1, text)
    print(text.getvalue().splitlines()[-1])
    print([entry.name for entry in traceback.extract_stack()], len(traceback.format_stack(limit=1)), len(traceback.extract_stack(limit=-1)), traceback.extract_stack(limit=0))
    print([frame.f_code.co_name for frame, line in traceback.walk_stack(sys._getframe())])


def outer():
    inner()


outer()
