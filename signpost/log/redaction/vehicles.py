"""Registration marks of vehicles.

Source of the formats: DVLA, INF104 "Vehicle registration numbers and number plates". Which letters were ever issued is not
looked at: people misread marks, and a mark that is off by a letter still points to somebody's car.
"""

import re

from .base import BritishRecognizer, after, before, shouted, stands_alone
from .words import FUNCTION_WORDS, SHORT_WORDS

_GAP = r"[\s.\-_\u200b]{0,2}"
_ONE = r"[\s.\-_]"

_NAMED = (
    r"\b(?:reg(?:istration)?s?(?:\s(?:number|mark|no|plate))?|(?:number|licen[cs]e|private|false|fake)?\s?plates?"
    r"|numberplates?|partial|vrm|vrn|index)\b"
)
_CUE = re.compile(_NAMED + r"[^.!?\n]{0,30}$", re.IGNORECASE)
_BETWEEN = (
    r"[^\w\n]{0,3}(?:(?:is|was|number|no|mark|of|begins?|began|starts?|started|starting|with|ends?|ended|ending|in|it's|its"
    r"|reads?|said|says|partial|part|maybe|think|something|like|the|a|i|my|her|his|their|then|and|first)\b[^\w\n]{1,3}){0,5}"
)
_VEHICLE = re.compile(
    r"\b(?:cars?|vans?|lorry|truck|pick-?up|motorbike|moped|scooter|tractor|quad|vehicle|estate|hatchback|4x4|ford|bmw|audi"
    r"|vauxhall|golf|corsa|fiesta|transit|merc(?:edes)?|toyota|honda|nissan|land rover|skoda|peugeot|volvo|kia)\b",
    re.IGNORECASE,
)


class RegistrationRecognizer(BritishRecognizer):
    """Marks in the current, prefix and suffix styles anywhere, others where the message says that they are marks.

    The others are dateless, Northern Irish and partial ones. Roads ("A303", "the M4 was") and counts ("in 12 days") stay.
    """

    def __init__(self) -> None:
        super().__init__(
            "REGISTRATION_MARK",
            {
                "current": rf"(?P<l1>[A-Z]{{2}})(?P<g1>{_GAP})(?P<d>\d{{2}})(?P<g2>{_GAP})(?P<l2>[A-Z]{{3}})",
                "prefix": rf"(?P<l1>[A-Z])(?P<g1>{_GAP})(?P<d>\d{{1,3}})(?P<g2>{_GAP})(?P<l2>[A-Z]{{3}})",
                "suffix": rf"(?P<l1>[A-Z]{{3}})(?P<g1>{_GAP})(?P<d>\d{{1,3}})(?P<g2>{_GAP})(?P<l2>[A-Z])",
                "letter by letter": rf"[A-Z]{_ONE}[A-Z]{_ONE}[\dO]{_ONE}\d{_ONE}[A-Z]{_ONE}[A-Z]{_ONE}[A-Z]",
                "dateless": rf"{_NAMED}{_BETWEEN}(?P<find>[A-Z]{{2}} ?\d\d ?[A-Z]{{1,2}}|[A-Z]{{1,3}} ?\d{{1,4}}|\d{{1,4}} ?[A-Z]{{1,3}})(?![^\W_])",
                "Northern Irish": r"[A-Z]{0,2}[IZ][A-Z]? ?\d{1,4}",
            },
        )

    def keep(self, name: str, match: re.Match[str]) -> bool:
        """Judge a match by its case, its spaces, the words that its letters may be, and the words before it."""
        if name == "dateless":
            return not _everyday(re.sub(r"[\W\d]", "", match["find"])) or match["find"].isupper()
        if not stands_alone(match):
            return False
        if name == "letter by letter":
            return True
        if name == "Northern Irish":
            letters = "".join(filter(str.isalpha, match[0]))
            near = before(match, 50) + " " + after(match, 30)
            return letters.isupper() and len(letters) == 3 and not _everyday(letters) and bool(_VEHICLE.search(near))
        return self._keep_dated(name, match)

    def _keep_dated(self, name: str, match: re.Match[str]) -> bool:
        capitals = match[0] == match[0].upper() and not shouted(match.string, match.start())
        everyday = [_everyday(match[group]) for group in ("l1", "l2")]
        if _CUE.search(before(match, 50)):
            if name == "suffix" and match["g2"] and match["l2"] in "AaIi":
                return False
            return capitals or not ((match["g1"] and everyday[0]) or match["l2"].lower() in FUNCTION_WORDS)
        word = everyday[0] if name == "suffix" else everyday[1]
        if not match["g1"] and not match["g2"]:
            return capitals or not word
        if name != "current" and "-" in (match["g1"], match["g2"]):
            # So are Signpost's own references written: W34-CDF.
            return False
        if name == "suffix":
            return not word and (not match["g2"] or (capitals and match["l2"] not in "AI"))
        if word and not (capitals and name == "current"):
            return False
        if match["g1"]:
            return not everyday[0] or (capitals and match["l1"] == "A" and bool(match["g2"]))
        return True


def _everyday(letters: str) -> bool:
    return letters.lower() in SHORT_WORDS
