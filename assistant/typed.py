"""How people type questions: without accents or hamzas, and with words of courtesy before what they ask."""

import re

from index.lexical import ARABIC_MARKS

_PLAIN = str.maketrans(
    "àâäáãçèéêëìíîïñòóôöõùúûüÿÀÂÄÁÃÇÈÉÊËÌÍÎÏÑÒÓÔÖÕÙÚÛÜŸأإآٱى", "aaaaaceeeeiiiinooooouuuuyAAAAACEEEEIIIINOOOOOUUUUYااااي"
)


def plain(text: str) -> str:
    """The letters without accents and hamzas, one for one, so that positions stay: "Quel âge" → "Quel age"."""
    return text.translate(_PLAIN)


def compiled(*patterns: str) -> tuple[re.Pattern[str], ...]:
    """Patterns over `plain` text, in any case. HEAD stands for all up to the next mark, as the group `head`."""
    return tuple(re.compile(plain(pattern.replace("HEAD", r"(?P<head>[^?؟,،;؛:]*)")), re.I) for pattern in patterns)


def spelled(*patterns: str) -> tuple[re.Pattern[str], ...]:
    """Patterns over the letters as typed, where "a" and "à" are different words; in any case."""
    return tuple(re.compile(pattern, re.I) for pattern in patterns)


def bare(question: str) -> str:
    """A question without Arabic vowel signs and without its words of courtesy, the rest as typed."""
    text = ARABIC_MARKS.sub("", question)
    while (match := _COURTESY.match(plain(text))) is not None and re.search(r"\w", text[match.end() :]):
        text = text[match.end() :]
    parting = _PARTING.search(plain(text))
    return text[: parting.start()] if parting and re.search(r"\w", text[: parting.start()]) else text


(_PARTING,) = compiled(
    r"(?:(?<=[.!?؟])|[,،]| -)\s*(?:many |best |kind |with )*(?:thanks?(?: you)?|regards|merci|cordialement|"
    r"bien (?:à vous|cordialement)|شكرا|مع (?:الشكر|التحية|خالص الشكر))(?:[\s,،][^?؟]{0,30})?$"
)
(_COURTESY,) = compiled(
    r"\W*(?:"
    # "Good morning, could you please tell me …", "I would like to know …"
    r"(?:hello|hi|good (?:morning|afternoon|evening)|dear \w+|please|thanks|thank you)\b[\s,.!:;-]+|"
    r"(?:could|can|would|will) (?:you|someone|anyone) (?:please |kindly |possibly )?"
    r"(?:tell|inform|remind|show|give|let) (?:me|us)(?: know)?(?: (?:about|of|on))?\s+(?:please )?|"
    r"(?:please )?(?:tell|remind|inform) (?:me|us)(?: (?:about|of|on))?\s+|"
    r"(?:i|we)(?: am|'m|’m| are|'re|’re)? (?:would like|['’]?d like|want|need|wish|trying|wondering|looking)"
    r"(?: to (?:know|find out|learn|ask|understand|be told))?(?: (?:about|for))?"
    r"(?=\s+(?:how|who|what|which|when|where|why|whether|if)\b)\s+|"
    r"(?:i|we) (?:should|would) be (?:very )?(?:grateful|glad|obliged) if you (?:could|would) "
    r"(?:please |kindly )?(?:tell|inform|let) (?:me|us)(?: know)?\s+|"
    r"(?:would|is) it (?:be )?possible to (?:know|find out|tell me)\s+|"
    r"(?:do you|does anyone) (?:happen to )?know(?=\s+(?:how|who|what|which|when|where|why|whether|if)\b)\s+|"
    r"(?:any idea|no idea)(?=\s+(?:how|who|what|which|when|where|why|whether|if)\b)\s+|"
    r"(?:i['’]m|i am|we['’]re|we are) (?:preparing|writing|working on|researching|doing) [^:?]{3,80}[:,]\s+"
    r"(?=(?:how|who|what|which|when|where|why|did|do|does|is|are|was|were|has|have)\b)|"
    # « Bonjour, pourriez-vous m'indiquer … », « Je voudrais savoir … »
    r"(?:je|nous) (?:prépar\w+|rédige\w*|travaill\w+ sur) [^:?]{3,80}[:,]\s+|"
    r"(?:bonjour|bonsoir|salut|merci|s['’]il (?:vous|te) pla[iî]t|svp|stp|cher\w* \w+)\b[\s,.!:;-]+|"
    r"(?:pourriez|pouvez|voudriez|sauriez|savez|peux|pourrais|sais)[- ](?:vous|tu)(?: bien)?"
    r"(?: s['’]il (?:vous|te) plaît)?"
    r"(?: (?:me |nous |m['’])(?:dire|indiquer|préciser|donner|rappeler|informer|expliquer|renseigner))?"
    r"(?: (?:sur|de))?\s+(?=\w)|"
    r"(?:je|j['’]|nous|on)\s?(?:voudrais|voudrions|aimerais|aimerions|souhaite(?:rais|rions)?|souhaitons|cherche|cherchons|"
    r"veux|voulons|voudrait|aimerait|veut)(?: à)? (?:savoir|connaître|apprendre|comprendre)\s+|"
    r"(?:je|nous) (?:vous |te )?(?:serais|serions|saurais|prie|prions|remercie)\b.{0,40}?"
    r"(?:dire|indiquer|préciser|faire savoir|informer)\s+|"
    r"(?:serait|est)-il possible de (?:savoir|connaître)\s+|"
    r"(?:dites|dis|indiquez|précisez|rappelez|donnez|expliquez)-?\s?(?:moi|nous)\s+|"
    # "نرجو إفادتنا بعدد …"، "أود أن أعرف …"
    r"(?:مرحبا|السلام عليكم|صباح الخير|مساء الخير|تحية طيبة|لو سمحت\w*|من فضلك\w*|رجاء|شكرا)[\s،,.!:؛-]+|"
    r"(?:أ?رجو|نرجو|يرجى|الرجاء) (?:(?:منكم|منك) )?(?:إفادت\w+|إعلام\w+|إخبار\w+|الإفادة|تزويد\w+|إبلاغ\w+|معرفة)\s+|"
    r"(?:أود|نود|أريد|نريد|أرغب في|نرغب في|أحب|بدي|عايز|أبغى) (?:أن )?(?:أعرف|نعرف|معرفة|أسأل|أستفسر|نستفسر|أفهم)"
    r"(?: عن)?\s+|"
    r"هل (?:(?:يمكن\w*|بإمكان\w*|تستطيع\w*|لك|لكم) )?(?:(?:أن|من) )?"
    r"(?:تخبر\w*|تفيد\w*|إخبار\w*|إفادت\w*|تعرف\w*|تعلم\w*|تقول لي)"
    r"(?: ب?عن)?\s+|"
    r"(?:أخبر|قل|أفد|أعط)(?:ني|نا|ونا| لي| لنا|وني)\s+"
    r")"
)
