"""The phrases that locate by a place, in English, French and Arabic, as patterns that end right before its name."""

import re
from typing import Literal, NamedTuple

from index.places.unknown import MILE_KM

Relation = Literal["near", "in", "north_of", "south_of", "east_of", "west_of"]


Kind = Literal["between", "near", "side", "in"]


class Located(NamedTuple):
    """How a phrase locates."""

    start: int
    """Where the phrase begins."""
    glued: int
    """Letters of it that are written on the name itself: the "ب" of "بحماة"."""
    relation: Relation
    km: float | None
    """The distance it states."""
    is_region: bool
    """It says that the name is a province's or region's."""
    is_weak: bool
    is_part: bool = False
    """It names a part of the place by compass: "in northern X"."""
    is_between: bool = False
    """It opens a stretch that a second place must close: "between X and Y", "on the road from X to Y"."""
    is_headed: bool = False
    """It says that the name is a place's: "the town of X"."""


_NUMBER = r"(?P<km>\d+(?:[.,]\d+)?)"
_UNIT = (
    r"\s*-?\s*(?P<unit>kilometers?|kilometres?|kilomètres?|kms?|milles?|miles?|mi|كيلومتر\w*|كيلو متر\w*|كلم|كم|ميل\w*)"
)
_EN_SIDE = r"(?P<side>north|south|east|west)(?:ern)?"
_FR_SIDE = r"(?P<side>nord|sud|est|ouest)"
_AR_SIDE = r"(?P<side>شمال|جنوب|شرق|غرب)ي?"
_EN_HEAD = (
    r"(?:(?:the\s+)?(?:besieged\s+|nearby\s+)?(?:(?P<region>(?:province|governorate|region|state|oblast|department)s?|"
    r"countryside)|(?P<town>city|town|village|camp|township|territory|district|suburbs?|outskirts|area|capital|port))\s+of\s+)?"
    r"(?:the\s+|greater\s+|central\s+|(?P<rural>rural\s+))?"
)
_FR_HEAD = (
    r"(?:(?:la\s+|le\s+|les\s+|l['’]\s*)?"
    r"(?:(?P<region>(?:province|gouvernorat|région|wilaya|oblast|département)s?|campagne)|"
    r"(?P<town>ville|village|localité|territoire|cercle|camp|commune|quartier|banlieue|périphérie|port|district))\s+(?:de\s+la\s+|du\s+|de\s+l['’]|de\s+|d['’]))?"
    r"(?:la\s+|le\s+|l['’]|les\s+)?"
)
_AR_HEAD = (
    r"(?:(?P<region>محافظة|محافظتي|ريف|ولاية|إقليم|اقليم)\s+|"
    r"(?P<town>مدينة|بلدة|قرية|منطقة|حي|مخيم|ناحية|ضواحي|محيط)\s+)?"
)
_DE = r"(?:de\s+la\s+|du\s+|des\s+|de\s+l['’]|de\s+|d['’])"


def _behind(*nouns: str) -> str:
    """A place right behind one of these nouns is where it happened; the noun stays in the question.

    "Battle", "siege" and "fall" are not among them: "the battle of X" is the name of an event, of which reports tell
    far from X as well.
    """
    return "(?:" + "|".join(f"(?<=\\b{noun}\\s)" for noun in nouns) + ")"


_NEAR_EN = (
    rf"(?:(?:with)?in\s+(?:a\s+)?|less\s+than\s+|under\s+|up\s+to\s+)?(?:about\s+)?{_NUMBER}{_UNIT}"
    rf"(?:\s+radius)?\s+(?:of|from|around|away\s+from)\s+",
    r"(?:in\s+the\s+(?:area|region|vicinity|neighbou?rhood|surroundings)\s+(?:around|surrounding|of|near)|"
    r"(?:on|in)\s+the\s+outskirts\s+of|in\s+(?:and|or)\s+(?:around|near)|near(?:\s+to)?|nearby|close\s+to|next\s+to|not\s+far\s+from|around|"
    r"outside(?:\s+of)?|surrounding|beside|by)\s+",
    r"off\s+(?:the\s+(?:coast|shores?)\s+of\s+)?",
    r"(?:along|beside|on\s+the\s+(?:(?:eastern|western|northern|southern)\s+)?(?:banks?|shores?)\s+of)\s+",
)
_NEAR_FR = (
    rf"(?:(?:à|a)\s+(?:moins\s+de\s+)?|dans\s+un\s+rayon\s+de\s+|dans\s+les\s+)?{_NUMBER}{_UNIT}\s+(?:autour\s+|à\s+la\s+ronde\s+)?{_DE}",
    rf"(?:le\s+long|sur\s+(?:les\s+rives|la\s+rive(?:\s+(?:est|ouest|nord|sud))?|les\s+bords|les\s+berges))\s+{_DE}",
    rf"au\s+large\s+(?:des\s+côtes\s+|de\s+la\s+côte\s+)?{_DE}",
    rf"(?:tout\s+)?(?:près|pres|proche|proches|autour|aux\s+environs|dans\s+les\s+environs|aux\s+alentours|dans\s+les\s+alentours|"
    rf"à\s+proximité|a\s+proximité|non\s+loin|aux\s+abords|aux\s+portes|en\s+périphérie|(?:dans|en)\s+(?:la\s+)?banlieue)\s+{_DE}",
)
_NEAR_AR = (
    rf"[وف]?(?:على\s+(?:بعد|مسافة)|في\s+نطاق|ضمن(?:\s+دائرة)?(?:\s+نصف\s+قطرها)?|في\s+دائرة)\s+(?:أقل\s+من\s+)?{_NUMBER}{_UNIT}\s+"
    r"(?:من|عن|حول)\s+",
    r"(?:على\s+طول|على\s+ضفاف|على\s+ضفتي|على\s+امتداد)\s+",
    r"[وف]?قبالة\s+(?:سواحل\s+|ساحل\s+|شواطئ\s+|شاطئ\s+)?",
    r"[وف]?(?:بالقرب\s+من|على\s+مقربة\s+من|في\s+محيط|في\s+ضواحي|في\s+جوار|في\s+أطراف|حول|عند|قرب|قريبا\s+من|بجوار)\s+",
)
# An area has four sides; a corner is near, as far as the distance goes.
_CORNER_EN = (rf"(?:{_NUMBER}{_UNIT}\s+)?(?:to\s+the\s+|just\s+)?(?:north|south)[- ]?(?:east|west)\s+of\s+",)
_CORNER_FR = (rf"(?:à\s+{_NUMBER}{_UNIT}\s+)?au\s+(?:nord|sud)[- ](?:est|ouest)\s+{_DE}",)
_CORNER_AR = (rf"[وف]?(?:على\s+بعد\s+{_NUMBER}{_UNIT}\s+)?(?:شمال|جنوب)ي?\s+(?:شرق|غرب)ي?\s+",)
_SIDE_EN = (
    rf"(?:{_NUMBER}{_UNIT}\s+)?(?:to\s+the\s+|in\s+the\s+|just\s+)?{_EN_SIDE}\s+of\s+",
    r"in\s+(?P<part>(?:north|south|east|west)(?:ern|[- ]?(?:east|west)(?:ern)?)?)\s+",
)
_SIDE_FR = (
    rf"(?:à\s+{_NUMBER}{_UNIT}\s+)?(?:au|à\s+l['’]|a\s+l['’])\s*{_FR_SIDE}\s+{_DE}",
    rf"(?:dans\s+(?:le\s+|l['’])(?P<part>nord|sud|est|ouest|nord-est|nord-ouest|sud-est|sud-ouest))\s+{_DE}",
)
_SIDE_AR = (rf"[وف]?(?:على\s+بعد\s+{_NUMBER}{_UNIT}\s+)?(?:في\s+|إلى\s+ال)?{_AR_SIDE}\s+",)
_IN_EN = (
    r"(?:in|inside|within|at|across|throughout|over)\s+",
    _behind("attack", "attacks", "strike", "strikes", "raid", "raids", "assault", "offensive") + r"(?:on|against)\s+",
    _behind("news", "latest", "new", "updates", "reports", "developments") + r"from\s+",
    _behind(
        *("shelling", "bombing", "bombardment", "villages", "towns", "areas", "parts", "districts", "suburbs"),
        *("neighbourhoods", "neighborhoods", "streets"),
    )
    + r"of\s+",
)
_IN_FR = (
    r"(?:à|a|au|aux|en|dans|au-dessus\s+d[e'’]|à\s+l['’]intérieur\s+de|à\s+travers)\s+(?:l['’])?",
    r"(?:dans|à)\s+l['’]\s*",
    _behind("attaque", "attaques", "frappe", "frappes", "raid", "raids", "offensive", "tirs") + r"(?:sur|contre)\s+",
    _behind(
        *("nouvelles", "bombardement", "bombardements", "villages", "villes", "localités", "communes"),
        *("quartiers", "rues", "hôpital", "hôpitaux", "marché", "aéroport", "camp", "camps", "réfugiés", "déplacés"),
    )
    + _DE,
)
_IN_AR = (
    r"[وف]?(?:في|داخل|فوق)\s+",
    _behind("غارة", "غارات", "غاراتها", "هجوم", "هجمات", "قصف", "القصف", "الهجوم", "الهجمات", "الغارات") + r"على\s+",
    _behind("الأخبار", "الجديد", "جديد") + r"من\s+",
    _behind(
        *("أخبار", "تطورات", "مستجدات", "أحداث", "معارك", "مجزرة", "تفجير", "تفجيرات", "زلزال", "فيضانات"),
        *("سيول", "قرى", "بلدات", "أحياء", "مناطق", "مدن", "شوارع", "مستشفيات", "مطار", "ميناء", "مرفأ", "سوق", "محطة"),
    ),
)

# Talks "between Moscow and Ankara" lie on no road.
_NO_TALKS = (
    r"(?<!talks )(?<!deal )(?<!agreement )(?<!relations )(?<!negotiations )(?<!tensions )(?<!dispute )(?<!contacts )"
    r"(?<!ties )(?<!meeting )(?<!accord )(?<!pourparlers )(?<!négociations )(?<!discussions )(?<!rencontre )"
    r"(?<!محادثات )(?<!اتفاق )(?<!العلاقات )(?<!مفاوضات )(?<!توتر )(?<!الخلاف )"
)
_BETWEEN = (
    rf"{_NO_TALKS}between\s+|(?:on|along)\s+the\s+(?:road|highway|route|way|track|railway|line)\s+(?:from|between)\s+",
    rf"{_NO_TALKS}entre\s+|(?:sur|le\s+long\s+de)\s+(?:la\s+|l['’])(?:route|autoroute|piste|voie|axe)\s+(?:entre\s+|qui\s+va\s+)?{_DE}?",
    rf"{_NO_TALKS}بين\s+|على\s+(?:ال)?(?:طريق|الأوتوستراد|خط)\s+(?:(?:ال)?(?:سريع|دولي)\s+)?(?:من|بين)\s+",
)
_TO_EN = (r"(?:towards?|through\s+to|in\s+the\s+direction\s+of|as\s+far\s+as|en\s+route\s+to)\s+",)
_TO_FR = (r"(?:vers|jusqu['’](?:à|au|aux))\s+", rf"en\s+direction\s+{_DE}")
_TO_AR = (r"(?:[وف]?(?:إلى|الى|نحو|باتجاه|صوب))\s+",)

_SIDES: dict[str, Relation] = {
    **dict.fromkeys(("north", "nord", "شمال"), "north_of"),
    **dict.fromkeys(("south", "sud", "جنوب"), "south_of"),
    **dict.fromkeys(("east", "est", "شرق"), "east_of"),
    **dict.fromkeys(("west", "ouest", "غرب"), "west_of"),
}


def _compiled(phrases: tuple[str, ...], head: str) -> list[re.Pattern[str]]:
    return [re.compile(rf"(?<!\w)(?:{phrase}){head}$", re.IGNORECASE) for phrase in phrases]


# In this order: a longer phrase must be tried before the "in" or "of" it ends with.
_PHRASES: list[tuple[Kind, list[re.Pattern[str]]]] = [
    ("between", _compiled(_BETWEEN, "(?:the\\s+|l['’]|la\\s+|le\\s+)?")),
    ("near", _compiled(_CORNER_EN, _EN_HEAD) + _compiled(_CORNER_FR, _FR_HEAD) + _compiled(_CORNER_AR, _AR_HEAD)),
    ("side", _compiled(_SIDE_EN, _EN_HEAD) + _compiled(_SIDE_FR, _FR_HEAD) + _compiled(_SIDE_AR, _AR_HEAD)),
    ("near", _compiled(_NEAR_EN, _EN_HEAD) + _compiled(_NEAR_FR, _FR_HEAD) + _compiled(_NEAR_AR, _AR_HEAD)),
    ("in", _compiled(_IN_EN, _EN_HEAD) + _compiled(_IN_FR, _FR_HEAD) + _compiled(_IN_AR, _AR_HEAD)),
    ("near", _compiled(_TO_EN, _EN_HEAD) + _compiled(_TO_FR, _FR_HEAD) + _compiled(_TO_AR, _AR_HEAD)),
]
_LONGEST_PHRASE = 90

AFTER_PLACE = re.compile(
    r"(?:\s+|-)(?:(?P<region>province|governorate|region|oblast|state|department|countryside)|city|town|area|district)\b|"
    r"\s+ال(?:شمالي|جنوبي|شرقي|غربي)ة?(?:\s+ال(?:شرقي|غربي)ة?)?(?!\w)",
    re.IGNORECASE,
)
"""Nouns behind the name that belong to it: "Idlib province", and the side: "ريف إدلب الجنوبي"."""

REGIONS_BEHIND = re.compile(r"\s+(?:provinces|governorates|regions|oblasts|states|departments)\b", re.IGNORECASE)
"""What makes regions of all that is listed before it: "the Mopti and Ségou regions"."""

SURROUNDINGS = re.compile(
    r"\s+(?:and\s+(?:in\s+|around\s+)?(?:its\s+|the\s+)?(?:surroundings?(?:\s+(?:areas?|villages|towns))?|suburbs|outskirts|"
    r"environs|vicinity|countryside)|"
    r"et\s+(?:dans\s+|à\s+)?(?:ses|sa|leurs|les|la)\s+(?:environs|alentours|banlieues?|périphérie|campagne)|"
    r"و(?:في\s+)?(?:ضواحي|محيط|ريف|جوار|أطراف|قرا)(?:ها|ه|هما))(?!\w)",
    re.IGNORECASE,
)
"""Behind a place: what lies around it is asked about as well."""

QUARTER_OF = re.compile(
    r"(?!the\b)(?:[^\W\d_]+['’ -]){1,3}(?:district|neighbou?rhood|quarter|suburb|area)\s+(?:of|in)\s+"
    r"(?:the\s+city\s+of\s+)?",
    re.IGNORECASE,
)
"""A part of a town, up to the town's name: "Zahraa district of "."""

BARE_FOLLOW_UP = re.compile(
    r"\s*(?:(?:and|or|but|what\s+about|how\s+about|and\s+what\s+about|et|ou|et\s+pour|qu['’]en\s+est-il\s+(?:de|à)|"
    r"et\s+qu['’]en\s+est-il\s+de|وماذا\s+عن|ماذا\s+عن|و)\s*)?(?:d['’]|la\s+|le\s+|l['’])?",
    re.IGNORECASE,
)
"""What may stand before the place in a follow-up that is only a place: "And Hama?"."""

LISTED = re.compile(
    r"\s*(?:,\s*(?:and|or|et|ou)?|(?:and|or|et|ou)\b|،)\s*(?:in\s+|near\s+|à\s+|(?:près\s+)?de\s+|d['’]|en\s+)?|\s+(?=و)"
)


CLOSES_BETWEEN = re.compile(
    r"\s+(?:and|et|to|à|jusqu['’]à|إلى|الى)\s+(?:the\s+|la\s+|le\s+)?|\s+(?=و\w)|[-–]", re.IGNORECASE
)
"""From the first place of a stretch to the second."""


def locate_before(question: str, start: int, name: str) -> Located | None:
    """The phrase that ends right before position `start`, where a name begins; None when none does."""
    opening = max(0, start - _LONGEST_PHRASE)
    before = question[opening:start]
    for kind, patterns in _PHRASES:
        for pattern in patterns:
            match = pattern.search(before)
            if match is not None:
                return _located(match, kind, opening)
    if re.match(r"[وف]?ب\w{3}", name) and "\u0600" <= name[0] <= "\u06ff":
        return Located(start, name.index("ب") + 1, "in", None, False, True)
    return None


def _located(match: re.Match[str], kind: Kind, opening: int) -> Located:
    groups = match.groupdict()
    relation: Relation = "near" if kind in ("near", "between") else "in"
    if kind == "side":
        relation = _SIDES[groups["side"].lower()] if groups.get("side") else "in"
    km = None
    if groups.get("km"):
        is_miles = groups["unit"].lower().startswith(("mi", "ميل"))
        km = float(groups["km"].replace(",", ".")) * (MILE_KM if is_miles else 1.0)
    start = opening + match.start()
    return Located(
        start,
        0,
        relation,
        km,
        bool(groups.get("region") or groups.get("rural")),
        match.group().strip().lower() in ("a", "by", "over"),
        bool(groups.get("part")),
        kind == "between",
        bool(groups.get("town") or groups.get("region") or groups.get("rural")),
    )
