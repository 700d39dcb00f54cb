import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color import Color, ColorSystem

from curvtui.tui.drawing.cells import DEFAULT, Cells, ColourDepth, row_strip, to_strips
from curvtui.tui.drawing.palette import STANDARD_TEXT, nearest_standard, pack


def texts(strips) -> list[str]:
    return ["".join(segment.text for segment in strip) for strip in strips]


def painted() -> Cells:
    cells = Cells.blank(6, 2, fg=0xFFFFFF, bg=0x102030)
    return cells.write(1, 0, "ab", fg=0xFF0000).write(4, 0, "c", fg=0x00FF00, bold=True)


def test_writing_is_clipped_and_leaves_the_original_alone():
    blank = Cells.blank(4, 1)
    assert blank.write(-1, 0, "abcdefgh").text() == "bcde"
    assert blank.write(3, 0, "xyz").text() == "   x"
    assert blank.write(9, 0, "xyz") is blank
    assert blank.write(0, 7, "xyz") is blank
    assert blank.text() == ""


def test_pasting_is_clipped_on_every_side():
    ink = Cells.blank(2, 2).write(0, 0, "ab").write(0, 1, "cd")
    ground = Cells.blank(3, 3).write(0, 1, "...")
    assert ground.paste(ink, -1, -1).text() == "d\n...\n"
    assert ground.paste(ink, 2, 2).text() == "\n...\n  a"
    assert ground.paste(ink, 5, 0) is ground
    assert ground.paste(ink, 1, 0).text() == " ab\n.cd\n"


def test_an_overlay_lets_blanks_through_and_keeps_backgrounds():
    ground = Cells.blank(3, 1, bg=0x111111).write(0, 0, "abc", fg=0x222222)
    over = ground.overlay(np.array([[" ", "x", " ", "y"]]), 0x333333, left=0)
    assert over.text() == "axc"
    assert over.fg.tolist() == [[0x222222, 0x333333, 0x222222]]
    assert (over.bg == 0x111111).all()


def test_neighbours_of_one_style_share_a_segment():
    first = to_strips(painted())[0]
    # " ab " in red (blanks take no colour of their own), "c " in bold green, split only where boldness ends.
    assert [segment.text for segment in first] == [" ab ", "c", " "]
    assert first.cell_length == 6
    style = next(iter(first)).style
    assert style.color.triplet.hex == "#ff0000"
    assert style.bgcolor.triplet.hex == "#102030"
    assert list(first)[1].style.bold


def test_default_colours_are_left_to_the_widget():
    style = next(iter(to_strips(Cells.blank(2, 1, fg=DEFAULT, bg=DEFAULT))[0])).style
    assert style.color is None
    assert style.bgcolor is None
    assert style.bold is None


def test_no_colour_means_none_at_all():
    for strip in to_strips(painted(), ColourDepth.NONE):
        for segment in strip:
            assert segment.style.color is None
            assert segment.style.bgcolor is None
    assert any(segment.style.bold for segment in to_strips(painted(), ColourDepth.NONE)[0])


@pytest.mark.parametrize(("depth", "low", "high"), [(ColourDepth.EIGHT_BIT, 16, 255), (ColourDepth.STANDARD, 0, 15)])
def test_fewer_colours_are_palette_numbers(depth, low, high):
    system = {ColourDepth.EIGHT_BIT: ColorSystem.EIGHT_BIT, ColourDepth.STANDARD: ColorSystem.STANDARD}[depth]
    colours = [s.style.color.downgrade(system) for strip in to_strips(painted(), depth) for s in strip]
    assert all(low <= colour.number <= high and colour.triplet is None for colour in colours)


def test_standard_colours_arrive_as_the_number_that_was_chosen():
    # Between the cells and the terminal lies Textual, which gives numbers colours of its own.
    for number, written in enumerate(STANDARD_TEXT):
        assert nearest_standard(pack(written)) == number
        assert Color.parse(written).downgrade(ColorSystem.STANDARD).number == number


styles = st.tuples(
    st.sampled_from("ab ●⠿"), st.sampled_from([-1, 0x1, 0xFF0000]), st.sampled_from([-1, 0x2]), st.booleans()
)


@given(
    st.lists(st.lists(styles, min_size=7, max_size=7), min_size=1, max_size=4),
    st.sampled_from(list(ColourDepth)),
)
def test_strips_show_exactly_the_cells(rows, depth):
    cells = Cells(
        np.array([[c[0] for c in row] for row in rows], dtype="<U1"),
        np.array([[c[1] for c in row] for row in rows], dtype=np.int32),
        np.array([[c[2] for c in row] for row in rows], dtype=np.int32),
        np.array([[c[3] for c in row] for row in rows], dtype=np.bool_),
    )
    strips = to_strips(cells, depth)
    assert texts(strips) == ["".join(row) for row in cells.chars]
    assert [row_strip(cells, k, depth) for k in range(cells.height)] == strips
    if depth is not ColourDepth.TRUECOLOR:
        return
    for row, strip in zip(rows, strips, strict=True):
        shown = [(char, segment.style) for segment in strip for char in segment.text]
        for (char, fg, bg, bold), (_, style) in zip(row, shown, strict=True):
            assert (style.bgcolor is None) == (bg < 0)
            assert bool(style.bold) == bold
            if char != " ":
                assert (style.color.triplet.hex if style.color else None) == (f"#{fg:06x}" if fg >= 0 else None)


def test_empty_cells_and_rows_outside():
    assert to_strips(Cells.blank(0, 2))[1].cell_length == 0
    assert to_strips(Cells.blank(5, 0)) == []
    assert Cells.blank(-3, -1).width == 0
    assert row_strip(painted(), 2).cell_length == 0
    assert row_strip(painted(), -1).cell_length == 0
