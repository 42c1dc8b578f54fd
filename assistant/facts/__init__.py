"""The checkable facts of a text: its numbers and names, in forms that compare across languages and spellings.

Extracts and compares; what must be found where is `assistant.verify`'s. Dates and places on the map have modules of
their own in `index`. Numbers are read in `quantities.py`, names in `naming.py`; the rest of the program knows this one.
"""

from assistant.facts.naming import is_name_in, names
from assistant.facts.quantities import Number, is_number_in, numbers

__all__ = ["Number", "is_name_in", "is_number_in", "names", "numbers"]
