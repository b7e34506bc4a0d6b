"""Words that are not names, used to keep ordinary messages readable.

Sources: written for this project from everyday use; the places are those that Wiltshire Police's page hears about most,
with the larger British towns. All are lower case. A word here is never taken for a name unless a phrase such as "my name
is" comes before it, and never for the letters of a registration mark that is written with spaces.
"""

import re


def listed(words: str) -> frozenset[str]:
    """The words of a text, each once."""
    return frozenset(words.split())


#: Words of grammar. Nobody is named so, whatever comes before.
FUNCTION_WORDS = listed("""
a about above after again against ain't all almost already also although always am an and another any anyone anything
are aren't around as asking at away back be because been before behind being below between both but by can can't cannot
cause coming could couldn't cuz did didn't do does doesn't doing don't down during each earlier either else even ever
every everyone for from get getting give going gone gonna got had has have haven't having he he's her here hers herself
him himself his how however i i'd i'll i'm i've if im in instead into is isn't it it's its itself just keep keeps kept
last later least less like made make many maybe me mean meant mine more most much must my myself near nearly need never
next no nobody none nope nor not nothing now of off often oh ok okay on once one only onto or other our ours out over
own per perhaps please pls probably put quite rather really right said same saw say saying says see seems she she's
should since so some someone something somewhere soon still stuff such sure take than that that's the their them then
there there's these they they're thing things think this those though through till to today together told tomorrow
tonight too took towards two under unless until up upon us use used using usually very via was wasn't we we're well
went were what when where whether which while who who's whoever whose why with within without won't would wouldn't yeah
yep yes yesterday yet you you're your yours yourself
""")

#: Everyday words of one to three letters, with units, months, text-speak and models of car.
SHORT_WORDS = listed("""
ace act add age ago aid aim air ale amp ant ape apr apt arc arm art ash ask ate aug awd axe bad bag ban bar bat bay bed
bee beg bet bi bid big bin bit bmw boo bow box boy bra brb bro btw bud bug bum bus buy bye cab cap car cat cba ccs cdi
chi cms cob cop cow cpr cps cry cup cut dab dad dam dan day dec den der dew die dig dim din dip doe dog dot dry dub due
dug dvd ear eat ebf egg ego elf end era est etc eve ewe eye fab fan far fat fax feb fed fee few ffs fig fin fit fix flu
fly fob fog fri ft fun fur fwd fyi gap gas gbp gdi gem gin go god gt gtd gti gum gun gut guy gym ha ham hat hay hdi hen
hey hi hid hip hit hmm ho hob hog hop hot hr hrs hub hug hut ice icy id idk ill imo inc ink inn ird iso ive jab jag jam
jan jar jaw jet job jog joy jug jul jun k kgs kia kid kin kit km kph la lab lad lap law lay lb lbs le led leg let lid
lie lip lit lo log lol lot low lwb ma mad man map mar mat max may mbe men met mid min mix mls mm mob mod mog mon mop
mot mph mpv mr ms mt mud mug mum n na nah nan nap net new nhs nil nip nod nov nr nun nut o oak oap oar oct odd oil old
omg opp owt ox pad pal pan par pat paw pay pc pcs pea peg pen pet phd phv pic pie pig pin pip pit plc plz pm pod pop
pot psi pub pup quo r rad rag ram ran rap rat raw ray rd re rec red ref rep rev rib rid rig rip rob rod rot row rub rue
rug run rut sad sat sea sec sep set sew sex shy sim sin sip sir sis sit six ski sky sly sob son sos spa spy st std sub
sue sum sun suv tap tar tax tbh tdi tea ten thu thur thx tie tin tip toe ton top tow toy try tub tue tues tug tui tut
tv tvs u uk van vat vet vip vow vs vxr wag war wax way web wed wee wet wig wil win wit wk wks woe won wow wtf x xbox y
ya ye yo yob yrs zip zoo
""") | {word for word in FUNCTION_WORDS if len(word) < 4}

#: Other everyday words that begin sentences or follow a name, or that the language model takes for people.
EVERYDAY_WORDS = listed("""
alarm ambulance angry anyway area arrest arrested arse asap ask asked attacked aunt auntie aunty baby bang bastard
beaten begged bike bikes bird bitch bless bloke blood bloody blue boiler boss bought broke brother brothers brought
brown bruv burglar burglary cage call called calling camera camper caravan cars cash catch chased cheeky cheers child
children chris'sakes club coach cold come contact cops council cousin crashed crime cunt cycle dad dada daddy daft damn
daughter dead dealer dealing dear delivery desk dick died disgusting dj dogs done door doorbell downstairs drink driver
driving drove drug drugs drunk dude easter elderly elsewhere emergency evening everybody excuse fair family fast father
fell fella female fence fight find fire first followed fool forever forward found friday friend friends fuck fuckin
fucking fuming funny furious gaffer gang garage garden gate girl girls glass good gosh grabbed gran grandad grandma
grandpa granny great green grey guess guest guides guys gypsies gypsy halloween handover hang hate hates hello help hey
hit hits hiya hold home honestly horse hospital house hubby hun hurry hurt husband idiot idiots incident inspector
interview irate jail jesus job jobs joke justice keeps keyed keys kicked kicks kid kids killed kind knife know knows
lads lady landed laptop lass late leave left legal legend lied life live lived lives living local lock lol london look
looking lord lorry lost loud love lovely lover loves luck lying madam male mam manager mate mates matron meet message
met meter michaelmas midday midnight milkman mini miss missing missus mister mom moped morning mother motorbike
mountain moved mrs mugger muggers mum mummy mums names nan nans neighbour neighbours nephew nice nicked niece night
noisy northbound officer officers open owner parcel parents parked parking partner passenger passport patient pensioner
people perfect person phone pissed place plates plumber police poor postie postman pregnant prick prison proper punched
pushed pushes queue quick quickly quiet ran rang ransom rape raped recruiter regards report reported resident ride ring
ripper robbed robber role roles round rude sad safe sarge saturday saw scammer school screamed scum security see sell
seller sells send sent sergeant serious shit shop shoplifter shoplifters shops shot shouting shouts sick silver
sincerely sister slag sleeping slept slip smashed smoking sold somebody sorry speak spelt spoke stabbed staff started
stay staying steals steps stole stolen stood stop stopped stupid suspect swear tagging taken takes tattoo taxi teacher
teen tell tells tenant tenants text texted thank thanks theft thick thief thieves threatened threatening thug today
told tonite tool tools traffic train training tried truck trying turned twat unbelievable uncle unknown urgent useless
vacancies vehicle victim victims violent visit wait waiting wake walking walks wanker wanted wants watch wearing white
wife window woman women work working works worried worst xmas yelling yob yobs youth youths
""")

#: Words that make a street of the word before them, whatever their case.
STREET_WORDS = listed("road rd street avenue ave lane crescent cres terrace gardens grove mews roundabout")

#: Words with a capital that make a place of the word before them: "Fisherton Street", "Victoria Park", "the George Inn".
PLACE_WORDS = listed("""
abbey academy alley approach arcade arms ave avenue bank bar barracks bay beach bowl bridge brook buildings bypass cafe
car castle centre chapel chase church circle circus close college common copse cottage cottages court cres crescent
cross downs drive drove end estate fair farm field fields ford garage gardens gate gorge grange green grove hall hall's
hatch head heath heights hill hills hospital hotel house infirmary inn island junction junior lake lane lodge lounge
mall manor market marsh mead meadow meadows mews mill mount museum nursery orchard parade park pass path pharmacy place
plain playground plaza point pond precinct primary quarter quay rank rd reach rec retail ridge rise river road
roundabout row school services shop side spring square st station store street surgery tavern terrace tor tower town
track trust turning university vale valley view village walk way wharf wood woods yard
""")

#: Places, firms, makes of car, festivals and other things with a capital that are nobody's name.
CAPITALISED_THINGS = listed("""
aa aberdeen acas action africa agency airbnb albanian albion aldbourne aldi alexa allah alsatian amazon america
amesbury andover android apple april argos arsenal asda ashton astra audi august australia avebury banksy banquo
barclays barnsley barnstaple basingstoke bassett bath bbc bedminster bedwyn belfast bemerton bentley berkshire bible
birmingham bishopdown blackpool bluey bmw bodmin bolton bonfire boots bournemouth box bradford bradford-on-avon brazil
brexit bridgwater brighton bristol britain british bt bude bulford bulgarian bulldog burbage bury calais calne camborne
cambridge canada cardiff carlisle catholic chelsea cheltenham chepstow childline chilterns china chinese chippenham
christ christian christmas christmases cid cirencester citroen city civic clio co-op codford collie commissioner
conservative conservatives constabulary coop cooper cornwall corsa corsham costa cotswolds court coventry cps crete
cricklade crimea crimestoppers crimewatch crocs crown croydon cumbria currys cyprus dacia daily debenhams december
defender defra deliveroo dem dems depop derby devizes devon devonport dhl discord discovery disney diwali domino
domino's dominos doncaster dorset downton dpd dublin ducati dundee durham durrington dvla dvsa dwp dyson easter ebay
edinburgh ee eid england english englishman environment essex europe everton evoque evri exeter fabia facebook february
ferrari fiat fiesta fisherton focus force ford forest fortnite france fraud french friday fridays frome galaxy garda
gatwick gaza gazette german germany giffgaff glasgow glastonbury gloucester gloucestershire gmail god golf google gopro
gopros greens greggs gretna grimsby guardian guildford gumtree gwr halfords halifax halloween hamburglar hampshire
hanukkah harley harnham hastings heathrow herald hereford hermes highways highworth hindu hmrc hogmanay holt homebase
honda hotmail hsbc huawei hull hungerford hyundai ibiza iceland ikea india insignia insta instagram interpol iopc ipad
ipcc iphone ipswich iran iraq ireland irish irishman israel italian italy itv jagermeister jaguar january jd jewish
journal juke july june kawasaki kent kfc kia kindle kingshill lab labour labrador lacock lamborghini lancashire
lancaster land larkhill latvian launceston laverstock law leeds lego leicester lent leon lexus lib lidl lincoln
lincolnshire liskeard lithuanian liverpool lloyds london longleat lucozade ludgershall ludlow lurcher luton lyneham
macbeth magistrates mail malmesbury malta manchester march marlborough marmite mastermind mazda mcdonald mcdonald's
mcdonalds megane melksham mendips merc mercedes mere messenger met michaelmas minecraft minehead mini minis mirror
mitsubishi monday mondays mondeo monzo morrisons muslim nando's nandos nationwide natwest neighbourhood netflix
netheravon newbury newcastle newhaven newport next nhs nintendo nisa nissan nokia norfolk norwich nottingham november
nspcc octavia october ofcom okus orkney outlook oxford oxfordshire paisley pakistan parliament passat paypal pcc
penhill peugeot pewsey pinehurst playstation plymouth poland police polish polo poole porsche porton portsmouth
poundland preston primark purton qashqai quickbooks quran rac ramadan ramsbury range reading reddit reform refuge
renault response revolut roblox roma romanian rotherham rover rovers royal rspb rspca russia sainsbury sainsbury's
sainsburys salcombe salisbury samaritans samsung santa santander saturday saturdays scotland scotsman scottish scrabble
screwfix seat september sheffield shelter shetland shrewsbury shrewton sikh siri skipton skoda sky slough snap snapchat
somerset sony southampton spain spaniel spanish spar sports spotify sprinter spurs staffie stafford stagecoach
starbucks starling stasi steeple stevenage stoke stonehenge stranraer stratford stratton strava stroud subaru subway
suffolk sunday sundays sunderland superdrug surrey sussex suzuki swansea swindon syria tadpole tamil taunton tavistock
telegram tenby terrier tesco tesla tetbury thursday thursdays tidworth tiktok tisbury toolstation tories tory tottenham
toyota transit traveller travellers triumph trowbridge truro tuesday tuesdays turkey turkish twitter twix uber ukraine
ukrainian united upavon ups vauxhall villa vinted virgin vivaro vodafone volkswagen volvo vw waitrose wakefield walcot
wales wanborough wanderers warminster watford wednesday wednesdays welsh welshman westbury westlea westminster whatsapp
whippet whitsun wickes wigan wilko wilton wiltshire winchester woking wolverhampton wootton worcester wroughton xbox
xmas yahoo yamaha yaris yeovil yodel york yorkshire youtube zafira zara zelle
""")

#: Words of the names of Wiltshire's villages, but for those that are common surnames.
_VILLAGES = listed("""
barford bishops bishopstone blunsdon bottlesford bratton bremhill broad broughton burbage cherhill chilmark chilton
chirton coate colerne collingbourne combe coombe corsley crudwell dauntsey deverill dilton dinton donhead easterton
edington enford erlestoke figheldean fonthill fovant froxfield great hankerton haydon heddington heytesbury hilmarton
hindon hinton hullavington idmiston keevil kington lavington liddington little luckington malford malmesbury melksham
minety monkton netherhampton oaksey odstock ogbourne patney pitton potterne poulshot quidhampton redlynch rowde seend
shalbourne sherston somerford southwick staverton stert stoford stourton swallowcliffe teffont tilshead tollard trowle
urchfont veny wansdyke warminster westwood whaddon whiteparish whorwellsdown wily winterbourne winterslow woodborough
wootton worton wylye yatton zeals
""")

#: Names of more than one word that are firms, laws, breeds or a bar's password, between commas.
NAMED_THINGS = tuple(
    re.split(
        r",\s+",
        """
ask for angela, aston martin, calvin klein, charles tyrwhitt, claire's law, clare's law, harley davidson,
harry potter, jack daniels, jack jones, jack russell, jack wills, jaeger lecoultre, jekyll and hyde, jeremy kyle,
jimmy choo, john deere, john lewis, marks and spencer, martyn's law, mary jane, megan's law, michael kors,
oliver bonas, paul smith jeans, peter pan, sarah's law, ted baker, thomas cook, tommy hilfiger
""".strip(),
    )
)

#: Words above that are forenames too; with a capital in the middle of a sentence the language model is believed.
FORENAMES_TOO = listed("""
amber bill carol daisy dawn dean drew faith fern frank gill grace grant hope ivy jack jan jo joy kit lily mark max mick
nick olive pat pearl penny poppy ray rob ron rose ruby sue ted una vic von will
""")

#: What does not go on with a name that has begun. Short words may: "John Doe".
NOT_SURNAMES = FUNCTION_WORDS | EVERYDAY_WORDS | CAPITALISED_THINGS | _VILLAGES

NOT_NAMES = (FUNCTION_WORDS | SHORT_WORDS | EVERYDAY_WORDS | CAPITALISED_THINGS | _VILLAGES) - FORENAMES_TOO

NOT_NAMES_OR_PLACES = NOT_NAMES | PLACE_WORDS
