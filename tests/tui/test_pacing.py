"""A local model while a run plays: often where it is cheap, seldom where it is not, exact where the run stops."""

from hypothesis import given, settings
from hypothesis import strategies as st

from curvtui.tui.pacing import LATEST, RATE, SOONEST, Pacing

FRAME = 1 / 30


def renewals(each: float, beside: float, seconds: float) -> tuple[int, float]:
    """Play with ``each`` bytes a renewal and ``beside`` bytes a second of other things; count renewals and bytes."""
    pacing, sent, count, now = Pacing(), 0.0, 0, 0.0
    while now < seconds:
        if pacing.is_time(int(sent), now):
            pacing.begin(int(sent), now)
            sent += each
            count += 1
        sent += beside * FRAME
        now += FRAME
    return count, sent


def test_what_is_cheap_is_renewed_as_often_as_is_of_use():
    count, _ = renewals(50, 1000, 10)
    assert count * SOONEST > 8


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.floats(100, 8000), st.floats(0, 4000))
def test_all_that_is_sent_stays_within_the_rate(each, beside):
    _, sent = renewals(each, beside, 60)
    assert sent <= RATE * 60 + 2 * each


def test_what_is_dear_comes_all_the_same():
    count, _ = renewals(10**6, 0, 30)
    assert 30 / (LATEST + 2 * FRAME) <= count <= 30 / LATEST + 1
