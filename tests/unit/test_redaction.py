"""What staff read of a message has no personal data left in it, and otherwise says what the person said.

All data here is invented: telephone numbers are Ofcom's for drama, postcodes and registration marks were never issued.
"""

import itertools
import logging
import re
import subprocess
import sys
import time
from threading import Thread
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from signpost.log.redaction import Redactor, build_analyzer
from signpost.log.redaction.kinds import KINDS, PLACEHOLDER
from signpost.log.redaction.plain import plain

PHONES = """
07700 900123
07700900123
07700-900-123
07700.900.123
07700 900 123
0770 0900 123
077 00 90 01 23
0 7 7 0 0 9 0 0 1 2 3
(07700) 900123
07700/900123
+44 7700 900123
+447700900123
+44 (0)7700 900123
+44(0) 7700-900-123
(+44) 7700 900 123
0044 7700 900123
00447700900123
44 7700 900123
447700900123
7700 900123
O7700 900123
o7700 9oo123
07700\u00a0900\u00a0123
07700\u2013900\u2013123
\u202a+44 7700 900123\u202c
０７７００９００１２３
0️⃣7️⃣7️⃣0️⃣0️⃣9️⃣0️⃣0️⃣1️⃣2️⃣3️⃣
01632 960123
01632960123
(01632) 960 123
01632-960-123
+44 1632 960123
0044 1632 960123
020 7946 0123
(020) 7946 0123
0207 946 0123
+44 20 7946 0123
0800 496 0123
03069 990123
+353 1 496 0123
0077009001234
oh seven seven oh oh nine oh oh one two three
zero double seven double zero nine double zero one two three
""".strip().split("\n")

POSTCODES = """
SN99 9ZZ
SN999ZZ
sn99 9zz
sn999zz
Sn99 9zZ
SP9 9ZZ
BA9  9ZZ
SN99-9ZZ
SN99.9ZZ
SN 99 9ZZ
SN9 9 ZZ
S N 9 9 9 Z Z
sn 99 9zz
W1A 9ZZ
EC9A 9ZZ
B9 9ZZ
M9 9ZZ
m99zz
ZZ99 9ZZ
QX9 9ZZ
""".strip().split("\n")

MARKS = """
QQ99 QQQ
QQ99QQQ
qq99 qqq
qq99qqq
Qq99 qqq
QQ 99 QQQ
qq 99 qqq
QQ99-QQQ
QQ99.QQQ
Q Q 9 9 Q Q Q
Q999 QQQ
Q999QQQ
q999 qqq
q999qqq
Q9 QQQ
Q 999 QQQ
QQQ 999Q
QQQ999Q
qqq 999q
qqq999q
QQQ 9Q
""".strip().split("\n")


def rows(kind, lines):
    return [pytest.param(line, kind, id=f"{kind}: {line!a}") for line in lines]


FORMATS = [*rows("phone number", PHONES), *rows("postcode", POSTCODES), *rows("registration mark", MARKS)]

#: What people write, and what staff read.
SENTENCES = [
    # Telephone numbers
    ("ring me on07700900123please", "ring me on<phone number>please"),
    ("my no is 07700 900123, not 07700 900456", "my no is <phone number>, not <phone number>"),
    ("call me on 960123 after 5", "call me on <phone number> after 5"),
    ("his mobile number is 0770090012", "his mobile number is <phone number>"),
    ("Scam call from +1 202 555 0123 again", "Scam call from <phone number> again"),
    ("text 07700 900123 or ring 101", "text <phone number> or ring 101"),
    # Places
    ("burgled at SN99 9ZZ last night", "burgled at <postcode> last night"),
    ("my postcode is sn9 ozz", "my postcode is <postcode>"),
    ("post code: SNI 9ZZ", "post code: <postcode>"),
    ("postcodeSN99 9ZZthanks", "postcode<postcode>thanks"),
    ("I live at 12 Fisherton Street, Salisbury", "I live at <street address>, Salisbury"),
    ("12 fore street trowbridge", "<street address> trowbridge"),
    ("Flat 3, 12 Fore St", "<street address>"),
    ("flat 2b 14 castle road", "<street address>"),
    ("Flat 3 Castle Court", "Flat <street address>"),
    ("at 14a Upper Church Lane, Devizes SN99 9ZZ", "at <street address>, Devizes <postcode>"),
    ("24-26 The Parade", "<street address>"),
    ("no. 7 Station Approach Road has drug dealers", "<street address> has drug dealers"),
    ("Number 9, Rose Hill Close", "<street address>"),
    ("HELP AT 33 MARSH LANE NOW", "HELP AT <street address> NOW"),
    # Vehicles
    ("black golf reg QQ99QQQ doing 90 on the A303", "black golf reg <registration mark> doing 90 on the A303"),
    ("reg is ABC 12 I think", "reg is <registration mark> I think"),
    ("number plate 1234 QQ", "number plate <registration mark>"),
    ("plate starts with QQ99", "plate starts with <registration mark>"),
    ("partial reg qq99", "partial reg <registration mark>"),
    ("private plate B4 DGR", "private plate <registration mark>"),
    ("white van QIZ 1234 hit me", "white van <registration mark> hit me"),
    ("regQQ99QQQthen drove off", "reg<registration mark>then drove off"),
    ("reg ab12 the car", "reg <registration mark> the car"),
    # Papers and money
    ("my NI number is QQ 12 34 56 C", "my NI number is <National Insurance number>"),
    ("QQ123456C", "<National Insurance number>"),
    ("qq 123456 c they asked for", "<National Insurance number> they asked for"),
    ("national insurance qq123456", "national insurance <National Insurance number>"),
    ("paid with 4000 0000 0000 0000", "paid with <bank details>"),
    ("card 4000-0000-0000-0002", "card <bank details>"),
    ("4000000000000002", "<bank details>"),
    ("amex 3700 000000 00000", "amex <bank details>"),
    ("sort code 00-00-00 account 12345678", "sort code <bank details>"),
    ("sort code is 000000, account number: 1234 5678", "sort code is <bank details>, account number: <bank details>"),
    ("sent it to 20-99-98 12345678", "sent it to <bank details>"),
    ("IBAN GB00 QQQQ 0000 0012 3456 78", "IBAN <bank details>"),
    ("dob 01/02/1985", "dob <date of birth>"),
    ("D.O.B: 1.2.85", "D.O.B: <date of birth>"),
    ("he was born on 3rd of May 1990", "he was born on <date of birth>"),
    ("born in 1984 in Swindon", "born in <date of birth> in Swindon"),
    ("date of birth is 12 march 2001", "date of birth is <date of birth>"),
    ("hacked from 192.0.2.44 they said", "hacked from <IP address> they said"),
    ("login from 2001:db8::1f", "login from <IP address>"),
    # Online
    ("mail me at jo.bloggs+x@example.co.uk.", "mail me at <e-mail address>."),
    ("JO@EXAMPLE.COM", "<e-mail address>"),
    ("jo bloggs @ example.com", "jo <e-mail address>"),
    ("jo.bloggs (at) example (dot) com", "<e-mail address>"),
    ("jobloggs99 at gmail dot com", "<e-mail address>"),
    ("jo@gmail", "<e-mail address>"),
    ("it was @some_body99 on here", "it was <handle> on here"),
    ("u/throwaway_99 posted it", "<handle> posted it"),
    ("his insta is big.dave_99", "his insta is <handle>"),
    ("snapchat: kdogg", "snapchat: <handle>"),
    ("see https://www.facebook.com/some.body?id=99!", "see <link>!"),
    ("www.example.com/listing/99", "<link>"),
    ("my bike is on gumtree.com/p/99", "my bike is on <link>"),
    ("scam site example.co.uk", "scam site <link>"),
    # Names
    ("My name is Joanna Bloggs", "My name is <name>"),
    ("my name is joanna bloggs and i need help", "my name is <name> and i need help"),
    ("hi my names xanthe", "hi my names <name>"),
    ("his name's Zebedee, he lives nearby", "his name's <name>, he lives nearby"),
    ("MY NAME IS ZEBEDEE AND HE HIT ME", "MY NAME IS <name> AND HE HIT ME"),
    ("a man called zebedee took it", "a man called <name> took it"),
    ("he goes by Tinker", "he goes by <name>"),
    ("Robert Bloggs aka bobcat keeps parking here", "<name> aka <name> keeps parking here"),
    ("Mr Bloggs next door", "Mr <name> next door"),
    ("mrs bloggs at the shop", "mrs <name> at the shop"),
    ("spoke to PC 1234 Bloggs", "spoke to PC 1234 <name>"),
    ("Sgt. O'Bloggs was lovely", "Sgt. <name> was lovely"),
    ("PC Bloggs-Smythe came", "PC <name> came"),
    ("my ex Zebedee has been round", "my ex <name> has been round"),
    ("Dave Smith nicked my bike", "<name> nicked my bike"),
    ("dave smith nicked my bike", "<name> nicked my bike"),
    ("DAVE SMITH NICKED MY BIKE", "<name> NICKED MY BIKE"),
    ("it was Kieran’s mate", "it was <name>’s mate"),
    ("My neighbour Priya Sharma saw it all", "My neighbour <name> saw it all"),
    ("Someone has hurt Gemma Atkinson outside Tesco", "Someone has hurt <name> outside Tesco"),
    ("Been robbed in town. Thanks, Zebedee", "Been robbed in town. Thanks, <name>"),
    # More than one kind
    (
        "Joanna Bloggs, 12 Fore Street, SN99 9ZZ, 07700 900123, jo@example.com",
        "<name>, <street address>, <postcode>, <phone number>, <e-mail address>",
    ),
    ("Dave Smith 07700 900123", "<name> <phone number>"),
    ("Sarah is at John Lewis", "<name> is at John Lewis"),
    ("Ring Zebedee Patel about the dog", "Ring <name> about the dog"),
    ("his number is 07700 nine double oh one two three", "his number is <phone number>"),
]

#: Messages that say nothing personal, which staff must be able to read as they were written.
STAY = """
call 999 now
I rang 101 and waited 45 minutes
NHS 111 told me to ring you
your page is not monitored 24/7
Samaritans are on 116 123
it cost me £250 and another £1,250.00
he took £12000 in cash
at 10.30 on 12/05/2024
between 2200 and 0630 on 01-02-2024
on 01.02.2024 10:30 they came back
on 07.12.2023 at 0830
2019 2020 2021 2022
in 12 days he will be out
on 12 Dec at 10 pm
back at 18 the latest
crime reference 54230012345
crime ref 54240098765 still no call
log 123 of 12 May
reference W34-CDF
officer number 1234
doing 90 mph on the M4
the A303 was shut, so was the B4 the whole day
M4 J15 was closed
M4 2nd exit
a car on the A36 was racing
the M5 and A4 are closed
the ps5 and the xbox are gone
my Samsung S21 was stolen
Audi A3 TDI and a BMW 320D
a 65 plate Corsa
2 lads fighting in Fore Street
3 cars Church Street were keyed
5 mins walk from the shop
20 mins drive away
one way street
junction 15 Marlborough Road
Fisherton Street is full of drunks
drug dealing on Castle Street, Salisbury
Victoria Park in Swindon
the George Hotel was smashed up
St Mary's church roof is gone
John Lewis has been robbed
what is Clare's Law
I am in SN1 near the station
somewhere in SP2 or BA14 the police know
Swindon, Devizes, Trowbridge and Chippenham
Wiltshire Police are useless
Facebook Messenger is down
Tesco in Melksham
my Ford Fiesta and a Vauxhall Corsa
White van, Ford Transit
Christmas Eve and every Saturday in August
I called the police twice
someone called the police
I called Vodafone
a shop called Tesco
a lad called earlier
my name is not important
Driver was drunk. Landlord said no.
miss the bus
my pc is broken
Mum and Dad are away
Thanks all
Cheers mate
Lol, Omg, Ffs
meet @ 5pm
@5pm tomorrow
@WiltshirePolice are you there
r/wiltshire
Snapchat is down
he was born in Swindon
my birthday is tomorrow
version 1.2.3
10:30:45 on the camera
score was 3-2
it weighs 10kg and is 30cm
WD40 and a 9mm gun
HELP HE HAS A KNIFE
THERE ARE 12 MEN OUTSIDE THE SHOP
CALL THE POLICE NOW PLEASE
MY CAR WAS STOLEN FROM FORE STREET
somebody's broken the window
he's taken the chicken across the road
😡😡 again!!
<name> called me
the <phone number> you gave
""".strip().split("\n")


@pytest.fixture(scope="module")
def redactor():
    return Redactor(build_analyzer())


@pytest.mark.parametrize(("find", "kind"), FORMATS)
@pytest.mark.parametrize("around", ["it is {} I think", "Lads,\n({}),\nhelp"])
def test_a_number_or_code_is_replaced_in_every_spelling(redactor, around, find, kind):
    assert redactor.redact(around.format(find)) == around.format(f"<{kind}>")


@pytest.mark.parametrize(("message", "read"), SENTENCES)
def test_staff_read_the_kind_in_place_of_the_data(redactor, message, read):
    assert redactor.redact(message) == read


@pytest.mark.parametrize("message", STAY)
def test_staff_read_ordinary_messages_as_they_were_written(redactor, message):
    assert redactor.redact(message) == message


def test_every_kind_has_an_example():
    assert {kind for _, read in SENTENCES for kind in PLACEHOLDER.findall(read)} == {
        f"<{kind}>" for kind in KINDS.values()
    }


SEPARATORS = ["", " ", "  ", "-", ".", " - ", "/", "\u00a0", "\u2013", "\u200b", "\n"]


@st.composite
def mobile_numbers(draw):
    """A number for drama, as ten figures, and one of its spellings."""
    figures = "7700900" + draw(st.text("0123456789", min_size=3, max_size=3))
    prefix = draw(st.sampled_from(["0", "+44", "+44 ", "0044 ", "44 ", "+44 (0)", "+44(0) ", "(0)", "(+44) "]))
    separator = draw(st.sampled_from(SEPARATORS))
    cuts = sorted(draw(st.sets(st.integers(1, 9), max_size=4)))
    groups = [figures[start:end] for start, end in itertools.pairwise([0, *cuts, 10])]
    return figures, prefix + separator.join(groups)


ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)


def figures_in(text):
    return re.sub(r"\D", "", PLACEHOLDER.sub("", plain(text)))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(mobile_numbers(), ANY_TEXT, ANY_TEXT)
@example(("7700900123", "07700 900123"), "1", "4")
@example(("7700900123", "+44 (0)7700-900-123"), "on 01/02/2024 ", " 10:30")
@example(("7700900123", "07700900123"), "@", "@")
@example(("7700900123", "07700 900 123"), "4000 0000 0000 ", " 0000")
@example(("7700900123", "07700900123"), "<phone ", "number>")
def test_no_mobile_number_survives_whatever_stands_around_it(redactor, mobile, before, after):
    figures, spelling = mobile
    assert figures not in figures_in(redactor.redact(before + spelling + after))


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.one_of(
            ANY_TEXT, st.sampled_from([*PHONES, *POSTCODES, *MARKS, *STAY, *(message for message, _ in SENTENCES)])
        ),
        max_size=5,
    ).map(" ".join)
)
@example("called Bob called Bob's mate Rob called")
@example("<name> <name>")
def test_redacting_twice_changes_nothing_more(redactor, text):
    once = redactor.redact(text)
    assert redactor.redact(once) == once


@pytest.mark.parametrize(
    "text",
    ["", " \n\t", "\x00", "\x00a\x00", "\ud800", "\udfff 07700 900123 \ud83d", "😡" * 500, "שלום 07700 900123 עולם", "، ؟ ٣٤", "<>",
     "<name", "﷽" * 300, "İı ſK", "e\u0301" * 300, "1" * 5_000, "\u202e\u2066", "🏴\U000e0067\U000e0062", "?!.,;:" * 500],
    ids=ascii,
)  # fmt: skip
def test_odd_text_is_taken_as_it_comes(redactor, text):
    assert isinstance(redactor.redact(text), str)


@pytest.mark.parametrize(
    "unit",
    ["a", "07700 ", "@a", "(", "Dave ", "reg is the "],
)  # fmt: skip
def test_the_longest_message_that_messenger_takes_is_read_in_good_time(redactor, unit):
    started = time.process_time()
    redactor.redact((unit * 20_000)[:20_000])
    assert time.process_time() - started < 20


def test_finds_on_the_seams_of_a_long_message_are_replaced(redactor):
    words = "and then " * 250
    for place in range(1_647, 2_025, 54):
        assert (
            redactor.redact(f"{words[:place]}07700 900123 {words[place:]}")
            == f"{words[:place]}<phone number> {words[place:]}"
        )


class FakeAnalyzer:
    def __init__(self, **words):
        self.words = words

    def analyze(self, text, language):
        return [
            SimpleNamespace(entity_type=kind, start=text.index(word), end=text.index(word) + len(word))
            for kind, word in self.words.items()
            if word in text
        ]


def test_the_analyzer_that_is_passed_in_is_the_one_that_reads():
    assert Redactor(FakeAnalyzer(PERSON="Bob")).redact("hi Bob") == "hi <name>"


def test_a_kind_that_is_not_ours_is_called_by_its_own_name():
    assert Redactor(FakeAnalyzer(MEDICAL_LICENSE="ABC123")).redact("ABC123") == "<medical license>"


def test_of_two_finds_the_better_keeps_what_both_claim_and_nothing_of_either_is_left():
    both = FakeAnalyzer(PERSON="Bob SN99", POSTCODE="SN99 9ZZ")
    assert Redactor(both).redact("ask Bob SN99 9ZZ now") == "ask <name> <postcode> now"


def test_nothing_is_built_until_a_message_comes(monkeypatch):
    built = []
    monkeypatch.setattr("signpost.log.redaction.redactor.build_analyzer", lambda: built.append(1) or FakeAnalyzer())
    redactor = Redactor()
    assert not built
    redactor.redact("one")
    redactor.redact("two")
    assert len(built) == 1


def test_threads_share_one_redactor(redactor):
    answers = []
    message, read = SENTENCES[-1]
    threads = [Thread(target=lambda: answers.extend(redactor.redact(message) for _ in range(5))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [read] * 20


SILENT = """
import logging, socket, sys, warnings
warnings.simplefilter("default")
logging.basicConfig(level=logging.DEBUG)
def refuse(*a, **k):
    raise AssertionError("the network was asked")
socket.socket.connect = socket.getaddrinfo = socket.create_connection = refuse
from signpost.log.redaction import Redactor
assert not {"spacy", "presidio_analyzer"} & set(sys.modules), "loaded at import"
assert logging.getLogger("presidio-analyzer").level == logging.NOTSET
assert "jo@" not in Redactor().redact("Joanna Bloggs, jo@example.co.uk, www.example.com")
"""


def test_redaction_asks_no_network_and_writes_nothing_down():
    done = subprocess.run([sys.executable, "-c", SILENT], capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_presidio_does_not_log_what_it_reads(redactor, caplog):
    with caplog.at_level(logging.DEBUG):
        redactor.redact("Joanna Bloggs 07700 900123")
    assert "Bloggs" not in caplog.text
