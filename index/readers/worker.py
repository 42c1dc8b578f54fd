"""The process that parses hostile files: reads one at a time from its standard input, answers on its standard output.

Started and killed by `sandbox.py`. Limits its own memory at the start, and its own computing time file by file.
"""

import os
import sys
import time
from contextlib import suppress
from typing import Any

from index.errors import BadReport
from index.readers import reader_of
from index.readers.draft import Draft
from index.readers.wire import receive, receive_json, send_json

try:
    import resource
except ImportError:  # Windows has no such limits; there the parent's deadline is the only one
    resource = None


def main(memory_mb: int, seconds: int) -> None:
    """Serve until the parent closes the pipe."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    # A parser that prints must not end up in the replies.
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1):
        os.dup2(nowhere, descriptor)
    _limit_memory(memory_mb)
    while (request := receive_json(requests)) is not None:
        data = receive(requests)
        if data is None:
            break
        _limit_seconds(seconds)
        send_json(replies, _parse(str(request["format"]), str(request["name"]), data, memory_mb))


def _parse(format_name: str, name: str, data: bytes, memory_mb: int) -> dict[str, Any]:
    """{"found": [...], "bad": reason or none, "broken": whether this process had better not go on}."""
    found: list[dict[str, Any]] = []
    try:
        for entry in reader_of(format_name)(data, name):
            found.append({"draft" if isinstance(entry, Draft) else "unusable": entry._asdict()})
    except BadReport as error:
        return {"found": found, "bad": str(error), "broken": False}
    except MemoryError:
        return {"found": [], "bad": f"reading it takes more than {memory_mb} MB of memory; left alone", "broken": True}
    except RecursionError:
        return {"found": [], "bad": "it is nested too deeply; left alone", "broken": True}
    # The one place where any error is an answer: parsers of hostile formats fail in every way there is, and one file
    # must not stop the others. The kind of error is told.
    except Exception as error:
        told = " ".join(f"{type(error).__name__}: {error}".split())[:120]
        return {"found": found, "bad": f"it cannot be parsed ({told}); it is damaged, save it again", "broken": True}
    return {"found": found, "bad": None, "broken": False}


def _limit_memory(memory_mb: int) -> None:
    if resource is None:
        return
    with suppress(ValueError, OSError):  # macOS refuses a limit on the address space
        resource.setrlimit(resource.RLIMIT_AS, (memory_mb * 2**20, memory_mb * 2**20))
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_seconds(seconds: int) -> None:
    """From now on; the limit itself counts from the start of the process."""
    if resource is not None:
        with suppress(ValueError, OSError):
            hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
            resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + 1 + seconds, hard))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
