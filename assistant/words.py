"""What the assistant says itself, in French, English and Arabic. The rest is a report's or a model's."""

from string import Template

_WORDS: dict[str, dict[str, str]] = {
    "unknown outlet": {"en": "unknown outlet", "fr": "source inconnue", "ar": "مصدر غير معروف"},
    "quote": {
        "en": "$outlet, $day: “$quote”",
        "fr": "$outlet, $day : « $quote »",
        "ar": "$outlet، $day: «$quote»",
    },
    "according to": {
        "en": "According to $who: $statement",
        "fr": "Selon $who : $statement",
        "ar": "بحسب $who: $statement",
    },
    "in its words": {
        "en": "“$words”",
        "fr": "« $words »",
        "ar": "«$words»",
    },
    "no evidence": {
        "en": "The reports do not say.",
        "fr": "Les rapports ne le disent pas.",
        "ar": "التقارير لا تذكر ذلك.",
    },
    "coverage": {
        "en": "The index holds $reports reports published from $oldest to $newest.",
        "fr": "L’index contient $reports rapports publiés du $oldest au $newest.",
        "ar": "يضم الفهرس $reports تقريرا نُشرت بين $oldest و$newest.",
    },
    "looked in": {
        "en": "Looked for: $scope.",
        "fr": "Recherche limitée à : $scope.",
        "ar": "نطاق البحث: $scope.",
    },
    "nearest": {
        "en": "Nearest, outside the asked time or place: $quote",
        "fr": "Au plus près, hors du temps ou du lieu demandés : $quote",
        "ar": "الأقرب، خارج الزمان أو المكان المطلوبين: $quote",
    },
    "missing number": {
        "en": "The sentences found give no figure.",
        "fr": "Les phrases trouvées ne donnent pas de chiffre.",
        "ar": "الجمل التي عُثر عليها لا تذكر رقما.",
    },
    "missing part": {
        "en": "The sentences found do not say: $part?",
        "fr": "Les phrases trouvées ne disent pas : $part ?",
        "ar": "الجمل التي عُثر عليها لا تقول: $part؟",
    },
    "model found nothing": {
        "en": "The model found no answer in these sentences; judge for yourself.",
        "fr": "Le modèle n’a pas trouvé de réponse dans ces phrases ; à vous de juger.",
        "ar": "لم يجد النموذج إجابة في هذه الجمل؛ والحكم لكم.",
    },
    "only close": {
        "en": "These are the closest sentences; none of them clearly answers.",
        "fr": "Ce sont les phrases les plus proches ; aucune ne répond clairement.",
        "ar": "هذه أقرب الجمل؛ ولا تجيب أي منها بوضوح.",
    },
    "outlets differ": {
        "en": "Outlets differ: $figures",
        "fr": "Les sources divergent : $figures",
        "ar": "تختلف المصادر: $figures",
    },
    "on day": {"en": "$who, $day", "fr": "$who, $day", "ar": "$who، $day"},
    "quoting": {"en": "$outlet, “$who”", "fr": "$outlet, « $who »", "ar": "$outlet، «$who»"},
    "as of": {"en": "as of $day", "fr": "au $day", "ar": "حتى $day"},
    "sources": {"en": "$count outlets", "fr": "$count sources", "ar": "$count مصادر"},
    "quotations": {"en": "Quotations", "fr": "Citations", "ar": "الاقتباسات"},
    "withdrawn": {
        "en": "Report $report was corrected or withdrawn by its outlet.",
        "fr": "Le rapport $report a été corrigé ou retiré par sa source.",
        "ar": "صُحّح التقرير $report أو سُحب من مصدره.",
    },
    "place as word": {
        "en": "No report seems to be about $name; only the name was searched for.",
        "fr": "Aucun rapport ne semble parler de $name ; seul le nom a été cherché.",
        "ar": "لا يُعرف أن أي تقرير يتحدث عن المكان $name؛ جرى البحث عن الاسم فقط.",
    },
    "roles swapped": {
        "en": "The question takes it that $name did this; a quote says that it was done to $name.",
        "fr": "La question suppose que $name en est l’auteur ; selon une citation, c’est $name qui l’a subi.",
        "ar": "يفترض السؤال أن $name هو الفاعل؛ وبحسب أحد الاقتباسات فقد حدث ذلك على حساب $name.",
    },
    "taken back by": {
        "en": "Report $report was taken back by its outlet on $day ($notice); it is not used.",
        "fr": "Le rapport $report a été retiré par sa source le $day ($notice) ; il n’est pas utilisé.",
        "ar": "سحب مصدر التقرير $report تقريره يوم $day ($notice)؛ ولم يُستخدم.",
    },
    "corrected by": {
        "en": "Report $report was corrected by its outlet on $day ($notice).",
        "fr": "Le rapport $report a été corrigé par sa source le $day ($notice).",
        "ar": "صحّح مصدر التقرير $report تقريره يوم $day ($notice).",
    },
    "without model": {
        "en": "Answered without a model: $reason",
        "fr": "Réponse sans modèle : $reason",
        "ar": "إجابة بلا نموذج لغوي: $reason",
    },
}


def say(key: str, language: str, **values: object) -> str:
    """The phrase `key` in `language` (English for others), with its values filled in."""
    phrases = _WORDS[key]
    return Template(phrases.get(language, phrases["en"])).substitute({name: str(v) for name, v in values.items()})
