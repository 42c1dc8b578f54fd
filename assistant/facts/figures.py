"""Figures in a text: their value, and those that are no quantity, such as times of day, ordinals and codes in names."""

import re
import unicodedata


def western_digits(text: str) -> str:
    """`text` with the digits of every script as 0-9, at the same offsets."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(c)) if not c.isascii() and c.isdecimal() else c for c in text)


# Nouns whose number is their name. Also read by `assistant.facts.naming`.
NUMBERED = (
    r"Division|Brigade|Battalion|Regiment|Resolution|Article|Flight|Channel|Radio|Highway|Route|Section|Chapter|Apollo|Camp|"
    r"Sector|Boeing|Airbus|Mirage|Formula|Psalm|Bataillon|Régiment|Résolution|Vol|Chaîne|Autoroute|Nationale|Secteur|"
    r"division|brigade|battalion|regiment|resolution|bataillon|régiment|résolution|article|"
    r"MiG|Mig|Su|Mi|Tu|An|Il|No\.?|no\.?|n°|N°|№|#"
)
CODE = re.compile(
    r"(?<![\w$£€])(?:(?:[A-Za-zÀ-ɏ]+(?:-[A-Za-zÀ-ɏ]+)*[-‑]?)\d+(?:[-‑/.]?\w+)*"  # F-16, G7, COVID-19
    r"|\d+[xX×]\d+\w*|\d+[A-Z][\w-]*|(?!\d{1,3}(?:\.\d{3})+(?!\d))\d+(?:\.\d+){2,})(?!\w)"  # 4x4, 5G, 1.2.3
    rf"|(?<!\w)(?:{NUMBERED})[ \u00a0\u202f]?\d+(?![\w,.]*\d| ?(?:%|percent|million|people|personnes))"
)
NOT_A_CODE = re.compile(
    r"(?:mid|pre|post|early|late|ante|avant|après|plus|non|sub|sur)[-‑]?\d+s?|(?:US|EUR|USD|GBP|AUD|CAD|SR|Rs|CHF|HK)\d.*"
    r"|\d+[KMB]",
    re.I,
)
_ARABIC_CODE = re.compile(
    r"(?<!\w)(?:[\u0621-\u064a]+-\d+|(?:[وفب]?(?:ال)?(?:فرقة|لواء|كتيبة|فوج|مادة|رقم|رحلة|إف|أف|اف|ميغ|ميج|سوخوي|سو|تي|"
    r"إس|اس|مي|بوينغ|إيرباص|قناة|القرار))\s(?:رقم\s)?\d+)(?!\w|[,.٬٫]\d)"
)
_NO_QUANTITY = re.compile(
    r"(?:الساع[ةه]\s)?(?<!\w)\d{1,2}\s?[:٫]\s?\d{2}(?::\d{2})?(?!\w)|الساع[ةه]\s\d{1,2}(?:\.\d{2})?\b"  # 15:30
    r"|(?<!\w)\d{1,2}(?:[.:]\d{2})?\s?(?:[ap]\.m\.|[ap]m\b|o['’]clock|GMT\b|UTC\b)|(?<!\w)\d{3,4} GMT\b"
    r"|(?<!\w)\d{1,2}\s?h(?:eures?)?\s?\d{2}(?!\d)|(?<!\w)\d{1,2}\s?h(?!\w)|(?<=\b[àÀ]\s)\d{1,2}\s(?:heures?|h)\b"
    r"|(?<=\bvers\s)\d{1,2}\s(?:heures|h)\b|(?<!\w)9/11(?!\w)|(?<!\w)24/7(?!\w)"
    r"|(?<![\w.,])\d+(?:st|nd|rd|th|er|ers|ère|ères|re|res|e|es|è|ème|èmes|eme|nde?|ᵉ|º)(?!\w)"  # ordinals
    r"|(?<!\w)[وفبل]?ال(?:قرن|ذكرى(?: السنوية)?|دقيقة|مرتبة|مركز|دورة|مرة|نسخة)"
    r"\s(?:ال(?:ـ\s?)?)?(?:\d+|(?:ال\w+ و)?ال\w+[وي]ن)(?!\w)"
    r"|\bpour cent(?!\w)|\bper cent\b|\b(?:في|ب)\s?ال(?:مئة|مائة|مئه|مائه|ميه)\b|\bبال(?:مئة|مائة|مئه|مائه)\b",
    re.I,
)


def mask_no_quantities(text: str) -> str:
    """Blanks at the places of times of day, ordinals, codes and percent words; offsets stay."""

    def blank(match: re.Match[str]) -> str:
        return "|" * len(match.group())

    def blank_code(match: re.Match[str]) -> str:
        return match.group() if NOT_A_CODE.fullmatch(match.group()) else blank(match)

    # Percent words are blanked out, so that "10 pour cent" stays a figure followed by nothing.
    return _ARABIC_CODE.sub(blank, CODE.sub(blank_code, _NO_QUANTITY.sub(blank, text)))


FIGURE = (
    r"(?:[1-9]\d{0,2}(?:(?P<sep>[,.٬،'’ \u00a0\u202f\u2009])\d{3})(?:(?P=sep)\d{3})*(?!\d)(?:(?!(?P=sep))[.,٫]\d+)?"
    r"|\d+(?:[.,٫،]\d+)?)"
)


def figure_value(printed: str) -> float:
    """The value of one figure: groups of three digits are thousands, any other single mark is the decimal one."""
    bare = re.sub(r"[ \u00a0\u202f\u2009٬'’]", "", printed).replace("،", ",").replace("٫", ".")
    whole, mark, rest = re.fullmatch(r"(.*?)(?:([.,])(\d+))?", bare).groups()  # pyright: ignore[reportOptionalMemberAccess]
    if mark and re.fullmatch(r"[1-9]\d{0,2}(?:[.,]\d{3})*", whole) and len(rest) == 3 and "٫" not in printed:
        whole, rest = whole + rest, ""
    return float(re.sub(r"[.,]", "", whole) + ("." + rest if rest else ""))
