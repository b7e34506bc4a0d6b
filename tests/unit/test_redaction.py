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
@pytest.mark.parametrize("around", ["{}", "it is {} I think", "({}),", "Lads,\n{}\nhelp"])
def test_a_number_or_code_is_replaced_in_every_spelling(redactor, around, find, kind):
    assert redactor.redact(around.format(find)) == around.format(f"<{kind}>")


@pytest.mark.parametrize(("message", "read"), SENTENCES)
def test_staff_read_the_kind_in_place_of_the_data(redactor, message, read):
    assert redactor.redact(message) == read


@pytest.mark.parametrize("message", STAY)
def test_staff_read_ordinary_messages_as_they_were_written(redactor, message):
    assert redactor.redact(message) == message
