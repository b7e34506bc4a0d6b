"""The queue's order, its pages, its counts, what is next and what is new, on both databases."""

from itertools import chain

import pytest
from queue_records import entered
from sqlalchemy import update
from werkzeug.datastructures import MultiDict

from signpost.console.queue.changes import changes, newest_id, sentence
from signpost.console.queue.counting import Count, count_waiting
from signpost.console.queue.filters import Filters, read_filters
from signpost.console.queue.next_one import next_reference
from signpost.console.queue.order import REVIEWED_ONES, TO_REVIEW, Order, Stretch, key_text, read_key, walk
from signpost.console.queue.rows import QUERY
from signpost.console.queue.searching import BY_NUMBER
from signpost.log.models import FAILED, REVIEWED, UNKNOWN, Escalation


def walked(record, order: Order = TO_REVIEW, args: tuple[tuple[str, str], ...] = (), **more) -> Stretch:
    with record.reads() as session:
        conditions = read_filters(MultiDict(args)).where(session.get_bind().dialect.name)
        return walk(session, order, QUERY, conditions, **{"size": 3, **more})


def texts(stretch: Stretch) -> list[str]:
    return [row.text for row in stretch.rows]


def key(row, order: Order) -> tuple:
    return tuple(getattr(row, column.key) for column in order.columns)


def forth_and_back(record, order: Order, args=(), size: int = 3) -> tuple[list[list[str]], list[list[str]]]:
    """The pages of a list as one sees them going to its end, and then back to its beginning, put in the list's order."""
    there, back = [walked(record, order, args, size=size)], []
    while there[-1].more:
        there.append(walked(record, order, args, start=key(there[-1].rows[-1], order), size=size))
    here = there[-1]
    while True:
        here = walked(record, order, args, start=key(here.rows[0], order), back=True, size=size)
        if here.rows:
            back.insert(0, texts(here))
        if not here.more:
            return [texts(one) for one in there], back


def mixed(record) -> None:
    """Texts a to h; the most urgent have the last letters."""
    for text in "ab":
        entered(record, text)
    entered(record, "c", unsure=True)
    entered(record, "d", unsure=True)
    entered(record, "e", label="emergency")
    entered(record, "f", delivery_state=FAILED)
    entered(record, "g", label=UNKNOWN, cause="unreadable", confidence=None)
    entered(record, "h", label="emergency", unsure=True)
    entered(record, "done", label="emergency", review_state=REVIEWED, reviewed_at=record.clock())


ORDER = ["e", "f", "g", "h", "c", "d", "a", "b"]


def test_the_most_urgent_come_first_then_the_unsure_then_the_rest_and_each_by_age(either_record):
    mixed(either_record)
    assert texts(walked(either_record, size=20)) == ORDER


@pytest.mark.parametrize("size", [1, 3, 4, 8, 9])
def test_every_record_stands_on_one_page_whichever_way_one_goes(either_record, size):
    mixed(either_record)
    there, back = forth_and_back(either_record, TO_REVIEW, size=size)
    assert [*chain(*there)] == ORDER
    assert [*chain(*back)] == [*chain(*there[:-1])]


def test_what_was_reviewed_comes_the_last_first(either_record):
    for text in "abcdefg":
        entered(either_record, text, review_state=REVIEWED, reviewed_at=either_record.clock())
    entered(either_record, "not yet")
    there, back = forth_and_back(either_record, REVIEWED_ONES)
    assert there == [["g", "f", "e"], ["d", "c", "b"], ["a"]]
    assert back == [["g", "f", "e"], ["d", "c", "b"]]


def test_records_of_one_moment_are_neither_lost_nor_doubled(either_record):
    now = either_record.clock()
    for number in range(7):
        entered(either_record, str(number), received_at=now, review_state=REVIEWED, reviewed_at=now)
    assert [*chain(*forth_and_back(either_record, REVIEWED_ONES)[0])] == list("6543210")


def test_what_comes_in_meanwhile_moves_nothing(either_record):
    mixed(either_record)
    first = walked(either_record)
    entered(either_record, "newer", label="emergency")
    entered(either_record, "older", received_at=first.rows[0].received_at, label="emergency", priority=0)
    assert texts(walked(either_record, start=key(first.rows[-1], TO_REVIEW))) == ["h", "newer", "c"]


def test_a_page_with_filters_looks_through_so_much_at_most_and_says_how_far_it_came(either_record):
    for number in range(10):
        entered(either_record, str(number), channel="x_dm" if number in {0, 7, 9} else "messenger")
    asked = (("channel", "x_dm"),)
    first = walked(either_record, args=asked, look_through=4)
    assert (texts(first), first.more) == (["0"], True)
    second = walked(either_record, args=asked, look_through=4, start=first.seen_to)
    assert (texts(second), second.more) == (["7"], True)
    third = walked(either_record, args=asked, look_through=4, start=second.seen_to)
    assert (texts(third), third.more, third.seen_to) == (["9"], False, None)
    back = walked(either_record, args=asked, look_through=4, start=second.seen_to, back=True)
    assert (texts(back), back.more) == ([], True)
    again = walked(either_record, args=asked, look_through=4, start=back.seen_to, back=True)
    assert (texts(again), again.more) == (["0"], False)


def test_a_full_page_does_not_say_that_the_look_ended_early(either_record):
    for number in range(10):
        entered(either_record, str(number))
    stretch = walked(either_record, args=(("channel", "messenger"),), look_through=5)
    assert (texts(stretch), stretch.more, stretch.seen_to) == (["0", "1", "2"], True, None)


@pytest.mark.parametrize("order", [TO_REVIEW, REVIEWED_ONES, BY_NUMBER])
def test_a_place_in_the_list_stands_in_an_address_and_is_read_back(record, order):
    entered(record, "a", review_state=REVIEWED, reviewed_at=record.clock())
    with record.reads() as session:
        row = session.execute(QUERY).one()
    assert read_key(key_text(key(row, order)), order) == key(row, order)


@pytest.mark.parametrize(
    "text",
    ["", "x", "1", "1_2", "1_2_3_4", "-1_2_3", "1_2_3 ", "١_٢_٣", "0_" + "9" * 18 + "_1", "0_1_" + "9" * 12, "9" * 40],
)
def test_what_is_no_place_in_the_list_is_none(text):
    assert read_key(text, TO_REVIEW) is None


# Counts


def test_what_waits_is_counted_by_group(either_record):
    mixed(either_record)
    with either_record.reads() as session:
        counts = count_waiting(session)
    assert {name: str(count) for name, count in counts.groups.items()} == {
        "emergency": "2",
        "failed": "2",
        "unsure": "2",
        "other": "2",
    }
    assert (str(counts.urgent), str(counts.all)) == ("4", "8")


def test_counting_ends_where_it_no_longer_matters(either_record):
    mixed(either_record)
    with either_record.reads() as session:
        groups = count_waiting(session, most=1).groups
    assert {name: (count.number, count.more) for name, count in groups.items()} == {
        "emergency": (1, True),
        "failed": (1, True),
        "unsure": (1, True),
        "other": (1, True),
    }


@pytest.mark.parametrize(
    ("number", "more", "words"), [(0, False, "0"), (1000, False, "1,000"), (683, True, "600+"), (12, True, "12+")]
)
def test_a_count_says_no_more_than_is_known(number, more, words):
    assert str(Count(number, more)) == words


# What is next


def reference_of(record, text: str) -> str:
    with record.reads() as session:
        return session.query(Escalation).filter_by(redacted_text=text).one().reference


def next_text(record, after: str | None = None, newest: int | None = None) -> str | None:
    with record.reads() as session:
        reference = next_reference(session, reference_of(record, after) if after else None, newest)
        found = session.query(Escalation).filter_by(reference=reference).one_or_none()
        return found.redacted_text if found else None


def test_the_next_to_review_is_the_first_of_the_queue(either_record):
    assert next_text(either_record) is None
    mixed(either_record)
    assert next_text(either_record) == "e"


def test_after_a_record_comes_what_follows_it_whether_or_not_it_was_reviewed(either_record):
    mixed(either_record)
    assert next_text(either_record, after="e") == "f"
    review(either_record, "h")
    assert next_text(either_record, after="h") == "c"


def test_after_the_last_one_comes_what_was_passed_over(either_record):
    mixed(either_record)
    assert next_text(either_record, after="b") == "e"
    for text in ORDER[:-1]:
        review(either_record, text)
    assert next_text(either_record, after="b") is None
    assert next_text(either_record) == "b"


def test_an_emergency_that_came_in_meanwhile_is_next(either_record):
    mixed(either_record)
    with either_record.reads() as session:
        newest = newest_id(session)
    assert next_text(either_record, after="c", newest=newest) == "d"
    entered(either_record, "meanwhile", label="emergency")
    assert next_text(either_record, after="e", newest=newest) == "f"
    assert next_text(either_record, after="c", newest=newest) == "meanwhile"
    review(either_record, "meanwhile")
    assert next_text(either_record, after="c", newest=newest) == "d"


def review(record, text: str) -> None:
    with record.sessions.begin() as session:
        changed = {"review_state": REVIEWED, "reviewed_at": record.clock()}
        session.execute(update(Escalation).where(Escalation.redacted_text == text).values(changed))


def test_after_a_reference_that_nobody_has_comes_the_first(either_record):
    mixed(either_record)
    with either_record.reads() as session:
        assert next_reference(session, "XXX-XXX") == reference_of(either_record, "e")


# What is new


def news(record, since: int, *args: tuple[str, str]) -> dict:
    with record.reads() as session:
        asked = read_filters(MultiDict(args))
        return changes(session, since, asked, session.get_bind().dialect.name)


def test_what_is_new_is_told_with_the_counts(either_record):
    mixed(either_record)
    with either_record.reads() as session:
        since = newest_id(session)
    assert news(either_record, since)["sentence"] == ""
    entered(either_record, "x", label="emergency")
    entered(either_record, "y", channel="x_dm", delivery_state=FAILED)
    entered(either_record, "z", review_state=REVIEWED, reviewed_at=either_record.clock())
    told = news(either_record, since)
    assert (told["new"], told["new_urgent"], told["urgent"]) == (2, 2, 6)
    assert told["sentence"] == "2 new records, 1 of them an emergency"
    assert told["counts"] == {"emergency": "3", "failed": "3", "unsure": "2", "other": "2"}


def test_only_what_the_list_would_show_is_new(either_record):
    entered(either_record, "y", channel="x_dm")
    assert news(either_record, 0, ("channel", "messenger"))["new"] == 0
    assert news(either_record, 0, ("channel", "x_dm"), ("state", "reviewed"))["new"] == 1


def test_an_empty_record_has_no_newest(record):
    with record.reads() as session:
        assert newest_id(session) == 0
        assert changes(session, 0, Filters(), "sqlite")["new"] == 0


@pytest.mark.parametrize(
    ("new", "emergencies", "words"),
    [
        (0, 0, ""),
        (1, 0, "1 new record"),
        (1, 1, "1 new record, an emergency"),
        (3, 2, "3 new records, 2 of them emergencies"),
        (500, 1, "500 or more new records, 1 of them an emergency"),
    ],
)
def test_what_is_new_is_said_in_words(new, emergencies, words):
    assert sentence(new, emergencies) == words
