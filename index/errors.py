"""Errors a user can act on. Each message says what was found, what was expected, and what to do next."""


class BriefingError(Exception):
    """Base of every error that the command line prints as one line, without a traceback."""


class BadReport(BriefingError):
    """A file or record cannot become a report: unreadable, empty, undated, or out of bounds."""


class BadSetting(BriefingError):
    """A setting, option or configuration file holds something the program cannot use."""


class NoIndex(BriefingError):
    """There is no index at the path, or it holds no report."""


class StaleIndex(BriefingError):
    """The index was built with another embedder or another schema than the one asked for."""


class OldIndex(StaleIndex):
    """The catalog has another schema than this program reads; repairing takes its reports over."""


class DamagedIndex(BriefingError):
    """The catalog itself cannot be read; the derived files cannot repair it."""


class IndexBusy(BriefingError):
    """Another process holds the writer's lock; the message names it."""


class VectorStoreFailed(BriefingError):
    """Chroma could not be opened, read or written, and building it anew did not help."""


class ServerAway(VectorStoreFailed):
    """The Chroma server does not answer; what it lacks, the next writer that reaches it catches up on."""


class EmbedderFailed(BriefingError):
    """The embedding model could not be reached or answered with something else than vectors."""
