"""Free-text search in the redacted texts, on both databases, and the words that stand in no address."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from queue_records import entered
from sqlalchemy import text
from werkzeug.datastructures import MultiDict

from signpost.console.queue.filters import read_filters
from signpost.console.queue.finding import Asked, Finds, finds
from signpost.console.queue.order import Stretch
from signpost.console.queue.rows import QUERY
from signpost.console.queue.sealed import seal, unseal
from signpost.console.queue.searching import search, search_expression
from signpost.log.models import REVIEWED


def searched(record, typed: str, args: tuple[tuple[str, str], ...] = (), **more) -> Stretch:
    with record.reads() as session:
        conditions = read_filters(MultiDict(args)).where(session.get_bind().dialect.name)
        return search(session, search_expression(typed), QUERY, conditions, **{"size": 3, **more})


def texts(stretch: Stretch) -> list[str]:
    return [row.text for row in stretch.rows]


def test_what_matches_comes_the_newest_first_whether_or_not_it_was_reviewed(either_record):
    entered(either_record, "my bike was stolen", review_state=REVIEWED, reviewed_at=either_record.clock())
    entered(either_record, "somebody took my bikes")
    entered(either_record, "a dog barks")
    assert texts(searched(either_record, "bike")) == ["somebody took my bikes", "my bike was stolen"]


@pytest.mark.parametrize(
    ("typed", "finds"),
    [
        ("window", ["broken window", "window broken"]),
        ("WINDOW broken", ["broken window", "window broken"]),
        ('"broken window"', ["broken window"]),
        ("“broken window”", ["broken window"]),
        ('"broken window', ["broken window"]),
        ("window -broken", ["broken window", "window broken"]),
        ("window or", []),
        ("window AND broken", []),
        ("window*", ["broken window", "window broken"]),
        ("(window)", ["broken window", "window broken"]),
        ("window 😀", ["broken window", "window broken"]),
        ("xylophone", []),
    ],
)
def test_every_word_must_be_there_and_a_phrase_as_it_is_typed(either_record, typed, finds):
    entered(either_record, "window broken")
    entered(either_record, "broken window")
    # "and" and "or" are words like any other; PostgreSQL leaves the commonest words of English out of account.
    if either_record.url.startswith("postgresql") and typed in {"window or", "window AND broken"}:
        finds = ["broken window", "window broken"]
    assert texts(searched(either_record, typed)) == finds


@pytest.mark.parametrize(
    "typed",
    ['"', '""', '"" a', "AND", "a OR", "NOT b", "NEAR(a b, 2)", "a:b", "redacted_text: a", "{a b}: c", "^a", "a + b", "a | b",
     "a & !b <-> c:*", "'", "''", "it's", "\\", "%", "_", "<name>", "ab\x00cd", "\ud800x", "a\u0301", "ﷺ", "你好 世界", "नमस्ते",
     "مرحبا بالعالم", "٣٤", "½ ²", "\U0001e900", "a" * 200, "a " * 100, "--", ";drop table escalation", "$$a$$", "#tag @user"],
)  # fmt: skip
def test_whatever_is_typed_is_no_error(either_record, typed):
    entered(either_record, "a text with a few words")
    if search_expression(typed):
        searched(either_record, typed)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=60))
def test_nothing_that_anybody_types_is_an_error(record, typed):
    if search_expression(typed):
        searched(record, typed)


@pytest.mark.parametrize("typed", ["", " ", "💥", '" "', "-- !!", "_"])
def test_what_holds_no_letter_or_number_cannot_be_searched_for(typed):
    assert search_expression(typed) == ""


def test_other_scripts_and_accents_are_found(either_record):
    entered(either_record, "ساعدوني من فضلك")
    assert texts(searched(either_record, "فضلك")) == ["ساعدوني من فضلك"]


def test_the_pages_of_a_search_hold_everything_once(either_record):
    for number in range(7):
        entered(either_record, f"bike {number}")
    pages, here = [], searched(either_record, "bike")
    pages.append(texts(here))
    while here.more:
        here = searched(either_record, "bike", start=(here.rows[-1].id,))
        pages.append(texts(here))
    assert pages == [["bike 6", "bike 5", "bike 4"], ["bike 3", "bike 2", "bike 1"], ["bike 0"]]
    back = searched(either_record, "bike", start=(here.rows[0].id,), back=True)
    assert (texts(back), back.more) == (["bike 3", "bike 2", "bike 1"], True)
    first = searched(either_record, "bike", start=(back.rows[0].id,), back=True)
    assert (texts(first), first.more) == (["bike 6", "bike 5", "bike 4"], False)


def test_a_search_with_filters_looks_through_so_many_finds_at_most_and_says_how_far_it_came(either_record):
    for number in range(9):
        entered(either_record, f"bike {number}", channel="x_dm" if number in {1, 8} else "messenger")
    asked = (("channel", "x_dm"),)
    first = searched(either_record, "bike", asked, look_through=4)
    assert (texts(first), first.more) == (["bike 8"], True)
    second = searched(either_record, "bike", asked, look_through=4, start=first.seen_to)
    assert (texts(second), second.more) == (["bike 1"], True)
    third = searched(either_record, "bike", asked, look_through=4, start=second.seen_to)
    assert (texts(third), third.more, third.seen_to) == ([], False, None)


def found(record, typed: str, start: int | None = None, *, back: bool = False, look_through: int = 4) -> Finds:
    with record.reads() as session:
        return finds(session, Asked(search_expression(typed), start, back, 3), look_through)


def test_on_postgresql_what_is_common_is_read_from_the_newest_stretch(postgresql_record):
    numbers = [entered(postgresql_record, "bike").id for _ in range(6)]
    assert found(postgresql_record, "bike") == Finds(numbers[:2:-1])
    assert found(postgresql_record, "bike", numbers[3]) == Finds(numbers[2::-1])
    assert found(postgresql_record, "bike", numbers[2], back=True) == Finds(numbers[3:])


def test_on_postgresql_what_is_rare_is_asked_of_the_index(postgresql_record):
    rare = [entered(postgresql_record, "a lobster").id for _ in range(2)]
    for _ in range(10):
        entered(postgresql_record, "bike")
    assert found(postgresql_record, "lobster") == Finds(rare[::-1])
    assert found(postgresql_record, "lobster", rare[1]) == Finds(rare[:1])
    assert found(postgresql_record, "xylophone") == Finds([])


def test_on_postgresql_a_rare_phrase_of_common_words_is_looked_for_a_stretch_at_a_time(postgresql_record):
    phrase = entered(postgresql_record, "blue bike").id
    others = [entered(postgresql_record, "bike, blue").id for _ in range(6)]
    first = found(postgresql_record, '"blue bike"')
    assert first == Finds([], seen_to=others[3])
    second = found(postgresql_record, '"blue bike"', first.seen_to)
    assert second == Finds([], seen_to=others[0])
    assert found(postgresql_record, '"blue bike"', second.seen_to) == Finds([phrase])
    assert found(postgresql_record, '"blue bike"', phrase - 1, back=True) == Finds([phrase], seen_to=others[1])
    page = searched(postgresql_record, '"blue bike"', start=(others[-1],))
    assert texts(page) == ["blue bike"]


def test_on_postgresql_the_record_is_read_as_ever_after_a_search(postgresql_record):
    for text_ in ("bike", "lobster", *["bike"] * 9):
        entered(postgresql_record, text_)
    with postgresql_record.reads() as session:
        assert finds(session, Asked('"lobster"', None, back=False, most=3), 4).numbers
        assert session.scalar(text("SHOW enable_indexscan")) == "on"


def test_a_text_that_was_erased_is_no_longer_found(either_record):
    entry = entered(either_record, "bike")
    with either_record.sessions.begin() as session:
        session.merge(entry).redacted_text = ""
    assert texts(searched(either_record, "bike")) == []


# The token that stands in the address


def test_the_words_are_read_by_who_searched_and_by_nobody_else_and_for_a_day(record):
    token = seal(record.vault, "ann", "Wilbraham 😀", record.clock())
    assert "Wilbraham" not in token
    assert unseal(record.vault, "ann", token, record.clock()) == "Wilbraham 😀"
    assert unseal(record.vault, "bob", token, record.clock()) is None
    record.clock.advance(hours=24)
    assert unseal(record.vault, "ann", token, record.clock()) is None


@pytest.mark.parametrize("token", ["", "x", "gAAAAA", "ü", "a" * 5000])
def test_what_is_no_token_is_no_search(record, token):
    assert unseal(record.vault, "ann", token, record.clock()) is None


@pytest.mark.parametrize("secret", ["what a person wrote", '["search of the queue"]', '"x"', "null", '{"a": 1}'])
def test_no_other_encrypted_text_of_the_record_can_be_read_as_a_search(record, secret):
    assert unseal(record.vault, "ann", record.vault.encrypt(secret).decode(), record.clock()) is None
