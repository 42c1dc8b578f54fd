"""Files in the cache that only make the next start faster."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO


def keep(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Has `write` fill the file, which is there whole or not at all.

    Best effort: without a writable cache the next start is slower, no more.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f"{path.name}.{os.getpid()}.part")
        with partial.open("wb") as file:
            write(file)
        partial.replace(path)
    except OSError:
        return
