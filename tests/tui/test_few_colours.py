"""Sixteen colours, and none: what is chosen, focused, open or wrong is still to be seen, and all text can be read."""

import pytest

from curvtui.tui.drawing.cells import ColourDepth
from curvtui.tui.drawing.palette import STANDARD_TEXT, nearest_8bit, pack, xterm_colours
from curvtui.tui.sixteen import for_sixteen
from curvtui.tui.themes import load_theme, theme_names

from .driving import press, running, until, write
from .test_themes import contrast

LINUX = (
    "#000000", "#aa0000", "#00aa00", "#aa5500", "#0000aa", "#aa00aa", "#00aaaa", "#aaaaaa",
    "#555555", "#ff5555", "#55ff55", "#ffff55", "#5555ff", "#ff55ff", "#55ffff", "#ffffff",
)  # fmt: skip
XTERM = (
    "#000000", "#cd0000", "#00cd00", "#cdcd00", "#0000ee", "#cd00cd", "#00cdcd", "#e5e5e5",
    "#7f7f7f", "#ff0000", "#00ff00", "#ffff00", "#5c5cff", "#ff00ff", "#00ffff", "#ffffff",
)  # fmt: skip
TEXTS = ("foreground", "muted", "primary", "secondary", "accent", "success", "warning", "error", "border")
GROUNDS = ("background", "surface", "panel")


@pytest.mark.parametrize("palette", [LINUX, XTERM], ids=["linux", "xterm"])
@pytest.mark.parametrize("name", theme_names())
def test_in_sixteen_colours_all_text_can_be_read(name, palette):
    ui = for_sixteen(load_theme(name)).ui
    for ground in GROUNDS:
        below = palette[STANDARD_TEXT.index(getattr(ui, ground))]
        for each in TEXTS:
            above = palette[STANDARD_TEXT.index(getattr(ui, each))]
            assert contrast(above, below) >= (4.5 if each == "foreground" else 3.0), (each, ground)


@pytest.mark.parametrize("name", theme_names())
def test_in_256_colours_all_text_can_be_read(name):
    xterm = xterm_colours().tolist()

    def shown(colour):
        return f"#{xterm[nearest_8bit(pack(colour)) - 16]:06x}"

    ui = load_theme(name).ui
    for ground in GROUNDS:
        for each, least in (("foreground", 4.5), ("muted", 3.0), ("accent", 3.0), ("error", 3.0)):
            assert contrast(shown(getattr(ui, each)), shown(getattr(ui, ground))) >= least, (each, ground)


def styles_of(widget):
    """The style attributes of a widget's rows, colours left out."""
    return [
        {(part.style.bold, part.style.reverse, part.style.underline) for part in widget.render_line(y)}
        for y in range(widget.size.height)
    ]


@pytest.mark.parametrize("depth", ["16", "none"])
async def test_marks_need_no_colour(new_app, depth):
    app = new_app(depth=depth)
    async with running(app, (80, 24)) as pilot:
        for key in ("f", "ctrl+p"):
            await press(pilot, key)
            options = None
            await until(pilot, lambda: len(app.screen_stack) == 2)
            options = app.screen.query_one("OptionList")
            await until(pilot, lambda options=options: options.option_count > 3)
            await press(pilot, "down")
            await pilot.pause(0.02)
            rows = styles_of(options)
            marked = [row for row in rows if any(underline for _, _, underline in row)]
            assert 1 <= len(marked) <= 2
            await press(pilot, "escape")
            await until(pilot, lambda: len(app.screen_stack) == 1)
        await press(pilot, "p")
        fields = app.screen.query(".field")
        labels = [str(field.query_one(".label").styles.text_style) for field in fields]
        assert "reverse" in labels[0]
        assert not any("reverse" in label for label in labels[1:])
        cursor = app.screen.query_one("Input").get_component_styles("input--cursor").text_style
        assert cursor.reverse
        await write(pilot, "wrong")
        error = app.screen.query_one("#error")
        await until(pilot, lambda: str(error.content))
        assert error.styles.text_style.bold
        await press(pilot, "escape")
        view = app.query_one("#map")
        assert view.has_focus
        assert view.styles.border_title_style.reverse
        assert not app.query_one("#loss").styles.border_title_style.reverse


async def test_sixteen_colours_are_taken_by_the_whole_program(new_app):
    app = new_app(depth="16", theme="light")
    async with running(app, (80, 24)):
        assert app.look.depth is ColourDepth.STANDARD
        assert app.look.theme == for_sixteen(load_theme("light"))
        assert app.theme_variables["background"].lower() in STANDARD_TEXT
