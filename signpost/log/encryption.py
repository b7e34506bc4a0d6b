"""Encrypts what people wrote, so that a copied database file tells nobody anything (Fernet: AES-128-CBC with HMAC)."""

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import select
from sqlalchemy.orm import Session

from signpost.log.models import KeyCheck
from signpost.mistakes import Mistake

KNOWN_TEXT = "Signpost"


class Vault:
    """Encrypts and decrypts texts with one key. Raises :class:`Mistake` for a malformed key."""

    def __init__(self, key: str) -> None:
        try:
            self._fernet = Fernet(key.encode())
        except ValueError:
            raise Mistake(
                "SIGNPOST_ENCRYPTION_KEY is not a valid key: 32 bytes in URL-safe base64. "
                "Restore the key that was in use; a new one can't read what is stored."
            ) from None

    def encrypt(self, text: str) -> bytes:
        """The text encrypted; any string will do."""
        return self._fernet.encrypt(text.encode("utf-8", "surrogatepass"))

    def decrypt(self, token: bytes) -> str:
        """The text again. Raises :class:`Mistake` when it was encrypted with another key."""
        try:
            return self._fernet.decrypt(token).decode("utf-8", "surrogatepass")
        except InvalidToken:
            raise Mistake(
                "SIGNPOST_ENCRYPTION_KEY is not the key this database was written with. "
                "Restore secrets.env from the backup made with the database."
            ) from None


def check_key(session: Session, vault: Vault) -> None:
    """Remembers the key's mark in a new database, and refuses another key in an old one (:class:`Mistake`)."""
    mark = session.scalars(select(KeyCheck)).first()
    if mark is None:
        session.add(KeyCheck(token=vault.encrypt(KNOWN_TEXT)))
    else:
        vault.decrypt(mark.token)
