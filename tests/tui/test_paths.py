import os
import threading

import pytest

from curvtui.tui import paths
from curvtui.tui.paths import config_folder, state_folder, write_atomically


def test_text_is_written_as_utf_8_without_leftovers(tmp_path):
    path = tmp_path / "a" / "b" / "file.txt"
    write_atomically(path, "λ = −1\n")
    assert path.read_bytes() == "λ = −1\n".encode()
    assert [each.name for each in path.parent.iterdir()] == ["file.txt"]
    write_atomically(path, "")
    assert path.read_bytes() == b""


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o755])
def test_a_file_keeps_its_permissions(tmp_path, mode):
    path = tmp_path / "file"
    path.write_text("old", encoding="utf-8")
    path.chmod(mode)
    write_atomically(path, "new")
    assert path.stat().st_mode & 0o777 == mode


@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path, mask):
    before = os.umask(mask)
    try:
        write_atomically(tmp_path / "file", "new")
    finally:
        assert os.umask(before) == mask
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o666 & ~mask


@pytest.mark.parametrize("step", ["fsync", "chmod", "replace"])
def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, step):
    path = tmp_path / "file"
    path.write_text("old", encoding="utf-8")

    def fail(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(paths.os, step, fail)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(path, "new")
    monkeypatch.undo()
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_interruption_leaves_the_old_file_too(tmp_path, monkeypatch):
    path = tmp_path / "file"
    path.write_text("old", encoding="utf-8")

    def interrupt(descriptor):
        raise KeyboardInterrupt

    monkeypatch.setattr(paths.os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(path, "new")
    assert [each.read_text(encoding="utf-8") for each in tmp_path.iterdir()] == ["old"]


def test_a_reader_never_sees_half_a_file(tmp_path):
    path = tmp_path / "file"
    contents = ["a" * 100_000, "b" * 70_000]
    write_atomically(path, contents[0])
    seen, done = set(), threading.Event()

    def read():
        while not done.is_set():
            seen.add(path.read_text(encoding="utf-8"))

    reader = threading.Thread(target=read)
    reader.start()
    for turn in range(40):
        write_atomically(path, contents[turn % 2])
    done.set()
    reader.join()
    assert seen <= set(contents)


def test_a_link_stays_a_link(tmp_path):
    real = tmp_path / "real" / "config"
    real.parent.mkdir()
    real.write_text("old", encoding="utf-8")
    link = tmp_path / "link"
    link.symlink_to(real)
    write_atomically(link, "new")
    assert link.is_symlink()
    assert real.read_text(encoding="utf-8") == "new"
    dangling = tmp_path / "dangling"
    dangling.symlink_to(tmp_path / "there")
    write_atomically(dangling, "new")
    assert (tmp_path / "there").read_text(encoding="utf-8") == "new"


def test_what_is_no_file_is_written_to_and_not_replaced(tmp_path):
    # A pipe of our own stands for every device: were /dev/null itself used here, a failure would replace it.
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        for path in (pipe, link):
            write_atomically(path, "through")
            assert pipe.is_fifo()
            assert os.read(reader, 100) == b"through"
    finally:
        os.close(reader)
    assert link.is_symlink()
    with pytest.raises(IsADirectoryError):
        write_atomically(tmp_path, "text")


def test_long_names_can_be_written(tmp_path):
    name = "n" * 250
    write_atomically(tmp_path / name, "text")
    assert [each.name for each in tmp_path.iterdir()] == [name]


def test_folders_follow_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert config_folder() == tmp_path / "config" / "curvtui"
    assert state_folder() == tmp_path / "state" / "curvtui"
    assert not list(tmp_path.iterdir()), "asking for a folder makes none"
