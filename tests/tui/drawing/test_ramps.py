import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curvtui.tui.drawing.palette import (
    from_oklab,
    lightness,
    nearest_8bit,
    nearest_standard,
    pack,
    to_oklab,
    with_lightness,
)
from curvtui.tui.drawing.ramps import lightness_rises, ramp_colours, readable_on, tints

VIRIDIS = ("#440154", "#31688e", "#35b779", "#fde725")
packed = st.integers(0, 0xFFFFFF)


@given(packed)
def test_oklab_goes_there_and_back(colour):
    assert int(from_oklab(to_oklab(colour))) == colour


def test_oklab_agrees_with_the_published_values():
    # Ottosson's article: white is (1, 0, 0); pure sRGB red is (0.628, 0.225, 0.126).
    assert to_oklab(0xFFFFFF) == pytest.approx([1, 0, 0], abs=1e-4)
    assert to_oklab(0xFF0000) == pytest.approx([0.6280, 0.2249, 0.1258], abs=1e-4)
    assert to_oklab(0) == pytest.approx([0, 0, 0], abs=1e-9)


@given(st.integers(2, 64))
def test_a_ramp_keeps_its_ends_and_rises(count):
    colours = ramp_colours(VIRIDIS, count)
    assert [int(colours[0]), int(colours[-1])] == [pack(VIRIDIS[0]), pack(VIRIDIS[-1])]
    assert (np.diff(lightness(colours)) > 0).all()


def test_short_ramps():
    assert len(ramp_colours(VIRIDIS, 0)) == 0
    assert lightness(ramp_colours(("#000000", "#ffffff"), 1))[0] == pytest.approx(0.5, abs=0.01)
    with pytest.raises(ValueError, match="at least one"):
        ramp_colours((), 3)


def test_rising_lightness_is_judged():
    assert lightness_rises(VIRIDIS)
    assert not lightness_rises(("#ffff00", "#0000ff"))


def test_tints_lie_between_the_background_and_the_colour():
    colours = ramp_colours(VIRIDIS, 9)
    assert (tints(colours, "#101010", 0.0) == 0x101010).all()
    assert (tints(colours, "#101010", 1.0) == colours).all()
    assert (np.diff(lightness(tints(colours, "#101010", 0.4))) > 0).all()


@given(st.lists(st.tuples(packed, packed), min_size=1, max_size=20))
def test_readable_colours_keep_their_distance(pairs):
    colours, grounds = (np.array(side, dtype=np.int32) for side in zip(*pairs, strict=True))
    moved = readable_on(colours, grounds, 0.24)
    assert (np.abs(lightness(moved) - lightness(grounds)) >= 0.24 - 0.01).all()


# Below, the eight bits of a channel are too coarse to meet a lightness.
@given(st.lists(packed, min_size=1, max_size=20), st.floats(0.15, 1))
def test_a_change_of_lightness_is_met_by_giving_up_colour(colours, target):
    lab = to_oklab(colours)
    lab[:, 0] = target
    assert lightness(with_lightness(lab)) == pytest.approx(target, abs=0.011)


@pytest.mark.parametrize("text", ["#12345", "123456", "#12345g", "red", ""])
def test_other_colours_are_refused(text):
    with pytest.raises(ValueError, match=r"#rrggbb|invalid literal"):
        pack(text)


def test_fixed_palettes_meet_their_own_colours():
    assert nearest_8bit(0x000000) == 16
    assert nearest_8bit(0xFFFFFF) == 231
    assert nearest_8bit(0x5F87AF) == 67
    assert nearest_8bit(0x080808) == 232
    assert nearest_8bit(0xEEEEEE) == 255
    assert nearest_standard(0xFF1010) == 9
    assert nearest_standard(0x000000) == 0
    assert nearest_standard(0xF8F8F8) == 15
