"""Words that are not names, used to keep ordinary messages readable.

Sources: written for this project from everyday use; the places are those that Wiltshire Police's page hears about most,
with the larger British towns. All are lower case. A word here is never taken for a name unless a phrase such as "my name
is" comes before it, and never for the letters of a registration mark that is written with spaces.
"""

#: Words of grammar. Nobody is named so, whatever comes before.
FUNCTION_WORDS = frozenset("""
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
tonight too took towards two under until unless up upon us use used using usually very via was wasn't we we're well went
were what when where whether which while who who's whoever whose why with within without won't would wouldn't yeah yep
yes yesterday yet you you're your yours yourself
""".split())

#: Everyday words of one to three letters, with units, months, text-speak and models of car.
SHORT_WORDS = frozenset("""
ace act add age ago aid aim air ale amp ant ape apt arc arm art ash ask ate awd axe bad bag ban bar bat bay bed bee beg
bet bid big bin bit bmw boo bow box boy bra brb bro btw bud bug bum bus buy bye cab cap car cat cba ccs cdi chi cms cob
cop cow cpr cps cry cup cut dab dad dam dan day den der dew did die dig dim din dip doe dog dot dry dub due dug dvd ear
eat ebf egg ego elf end era est etc eve ewe eye fab fan far fat fax fed fee few ffs fig fin fit fix flu fly fob fog fri
fun fur fwd fyi gap gas gbp gdi gem gin god gti gtd gum gun gut guy gym ham hat hay hdi hen hey hid hip hit hmm hob hog
hop hot hrs hub hug hut ice icy idk ill imo inc ink inn ird iso its ive jab jag jam jar jaw jet job jog joy jug kgs kia
kid kin kit kph lab lad lap law lay lbs led leg let lid lie lip lit log lol lot low lwb mad man map mat max mbe men met
mid min mix mls mob mod mog mop mot mph mpv mud mug mum nah nan nap net new nhs nil nip nod not now nun nut oak oap oar
odd oil old omg opp own owt pad pal pan par pat paw pay pcs pea peg pen pet phd phv pic pie pig pin pip pit plc pls plz
pod pop pot psi pub pup put quo rad rag ram ran rap rat raw ray rec red ref rep rev rib rid rig rip rob rod rot row rub
rue rug run rut sad sat saw sea sec set sew sex shy sim sin sip sir sis sit six ski sky sly sob son sos spa spy std sub
sue sum sun suv tap tar tax tbh tdi tea ten thu thx tie tin tip toe tom ton too top tow toy try tub tug tui tut tvs two
van vat vet vip vow vxr wag war wax way web wed wee wet wig wil win wit wks woe won wow wtf xbox yob yrs zip zoo
jan feb mar apr may jun jul aug sep oct nov dec mon tue tues wed thur sat sun
am an as at be bi by do ft go gt ha he hi ho hr id if in is it km la lb le lo ma me mm mr ms mt my na no nr of oh ok on
or ox pc pm re rd so st to tv uk up us vs we wk ye ya yo a i u n r o x y k
""".split()) | {word for word in FUNCTION_WORDS if len(word) < 4}

#: Other everyday words that begin sentences or follow a name, or that the language model takes for people.
EVERYDAY_WORDS = frozenset("""
alarm ambulance angry anyway area arrest arrested arse asap attacked aunt auntie aunty baby bang bastard beaten bike
bikes bird bitch bless bloke blood bloody blue boiler boss brother brothers brown bruv burglar burglary cage called
camera camper caravan cars cash cheeky cheers child children chris'sakes club coach cold come contact cops council
cousin crime cunt cycle dada daddy daft damn daughter dead dealer dealing dear delivery desk dick disgusting dogs done
door doorbell downstairs drink driver driving drove drug drugs drunk dude easter elderly elsewhere emergency everybody
evening excuse fair family fast father fella female fence fight fire first fool forever forward found friday friend
friends fuck fuckin fucking fuming funny furious gang garage garden gate gaffer girl girls glass good gosh gran grandad
grandma grandpa granny great green grey guess guest guys gypsies gypsy halloween handover hang hate hates hello help
hey hit hiya hold home honestly horse hospital house hubby hun hurry hurt husband idiot idiots incident inspector
irate jail jesus joke justice keys kicked kid kids killed kind knife know knows lads lady lass late laptop left legal
legend life live lived lives living local lock lol london look looking lord lorry loud loud love loves lovely lover
luck lying madam male manager mate mates meter michaelmas midday midnight milkman mini missing missus moped morning
mother motorbike mountain moved muggers mugger mummy mums nans neighbour neighbours nephew nice nicked niece night
noisy northbound officer officers open owner parcel parents parking partner passenger passport patient pensioner people
perfect person phone pissed place plates plumber police postie postman pregnant prick prison proper punched pushed
queue quick quickly quiet ransom rape raped recruiter regards report reported resident ride ripper robbed robber round
rude sad safe saturday scammer school scum security seller sergeant serious shoplifter shoplifters shit shop shops
shouting sick silver sincerely sister slag sleeping smashed smoking somebody sorry speak stabbed staff started stay
staying steals steps stole stolen stop stopped stupid suspect taken takes tattoo taxi teacher teen tenant tenants tells
thank thanks theft thick thief thieves threatened threatening thug tonite tool tools traffic train truck trying turned
twat uncle unbelievable unknown urgent useless vehicle victim victims violent visit wait waiting walks walking wanker
wants watch wearing white wife window woman women work working works worried worst xmas yelling yob yobs youth youths
called round asked begged died fell hit landed lied ran rang sent shot slept spelt spoke stood text texted tried
""".split())

#: Words that make a place of the word before them: "Fisherton Street", "Victoria Park", "the George Inn".
PLACE_WORDS = frozenset("""
abbey academy alley approach arcade arms avenue ave bank bar barracks bay beach bowl bridge brook buildings bypass cafe
car castle centre chapel chase church circle circus close college common copse cottage cottages court cres crescent cross
downs drive drove end estate fair farm field fields ford garage gardens gate gorge green grange grove hall hall's hatch
head heath heights hill hills hospital hotel house infirmary inn island junction junior lake lane lodge lounge mall manor
market marsh mead meadow meadows mews mill mount museum nursery orchard parade park pass path pharmacy place plain
playground plaza point pond precinct primary quarter quay rank rd rec reach retail ridge rise river road roundabout row
school services shop side spring square st station store street surgery tavern terrace tor tower town track trust turning
university vale valley view village walk way wharf wood woods yard
""".split())

#: Places, firms, makes of car, festivals and other things with a capital that are nobody's name.
CAPITALISED_THINGS = frozenset("""
monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays sundays
january february march april june july august september october november december christmas xmas easter halloween ramadan
diwali eid hanukkah lent michaelmas whitsun hogmanay bonfire
wiltshire swindon salisbury trowbridge chippenham devizes marlborough warminster melksham calne corsham westbury amesbury
tidworth ludgershall malmesbury bradford-on-avon royal wootton bassett cricklade highworth wroughton pewsey wilton
downton durrington bulford larkhill mere tisbury purton lyneham box holt lacock avebury stonehenge longleat codford
shrewton westlea penhill pinehurst walcot stratton tadpole okus kingshill bemerton harnham laverstock bishopdown
fisherton porton upavon netheravon ramsbury aldbourne burbage bedwyn steeple ashton wanborough
bath bristol gloucester gloucestershire somerset dorset hampshire berkshire oxfordshire oxford reading newbury hungerford
andover southampton portsmouth winchester basingstoke bournemouth poole frome yeovil taunton bridgwater exeter devon
cornwall plymouth truro bodmin bude liskeard launceston barnstaple tavistock camborne stroud cirencester tetbury
cheltenham cardiff swansea newport wales london westminster croydon birmingham coventry wolverhampton manchester
liverpool leeds sheffield bradford york yorkshire hull newcastle sunderland durham nottingham leicester derby lincoln
lincolnshire norwich norfolk suffolk ipswich cambridge essex kent sussex surrey brighton hastings guildford woking slough
luton watford stevenage stafford stoke bolton bury blackpool preston lancaster lancashire cumbria carlisle scotland
glasgow edinburgh dundee aberdeen paisley stranraer orkney shetland belfast ireland dublin england britain europe
grimsby skipton rotherham doncaster barnsley wakefield hereford worcester shrewsbury ludlow devonport bedminster
minehead mendips cotswolds chilterns heathrow gatwick france spain germany italy poland ukraine russia india pakistan
china america australia africa canada brazil turkey syria israel gaza iran iraq crete cyprus malta
facebook messenger instagram insta snapchat snap twitter tiktok youtube whatsapp telegram discord reddit google gmail
hotmail outlook yahoo ebay gumtree vinted depop amazon paypal netflix spotify alexa siri uber deliveroo airbnb apple
iphone ipad android samsung galaxy huawei nokia sony playstation xbox nintendo roblox minecraft fortnite kindle strava
tesco sainsbury sainsbury's sainsburys asda aldi lidl morrisons waitrose iceland boots argos primark nisa spar coop co-op
greggs mcdonald mcdonald's mcdonalds kfc costa starbucks subway nando's nandos domino domino's dominos screwfix toolstation
wickes halfords currys ikea superdrug wilko poundland b&m sports jd zara next h&m debenhams lloyds barclays santander
natwest hsbc nationwide halifax monzo revolut starling evri hermes yodel dpd dhl ups vodafone sky bt ee giffgaff virgin
gwr stagecoach lego crocs dyson disney twix scrabble primark's
ford fiesta focus transit mondeo vauxhall corsa astra zafira insignia audi bmw mercedes merc volkswagen vw golf polo
passat skoda octavia fabia seat leon ibiza toyota yaris honda civic nissan qashqai juke mazda peugeot citroen renault
clio megane fiat volvo jaguar range rover land defender discovery evoque mini cooper tesla suzuki yamaha kawasaki ducati
triumph harley lexus subaru mitsubishi hyundai kia porsche bentley ferrari lamborghini dacia luton sprinter vivaro
labour tory tories conservative conservatives lib dem dems reform greens parliament brexit nhs bbc itv sky daily mail
mirror guardian gazette herald journal crimestoppers crimewatch action fraud samaritans childline shelter refuge rspca
rspb aa rac dvla dvsa hmrc dwp defra acas cps ipcc iopc nspcc ofcom environment agency highways
police constabulary garda interpol met neighbourhood response force crown magistrates court commissioner pcc cid
everton arsenal chelsea tottenham spurs united city rovers wanderers albion villa forest crimea roma traveller travellers
english british scottish welsh irish polish romanian muslim christian sikh hindu jewish catholic
law bible quran god allah christ bluey hamburglar macbeth banquo santa
labrador lab collie spaniel whippet lurcher staffie bulldog alsatian terrier
""".split())

#: Names of more than one word that are firms, laws or breeds.
NAMED_THINGS = (
    "aston martin", "calvin klein", "clare's law", "claire's law", "harley davidson", "harry potter", "jack daniels",
    "jack jones", "jack russell", "jack wills", "john deere", "john lewis", "martyn's law", "megan's law",
    "michael kors", "paul smith jeans", "peter pan", "sarah's law", "ted baker", "tommy hilfiger", "jimmy choo",
    "jaeger lecoultre", "oliver bonas", "charles tyrwhitt", "thomas cook", "mary jane", "jeremy kyle", "jekyll and hyde",
)  # fmt: skip

NOT_NAMES = FUNCTION_WORDS | SHORT_WORDS | EVERYDAY_WORDS | CAPITALISED_THINGS
