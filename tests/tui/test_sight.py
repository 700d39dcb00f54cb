"""What is in sight: views that follow each other and lead back, boxes fitted to points, styles of maps."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvtui.engine.sampling.levels import LevelMethod
from curvtui.tui.sight import CURVATURES, ROOM, Sight
from curvtui.tui.views import FieldStyle, Ground

SQUARE = ((-2.0, 2.0), (-1.0, 3.0))
FINITE = st.floats(-1e6, 1e6)


def test_zoom_keeps_its_focus_and_leads_back():
    sight = Sight(SQUARE)
    sight.zoom(2.0, (1.0, 0.0))
    assert sight.box == ((-0.5, 1.5), (-0.5, 1.5))
    sight.previous()
    assert sight.box == SQUARE
    with pytest.raises(ValueError, match="no view before this one"):
        sight.previous()


def test_pan_moves_by_shares_of_the_view():
    sight = Sight(SQUARE)
    sight.pan((0.25, -0.5))
    assert sight.box == ((-1.0, 3.0), (-3.0, 1.0))


SHARE = st.floats(0.0, 1.0)
SIDES = st.tuples(st.floats(-1e3, 1e3), st.floats(1e-6, 1e6)).map(lambda side: (side[0], side[0] + side[1]))


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.tuples(SIDES, SIDES), SHARE, SHARE, st.floats(0.1, 10))
def test_zoom_keeps_what_it_is_about_in_its_place_and_is_undone_by_its_inverse(box, across, up, factor):
    sight = Sight(box)
    focal = [low + share * (high - low) for (low, high), share in zip(box, (across, up), strict=True)]
    sight.zoom(factor, focal)
    for c, share, (low, high), (before, after) in zip(focal, (across, up), sight.box, box, strict=True):
        assert high - low == pytest.approx((after - before) / factor, rel=1e-5)
        assert (c - low) / (high - low) == pytest.approx(share, abs=1e-5)
    sight.zoom(1 / factor, focal)
    for side, before in zip(sight.box, box, strict=True):
        assert side == pytest.approx(before, abs=1e-9 * max(1e3, before[1] - before[0]))


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.tuples(SIDES, SIDES), st.floats(-2, 2), st.floats(-2, 2))
def test_pan_moves_both_ends_alike_and_back(box, right, up):
    sight = Sight(box)
    sight.pan((right, up))
    for share, (low, high), (before, after) in zip((right, up), sight.box, box, strict=True):
        assert low - before == pytest.approx(share * (after - before), abs=1e-8)
        assert high - low == pytest.approx(after - before, rel=1e-5)
    sight.pan((-right, -up))
    for side, before in zip(sight.box, box, strict=True):
        assert side == pytest.approx(before, abs=1e-6)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.lists(st.tuples(st.sampled_from(["zoom", "pan", "fit"]), FINITE, FINITE, st.floats(0.2, 5.0)), max_size=30))
def test_however_the_view_is_moved_it_is_a_box_and_every_step_leads_back(moves):
    sight = Sight(SQUARE)
    seen = [sight.box]
    for what, x, y, factor in moves:
        try:
            if what == "zoom":
                sight.zoom(factor, (x, y))
            elif what == "pan":
                sight.pan((x / 1e6, y / 1e6))
            else:
                sight.fit([(x, y), (factor, factor)])
        except ValueError:
            assert sight.box == seen[-1]
            continue
        if sight.box != seen[-1]:
            seen.append(sight.box)
        assert all(low < high and math.isfinite(high - low) for low, high in sight.box)
    for box in reversed(seen[:-1]):
        sight.previous()
        assert sight.box == box


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.lists(st.tuples(FINITE, FINITE), min_size=1, max_size=20))
def test_a_fitted_view_holds_every_point_and_little_else(points):
    sight = Sight(SQUARE)
    sight.fit([*points, (math.nan, 0.0), (math.inf, 1.0)])
    spans = []
    for axis, (low, high) in enumerate(sight.box):
        values = [point[axis] for point in points]
        assert low <= min(values) <= max(values) <= high
        spans.append((high - low, max(values) - min(values)))
    widest = max(view for view, _ in spans)
    assert any(view <= 1.3 * extent or view == pytest.approx(4.0) for view, extent in spans)
    assert all(view >= 0.04 * widest for view, _ in spans)


def test_one_point_keeps_the_size_of_the_view():
    sight = Sight(SQUARE)
    sight.fit([(10.0, 20.0)])
    assert sight.box == ((8.0, 12.0), (18.0, 22.0))


def test_nothing_to_fit_to_is_refused():
    sight = Sight(SQUARE)
    with pytest.raises(ValueError, match="nothing to fit the view to"):
        sight.fit([(math.nan, 0.0)])
    assert sight.box == SQUARE


def test_zooming_stops_where_numbers_do():
    sight = Sight(SQUARE)

    def zoom(factor, times):
        for _ in range(times):
            sight.zoom(factor, (1.0, 1.0))

    with pytest.raises(ValueError, match="don't reach closer"):
        zoom(10.0, 200)
    assert all(low < high for low, high in sight.box)
    with pytest.raises(ValueError, match="don't reach further out"):
        zoom(0.1, 2000)


def test_the_views_go_round():
    sight = Sight(SQUARE)
    assert [sight.next_curvature() for _ in range(6)] == [*CURVATURES, Ground.VALUES]
    assert [sight.next_field() for _ in range(4)] == [*list(FieldStyle)[1:], FieldStyle.NONE]
    assert {sight.next_method() for _ in range(4)} == set(LevelMethod)
    for toggle, get in (
        (sight.toggle_lines_only, lambda: sight.style.lines_only),
        (sight.toggle_model, lambda: sight.style.model),
        (sight.toggle_relief, lambda: sight.style.camera is not None),
        (sight.toggle_basins, lambda: sight.style.ground is Ground.BASINS),
    ):
        before = sight.style
        assert not get()
        toggle()
        assert get()
        toggle()
        assert sight.style == before


def test_the_levels_of_a_curvature_are_round_numbers_whatever_the_key():
    sight = Sight(SQUARE)
    sight.style = replace(sight.style, ground=Ground.CONDITION)
    with pytest.raises(ValueError, match=r"^the levels of κ are round numbers"):
        sight.next_method()
    assert sight.style.method is LevelMethod.AUTO
    # Lines of f are drawn over the signs.
    sight.style = replace(sight.style, ground=Ground.SIGNS)
    assert sight.next_method() is LevelMethod.QUANTILE


def test_levels_are_eight_to_sixteen():
    sight = Sight(SQUARE)
    assert sight.more_levels(4) == 16
    with pytest.raises(ValueError, match="8 to 16 levels"):
        sight.more_levels(1)
    assert sight.style.levels == 16
    assert sight.more_levels(-8) == 8
    with pytest.raises(ValueError, match="8 to 16 levels"):
        sight.more_levels(-1)


def test_what_a_relief_can_show_it_shows_and_the_rest_leads_to_the_map_from_above():
    sight = Sight(SQUARE)
    sight.toggle_relief()
    seen = sight.style.camera
    for key in (sight.next_curvature, sight.toggle_basins, sight.toggle_lines_only, sight.next_method):
        before = sight.style
        key()
        assert sight.style != before
        assert sight.style.camera == seen
    assert sight.next_field() is FieldStyle.DOWNHILL
    assert sight.style.camera is None
    # Both were on before the surface was seen from the side: from above they are there at once.
    sight.toggle_model()
    sight.toggle_relief()
    assert sight.next_field() is FieldStyle.DOWNHILL
    assert sight.style.camera is None
    sight.toggle_relief()
    sight.toggle_model()
    assert sight.style.model
    assert sight.style.camera is None


def test_a_relief_turns_all_the_way_round_but_not_over():
    sight = Sight(SQUARE)
    sight.turn(10.0, 10.0)
    assert sight.style.camera is None
    sight.toggle_relief()
    begun = sight.style.camera
    for _ in range(36):
        sight.turn(10.0, 0.0)
    assert sight.style.camera == begun
    sight.turn(0.0, 500.0)
    assert sight.style.camera.elevation == 90.0
    sight.turn(0.0, -500.0)
    assert sight.style.camera.elevation == 0.0


def test_as_many_maps_as_there_is_room_for():
    sight = Sight(SQUARE)
    with pytest.raises(ValueError, match="two maps need a terminal of 100 columns"):
        sight.next_maps()
    sight.fit_into(*ROOM[2])
    assert [sight.next_maps() for _ in range(3)] == [2, 1, 2]
    sight.fit_into(*ROOM[4])
    assert [sight.next_maps() for _ in range(4)] == [4, 1, 2, 4]
    sight.select(3)
    sight.toggle_model()
    # Less room hides maps and keeps them; the selected one is always one that is seen.
    sight.fit_into(80, 24)
    assert len(sight.shown) == 1
    assert sight.selected == 0
    sight.fit_into(200, 60)
    assert len(sight.shown) == 4
    assert sight.shown[3].model


def test_the_maps_of_a_curve_show_what_a_curve_can_show():
    sight = Sight(SQUARE)
    sight.toggle_relief()
    sight.begin_at(((-1.0, 1.0),))
    assert all(style.camera is None and style.field is FieldStyle.NONE for style in sight.styles)
    assert {style.ground for style in sight.styles} == {Ground.VALUES, Ground.BASINS}
    assert len(set(sight.styles)) == 4, "four maps that show the same would be three too many"
    sight.toggle_model()
    kept = list(sight.styles)
    sight.begin_at(((0.0, 3.0),))
    assert sight.styles == kept
    sight.begin_at(SQUARE)
    assert any(style.camera is not None for style in sight.styles)
