"""The ordinals of a text, "the third", "deuxième", "الثاني", as numbers from 1 to 10."""

import re

from assistant.facts.number_words import fold_word

_WORDS = {
    word: value
    for value, words in enumerate(
        (
            "first premier premiere 1st 1er 1re 1ere الاول الاولي",
            "second deuxieme seconde 2nd 2e الثاني الثانيه",
            "third troisieme 3rd 3e الثالث الثالثه",
            "fourth quatrieme 4th 4e الرابع الرابعه",
            "fifth cinquieme 5th 5e الخامس الخامسه",
            "sixth sixieme 6th 6e السادس السادسه",
            "seventh septieme 7th 7e السابع السابعه",
            "eighth huitieme 8th 8e الثامن الثامنه",
            "ninth neuvieme 9th 9e التاسع التاسعه",
            "tenth dixieme 10th 10e العاشر العاشره",
        ),
        start=1,
    )
    for word in words.split()
}
_ARABIC_PREFIX = re.compile(r"^[وف]?(?:[بك]?ال|لل)")


def ordinals(text: str) -> set[int]:
    """Which of the first ten ordinals it names, in any of the three languages; dates are to be cut out before."""
    folded = (fold_word(word) for word in re.findall(r"\w+", text))
    return {_WORDS[bare] for word in folded if (bare := _ARABIC_PREFIX.sub("ال", word)) in _WORDS}
