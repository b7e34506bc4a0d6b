"""Postcodes, and street addresses with a house number.

Source of the postcode's format: Royal Mail, Programmers' Guide to the Postcode Address File. The unit never has C, I, K, M,
O or V, which is what tells "S10 5GB" from "5pm".
"""

import re

from .base import BritishRecognizer, before, shouted, stands_alone
from .words import EVERYDAY_WORDS, FUNCTION_WORDS, SHORT_WORDS, listed

_AREAS = listed("""
AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY G
GL GU GX GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL
OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN
WR WS WV YO ZE ZZ
""")

_UNIT = "[ABD-HJLNP-UW-Z]"
_GAP = r"[\s.,\-_\u200b]"
_ORDINALS = frozenset({"ST", "ND", "RD", "TH"})
_STORAGE = frozenset({"GB", "TB"})
_CUE = re.compile(r"\bpost\s?code\b[^.!?\n]{0,25}$", re.IGNORECASE)


class PostcodeRecognizer(BritishRecognizer):
    """Full postcodes in any case and spacing. A district alone ("SP1") is not personal and stays."""

    def __init__(self) -> None:
        super().__init__(
            "POSTCODE",
            {
                "usual": rf"(?P<area>[A-Z]{{1,2}})\d[A-Z\d]?(?P<gap>{_GAP}{{0,3}})\d(?P<unit>{_UNIT}{{2}})",
                "spaced oddly": rf"(?P<area>[A-Z](?:{_GAP}?[A-Z])?){_GAP}{{0,2}}\d{_GAP}{{0,2}}(?:[A-Z\d]{_GAP}{{0,2}})?"
                rf"\d{_GAP}{{0,2}}(?P<unit>{_UNIT}{_GAP}?{_UNIT})",
                # Somebody who writes O for 0 or I for 1 has said what it is.
                "misspelt": r"\bpost\s?code\W{0,3}(?:(?:is|was|of|for|here|my|our|the|it's|its)\W{1,3}){0,3}"
                r"(?P<find>[A-Z]{1,2}[\dOIL]{1,2}[A-Z]?\s?[\dO][A-Z]{2})\b",
            },
        )

    def keep(self, name: str, match: re.Match[str]) -> bool:
        """Turn down roads and their junctions ("M4 2nd"), sizes of memory, and ordinary words around figures."""
        if name == "misspelt":
            return True
        found = match[0]
        if not stands_alone(match):
            return False
        area, unit = ("".join(filter(str.isalpha, match[group])).upper() for group in ("area", "unit"))
        capitals = found == found.upper()
        if _CUE.search(before(match, 45)):
            return True
        if name == "usual":
            if area not in _AREAS:
                # A slip in the area leaves an address that can still be found.
                return capitals and unit not in _STORAGE and match["gap"] in ("", " ")
            ordinal = match["gap"] and match["unit"].islower() and unit in _ORDINALS
            return not (ordinal and (len(area) == 1 or match["area"].isupper()))
        words = [word.lower() for word in re.findall(r"[^\W\d_]+", found)]
        if area not in _AREAS or all(word in SHORT_WORDS for word in words):
            return False
        return capitals or not any(len(word) == 1 or word in SHORT_WORDS for word in words)


_SURE = r"road|rd|street|avenue|ave|lane|crescent|cres|terrace|gardens|gdns|mews|grove|cul-de-sac|boulevard"
_LIKELY = (
    r"st|close|cl|drive|dr|court|ct|place|pl|park|way|walk|row|rise|view|square|sq|hill|green|end|gate|yard|field|fields"
    r"|meadow|meadows|mead|croft|parade|wharf|quay|bank|heights|vale|chase|copse|paddock|paddocks|orchard|ridge|house"
    r"|cottages|buildings|mount|path|common|circus|embankment|esplanade|garth|dene|brow|bridge|leaze|leys|hatch|ln|tce|terr"
)
_FLAT = r"(?:(?:flat|apartment|apt|unit|room|plot)\s{0,2}(?:\d{1,4}[A-Z]?|[A-Z])\b[\s,]{1,3})?"
_NUMBER = r"(?<![\w:./£$€#\-])(?:no\.?\s?|number\s)?\d{1,4}(?:\s?[A-Z])?(?:\s?[\-/&]\s?\d{1,4}[A-Z]?)?\b"
_WORD = r"[A-Z][A-Z'.\-]{0,24}"

_NOT_A_HOUSE = re.compile(r"\b(?:junctions?|jct|j|bus|route|exit|platform|grid|page|year|aged|age)\s?$", re.IGNORECASE)
# What can be counted on a street: "2 lads Fore Street".
_COUNTED = listed("""
accident am bed bikes bloke blokes boy boys broken car cars cats children cops day days dogs drivers drunk buses bus feet fellas
ft girl girls guys hour hours houses hrs kids lad ladies lads lanes man masked men metres mile miles min mins minute
minutes month months mopeds more motorbikes nd of officers other people persons pm police quid rd schoolkids shops
stolen teenagers teens th times units vans vehicles way week weeks woman women x yards year years young youths
""")


class StreetAddressRecognizer(BritishRecognizer):
    """A house number with a street: "Flat 3, 12 Fore Street". The street or the town alone says too little, and stays."""

    def __init__(self) -> None:
        super().__init__(
            "STREET_ADDRESS",
            {
                # A pattern for each length, as the longest that fits may turn out to be no address: "Fore Street car park".
                f"{more} more": rf"{_FLAT}{_NUMBER}[\s,]{{1,3}}(?P<words>{_WORD}(?:\s{{1,2}}{_WORD}){{{more}}})"
                rf"\s{{1,2}}(?P<kind>{_SURE}|{_LIKELY})\b"
                for more in range(3)
            }
            | {
                "the street": rf"{_FLAT}{_NUMBER}[\s,]{{1,3}}the\s(?P<words>(?:{_WORD}\s)?)"
                rf"(?P<kind>{_SURE}|{_LIKELY}|avenue|close|drive|green|mall|old\s{_WORD})\b",
            },
        )

    def keep(self, name: str, match: re.Match[str]) -> bool:
        """Turn down what is counted rather than numbered, and what has no capitals and could be anything."""
        words = match["words"].split()
        number = re.search(r"\d{1,4}", match[0])
        if _NOT_A_HOUSE.search(before(match, 12)) or (number and re.fullmatch(r"(?:19|20)\d\d", number[0])):
            return False
        lower = [word.strip(".'").lower() for word in words]
        if any(word in _COUNTED or word in FUNCTION_WORDS for word in lower):
            return False
        if re.fullmatch(_SURE, match["kind"], re.IGNORECASE):
            return len(words) < 3 or all(word[0].isupper() for word in words)
        if name == "the street" and not words:
            return match["kind"][0].isupper() and not shouted(match.string, match.start())
        named = all(word[0].isupper() for word in words) and not (
            shouted(match.string, match.start()) and any(word in EVERYDAY_WORDS for word in lower)
        )
        return named and match["kind"][0].isupper()
