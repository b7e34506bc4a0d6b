"""People's names after phrases that announce one, and from a list of forenames."""

import re

from .base import WORD, BritishRecognizer, after, bare, before, is_place, is_thing, shouted, without_possessive
from .forenames import FORENAMES, SURNAMES
from .words import CAPITALISED_THINGS, FUNCTION_WORDS, NOT_NAMES, NOT_NAMES_OR_PLACES, NOT_SURNAMES, PLACE_WORDS

_NAMES = rf"(?P<find>{WORD}(?:[ ]{{1,2}}{WORD}){{0,3}})"

_RELATION = (
    r"(?:ex|husband|wife|partner|brother|sister|son|daughter|mate|neighbour|landlord|landlady|boss|boyfriend|girlfriend|bf|gf"
    r"|mum|dad|mam|nan|uncle|aunt|auntie|aunty|cousin|friend|colleague|nephew|niece|grandson|granddaughter|stepson|stepdad"
    r"|stepdaughter|stepmum|fianc[eé]e?|bro|sis|hubby|missus|carer|teacher|manager|tenant|lodger|flatmate|housemate)"
)
_PERSON = re.compile(
    rf"\b(?:m[ae]n|wom[ae]n|guy|bloke|lad|girl|boy|kid|child|person|people|someone|somebody|lady|fella|chap|{_RELATION}|dealer"
    r"|lass|scammer|driver|baby|student|pupil|officer|he's|she's|hes|shes"
    r"|(?:he|she|they|who|dad|mum)\s(?:is|was|are|were|goes|gets|got))\W{1,3}(?:\w+\W)?$",
    re.IGNORECASE,
)
_TITLE = (
    r"mr|mrs|ms|mx|sgt|pcso|miss|dr|doctor|sir|dame|rev|reverend|father|pc|dc|ds|di|dci|wpc|insp|inspector|sergeant|constable"
    r"|supt|superintendent|cllr|councillor|officer|judge|prof|professor|auntie|aunty|aunt|uncle"
)
#: Titles that are believed before a name in small letters; "miss the bus" and "pc crashed" are why the others are not.
_PLAIN_TITLES = frozenset({"mr", "mrs", "sgt", "pcso", "cllr"})

# "Called" also means telephoned, and things have names too.
_NOT_NAMING = re.compile(
    r"\b(?:i|we|you|they|who|just|already|have|i've|we've|and|then|never|only|app|shop|store|pub|bar|cafe|club|place|site"
    r"|website|company|firm|film|game|show|road|street|band|drug|scam|group|page|channel|school|village|town|programme|one"
    r"|account|bank|estate|house|product|brand|thing|something|somewhere|it|it's|its|scheme|service|party)\W{1,3}(?:\w+\W)?$",
    re.IGNORECASE,
)
_VERB = re.compile(r"(?:ing|ed|ly)$")


class SaidNameRecognizer(BritishRecognizer):
    """Names after phrases: "my name is", "his name's", "a man called", "my ex", "Mr", "thanks," at the end."""

    def __init__(self) -> None:
        super().__init__(
            "PERSON",
            {
                "name is": r"\b(?:my|his|her|their|our|the|whose|full|daughter's|son's)\s(?:\w{1,12}\s)?names?"
                rf"(?:'?s|\s(?:is|was|are)|\s?[:=\-])\s{{1,2}}(?:called\s|mr\s|mrs\s)?{_NAMES}",
                "name:": rf"\bname\s?[:=]\s?{_NAMES}",
                "called": rf"\b(?:called|named|name\sof|nicknamed|known\sas|goes\sby|calls\s(?:him|her)self)\s{{1,2}}{_NAMES}",
                "aka": rf"\b(?:aka|a\.k\.a\.?)\s{{1,2}}{_NAMES}",
                "title": rf"\b(?P<title>{_TITLE})\b\.?\s{{1,2}}(?:\d{{2,6}}\s{{1,2}})?{_NAMES}",
                "relation": rf"\b(?:my|his|her|their|our|your|the)\s(?:\w{{2,10}}\s)?{_RELATION},?\s{{1,2}}{_NAMES}",
                "signed": r"\b(?:thanks|thank\syou|thx|cheers|regards|sincerely|faithfully|ta)\b[\s,.!\-]{1,4}"
                rf"{_NAMES}[\s.!x]{{0,5}}\Z",
            },
        )

    def span(self, match: re.Match[str]) -> tuple[int, int]:
        """The words of the find that can be a name; nothing if none can."""
        start = end = match.start("find")
        capital = match["find"][0].isupper() and not shouted(match.string, start)
        for number, word in enumerate(re.finditer(WORD, match["find"])):
            if not (self._begins(word[0]) if number == 0 else self._goes_on(word[0], capital=capital)):
                break
            name = without_possessive(word[0])
            end = start + word.start() + len(name)
            if name != word[0]:
                break
        return start, end

    def keep(self, name: str, match: re.Match[str]) -> bool:
        """Turn down what has no word that can be a name, what is a place, and "called" where it means telephoned."""
        start, end = self.span(match)
        if start == end or is_place(match.string, end):
            return False
        first = bare(match["find"].split()[0])
        if name in ("name is", "name:", "aka") or first in FORENAMES:
            return True
        capital = match["find"][0].isupper() and not shouted(match.string, start)
        said = before(match, 40)
        if name == "called":
            return first not in NOT_NAMES and bool(_PERSON.search(said) or (capital and not _NOT_NAMING.search(said)))
        if name == "title":
            plain = match["title"].lower() in _PLAIN_TITLES or (first in SURNAMES and match["title"].lower() != "miss")
            return capital or (plain and first not in NOT_NAMES)
        return capital and first not in NOT_NAMES

    @staticmethod
    def _begins(word: str) -> bool:
        lower = bare(word)
        if lower in FUNCTION_WORDS or lower in CAPITALISED_THINGS or len(lower) < 2:
            return False
        return lower in FORENAMES or not (word.islower() and _VERB.search(lower))

    @staticmethod
    def _goes_on(word: str, *, capital: bool) -> bool:
        """Whether a word goes on with a name that began with a capital, or without."""
        lower = bare(word)
        if lower in SURNAMES or lower in FORENAMES:
            return word[0].isupper() or not capital
        if capital:
            return word[0].isupper() and lower not in NOT_SURNAMES
        return lower not in NOT_NAMES_OR_PLACES and not _VERB.search(lower)


class KnownNameRecognizer(BritishRecognizer):
    """Common forenames, in any case, with the surname that follows: the model misses many in short messages."""

    _NOT_A_PERSON = re.compile(
        r"\b(?:st|saint|queen|king|prince|princess|storm|the|lake|hurricane|cyclone)\.?\s$", re.IGNORECASE
    )

    def __init__(self) -> None:
        super().__init__("PERSON", {"word": rf"(?<![^\W_]){WORD}"})

    def keep(self, name: str, match: re.Match[str]) -> bool:
        """Whether the word is a forename, and is not part of the name of a place, a saint, a firm or a law."""
        said = before(match, 12)
        if bare(match[0]) not in FORENAMES and not self._before_surname(match):
            return False
        # "Don't be a karen."
        if self._NOT_A_PERSON.search(said) or (match[0].islower() and re.search(r"\ban?\s$", said, re.IGNORECASE)):
            return False
        start, end = self.span(match)
        return not is_thing(match.string, start, end) and not is_place(match.string, end)

    @staticmethod
    def _before_surname(match: re.Match[str]) -> bool:
        """Whether a word with a capital stands before a surname that is nothing else: "Xanthe Jones"."""
        follows = re.match(rf"[ ]({WORD})", after(match, 40))
        if not follows or not (match[0].istitle() and len(match[0]) > 2 and follows[1].istitle()):
            return False
        surname = bare(follows[1])
        return surname in SURNAMES and surname not in NOT_NAMES_OR_PLACES and bare(match[0]) not in NOT_NAMES_OR_PLACES

    def span(self, match: re.Match[str]) -> tuple[int, int]:
        """The forename with what follows it and is a surname: a known one, or any word with a capital that fits."""
        start, end = match.span()
        if (name := without_possessive(match[0])) != match[0]:
            return start, start + len(name)
        capital = match[0][0].isupper() and not shouted(match.string, end)
        for _ in range(3):
            follows = re.match(rf"[ ]{{1,2}}({WORD})", match.string[end : end + 40])
            if not follows:
                break
            word = without_possessive(follows[1])
            lower = bare(word)
            known = lower in SURNAMES or lower in FORENAMES
            if not known and not (capital and word[0].isupper() and lower not in NOT_SURNAMES):
                break
            if lower in PLACE_WORDS and is_place(match.string, end):
                break
            end += follows.start(1) + len(word)
            if word != follows[1]:
                break
        return start, end
