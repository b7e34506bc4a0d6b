"""What a message costs stays what it was: calls, statements and transactions, which every machine counts alike."""

import pytest

pytestmark = pytest.mark.rasa


@pytest.mark.timeout(900)
def test_a_message_costs_no_more_than_what_is_kept(tmp_path):
    pytest.importorskip("rasa", reason="needs Rasa, and so Python 3.10")
    from tests.budgets.keeping import grown, kept
    from tests.budgets.measuring import measure

    before = kept()
    if before is None:
        pytest.skip("nothing is kept for this version of Python")
    said = grown(measure(tmp_path), before)
    assert not said, "\n".join(said)
