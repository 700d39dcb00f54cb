import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.files import SessionError
from curvtui.engine.sampling.levels import LevelMethod
from curvtui.engine.surface.surface import open_surface
from curvtui.tui import session
from curvtui.tui.explorer import Explorer
from curvtui.tui.map_memory import maps_data, restore_maps
from curvtui.tui.session import load_session, write_session
from curvtui.tui.sight import MAPS, Sight
from curvtui.tui.views import Camera, FieldStyle, Ground, MapStyle


@pytest.fixture
def explorer():
    made = Explorer(open_surface("himmelblau"), RunSettings("adam", {"lr": 0.1}, noise=0.2, seed=4), (0.5, -1.0))
    made.step(25)
    made.run.change(RunSettings("gd", {"lr": 0.003}))
    made.step(5)
    made.back(8)
    made.zoom(2.0, (1.0, 1.0))
    return made


def test_a_session_goes_on_where_it_was(explorer, tmp_path):
    path = tmp_path / "deep" / "er" / "session.json"
    write_session(explorer, path)
    again = Explorer.from_session(load_session(path, asked_for=True))
    assert again.surface.name == "himmelblau"
    assert again.view == explorer.view != explorer.surface.box
    assert (again.run.position, again.run.length) == (22, 30)
    assert again.run.settings == explorer.run.settings
    for each in (explorer, again):
        each.step(20)
    assert again.run.x.tolist() == explorer.run.x.tolist()
    assert again.run.path.values.tolist() == explorer.run.path.values.tolist()


STYLES = st.builds(
    MapStyle,
    st.sampled_from(Ground),
    st.booleans(),
    st.sampled_from(FieldStyle),
    st.booleans(),
    st.integers(8, 16),
    st.sampled_from(LevelMethod),
    st.none() | st.builds(Camera, st.floats(0, 360, exclude_max=True), st.floats(0, 90)),
)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.lists(STYLES, min_size=4, max_size=4), st.sampled_from(MAPS), st.data())
def test_the_maps_are_shown_as_they_were(styles, maps, data):
    sight = Sight(((-1.0, 1.0), (-1.0, 1.0)))
    sight.styles, sight.maps, sight.selected = styles, maps, data.draw(st.integers(0, maps - 1))
    again = Sight(sight.box)
    restore_maps(again, json.loads(json.dumps(maps_data(sight), allow_nan=False)))
    assert (again.styles, again.maps, again.selected) == (sight.styles, sight.maps, sight.selected)


def test_a_session_keeps_the_maps_styles(explorer, tmp_path):
    path = tmp_path / "session.json"
    explorer.sight.fit_into(200, 60)
    explorer.sight.next_maps()
    explorer.sight.toggle_lines_only()
    explorer.sight.select(1)
    explorer.sight.turn(20.0, 10.0)
    explorer.sight.more_levels(3)
    write_session(explorer, path)
    again = Explorer.from_session(load_session(path, asked_for=True)).sight
    assert again.styles == explorer.sight.styles
    again.fit_into(200, 60)
    assert (len(again.shown), again.selected) == (2, 1)
    # A terminal with room for one shows the first, and keeps the other.
    again.fit_into(80, 24)
    assert again.selected == 0
    assert again.styles == explorer.sight.styles


def test_a_session_from_before_it_kept_the_maps_still_loads(explorer, tmp_path):
    path = tmp_path / "session.json"
    write_session(explorer, path)
    plain = json.loads(path.read_text(encoding="utf-8"))
    del plain["maps"]
    path.write_text(json.dumps(plain), encoding="utf-8")
    again = Explorer.from_session(load_session(path, asked_for=True))
    assert again.view == explorer.view
    assert again.sight.styles == Sight(explorer.view).styles


def damaged(change):
    data = maps_data(Sight(((-1.0, 1.0),)))
    change(data, data["styles"][0])
    return data


@pytest.mark.parametrize(
    "change",
    [
        lambda data, _: data.pop("styles"),
        lambda data, _: data.update(styles=7),
        lambda data, _: data.update(styles=[7]),
        lambda data, _: data["styles"].pop(),
        lambda data, _: data.update(shown=3),
        lambda data, _: data.update(shown="2"),
        lambda data, _: data.update(selected=1),
        lambda data, _: data.update(selected=True),
        lambda data, _: data.update(selected=None),
        lambda _, style: style.update(ground="lava"),
        lambda _, style: style.update(ground=None),
        lambda _, style: style.update(ground="signs"),
        lambda _, style: style.update(field="uphill"),
        lambda _, style: style.update(camera=[1.0, 2.0]),
        lambda _, style: style.update(camera=[1.0]),
        lambda _, style: style.update(camera="here"),
        lambda _, style: style.update(lines_only=1),
        lambda _, style: style.update(model="yes"),
        lambda _, style: style.update(levels=7),
        lambda _, style: style.update(levels=8.0),
        lambda _, style: style.update(levels=True),
        lambda _, style: style.update(method="magic"),
        lambda _, style: style.pop("method"),
    ],
)
def test_damaged_maps_are_told_in_one_sentence_and_change_nothing(change):
    sight = Sight(((-1.0, 1.0),))
    before = list(sight.styles)
    with pytest.raises(SessionError, match=r"^the session file is damaged: [^\n]+$"):
        restore_maps(sight, damaged(change))
    assert (sight.styles, sight.maps, sight.selected) == (before, 1, 0)


@pytest.mark.parametrize("camera", [[0.0, 91.0], [0.0, -1.0], [True, 3.0], ["0", 3.0], [float("nan"), 3.0]])
def test_a_camera_from_a_file_is_one_that_there_is(camera):
    sight = Sight(((-1.0, 1.0), (0.0, 1.0)))
    data = maps_data(sight)
    data["styles"][1]["camera"] = camera
    with pytest.raises(SessionError, match=r"its maps can't be read"):
        restore_maps(sight, data)


def test_writing_replaces_the_old_session(explorer, tmp_path):
    path = tmp_path / "session.json"
    write_session(explorer, path)
    explorer.step(3)
    write_session(explorer, path)
    assert load_session(path, asked_for=False).run.position == 25
    assert [each.name for each in tmp_path.iterdir()] == ["session.json"]


def test_a_missing_file_is_told_by_what_was_asked_for(tmp_path):
    with pytest.raises(ValueError, match=r"^there is no file mine\.json$"):
        load_session(tmp_path / "mine.json", asked_for=True)
    with pytest.raises(ValueError, match=r"^there is no earlier session to go on with$"):
        load_session(tmp_path / "session.json", asked_for=False)


def test_what_cannot_be_read_is_told_in_one_sentence(tmp_path):
    with pytest.raises(ValueError, match=r"can't be read \(IsADirectoryError\)"):
        load_session(tmp_path, asked_for=True)
    (tmp_path / "file").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match=r"^file can't be read \(UnicodeDecodeError\)$"):
        load_session(tmp_path / "file", asked_for=True)
    with pytest.raises(ValueError, match=r"can't be read \(NotADirectoryError\)"):
        load_session(tmp_path / "file" / "inside", asked_for=True)
    (tmp_path / "file").write_text("{}", encoding="utf-8")
    with pytest.raises(ValueError, match="no session file"):
        load_session(tmp_path / "file", asked_for=True)


def test_a_file_too_long_for_a_session_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(session, "MOST_CHARACTERS", 100)
    (tmp_path / "long").write_text(" " * 101, encoding="utf-8")
    with pytest.raises(ValueError, match=r"^long is too long to be a session file$"):
        load_session(tmp_path / "long", asked_for=True)
    (tmp_path / "long").write_text(" " * 100, encoding="utf-8")
    with pytest.raises(ValueError, match=r"^this is no session file: it is not JSON$"):
        load_session(tmp_path / "long", asked_for=True)


def test_what_cannot_be_written_is_told_in_one_sentence(explorer, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(
        ValueError, match=r"^the session can't be written to mine\.json: (Not a directory|File exists)$"
    ):
        write_session(explorer, tmp_path / "file" / "mine.json")
    with pytest.raises(ValueError, match=r"^the session can't be written to .*: Is a directory$"):
        write_session(explorer, tmp_path)
