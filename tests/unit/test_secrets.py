"""Secrets are made once, kept for their owner alone, and never lost to a crash."""

import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from signpost.mistakes import Mistake
from signpost.secrets import RECORD_KEYS, with_secrets
from signpost.settings import Settings


def settings_in(folder: Path, **given: str) -> Settings:
    return replace(Settings.from_environment({}), data_folder=folder, **given)


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def test_the_first_run_makes_every_secret_and_keeps_it(tmp_path):
    complete = with_secrets(settings_in(tmp_path), may_make=True)
    assert complete.encryption_key
    assert complete.assistant_token
    assert complete.session_secret
    Fernet(complete.encryption_key.encode())
    assert with_secrets(settings_in(tmp_path), may_make=True) == complete
    assert with_secrets(settings_in(tmp_path), may_make=False) == complete


def test_the_file_is_written_once_and_then_left_alone(tmp_path):
    with_secrets(settings_in(tmp_path), may_make=True)
    file = tmp_path / "secrets.env"
    first = file.read_bytes(), file.stat().st_ino, file.stat().st_mtime_ns
    with_secrets(settings_in(tmp_path), may_make=True)
    assert (file.read_bytes(), file.stat().st_ino, file.stat().st_mtime_ns) == first


def test_only_its_owner_may_read_the_file(tmp_path):
    with_secrets(settings_in(tmp_path), may_make=True)
    assert mode(tmp_path / "secrets.env") == 0o600


def test_only_its_owner_may_read_the_file_whatever_the_umask_and_whatever_lay_there_before(tmp_path):
    part = tmp_path / "secrets.part"
    part.write_text("left behind by a crash", "utf-8")
    part.chmod(0o666)
    before = os.umask(0)
    try:
        with_secrets(settings_in(tmp_path), may_make=True)
    finally:
        os.umask(before)
    assert mode(tmp_path / "secrets.env") == 0o600
    assert "left behind" not in (tmp_path / "secrets.env").read_text("utf-8")


def test_nothing_but_the_file_is_left_in_the_folder(tmp_path):
    with_secrets(settings_in(tmp_path), may_make=True)
    assert [file.name for file in tmp_path.iterdir()] == ["secrets.env"]


def test_two_installations_have_different_secrets(tmp_path):
    one = with_secrets(settings_in(tmp_path / "one"), may_make=True)
    two = with_secrets(settings_in(tmp_path / "two"), may_make=True)
    assert one.encryption_key != two.encryption_key
    assert one.assistant_token != two.assistant_token
    assert one.session_secret != two.session_secret


def test_tokens_are_too_long_to_guess(tmp_path):
    complete = with_secrets(settings_in(tmp_path), may_make=True)
    assert len(complete.assistant_token) >= 40
    assert len(complete.session_secret) >= 40


def test_the_folder_is_made_if_need_be(tmp_path):
    with_secrets(settings_in(tmp_path / "srv" / "signpost"), may_make=True)
    assert (tmp_path / "srv" / "signpost" / "secrets.env").is_file()


def test_what_the_environment_gives_wins_over_the_file(tmp_path):
    with_secrets(settings_in(tmp_path), may_make=True)
    given = with_secrets(settings_in(tmp_path, assistant_token="from the environment"), may_make=False)
    assert given.assistant_token == "from the environment"


def test_what_the_environment_gives_is_not_written_down(tmp_path):
    key = Fernet.generate_key().decode()
    with_secrets(settings_in(tmp_path, encryption_key=key), may_make=True)
    text = (tmp_path / "secrets.env").read_text("utf-8")
    assert key not in text
    assert "SIGNPOST_ENCRYPTION_KEY" not in text
    assert "SIGNPOST_ASSISTANT_TOKEN=" in text


def test_no_file_is_written_when_the_environment_gives_everything(tmp_path):
    given = settings_in(
        tmp_path, encryption_key="a", assistant_token="b", session_secret="c", audit_key="e", meta_verify_token="d"
    )
    assert with_secrets(given, may_make=True) == given
    assert list(tmp_path.iterdir()) == []


def test_a_secret_that_is_missing_is_added_and_the_others_stay(tmp_path):
    file = tmp_path / "secrets.env"
    file.write_text("# kept\nSIGNPOST_ENCRYPTION_KEY=old=key==\n", "utf-8")
    complete = with_secrets(settings_in(tmp_path), may_make=True)
    assert complete.encryption_key == "old=key=="
    assert complete.assistant_token
    again = with_secrets(settings_in(tmp_path), may_make=False)
    assert again == complete
    assert mode(file) == 0o600


def test_lines_a_person_added_survive(tmp_path):
    file = tmp_path / "secrets.env"
    file.write_text("FACEBOOK_TOKEN = abc\n", "utf-8")
    with_secrets(settings_in(tmp_path), may_make=True)
    assert "FACEBOOK_TOKEN=abc\n" in file.read_text("utf-8")


@pytest.mark.parametrize(
    ("missing", "kept"),
    [
        ("SIGNPOST_ENCRYPTION_KEY", "SIGNPOST_ASSISTANT_TOKEN=a\nSIGNPOST_SESSION_SECRET=b\n"),
        ("SIGNPOST_ASSISTANT_TOKEN", "SIGNPOST_ENCRYPTION_KEY=a\nSIGNPOST_SESSION_SECRET=b\n"),
        ("SIGNPOST_SESSION_SECRET", "SIGNPOST_ENCRYPTION_KEY=a\nSIGNPOST_ASSISTANT_TOKEN=b\n"),
        (
            "SIGNPOST_SESSION_SECRET",
            "SIGNPOST_ENCRYPTION_KEY=a\nSIGNPOST_ASSISTANT_TOKEN=b\nSIGNPOST_SESSION_SECRET=\n",
        ),
    ],
)
def test_a_process_that_may_make_none_says_which_is_missing_and_what_to_run(tmp_path, missing, kept):
    file = tmp_path / "secrets.env"
    file.write_text(kept, "utf-8")
    with pytest.raises(Mistake) as refusal:
        with_secrets(settings_in(tmp_path), may_make=False)
    assert refusal.value.sentence == f"{missing} is not set and {file} doesn't hold it. Run: signpost up"
    assert file.read_text("utf-8") == kept


def test_a_file_in_the_place_of_the_folder_is_told_in_a_sentence(tmp_path):
    wrong = tmp_path / "data"
    wrong.write_text("not a folder", "utf-8")
    with pytest.raises(Mistake, match="data"):
        with_secrets(settings_in(wrong), may_make=True)


def test_a_folder_that_cannot_be_made_is_told_with_what_to_do(tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(Mistake, match=r"can't be (written|read)"):
        with_secrets(settings_in(tmp_path / "file" / "data"), may_make=True)


def test_secrets_that_cannot_be_read_are_told_and_never_made_anew(tmp_path):
    (tmp_path / "secrets.env").mkdir()
    with pytest.raises(Mistake) as refusal:
        with_secrets(settings_in(tmp_path), may_make=True)
    assert "secrets.env can't be read: Is a directory" in refusal.value.sentence
    assert "must belong to the user who runs Signpost" in refusal.value.sentence
    assert (tmp_path / "secrets.env").is_dir()


def test_a_file_that_is_no_text_is_told_and_never_overwritten(tmp_path):
    file = tmp_path / "secrets.env"
    file.write_bytes(b"SIGNPOST_ENCRYPTION_KEY=\xff\xfe\x00\n")
    with pytest.raises(Mistake, match=r"secrets\.env"):
        with_secrets(settings_in(tmp_path), may_make=True)
    assert file.read_bytes() == b"SIGNPOST_ENCRYPTION_KEY=\xff\xfe\x00\n"


@pytest.mark.parametrize("step", ["fsync", "fchmod", "open"])
def test_a_disk_that_fails_while_secrets_are_written_leaves_the_old_file_whole(tmp_path, monkeypatch, step):
    file = tmp_path / "secrets.env"
    file.write_text("SIGNPOST_ENCRYPTION_KEY=old\n", "utf-8")

    def fails(*_arguments: object, **_named: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, step, fails)
        with pytest.raises(Mistake, match="can't be written: No space left on device"):
            with_secrets(settings_in(tmp_path), may_make=True)
    assert file.read_text("utf-8") == "SIGNPOST_ENCRYPTION_KEY=old\n"
    assert with_secrets(settings_in(tmp_path), may_make=True).encryption_key == "old"


def test_a_crash_before_the_new_file_takes_the_olds_place_leaves_the_old_one_whole(tmp_path, monkeypatch):
    file = tmp_path / "secrets.env"
    file.write_text("SIGNPOST_ENCRYPTION_KEY=old\n", "utf-8")

    class Crash(BaseException):
        pass

    def crash(*_arguments: object) -> None:
        raise Crash

    with monkeypatch.context() as broken:
        broken.setattr(Path, "replace", crash)
        with pytest.raises(Crash):
            with_secrets(settings_in(tmp_path), may_make=True)
    assert file.read_text("utf-8") == "SIGNPOST_ENCRYPTION_KEY=old\n"
    assert mode(tmp_path / "secrets.part") == 0o600


def test_no_sentence_holds_a_secret(tmp_path):
    file = tmp_path / "secrets.env"
    file.write_text("SIGNPOST_ENCRYPTION_KEY=very-secret\n", "utf-8")
    with pytest.raises(Mistake) as refusal:
        with_secrets(settings_in(tmp_path, assistant_token="also-secret"), may_make=False)
    assert "secret" not in refusal.value.sentence.replace("SESSION_SECRET", "").replace("secrets.env", "")


def test_a_command_that_opens_the_record_needs_the_records_keys_and_no_platforms_token(tmp_path):
    keys = {"encryption_key": Fernet.generate_key().decode(), "audit_key": "an audit key"}
    given = settings_in(tmp_path, **keys)
    assert with_secrets(given, may_make=False, needed=RECORD_KEYS).audit_key == "an audit key"
    with pytest.raises(Mistake, match="SIGNPOST_ASSISTANT_TOKEN is not set"):
        with_secrets(given, may_make=False)
    with pytest.raises(Mistake, match="SIGNPOST_AUDIT_KEY is not set"):
        with_secrets(settings_in(tmp_path, encryption_key=keys["encryption_key"]), may_make=False, needed=RECORD_KEYS)
