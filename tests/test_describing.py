"""The page's components are described once, and each visitor's description is still the visitor's own."""

import functools
import inspect
from typing import Any

from assistant.page.describing import describe_once


def wrapping(written: Any) -> Any:
    """As Gradio wraps each constructor."""

    @functools.wraps(written)
    def wrapper(*args: Any, **given: Any) -> None:
        written(*args, **given)

    return wrapper


class Field:
    described = 0

    @wrapping
    def __init__(self, label: str, value: str = "") -> None:
        self.label, self.value = label, value

    def get_config(self) -> dict[str, Any]:
        Field.described += 1
        return {name: getattr(self, name) for name in inspect.signature(Field.__init__).parameters if name != "self"}


def test_a_component_is_described_once_and_the_same():
    field = Field("Question", "as it was")
    by_itself = field.get_config()
    describe_once([field])
    before = Field.described
    assert field.get_config() == by_itself == {"label": "Question", "value": "as it was"}
    assert Field.described == before


def test_what_one_visitor_s_description_is_given_no_other_has():
    field = Field("Question", "as it was")
    describe_once([field])
    field.get_config()["value"] = "typed"
    assert field.get_config()["value"] == "as it was"


def test_a_component_made_in_its_place_describes_itself():
    describe_once([Field("Question")])
    assert list(inspect.signature(Field.__init__).parameters) == ["self", "label", "value"]
    assert Field("Frage").get_config() == {"label": "Frage", "value": ""}
