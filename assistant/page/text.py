"""Foreign text → HTML that shows it. The one function through which everything not ours reaches the page.

Report bodies, titles, outlets, file names, questions, model words and error messages are all foreign.
"""

import html
import re

# Characters that are not seen but change what is seen: direction overrides and isolates, which can make a text read
# other than it is stored; zero-width characters and tags, which can hide words in a text; controls.
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200b\u2060-\u2064\ufeff\U000e0000-\U000e007f]"
)
_QUOTED = re.compile("“[^”]*”|«[^»]*»")
_BETWEEN = " · "
# Not \b: an Arabic "and" is written to the word after it.
_DAY = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")


def escape(text: object) -> str:
    """Safe between tags and inside quoted attributes; characters that hide or reorder it are shown by number."""
    return html.escape(visible(text), quote=True)


def visible(text: object) -> str:
    """Characters that hide or reorder a text shown by number. Plain text, not HTML."""
    return _UNSEEN.sub(_named, str(text))


def exact(text: object) -> str:
    """Safe inside quoted attributes and unchanged otherwise: for a value that the page hands back, such as an id."""
    return html.escape(str(text), quote=True)


def prose(text: object) -> str:
    """Escaped, with what is written in whatever direction isolated: quotations, what stands between dots, and ISO days,
    which among Arabic letters would be shown last part first."""
    opening, colon, listed = escape(text).partition(": ") if _BETWEEN in str(text) else ("", "", escape(text))
    items = [_QUOTED.sub(r"<bdi>\g<0></bdi>", item) for item in listed.split(_BETWEEN)]
    told = _BETWEEN.join(f"<bdi>{item}</bdi>" for item in items) if len(items) > 1 else items[0]
    return _DAY.sub(r'<bdi dir="ltr">\g<0></bdi>', f"{opening}{colon}{told}")


def foreign(text: object) -> str:
    """Escaped and isolated: its direction is its own and does not reorder what stands beside it."""
    return f'<bdi dir="auto">{escape(text)}</bdi>'


def anchor(*parts: object) -> str:
    """An element id: letters, digits and hyphens only, whatever it is made from."""
    return "-".join(re.sub(r"[^A-Za-z0-9]+", "-", str(part)) for part in parts)


def _named(found: re.Match[str]) -> str:
    return f"⟨U+{ord(found[0]):04X}⟩"
