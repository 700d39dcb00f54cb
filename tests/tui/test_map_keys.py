"""Every key that changes what the maps show, pressed as a user would, and what is then on the screen."""

import re

import pytest

from curvtui.tui.drawing.relief import Relief
from curvtui.tui.pages import Page
from curvtui.tui.panels import MAPS, selected_map
from curvtui.tui.sight import CURVATURES
from curvtui.tui.views import FieldStyle, Ground
from curvtui.tui.widgets.map_view import MapView

from .driving import drawn, press, running, settled, shown, text_of, until


def map_text(app, number=0):
    return text_of(app.query_one(f"#{MAPS[number]}"))


def heading(app, number=0):
    return str(app.query_one(f"#{MAPS[number]}").border_title)


async def test_lines_only_takes_the_bands_away_and_brings_them_back(new_app):
    app = new_app()
    async with running(app) as pilot:
        view = app.query_one(MapView)

        def grounds():
            picture = view.picture
            rows = slice(picture.top, picture.top + picture.viewport.rows)
            return len(set(picture.cells.bg[rows, picture.left : picture.left + 30].ravel().tolist()))

        assert grounds() > 5
        await press(pilot, "I")
        await settled(pilot)
        assert grounds() == 1
        picture = app.query_one(MapView).picture
        area = "".join(
            picture.cells.chars[1:-1, picture.left : picture.left + picture.viewport.columns].ravel().tolist()
        )
        assert re.search(r"−0\.\d\d", area), "levels still carry their numbers"
        await press(pilot, "I")
        await settled(pilot)
        assert grounds() > 5


async def test_more_and_fewer_levels(new_app):
    app = new_app()
    async with running(app) as pilot:
        assert "12 levels" in shown(app, "status")
        await press(pilot, "full_stop", "full_stop")
        await until(pilot, lambda: "14 levels" in shown(app, "status"))
        await press(pilot, "comma", "comma", "comma")
        await until(pilot, lambda: "11 levels" in shown(app, "status"))


async def test_the_gradient_field_goes_round_and_the_legend_names_it(new_app):
    app = new_app()
    async with running(app) as pilot:
        plain = map_text(app)
        for style, word in (
            (FieldStyle.DOWNHILL, "downhill"),
            (FieldStyle.UPHILL, "uphill"),
            (FieldStyle.STREAMLINES, "downhill"),
        ):
            await press(pilot, "F")
            await settled(pilot)
            assert app.explorer.sight.style.field is style
            assert word in map_text(app).splitlines()[-2] + map_text(app).splitlines()[-1]
            assert any(arrow in map_text(app) for arrow in "↑↓←→")
        await press(pilot, "F")
        await settled(pilot)
        assert map_text(app) == plain


async def test_curvature_maps_go_round_and_say_what_they_are(new_app):
    app = new_app()
    async with running(app) as pilot:
        for ground in CURVATURES:
            await press(pilot, "E")
            await settled(pilot)
            assert heading(app) == f"map of {ground.value}"
        await press(pilot, "E")
        assert heading(app) == "map"
        # Of x⁴ + y⁴ − 4xy + 1: convex where 144x²y² > 16 there are both curvatures up, else a saddle.
        await press(pilot, "E")
        await settled(pilot)
        assert "convex" in map_text(app)
        assert "saddle-like" in map_text(app)


async def test_the_local_model_follows_the_point_and_tells_its_error(new_app):
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, "T")
        await settled(pilot)
        first = map_text(app)
        assert "Newton: Δf" in first
        assert "error" in first
        await press(pilot, "n")
        await settled(pilot)
        assert map_text(app) != first
        await press(pilot, "T")
        await settled(pilot)
        assert "Newton" not in map_text(app)


async def test_the_local_model_of_a_curve_is_a_parabola(new_app):
    app = new_app("x**4 - x**2", (1.2,))
    async with running(app) as pilot:
        await press(pilot, "T")
        await settled(pilot)
        assert "parabola" in map_text(app)


async def test_basins_are_searched_for_the_settings_in_force(new_app):
    app = new_app("himmelblau", (0.5, 0.5), lr=0.01)
    async with running(app) as pilot:
        await press(pilot, "W")
        await until(pilot, lambda: app.explorer.basins is not None and app.explorer.basins.complete)
        await settled(pilot)
        assert heading(app) == "map of basins"
        text = map_text(app)
        assert all(f"{letter} ●" in text for letter in "ABCD")
        assert "(3, 2) 2" in text, "its share is a good quarter"
        # Above 2/λ_max of every minimum, nothing converges any more.
        app.explorer.change_settings({"lr": "0.5"})
        app.show_all()
        assert app.explorer.basins is None
        await until(pilot, lambda: app.explorer.basins is not None and app.explorer.basins.complete)
        await settled(pilot)
        assert "diverged" in map_text(app)
        await press(pilot, "W")
        await settled(pilot)
        assert heading(app) == "map"


async def test_the_surface_in_three_dimensions_turns_with_the_arrows(new_app):
    app = new_app("himmelblau", (0.5, 0.5))
    async with running(app) as pilot:
        cursor = app.explorer.cursor
        await press(pilot, "D")
        await settled(pilot)
        assert isinstance(app.query_one(MapView).picture, Relief)
        first, begun = map_text(app), app.explorer.sight.style.camera
        await press(pilot, "right", "up")
        await settled(pilot)
        turned = app.explorer.sight.style.camera
        assert (turned.azimuth, turned.elevation) == (begun.azimuth + 5, begun.elevation + 5)
        assert map_text(app) != first
        assert app.explorer.cursor == cursor, "the arrows turn the surface, not the cursor"
        await press(pilot, "left", "down")
        await settled(pilot)
        assert map_text(app) == first
        await press(pilot, "n", "n", "n")
        await settled(pilot)
        assert "◆" in map_text(app)
        await press(pilot, "D", "right")
        assert app.explorer.cursor != cursor


async def test_curvature_and_basins_colour_the_surface_in_three_dimensions_too(new_app):
    app = new_app("himmelblau", (0.5, 0.5), lr=0.01)
    async with running(app) as pilot:
        await press(pilot, "D", "E")
        await settled(pilot)
        view = app.query_one(MapView)
        assert isinstance(view.picture, Relief)
        assert heading(app) == "map of curvature signs in 3-D"
        assert "saddle-like" in map_text(app)
        await press(pilot, "W")
        await until(pilot, lambda: app.explorer.basins is not None and app.explorer.basins.complete)
        await settled(pilot)
        assert isinstance(view.picture, Relief)
        assert heading(app) == "map of basins in 3-D"
        assert "● (3, 2) 2" in map_text(app)
        await press(pilot, "W", "I")
        await settled(pilot)
        assert isinstance(view.picture, Relief)


@pytest.mark.parametrize(("key", "what"), [("F", "a gradient field"), ("T", "the local model")])
async def test_what_a_relief_can_t_show_is_shown_from_above_and_a_line_says_so(new_app, key, what):
    app = new_app("himmelblau", (0.5, 0.5))
    async with running(app) as pilot:
        await press(pilot, "D")
        await settled(pilot)
        await press(pilot, key)
        said = f"{what} is drawn on the map from above"
        await until(pilot, lambda: any(toast.message.startswith(said) for toast in app._notifications))
        await settled(pilot)
        assert not isinstance(app.query_one(MapView).picture, Relief)
        # From above there is nothing to say.
        count = len(app._notifications)
        await press(pilot, key)
        await settled(pilot)
        assert len(app._notifications) == count


@pytest.mark.parametrize("key", ["F", "E", "D"])
async def test_what_needs_two_variables_says_so(new_app, key):
    app = new_app("x**4 - x**2", (1.2,))
    async with running(app) as pilot:
        before = map_text(app)
        await press(pilot, key)
        await until(pilot, lambda: any("two variables" in toast.message for toast in app._notifications))
        assert map_text(app) == before


async def test_views_are_moved_fitted_and_left_again(new_app):
    app = new_app()
    async with running(app) as pilot:
        own = app.explorer.view
        await press(pilot, "ctrl+right", "ctrl+up")
        assert app.explorer.view == ((-1.5, 2.5), (-1.5, 2.5))
        await press(pilot, "left_curly_bracket", "left_parenthesis")
        assert app.explorer.view == own
        await press(pilot, "N", "P")
        (x0, x1), (y0, y1) = app.explorer.view
        assert all(x0 < x < x1 and y0 < y < y1 for x, y in app.explorer.run.path.iterates.tolist())
        assert x1 - x0 < 2
        await press(pilot, "Z")
        assert app.explorer.view == own
        await press(pilot, "asterisk")
        (x0, x1), (y0, y1) = app.explorer.view
        assert (x0, x1) == pytest.approx((-1.24, 1.24))
        await settled(pilot)
        await press(pilot, "0")
        assert app.explorer.view == own


async def test_maps_side_by_side_are_changed_one_by_one(new_app):
    app = new_app("himmelblau", (0.5, 0.5))
    async with running(app, (200, 60)) as pilot:
        await press(pilot, "vertical_line", "vertical_line")
        await settled(pilot)
        assert [app.query_one(f"#{name}").display for name in MAPS] == [True] * 4
        assert heading(app, 0).startswith("▸")
        assert isinstance(app.query_one("#map-2", MapView).picture, Relief)
        await press(pilot, "backslash", "backslash")
        assert heading(app, 2) == "▸ map of curvature signs"
        await press(pilot, "E")
        assert heading(app, 2) == "▸ map of λ_min"
        assert heading(app, 0) == "map"
        assert selected_map(app.screen, app.explorer).id == "map-3"
        await press(pilot, "right")
        assert app.explorer.at_cursor
        # A smaller terminal has room for one; the others come back with the room.
        await pilot.resize_terminal(80, 24)
        await settled(pilot)
        assert [app.query_one(f"#{name}").display for name in MAPS] == [True, False, False, False]
        await pilot.resize_terminal(200, 60)
        await settled(pilot)
        assert heading(app, 2).endswith("map of λ_min")


async def test_two_maps_need_room(new_app):
    app = new_app()
    async with running(app, (80, 24)) as pilot:
        await press(pilot, "vertical_line")
        await until(pilot, lambda: any("two maps need" in toast.message for toast in app._notifications))
        await press(pilot, "backslash")
        await until(pilot, lambda: any("there is one map" in toast.message for toast in app._notifications))


async def test_cross_sections_have_a_page_and_go_round(new_app):
    app = new_app()
    async with running(app) as pilot:
        await press(pilot, "X")
        await drawn(pilot)
        assert app.explorer.page is Page.SECTIONS
        assert "along x" in shown(app, "sections")
        await press(pilot, "semicolon")
        assert app.explorer.section == 1
        await drawn(pilot)
        await press(pilot, "X")
        assert app.explorer.page is Page.MAP
        await press(pilot, "semicolon")
        assert app.explorer.page is Page.SECTIONS


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)], ids=str)
async def test_every_view_can_be_shown_at_every_size(new_app, size):
    app = new_app()
    async with running(app, size) as pilot:
        for key in ("I", "F", "F", "F", "E", "E", "T", "W", "D", "X", "semicolon", "m", "full_stop", "P", "Z", "D"):
            await press(pilot, key)
            await drawn(pilot)
        assert not [toast for toast in app._notifications if "can't be drawn" in toast.message]
        assert app.explorer.sight.style.ground is not Ground.VALUES


async def test_basins_of_a_map_just_opened_are_searched_without_another_key(new_app):
    app = new_app("x**4 - 3*x**2 + x", (-1.28,))
    async with running(app, size=(120, 40)) as pilot:
        await until(pilot, lambda: app.explorer.analysis is not None)
        await press(pilot, "vertical_line", "vertical_line")
        await until(pilot, lambda: app.explorer.basins is not None and app.explorer.basins.complete)
        await settled(pilot)
        assert heading(app, 2) == "map of basins"
        assert "A ●" in map_text(app, 2)


async def test_the_map_that_keys_change_is_the_one_with_the_focus(new_app):
    app = new_app()
    async with running(app, size=(120, 40)) as pilot:
        await press(pilot, "vertical_line", "backslash")
        await until(pilot, lambda: app.focused is app.query_one("#map-2"))
        await press(pilot, "backslash")
        await until(pilot, lambda: app.focused is app.query_one("#map"))
