"""What a reader hands over: the text it found and what the file says about it, not yet checked."""

from typing import NamedTuple


class Draft(NamedTuple):
    """One text with its declared fields, as the file has them; empty where it says nothing."""

    text: str
    title: str = ""
    source: str = ""
    url: str = ""
    published: str = ""
    """ISO date or time, as declared."""
    language: str = ""
    id: str = ""
    fiction: str = ""
    """"true" for an invented report, which may be dated in the future."""
    status: str = ""
    """"corrected" or "withdrawn" for a report that its outlet replaced or took back."""
    corrects: str = ""
    """Id of the report that this one corrects or takes back."""
    entry: str = ""
    """Where in its file, for files that hold several: ":17" (a line) or " entry 3"; added to the file's name."""


class Unusable(NamedTuple):
    """One entry of a file that holds several, with the reason why it is none."""

    entry: str
    reason: str
