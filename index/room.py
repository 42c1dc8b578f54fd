"""What the operating system says when a file cannot be written, in words that help."""

import errno
import sqlite3

_REASONS = {
    errno.ENOSPC: "there is no room left",
    errno.EDQUOT: "your share of it is used up",
    errno.EFBIG: "a file would grow beyond what is allowed",
    errno.EROFS: "it is read-only",
    errno.EACCES: "you may not write there",
    errno.EPERM: "you may not write there",
}
# SQLite's own words, as far as they mean the same.
_SQLITE_REASONS = {
    "database or disk is full": "there is no room left",
    "attempt to write a readonly database": "it is read-only",
    "unable to open database file": "it cannot be opened; is the folder read-only?",
    "disk i/o error": "the disk refused to write or read; is it full?",
}


def why_not_written(error: BaseException) -> str | None:
    """One line for the user; None for an error of another kind."""
    if not isinstance(error, OSError | sqlite3.Error):
        return None
    if isinstance(error, OSError):
        reason = _REASONS.get(error.errno or 0)
        place = f"{error.filename!s}: " if error.filename else ""
    else:
        reason = next((words for told, words in _SQLITE_REASONS.items() if told in str(error).lower()), None)
        place = "the index: "
    if reason is None:
        return None
    return f"{place}{reason}. What was stored until now is kept; mend it and run the command again"
