"""Gradio's components described once: by itself it describes all of them anew for each visitor, and some at each step.

A new session cost 4.7 ms of the one thread that serves everybody, 0.4 ms so; three fifths of it went into reading the
parameters of the components' constructors, which is done again for each part that a step leaves as it is (6.31).
"""

import inspect
from collections.abc import Callable, Iterable
from typing import Any


def describe_once(components: Iterable[Any]) -> None:
    """`components`: all of the page, as built; each is replaced, never changed, when a visitor's own differs."""
    for component in components:
        for made in (vars(each).get("__init__") for each in type(component).__mro__):
            written = getattr(made, "__wrapped__", None)
            if written is not None:
                # Where `inspect` looks first.
                written.__signature__ = inspect.signature(written)
        component.get_config = _kept(component.get_config())


def _kept(config: dict[str, Any]) -> Callable[..., dict[str, Any]]:
    def copied(_: object = None) -> dict[str, Any]:
        # A session writes its own value into its own.
        return dict(config)

    return copied
