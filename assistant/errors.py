"""Errors of answering that a user can act on; those of the index are in `index.errors`."""

from index.errors import BriefingError


class ModelUnavailable(BriefingError):
    """The language model cannot be reached, is not installed, or died."""


class ModelMissing(BriefingError):
    """The model server answers, but has no model of that name; the message says how to get it."""


class ModelTooSlow(BriefingError):
    """A deadline passed; the message says which one and how long it was."""


class ModelReplyInvalid(BriefingError):
    """The reply cannot be used: not JSON, against the schema, cut short, or given to a prompt that was cut."""
