"""Filters: what an address asks for, in conditions and in words, and a sentence for what can't be read."""

import pytest
import yaml
from queue_records import entered
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from signpost.channels.simulated import ACCOUNT
from signpost.console.queue.choices import CHOICES, KINDS
from signpost.console.queue.filters import FIELDS, Filters, read_filters
from signpost.console.queue.panel import groups, typed
from signpost.console.queue.wording import account_name, word_of
from signpost.force.accounts import Account, Accounts
from signpost.log.models import FAILED, REVIEWED, UNKNOWN, UNSURE, WAITING, Escalation
from signpost.processes import PROJECT

PAGES = Accounts(
    (
        Account("calne", "facebook", "1001", "Calne Policing Team", ("messenger",)),
        Account("main", "x", "1001", "The force on X", ("x_dm",)),
    )
)


def filters(*args: tuple[str, str]) -> Filters:
    return read_filters(MultiDict(args))


def found(record, asked: Filters) -> list[str]:
    """The texts of the records that the filters let through, oldest first."""
    with record.reads() as session:
        conditions = asked.where(session.get_bind().dialect.name)
        return list(session.scalars(select(Escalation.redacted_text).where(*conditions).order_by(Escalation.id)))


@pytest.mark.parametrize(
    ("args", "texts"),
    [
        ([], ["a", "b", "c", "d"]),
        ([("channel", "x_dm")], ["b"]),
        ([("channel", "x_dm"), ("channel", "instagram_dm")], ["b", "c"]),
        ([("account", "1001")], ["a", "b"]),
        ([("account", "1001"), ("channel", "messenger")], ["a"]),
        ([("label", "emergency")], ["a"]),
        ([("label", UNKNOWN)], ["d"]),
        ([("kind", "burglary")], ["c"]),
        ([("cause", "unsure")], ["c"]),
        ([("state", "reviewed")], ["b"]),
        ([("delivery", "failed")], ["b"]),
        ([("confidence_min", "70")], ["b", "c"]),
        ([("confidence_max", "70%")], ["a", "c"]),
        ([("confidence_min", "60"), ("confidence_max", "70")], ["a", "c"]),
        ([("group", "emergency")], ["a"]),
        ([("group", "failed")], ["b", "d"]),
        ([("group", "unsure"), ("group", "failed")], ["b", "c", "d"]),
        ([("group", "other")], []),
    ],
)
def test_a_filter_lets_through_what_it_says(either_record, args, texts):
    entered(either_record, "a", account="1001", label="emergency", confidence=0.6)
    entered(
        either_record,
        "b",
        account="1001",
        channel="x_dm",
        delivery_state=FAILED,
        confidence=0.9,
        review_state=REVIEWED,
        reviewed_at=either_record.clock(),
    )
    entered(
        either_record,
        "c",
        channel="instagram_dm",
        cause=UNSURE,
        unsure=True,
        label="not_report",
        confidence=0.7,
        crime_kind="burglary",
    )
    entered(either_record, "d", cause="failed", label=UNKNOWN, confidence=None, delivery_state=WAITING)
    assert found(either_record, filters(*args)) == texts


@pytest.mark.parametrize(
    ("day", "is_in"),
    [
        ("2026-06-20", [False, False, True, True, False]),
        ("20/6/2026", [False, False, True, True, False]),
        ("20 06 2026", [False, False, True, True, False]),
        ("20.6.2026", [False, False, True, True, False]),
    ],
)
def test_a_day_is_a_day_in_great_britain(record, day, is_in):
    # In June the clocks of Great Britain are an hour ahead of UTC.
    moments = ["19T22:30", "19T22:59:59", "19T23:00", "20T22:59:59", "20T23:00"]
    for moment in moments:
        record.clock.now = record.clock.now.fromisoformat(f"2026-06-{moment}")
        entered(record, moment, received_at=record.clock.now)
    expected = [moment for moment, wanted in zip(moments, is_in, strict=True) if wanted]
    assert found(record, filters(("from", day), ("to", day))) == expected


@pytest.mark.parametrize(
    ("args", "field", "says"),
    [
        ([("from", "yesterday")], "from", "must be a date"),
        ([("from", "31/2/2026")], "from", "a day that exists"),
        ([("from", "0000-01-01")], "from", "a day that exists"),
        ([("from", "1999-12-31")], "from", "between 2000 and 2099"),
        ([("to", "9999-12-31")], "to", "between 2000 and 2099"),
        ([("to", "٢٠٢٦-١١-٢٢")], "to", "must be a date"),
        ([("from", "2026-11-22"), ("to", "2026-11-21")], "to", "must not be before"),
        ([("confidence_min", "101")], "confidence_min", "from 0 to 100"),
        ([("confidence_min", "-1")], "confidence_min", "from 0 to 100"),
        ([("confidence_max", "half")], "confidence_max", "from 0 to 100"),
        ([("confidence_min", "80"), ("confidence_max", "20")], "confidence_max", "must not be below"),
        ([("channel", "pigeon")], "channel", "choose from the list"),
        ([("label", "emergency"), ("label", "<script>")], "label", "choose from the list"),
        ([("account", "x" * 129)], "account", "choose from the list"),
        ([("account", "a b\x00")], "account", "choose from the list"),
    ],
)
def test_what_is_absurd_gets_a_sentence_and_asks_for_nothing(record, args, field, says):
    entered(record, "a", label="emergency", account="y")
    asked = filters(*args)
    assert set(asked.mistakes) == {field}
    assert says in asked.mistakes[field]
    assert set(asked.as_args()) < set(args) | {("", "")}
    assert found(record, asked) == ["a"]


def test_fields_left_empty_are_no_filters():
    asked = filters(*((name, "") for name in FIELDS))
    assert not asked
    assert not asked.mistakes
    assert asked.where("sqlite") == []


def test_an_address_of_filters_reads_back_as_the_same_filters_in_one_order():
    args = [
        ("to", "22/11/2026"), ("channel", "x_dm"), ("label", "not_report"), ("channel", "messenger"), ("channel", "x_dm"),
        ("confidence_min", "5 %"), ("account", "1001"), ("from", "1.11.2026"), ("kind", "tip-off"),
    ]  # fmt: skip
    once = filters(*args)
    assert once.as_args() == [
        ("label", "not_report"), ("kind", "tip-off"), ("channel", "messenger"), ("channel", "x_dm"), ("account", "1001"),
        ("from", "2026-11-01"), ("to", "2026-11-22"), ("confidence_min", "5"),
    ]  # fmt: skip
    assert filters(*once.as_args()).as_args() == once.as_args()
    assert filters(*reversed(args)).as_args() == once.as_args()
    assert once.without("channel", "x_dm") == [one for one in once.as_args() if one != ("channel", "x_dm")]


def test_free_text_is_no_filter():
    assert filters(("q", "Wilbraham"), ("words", "Wilbraham"), ("search", "Wilbraham")).as_args() == []


def test_filters_are_said_in_words(mandate):
    asked = filters(
        ("label", "crime_report"), ("cause", "abuse"), ("channel", "messenger"), ("account", ACCOUNT), ("kind", "drugs"),
        ("state", "unreviewed"), ("delivery", "failed"), ("group", "other"), ("from", "2026-11-02"), ("confidence_max", "9"),
    )  # fmt: skip
    assert asked.words(word_of(mandate, PAGES)) == [
        "Group: Others", "Understood as: Report of a crime", "Here because: Abuse, which is never answered", "Kind: Drugs",
        "Channel: Facebook Messenger", "Account: Simulator", "Reply: Not delivered", "Review: To review",
        "From 2 November 2026", "Confidence at most 9%",
    ]  # fmt: skip
    assert len(asked.words()) == len(asked.as_args())


def test_an_account_is_named_as_the_force_named_it_on_that_platform():
    assert account_name(PAGES, "1001", "messenger") == "Calne Policing Team"
    assert account_name(PAGES, "1001", "x_mention") == "The force on X"
    assert account_name(PAGES, "77", "x_mention") == "77"


def test_the_kinds_are_those_the_model_may_give():
    assert set(KINDS) == set(yaml.safe_load((PROJECT / "bot/kinds.yml").read_text("utf-8"))["kinds"])


def test_the_channels_are_the_mandates(mandate):
    assert set(CHOICES["channel"]) == set(mandate.channels)


def test_the_panel_offers_every_choice_and_keeps_what_was_typed(mandate):
    asked = filters(("account", "gone"), ("channel", "x_dm"), ("from", "soon"), ("to", "2026-11-22"))
    account, channel = groups(asked, mandate, PAGES, ("account", "channel"))
    assert [choice.value for choice in account.choices] == ["1001", ACCOUNT, "gone"]
    assert [choice.value for choice in channel.choices if choice.chosen] == ["x_dm"]
    assert typed(asked) == {"from": "soon", "to": "22/11/2026", "confidence_min": "", "confidence_max": ""}
