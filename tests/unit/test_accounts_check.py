"""Whether every account has what it needs is told by names alone, and never with a value."""

from dataclasses import replace
from pathlib import Path

import pytest

from signpost.accounts_check import Report, look
from signpost.channels.transport import Credentials
from signpost.force.accounts import Account, Accounts
from signpost.secrets import with_known_secrets
from signpost.settings import Settings

PAGE = Account("page", "facebook", "1", "Our page", ("messenger", "facebook_comment"))
PICTURES = Account("pictures", "instagram", "2", "Our pictures", ("instagram_dm",))
PICTURES_ALONE = replace(PICTURES, login="instagram")
POSTS = Account("posts", "x", "3", "Our posts", ("x_dm", "x_mention"), approval="letter of 3 March")

VALUES = {
    "meta_app_id": "value-of-the-app-id",
    "meta_app_secret": "value-of-the-app-secret",
    "meta_verify_token": "value-of-the-verify-token",
    "instagram_app_secret": "value-of-the-instagram-secret",
    "x_consumer_key": "value-of-the-consumer-key",
    "x_consumer_secret": "value-of-the-consumer-secret",
}
NOTHING = Settings.from_environment({})
EVERYTHING = replace(NOTHING, **VALUES)
FULL = Credentials("value-of-the-token", "value-of-the-token-secret", "", "")


def report(*accounts: Account, settings: Settings = EVERYTHING, credentials: Credentials = FULL) -> Report:
    return look(settings, Accounts(accounts), lambda _account: credentials)


def states(found: Report) -> dict[str, str]:
    return {variable: state for variable, _about, state in found.needed}


def of_apps(found: Report) -> dict[str, str]:
    """Without the accounts' own tokens."""
    return {name: state for name, state in states(found).items() if not name.startswith("SIGNPOST_TOKEN_")}


def test_accounts_that_lack_nothing_are_on():
    found = report(PAGE, PICTURES, POSTS)
    assert found.accounts == [
        ("page", "facebook", "messenger, facebook_comment", "on"),
        ("pictures", "instagram", "instagram_dm", "on"),
        ("posts", "x", "x_dm, x_mention", "on"),
    ]
    assert set(states(found).values()) == {"set"}
    assert found.off == []
    assert found.complete


def test_every_token_is_told_with_the_account_it_is_for():
    assert report(PAGE, POSTS).needed[:3] == [
        ("SIGNPOST_TOKEN_PAGE", "page: access token", "set"),
        ("SIGNPOST_TOKEN_POSTS", "posts: access token", "set"),
        ("SIGNPOST_TOKEN_SECRET_POSTS", "posts: access token's secret", "set"),
    ]


@pytest.mark.parametrize("settings", [EVERYTHING, NOTHING])
def test_no_value_of_any_secret_is_part_of_it(settings):
    found = repr(report(PAGE, PICTURES_ALONE, POSTS, settings=settings))
    assert "value-of" not in found


@pytest.mark.parametrize(
    ("account", "credentials", "missing"),
    [
        (PAGE, Credentials(), ["SIGNPOST_TOKEN_PAGE"]),
        (POSTS, Credentials(token="t"), ["SIGNPOST_TOKEN_SECRET_POSTS"]),
        (POSTS, Credentials(token_secret="s"), ["SIGNPOST_TOKEN_POSTS"]),
    ],
)
def test_a_token_that_is_missing_is_named(account, credentials, missing):
    found = report(account, credentials=credentials)
    assert [variable for variable, state in states(found).items() if state == "missing"] == missing
    assert not found.complete


def test_x_without_its_approval_is_off_and_says_why():
    found = report(PAGE, replace(POSTS, approval=""))
    assert [state for *_row, state in found.accounts] == ["on", "off"]
    assert len(found.off) == 1
    assert found.off[0].startswith("Our posts on X is off: ")
    assert not found.complete


@pytest.mark.parametrize(
    ("account", "needs"),
    [
        (PAGE, {"SIGNPOST_META_APP_SECRET", "SIGNPOST_META_VERIFY_TOKEN", "SIGNPOST_META_APP_ID"}),
        (PICTURES, {"SIGNPOST_META_APP_SECRET", "SIGNPOST_META_VERIFY_TOKEN", "SIGNPOST_META_APP_ID"}),
        (PICTURES_ALONE, {"SIGNPOST_INSTAGRAM_APP_SECRET", "SIGNPOST_META_VERIFY_TOKEN", "SIGNPOST_META_APP_ID"}),
        (POSTS, {"SIGNPOST_X_CONSUMER_KEY", "SIGNPOST_X_CONSUMER_SECRET"}),
    ],
)
def test_each_platform_needs_its_own_settings_and_no_others(account, needs):
    assert of_apps(report(account)).keys() == needs
    bare = report(account, settings=NOTHING)
    assert of_apps(bare) == dict.fromkeys(needs, "missing")
    assert not bare.complete


@pytest.mark.parametrize("name", sorted(VALUES.keys() - {"instagram_app_secret"}))
def test_one_missing_setting_is_enough_to_be_told(name):
    found = report(PAGE, PICTURES, POSTS, settings=replace(EVERYTHING, **{name: ""}))
    assert [variable for variable, state in states(found).items() if state == "missing"] == [f"SIGNPOST_{name.upper()}"]
    assert not found.complete


def test_metas_secret_will_do_for_instagram_where_it_has_none_of_its_own():
    assert report(PICTURES_ALONE, settings=replace(EVERYTHING, instagram_app_secret="")).complete
    assert report(PICTURES_ALONE, settings=replace(EVERYTHING, meta_app_secret="")).complete


def test_a_setting_that_two_accounts_need_is_told_once():
    found = report(PAGE, replace(PAGE, key="other"), PICTURES)
    assert len(found.needed) == len(states(found)) == 3 + 3


def test_no_accounts_lack_nothing():
    assert report(settings=NOTHING, credentials=Credentials()) == Report([], [], [])
    assert Report([], [], []).complete


# The secrets there are


def test_a_secret_counts_as_set_wherever_it_stands_and_none_is_made(tmp_path: Path):
    (tmp_path / "secrets.env").write_text("SIGNPOST_META_VERIFY_TOKEN=one\nSIGNPOST_X_CONSUMER_KEY=two\n", "utf-8")
    settings = replace(NOTHING, data_folder=tmp_path, x_consumer_key="from outside")
    known = with_known_secrets(settings)
    assert (known.meta_verify_token, known.x_consumer_key, known.meta_app_secret) == ("one", "from outside", "")
    assert known.encryption_key == ""


def test_where_there_is_no_installation_yet_nothing_is_known_and_nothing_is_written(tmp_path: Path):
    settings = replace(NOTHING, data_folder=tmp_path / "var")
    assert with_known_secrets(settings) == settings
    assert list(tmp_path.iterdir()) == []
