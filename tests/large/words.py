"""Invented messages, made of word lists: some words stand in half of them, some in a handful."""

from random import Random

OPENINGS = (
    "Hi there,", "Hello,", "Good evening,", "Morning all,", "Sorry to bother you,", "Not sure if this is the right place but",
    "Can somebody help?", "I want to report something.", "Just to let you know", "Following on from my last message,",
    "My neighbour told me to write here.", "I have tried to ring and gave up.", "Is anybody reading this?", "Right then,",
    "This is getting silly now.", "Could you look into this?", "I don't want to cause trouble but", "For your information,",
)  # fmt: skip
WHO = (
    "somebody", "two lads on a moped", "a man in a grey hoodie", "three teenagers", "<name>", "the people at <street address>",
    "a woman I have never seen", "the driver of a white van, <registration mark>,", "my ex partner", "a group of about six",
    "whoever lives behind us", "a stranger", "the same couple as last week", "someone with a torch", "an older chap",
    "a cyclist without lights", "<name> and <name>", "a delivery driver", "a person unknown to me", "the usual crowd",
)  # fmt: skip
DID = (
    "has smashed the window of the shop", "took the bike from our shed", "keeps shouting at people who walk past",
    "was trying the doors of parked cars", "has been dealing from the alley", "sprayed paint all over the bus shelter",
    "threatened my son on his way home", "drove off after hitting a parked car", "stole two boxes from the porch",
    "is sending me messages and won't stop", "broke into the garage overnight", "let the dog run at the sheep",
    "has been following me since the station", "kicked the fence down and laughed", "is banging on the door right now",
    "sold me a phone that never came", "walked out with a full trolley", "set fire to the bins behind the flats",
    "cut the lock off the gate", "was racing up and down the bypass", "put something in a girl's drink",
    "left needles all over the play area", "called me names I won't repeat", "has emptied my account",
)  # fmt: skip
WHERE = (
    "on the corner of the high street", "by the old mill", "outside the leisure centre", "near the railway bridge",
    "at the top of the lane", "in the car park behind the library", "down by the river", "at <postcode>", "next to the chapel",
    "in the market place", "by the allotments", "on the towpath", "outside the primary school", "at the retail park",
    "in the underpass", "on the recreation ground", "at the bus station", "on the estate", "by the war memorial",
)  # fmt: skip
WHEN = (
    "about ten minutes ago", "last night", "on Tuesday evening", "early this morning", "at around half past three",
    "for the third time this month", "just now", "over the weekend", "between six and seven", "while we were away",
    "the other day", "yesterday afternoon", "as I was closing up", "during the football",
)  # fmt: skip
MORE = (
    "We have it on camera and can send the recording.", "My number is <phone number> if you need it.",
    "You can reach me at <e-mail address>.", "Nobody was hurt, thank goodness.", "My mum is really shaken.",
    "It was dark so I couldn't see much.", "There is blood on the pavement.", "They went off towards the roundabout.",
    "I am scared to go out now.", "The shop next door saw it as well.", "I would rather not give my name.",
    "It has been going on for months.", "I think they had a knife.", "The children were in the car.",
    "He said he would come back.", "I have told the council twice.", "My insurance wants a reference.",
    "She is locked in the bathroom and can't talk.", "There was a smell of petrol.", "They left a rucksack behind.",
)  # fmt: skip
CLOSINGS = (
    "Please send someone.", "Please advise.", "What should I do, please?", "Please get back to me.", "Can the police come out please",
    "Thank you.", "Cheers.", "Waiting to hear.", "Sort it out.", "It can't go on like this.", "Anyway, that's it.", "Regards",
)  # fmt: skip
COMMON = ("police", "street", "again")
"""Each stands in half of all messages, whatever else they say."""
RARE = (
    "weathervane", "tandem", "beehive", "accordion", "marquee", "trombone", "hovercraft", "sundial", "lobster", "windsock",
    "unicycle", "telescope", "harpsichord", "scarecrow", "gondola", "catamaran", "chandelier", "periscope", "bagpipes", "zeppelin",
)  # fmt: skip
"""Each stands in about one message in twenty thousand."""
SELDOM = 1000
"""One message in so many has one of the rare words."""
ABUSE = ("You lot are useless clowns.", "Waste of space the lot of you.", "Clueless muppets.", "Nobody wants you here.")
OTHER = (
    "Thanks for the lovely day at the fair.", "Is this page monitored?", "When is the next surgery in the village hall?",
    "Great work last night.", "How do I apply to join?", "Lost my keys, any ideas?", "ok", "Thank you so much", "Are you a bot?",
)  # fmt: skip


def report(chance: Random) -> str:
    """What a reporting message may say, about 250 characters, redacted already."""
    pick = chance.choice
    sentences = [f"{pick(OPENINGS)} {pick(WHO)} {pick(DID)} {pick(WHERE)} {pick(WHEN)}."]
    sentences += [pick(MORE) for _ in range(chance.randrange(1, 5))]
    if chance.random() < 0.5:
        sentences.append("I thought the police should know.")
    if chance.random() < 0.5:
        sentences.append("This street used to be quiet.")
    if chance.random() < 0.5:
        sentences.append("It will happen again.")
    if chance.randrange(SELDOM) == 0:
        sentences.append(f"There was a {pick(RARE)} involved.")
    sentences.append(pick(CLOSINGS))
    return " ".join(sentences)


def abuse(chance: Random) -> str:
    """What nobody answers."""
    return f"{chance.choice(ABUSE)} {chance.choice(CLOSINGS)}"


def doubtful(chance: Random) -> str:
    """What may or may not be a report."""
    return f"{chance.choice(OPENINGS)} {chance.choice(OTHER)} {chance.choice(MORE)}"
