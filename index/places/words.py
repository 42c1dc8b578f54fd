"""The words around place names, in English, French and Arabic: what announces a place, and what only looks like one.

Word lists alone. Every word is folded (`names.fold`): lower case, no accents, no apostrophes, ة as ه.
"""

from index.places.names import fold


def _words(*lists: str) -> frozenset[str]:
    return frozenset(fold(word) for words in lists for word in words.split())


def _led(words: str) -> list[str]:
    """Arabic nouns, also with what may be written onto their front: "بمدينة", "ومحافظة"."""
    return [prefix + word for word in words.split() for prefix in ("", "و", "ف", "ب", "ل", "وب", "ول")]


LOCATIVES = _words(
    "in at near around outside inside from to toward towards into between across through via off over on of within"
    " reach reached reaching left leave entered enter leaving entering retook recaptured captured seized around by"
    " opposite facing shelled bombed raided stormed besieged overran bombarded struck attacked",
    "à au aux de d du en dans vers près autour depuis entre jusqu jusqua sur par hors devant quitté quitter gagné"
    " attaqué bombardé incendié visité repris libéré assiégé pillé frappé visé",
    "وفي ففي وإلى والى وقرب محافظ والي عمدة",
    "في من إلى الى قرب حول نحو باتجاه عند داخل خارج بين عبر وسط ضواحي محيط اتجاه أطراف حتى قبالة تجاه بمحيط صوب"
    " قصفت قصفوا اقتحم اقتحمت هاجمت استهدفت دخلت حاصرت استعادت غادرت زار زارت",
    "شمال جنوب شرق غرب شمالي جنوبي شرقي غربي",
) | {"على"}
"""Directly before a name they make it a place. "of" and "de" are weak, but names without them are weaker."""

WEAK_LOCATIVES = _words("of by over on de d du sur par من محافظ والي عمدة to aux left reached") | {"على"}

HEADS = _words(
    "city town village hamlet district suburb suburbs neighbourhood neighborhood area region province governorate"
    " countryside port capital outskirts cities towns villages suburbs areas township municipality camp airport"
    " locality territory woreda rural",
    "ville village localité commune province région gouvernorat quartier banlieue périphérie faubourg hameau bourgade"
    " mouhafazat muhafazat campagne"
    " bourg camp aéroport villes villages localités environs alentours wilaya département préfecture oblast marché"
    " territoire cercle canton",
    *_led(
        "مدينة بلدة قرية محافظة ريف حي منطقة ناحية قضاء بلدتي قريتي مدينتي ضاحية مخيم مطار ولاية إقليم اقليم بادية معبر"
        " بلدات قرى مدن أحياء مناطق ميناء مرفأ مديرية"
    ),
)
"""Nouns that name a kind of place; before a name (with "of", "de") or after it ("Aleppo province")."""

REGION_HEADS = _words(
    "province governorate region oblast state department countryside county prefecture provinces rural",
    "province région gouvernorat département wilaya oblast préfecture campagne mouhafazat muhafazat",
    *_led("محافظة ولاية إقليم اقليم ريف"),
)
"""With these the name is that of the region around its seat."""

STREETS = _words("street road square avenue boulevard roundabout bridge school hospital mosque church hotel checkpoint")
"""Named after places and people alike."""

TOWN_THINGS = _words(*_led("سوق أسواق سجن شوارع مدخل مداخل محطة"))
"""Arabic nouns that, without an article, are those of the town behind them: "سوق الأبيض" is the market of El Obeid,
"السوق الأبيض" would be the white market."""

ANY_TOWNS_THINGS = _words(*_led("سكان أهالي أعيان وجهاء نازحي مخيمات مستشفى مدارس"))
"""Nouns behind which any name is a town's, not only one with an article: "مستشفى حلبا", the hospital of Halba."""

QUARTER_HEADS = _words("neighbourhood neighborhood quarter quartier faubourg الحي", *_led("حي أحياء"))
"""Parts of a city: before a name they say that it is one's."""

QUARTERS_HEADS = _words(*_led("أحياء"))
"""Before the name of a city they are all of its quarters."""

UNKNOWN_HEADS = _words(
    "village town hamlet locality villages camp",
    "village localité hameau bourgade bourg commune camp",
    *_led("قرية بلدة مخيم"),
)
"""After these a name that no gazetteer has may still be placed by the text."""

CAMPS = _words(*_led("مخيم"))
"""Nouns for a camp, which lies in or beside the town told of, as a quarter does."""

LINKS = _words("of the de d du des la le les l city town al")
"""May stand between a head or a preposition and its name."""

DISTANCES = _words("km kms kilometres kilometers miles kilomètres كم كلم كيلومتر كيلومترا كيلومترات ميل ميلا أميال")

DIRECTIONS = {
    fold(word): bearing
    for bearing, words in {
        0: "north northern nord شمال الشمالي شمالي",
        45: "northeast northeastern nordest الشماليالشرقي",
        90: "east eastern est orientale oriental شرق الشرقي شرقي",
        135: "southeast southeastern sudest الجنوبيالشرقي",
        180: "south southern sud جنوب الجنوبي جنوبي",
        225: "southwest southwestern sudouest الجنوبيالغربي",
        270: "west western ouest occidentale occidental غرب الغربي غربي",
        315: "northwest northwestern nordouest الشماليالغربي",
    }.items()
    for word in words.split()
}
"""Compass words and their bearing in degrees."""

GENERIC = (
    HEADS
    | REGION_HEADS
    | frozenset(DIRECTIONS)
    | _words(
        "international army airport university hospital road highway military council media center centre offensive"
        " observatory brigade front gate bridge station street camp base islamic arab free new old greater central"
        " upper"
        " lower rural gov governor president minister ministry government regime rebels opposition forces state war"
        " crisis conflict peace talks border crossing strip river sea bay gulf mountain mountains plain valley desert"
        " dam square mosque church museum monday tuesday wednesday thursday friday saturday sunday january february"
        " march april may june july august september october november december court declaration accord agreement"
        " conference summit process refinery prison market suburb embassy stadium police civil defense defence command"
        " operations room mr mrs ms dr afp ap reuters sana the in at near from of and on for to by with as after"
        " before when while during since but if that this news agency today yesterday is isis isil daesh un us eu"
        " local",
        "armée aéroport université hôpital route base militaire conseil gouverneur ministre président régime lundi"
        " mardi"
        " mercredi jeudi vendredi samedi dimanche janvier février mars avril mai juin juillet août septembre octobre"
        " novembre décembre nord sud est ouest le la les un une des dans à de du et en pour par sur depuis selon mais",
    )
)
"""Capitalised neighbours of a name that do not make it part of another name."""

TITLES = _words(
    "president general colonel major captain lieutenant sergeant brigadier marshal minister secretary senator king"
    " prince princess queen sheikh sheik imam mullah dr mr mrs ms sir lord judge bishop pope ambassador mayor commander"
    " spokesman spokeswoman director family abu abou abd bin ben ibn um umm saint gen col lt maj sgt gov rep sen prof",
    "président général colonel commandant capitaine ministre secrétaire roi prince reine cheikh docteur mme monsieur"
    " madame évêque pape juge ambassadeur maire porte-parole préfet famille",
    "السيد السيدة الشيخ العقيد اللواء العميد الرئيس الوزير الأمير الملك الدكتور الجنرال النقيب أبو ابو بن ابن عبد أم آل"
    " القائد المقدم الرائد النائب محمد أحمد احمد علي حسن حسين محمود خالد مصطفى إبراهيم يوسف عمر عثمان الرئيسة وزير"
    " عائلة فلاديمير دونالد باراك جون",
)

ORGANISATION_TAILS = _words(
    "times post tribune herald hilton saintgermain united fc treaty convention conventions telegraph guardian journal"
    " news network tv television radio channel agency hotspur rovers wanderers marathon mercury court"
)
"""After a place name they make it the name of something else: "Washington Post"."""

FIRST_NAMES = _words(
    "george john michael david james robert william thomas paul peter mark jean pierre jacques michel philippe laurent"
    " denis marie anne sophie paris jack mary elizabeth richard charles joseph daniel martin ali hassan hussein"
    " mohammed"
    " mohamed muhammad ahmed ahmad mahmoud khaled omar osama bashar saddam vladimir sergei sergey donald barack hillary"
    " angela francois recep ibrahim mustafa yusuf youssef salim salem samir walid riad moussa bill ban kofi lakhdar"
    " staffan rami hassan abdul abdel abdullah nasser hafez maher rex boris emmanuel nicolas florence"
)

NOT_PLACES = _words(
    "google kanye othello simpson wayne wade palais rapid country massive assyrian assyrians dali assads kurd kurds"
    " kurdish christian christians druze levant middleeast oldcity thecenter research october november"
    " september sat sun mon tue wed thu fri tuesday wednesday thursday saturday castello wadi qasr jabal tal tel tell"
    " kafr kfar deir dayr ain ayn beit bayt khan jisr ras umm abu nahr lunion",
    # Ordinary words, given names and surnames that are also names of towns somewhere.
    "of man most bar nice split reading bath mobile said ali hassan assad obama kerry lavrov sara victoria may march"
    " august sunday monday friday nation police army free union hope rule same best much many same such both were was"
    " not are its his her him our you all any can had has did got put see say two ten one six new old big top key law"
    " aid war peace power orange male lead normal battle sale deal angels commerce enterprise defiance independence"
    " liberty unity truth justice church college bishop king prince duke general major colonel commander surprise"
    " progress protection security mission agency center central southern northern eastern western north south east"
    " west san santa saint port fort lake bay hill wood forest green brown black white gray young moore taylor johnson"
    " clinton bush trump carter ford lincoln jackson madison monroe jefferson wilson adams putin medvedev sadr annan"
    " brahimi mistura moon power rice hagel biden cameron hollande merkel erdogan davutoglu netanyahu rouhani zarif"
    " khamenei nasrallah hariri salman abdullah hussein hamza omar khalid khaled ahmad ahmed mohammed mohamed muhammad"
    " mahmoud mustafa ibrahim ismail yusuf saleh salim salem samir walid tariq nasser mansour qasim kassem hadi jaafar"
    " bashar maher rami nour noor amin bilal faisal fares hashim idris imad karim mazen mounir nabil nizar rashid riad"
    " sami tarek wael yasin zaki ziad paul peter john james david george michael thomas mark martin simon stephen"
    " robert william charles henry richard joseph jean pierre jacques marie anne laurent denis louis francis antonio"
    " jose maria pedro carlos ban rex chris andrea carmen florence charlotte sydney austin dallas houston"
    " sham islam sunni shia alawite allah akbar hezbollah hamas fatah daesh isis isil nusra qaeda jihad caliphate"
    " baath amnesty unicef oxfam observatory ramadan eid easter christmas god lord mercy grace republic democratic"
    " federal national international united coalition front brigade division battalion regime rebels opposition"
    " president minister foreign state states defense defence interior council assembly parliament senate congress"
    " house court media radio television news press today daily times post star sun guardian independent mail mirror"
    " afp reuters tass interfax sana nna xinhua anadolu agence april june july january february december internet"
    " media doctors borders human rights watch cross crescent red blue yellow golden silver gold iron steel stone rock"
    " hall park plaza tower bridge gate castle crown royal imperial grand great little high low upper lower long short"
    " first second third last next past day night morning evening summer winter spring autumn fall moon earth world"
    " what who why how when where which there here then than they them these those that this with without within from"
    " and but for nor yet after before during while since until because although though if unless also even just only"
    " well very more less least other another each every some none no yes ok mr mrs ms dr let get go come take make"
    " still early late about over under again once never always often soon now already perhaps maybe however moreover"
    " meanwhile earlier later instead despite according including among along against between through toward across"
    " people men women child children family families mother father brother sister son daughter baby doctor nurse"
    " soldiers fighters civilians residents activists officials sources witnesses troops forces militants militiamen"
    " gas oil water food bread fire smoke air land sea sky sand snow rain wind storm home office school hospital"
    " street road market field farm mine mines bomb bombs rocket rockets shell shells tank tanks drone drones plane"
    " hotel station airport base camp bar bay cape delta mission deputy chief sector column capital summit accord"
    " bend dune dunes crossing border delta"
    " palm cedar rose lily pearl ruby daisy iris jade olive ivory coral amber hazel holly ivy laurel myrtle violet"
    " hit killed wounded mohammad mohammed moore wells wright barker fisher hunter mason parker potter turner walker"
    " chan long li ba de la al el us it he be do so up my me we in on at by an as or is to go if no"
    " goal score cup league match team coach player ham eagle falcon lion tiger wolf bear hawk bull horse imam sheikh"
    " sheik mufti aziz jamal jalal kamal habib hakim halim latif majid malik marwan mufid murad musa najib nasr qadir"
    " rahman raqib saad sabri sadiq saeed said saif sharif shams suleiman taha tahir umar usama wahid yahya zain",
    "ce cette ces son sa ses leur mon ton nos vos qui que quoi dont où pas plus moins très bien mal tout tous toute"
    " autre même chaque plusieurs certains aucun rien mais donc car ainsi alors aussi après avant pendant depuis lors"
    " selon contre avec sans sous chez mars mai avril juin juillet août lundi mardi mercredi jeudi vendredi samedi"
    " dimanche janvier février septembre octobre novembre décembre armée forces guerre paix pays ville village route"
    " pont port mer lac mont val bourg marché travail union justice liberté égalité fraternité espoir nation état"
    " peuple monde homme femme enfant enfants famille roi reine prince maire préfet ministre président général"
    " colonel commandant capitaine juge sources source pluies vent vents neige froid grève attaque attaques police"
    " plan loi droit droits homme femmes hommes denis florence sara moussa elles ils elle il nous vous on les des une"
    " un le la du au aux en et ou si ni ne ours bon bonne grand grande petit petite haut bas long ancien nouveau"
    " nouvelle premier seconde dernier dernière fin mort vie jour nuit matin soir été hiver automne printemps heure"
    " sur par pour dans vers entre hors charge cour salle place parc tour fort camp base centre nord sud est ouest",
    "مالي المالي مؤكدة مؤكدا مؤكدين مشيرة مشيرا موضحة موضحا مضيفة مضيفا قائلة قائلا نافية نافيا معلنة معلنا"
    " معسكر الأشهر إطار الأم الماء أمسك نفس بائسة صور الخيام الأبيض بلد البلاد السجن الخالص حجة"
    " أنه إنه أنها إنها دون بدون أمان أداء حديث حديثه هوية جامعة عالية صيلة فصيلة يبين الحد القائم الوجه الساحل"
    " الزاوية الجزيرة المائة ولائي وأن بأن فإن إنهم أنهم منه منها فيه فيها به بها له لها عنه عليه عليها إليه"
    " السلام الباب النصر خان جسر تل علي حسن حسين محمد أحمد محمود خالد صالح سالم سليم عمر عثمان يوسف إبراهيم موسى عيسى"
    " داود"
    " سليمان مصطفى سعيد سعد كريم جمال كمال ناصر منصور نصر فرج حمزة بلال عباس جعفر صادق كاظم رضا مهدي هادي حيدر الله"
    " الإسلام الحق العدل الأمل الحرية الكرامة الوحدة الثورة الشهداء الشهيد السلامة الصالحية الجديدة الجديد القديم"
    " الكبير الكبرى الصغير الصغرى الشمال الجنوب الشرق الغرب الشرقية الغربية الشمالية الجنوبية الوسط الوسطى العليا"
    " السفلى المدينة القرية البلدة المنطقة الحي الطريق الجسر السوق البيت الدار القصر القلعة الحصن البرج العين النهر"
    " البحر الجبل التل الوادي الغابة الحديقة المزرعة الميدان الساحة الميناء المطار المخيم المعسكر القاعدة الحدود"
    " باب بيت دار قصر قلعة حصن برج عين نهر بحر جبل وادي غابة سوق طريق شارع حي قرية مدينة بلدة منطقة ناحية مركز"
    " في من إلى على عن مع بعد قبل حتى منذ خلال ضد بين تحت فوق أمام خلف عند لدى كل بعض غير سوى مثل كما لكن أو أم ثم"
    " هذا هذه ذلك تلك هو هي هم نحن أنا أنت كان كانت يكون تكون قال قالت وقال وقالت أكد أعلن أعلنت أفاد أضاف ذكر أشار"
    " الرئيس الوزير الحكومة الدولة الشعب الجيش القوات الشرطة الأمن الحرب القتال المعارك الهجوم القصف الطيران النظام"
    " المعارضة الفصائل التنظيم الجبهة الحزب الحركة الاتحاد المجلس اللجنة الهيئة المنظمة الوكالة الأمم المتحدة الدولي"
    " الدولية العربي العربية الإسلامي الإسلامية الوطني الوطنية العام العامة الخاص الخاصة الأول الأولى الثاني الثانية"
    " الماضي الماضية المقبل المقبلة الحالي الحالية اليوم أمس غدا الأحد الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت"
    " يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر كانون شباط آذار نيسان أيار حزيران"
    " تموز آب أيلول تشرين عام سنة شهر أسبوع يوم ساعة دقيقة صباح مساء ليل نهار مرة مرات واحد اثنان ثلاثة أربعة خمسة"
    " ستة سبعة ثمانية تسعة عشرة مئة ألف مليون رجل امرأة طفل أطفال نساء رجال شخص أشخاص ناس أهل عائلة أسرة ابن بنت أب"
    " أم أخ أخت كبير صغير جديد قديم طويل قصير جيد سيئ أكثر أقل أكبر أصغر أول آخر نفس ذات حيث إذا إن أن لن لم لا ما"
    " هل قد سوف ليس ليست ماء نار هواء أرض سماء شمس قمر نجم شجرة ورد ذهب فضة حديد نحاس حجر رمل ملح خبز لحم سمك كتاب"
    " بوتين أوباما ترامب لافروف كيري أردوغان الأسد اسد أسد ميركل نتنياهو ماكرون كلينتون بوش السيسي روحاني"
    " حماس فتح القاعدة داعش النصرة حزب جبهة حركة جيش قوات لواء كتيبة فرقة وحدات مجلس لجنة هيئة وكالة مؤسسة شركة"
    " بدأ بدأت وصل وصلت عاد عادت قتل قتلت جرح أصيب دخل خرج سقط سقطت شن شنت نفذ نفذت استهدف استهدفت سيطر سيطرت"
    " فريق لاعب مباراة كأس دوري هدف نادي ملعب بطولة نقطة دور شوط منتخب سلام نور هدى أمل حرية شمس ديار بلد بلاد"
    " رأس راس قلب يد عين وجه حال حالة وضع أمر أمور شيء قوة نظام دولة حكم حكومة سلطة رئيس وزير ملك أمير شيخ"
    " سيول السيول"
    " طبيب معلم طالب عامل مزارع جندي ضابط قائد زعيم كاتب شاعر صحفي مواطن لاجئ نازح أسير شهيد جريح ضحية قتيل",
)
"""Not a place unless a head noun or a preposition says so and the report is about its country."""

LANDFORMS = _words("الوادي الجزيرة الساحل الجبل السهل العين الغابة القصر النهر")
"""Arabic nouns that are towns only in a report about the town's country, however large it is."""

ARABIC_LANDMARKS = _words("تل رأس عين دير كفر خان بير بئر جسر خربة عرب")
"""They begin the names of towns: "تل تمر" is no chance meeting of two short words."""

NEVER_PLACES = _words(
    "middleeast oldcity thecenter satmar whitehouse alsham sham alcham cham الشام levant thelevant moyenorient"
    " procheorient المدينة الضفة داخله داخلها داخلهم داخلهما",
    "january february march april may june july august september october november december",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre tête",
    "الأحد الإثنين الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت",
)
"""Names that GeoNames gives to some town, and no report means it."""

RIVERS_AND_SUCH = _words(
    "euphrates tigris nile orontes dnipro dnieper don volga danube rhine seine jordanriver mediterranean blacksea"
    " redsea"
    " sahara sahel caspian persiangulf arabiangulf lakechad qalamoun",
    "euphrate tigre nil oronte dniepr danube rhin méditerranée mernoire merrouge",
    "الفرات دجلة النيل العاصي البحرالأحمر البحرالأسود البحرالمتوسط نهرالفرات نهردجلة نهرالنيل الصحراء",
)
"""Rivers, seas and deserts: the gazetteer has none."""

RIVER_NAMESAKES = _words(
    "niger senegal congo gambia bluenile whitenile", "sénégal gambie nilbleu nilblanc", "النيجر السنغال الكونغو غامبيا"
)
"""Countries and regions that bear a river's name."""

RIVERSIDE = _words(
    "along bend loop delta bank banks basin valley waters course flood floods",
    "long boucle delta rive rives berges bords bassin vallée cours crue crues méandre coude",
    "منعطف منحنى ثنية حلقة دلتا ضفة ضفاف ضفتي حوض وادي مجرى فيضان فيضانات",
)
"""Before the name of a river."""

WATER_HEADS = _words(
    "river lake sea gulf mountain mountains desert bay ocean mount",
    "fleuve rivière lac mer golfe mont montagne désert océan",
    "نهر بحيرة بحر خليج جبل جبال صحراء",
)
"""Before or after a name they make it a river, a lake or a mountain: "lac Tchad" is not Chad."""

_LEVANT = ("IQ", "JO", "LB", "PS", "SY")

# What a writer of one country says and one of another does not; too little to say what a report is about.
HINTS: dict[str, tuple[str, ...]] = {
    # Libya, Egypt and the Gulf call the same months مارس, أبريل, مايو.
    **{
        " ".join(fold(word) for word in month.split()): _LEVANT
        for month in "شباط|آذار|نيسان|أيار|حزيران|تموز|أيلول|تشرين الأول|تشرين الثاني|كانون الأول|كانون الثاني".split(
            "|"
        )
    },
    # The only country with a governorate called simply "the North".
    **{" ".join(fold(word) for word in pair.split()): ("LB",) for pair in ("محافظ الشمال", "محافظة الشمال")},
    fold("المالي"): ("ML",),  # "the Malian" or "the financial"
}
"""Word, or two words with a space, → countries."""

# Stem → country, for adjectives that tell what a report is about without being a place in it.
DEMONYMS: dict[str, str] = {
    fold(word): code
    for code, words in {
        "SY": "syrian syrians syrien syrienne syriens syriennes سوري سورية السوري السورية السوريين السوريون",
        "IQ": "iraqi iraqis irakien irakienne irakiens irakiennes عراقي عراقية العراقي العراقية",
        "LB": "lebanese libanais libanaise libanaises لبناني لبنانية اللبناني اللبنانية اللبنانيين اللبنانيون",
        "JO": "jordanian jordanians jordanien jordanienne أردني الأردني الأردنية",
        "PS": "palestinian palestinians palestinien palestinienne palestiniens فلسطيني الفلسطيني الفلسطينية"
        " الفلسطينيين",
        "IL": "israeli israelis israélien israélienne israéliens إسرائيلي الإسرائيلي الإسرائيلية",
        "EG": "egyptian egyptians égyptien égyptienne مصري المصري المصرية",
        "LY": "libyan libyans libyen libyenne libyens ليبي الليبي الليبية",
        "TN": "tunisian tunisien tunisienne tunisiens تونسي التونسي التونسية",
        "DZ": "algerian algérien algérienne algériens جزائري الجزائري الجزائرية",
        "MA": "moroccan marocain marocaine مغربي المغربي المغربية",
        "SD": "sudanese soudanais soudanaise سوداني السوداني السودانية",
        "YE": "yemeni yemenis yéménite yéménites houthi houthis يمني اليمني اليمنية الحوثي الحوثيين الحوثيون",
        "SA": "saudi saudis saoudien saoudienne سعودي السعودي السعودية",
        "TR": "turkish turks turc turque turcs turques تركي التركي التركية",
        "IR": "iranian iranians iranien iranienne إيراني الإيراني الإيرانية",
        "RU": "russian russians russe russes روسي الروسي الروسية",
        "UA": "ukrainian ukrainians ukrainien ukrainienne ukrainiens أوكراني الأوكراني الأوكرانية",
        "US": "american americans américain américaine américains أمريكي الأمريكي الأمريكية الأميركي الأميركية",
        "FR": "french français française فرنسي الفرنسي الفرنسية",
        "GB": "british britons britannique britanniques بريطاني البريطاني البريطانية",
        "DE": "german germans allemand allemande ألماني الألماني الألمانية",
        "ML": "malian malians malien malienne maliens maliennes",
        "NE": "nigerien nigérien nigérienne nigériens nigériennes نيجري النيجري",
        "NG": "nigerian nigerians nigérian nigériane",
        "BF": "burkinabe burkinabè burkinabes burkinabés بوركيني البوركيني بوركينابي البوركينابي البوركينية"
        " البوركينابية",
        "TD": "chadian tchadien tchadienne تشادي التشادي التشادية",
        "AF": "afghan afghans afghane أفغاني الأفغاني الأفغانية",
        "PK": "pakistani pakistanis pakistanais باكستاني الباكستاني الباكستانية",
        "CN": "chinese chinois chinoise صيني الصيني الصينية",
        "IN": "indian indians indien indienne هندي الهندي الهندية",
        "IT": "italian italians italien italienne إيطالي الإيطالي الإيطالية",
        "ES": "spanish espagnol espagnole إسباني الإسباني الإسبانية",
        "ET": "ethiopian ethiopians éthiopien éthiopienne إثيوبي الإثيوبي الإثيوبية",
        "SO": "somali somalis somalien صومالي الصومالي الصومالية",
        "CD": "congolese congolais congolaise كونغولي الكونغولي",
        "HR": "croatian croate croates",
        "ME": "montenegrin monténégrin",
    }.items()
    for word in words.split()
}
