"""Any keys in any order, with the terminal's size changing in between: the program goes on, and quits when asked."""

import asyncio

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from textual import events

from curvtui.tui.actions import ACTIONS
from curvtui.tui.snapshot.critical import critical_data
from curvtui.tui.snapshot.plane import marks

from .driving import CHARACTERS, press, resized, running, until

ACTION_KEYS = sorted({key for action in ACTIONS.values() for key in action.keys} - {"q", "ctrl+q"})
DIALOG_KEYS = ["escape", "enter", "tab", "shift+tab", "up", "down", "pageup", "pagedown", "backspace", "delete"]
POINT_KEYS = ["c", "c", "v", "enter", "plus", "minus", "0", "n"]
TYPED = ["x", "y", "2", "*", "(", ")", "-", ".", "[", "/", "e", "space", "é", "‮"]
SIZES = [(10, 3), (40, 12), (80, 24), (120, 40), (1, 1), (200, 60)]
EVENTS = st.one_of(
    st.sampled_from(ACTION_KEYS),
    st.sampled_from(ACTION_KEYS),
    st.sampled_from(POINT_KEYS),
    st.sampled_from(DIALOG_KEYS),
    st.sampled_from(TYPED),
    st.sampled_from(SIZES),
    st.just("wait"),
)


def assert_what_is_shown_of_the_view_is_of_this_view(explorer):
    analysis = explorer.analysis
    if analysis is not None:
        assert analysis.box == explorer.view
        assert analysis.surface == explorer.surface.with_box(explorer.view)
    listed = critical_data(explorer)
    assert (analysis is None) == listed.sentence.startswith("searching")
    if listed.chosen is not None:
        assert explorer.at_cursor
        assert listed.rows[listed.chosen].place == explorer.cursor == explorer.here
        assert listed.verdict
    for _, *place in marks(explorer, None).landmarks:
        if explorer.surface.dimension == 2:
            assert all(low <= c <= high for c, (low, high) in zip(place, explorer.view, strict=True))


async def play(app, sequence, searched):
    async with running(app, (80, 24), searched=searched) as pilot:
        for each in sequence:
            if each == "wait":
                for _ in range(3):
                    await pilot.pause(0)
                assert_what_is_shown_of_the_view_is_of_this_view(app.explorer)
            elif isinstance(each, tuple):
                resized(app, each)
            else:
                character = each if len(each) == 1 else CHARACTERS.get(each)
                app.post_message(events.Key(each, character))
        for _ in range(4):
            await press(pilot, "escape")
        await until(pilot, lambda: len(app.screen_stack) == 1)
        assert_what_is_shown_of_the_view_is_of_this_view(app.explorer)
        run = app.explorer.run
        assert 0 <= run.position <= run.length
        await press(pilot, "q")
        await until(pilot, lambda: not app.is_running)
    assert app.return_code == 0


@given(st.lists(EVENTS, min_size=5, max_size=25), st.booleans())
@settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],  # an app an example: shrinking would take minutes
)
def test_any_sequence_of_keys(new_app, tmp_path, monkeypatch, sequence, searched):
    # Sessions are written where the program is.
    monkeypatch.chdir(tmp_path)
    asyncio.run(play(new_app(), sequence, searched))
