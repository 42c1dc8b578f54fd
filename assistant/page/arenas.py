"""Keeps the page's memory level over a long day: few heaps, whatever the number of threads.

The C library gives threads heaps of their own, and what one thread frees in its heap no other can use. With the 45
threads of a busy page, as much lay idle as was in use after ten minutes, and it grew: 187 MB beside 174, with two heaps
58, with no more time spent.
"""

import ctypes

_M_ARENA_MAX = -8
"""As in glibc's malloc.h."""


def few_heaps(most: int = 2) -> None:
    """At most so many heaps from now on, where the C library knows of such (glibc); to be called before threads are."""
    try:
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, most)
    except (OSError, TypeError, AttributeError):
        return
