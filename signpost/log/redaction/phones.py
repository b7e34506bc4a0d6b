"""Telephone numbers as people in Britain write them.

Source of the formats: Ofcom, National Telephone Numbering Plan. Numbers may be wrong by a figure and still be somebody's,
so the patterns are wider than the plan: a mobile number may have ten figures or more than eleven.
"""

import re

from .base import GAP, BritishRecognizer, before

_G = GAP + "{0,3}"
# The bracket of "(01632) 960123", but not of "(01632 960123)".
_OPEN = r"(?:\((?=[^()\n]{1,9}\)[\s\-./]?\d)|\u200b{1,2})?"
_SHUT = r"\u200b{0,2}"
_ABROAD = rf"(?:(?:\+|00){_G})?44{_G}(?:0{_G})?"

# Words after which a few figures are a number, though the area code is missing: "ring me on 960123".
_CALLING = (
    r"\b(?:call|ring|phone|text|txt|contact|whatsapp|bell|msg|message|tel|telephone|mob|mobile|landline|fax|ext"
    r"|(?:phone|mobile|mob|tel|telephone|contact|whatsapp|my|his|her|their)\s(?:number|num|no))\b"
)
_BETWEEN = r"(?:(?:me|him|her|us|them|is|was|on|at|back|no|number|num|it's|its|my|now|please|pls)\b\W{1,3}){0,5}"

_FIGURE_WORD = r"(?:zero|oh|o|nought|one|two|three|four|five|six|seven|eight|nine|double|treble|triple)\b"

#: Numbers of services, which are nobody's own: Samaritans, Shout, Relay UK (three), British Transport Police's texts.
_SERVICES = frozenset({"116123", "85258", "18000", "18001", "18001101", "61016"})

_DATE = re.compile(r"\d{1,2}(?P<s>[./\- ])(?:0?[1-9]|1[0-2])(?P=s)(?:(?:19|20)\d\d(?!\d)|\d\d(?!\d|(?P=s)\d))")
_REFERENCE = re.compile(
    r"\b(?:ref|refs|reference|crime|log|incident|case|order|tracking)\b[^.!?\n]{0,20}$", re.IGNORECASE
)


class PhoneRecognizer(BritishRecognizer):
    """Mobile, landline and foreign numbers; never 999, 101, 111, times, dates, years or prices, which are shorter."""

    def __init__(self) -> None:
        super().__init__(
            "PHONE_NUMBER",
            {
                # No figure may be before a landline; before a mobile number anything may be, as it is told by its 07.
                "mobile": rf"{_OPEN}(?:{_ABROAD}|0{_G}|(?<![A-Z])O{_G})7(?:{_G}[\dO]){{9}}\d*{_SHUT}",
                "mobile, a figure short": rf"(?<!\d)07(?:{_G}\d){{8}}(?!\d)",
                "mobile without 0": rf"(?<!\d)7\d{{3}}{GAP}{{0,2}}\d{{3}}{GAP}?\d{{3}}(?!\d)",
                "landline": rf"(?<!\d)(?<!\d\.){_OPEN}(?:{_ABROAD}|0{_G}|(?<![A-Z])O)[12358](?:{_G}\d){{8,9}}\d*{_SHUT}",
                "abroad": rf"(?:\+{_G}|(?<!\d)00{_G})[1-9](?:{_G}\d){{8,13}}",
                "in words": rf"\b(?:0\d{{0,5}}|zero|oh|o|nought)\b[\s,.\-]{{0,3}}"
                rf"(?:(?:{_FIGURE_WORD}|\d{{1,6}}\b)[\s,.\-]{{0,3}}){{3,14}}",
                "without area code": rf"{_CALLING}\W{{0,3}}{_BETWEEN}(?P<find>(?<!\d)\d(?:[ \-]?\d){{4,13}})(?!\d)",
            },
        )

    def keep(self, name: str, match: re.Match[str]) -> bool:
        """Turn down dates with times, references, words with an O for a nought, and the numbers of services."""
        start, _ = self.span(match)
        found = match.string[start : match.end()]
        figures = "".join(character for character in found if character.isdigit())
        if name == "without area code":
            return figures not in _SERVICES and not _DATE.match(found)
        if name == "mobile without 0":
            return not _REFERENCE.search(before(match, 40))
        if name == "in words":
            said = re.findall(_FIGURE_WORD, match[0], re.IGNORECASE)
            return len(said) > 1 and len(said) + len(figures) > 8
        return len(figures) > 7 and not _DATE.match(found)
