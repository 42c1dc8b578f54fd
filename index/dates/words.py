"""The words that speak of time in English, French and Arabic, and what each one is for.

Only tables: `index.dates.tokens` looks words up here, `index.dates.grammar` reads the sequence of kinds. A kind is one
letter, so that a sentence becomes a short string, and one grammar, patterns over kinds, serves all three languages:

    N number        a "a", "une"      q "few"          Y year           Z "1990s"        T numeric date
    M month         W weekday (0-6)   S season (0-3)   R day counted from the anchor     t part of the day
    j day           w week            o month          y year           r hour           k weekend
    H half (2), quarter (4) of a year or month
    D feast          E its eve         L month of the moon               O day of a month by its number alone
    X decade
    l last          n next            c this           b early          m mid            e late           K every
    s since         J منذ             u until          C through, حتى   f before         B قبل            g after
    h between       d from            & and            > to             i in, on         A "dans"         v of
    z the           G ago, earlier    I "il y a"       F future verb    P past verb      x anything else

Words are stored folded (see `index.dates.tokens.fold`): lower case, no accents, no tashkeel, one form of alef.
"""

from typing import NamedTuple

from index.dates import feasts


class Meaning(NamedTuple):
    kind: str
    value: int = 0


IN = 1
"""Value of kind i for English "in": never before a day ("in October 8 people") and at times ahead ("in three days")."""
OVERNIGHT = 90
"""Value of kind R for the night between yesterday and today."""
PLURAL = 1
"""Value of a unit printed in the plural: "these days" is a stretch, "this day" is not."""
ROLLING = 1
"""Value of kind l for "past", "écoulé", "recent": counted back from today, never the calendar week before."""
AFTER_ITS_UNIT = 2
"""Value of kind l for French "passé": "l'an passé", but "il a passé un an" is no time."""
MANY = 3
"""Value of kinds l and n for "derniers", "prochains": they make a stretch even of "mois", which has no plural form."""
PAST_FORM = 1
"""Value of kind x for English verb forms in -ed and the like: what follows them is not yet to come."""
LASTING = 3
"""Value of kind x for "extended", "prolongé", "تمديد": an "until" behind it names a day to come."""
AT = 1
"""Value of kind > for French "à", "au": before a season it says when."""
MAY_BEGIN = 1
"""Value of kinds s and J for "à partir de", "as from": behind a future verb the day is one to come."""
DAY_OF = 4
"""Value of kind x for English "day of": "a day of rage" is no day, "the first day of Eid" is."""
LATER = 1
"""Value of kind c for "later this": what is left of the unit after today."""
DATED = 2
"""Value of Arabic "يوم", kind j, and of French "le", kind z: a number behind them may be a day of the month."""
WITHIN = 1
"""Value of kind u for French "d'ici": it counts units ahead as well, "d'ici trois jours"."""
SINGULAR = 2
"""Value of kind x for English words without -s: "the 2011 uprising" has a year, "the 2011 fighters" a count."""
ENGLISH_PAST = frozenset(
    "went came took left met held hit fell struck broke shot sent saw gave made put won lost fled rose ran led".split()
)


def _table(lines: str) -> dict[tuple[str, ...], Meaning]:
    """`kind[value]: phrase, phrase` a line; a phrase is its folded tokens, separated by spaces."""
    table: dict[tuple[str, ...], Meaning] = {}
    for line in lines.strip().splitlines():
        head, _, phrases = line.partition(":")
        kind, value = head.strip()[0], head.strip()[1:]
        for phrase in phrases.split(","):
            table[tuple(phrase.split())] = Meaning(kind, int(value or 0))
    return table


def _in_order(kind: str, names: str, first: int = 1) -> dict[tuple[str, ...], Meaning]:
    """Names that count up from `first`, alternatives separated by "/"."""
    return {
        tuple(name.split()): Meaning(kind, number)
        for number, names_of_one in enumerate(names.split(","), start=first)
        for name in names_of_one.strip().split("/")
    }


def _feasts(lines: str) -> dict[tuple[str, ...], Meaning]:
    """`feast: phrase, phrase` a line."""
    table: dict[tuple[str, ...], Meaning] = {}
    for line in lines.strip().splitlines():
        feast, _, phrases = line.partition(":")
        meaning = Meaning("D", feasts.NAMES.index(feast))
        table |= {tuple(phrase.split()): meaning for phrase in phrases.split(",")}
    return table


def _english_numbers() -> dict[tuple[str, ...], Meaning]:
    cardinals = (
        "one,two,three,four,five,six,seven,eight,nine,ten,eleven,twelve,thirteen,fourteen,fifteen,sixteen,seventeen,"
        "eighteen,nineteen,twenty"
    ).split(",")
    ordinals = (
        "first,second,third,fourth,fifth,sixth,seventh,eighth,ninth,tenth,eleventh,twelfth,thirteenth,fourteenth,"
        "fifteenth,sixteenth,seventeenth,eighteenth,nineteenth,twentieth"
    ).split(",")
    table: dict[tuple[str, ...], Meaning] = {}
    for words in (cardinals, ordinals):
        for number, word in enumerate(words, start=1):
            table[(word,)] = Meaning("N", number)
            if number < 10:
                for tens_word, tens in (("twenty", 20), ("thirty", 30), ("forty", 40), ("ninety", 90)):
                    table[(tens_word, "-", word)] = table[(tens_word, word)] = Meaning("N", tens + number)
    return table | _table(
        "N30: thirty, thirtieth\nN40: forty\nN60: sixty\nN72: seventy two, seventy - two\nN90: ninety"
    )


def _french_numbers() -> dict[tuple[str, ...], Meaning]:
    units = "deux,trois,quatre,cinq,six,sept,huit,neuf".split(",")
    table = _in_order("N", "dix,onze,douze,treize,quatorze,quinze,seize,dix - sept,dix - huit,dix - neuf,vingt", 10)
    for number, word in enumerate(units, start=2):
        table[(word,)] = Meaning("N", number)
        for tens_word, tens in (("vingt", 20), ("trente", 30), ("quarante", 40), ("soixante", 60)):
            table[(tens_word, "-", word)] = Meaning("N", tens + number)
    return table | _table(
        "N1: premier, premiere, premiers, premieres\n"
        "N2: deuxieme\nN3: troisieme\nN4: quatrieme\nN30: trente\nN40: quarante\nN60: soixante\n"
        "N21: vingt et un, vingt - et - un\nN31: trente et un, trente - et - un\nN72: soixante - douze\n"
        "N90: quatre - vingt - dix"
    )


def _arabic_numbers() -> dict[tuple[str, ...], Meaning]:
    units = (
        "واحد/واحده/اول/الاول/الاولي/اولي/حادي/الحادي,اثنان/اثنين/اثنا/الثاني/الثانيه,ثلاثه/ثلاث/الثالث/الثالثه,"
        "اربعه/اربع/الرابع/الرابعه,خمسه/خمس/الخامس/الخامسه,سته/ست/السادس/السادسه,سبعه/سبع/السابع/السابعه,"
        "ثمانيه/ثماني/ثمان/الثامن/الثامنه,تسعه/تسع/التاسع/التاسعه,عشره/عشر/العاشر/العاشره"
    )
    table = _in_order("N", units)
    ones = [(words, meaning.value) for words, meaning in table.items() if meaning.value < 10]
    for (word,), number in ones:
        for ten in ("عشر", "عشره"):
            table[(word, ten)] = Meaning("N", 10 + number)
        for tens_word, tens in (("عشرين", 20), ("عشرون", 20), ("ثلاثين", 30), ("ثلاثون", 30), ("اربعين", 40)):
            table[(word, "و" + tens_word)] = table[(word, "وال" + tens_word)] = Meaning("N", tens + number)
    del table[("الثانيه",)]  # "the second" of a clock far more often than an ordinal before a month
    return table | _table(
        "N20: عشرين, عشرون\nN30: ثلاثين, ثلاثون\nN40: اربعين, اربعون\nN60: ستين, ستون\nN90: تسعين, تسعون\n"
        "N2: ثاني\nN3: ثالث\nN4: رابع"
    )


_ENGLISH = _table(
    """
a1: a, an
q: few, several, couple of
R-2: day before yesterday
R-1: yesterday
R0: today, tonight
R1: tomorrow
R2: day after tomorrow
R90: overnight
t: morning, afternoon, evening, noon, midday, midnight, dawn
t1: night
j: day
j1: days
w: week
w1: weeks
o: month
o1: months
y: year
y1: years
r: hour
r1: hours
k: weekend, week - end
X: decade
X1: decades
H2: half
H4: quarter, q
l: last
l1: past, recent
n: next, coming, upcoming
c: this, these, current
c1: later this
Z1990: nineties
Z1980: eighties
Z1970: seventies
Z1960: sixties
b: early, beginning, start
m: mid, middle
e: late, end
K: every, each, per
s: since
s1: as from, with effect from
u: until, till, by, up to
C: through
f: before, prior to
g: after, following
h: between
d: from
&: and
>: to
i: on, during, over, at, within, as of
i1: in
v: of, in the month of
z: the
G: ago, earlier
F: will, shall, won t, ll, going to, is to, are to, due to be, is due, are due, due to leave, set to, is set, are set
F: is scheduled, are scheduled, scheduled for, is expected, are expected, expected to, is planned, are planned
F: must, starting on, starting from, plans to, plan to, to be held, slated, supposed to
P: said, says, told, announced, reported, was, were, had, has, have, began, killed, according, confirmed, added, claimed
E: eve of
x: black friday, bloody sunday, sunday times, easter island, christmas island, christmas tree, christmas market
x: sunday telegraph, sunday express, arab spring, prague spring, usa today, russia today, super tuesday, cyber monday
x: last but, at last, day after day, by day
x4: day of
x: that day, same day, next day, following day, previous day, following week, following month, following year
x: that week, that month, that year, that summer, that winter, next morning, following morning
x3: extended, prolonged, renewed, postponed, delayed, adjourned, suspended, valid, remain, remains, closed
x3: runs, lasting
"""
)

_FRENCH = _table(
    """
a1: un, une
q: quelques, plusieurs
R-2: avant - hier, avant hier
R-1: hier
R0: aujourd hui, jour pour jour
R1: demain
R2: apres - demain
t: matin, matinee, soir, soiree, apres - midi, midi, minuit, aube
t1: nuit
j: jour, journee
j1: jours
w: semaine
w1: semaines
o: mois
y: an, annee
y1: ans, annees
r: heure
r1: heures
k: week - end, weekend
X: decennie
X1: decennies
H2: moitie, semestre, quinzaine
H4: trimestre, t
N10: une dizaine de
N15: une quinzaine de
N12: une douzaine de
l: dernier, derniere
l3: derniers, dernieres
l2: passe, passee, passes, passees
l1: ecoule, ecoulee, ecoules, ecoulees, recents, recentes
n: prochain, prochaine
n3: prochains, prochaines, a venir, qui viennent
c: ce, cet, cette, ces
c1: plus tard ce, plus tard cette, plus tard dans le, plus tard dans la, plus tard dans l
N80: quatre - vingt, quatre - vingts
b: debut, au debut, tout debut
m: mi, milieu
e: fin
K: chaque, tous les, toutes les
s: depuis, cela fait, ca fait
s1: a partir de, a partir du, a compter du, a compter de
u: jusqu, jusque
u1: d ici
f: avant
g: apres
h: entre
&: et
>1: au, aux
i: en, sur, durant, pendant, lors, cours, courant, pour
A: dans
v: de, du, d
z: la, les, l
z2: le
E: la veille de, la veille du, veille de, veille du
G: plus tot, auparavant
I: il y a, voici, voila
F: va, vont, est prevu, est prevue, sont prevus, sont prevues, est attendu, est attendue, sont attendus, sont attendues
F: prevu, prevue, prevus, prevues, devrait, devraient, pourrait, pourraient, doit, doivent, s apprete
F: programme, programmee
P: ont, avait, avaient, etait, etaient, fut, furent, selon, affirme, annonce, declare
x: pere noel, sapin de noel, marche de noel, toussaint - louverture, toussaint louverture
x: mardi gras, jeudi noir, printemps arabe, lendemain, cette annee la, ce jour la, ces jours la
x: la veille, annee suivante, semaine suivante, mois suivant, jour suivant
x3: prolonge, prolongee, prolonges, prolongees, reconduit, reconduite, reporte, reportee, suspendu, suspendue, valable
x3: ferme, fermee, fermes, fermees, reste, restent, court, courent
"""
) | {("à",): Meaning(">", AT), ("a",): Meaning("P"), ("dès",): Meaning("s"), ("des",): Meaning("v")}
# With their accents, because "a" is a past auxiliary and "à" leads to the end of a range.

_ARABIC = _table(
    """
q: قليله, معدوده, بضعه, بضع, عده
R-2: اول امس, اول من امس, امس الاول, اول البارحه
R-1: امس, بارحه
R0: اليوم, الليله, هذا اليوم
R1: غدا, غد
R2: بعد غد, بعد الغد
t: بعد الظهر, بعد ظهر, قبل الظهر, قبل ظهر, صباح, مسا, ظهر, عصر, فجر, صباحا, ظهيره
t1: ليل, ليله
j: يوما, يومي
j2: يوم
E: عشيه
j1: ايام
w: اسبوع, اسبوعا
w1: اسابيع
o: شهر, شهرا, شهري
o1: اشهر, شهور
y: عام, سنه, عاما, عامي
y1: اعوام, سنوات, سنين
r: ساعه
r1: ساعات
k: عطله نهايه الاسبوع, نهايه الاسبوع
X: عقد
X1: عقود
H2: نصف
H4: ربع
l: ماضي, ماضيه, ماض, فايت, فايته, منصرم, منصرمه
l3: ماضيين, ماضيتين, فايتين, منصرمين
l1: اخير, اخيره, اخيرين, اخيرتين, اخر
n: مقبل, مقبله, قادم, قادمه, اتي
n3: مقبلين, مقبلتين, قادمين, قادمتين
c: هذا, هذه, جاري, جار, حالي, حاليه, جاريه
c1: لاحقا هذا
Z1990: تسعينيات, تسعينات
Z1980: ثمانينيات, ثمانينات
Z1970: سبعينيات, سبعينات
Z1960: ستينيات, ستينات
b: مطلع, بدايه, اوايل, مستهل, بدايات
m: منتصف, اواسط, وسط
e: نهايه, اواخر, ختام, نهايات
K: كل
J: منذ, مذ
J1: اعتبارا من, ابتدا من
,: موافق
u: بحلول
C: حتي, لغايه
B: قبل
g: بعد, عقب
h: بين, ما بين
&: و
>: الي
i: في, خلال, اثنا, علي مدي, علي مدار, مدي
v: من
F: سوف, من المقرر, المقرر, المتوقع ان, من المتوقع ان, من المنتظر, يعتزم, تعتزم, المزمع, المرتقب
P: قال, قالت, اعلن, اعلنت, ذكر, ذكرت, اكد, اكدت, افاد, افادت, صرح, كان, كانت, قتل, قتلت, نقل, اضاف, اضافت, قد, لقد, فقد
x: ربيع عربي, المصري اليوم, روسيا اليوم, اليوم السابع, اليوم التالي, اليوم نفسه, تلك الليله
x: ذلك اليوم, ذلك العام, تلك السنه, ذلك الشهر, ذلك الاسبوع, نفس اليوم
x: اليوم ذاته, اليوم السابق, في نفس اليوم, اليوم الاول, اليوم الثاني, اليوم الثالث, اليوم الاخير, الربيع العربي
x3: تمديد, تمديدها, تمديده, تاجيل, تاجيلها, تعليق, يستمر, تستمر, ساري, ساريه, مغلق, مغلقه
x: ساعات في اليوم, ساعه في اليوم, مرات في اليوم, مره في اليوم, وجبه في اليوم, وجبات في اليوم
x: الثلاثا الاسود, قبل كل شي, العام التالي, الاسبوع التالي, الشهر التالي, بين اليوم
"""
)

_ENGLISH_FEASTS = _feasts(
    """
christmas: christmas, christmas day
christmas eve: christmas eve
boxing day: boxing day
new year: new year s day, new year s
new year's eve: new year s eve
bastille day: bastille day
nowruz: nowruz, newroz
easter: easter, easter sunday
easter monday: easter monday
good friday: good friday
palm sunday: palm sunday
ash wednesday: ash wednesday
pentecost: pentecost
eid al-fitr: eid al - fitr, eid ul - fitr, eid - al - fitr, eid el - fitr, eid al fitr
eid al-adha: eid al - adha, eid ul - adha, eid - al - adha, eid el - adha, eid al adha
ashura: ashura
mawlid: mawlid
"""
)
_FRENCH_FEASTS = _feasts(
    """
christmas: noel
new year: nouvel an, jour de l an
new year's eve: saint - sylvestre
assumption: assomption
all saints: toussaint
nowruz: norouz, newroz
easter: paques, dimanche de paques
easter monday: lundi de paques
good friday: vendredi saint
palm sunday: dimanche des rameaux
ascension: jeudi de l ascension
pentecost: pentecote
whit monday: lundi de pentecote
eid al-fitr: aid el - fitr, aid al - fitr, aid el fitr, korite
eid al-adha: aid el - adha, aid al - adha, aid el - kebir, aid el kebir, aid el adha, tabaski
ashura: achoura
mawlid: mouloud, maouloud
"""
)
_ARABIC_FEASTS = _feasts(
    """
christmas: عيد الميلاد
christmas eve: ليله عيد الميلاد, ليله الميلاد
new year: راس السنه, راس السنه الميلاديه
new year's eve: ليله راس السنه
nowruz: نوروز, عيد النوروز
easter: عيد الفصح
good friday: الجمعه العظيمه
palm sunday: احد الشعانين
eid al-fitr: عيد الفطر
eid al-adha: عيد الاضحي
moon new year: راس السنه الهجريه
ashura: عاشورا
mawlid: المولد النبوي
"""
)
_MOON_MONTHS = {
    "en": "muharram,safar,rabi al - awwal,rabi al - thani,jumada al - awwal,jumada al - thani,rajab,shaban/sha ban,"
    "ramadan,shawwal,dhu al - qadah,dhu al - hijjah",
    "fr": "mouharram,safar,rabi al - awwal,rabi al - thani,joumada al - oula,joumada al - thania,rajab,chaabane,"
    "ramadan,chawwal,dhou al - qi da,dhou al - hijja",
    "ar": "محرم,صفر,ربيع الاول,ربيع الثاني/ربيع الاخر,جمادي الاولي,جمادي الاخره/جمادي الثانيه,رجب,شعبان,رمضان,شوال,"
    "ذو القعده/ذي القعده,ذو الحجه/ذي الحجه",
}

COMPOUNDS: dict[str, dict[str, tuple[Meaning, Meaning]]] = {
    "en": {"fortnight": (Meaning("N", 2), Meaning("w", PLURAL))},
    "fr": {},
    "ar": {
        word: (Meaning("N", 2), Meaning(unit, PLURAL))
        for unit, words in {
            "j": "يومين يومان",
            "w": "اسبوعين اسبوعان",
            "o": "شهرين شهران",
            "y": "عامين عامان سنتين",
            "r": "ساعتين",
            "X": "عقدين",
        }.items()
        for word in words.split()
    },
}
"""One word that says a number and a unit."""

WORDS: dict[str, dict[tuple[str, ...], Meaning]] = {
    "en": _ENGLISH
    | _ENGLISH_FEASTS
    | _in_order("L", _MOON_MONTHS["en"])
    | _english_numbers()
    | _in_order("M", "january,february,march,april,may,june,july,august,september,october,november,december")
    | _in_order("W", "monday,tuesday,wednesday,thursday,friday,saturday,sunday", 0)
    | _in_order("W", "mondays,tuesdays,wednesdays,thursdays,fridays,saturdays,sundays", 0)
    | _in_order("S", "spring,summer,autumn/fall,winter", 0),
    "fr": _FRENCH
    | _FRENCH_FEASTS
    | _in_order("L", _MOON_MONTHS["fr"])
    | _french_numbers()
    | _in_order("M", "janvier,fevrier,mars,avril,mai,juin,juillet,aout,septembre,octobre,novembre,decembre")
    | _in_order("W", "lundi,mardi,mercredi,jeudi,vendredi,samedi,dimanche", 0)
    | _in_order("S", "printemps,ete,automne,hiver", 0),
    "ar": _ARABIC
    | _ARABIC_FEASTS
    | _in_order("L", _MOON_MONTHS["ar"])
    | _arabic_numbers()
    | _in_order(
        "M",
        "كانون الثاني/كانون ثاني/كانون ثان/يناير/جانفي,شباط/فبراير/فيفري,اذار/مارس,نيسان/ابريل/افريل,ايار/مايو/ماي,"
        "حزيران/يونيو/يونيه/جوان,تموز/يوليو/يوليه/جويليه,اب/اغسطس/اوت/غشت,ايلول/سبتمبر/شتنبر,"
        "تشرين الاول/تشرين اول/اكتوبر,تشرين الثاني/تشرين ثاني/تشرين ثان/نوفمبر/نونبر,"
        "كانون الاول/كانون اول/ديسمبر/دجنبر",
    )
    | _in_order("W", "الاثنين/الاتنين/اثنين,الثلاثا/ثلاثا,الاربعا/اربعا,الخميس/خميس,الجمعه/جمعه,السبت/سبت,الاحد/احد", 0)
    | _in_order("S", "ربيع,صيف,خريف,شتا", 0),
}

ABBREVIATIONS: dict[str, dict[tuple[str, ...], Meaning]] = {
    "en": _in_order("M", "jan,feb,mar,apr,may,jun,jul,aug,sep/sept,oct,nov,dec")
    | _in_order("W", "mon,tue/tues,wed/weds,thu/thur/thurs,fri,sat,sun", 0),
    "fr": _in_order("M", "janv,fevr/fev,mars,avr,mai,juin,juil,aout,sept,oct,nov,dec")
    | _in_order("W", "lun,mar,mer,jeu,ven,sam,dim", 0),
    "ar": {},
}
"""Trusted only beside a number."""

UNSURE_MONTHS = {
    "en": frozenset({"may", "march"}),
    "fr": frozenset[str](),
    "ar": frozenset({"اب", "مارس", "جوان", "ماي", "اوت", "نيسان"}),
}
"""Also ordinary words ("may", "march", مارس "practised", آب "returned") or names: their neighbours decide."""

NOT_FUTURE = (
    "سيار سيد سياس سيط سينا سيرا سيره سيف سيق سيول سيب سيل سين ستين ستون ستار ستر ستاد ستوك ستيف ستا سنو سنج سنه سنا"
    " سند سنغ سنتيم سنتم ساح ساب سائ ساع سياق سياح سيو"
).split()
"""Openings of Arabic words that begin with the letter of the future without being verbs."""
