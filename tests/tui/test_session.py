import pytest

from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.surface.surface import open_surface
from curvtui.tui import session
from curvtui.tui.explorer import Explorer
from curvtui.tui.session import load_session, write_session


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
