"""Names of countries and of first-level regions in English, French and Arabic."""

import re
from functools import cache

from babel import Locale

LANGUAGES = ("en", "fr", "ar")

# What people write beside the official names of Unicode CLDR.
_COUNTRY_ALIASES: dict[str, str] = {
    "AE": "UAE|Emirates|United Arab Emirates|EAU|Émirats|Émirats arabes unis|الإمارات",
    "BA": "Bosnia|Bosnia-Herzegovina|Bosnia and Herzegovina|Bosnie|Bosnie-Herzégovine|البوسنة",
    "BI": "Burundi",
    "BY": "Belarus|Biélorussie|Bélarus|بيلاروسيا|روسيا البيضاء",
    "CD": "DRC|DR Congo|RDC|RD Congo|Democratic Republic of Congo|Democratic Republic of the Congo|"
    "République démocratique du Congo|جمهورية الكونغو الديمقراطية|الكونغو الديمقراطية|Congo|الكونغو",
    "CF": "Central African Republic|CAR|République centrafricaine|Centrafrique|RCA|أفريقيا الوسطى",
    "CG": "Congo-Brazzaville|Republic of Congo|Congo|الكونغو",
    "CI": "Ivory Coast|Cote d'Ivoire|Côte d'Ivoire|ساحل العاج|كوت ديفوار",
    "CN": "China|Chine|PRC|الصين",
    "CZ": "Czech Republic|Czechia|République tchèque|Tchéquie|التشيك",
    "GB": "UK|U.K.|Britain|Great Britain|Grande-Bretagne|Royaume-Uni|بريطانيا",
    "HK": "Hong Kong|Hongkong|هونغ كونغ|هونج كونج",
    "IR": "Iran|Islamic Republic of Iran|إيران|ايران",
    "KP": "North Korea|DPRK|Corée du Nord|كوريا الشمالية",
    "KR": "South Korea|Corée du Sud|كوريا الجنوبية",
    "KW": "Kuwait|Koweït|الكويت",
    "LA": "Laos",
    "LY": "Libya|Libye|ليبيا",
    "MD": "Moldova|Moldavie|مولدوفا|مولدافيا",
    "MK": "Macedonia|North Macedonia|Macédoine|Macédoine du Nord|مقدونيا",
    "OM": "Sultanate of Oman|سلطنة عمان",
    "MM": "Myanmar|Burma|Birmanie|ميانمار|بورما",
    "NL": "Netherlands|The Netherlands|Holland|Pays-Bas|Hollande|هولندا",
    "PS": "Palestine|Palestinian Territories|Palestinian territories|Territoires palestiniens|"
    "territoires palestiniens|فلسطين|الأراضي الفلسطينية",
    "RU": "Russia|Russian Federation|Russie|روسيا",
    "SA": "Saudi Arabia|Arabie saoudite|السعودية|المملكة العربية السعودية",
    "SD": "Sudan|Soudan|السودان",
    "SS": "South Sudan|Soudan du Sud|Sud-Soudan|جنوب السودان",
    "SY": "Syria|Syrian Arab Republic|Syrie|سوريا|سورية",
    "TL": "East Timor|Timor oriental",
    "TR": "Turkey|Türkiye|Turkiye|Turquie|تركيا",
    "TW": "Taiwan|Taïwan|تايوان",
    "TZ": "Tanzania|Tanzanie|تنزانيا",
    "US": "USA|U.S.|US|U.S.A.|United States|United States of America|America|États-Unis|Etats-Unis|"
    "الولايات المتحدة|الولايات المتحدة الأمريكية|أمريكا|أميركا|امريكا",
    "VA": "Vatican|Vatican City|Holy See|Saint-Siège|الفاتيكان",
    "VN": "Vietnam|Viet Nam|فيتنام",
    "XK": "Kosovo|كوسوفو",
}

# Regions that news name in ways GeoNames' one name for each does not hold.
_REGION_ALIASES: dict[str, str] = {
    "SY.01": "Hasakah|Hasakeh|Hassaké|Hassakeh|الحسكة",
    "SY.08": "Rif Dimashq|Rif Damas|Rural Damascus|Damascus countryside|Damascus suburbs|ريف دمشق",
    "SY.13": "Damascus Governorate",
    "IQ.01": "Anbar|al-Anbar|الأنبار",
    "IQ.03": "Muthanna|al-Muthanna|المثنى",
    "IQ.04": "Qadisiyah|al-Qadisiyah|Qadissiya|القادسية",
    "IQ.06": "Babil|Babylon province|بابل",
    "IQ.09": "Dhi Qar|Thi Qar|Zi Qar|ذي قار",
    "IQ.10": "Diyala|ديالى",
    "IQ.14": "Maysan|Missan|ميسان",
    "IQ.15": "Nineveh|Ninewa|Ninive|نينوى",
    "IQ.16": "Wasit|Wassit|واسط",
    "IQ.18": "Salahuddin|Salaheddin|Salah al-Din|Salaheddine|صلاح الدين",
    "PS.GZ": "Gaza Strip|Bande de Gaza|قطاع غزة",
    "PS.WE": "West Bank|Cisjordanie|الضفة الغربية",
    "UA.04": "Dnipropetrovsk|Dnipropetrovsk Oblast",
    "UA.11": "Crimea|Crimée|القرم|شبه جزيرة القرم",
    "UA.25": "Zakarpattia|Transcarpathia|Transcarpatie",
    "ES.56": "Catalonia|Catalogne|Catalunya|كتالونيا|كاتالونيا",
    "ES.51": "Andalusia|Andalousie|الأندلس",
    "DE.02": "Bavaria|Bavière|بافاريا",
    "DE.13": "Saxony|Saxe|ساكسونيا",
    "US.CA": "California|Californie|كاليفورنيا",
    "US.FL": "Florida|Floride|فلوريدا",
    "US.TX": "Texas|تكساس",
    "US.AZ": "Arizona|أريزونا",
    "US.NV": "Nevada|نيفادا",
    "US.LA": "Louisiana|Louisiane|لويزيانا",
    "US.VA": "Virginia|Virginie|فرجينيا|فيرجينيا",
    "US.PA": "Pennsylvania|Pennsylvanie|بنسلفانيا",
    "US.NC": "North Carolina|Caroline du Nord|كارولينا الشمالية|نورث كارولينا",
    "US.SC": "South Carolina|Caroline du Sud|كارولينا الجنوبية",
    "US.MI": "Michigan|ميشيغان",
    "US.IL": "Illinois|إلينوي",
    "US.OH": "Ohio|أوهايو",
    "US.MA": "Massachusetts|ماساتشوستس",
    "US.HI": "Hawaii|Hawaï|هاواي",
    "US.AK": "Alaska|ألاسكا",
    "GB.ENG": "England|Angleterre|إنجلترا|انكلترا",
    "GB.SCT": "Scotland|Écosse|اسكتلندا|أسكتلندا",
    "GB.WLS": "Wales|Pays de Galles|ويلز",
    "GB.NIR": "Northern Ireland|Irlande du Nord|أيرلندا الشمالية|إيرلندا الشمالية",
    "CA.10": "Quebec|Québec|كيبيك",
    "CN.13": "Xinjiang|شينجيانغ",
    "RU.12": "Chechnya|Tchétchénie|الشيشان",
    "RU.17": "Dagestan|Daghestan|داغستان",
    "SD.55": "North Darfur|Northern Darfur|Darfour-Nord|Nord-Darfour|شمال دارفور",
    "SD.49": "South Darfur|Southern Darfur|Sud-Darfour|جنوب دارفور",
    "SD.47": "West Darfur|Western Darfur|Darfour-Ouest|Ouest-Darfour|غرب دارفور",
    "SD.50": "South Kordofan|Sud-Kordofan|جنوب كردفان",
    "ML.08": "Timbuktu region|région de Tombouctou",
    "EG.26": "South Sinai|Sud-Sinaï|جنوب سيناء",
    "EG.27": "North Sinai|Nord-Sinaï|شمال سيناء",
    "NG.27": "Borno|Borno State|بورنو",
    "CD.11": "North Kivu|North-Kivu|Nord-Kivu|شمال كيفو",
    "CD.12": "South Kivu|South-Kivu|Sud-Kivu|جنوب كيفو",
    "ET.53": "Tigray|Tigré|تيغراي",
    "ET.46": "Amhara|Région Amhara|أمهرة",
    "ET.51": "Oromia|Oromiya|Oromiyaa|أوروميا|أوروميو",
    "ET.45": "Afar|إقليم عفر",
    "CD.17": "Ituri|إيتوري",
    "LB.05": "Mount Lebanon|Mont-Liban|جبل لبنان",
    "LB.10": "Akkar|عكار",
    "LB.11": "Baalbek-Hermel|بعلبك الهرمل",
    "LB.08": "Bekaa|Beqaa|Bekaa Valley|Beqaa Valley|vallée de la Bekaa|البقاع|سهل البقاع",
    "LY.63": "Jabal al-Akhdar|Jebel Akhdar|الجبل الأخضر",
    "LY.64": "Jufra|al-Jufra|الجفرة",
    "MZ.01": "Cabo Delgado|Cap Delgado|كابو ديلغادو",
    "AF.01": "Badakhshan|Badakhchan|بدخشان",
    "AF.10": "Helmand|هلمند",
    "AF.18": "Nangarhar|Nangahar|ننغرهار|ننكرهار",
    "AF.19": "Nimroz|Nimrouz|نيمروز",
    "AF.29": "Paktika|باكتيكا",
    "AF.42": "Panjshir|Panchir|بنجشير",
    "PK.02": "Balochistan|Baluchistan|Baloutchistan|بلوشستان",
    "PK.03": "Khyber Pakhtunkhwa|خيبر بختونخوا",
    "PK.05": "Sindh|Sind|إقليم السند",
    "IR.04": "Sistan and Baluchestan|Sistan-Baloutchistan|سيستان بلوشستان|سيستان وبلوشستان",
    "IR.15": "Khuzestan|Khouzestan|خوزستان",
    "MM.01": "Rakhine|Rakhine State|Arakan State|راخين|أراكان",
    "MM.02": "Chin State|État Chin|Etat Chin|ولاية تشين",
    "MM.04": "Kachin State|État Kachin|كاشين",
    "MM.10": "Sagaing Region|Sagaing|ساغاينغ",
    "MM.11": "Shan State|État Shan|Etat Shan|ولاية شان",
    "MM.06": "Kayah State|Karenni State|كاياه",
    "SD.36": "Red Sea State|État de la mer Rouge|ولاية البحر الأحمر",
    "SD.38": "Gezira|Al Jazirah|El Gezira|Gézira|الجزيرة",
    "SD.41": "White Nile State|النيل الأبيض",
    "SD.42": "Blue Nile State|النيل الأزرق",
    "SD.43": "Northern State|الولاية الشمالية",
    "SD.53": "River Nile State|ولاية نهر النيل",
    "SD.56": "North Kordofan|Kordofan-Nord|Nord-Kordofan|شمال كردفان",
    "SD.62": "West Kordofan|Kordofan-Ouest|غرب كردفان",
    "SD.61": "Central Darfur|Darfour central|وسط دارفور",
    "SD.60": "East Darfur|Eastern Darfur|Darfour-Est|شرق دارفور",
    "SS.03": "Jonglei|جونقلي|جونغلي",
    "SS.07": "Upper Nile State|Haut-Nil|أعالي النيل",
    "YE.01": "Abyan|أبين",
    "YE.03": "Al Mahrah|Mahra|محافظة المهرة",
    "YE.04": "Hadramout|Hadramaut|Hadramaout|حضرموت",
    "YE.05": "Shabwah|Shabwa|Chabwa|شبوة",
    "YE.21": "Al Jawf governorate|محافظة الجوف",
    "SO.05": "Galguduud|Galgaduud|جلجدود|غلغدود",
    "SO.06": "Gedo|إقليم غدو",
    "SO.13": "Middle Shabelle|شبيلي الوسطى",
    "SO.14": "Lower Shabelle|Lower Shabeelle|شبيلي السفلى",
    "NG.57": "Zamfara|Zamfara State|زمفارا|زامفارا",
    "NG.44": "Yobe|Yobe State|ولاية يوبي",
    "NG.35": "Adamawa|Adamawa State|أداماوا",
    "NG.24": "Katsina State|ولاية كاتسينا",
    "TR.31": "Hatay|هاتاي|هطاي",
    "IN.12": "Jammu and Kashmir|Indian Kashmir|جامو وكشمير",
    "IN.17": "Manipur|مانيبور",
    "NE.09": "Tillabéri Region|région de Tillabéri",
    "HT.06": "Artibonite|أرتيبونيت",
}

LANDS: dict[str, tuple[str, ...]] = {
    "user:darfur": ("SD.47", "SD.49", "SD.55", "SD.60", "SD.61"),
    "user:kordofan": ("SD.50", "SD.56", "SD.62"),
    "user:donbas": ("UA.05", "UA.14"),
    "user:kivu": ("CD.11", "CD.12"),
    "user:sinai": ("EG.26", "EG.27"),
    "user:iraqikurdistan": ("IQ.05", "IQ.08", "IQ.11", "IQ.19"),
    "user:equatoria": ("SS.01", "SS.02", "SS.10"),
}
"""Lands of our own list (`data/places.csv`) that are made up of several regions: their codes."""

_AREA_WORD = re.compile(
    r"\s+(?:province|region|department|governorate|state|oblast|county|district|prefecture|municipality|krai|territory|"
    r"parish|division)$",
    re.IGNORECASE,
)


def country_names(code: str, fallback: str) -> list[str]:
    """Every name of a country that a report in our languages may use."""
    official = [name for language in LANGUAGES if (name := _territories(language).get(code))]
    plain = [re.sub(r"\s*\(.*\)|\s+SAR China|الصينية.*", "", name) for name in official]
    # "عمان" alone is nearly always Amman, the city, in the news.
    spelled = [name.replace(" & ", " and ") for name in plain if name not in ("عُمان", "عمان")]
    return [fallback, *spelled, *filter(None, _COUNTRY_ALIASES.get(code, "").split("|"))]


def country_name(code: str, language: str) -> str:
    """The name of a country in a language; English when the language is not one of ours."""
    known = _territories(language if language in LANGUAGES else "en")
    return known.get(code) or _territories("en").get(code) or code


def region_names(code: str, name: str) -> list[str]:
    """Names of a region; the last is GeoNames' own without "Province", "Region" and the like."""
    # "Kharkivs’ka Oblast’": the adjective is not a name anyone looks for, its town is.
    return [name, *filter(None, _REGION_ALIASES.get(code, "").split("|")), _AREA_WORD.sub("", name)]


@cache
def _territories(language: str) -> dict[str, str]:
    return dict(Locale.parse(language).territories)
