import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curvtui.tui.sanitize import REPLACEMENT, safe_line, safe_text

BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI", "BN", "B", "S"}
"""The bidirectional classes of characters that steer the text around them."""

anything = st.text() | st.text(st.characters(categories=["Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me", "Zl", "Zp"]))


@given(anything, st.integers(1, 60))
def test_nothing_comes_through_that_moves_colours_or_rearranges(text, limit):
    shown = safe_text(text, limit)
    assert shown.isprintable()
    for character in shown:
        category = unicodedata.category(character)
        assert category[0] not in "CM"
        assert category not in ("Zl", "Zp")
        assert unicodedata.bidirectional(character) not in BIDI
        assert unicodedata.combining(character) == 0


@given(anything, st.integers(1, 60))
def test_its_length_is_that_of_the_text_or_the_limit(text, limit):
    shown = safe_text(text, limit)
    assert len(shown) == min(len(text), limit)
    assert (len(text) > limit) == (shown != safe_text(text, len(text) + 1))
    if len(text) > limit:
        assert shown[-1] == "…"
        assert shown[:-1] == safe_text(text[: limit - 1], limit)


@given(anything)
def test_what_is_safe_stays_as_it_is(text):
    once = safe_text(text, 100)
    assert safe_text(once, 100) == once


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_plain_text_is_untouched(text):
    assert safe_text(text, len(text) + 1) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("x⁴ + y⁴ − 4·x·y ≤ λ", "x⁴ + y⁴ − 4·x·y ≤ λ"),
        ("two\nlines\r\n\tmore", "two lines   more"),
        ("\x1b[31mred\x1b[0m", f"{REPLACEMENT}[31mred{REPLACEMENT}[0m"),
        ("\x1b]0;title\x07", f"{REPLACEMENT}]0;title{REPLACEMENT}"),
        ("\x9b31m", f"{REPLACEMENT}31m"),
        ("a\u202eb\u2066c\u200fd", f"a{REPLACEMENT}b{REPLACEMENT}c{REPLACEMENT}d"),
        ("zero\u200bwidth\ufeff", f"zero{REPLACEMENT}width{REPLACEMENT}"),
        ("e\u0301", f"e{REPLACEMENT}"),
        ("\u2028\u2029\x00\x7f\ud800\ue000", REPLACEMENT * 6),
        ("字", "字"),
    ],
)
def test_by_hand(text, shown):
    assert safe_text(text) == shown


@given(anything)
def test_what_is_pasted_is_one_printable_line_with_its_accents(text):
    line = safe_line(text)
    assert len(line) == len(text)
    assert line.isprintable()
    assert all(kept == given or not given.isprintable() for kept, given in zip(line, text, strict=True))


def test_a_huge_text_is_not_looked_through():
    assert safe_text("\x1b" * 10_000_000, 5) == REPLACEMENT * 4 + "…"
