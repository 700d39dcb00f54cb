import pytest
from rich.cells import cell_len

from curvtui.tui.drawing.glyphs import ASCII, BRAILLE, GLYPH_SETS, glyph_set


@pytest.mark.parametrize("glyphs", GLYPH_SETS.values(), ids=GLYPH_SETS)
def test_markers_are_told_apart_and_take_one_column(glyphs):
    assert len(set(glyphs.markers)) == len(glyphs.markers)
    singles = (
        *glyphs.markers,
        *glyphs.arrows,
        glyphs.gauge,
        glyphs.gauge_rest,
        glyphs.gauge_left,
        glyphs.gauge_right,
    )
    for char in (*singles, glyphs.rule, glyphs.ellipsis, glyphs.minus):
        assert len(char) == 1
        assert cell_len(char) == 1
    assert len(glyphs.arrows) == 8
    assert glyphs.gauge != glyphs.gauge_rest


def test_the_ascii_set_is_ascii():
    assert "".join((*ASCII.markers, *ASCII.arrows, ASCII.gauge, ASCII.gauge_rest, ASCII.rule)).isascii()
    assert (ASCII.ellipsis + ASCII.minus + ASCII.gauge_left + ASCII.gauge_right).isascii()
    assert not ASCII.superscripts


def test_the_design_names_the_braille_markers():
    assert BRAILLE.markers[:7] == ("○", "◆", "●", "▲", "✕", "✢", "+")


def test_sets_are_found_by_name():
    assert glyph_set("block").name == "block"
    with pytest.raises(ValueError, match="no glyph set is called 'blocks'; there are braille, block, ascii"):
        glyph_set("blocks")
