"""E-mail addresses, links and the names that people go by on social media."""

import re

from .base import BritishRecognizer
from .words import NOT_NAMES

_LOCAL = r"[\w.%+'\-]"
_ENDINGS = (
    "com|co|uk|org|net|info|biz|io|eu|ie|us|ca|au|nz|de|fr|es|it|nl|pl|me|tv|ly|gl|be|gg|app|dev|xyz|online|shop|site"
)
_SMALL = r"(?:com|co\.uk|org|org\.uk|net|gov\.uk|police\.uk|ac\.uk|nhs\.uk|sch\.uk|info|biz|ie|io|xyz)"


class EmailRecognizer(BritishRecognizer):
    """E-mail addresses, whole, with spaces, and in words.

    The patterns are our own: Presidio's recogniser asks the Internet for the list of domains.
    """

    def __init__(self) -> None:
        super().__init__(
            "EMAIL_ADDRESS",
            {
                "address": rf"(?<!{_LOCAL}){_LOCAL}+@[A-Z0-9](?:[A-Z0-9.\-]*[A-Z0-9])?",
                "spaced": rf"(?<!{_LOCAL}){_LOCAL}{{1,64}}\s?(?:@|[(\[]\s?at\s?[)\]])\s?[A-Z0-9\-]{{1,63}}"
                rf"\s?(?:\.|[(\[]\s?dot\s?[)\]]|\bdot\b)\s?(?:{_ENDINGS})(?:\s?(?:\.|[(\[]?\s?dot\s?[)\]]?)\s?uk)?\b",
                "in words": r"(?<![A-Z0-9._%+\-])(?!me\b|us\b|is\b|them\b|now\b)[A-Z0-9._%+\-]{2,64}\sat\s[A-Z0-9\-]{2,30}\sdot\s"
                rf"(?:{_ENDINGS})(?:\sdot\suk)?\b",
            },
        )


class LinkRecognizer(BritishRecognizer):
    """Addresses on the web, most of which lead to a person's page or listing."""

    def __init__(self) -> None:
        rest = r"[^\s<>]*(?<![.,;:!?)\]'\"])"
        super().__init__(
            "LINK",
            {
                "scheme": rf"\b(?:https?|ftp|fb|whatsapp|tg)://{rest}",
                "www": rf"\bwww\.[^\s<>]{rest}",
                "path": rf"(?<![@\w.\-])(?:[A-Z0-9\-]{{1,63}}\.){{1,4}}(?:{_ENDINGS})/{rest}",
                "domain": rf"(?<![@\w.\-])(?:[A-Z0-9\-]{{1,63}}\.){{1,4}}{_SMALL}(?![\w@]|\.\w|-\w)",
            },
        )


# Of these, "Facebook:" is more often the beginning of a story than of a name.
_TALK = r"(?:facebook|fb|twitter|youtube|reddit)"
_PLATFORM = rf"(?P<platform>insta(?:gram)?|ig|snap(?:chat)?|tik\s?tok|kik|discord|telegram|gamertag|psn|{_TALK})"
_TIME = re.compile(r"@\d{1,2}(?:[.:]?\d\d)?(?:am|pm|ish|hrs?|h|oclock)?$", re.IGNORECASE)


class HandleRecognizer(BritishRecognizer):
    """Names on social media: @name, u/name, and what follows "insta:" or "his snapchat is". The force's own stay."""

    def __init__(self) -> None:
        name = r"[A-Z0-9_](?:[\w.\-]{0,38}[\w])?"
        super().__init__(
            "HANDLE",
            {
                "at": rf"(?<![\w@])@{name}",
                "reddit": r"(?<![\w/])/?u/[\w\-]{3,25}(?![\w/])",
                "named": rf"\b{_PLATFORM}(?:\s(?:name|handle|user\s?name|account|user|id))?(?:\s?[:=]\s?@?|\s(?:is|was|name|-)\s@?)"
                rf"(?P<find>{name})",
                "user name": rf"\b(?:user\s?name|handle)(?:\s?[:=]\s?|\s(?:is|was)\s)(?P<find>{name})",
            },
        )

    def keep(self, name: str, match: re.Match[str]) -> bool:
        """Turn down times ("@5pm"), the police, and the ordinary word that follows "Snapchat is"."""
        found = match["find"] if "find" in match.re.groupindex else match[0]
        if "police" in found.lower() or _TIME.match(found):
            return False
        if name in ("named", "user name"):
            said = re.search(r"[:=]", match[0]) and not re.match(_TALK, match[0], re.IGNORECASE)
            odd = any(character.isalpha() for character in found) and re.search(r"[\d_.]", found)
            return bool(odd) or bool(said and len(found) > 2 and found.lower() not in NOT_NAMES)
        return any(character.isalpha() for character in found)
