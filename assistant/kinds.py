"""What a general word may be told as: who asks for "attacks" is answered by an ambush, a mine, a mortar round.

By the names of concepts (`index.concepts`), so for all languages alike. For the words of questions only: a question
about an ambush is not answered by any attack.
"""

from collections.abc import Iterable, Set

_VIOLENCE = (
    "ambush bomb shell airstrike explosion detonate mine missile rocket mortar raid assault offensive shoot gunshot "
    "grenade clash skirmish battle fight kidnap arson suicide gunman onslaught incursion hijack lynch"
)
_TABLE = {
    "attack": _VIOLENCE,
    "violence": f"attack {_VIOLENCE}",
    "incident": f"attack {_VIOLENCE} accident fire arrest loot collision crash",
    "clash": "battle fight shoot skirmish",
    "casualty": "dead kill wound victim",
    "victim": "dead kill wound casualty",
    "livestock": "sheep cow camel horse donkey pig chicken animal",
    "animal": "livestock sheep cow camel horse donkey pig chicken dog",
    "vehicle": "truck car bus motorcycle tanker ambulance van tractor trailer wagon armored",
    "weapon": "gun rifle mortar artillery grenade ammunition rocket missile machinegun knife sword explosive",
    "aid": "tent blanket parcel ration food rice flour medication kit hygiene tarpaulin mattress",
    "relief": "tent blanket parcel ration food rice flour medication kit hygiene tarpaulin mattress",
    "supply": "food flour rice fuel medication tent blanket tarpaulin water",
    "disease": "cholera measles malaria diarrhea typhoid ebola fever meningitis polio flu",
    "epidemic": "cholera measles malaria diarrhea typhoid ebola meningitis polio",
    "harvest": "wheat millet corn barley rice sorghum cropkind potato onion cotton",
    "infrastructure": "bridge road dam power pipe pump school hospital pylon station",
    "facility": "school hospital clinic station factory pump refinery powerplant warehouse",
    "building": "house school hospital mosque church warehouse apartment",
    "locality": "village town city neighborhood",
    "damage": "destroy burn collapse devastate demolish ruin",
    "disaster": "flood earthquake landslide drought storm hurricane fire wildfire famine shipwreck",
    "fuel": "gasoline petroleum oil coal gas",
    "child": "boy girl baby son daughter",
    "medical": "doctor nurse surgeon paramedic hospital clinic",
    "force": "army soldier police gendarme guard military battalion brigade",
    "group": "militia rebel faction brigade insurgent",
    "protest": "march strike riot crowd sitin",
    "negotiate": "dialogue mediate negotiator meet reconcile",
    "weather": "flood storm rain wind drought",
}
_KINDS = {f"#{name}": frozenset(f"#{kind}" for kind in kinds.split()) for name, kinds in _TABLE.items()}
_FATES = (
    frozenset(("#dead", "#kill", "#drown", "#murder", "#execute", "#massacre", "#martyr", "#corpse")),
    frozenset(("#wound",)),
    frozenset(("#arrest", "#detain", "#capture", "#prisoner", "#custody", "#detention")),
    frozenset(("#kidnap", "#hostage")),
    frozenset(("#missing",)),
    frozenset(("#displaced", "#flee", "#evacuate", "#refugee")),
    frozenset(("#rescue", "#survivor")),
    frozenset(("#free", "#release")),
)
"""What befalls people. A figure of those killed is none of those evacuated."""


def fates_of(terms: Set[str]) -> set[int]:
    """Which of `_FATES` the words are of, by number."""
    return {number for number, fate in enumerate(_FATES) if fate & terms}


def general_terms() -> frozenset[str]:
    """The concepts that have kinds."""
    return frozenset(_KINDS)


def kinds_of(terms: Iterable[str]) -> frozenset[str]:
    """The concepts that are kinds of those among the terms; none for words that are not general."""
    return frozenset().union(*(_KINDS.get(term, frozenset()) for term in terms))
