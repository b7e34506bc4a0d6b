"""People's names: after phrases that announce one, from a list of forenames, and from the language model."""

import re
from collections.abc import Iterator

from presidio_analyzer import RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts
from presidio_analyzer.predefined_recognizers import SpacyRecognizer

from .base import BritishRecognizer, after, before, shouted
from .forenames import FORENAMES, SURNAMES
from .words import CAPITALISED_THINGS, FUNCTION_WORDS, NAMED_THINGS, NOT_NAMES, PLACE_WORDS, SHORT_WORDS

_WORD = r"[^\W\d_]+(?:['\-][^\W\d_]+){0,2}"
_WORDS = re.compile(_WORD)
_NAMES = rf"(?P<find>{_WORD}(?:[ ]{{1,2}}{_WORD}){{0,3}})"
_POSSESSIVE = re.compile(r"'s?$", re.IGNORECASE)

_PERSON_NOUN = (
    r"(?:m[ae]n|wom[ae]n|guy|bloke|lad|girl|boy|kid|child|person|people|someone|somebody|neighbour|lady|fella|chap|son"
    r"|daughter|brother|sister|mate|friend|cousin|uncle|aunt|ex|husband|wife|partner|dealer|teacher|lass|scammer|he's|she's"
    r"|(?:he|she|they|dad|mum)(?:\s(?:is|was|are|were|goes|got|gets))|driver|tenant|landlord|baby|student|pupil|officer)"
)
_RELATION = (
    r"(?:ex|husband|wife|partner|brother|sister|son|daughter|mate|neighbour|landlord|landlady|boss|boyfriend|girlfriend|bf|gf"
    r"|mum|dad|mam|nan|uncle|aunt|auntie|aunty|cousin|friend|colleague|nephew|niece|grandson|granddaughter|stepson|stepdad"
    r"|stepdaughter|stepmum|fianc[eé]e?|bro|sis|hubby|missus|carer|teacher|manager|tenant|lodger|flatmate|housemate)"
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
    r"|website|company|firm|film|game|show|road|street|band|drug|scam|group|page|channel|school|village|town|programme"
    r"|account|bank|estate|house|product|brand|thing|something|it|it's|its|scheme|service|party)\W{1,3}(?:\w+\W){0,1}$",
    re.IGNORECASE,
)
_SPOKEN = re.compile(r"(?:ing|ed|ly)$")


class SaidNameRecognizer(BritishRecognizer):
    """Names after phrases: "my name is", "his name's", "a man called", "my ex", "Mr", "thanks," at the end."""

    def __init__(self) -> None:
        super().__init__(
            "PERSON",
            {
                "name is": rf"\b(?:my|his|her|their|our|the|whose|full|daughter's|son's)\s(?:\w{{1,12}}\s)?names?"
                rf"(?:'s|\s(?:is|was|are)|\s?[:=\-])\s{{1,2}}(?:called\s|mr\s|mrs\s)?{_NAMES}",
                "name:": rf"\bname\s?[:=]\s?{_NAMES}",
                "called": rf"\b(?:called|named|name\sof|nicknamed|known\sas|goes\sby|calls\s(?:him|her)self)\s{{1,2}}{_NAMES}",
                "aka": rf"\b(?:aka|a\.k\.a\.?)\s{{1,2}}{_NAMES}",
                "title": rf"\b(?P<title>{_TITLE})\b\.?\s{{1,2}}(?:\d{{2,6}}\s{{1,2}})?{_NAMES}",
                "relation": rf"\b(?:my|his|her|their|our|your|the)\s(?:\w{{2,10}}\s)?{_RELATION},?\s{{1,2}}{_NAMES}",
                "signed": rf"\b(?:thanks|thank\syou|thx|cheers|regards|sincerely|faithfully|ta)\b[\s,.!\-]{{1,4}}{_NAMES}[\s.!x]{{0,5}}\Z",
            },
        )

    def span(self, match: re.Match[str]) -> tuple[int, int]:
        """The words of the find that can be a name; nothing if none can."""
        start = match.start("find")
        end = start
        for number, word in enumerate(_WORDS.finditer(match["find"])):
            if not self._fits(match, word[0], number):
                break
            end = start + word.end() - (len(found[0]) if (found := _POSSESSIVE.search(word[0])) else 0)
            if found:
                break
        return start, end

    def keep(self, name: str, match: re.Match[str]) -> bool:
        """Turn down what has no word that can be a name, what is a place, and "called" where it means telephoned."""
        start, end = self.span(match)
        if start == end or _place(match.string, end):
            return False
        first = match["find"].split()[0]
        capital = first[0].isupper() and not shouted(match.string, start)
        known = first.lower() in FORENAMES
        if name == "called" and not known:
            said = before(match, 40)
            person = re.search(rf"\b{_PERSON_NOUN}\W{{1,3}}(?:\w+\W){{0,1}}$", said, re.IGNORECASE)
            return bool(person) if not capital else bool(person) or not _NOT_NAMING.search(said)
        if name == "title":
            title = match["title"]
            return capital or known or title.lower() in _PLAIN_TITLES
        if name in ("relation", "signed"):
            return capital and first.lower() not in NOT_NAMES
        return True

    def _fits(self, match: re.Match[str], word: str, number: int) -> bool:
        lower = _POSSESSIVE.sub("", word.lower())
        if lower in FUNCTION_WORDS or lower in CAPITALISED_THINGS:
            return False
        if number == 0:
            return len(lower) > 1 and not (word.islower() and _SPOKEN.search(lower) and lower not in FORENAMES)
        if shouted(match.string, match.start()) or word.islower():
            return lower in SURNAMES or (number < 3 and lower not in NOT_NAMES and not _SPOKEN.search(lower) and lower not in PLACE_WORDS)
        return word[0].isupper() and lower not in (NOT_NAMES - SURNAMES)


class KnownNameRecognizer(BritishRecognizer):
    """Common forenames, in any case, with the surname that follows: the model misses many in short messages."""

    def __init__(self) -> None:
        super().__init__("PERSON", {"word": _WORD})

    def keep(self, name: str, match: re.Match[str]) -> bool:
        """Whether the word is a forename, and is not part of the name of a place, a saint, a firm or a law."""
        if _POSSESSIVE.sub("", match[0].lower()) not in FORENAMES:
            return False
        if re.search(r"\b(?:st|saint|queen|king|prince|princess|storm|the|lake|hurricane|cyclone)\.?\s$", before(match, 12), re.I):
            return False
        around = match.string[max(0, match.start() - 8) : match.end() + 16].lower()
        return not any(thing in around for thing in NAMED_THINGS) and not _place(match.string, self.span(match)[1])

    def span(self, match: re.Match[str]) -> tuple[int, int]:
        """The forename with what follows it and is a surname: a known one, or any word with a capital that fits."""
        end = match.end()
        if possessive := _POSSESSIVE.search(match[0]):
            return match.start(), end - len(possessive[0])
        capital = match[0][0].isupper() and not shouted(match.string, end)
        while follows := re.match(rf"[ ]{{1,2}}({_WORD})", after_end(match.string, end)):
            word = _POSSESSIVE.sub("", follows[1])
            known = word.lower() in SURNAMES or word.lower() in FORENAMES
            if not known and not (capital and word[0].isupper() and word.lower() not in NOT_NAMES):
                break
            if word.lower() in PLACE_WORDS and _place(match.string, end):
                break
            end += follows.start(1) + len(word)
        return match.start(), end


class ModelNameRecognizer(SpacyRecognizer):
    """What the language model takes for a person, less what a capital letter or slang made it take for one.

    The small model calls towns, shops and any word with a capital a person. What is left of each find must have a capital
    that means something, and one word alone must not stand where things and places do.
    """

    def __init__(self) -> None:
        super().__init__(supported_entities=["PERSON"])

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """The model's finds of persons in `nlp_artifacts` that can be names, cut down to the words that can."""
        results = []
        for found in super().analyze(text, entities, nlp_artifacts):
            for start, end in _likely(text, found.start, found.end):
                results.append(RecognizerResult("PERSON", start, end, found.score))
        return results


_ARTICLE = re.compile(r"\b(?:the|an?|my|our|your|this|that|some|any|no|every)\s$", re.IGNORECASE)
_AT_A_PLACE = re.compile(r"\b(?:in|at|near|outside|into|towards?|via|round|around|behind|opposite|through|on|of)\s$", re.IGNORECASE)
_SENTENCE_START = re.compile(r"(?:^|[^\w,'&)\s])\s*$")


def _likely(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The span of the words in a find that can be a name, once or not at all."""
    if shouted(text, start):
        # Every word has capitals there. Known forenames are found all the same.
        return
    words = [word for word in _WORDS.finditer(text, start, end)]
    while words and not _nameable(words[0][0]):
        words.pop(0)
    while words and not _nameable(words[-1][0]):
        words.pop()
    if not words or any(word[0].lower() in PLACE_WORDS - SURNAMES for word in words):
        return
    start, end = words[0].start(), words[-1].end()
    end -= len(possessive[0]) if (possessive := _POSSESSIVE.search(words[-1][0])) else 0
    lead = text[max(0, start - 12) : start]
    if any(thing in text[start:end].lower() for thing in NAMED_THINGS) or _ARTICLE.search(lead) or _place(text, end):
        return
    if len(words) == 1 and words[0][0].lower() not in FORENAMES:
        if words[0][0].isupper() or _AT_A_PLACE.search(lead) or _SENTENCE_START.search(lead if start > 12 else text[:start]):
            return
    yield start, end


def _nameable(word: str) -> bool:
    lower = _POSSESSIVE.sub("", word.lower())
    return word[0].isupper() and len(lower) > 1 and (lower not in NOT_NAMES or lower in FORENAMES)


def _place(text: str, end: int) -> bool:
    """Whether the words that end there go on as the name of a place or a law: "George Street", "Victoria Leisure Centre"."""
    follows = re.match(r"(?:'s)?\s{1,2}([^\W\d_]+)(?:\s([^\W\d_]+))?", text[end : end + 40])
    if not follows:
        return False
    first, second = follows[1], follows[2] or ""
    if first.lower() == "law":
        return True
    if first.lower() in PLACE_WORDS and first.lower() not in SHORT_WORDS and first.lower() not in ("drive", "close", "park", "school", "hospital", "shop", "house", "place", "way", "walk", "turning", "green", "rise", "end", "path", "parade", "estate", "church", "home", "services", "college", "garage", "field", "station", "pass", "reach", "rank", "trust", "track", "spring"):
        return True
    return (first[0].isupper() and first.lower() in PLACE_WORDS) or (
        first[0].isupper() and second[:1].isupper() and second.lower() in PLACE_WORDS
    )


def after_end(text: str, end: int) -> str:
    """The part of the text after a place that can hold one more word."""
    return text[end : end + 40]
