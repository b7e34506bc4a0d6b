"""The kinds of personal data that are taken out of messages, and the words that stand in their place."""

import re

#: Each kind as the recognisers call it, with what staff read instead. The order is that of trust: where finds of two kinds
#: overlap, the kind further down keeps the characters that both claim, as its format leaves less room for chance.
KINDS = {
    "PERSON": "name",
    "HANDLE": "handle",
    "DATE_OF_BIRTH": "date of birth",
    "STREET_ADDRESS": "street address",
    "REGISTRATION_MARK": "registration mark",
    "PHONE_NUMBER": "phone number",
    "IP_ADDRESS": "IP address",
    "POSTCODE": "postcode",
    "NATIONAL_INSURANCE": "National Insurance number",
    "BANK_DETAILS": "bank details",
    "LINK": "link",
    "EMAIL_ADDRESS": "e-mail address",
}

#: What an earlier redaction left behind; it is never searched again.
PLACEHOLDER = re.compile("<(?:" + "|".join(map(re.escape, KINDS.values())) + ")>")


def label(kind: str) -> str:
    """The words for a kind, without brackets: "phone number" for PHONE_NUMBER.

    A kind that is not in KINDS, from an analyser that somebody else built, reads as its own name in lower case.
    """
    return KINDS.get(kind) or kind.lower().replace("_", " ")


def rank(kind: str) -> int:
    """How much a kind's finds are trusted against others': higher wins. A kind that is not in KINDS comes last."""
    return list(KINDS).index(kind) if kind in KINDS else -1
