"""What somebody searches for, as an address may hold it: encrypted, so that it can be read in no log and no browser's history.

A search may be for a name, and the redacted text may by mistake hold one. So the words travel to us in a form (POST), and
from then on in addresses as a token that only this service can read, bound to whoever searched and good for a day.
Nothing is kept here, two tabs can search side by side, and the browser's own buttons work. The token's content begins with
what it is for: no other encrypted text of the record can be put in its place and read.
"""

import json
from datetime import datetime, timedelta
from typing import Final

from signpost.log.encryption import Vault
from signpost.mistakes import Mistake

PURPOSE: Final = "search of the queue"
GOOD_FOR: Final = timedelta(days=1)
LONGEST: Final = 200
"""Characters of a search."""
_LONGEST_TOKEN = 4000


def seal(vault: Vault, staff_key: str, words: str, now: datetime) -> str:
    """The token for an address."""
    return vault.encrypt(json.dumps([PURPOSE, staff_key, now.isoformat(), words])).decode()


def unseal(vault: Vault, staff_key: str, token: str, now: datetime) -> str | None:
    """The words again; none for a token that isn't this person's search, or is too old."""
    if not 0 < len(token) <= _LONGEST_TOKEN or not token.isascii():
        return None
    try:
        content = json.loads(vault.decrypt(token.encode()))
    except (Mistake, ValueError):
        return None
    if not isinstance(content, list) or content[:2] != [PURPOSE, staff_key]:
        return None
    _purpose, _staff, sealed_at, words = content
    return words if now - datetime.fromisoformat(sealed_at) < GOOD_FOR else None
