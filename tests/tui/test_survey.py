"""The search in the background: the newest question wins, late answers are dropped, and nothing waits for it."""

import asyncio
import threading
from types import SimpleNamespace

import pytest

from curvtui.engine.critical import analysis, narrowed
from curvtui.engine.surface.surface import open_surface
from curvtui.tui import survey
from curvtui.tui.survey import Survey, Surveyor

from .driving import DEADLINE

QUARTIC, BOWL = open_surface("quartic"), open_surface("bowl")
NEAR, FAR = ((-1.0, 1.0), (-1.0, 1.0)), ((-9.0, 9.0), (-9.0, 9.0))
LONG = "sin(30*x)*sin(30*y)*exp(sin(50*x*y))"


@pytest.fixture
def engine(monkeypatch):
    """An engine whose searches end when the test says so; the n-th search's answer is ``("answer", n)``."""
    searches = []

    def analyse_box(surface, view, budget, cancelled):
        each = SimpleNamespace(
            surface=surface,
            view=view,
            budget=budget,
            cancelled=cancelled,
            gate=threading.Event(),
            thread=threading.current_thread(),
            error=None,
        )
        number = len(searches)
        searches.append(each)
        begun.release()
        assert each.gate.wait(DEADLINE)
        if each.error is not None:
            raise each.error
        return ("answer", number)

    begun = threading.Semaphore(0)

    def ask(surveyor, surface, view):
        """Ask, and return the search that is begun."""
        surveyor.ask(surface, view)
        assert begun.acquire(timeout=DEADLINE)
        return searches[-1]

    def end(search, error=None):
        """Let a search come to its end, with what follows in its thread."""
        search.error = error
        search.gate.set()
        search.thread.join(DEADLINE)
        assert not search.thread.is_alive()

    monkeypatch.setattr(analysis, "analyse_box", analyse_box)
    monkeypatch.setattr(narrowed, "is_complete", lambda _: False)
    monkeypatch.setattr(survey, "QUIET", 0.0)
    yield SimpleNamespace(searches=searches, ask=ask, end=end)
    for each in searches:
        each.gate.set()


@pytest.fixture
def reported():
    return []


@pytest.fixture
def surveyor(reported):
    return Surveyor(reported.append)


async def turn():
    """Let the event loop do what it was asked to from other threads."""
    for _ in range(3):
        await asyncio.sleep(0)


async def test_an_answer_comes_with_its_question(engine, surveyor, reported):
    search = engine.ask(surveyor, QUARTIC, NEAR)
    assert (search.surface, search.view) == (QUARTIC, NEAR)
    assert search.budget.seconds == survey.SECONDS
    assert search.thread.daemon, "a search must not keep the program from ending"
    engine.end(search)
    assert not reported, "it is told in the event loop, never in the search's thread"
    await turn()
    assert reported == [Survey(QUARTIC, NEAR, ("answer", 0))]


async def test_the_same_question_is_not_asked_twice(engine, surveyor, reported):
    search = engine.ask(surveyor, QUARTIC, NEAR)
    surveyor.ask(QUARTIC, NEAR)
    surveyor.ask(QUARTIC, ((-1, 1), (-1, 1)))
    engine.end(search)
    await turn()
    surveyor.ask(QUARTIC, NEAR)
    assert len(engine.searches) == len(reported) == 1
    assert not search.cancelled()


@pytest.mark.parametrize("other", [(QUARTIC, FAR), (BOWL, NEAR)])
async def test_the_newest_question_wins(engine, surveyor, reported, other):
    first = engine.ask(surveyor, QUARTIC, NEAR)
    second = engine.ask(surveyor, *other)
    assert first.cancelled()
    assert not second.cancelled()
    engine.end(second)
    engine.end(first)
    await turn()
    assert reported == [Survey(*other, ("answer", 1))]


async def test_an_answer_that_is_overtaken_on_its_way_is_dropped(engine, surveyor, reported):
    first = engine.ask(surveyor, QUARTIC, NEAR)
    engine.end(first)
    second = engine.ask(surveyor, BOWL, NEAR)
    await turn()
    assert not reported
    engine.end(second)
    await turn()
    assert [each.surface for each in reported] == [BOWL]


async def test_a_question_that_was_given_up_can_be_asked_again(engine, surveyor, reported):
    first = engine.ask(surveyor, QUARTIC, NEAR)
    engine.ask(surveyor, QUARTIC, FAR)
    third = engine.ask(surveyor, QUARTIC, NEAR)
    assert [each.cancelled() for each in engine.searches] == [True, True, False]
    engine.end(first)
    await turn()
    assert not reported
    engine.end(third)
    await turn()
    assert reported == [Survey(QUARTIC, NEAR, ("answer", 2))]


async def test_stop_gives_up(engine, surveyor, reported):
    first = engine.ask(surveyor, QUARTIC, NEAR)
    surveyor.stop()
    assert first.cancelled()
    engine.end(first)
    await turn()
    assert not reported
    engine.end(engine.ask(surveyor, QUARTIC, NEAR))
    surveyor.stop()
    await turn()
    assert not reported
    surveyor.stop()


@pytest.mark.parametrize("error", [ValueError("no"), MemoryError(), RecursionError(), KeyboardInterrupt()])
async def test_an_engine_that_raises_ends_nothing(engine, surveyor, reported, error, caplog):
    engine.end(engine.ask(surveyor, QUARTIC, NEAR), error)
    await turn()
    surveyor.ask(QUARTIC, NEAR)
    assert len(engine.searches) == 1, "what raised once is not tried over and over"
    engine.end(engine.ask(surveyor, BOWL, NEAR))
    await turn()
    assert [each.surface for each in reported] == [BOWL]
    assert not caplog.records


def test_an_answer_after_the_program_is_dropped(engine, surveyor, reported, caplog):
    async def ask():
        return engine.ask(surveyor, QUARTIC, NEAR)

    search = asyncio.run(ask())
    engine.end(search)
    assert not reported
    assert not caplog.records


async def test_the_engine_s_own_search_ends_when_it_is_stopped(monkeypatch, surveyor, reported):
    # An hour's budget: that the thread ends is due to the cancelling alone.
    monkeypatch.setattr(survey, "SECONDS", 3600.0)
    under_way, threads, polls = threading.Event(), [], []
    search = analysis.analyse_box

    def watched(surface, view, budget, cancelled):
        threads.append(threading.current_thread())

        def poll():
            polls.append(1)
            if len(polls) == 20:
                under_way.set()
            return cancelled()

        return search(surface, view, budget, poll)

    monkeypatch.setattr(analysis, "analyse_box", watched)
    surface = open_surface(LONG)
    surveyor.ask(surface, surface.box)
    assert under_way.wait(DEADLINE)
    surveyor.stop()
    threads[0].join(DEADLINE)
    assert not threads[0].is_alive()
    await turn()
    assert not reported


async def test_a_real_answer(surveyor):
    answered = asyncio.get_running_loop().create_future()
    surveyor = Surveyor(answered.set_result)
    surveyor.ask(QUARTIC, QUARTIC.box)
    found = await asyncio.wait_for(answered, DEADLINE)
    assert found[:2] == (QUARTIC, QUARTIC.box)
    assert [point.kind.value for point in found.analysis.points] == ["minimum", "minimum", "saddle"]


async def test_views_that_follow_each_other_closely_are_searched_once(engine, surveyor, reported, monkeypatch):
    monkeypatch.setattr(survey, "QUIET", 0.05)
    views = [((-2.0 - k, 2.0), (-2.0, 2.0)) for k in range(20)]
    # The loop gets no turn in between, so that they follow closely however slow the machine is.
    for view in (NEAR, *views):
        surveyor.ask(QUARTIC, view)
    deadline = asyncio.get_running_loop().time() + DEADLINE
    while len(engine.searches) < 2 and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(0.01)
    first, last = engine.searches
    assert [first.view, last.view] == [NEAR, views[-1]]
    assert first.cancelled()
    assert not last.cancelled()
    engine.end(first)
    engine.end(last)
    await turn()
    assert [(each.view, each.analysis) for each in reported] == [(views[-1], ("answer", 1))]
