"""Gradio imported in half the time: it does work for its own developers while it is imported, which is left out here.

For each of its 80 components it reads its own source, finds the class in the syntax tree, and writes a stub for editors
beside it: 1.5 of 3.1 s of processor time (6.31), at every start. It passes over those whose source file is not known.
"""

import gc
import inspect
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, NoReturn


@contextmanager
def without_stubs() -> Generator[None]:
    """While it lasts, no class has a source file for those who ask `inspect`; and nothing is collected, since what an
    import makes stays. Only for an import in one thread."""
    getfile, was_on = inspect.getfile, gc.isenabled()
    inspect.getfile = _unknown
    gc.disable()
    try:
        yield
    finally:
        inspect.getfile = getfile
        # What was imported is not looked through again at each later collection: 0.1 s each, with every thread waiting.
        gc.freeze()
        if was_on:
            gc.enable()


def _unknown(of: Any) -> NoReturn:
    raise OSError(f"the source file of {of!r} is not told while Gradio is imported")
