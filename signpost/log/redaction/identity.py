"""National Insurance numbers, bank details, dates of birth and IP addresses."""

import ipaddress
import re

from .base import BritishRecognizer, before
from .words import SHORT_WORDS

_NINO_CUE = re.compile(r"\b(?:ni|nino|national insurance|insurance)\b[^.!?\n]{0,25}$", re.IGNORECASE)


class NationalInsuranceRecognizer(BritishRecognizer):
    """Two letters, six figures and A to D. Source: HMRC, National Insurance Manual NIM39110.

    The letter at the end may be missing, or be another, where the message says what the number is.
    """

    def __init__(self) -> None:
        gap = r"[\s.\-_/]{0,2}"
        super().__init__(
            "NATIONAL_INSURANCE",
            {
                "number": rf"(?<![^\W_])(?P<l>[A-Z]{{2}})(?P<g>{gap})\d\d{gap}\d\d{gap}\d\d(?:{gap}(?P<end>[A-Z]))?(?![^\W_])"
            },
        )

    def keep(self, name: str, match: re.Match[str]) -> bool:
        """Turn down "at 12 30 45 a man", and codes of which nothing says that they are National Insurance numbers."""
        if _NINO_CUE.search(before(match, 50)):
            return True
        if (match["end"] or "").upper() not in tuple("ABCD"):
            return False
        return not match["g"] or match["l"].isupper() or match["l"].lower() not in SHORT_WORDS


_ACCOUNT = r"\b(?:account|acct|acc|a/c)\b"
_BANK_CUE = re.compile(r"\b(?:sort\s?code|sortcode|account|acct|acc|a/c|bank|card)\b[^.!?\n]{0,40}$", re.IGNORECASE)


class BankRecognizer(BritishRecognizer):
    """Card numbers, sort codes, account numbers and IBANs.

    Six figures with hyphens that could be a date need a word that says they are a sort code.
    """

    def __init__(self) -> None:
        super().__init__(
            "BANK_DETAILS",
            {
                "card": r"(?<!\d)[2-6]\d{3}(?:[ .\-]{0,3}\d{4}){3}(?:[ .\-]{0,3}\d{1,3})?(?!\d)",
                "amex": r"(?<!\d)3[47]\d\d([ .\-]{0,3})\d{6}\1\d{5}(?!\d)",
                "sort code": r"(?<![\d\-])\d\d([ \-]{1,3})\d\d\1\d\d(?![\d\-])",
                "sort code and account": r"(?<!\d)\d\d(?P<g>[ \-]{0,3})\d\d(?P=g)\d\d\W{1,4}(?:and|acc\w*|a/c)?\W{0,3}\d{8}(?!\d)",
                "sort code said": r"\bsort\s?code\b[^\d\n]{0,30}(?P<find>\d\d[ \-.]{0,3}\d\d[ \-.]{0,3}\d\d)(?!\d)",
                "account": rf"{_ACCOUNT}(?:\s(?:number|num|no|details))?[^\w\n]{{0,3}}(?:is\s|was\s|ending\s)?"
                r"(?P<find>\d(?:[ \-]?\d){6,8})(?!\d)",
                "iban": r"(?<![^\W_])[A-Z]{2}\d\d ?(?:[A-Z]{4} ?)(?:\d ?){13}\d(?![^\W_])",
            },
        )

    def keep(self, name: str, match: re.Match[str]) -> bool:
        """Turn down years in a row, and dates: a bare sort code stays unless no date can be read from it or the message speaks of a bank."""
        if name == "card":
            return not re.fullmatch(r"(?:(?:19|20)\d\d\D+){3}(?:19|20)\d\d", match[0])
        if name != "sort code" or _BANK_CUE.search(before(match, 60)):
            return True
        first, second, third = (int(figures) for figures in re.findall(r"\d\d", match[0]))
        date = (first <= 31 and second <= 12) or (first <= 12 and second <= 31) or (second <= 12 and third <= 31)
        return "-" in match[0] and not date


_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"


class DateOfBirthRecognizer(BritishRecognizer):
    """A date, or a year, that the message calls a birth: other dates are when something happened, and stay."""

    def __init__(self) -> None:
        date = (
            rf"\d{{1,4}}[./\- ]\d{{1,2}}[./\- ]\d{{1,4}}|{_DAY}\s(?:of\s)?{_MONTH},?(?:\s(?:\d{{4}}|'?\d\d))?"
            rf"|{_MONTH}\s{_DAY}(?:,?\s\d{{4}})?|{_MONTH}\s(?:19|20)\d\d|\d{{8}}|\d{{6}}|(?:19|20)\d\d"
        )
        super().__init__(
            "DATE_OF_BIRTH",
            {
                "date": r"\b(?:d\.?\s?o\.?\s?b|dates? of birth|birth\s?dat?e|birthday|born|b-?day)\b[^\w\n]{0,4}"
                rf"(?:(?:is|was|on|in|the|it's|its|back)\b\W{{1,3}}){{0,4}}(?P<find>{date})(?!\d)"
            },
        )


class IPAddressRecognizer(BritishRecognizer):
    """Addresses of computers, versions 4 and 6."""

    def __init__(self) -> None:
        super().__init__(
            "IP_ADDRESS",
            {
                "version 4": r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)",
                "version 6": r"(?<![\w:])[0-9A-F:]{6,39}(?![\w:])",
            },
        )

    def keep(self, name: str, match: re.Match[str]) -> bool:
        """Whether the figures are an address: "12::30" is a time with a slip, not version 6."""
        if name == "version 6" and not (match[0].count(":") > 2 or re.search("[A-F]", match[0], re.IGNORECASE)):
            return False
        try:
            ipaddress.ip_address(match[0])
        except ValueError:
            return False
        return True
