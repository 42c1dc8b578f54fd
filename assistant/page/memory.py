"""Keeps the page's memory level over a long day: few heaps, and what is free given back.

The C library gives threads heaps of their own, and what one thread frees in its heap no other can use. With the 45
threads of a busy page, as much lay idle as was in use after ten minutes, and it grew: 187 MB beside 174, with two heaps
58, with no more time spent.
"""

import ctypes
import gc
import threading
import time

# As in glibc's malloc.h.
_M_ARENA_MAX = -8
_M_MMAP_THRESHOLD = -3
_LARGE = 1 << 20
"""Bytes from which a block is the system's own, and gone when it is freed. Left to itself the C library raises this to
the largest block freed yet, and puts the arrays of every question into the heaps."""
_GIVE_BACK_S = 30.0


def keep_level(heaps: int = 2) -> None:
    """From now on at most so many heaps, and every half minute their free pages given back, where the C library knows
    of such (glibc); to be called before threads are."""
    try:
        library = ctypes.CDLL(None)
        library.mallopt(_M_ARENA_MAX, heaps)
        library.mallopt(_M_MMAP_THRESHOLD, _LARGE)
        trim = library.malloc_trim
    except (OSError, TypeError, AttributeError):
        return

    def work() -> None:
        while True:
            time.sleep(_GIVE_BACK_S)
            trim(0)

    threading.Thread(target=work, name="briefing-heaps", daemon=True).start()


def settle() -> None:
    """What is there now stays: it is looked through for garbage once more, and then no more.

    Each time takes .2 to .7 s, and beside so much that stays much garbage waits for it.
    """
    gc.collect()
    gc.freeze()
