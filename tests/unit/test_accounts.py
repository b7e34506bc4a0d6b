"""The force's accounts: what the file may hold, and that whatever else it holds is told in a sentence, all of it at once."""

from contextlib import suppress
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from signpost.force.accounts import ANY, LONGEST_PAUSE_HOURS, PLATFORMS, Account, Accounts, load_accounts, platform_of
from signpost.force.mandate import load_mandate
from signpost.mistakes import Mistake
from signpost.settings import Settings
from signpost.start import accounts_off

PROJECT = Path(__file__).parents[2]

PAGE = {"platform": "facebook", "id": "100000000000001", "name": "Our page"}
INSTAGRAM = {"platform": "instagram", "id": "17841400000000001"}
X = {"platform": "x", "id": "1000000001", "approval": "letter of 3 March, reference 12"}


def written(folder: Path, accounts: object) -> Path:
    return said(folder, yaml.safe_dump({"accounts": accounts}))


def said(folder: Path, text: str) -> Path:
    file = folder / "accounts.yml"
    file.write_text(text, "utf-8")
    return file


def refused(file: Path, **more: bool) -> str:
    with pytest.raises(Mistake) as refusal:
        load_accounts(file, **more)
    return refusal.value.sentence


def loaded(folder: Path, **entry: object) -> Account:
    (account,) = load_accounts(written(folder, {"ours": entry})).all
    return account


# What it may hold


def test_an_account_needs_no_more_than_its_platform_and_its_id(tmp_path):
    account = loaded(tmp_path, platform="facebook", id="100000000000001")
    assert account == Account("ours", "facebook", "100000000000001", "ours", ("messenger", "facebook_comment"))
    assert (account.public_reply, account.private_reply) == (True, True)
    assert (account.staff_pause_hours, account.quiet_alert_hours) == (12.0, 24.0)


def test_everything_an_account_may_say_is_kept(tmp_path):
    account = loaded(
        tmp_path,
        platform="instagram",
        id="17841400000000001",
        name="Our county",
        channels=["instagram_comment"],
        public_reply=False,
        private_reply=False,
        staff_pause_hours=1.5,
        quiet_alert_hours=0,
        login="instagram",
    )
    assert account == Account(
        *("ours", "instagram", "17841400000000001", "Our county", ("instagram_comment",)),
        *(False, False, 1.5, 0, "instagram"),
    )


@pytest.mark.parametrize("platform", PLATFORMS)
def test_an_account_that_names_no_channels_uses_all_of_its_platform(tmp_path, platform):
    assert loaded(tmp_path, platform=platform, id="1").channels == PLATFORMS[platform]


def test_every_channel_of_a_platform_is_one_the_mandate_knows():
    known = load_mandate(PROJECT / "force").channels
    assert [channel for channels in PLATFORMS.values() for channel in channels if channel not in known] == []


def test_an_id_written_without_quotes_is_the_same_id(tmp_path):
    assert loaded(tmp_path, platform="facebook", id=100000000000001).id == "100000000000001"


def test_a_name_left_empty_is_the_key(tmp_path):
    file = said(tmp_path, "accounts:\n  ours:\n    platform: x\n    id: 1\n    name:\n")
    assert load_accounts(file).all[0].name == "ours"


def test_the_accounts_keep_their_order(tmp_path):
    file = said(tmp_path, "accounts:\n  b: {platform: x, id: 2}\n  a: {platform: x, id: 1}\n")
    assert [account.key for account in load_accounts(file).all] == ["b", "a"]


def test_no_file_means_no_accounts(tmp_path):
    assert load_accounts(tmp_path / "none.yml") == Accounts()


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "accounts:\n", "accounts: {}\n", "---\n", "accounts: ~\n"])
def test_a_file_that_lists_none_means_no_accounts(tmp_path, text):
    assert load_accounts(said(tmp_path, text)) == Accounts()


def test_the_file_in_the_repository_can_be_read_and_lists_none():
    assert load_accounts(PROJECT / "force" / "accounts.yml") == Accounts()


def test_the_example_in_the_repository_is_good_as_it_stands(tmp_path):
    lines = (PROJECT / "force" / "accounts.yml").read_text("utf-8").splitlines()
    start = lines.index("# accounts:")
    example = [line[2:] for line in lines[start:] if line.startswith("# ")]
    accounts = load_accounts(said(tmp_path, "\n".join(example)))
    assert [account.platform for account in accounts.all] == ["facebook", "instagram", "x"]
    assert [bool(account.off) for account in accounts.all] == [False, False, True]


# The tokens' names


def test_the_variables_of_its_tokens_are_named_for_its_key(tmp_path):
    (account,) = load_accounts(written(tmp_path, {"county_x2": X})).all
    assert account.token_variable == "SIGNPOST_TOKEN_COUNTY_X2"
    assert account.token_secret_variable == "SIGNPOST_TOKEN_SECRET_COUNTY_X2"


def test_no_key_makes_one_accounts_token_out_of_anothers_secret(tmp_path):
    sentence = refused(written(tmp_path, {"secret_county": PAGE, "county": X}))
    assert sentence == f"{tmp_path}/accounts.yml: account secret_county: its key must not begin with secret_."


def test_a_key_may_hold_the_word_elsewhere(tmp_path):
    assert load_accounts(written(tmp_path, {"secretariat": PAGE, "our_secret_page": INSTAGRAM}))


# X is off without its written approval


@pytest.mark.parametrize("approval", ["", "   ", None])
def test_x_is_off_until_its_approval_is_recorded(tmp_path, approval):
    account = loaded(tmp_path, **{**X, "approval": approval, "name": "Our county"})
    assert account.off.startswith("Our county on X is off: ")
    assert "written approval" in account.off


def test_x_without_a_word_of_approval_is_off(tmp_path):
    assert loaded(tmp_path, platform="x", id="1").off


def test_x_with_its_approval_is_on(tmp_path):
    account = loaded(tmp_path, **X)
    assert account.off == ""
    assert account.approval == "letter of 3 March, reference 12"


def test_an_approval_that_is_a_mere_date_counts_as_written(tmp_path):
    file = said(tmp_path, "accounts:\n  ours: {platform: x, id: 1, approval: 2026-11-20}\n")
    (account,) = load_accounts(file).all
    assert (account.approval, account.off) == ("2026-11-20", "")


@pytest.mark.parametrize("entry", [PAGE, INSTAGRAM])
def test_metas_platforms_need_no_approval(tmp_path, entry):
    assert loaded(tmp_path, **entry).off == ""


# Finding an account


def accounts(folder: Path, *, rehearsal: bool = False, **entries: object) -> Accounts:
    return load_accounts(written(folder, entries), rehearsal=rehearsal)


def test_an_account_is_found_by_channel_and_id(tmp_path):
    ours = accounts(tmp_path, page=PAGE, instagram=INSTAGRAM)
    assert ours.on_channel("messenger", PAGE["id"]).key == "page"
    assert ours.on_channel("facebook_comment", PAGE["id"]).key == "page"
    assert ours.on_channel("instagram_dm", INSTAGRAM["id"]).key == "instagram"


@pytest.mark.parametrize(
    ("channel", "account_id"),
    [
        ("messenger", "100000000000002"),
        ("messenger", ""),
        ("messenger", ANY),
        ("instagram_dm", "100000000000001"),
        ("x_dm", "100000000000001"),
        ("simulator", "100000000000001"),
        ("", "100000000000001"),
    ],
)
def test_what_belongs_to_no_account_of_ours_is_nobodys(tmp_path, channel, account_id):
    assert accounts(tmp_path, page=PAGE).on_channel(channel, account_id) is None


def test_a_channel_the_account_does_not_use_is_not_its_own(tmp_path):
    ours = accounts(tmp_path, page={**PAGE, "channels": ["messenger"]})
    assert ours.on_channel("messenger", PAGE["id"])
    assert ours.on_channel("facebook_comment", PAGE["id"]) is None


def test_nothing_is_taken_for_an_account_that_is_off(tmp_path):
    assert accounts(tmp_path, x={"platform": "x", "id": "5"}).on_channel("x_dm", "5") is None
    assert accounts(tmp_path, x={**X, "id": "5"}).on_channel("x_dm", "5").key == "x"


def test_the_same_id_on_two_platforms_is_two_accounts(tmp_path):
    ours = accounts(tmp_path, page={**PAGE, "id": "7"}, x={**X, "id": "7"})
    assert ours.on_channel("messenger", "7").key == "page"
    assert ours.on_channel("x_mention", "7").key == "x"


def test_an_account_is_found_by_its_id_alone(tmp_path):
    ours = accounts(tmp_path, page=PAGE, x={"platform": "x", "id": "5"})
    assert ours.of_id("5").key == "x"
    assert ours.of_id("6") is None


def test_in_a_rehearsal_an_account_takes_whatever_id_a_payload_names(tmp_path):
    ours = accounts(tmp_path, rehearsal=True, page={**PAGE, "id": ANY})
    assert ours.on_channel("messenger", "42").key == "page"
    assert ours.on_channel("instagram_dm", "42") is None


def test_outside_a_rehearsal_every_account_has_an_id_of_its_own(tmp_path):
    sentence = refused(written(tmp_path, {"page": {**PAGE, "id": ANY}}))
    assert sentence.endswith("account page: id must be the platform's id of the account, figures only.")


def test_a_channel_belongs_to_its_platform_and_any_other_to_itself():
    assert [platform_of(channel) for channel in ("facebook_comment", "x_dm", "simulator")] == [
        "facebook",
        "x",
        "simulator",
    ]


# What it may not hold


@pytest.mark.parametrize("key", ["Page", "1page", "_page", "our page", "our-page", "", "páge", "a" * 42, "page\n", 7])
def test_a_key_that_could_not_name_a_variable_is_refused(tmp_path, key):
    assert "its key must be small letters, figures and underscores" in refused(written(tmp_path, {key: PAGE}))


def test_the_longest_key_is_taken(tmp_path):
    assert load_accounts(written(tmp_path, {"a" * 41: PAGE})).all[0].key == "a" * 41


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"platform": "myspace"}, "platform must be one of facebook, instagram, x"),
        ({"platform": None}, "platform must be one of facebook, instagram, x"),
        ({"platform": ["facebook"]}, "platform must be one of facebook, instagram, x"),
        ({"platform": {"facebook": 1}}, "platform must be one of facebook, instagram, x"),
        *(
            ({"id": bad}, "id must be the platform's id of the account, figures only")
            for bad in ("", " 1", "-1", "12a", "٣", "1" * 33, "1\n", None, True, 1.5, -1, ["1"])
        ),
        *(
            ({"channels": bad}, "channels must be a list out of messenger, facebook_comment, or be left out")
            for bad in ([], None, "messenger", ["x_dm"], ["messenger", "x_dm"], [["messenger"]], {"messenger": True}, 1)
        ),
        *(({"name": bad}, "name must be a text") for bad in ("", "  ", 7, ["Our page"], {"our": "page"}, False)),
        *(({"public_reply": bad}, "public_reply must be true or false") for bad in ("true", 1, None, "often", [])),
        *(({"private_reply": bad}, "private_reply must be true or false") for bad in ("false", 0, None)),
        *(
            ({name: bad}, f"{name} must be a number of hours from 0 to {LONGEST_PAUSE_HOURS}")
            for name in ("staff_pause_hours", "quiet_alert_hours")
            for bad in (-1, -0.1, LONGEST_PAUSE_HOURS + 1, "12", None, True, float("nan"), float("inf"), [12])
        ),
        ({"login": "facebook"}, "login is for Instagram, and must be facebook or instagram"),
        ({"approval": "yes"}, "approval is for X"),
        ({"token": "abc"}, "token is no field of an account"),
        ({7: "abc"}, "7 is no field of an account"),
    ],
    ids=str,
)
def test_a_field_that_will_not_do_is_told_with_the_account_and_why(tmp_path, change, why):
    sentence = refused(written(tmp_path, {"page": {**PAGE, **change}}))
    assert sentence.startswith(f"{tmp_path}/accounts.yml: account page: {why}")
    assert sentence.count("account page: ") == 1
    assert sentence.endswith(".")


@pytest.mark.parametrize("login", ["x", "Facebook", "", None, True, ["facebook"]])
def test_instagram_knows_two_logins_and_no_third(tmp_path, login):
    assert "login is for Instagram" in refused(written(tmp_path, {"ours": {**INSTAGRAM, "login": login}}))


@pytest.mark.parametrize("approval", [True, 20261120, ["3 March"], {"date": "3 March"}])
def test_an_approval_that_names_nothing_is_refused(tmp_path, approval):
    assert "must name the approval" in refused(written(tmp_path, {"ours": {**X, "approval": approval}}))


@pytest.mark.parametrize("entry", [None, "facebook", 7, [PAGE], True])
def test_an_account_that_is_no_mapping_is_refused(tmp_path, entry):
    assert "account ours: it should hold platform, id and name." in refused(written(tmp_path, {"ours": entry}))


def test_all_faults_are_told_at_once(tmp_path):
    sentence = refused(
        written(tmp_path, {"Page": {**PAGE, "id": "x", "staff_pause_hours": -1}, "other": None, "good": INSTAGRAM})
    )
    for part in ("account Page: its key", "account Page: id", "account Page: staff_pause_hours", "account other: it"):
        assert part in sentence
    assert "account good" not in sentence


def test_one_account_stands_there_once(tmp_path):
    sentence = refused(written(tmp_path, {"one": PAGE, "two": {**PAGE, "id": int(PAGE["id"])}}))
    assert sentence == f"{tmp_path}/accounts.yml: one and two have the same id; one account stands here once."


def test_two_accounts_under_one_key_are_told_and_neither_is_dropped_quietly(tmp_path):
    file = said(tmp_path, "accounts:\n  ours: {platform: x, id: 1}\n  ours: {platform: facebook, id: 2}\n")
    assert refused(file) == f"{file}, line 3: ours stands there twice; keep one."


def test_a_field_that_is_given_twice_is_told(tmp_path):
    file = said(tmp_path, "accounts:\n  ours:\n    platform: x\n    id: 1\n    id: 2\n")
    assert refused(file) == f"{file}, line 5: id stands there twice; keep one."


# Files that are none


@pytest.mark.parametrize(
    "text",
    [
        *("[]", "0", "false", "''", "accounts", "- accounts: {}"),
        *("accounts: []", "accounts: 0", "accounts: ours", "accounts: false", "accounts: ''"),
        *("acounts: {}", "Accounts: {}", "accounts: {}\nmore: 1", "ours: {platform: x, id: 1}"),
    ],
)
def test_a_file_of_another_form_is_told_and_never_taken_for_an_empty_one(tmp_path, text):
    file = said(tmp_path, text)
    assert refused(file).startswith(f"{file}: it should hold one mapping, named accounts, and nothing else")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("accounts:\n  ours: {platform: x\n", ", line 3"),
        ("accounts:\n\tours: 1\n", ", line 2"),
        ("accounts: *nowhere\n", ", line 1"),
        ("accounts: {ours: {approval: 2026-99-99}}", ""),
        ("accounts: {[a]: {}, ? {b: c} : d}", ", line 1"),
        ("accounts: !!python/object:os.system {}", ", line 1"),
        ("[" * 20_000, ""),
        ("accounts: {ours: \x07}", ""),
    ],
)
def test_a_file_that_is_not_yaml_is_told_with_the_line(tmp_path, text, where):
    file = said(tmp_path, text)
    assert refused(file) == f"{file}{where}: this isn't valid YAML."


def test_a_file_that_is_not_utf_8_is_told(tmp_path):
    file = tmp_path / "accounts.yml"
    file.write_bytes("accounts: {ours: {name: Zoë}}".encode("latin-1"))
    assert refused(file) == f"{file}: this isn't valid YAML."


def test_a_folder_in_its_place_is_told(tmp_path):
    assert refused(tmp_path) == f"{tmp_path} can't be read: Is a directory."


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["any", "x", "1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
NAMES = st.sampled_from(
    [
        "platform",
        "id",
        "name",
        "channels",
        "public_reply",
        "staff_pause_hours",
        "quiet_alert_hours",
        "login",
        "approval",
    ]
)


@given(
    entries=st.dictionaries(
        st.text(max_size=5) | st.sampled_from(["ours", "page"]),
        VALUES | st.dictionaries(NAMES, VALUES | st.sampled_from([*PLATFORMS])),
        max_size=3,
    ),
    rehearsal=st.booleans(),
)
def test_whatever_stands_there_is_accounts_or_a_sentence(tmp_path_factory, entries, rehearsal):
    file = written(tmp_path_factory.getbasetemp(), entries)
    with suppress(Mistake):
        found = load_accounts(file, rehearsal=rehearsal).all
        assert [account.key for account in found] == list(entries)
        assert all(set(account.channels) <= set(PLATFORMS[account.platform]) for account in found)


def test_at_the_start_each_account_that_is_off_is_told_with_its_reason(tmp_path):
    file = tmp_path / "accounts.yml"
    file.write_text(
        "accounts:\n"
        '  county_page: {platform: facebook, id: "100", name: The page}\n'
        '  county_x: {platform: x, id: "300", name: The county, approval: ""}\n',
        "utf-8",
    )
    (note,) = accounts_off(Settings.from_environment({"SIGNPOST_ACCOUNTS": str(file)}))
    assert note.startswith("The county on X is off: X's developer terms ask for its written approval")
