"""How well one figure tells reports from other messages, and what that means in words."""

from collections.abc import Sequence

TELLS = ((0.05, "it tells next to nothing"), (0.1, "it tells a little"), (0.2, "it tells something"))
"""How far from even chances, and the words for less than that."""


def area_under_curve(reports: Sequence[float], others: Sequence[float]) -> float:
    """How often a report drawn at random has the higher figure than another message drawn at random; a tie counts half.

    1 and 0: the figure alone tells them apart; 0.5: it tells nothing, as when either side is empty.
    """
    if not reports or not others:
        return 0.5
    ranked = sorted([(value, True) for value in reports] + [(value, False) for value in others])
    total, place = 0.0, 0
    while place < len(ranked):
        end = place
        while end < len(ranked) and ranked[end][0] == ranked[place][0]:
            end += 1
        # Equal figures share the middle of the ranks that they take up.
        total += (place + end + 1) / 2 * sum(is_report for _, is_report in ranked[place:end])
        place = end
    least = len(reports) * (len(reports) + 1) / 2
    return (total - least) / (len(reports) * len(others))


def in_words(area: float) -> str:
    """Says what an area under the curve means: how often of a hundred guesses it would pick the report of two messages."""
    right = round(100 * max(area, 1 - area))
    verdict = next(
        (words for least, words in TELLS if abs(area - 0.5) < least), "it tells much, which a model will learn"
    )
    return f"right {right} times in 100, where guessing is right 50 times: {verdict}"
