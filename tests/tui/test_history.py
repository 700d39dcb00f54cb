import json

import pytest

from curvtui.tui.history import MOST, FormulaHistory


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state" / "formulas.json"


def test_the_latest_come_first_and_none_twice(path):
    history = FormulaHistory(path)
    assert history.entries == []
    for formula in ("x", "y", "x**2", "y"):
        history.add(formula)
    assert history.entries == ["y", "x**2", "x"]
    assert FormulaHistory(path).entries == ["y", "x**2", "x"]


def test_only_so_many_are_kept(path):
    history = FormulaHistory(path)
    for number in range(MOST + 10):
        history.add(f"x + {number}")
    assert len(history.entries) == MOST
    assert history.entries[0] == f"x + {MOST + 9}"
    assert FormulaHistory(path).entries == history.entries
    path.write_text(json.dumps([f"x*{number}" for number in range(1000)]), encoding="utf-8")
    assert len(FormulaHistory(path).entries) == MOST


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe", b"null", b"7", b'{"a": 1}', b'"x"', b"[" * 100_000, b"9" * 100_000, b"[7, null, []]"],
)
def test_a_damaged_file_is_an_empty_history(path, content):
    path.parent.mkdir()
    path.write_bytes(content)
    history = FormulaHistory(path)
    assert history.entries == []
    history.add("x")
    assert FormulaHistory(path).entries == ["x"]


def test_what_no_formula_can_hold_is_not_taken_over(path):
    path.parent.mkdir()
    hostile = ["x\x1b]0;owned\x07", "x\n", "\u202ex", "\ud800", "\x9b31m", "x\u200b"]
    path.write_text(json.dumps([*hostile, 5, "x·y²"]), encoding="utf-8")
    assert FormulaHistory(path).entries == ["x·y²"]


def test_a_place_that_cannot_be_written_is_no_reason_to_disturb(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    history = FormulaHistory(tmp_path / "file" / "formulas.json")
    history.add("x")
    assert history.entries == ["x"]
    assert FormulaHistory(tmp_path).entries == []


def test_without_a_file_it_lasts_as_long_as_the_program():
    history = FormulaHistory(None)
    history.add("x")
    assert history.entries == ["x"]
