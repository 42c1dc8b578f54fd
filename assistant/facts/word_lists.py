"""Words that are capitalised, or stand where names stand, without being names."""

import re


def _set(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


# Folded. Between the parts of a name, or before one; alone they tell nothing.
PARTICLES = _set(
    "al el as az ad ar at an ash ez es ed et er en de du des d la le les l of the and for to in on von van der "
    "den del della di da dos bin ben ibn bint ould ag abu abou abi umm oum y e s st saint sainte ال بن ابن بنت "
    "ابو ابا ابي ام آل و"
)

# Before a name or in its place: offices, forms of address, days, months, compass, languages of the calendar.
TITLES = _set(
    "president vice prime minister premier general colonel captain major lieutenant sergeant brigadier admiral "
    "marshal commander commandant chief secretary deputy ambassador envoy mr mrs ms miss dr doctor sir lord lady "
    "dame king queen prince princess sheikh cheikh sheik emir imam ayatollah mufti judge justice governor mayor "
    "senator congressman mp congresswoman spokesman spokeswoman spokesperson director professor prof pope father "
    "bishop archbishop cardinal patriarch rabbi chairman chairwoman chancellor officer inspector sultan mullah "
    "caliph gen col capt maj lt sgt sen rep gov rev hon jr sr esq ceo cfo",
    "ministre president presidente generale capitaine lieutenant sergent amiral marechal chef secretaire adjoint "
    "ambassadeur ambassadrice emissaire m mme mlle mgr docteur roi reine princesse juge gouverneur maire senateur "
    "senatrice depute deputee porte-parole directeur directrice professeur professeure pape pere eveque "
    "archeveque patriarche rabbin chancelier chanceliere officier inspecteur gal cdt cne",
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december jan feb mar apr jun jul aug sep sept oct nov dec lundi mardi mercredi "
    "jeudi vendredi samedi dimanche janvier fevrier mars avril mai juin juillet aout septembre octobre novembre "
    "decembre",
    "north south east west northern southern eastern western central northeast northwest southeast southwest "
    "north-east north-west south-east south-west northeastern northwestern southeastern southwestern nord sud est "
    "ouest nord-est nord-ouest sud-est sud-ouest greater upper lower new old great",
    "city county state states department board street parish committee center centre society day days week street road "
    "hall house team game games online festival week channel ville etat conseil assemblee premiere premier rue "
    "god dieu internet gmt utc bst am pm ii iii iv pdf covid tv ok usd eur km kg mm cm",
    "i i'm i've i'd i'll he's it's we're they're",
)

# First words of sentences that are ordinary words; those with an ordinary ending need not be here.
OPENERS = _set(
    "a an the this that these those there here it its he she his her they their them we our us you your i my me "
    "one two three four five six seven eight nine ten eleven twelve some several many most more much few all both "
    "each every any no none not nor neither either another other others such same own what which who whom whose "
    "when where why how while whereas if unless until till since because although though even despite as at by "
    "for from in into of off on onto out over under up upon with within without about above across after against "
    "ago along amid among around before behind below beneath beside between beyond but and or so yet then than "
    "thus hence however moreover meanwhile nevertheless instead otherwise therefore perhaps maybe still just only "
    "also too again already always never often once soon now today tonight tomorrow yesterday later earlier first "
    "second third last next former late early previous latest recent is are was were be been being has have had "
    "do does did will would can could should may might must let get go come police troops rebels soldiers forces "
    "army militia militias militants fighters gunmen insurgents terrorists activists residents civilians people "
    "men women children families refugees victims survivors villagers farmers teachers students officials sources "
    "witnesses analysts experts diplomats doctors medics rescuers reporters journalists leaders members "
    "authorities government opposition state media aid security military air ground artillery rocket rockets "
    "mortar mortars shells bombs missiles warplanes warplane jets planes aircraft helicopters tanks trucks "
    "vehicles car suicide bomb blast attack attacks strike strikes raid raids airstrikes shelling clashes clash "
    "battle battles war peace talks truce ceasefire deal food water fuel bread medical medicine supplies hospital "
    "hospitals schools school homes houses roads road bridge village town city district province northern "
    "southern eastern dozens scores hundreds thousands millions half part parts least nearly almost around "
    "roughly roadside heavy fierce fresh new old big small large major senior top local foreign international "
    "regional national public private health human power electricity oil gas world news report reports statement "
    "figures data video videos footage images photos pictures photo death deaths toll casualties injured wounded "
    "killed dead nothing something everything everyone nobody anyone someone yes ok well please thank thanks dear "
    "according per via like unlike near nearby far inside outside throughout toward towards during except plus "
    "minus given despite back down away home overnight elsewhere prior due regardless rather whatever whenever "
    "wherever whether whoever see read watch photograph image caption update breaking exclusive analysis opinion "
    "comment editor click share follow look take make give keep say says said tell told ask asked think know "
    "believe want need help try call called use used work show play good bad better best worse worst long short "
    "high low great little full free open close black white red green blue young life day days week weeks month "
    "months year years time hours minutes night morning evening afternoon summer winter spring autumn money trade "
    "business company companies workers staff party parties prosecutors lawyers judges investigators detectives "
    "firefighters paramedics passengers drivers pilots clearly certainly indeed sure sadly luckily finally "
    "eventually initially originally originally apparently",
    "le la les l un une des du de d ce cet cette ces c il elle ils elles on je j tu nous vous y en et ou mais "
    "donc or ni car que qu qui quoi dont quand comme si lorsque lorsqu puisque quoique tandis alors ainsi aussi "
    "apres avant avec aucun aucune autre autres au aux a afin bien beaucoup certains certaines chacun chaque chez "
    "contre dans depuis derriere des devant dernier derniere derniers dernieres deux trois quatre cinq sept huit "
    "neuf dix onze douze vingt cent mille deja durant encore enfin ensuite entre environ est etant face faute "
    "grace hier aujourd demain hors ici jamais jusqu jusque la lors leur leurs loin longtemps lui ma mes mon ton "
    "ta tes malgre meme mieux moins notre nos votre vos nombre nombreux nombreuses outre ou par parce parmi pas "
    "pendant personne peu peut plus plusieurs plutot point pour pourquoi pourtant pres presque quant quasi quel "
    "quelle quelles quels quelque quelques quiconque rien sa se ses son sans sauf selon seul seule seuls seules "
    "sinon soit sous souvent suite sur surtout tant tard tel telle tels telles tot toujours tous tout toute "
    "toutes toutefois tres trop vers via voici voila vraiment seulement cependant neanmoins toutefois "
    "parallelement auparavant desormais dorenavant dimanche samedi premiere premier second seconde certes cela "
    "ceci ca celui celle ceux celles c'est est-ce n'est s'il qu'il d'apres jusqu'a aujourd'hui l'un combien comment "
    "sources rebelles soldats forces armee police policiers civils habitants temoins militants activistes "
    "combattants secouristes medecins responsables autorites gouvernement opposition avions frappes raids tirs "
    "bombardements combats affrontements attaque attaques explosion guerre paix bilan photo video images legende "
    "source etats communique situes interroge interrogee accuse accusee age agee ne nee mort tue tues blesses "
    "arrive arrives venu parti etait etaient a ont avait avaient sera seront serait fait faut etre avoir reste "
    "restent",
    "tags rebel units civil control regime official officials observatory subscribe slideshow additional prominent "
    "swathes material aerial group groups member eyewitnesses rows diseases desperate frequent basic key fire "
    "motorbike missile huge online thick afterwards areas plumes theyre initial lake shaky intentional severe "
    "aircrafts council criminals breaches secondary print failure warehouses denials surprising barrage hes weve "
    "thats wheat interviews gunfire rival file warning head explosives meantime leader besides similar sites right "
    "intermittent prosecutor category updated assault barrel rescue twin frequently fear leaflets upstream ignore "
    "note monitor monitors mission front staff ministry fighting humanitarian civilian rights rebel-held tens swift "
    "neighbours neighbors relatives survivors nurses workers volunteers engineers drivers shops markets flights "
    "trains ships boats boat mediators negotiators crews crew teams patients schoolchildren pupils parents mothers "
    "fathers guards guerrillas smugglers migrants pilgrims traders shopkeepers nearby",
    "celui-ci celle-ci ceux-ci celles-ci puis fin peut-etre entre-temps bientot aussitot soudain partout autour "
    "sont quiconque voix jeune ancien ancienne issu issue fonde nes devenu devenue surnomme surnommee confronte "
    "confrontee considere designe inquiete refus debut lutte rectificatif reunis membre fils fille mere pere "
    "hors-la proche grande grand petit petite diverses divers exclus sorti sortie soyez symbole animaux organe "
    "madame monsieur presse port radio rive libre quarante soldat rebelle groupe unites forces equipes routes "
    "ecoles hopitaux villages quartiers manifestants manifestation reunion conference visite accord treve convoi "
    "convois camions navires bateaux bateau migrants refugies deplaces familles femmes enfants hommes voisins "
    "proches parents eleves etudiants enseignants ouvriers pecheurs paysans commercants medecin infirmiers "
    "benevoles sauveteurs enqueteurs juges procureur elections vote campagne",
)

# Openers that are surnames or given names in mid-sentence.
SURNAMES = _set(
    "black white green red blue young grand petit fils long short may will mark power powers rice best good bush"
)

# What looks like an ordinary word of the language although the lists lack it.
ORDINARY_ENDING = {
    "en": re.compile(
        r"(?:ing|ed|ly|tion|tions|sion|sions|ment|ments|ness|ists?|ers|ors|ants|ents|ities|ity|ous|ful|less|ive|able|ible|"
        r"ical|ies|ism|ships?|ance|ence|n't|'re|'ve|'ll)$"
    ),
    "fr": re.compile(
        r"(?:ment|ments|tion|tions|sion|sions|ant|ants|eurs?|euses?|istes?|ites?|ees?|ages?|ables?|ibles?|iques?|ances?|"
        r"ences?|aires?|eux|elles?|ismes?|ures?|ites)$"
    ),
}

# Folded. Only names follow these.
ARABIC_TITLES = _set(
    "الجنرال العقيد العميد النقيب المقدم السيد السيده الدكتور الدكتوره الشيخ القاضي الرئيس المهندس الاستاذ "
    "الملازم الفريق والجنرال والعقيد والعميد والسيد والسيده والدكتور والدكتوره والشيخ والقاضي للسيد بالسيد "
    "للدكتور للرئيس والرئيس المحامي المحاميه والمحامي والمحاميه القاضيه الطبيبه النائبه"
)
# After a title, these are no name: prepositions, verbs of reporting and doing, adjectives, nouns of office.
ARABIC_NAME_ENDS = re.compile(
    r"^(?:و?(?:في|من|علي|الي|عن|مع|ان|انه|انها|لم|لن|قد|لا|ما|الذي|التي|هو|هي|هذا|كان|كانت|يكون|سيكون|قال|قالت|يقول|اعلن|اعلنت|"
    r"اكد|اكدت|صرح|اشار|اضاف|اضافت|ذكر|زار|وصل|التقي|دعا|وافق|رفض|بحث|اجتمع|طالب|نفي|اعتبر|حذر|شدد|قرر|امر|وقع|عين|القي|غادر|"
    r"حضر|استقبل|ترأس|اتهم|انتقد|هدد|تعهد|وعد|كشف|شارك|عاد|بدأ|اثناء|خلال|بعد|قبل|منذ|عند|لدي|حول|ضد|امس|اليوم|غدا|امام|ايضا|"
    r"قاءلا|قائلا|كما|حيث|بينما|اذا|لكن|نفسه|نفسها|الي|حسب|وفق|اثر|طلب|اتخذ|قام|قامت|تم|ليس|بشان|بان|لان|دون|عبر|ضمن|سابق|"
    r"المنتخب|الجديد|الحالي|الراحل|الاول|التنفيذي|العام|انتهي|انتقل|اقام|احيا|القي|افتتح|ترا?س|توجه|استمع|الذين)$)|^(?!(?:يوسف|ياسر|ياسين|يحيي|يزن|يعقوب)$)ي\w{3,}$|^س[يت]\w{3,}$|^[وفب]ال|"
    r"^لل|^ب(?!شار|لال|اسم|سام|در|كر|وتين|ايدن|اسل|هاء|راك|وش|ريغ|لير|ومبيو|ولتون)\w+|ون$|ات$|ين$"
)
