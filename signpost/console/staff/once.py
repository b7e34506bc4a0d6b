"""A temporary password on its way to the one page that shows it."""

import json

from flask import session

from signpost.log.encryption import Vault

ONCE = "shown_once"


def show_once(vault: Vault, key: str, password: str) -> None:
    """Keeps the password for the next look at this account, encrypted: the browser's cookie is signed and could be read."""
    session[ONCE] = vault.encrypt(json.dumps([key, password])).decode()


def shown_once(vault: Vault, key: str) -> str | None:
    """The password, if it is this account's; it is kept no longer."""
    kept = session.pop(ONCE, None)
    if not kept:
        return None
    whose, password = json.loads(vault.decrypt(kept.encode()))
    return str(password) if whose == key else None
