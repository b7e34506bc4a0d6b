"""What people wrote is unreadable without the key, and a wrong key is told before anything is lost."""

import pytest
from cryptography.fernet import Fernet
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from signpost.log.encryption import Vault, check_key
from signpost.log.models import KeyCheck
from signpost.mistakes import Mistake

KEY = Fernet.generate_key().decode()
ANOTHER = Fernet.generate_key().decode()


@settings(deadline=None, max_examples=100)
@given(text=st.text(max_size=500))
def test_any_text_comes_back_as_it_was(text):
    vault = Vault(KEY)
    assert vault.decrypt(vault.encrypt(text)) == text


@pytest.mark.parametrize("text", ["", "\ud83d", "half an emoji \ude00 here", "\x00", "\ufeff", "\U0001f600" * 5000])
def test_even_half_an_emoji_comes_back_as_it_was(text):
    vault = Vault(KEY)
    assert vault.decrypt(vault.encrypt(text)) == text


def test_nothing_of_the_text_can_be_seen_in_what_is_kept():
    kept = Vault(KEY).encrypt("my bike was stolen from Trowbridge station")
    assert b"bike" not in kept
    assert b"Trowbridge" not in kept


def test_the_same_text_looks_different_every_time_so_that_nobody_can_compare():
    vault = Vault(KEY)
    assert vault.encrypt("help") != vault.encrypt("help")


def test_another_vault_with_the_same_key_reads_what_the_first_wrote():
    assert Vault(KEY).decrypt(Vault(KEY).encrypt("help")) == "help"


def test_another_key_is_told_with_what_to_restore():
    with pytest.raises(Mistake) as refusal:
        Vault(ANOTHER).decrypt(Vault(KEY).encrypt("help"))
    assert refusal.value.sentence == (
        "SIGNPOST_ENCRYPTION_KEY is not the key this database was written with. "
        "Restore secrets.env from the backup made with the database."
    )


@pytest.mark.parametrize("token", [b"", b"help", b"gAAAAA", b"\xff\xfe"])
def test_what_was_never_encrypted_is_told_the_same_way(token):
    with pytest.raises(Mistake, match="is not the key this database was written with"):
        Vault(KEY).decrypt(token)


def test_what_was_changed_by_a_single_bit_is_not_read():
    token = bytearray(Vault(KEY).encrypt("help"))
    token[20] ^= 1
    with pytest.raises(Mistake):
        Vault(KEY).decrypt(bytes(token))


MALFORMED = {
    "nothing": "",
    "a space": " ",
    "too short": "short",
    "too long": "a" * 64,
    "one character missing": KEY[:-1],
    "accented letters": "\u00e9" * 44,
    "half an emoji": "\ud83d",
}


@pytest.mark.parametrize("key", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_key_is_told_with_its_variable_and_never_repeated(key):
    with pytest.raises(Mistake) as refusal:
        Vault(key)
    assert refusal.value.sentence.startswith("SIGNPOST_ENCRYPTION_KEY is not a valid key: ")
    assert not key.strip() or key not in refusal.value.sentence


# The mark in the database


def test_a_new_database_remembers_its_key_once(record):
    for _ in range(3):
        with record.sessions.begin() as session:
            check_key(session, record.vault)
    with record.reads() as session:
        (mark,) = session.scalars(select(KeyCheck))
        assert record.vault.decrypt(mark.token) == "Signpost"


def test_a_database_refuses_another_key_and_goes_on_with_its_own(record):
    with record.sessions.begin() as session:
        check_key(session, record.vault)
    refused = pytest.raises(Mistake, match="is not the key this database was written with")
    with refused, record.sessions.begin() as session:
        check_key(session, Vault(ANOTHER))
    with record.sessions.begin() as session:
        check_key(session, record.vault)
