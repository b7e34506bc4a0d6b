"""What a message costs stays what it was: calls, statements and transactions, which every machine counts alike."""

import pytest

pytestmark = pytest.mark.rasa


@pytest.mark.timeout(900)
def test_a_message_costs_no_more_than_what_is_kept(tmp_path):
    pytest.importorskip("rasa", reason="needs Rasa, and so Python 3.10")
    from tests.budgets.keeping import grown, kept, least
    from tests.budgets.measuring import measure

    before = kept()
    if before is None:
        pytest.skip("nothing is kept for this version of Python")
    found = measure(tmp_path / "once")
    if grown(found, before):
        # What is done every few seconds falls on one message or on many, as the machine is quick or slow.
        found = least(found, measure(tmp_path / "again"))
    said = grown(found, before)
    assert not said, "\n".join(said)
