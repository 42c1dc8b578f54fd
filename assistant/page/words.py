"""What the page says itself, in English, French and Arabic. The rest is a report's, a question's or a model's."""

from string import Template

from assistant.page.text import escape

LANGUAGES = {"en": "English", "fr": "Français", "ar": "العربية"}

_WORDS: dict[str, tuple[str, str, str]] = {
    # The frame
    "title": ("Briefing", "Briefing", "إحاطة"),
    "tagline": (
        "Every sentence rests on a quotation",
        "Chaque phrase repose sur une citation",
        "كل جملة تستند إلى اقتباس",
    ),
    "language": ("Language", "Langue", "اللغة"),
    "tab ask": ("Questions", "Questions", "الأسئلة"),
    "tab reports": ("Reports", "Rapports", "التقارير"),
    "coverage": (
        "$reports reports · $oldest to $newest · $outlets outlets · $languages",
        "$reports rapports · du $oldest au $newest · $outlets sources · $languages",
        "$reports تقريرا · من $oldest إلى $newest · $outlets مصدرا · $languages",
    ),
    "coverage empty": (
        "No report yet. Add some under “Reports”.",
        "Aucun rapport. Ajoutez-en sous « Rapports ».",
        "لا توجد تقارير بعد. أضفها في «التقارير».",
    ),
    "model": ("Wording: $model", "Rédaction : $model", "الصياغة: $model"),
    "no model": ("verbatim quotes, no model", "citations seules, sans modèle", "اقتباسات حرفية، بلا نموذج"),
    # Asking
    "question": ("Question", "Question", "السؤال"),
    "question hint": (
        "What happened, where, when, how many?",
        "Quoi, où, quand, combien, selon qui ?",
        "ماذا حدث، أين، متى، كم، وبحسب من؟",
    ),
    "examples": ("For example", "Par exemple", "على سبيل المثال"),
    "ask of place": ("What happened in $place?", "Que s’est-il passé à $place ?", "ماذا حدث في $place؟"),
    "ask of week": ("What happened this week?", "Que s’est-il passé cette semaine ?", "ماذا حدث هذا الأسبوع؟"),
    "ask": ("Ask", "Demander", "اسأل"),
    "stop": ("Stop", "Arrêter", "إيقاف"),
    "clear": ("New conversation", "Nouvelle conversation", "محادثة جديدة"),
    "as of": ("As of", "À la date du", "حتى تاريخ"),
    "since": ("From", "Du", "من"),
    "until": ("To (included)", "Au (inclus)", "إلى (ضمنا)"),
    "places": ("Places", "Lieux", "الأماكن"),
    "radius": ("Within (km)", "Rayon (km)", "ضمن (كم)"),
    "day hint": ("2031-03-15", "2031-03-15", "2031-03-15"),
    "any time": ("any time", "toute date", "أي وقت"),
    "published hint": ("YYYY-MM-DD", "AAAA-MM-JJ", "YYYY-MM-DD"),
    "places hint": ("anywhere", "partout", "أي مكان"),
    "radius hint": ("inside", "dedans", "داخله"),
    "ask again": ("Ask again", "Redemander", "أعد السؤال"),
    "nothing to ask again": (
        "Ask a question first; then change its scope.",
        "Posez d’abord une question ; changez ensuite son cadre.",
        "اطرح سؤالا أولا، ثم غيّر نطاقه.",
    ),
    "no question": ("Type a question.", "Écrivez une question.", "اكتب سؤالا."),
    "question too long": (
        "The question has $count characters; at most $most.",
        "La question a $count caractères ; au plus $most.",
        "في السؤال $count حرفا؛ الحد الأقصى $most.",
    ),
    "crowded": (
        "Too many are asking: $count questions are under way. Ask again in a moment.",
        "Trop de monde : $count questions sont en cours. Redemandez dans un instant.",
        "الطلب كثيف: $count سؤالا قيد المعالجة. اسأل مجددا بعد قليل.",
    ),
    "bad day": (
        "“$text” is not a day; write it as 2031-03-15.",
        "« $text » n’est pas une date ; écrivez-la comme 2031-03-15.",
        "ليس «$text» تاريخا؛ اكتبه مثل 2031-03-15.",
    ),
    "bad radius": (
        "“$text” is not a distance; write kilometres from 1 to 2000, or leave it empty.",
        "« $text » n’est pas une distance ; écrivez des kilomètres, de 1 à 2000, ou rien.",
        "ليست «$text» مسافة؛ اكتب عدد الكيلومترات من 1 إلى 2000 أو اتركه فارغا.",
    ),
    "bad order": (
        "The first day ($since) is after the last ($until).",
        "Le premier jour ($since) est après le dernier ($until).",
        "اليوم الأول ($since) بعد الأخير ($until).",
    ),
    # The conversation
    "welcome": (
        "Ask about the reports. What supports the answer appears beside it, before the answer itself; each [n] leads "
        "to its exact sentence.",
        "Interrogez les rapports. Ce qui fonde la réponse apparaît à côté, avant la réponse ; chaque [n] mène à sa "
        "phrase exacte.",
        "اسأل عن التقارير. تظهر الأدلة أولا إلى جانب الإجابة، وكل [n] يقود إلى جملته بعينها.",
    ),
    "warming": (
        "Getting ready: the search model is loading.",
        "Préparation : chargement du modèle de recherche.",
        "جار التحضير: يُحمَّل نموذج البحث.",
    ),
    "searching": ("Searching…", "Recherche…", "جار البحث…"),
    "checking": (
        "Draft, being checked. Nothing here is confirmed yet.",
        "Brouillon, en cours de vérification. Rien n’est encore confirmé.",
        "مسودة قيد التحقق. لا شيء هنا مؤكد بعد.",
    ),
    "writing": (
        "$count passages found. Writing and checking…",
        "$count passages trouvés. Rédaction et vérification…",
        "عُثر على $count مقطعا. جارٍ التحرير والتحقق…",
    ),
    "stopped": ("Stopped.", "Arrêté.", "أُوقف."),
    "failed": (
        "The program failed on this question; its log says why.",
        "Le programme a échoué sur cette question ; son journal dit pourquoi.",
        "تعذّر على البرنامج معالجة هذا السؤال؛ التفاصيل في السجل.",
    ),
    "answered": ("Answered", "Réponse", "إجابة"),
    "partial": ("Answered in part", "Réponse partielle", "إجابة جزئية"),
    "no_evidence": ("No evidence", "Aucun élément", "لا أدلة"),
    "quoted": ("Quoted", "Citation", "اقتباس"),
    "supported": ("Supported", "Étayé", "مدعوم"),
    "unsupported": ("Unsupported", "Non étayé", "غير مدعوم"),
    "contradicted": ("Contradicted", "Contredit", "متناقض"),
    "one outlet": ("1 outlet", "1 source", "مصدر واحد"),
    "many outlets": ("$count outlets", "$count sources", "$count مصادر"),
    "said by": ("said by $who", "selon $who", "بحسب $who"),
    "dropped": (
        "$count dropped: not supported by the reports",
        "$count écartés : non étayés par les rapports",
        "حُذف $count: لا تدعمه التقارير",
    ),
    "since marked": (
        "A report this rests on has since been marked: $status.",
        "Un rapport à l’appui a depuis été marqué : $status.",
        "وُسم لاحقا تقرير تستند إليه هذه الإجابة: $status.",
    ),
    "seconds": ("$seconds s", "$seconds s", "$seconds ث"),
    # Sources
    "sources": ("Sources", "Sources", "المصادر"),
    "sources empty": (
        "The passages that support an answer appear here.",
        "Les passages à l’appui d’une réponse apparaissent ici.",
        "تظهر هنا المقاطع التي تدعم الإجابة.",
    ),
    "evidence": ("Evidence found", "Éléments trouvés", "الأدلة التي عُثر عليها"),
    "closest": (
        "Closest found; none of it answers",
        "Au plus proche ; rien n’y répond",
        "أقرب ما عُثر عليه؛ لا شيء منه يجيب",
    ),
    "nearest": (
        "Nearest, outside the asked time or place",
        "Au plus près, hors du temps ou du lieu demandés",
        "الأقرب، خارج الزمان أو المكان المطلوبين",
    ),
    "also found": ("$count more found, not cited", "$count autres trouvés, non cités", "$count أخرى لم يُستشهد بها"),
    "found outside": (
        "$count found outside the asked time or place",
        "$count trouvés hors du temps ou du lieu demandés",
        "عُثر على $count خارج الزمان أو المكان المطلوبين",
    ),
    "unknown outlet": ("unknown outlet", "source inconnue", "مصدر غير معروف"),
    "open report": ("Whole report", "Rapport entier", "التقرير كاملا"),
    "back": ("Back to the answer", "Retour à la réponse", "عودة إلى الإجابة"),
    "copy": ("near-copy of $report", "quasi-copie de $report", "نسخة شبه مطابقة من $report"),
    "usable": ("usable", "utilisable", "صالح"),
    "corrected": ("corrected", "corrigé", "مصحَّح"),
    "withdrawn": ("withdrawn", "retiré", "مسحوب"),
    "timeline": ("When: events in the evidence", "Quand : les événements trouvés", "متى: الأحداث في الأدلة"),
    "map": ("Where: places in the evidence", "Où : les lieux trouvés", "أين: الأماكن في الأدلة"),
    "kilometres": ("$count km", "$count km", "$count كم"),
    "comma": (", ", ", ", "، "),
    "filtered": ("Showing only $what.", "Seulement : $what.", "المعروض فقط: $what."),
    "show all": ("Show all", "Tout afficher", "عرض الكل"),
    # Taking away and judging
    "save answer": ("Save last answer as", "Enregistrer la réponse", "حفظ آخر إجابة بصيغة"),
    "save conversation": ("Save conversation as", "Enregistrer la conversation", "حفظ المحادثة بصيغة"),
    "useful": ("Useful", "Utile", "مفيد"),
    "not useful": ("Not useful", "Pas utile", "غير مفيد"),
    "reason": ("Why? (optional)", "Pourquoi ? (facultatif)", "لماذا؟ (اختياري)"),
    "thanks": ("Noted, on this machine only.", "Noté, sur cette machine seulement.", "سُجّل على هذا الجهاز فقط."),
    "nothing yet": ("No answer yet.", "Aucune réponse encore.", "لا إجابة بعد."),
    # Reports
    "add files": ("Add files", "Ajouter des fichiers", "إضافة ملفات"),
    "limits": (
        "$types; at most $megabytes MB each. A report needs a date: its own, or in its first lines.",
        "$types ; $megabytes Mo au plus chacun. Il faut une date : déclarée, ou dans les premières lignes.",
        "الصيغ: $types؛ بحد أقصى $megabytes م.ب للملف. يلزم تاريخ: مصرّح به أو في السطور الأولى.",
    ),
    "paste": ("Paste a text", "Coller un texte", "لصق نص"),
    "text": ("Text", "Texte", "النص"),
    "report title": ("Title", "Titre", "العنوان"),
    "outlet": ("Outlet", "Source", "المصدر"),
    "published": ("Published", "Publié", "تاريخ النشر"),
    "add": ("Add", "Ajouter", "إضافة"),
    "add text": ("Add this text", "Ajouter ce texte", "أضف هذا النص"),
    "paste undated": (
        "No date: fill in “Published”.",
        "Il manque la date : remplissez « Publié ».",
        "التاريخ ناقص: املأ حقل «تاريخ النشر».",
    ),
    "undated": (
        "no date",
        "sans date : déclarez-la en tête du texte (published: 2017-10-22) ou dans le nom du fichier",
        "بلا تاريخ: اذكره في أول النص (published: 2017-10-22) أو في اسم الملف",
    ),
    "holds no text": ("it holds no text", "il ne contient aucun texte", "لا نص فيه"),
    "unknown format": ("of no known format", "ce format n’est pas lu", "صيغة غير مقروءة"),
    "in the future": ("its date lies in the future", "sa date est dans l’avenir", "تاريخه في المستقبل"),
    "too large": ("it is too large: split it", "trop volumineux : partagez-le", "حجمه كبير جدا: قسّمه"),
    "no files": ("Choose files first.", "Choisissez d’abord des fichiers.", "اختر ملفات أولا."),
    "added": ("added", "ajouté", "أُضيف"),
    "revised": ("new revision", "nouvelle version", "نسخة جديدة"),
    "unchanged": ("already known", "déjà connu", "معروف سابقا"),
    "rejected": ("rejected", "refusé", "مرفوض"),
    "add summary": (
        "$added added or revised, $unchanged already known, $rejected rejected.",
        "$added ajoutés ou revus, $unchanged déjà connus, $rejected refusés.",
        "$added مضافة أو منقحة، $unchanged معروفة سابقا، $rejected مرفوضة.",
    ),
    "reading": ("Reading $count…", "Lecture de $count…", "جار قراءة $count…"),
    "find": ("Words in title or text", "Mots du titre ou du texte", "كلمات في العنوان أو النص"),
    "any": ("any", "toutes", "الكل"),
    "report language": ("Language", "Langue", "اللغة"),
    "place named": ("Place named", "Lieu nommé", "مكان مذكور"),
    "listed": (
        "$passing of $total reports, newest first",
        "$passing rapports sur $total, du plus récent",
        "$passing من $total تقريرا، الأحدث أولا",
    ),
    "listed first": (
        "$passing of $total reports, newest first; the first $shown are shown",
        "$passing rapports sur $total, du plus récent ; les $shown premiers sont affichés",
        "$passing من $total تقريرا، الأحدث أولا؛ المعروض أول $shown",
    ),
    "list more": ("Show $count more", "En afficher $count de plus", "عرض $count أخرى"),
    "choose report": (
        "Choose a report to read it whole.",
        "Choisissez un rapport pour le lire en entier.",
        "اختر تقريرا لقراءته كاملا.",
    ),
    "withdraw": ("Mark withdrawn", "Marquer retiré", "وسم كمسحوب"),
    "correct": ("Mark corrected", "Marquer corrigé", "وسم كمصحَّح"),
    "restore": ("Usable again", "Rétablir", "استعادة"),
    "no such report": ("There is no report “$report”.", "Aucun rapport « $report ».", "لا يوجد تقرير «$report»."),
    "marked": ("“$report” is now $status.", "« $report » est maintenant $status.", "أصبح «$report» الآن: $status."),
    "dated by": ("dated by its $how", "daté par : $how", "التاريخ من: $how"),
    "metadata": ("own record", "sa fiche", "بياناته"),
    "dateline": ("dateline", "son en-tête", "مطلعه"),
    "file name": ("file name", "nom de fichier", "اسم الملف"),
    "revision": ("revision $number", "version $number", "نسخة $number"),
}

_ORDER = ("en", "fr", "ar")


def word(key: str, language: str, **values: object) -> str:
    """The phrase `key` in `language` (English for others), with its values filled in. Plain text, not HTML."""
    phrases = _WORDS[key]
    phrase = phrases[_ORDER.index(language)] if language in _ORDER else phrases[0]
    return Template(phrase).substitute({name: str(value) for name, value in values.items()})


def word_html(key: str, language: str, **values: str) -> str:
    """The phrase `key` as HTML, with values that are HTML already."""
    return Template(escape(word(key, language, **{name: f"${{{name}}}" for name in values}))).substitute(values)


def direction(language: str) -> str:
    """Of the page: "rtl" or "ltr"."""
    return "rtl" if language == "ar" else "ltr"


def preferred_language(accepted: str) -> str:
    """The first of our languages that a browser's Accept-Language header asks for; English when it names none."""
    for wanted in accepted.split(","):
        code = wanted.split(";")[0].strip()[:2].casefold()
        if code in LANGUAGES:
            return code
    return "en"
