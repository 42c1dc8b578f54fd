"""A question, its history and its day → what to look for, and when and where. Rules only; no model is asked.

Knows the question; nothing of passages or answers.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal, NamedTuple

from assistant.kinds import fates_of
from assistant.typed import bare
from assistant.types import Query, Turn
from assistant.words import say
from index.concepts import concept_terms
from index.dates import TimeMention, find_window
from index.dates.spans import shifted
from index.language import detect_language
from index.lexical import telling_words, terms
from index.places import contains, find_area
from index.places.gazetteer import Gazetteer
from index.types import Area, Place, TimeSpan

Wants = Literal["facts", "who", "when", "where", "number", "source", "overview"]

_HISTORY_TURNS = 6
_MAIN_COUNTRY_SHARE = 0.02


def interpret(
    question: str,
    *,
    as_of: date,
    gazetteer: Gazetteer,
    history: Sequence[Turn] = (),
    language: str | None = None,
    countries: Mapping[str, int] | None = None,
    told: Mapping[str, Place] | None = None,
    radius_km: float = 50.0,
) -> Query:
    """What `question` asks.

    `history`: the turns before, oldest first; a follow-up ("And in Hama?") takes from them what it leaves out.
    `countries`: how often each ISO country occurs in the index, `told`: by key, the places that its reports tell of,
    both to tell places of one name apart. `radius_km`: what "near" means when the question gives no distance.
    """
    asked = question.strip()
    own = _parse(asked, as_of, gazetteer, language, _main_countries(countries or {}), told or {}, radius_km)
    is_continued = bool(history) and _is_follow_up(asked, own)
    if not is_continued and not (history and _leaves_out_where(own)):
        return _query(asked, asked, own, as_of)
    before = interpret(
        history[-1].question,
        as_of=as_of,
        gazetteer=gazetteer,
        history=history[-_HISTORY_TURNS:-1],
        countries=countries,
        told=told,
        radius_km=radius_km,
    )
    if is_continued:
        return _continued(asked, own, before, as_of)
    there = own._replace(area=before.area, window=before.window)
    return _query(asked, _stand_alone(own.topic, there.window, there.area), there, as_of)


def settle_area(query: Query, indexed: Collection[Place], is_spelled: Callable[[str], bool]) -> Query:
    """The query with the towns of its area as the reports know them. `is_spelled`: whether some report has a name.

    A town that no report is known to tell of gives way to its namesake that some report does: a question about Bourem
    means the one in the reports, even where most of them are about the country of another. Where no town of an "in"
    area has one, but reports spell its name, as in the name of a battle or of a person, the name becomes a word of the
    topic: an area that holds nothing would hide all that is told of it.
    """
    area = query.area
    if area is None:
        return query
    heard = {place.key for place in indexed}
    unheard = [place for place in area.places if place.kind == "settlement" and place.key not in heard]
    if not unheard:
        return query
    meant = tuple({town.key: town for place in area.places for town in _heard_as(place, indexed, heard)}.values())
    settled = area.model_copy(update={"places": meant})
    names = [place.name for place in area.places]
    is_empty = area.relation == "in" and not any(contains(settled, place) for place in indexed)
    if not is_empty or not all(is_spelled(name) for name in names):
        return query.model_copy(update={"area": settled})
    note = say("place as word", query.language, name=", ".join(names))
    topic = " ".join([query.topic, *names])
    return query.model_copy(update={"area": None, "topic": topic, "notes": (*query.notes, note)})


def _heard_as(place: Place, indexed: Collection[Place], heard: Collection[str]) -> list[Place]:
    """Its namesakes in the reports if it is a town that they do not tell of; else itself."""
    if place.kind != "settlement" or place.key in heard:
        return [place]
    name = terms(place.name, "en")
    return [other for other in indexed if other.kind == "settlement" and terms(other.name, "en") == name] or [place]


def _main_countries(countries: Mapping[str, int]) -> dict[str, int]:
    """Those that the reports are about; one mentioned in passing should not decide which Tripoli is meant."""
    floor = _MAIN_COUNTRY_SHARE * sum(countries.values())
    return {country: count for country, count in countries.items() if count >= floor}


class _Parsed(NamedTuple):
    """A question by itself, without its history."""

    language: str
    topic: str
    window: TimeSpan | None
    area: Area | None
    wants: Wants
    notes: tuple[str, ...]


def _parse(
    asked: str,
    as_of: date,
    gazetteer: Gazetteer,
    language: str | None,
    countries: Mapping[str, int],
    told: Mapping[str, Place],
    radius_km: float,
) -> _Parsed:
    spoken = language or detect_language(asked)
    # An answer is in the language of the question; one that cannot be told is answered in English.
    spoken = spoken if spoken in ("fr", "en", "ar") else "en"
    plain = bare(asked)
    plain = _plainly(plain, spoken)
    time = find_window(plain, as_of, spoken)
    place = find_area(plain, spoken, gazetteer, countries, radius_km, told)
    main_end = _main_clause_end(plain)
    is_copied = _is_copied(plain)
    if time is not None and (time.start >= main_end or _is_rate(plain, time)):
        time = None
    if time is not None and is_copied and not re.search(r"\d{4}", plain[time.start : time.end]):
        time = None  # its "Sunday" is of a day that we do not know
    if place is not None and (place.start >= main_end or is_copied):
        place = None
    # A place that is not on the map stays in the topic: its name is all there is to search for.
    cuts = [(found.start, found.end) for found in (time, place if place and place.area else None) if found is not None]
    cuts += [found.span() for found in _HOW_TO_ANSWER.finditer(plain)]
    return _Parsed(
        language=spoken,
        topic=_without(plain, cuts),
        window=time.span if time else None,
        area=place.area if place else None,
        wants=_wanted(plain, main_end),
        notes=(place.note,) if place and place.note else (),
    )


def _is_rate(question: str, time: TimeMention) -> bool:
    """ "كم طنا في اليوم": how many tons a day, not today."""
    return question[time.start : time.end].strip() == "في اليوم"


def _is_copied(asked: str) -> bool:
    """Whether it is a sentence copied from somewhere to be found: it neither asks nor orders, and sets no bounds."""
    words = asked.split()
    if len(words) < _COPIED_WORDS or re.search(r"[?؟]", asked) or not re.search(r"[.!]\W*$", asked):
        return False
    return not any(word.casefold().strip(".,،:«»“”\"'") in _ASKS_OR_ORDERS for word in words[:2])


_COPIED_WORDS = 12
# As the first or second word: "Please list the attacks of this week."
_ASKS_OR_ORDERS = frozenset(
    "what which who whom whose when where why how is are was were did do does has have had will can could would should "
    "list give tell show name find summarise summarize describe explain compare search look report say outline quote "
    "cite collect i i'd we please any all "
    "que quel quelle quels quelles qui quand où pourquoi comment combien est-ce donne donnez liste listez cite citez "
    "résume résumez dis dites montre montrez cherche cherchez trouve trouvez explique expliquez décris décrivez "
    "compare comparez énumère énumérez rappelle rappelez indique indiquez je j'aimerais j’aimerais nous veuillez merci "
    "ما ماذا كم هل متى أين كيف لماذا أي اذكر أعط أعطني أعطنا اعرض لخص لخصوا أخبرني أخبرنا ابحث اشرح قارن صف "
    "عدد هات حدد أريد نريد أود نود أرجو نرجو يرجى وما وماذا وكم وهل ومتى وأين وكيف ولماذا".split()
)


# What questions say in several words, the first of them found in no report, and reports in one.
_PHRASAL_VERBS = {
    language: tuple((re.compile(rf"\b(?:{phrase})\b", re.I), verb) for phrase, verb in phrases)
    for language, phrases in {
        "en": (
            (r"(?:got|gets?|made it|makes? it|came|comes?) through to", "reached"),
            (r"(?:got|gets?|made it|makes? it) (?:in)?to", "reached"),
            (r"(?:got|gets?) (?=\w+ed\b|hurt|caught|shot|hit|stuck|lost|stolen)", "were "),
            (r"(?:got|gets?) away", "escaped"),
            (r"set (?:off|out)(?! (?:the|a|an)\b)", "left"),
            (r"took over|takes? over", "captured"),
            (r"gave (?:themselves |himself )?up|gives? up", "surrendered"),
            (r"(?:blew up|went off)(?! (?:the|a|an|at)\b)", "exploded"),
            (r"blew up", "destroyed"),
            (r"called off", "cancelled"),
            (r"put off", "postponed"),
            (r"ran out of|runs? out of|running out of", "lacked"),
            (r"broke out", "began"),
            (r"(?<!take )(?<!took )over(?= (?:yet|now|already)\s*\?| *\?$)", "ended"),
            (r"still (?:going )?on(?= *\?$)", "continuing"),
        ),
        "fr": (
            (r"(?:servi|servait|fait office|fait fonction|joué le rôle) (?:de |d['’])", ""),
            (r"(?:perdu|perdre|perdent) la vie", "mort"),
            (r"(?:mise?s?|mettre) en garde", "averti"),
            (r"(?:mise?s?|mettre) sur pied", "créé"),
            (r"(?:venue?s?|venir) à bout (?:de |d['’])", "vaincu "),
            (r"mis la main sur", "saisi"),
            (r"(?:rebroussé|rebrousser) chemin", "retourné"),
        ),
        "ar": (
            (r"(?:لقي|لقيت|لقوا|يلقى) (?:حتفه|حتفها|حتفهم|مصرعه|مصرعها|مصرعهم)", "قتل"),
            (r"(?:وضع|وضعت|وضعوا) (?:حد|حدا) (?=ل)", "أنهى "),
        ),
    }.items()
}


def _plainly(question: str, language: str) -> str:
    for phrase, verb in _PHRASAL_VERBS.get(language, ()):
        question = phrase.sub(verb, question)
    return question


# "… when the displaced reached Gorom-Gorom": what follows describes the event; it does not say where to look.
_SUBORDINATE = re.compile(
    r"\b(?:when|while) (?:the|a|an|he|she|it|they|his|her|its|their)\b|\bso that\b|\bin order for\b|"
    r"\b(?:au moment où|lorsqu[e'’]|pendant que|alors que|après que|avant que|pour que|afin que)|"
    r"\bquand (?:les?|la|l['’]|il|elle|ils|elles)\b|"
    r"(?:^|\s)(?:عندما|حينما|بينما|بعد أن|قبل أن|لكي|كي)\s",
    re.I,
)


# "… Give every count and its source.": says how to answer and nothing of what to look for; "Donnez" is no name.
_HOW_TO_ANSWER = re.compile(
    r"(?<=[?؟.!])\s*\w+\s+(?:every|each|all(?: the)?|both|chaque|toute?s les|tous les|les deux|كل|جميع)\s+"
    r"(?:\w+\s+)?(?:counts?|figures?|numbers?|tolls?|versions?|accounts?|sources?|chiffres?|bilans?|décomptes?|récits?|"
    r"رقم|الأرقام|رواية|الروايات|مصدر|المصادر|حصيلة)\b[^?؟]*$",
    re.I,
)
_KNOWING = re.compile(
    r"\b(?:says?|said|know|known|tells?|clear|dit|disent|savoir|sait|précise(?:nt)?|يذكر|يعرف|تذكر)\s+$", re.I
)


def _main_clause_end(asked: str) -> int:
    """Where a subordinate clause behind the question proper begins; the question's end when there is none."""
    for found in _SUBORDINATE.finditer(asked, 1):
        # "And when the bridge fell, who …" stands in front of the question, "Do they say when the …" is asked.
        is_behind = re.search(r"\w+\W+\w+\W", asked[: found.start()])
        if is_behind and not _KNOWING.search(asked, 0, found.start()):
            return found.start()
    return len(asked)


def _query(asked: str, text: str, parsed: _Parsed, as_of: date, asking: str = "") -> Query:
    return Query(
        asked=asked,
        asking=asking or asked,
        text=text,
        topic=parsed.topic,
        language=parsed.language,
        as_of=as_of,
        window=parsed.window,
        area=parsed.area,
        wants=parsed.wants,
        notes=parsed.notes,
    )


def _without(text: str, cuts: list[tuple[int, int]]) -> str:
    kept = "".join(c for at, c in enumerate(text) if not any(start <= at < end for start, end in cuts))
    # What clung to the words cut out: "…'s", "يوم" before a date.
    bare = re.sub(r"(?<!\w)['’]s\b|(?:^|\s)(?:في )?يوم(?=\s*[؟?]?$)", "", kept)
    return re.sub(r"\s+([?,.!؟،])", r"\1", " ".join(bare.split())).strip(" ,;،")


# What a question wants, by its question words; the first that matches.
_WANTS: tuple[tuple[Wants, re.Pattern[str]], ...] = (
    (
        "source",
        re.compile(
            r"\bwho (?:says?|said|claims?|reported|reports)\b|\baccording to whom\b|\b(?:what|which) sources?\b|"
            r"\bqui (?:le |l['’])?(?:dit|affirme|rapporte|confirme|prétend)\b|"
            r"\bqui l['’]a (?:dit|affirmé|rapporté|confirmé)\b|\bselon qui\b|\bquelles? sources?\b|"
            r"من (?:قال|يقول|ذكر)\b|بحسب من|ما المصدر|ما المصادر",
            re.I,
        ),
    ),
    (
        "number",
        re.compile(
            r"\bhow (?:many|much)\b|\btolls?\b|\bnumbers? of\b|\bcounts?\b|\bfigures?\b|\bestimates?\b|"
            r"\bcombien\b|(?<!des )(?<!ces )(?<!ses )\bbilans?\b|\bnombre de\b|(?<!des )(?<!ces )\bchiffres?\b|"
            r"(?:^|\s)و?كم\b|\bما عدد\b|^\W*ب?عدد\b|حصيلة|حصائل|أرقام",
            re.I,
        ),
    ),
    (
        "when",
        # Asked for where a clause begins, or by what is to be known; elsewhere it tells of the event: "hurt when …".
        re.compile(
            r"(?:^|[,;:]|\b(?:and|but|or|since|until|by|from|say|says|said|know|known|tell|clear|et|mais|ou|depuis|"
            r"jusqu['’]à|dit|savoir|sait|précise))\s*(?:exactly\s+)?(?:when|quand)\b|\b(?:when|quand)\s*\?|"
            r"\bwhat (?:day|date)\b|\bquel jour\b|\bquelle date\b|\bو?متى\b|أي يوم",
            re.I,
        ),
    ),
    (
        "where",
        re.compile(
            r"\bwhere\b|\b(?:which|what) (?:towns?|villages?|cit(?:y|ies)|places?|areas?|districts?)\b|"
            r"\boù\b|\bquel(?:le)?s? (?:villes?|villages?|localités?|lieux?|régions?|quartiers?)\b|"
            r"\bو?أين\b|\bاين\b|(?:أي|ما) (?:ال)?(?:بلدات|مدن|قرى|مناطق|بلدة|مدينة|قرية)",
            re.I,
        ),
    ),
    (
        "overview",
        re.compile(
            r"\bwhat (?:happened|is happening|has happened|'s new)\b|\bsummar|\boverview\b|"
            r"\bque s['’]est-il passé\b|\bqu['’]est-il arrivé\b|\bquoi de neuf\b|\brésum|"
            r"(?:ماذا|ما الذي) (?:حدث|جرى|حصل)|ملخص",
            re.I,
        ),
    ),
    (
        "who",
        re.compile(
            # Asked for, not "the teacher who …".
            r"(?:^|[,;:?]|\b(?:and|but|or|by|to|from|with|for|of|against|on|know|say|says|said|tell|tells))\s*who(?:m|se)?\b|"
            r"\bnames? of\b|\bnamed\b|"
            r"(?:^|[,;:?]|\b(?:et|mais|ou|par|de|à|avec|pour|contre|chez|sur|savoir|sait|dit|dire|est-ce))\s*qui\b|"
            r"\bnoms? d|\bs['’]appel|"
            r"^\s*و?من\s|(?:^|\s)(?:ما )?(?:اسم|أسماء)\s",
            re.I,
        ),
    ),
)


def _wanted(asked: str, main_end: int) -> Wants:
    """By the question words of the main clause, which ends at `main_end`."""
    for wants, pattern in _WANTS:
        if pattern.search(asked, 0, main_end):
            return wants
    return "facts"


# Follow-ups

_OPENS_FOLLOW_UP = re.compile(
    r"^(?:(?:and|but|also|then|so)\b|what about\b|how about\b|any (?:others?|more)\b|"
    r"et\b(?! (?:si|combien de temps))|mais\b|qu['’]en est-il\b|quid\b|"
    r"و(?:ماذا|في|ما|من|كم|أين|متى|هل|لماذا|كيف|ال\w+|بعد|قبل|قرب)\b|ماذا عن)",
    re.I,
)
_REFERS_BACK = re.compile(
    r"\b(?:they|them|their|it|its|he|she|his|her|there|that|those|this|these|so|the same|"
    r"ils?|elles?|leurs?|là|cela|ça|y|en|celui-ci|celle-ci|ceux-ci|même|qui l(?:e|a|es)\b|"
    r"the (?:day|week) (?:before|after)|la veille|le lendemain)\b|"
    r"(?:^|\s)(?:هناك|ذلك|تلك|هذا|هذه|هم|(?<!من )(?<!ما )ه[وي]|عنه|عنها|\w{3,}هم\b|"
    r"اليوم السابق|اليوم التالي|الأسبوع السابق)",
    re.I,
)
_SHORT_TERMS = 2
_FEW_TERMS = 3


# "And …", "et …", "و…": it joins the question to the one before and says nothing of its own.
_JOINS = re.compile(
    r"^\s*(?:(?:and|but|also|then|so)\b(?:\s+(?:what|how)\s+about\b)?|(?:what|how)\s+about\b|"
    r"(?:et|mais)\b(?:\s+(?:qu['’]en\s+est-il|quid)\b)?|qu['’]en\s+est-il\b|quid\b|و?ماذا\s+عن\s|و(?=\w))[\s,]*",
    re.I,
)


def _is_follow_up(asked: str, own: _Parsed) -> bool:
    """Whether the question leaves out what it is about: it opens as one, or says little and points back."""
    telling = len(set(telling_words(own.topic)))
    if own.wants == "overview" and (own.area is not None or own.window is not None):
        return False  # "What happened in Homs?" says all
    if _OPENS_FOLLOW_UP.match(asked):
        return len(set(telling_words(_said_anew(own.topic)))) <= _FEW_TERMS
    is_short = telling <= _SHORT_TERMS and (own.wants == "source" or bool(_REFERS_BACK.search(asked)))
    return telling == 0 or is_short


def _leaves_out_where(own: _Parsed) -> bool:
    """Whether it says so little, and no name, day or place, that it is of where and when the question before was:
    "How many dead?"."""
    says_where = own.window is not None or own.area is not None or bool(_NAMED.search(own.topic))
    return not says_where and len(set(telling_words(own.topic))) <= _SHORT_TERMS


# Arabic has no capitals: who is asked to be told of is named.
_NAMED = re.compile(r"(?<=\w\W)(?:[ld]['’])?[A-ZÀ-Þ]\w|(?:^|\s)و?من ه[وي]\s")

_SHIFTS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (
        -1,
        re.compile(
            r"\bthe (?:day before|previous day)\b|\bla veille\b|\ble jour (?:précédent|d['’]avant)\b|اليوم السابق", re.I
        ),
    ),
    (
        1,
        re.compile(
            r"\bthe (?:day after|next day|following day)\b|\ble lendemain\b|\ble jour suivant\b|اليوم التالي", re.I
        ),
    ),
    (
        -7,
        re.compile(
            r"\bthe (?:week before|previous week)\b|\bla semaine (?:précédente|d['’]avant)\b|الأسبوع السابق", re.I
        ),
    ),
    (7, re.compile(r"\bthe (?:week after|following week)\b|\bla semaine suivante\b|الأسبوع التالي", re.I)),
)


def _continued(asked: str, own: _Parsed, before: Query, as_of: date) -> Query:
    """The follow-up with what it leaves out taken from the question before."""
    shift = next((days for days, pattern in _SHIFTS if pattern.search(asked)), None)
    own = own._replace(topic=_said_anew(own.topic))
    window = _shifted(before, shift, as_of) if shift is not None else own.window or before.window
    area = own.area or before.area
    own_terms = telling_words(own.topic)
    asks_new = own.wants not in ("facts", "overview") or bool(_ASKS_WHY.search(asked))
    wants = own.wants if asks_new else before.wants
    asking = before.asking
    if not asks_new and own_terms and (befell := _befell(own_terms, own.language)):
        asking, topic = _of_others(asking, befell, before.language), _of_others(before.topic, befell, before.language)
    elif own_terms or asks_new:
        asking, topic = asked, f"{before.topic} {own.topic}".strip()
    else:
        topic = before.topic
    merged = own._replace(topic=topic, window=window, area=area, wants=wants)
    return _query(asked, _stand_alone(topic, window, area), merged, as_of, asking)


def _befell(words: Sequence[str], language: str) -> str:
    """The words, if they are of nothing but what befalls people: "killed" of "And killed?"; else ""."""
    fates = all(fates_of(set(concept_terms(word, language))) for word in words)
    return " ".join(words) if fates else ""


def _of_others(question: str, befell: str, language: str) -> str:
    """The question asked of those: "How many were displaced?", "killed" → "How many were killed?"."""
    words = question.split()
    told = [at for at, word in enumerate(words) if _befell(telling_words(word), language)]
    if not told:
        return f"{question} {befell}"
    end = re.search(r"\W*$", words[told[0]])
    words[told[0]] = befell + (end.group() if end else "")
    return " ".join(word for at, word in enumerate(words) if at not in told[1:])


_ASKS_WHY = re.compile(r"\b(?:why|how come|pourquoi)\b|(?:^|\s)و?لماذا\b", re.I)


def _said_anew(topic: str) -> str:
    """What a follow-up adds to the topic: without the words that only join it or move the day; "" when nothing is left.

    "et la veille ?", "And the day before?"
    """
    kept = _JOINS.sub("", topic)
    for _, pattern in _SHIFTS:
        kept = pattern.sub("", kept)
    return kept.strip() if re.search(r"\w", kept) else ""


def _shifted(before: Query, days: int, as_of: date) -> TimeSpan:
    base = before.window
    start = base.start if base is not None and base.start > date.min else as_of
    end = base.end if base is not None and base.end < date.max else shifted(as_of, 1)
    # An open window may begin after `as_of`, and the last day of the calendar has none after it.
    length = 1 if abs(days) == 1 else max(1, (end - start).days)
    first = min(shifted(start if days < 0 else shifted(end, -length), days), shifted(date.max, -length))
    return TimeSpan(start=first, end=shifted(first, length), phrase="", precision="day" if length == 1 else "span")


def _stand_alone(topic: str, window: TimeSpan | None, area: Area | None) -> str:
    where = f" ({area.relation.replace('_', ' ')} {', '.join(place.name for place in area.places)})" if area else ""
    when = f" [{window.phrase or f'{window.start} – {window.end - timedelta(days=1)}'}]" if window else ""
    return f"{topic}{where}{when}"
