"""Where somebody goes once they are signed in: back to what they asked for, and only ever to a page of ours."""

from urllib.parse import urlsplit

from flask import url_for

LONGEST = 2000


def own_path(address: str | None) -> str:
    """The address, if it is a path of this service; else the first page. A link can't send anybody elsewhere."""
    if address and len(address) <= LONGEST and _is_own(address):
        return address
    return url_for("about.start")


def _is_own(address: str) -> bool:
    # Browsers take a backslash for a slash, and leave out tabs and line breaks: "/\t/evil" would be "//evil".
    if not address.startswith("/") or address.startswith("//") or "\\" in address:
        return False
    if any(character.isspace() or not character.isprintable() for character in address):
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc and parts.path != url_for("signin.out")
