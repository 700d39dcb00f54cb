"""Themes of the user's own in the running program: reloaded when saved, with own glyphs, hostile, broken."""

import pytest

from curvtui.tui.drawing.glyphs import ASCII, BRAILLE, MARKERS, GlyphSet, with_own
from curvtui.tui.themes import GLYPHS, ThemeError, load_theme, theme_names
from curvtui.tui.watching import FileWatch
from curvtui.tui.widgets.map_view import MapView

from .driving import press, running, settled, text_of, toasts, until, write
from .test_themes import MINIMAL

PINK = MINIMAL.replace('foreground = "#ffffff"', 'foreground = "#ffddee"')


@pytest.fixture
def themes(folders):
    folder = folders.config / "themes"
    folder.mkdir()
    (folder / "mine.toml").write_text(MINIMAL, encoding="utf-8")
    return folder


def save(themes, text, name="mine"):
    (themes / f"{name}.toml").write_text(text, encoding="utf-8")


async def test_a_theme_is_reloaded_when_it_is_saved_and_a_broken_one_keeps_the_old(new_app, themes):
    app = new_app(theme="mine")
    async with running(app) as pilot:
        app._reload_theme()
        assert app.look.theme == load_theme("mine", themes)
        save(themes, PINK + "# a comment\n")
        app._reload_theme()
        await settled(pilot)
        assert app.look.theme.ui.foreground == "#ffddee"
        assert app.theme_variables["foreground"].lower() == "#ffddee"
        assert app.query_one(MapView)._drawn.look.theme.ui.foreground == "#ffddee"
        for broken, words in (("[ui", "mine.toml: this is not TOML"), (PINK.replace("[map]", "[mop]"), "lacks map")):
            save(themes, broken)
            app._reload_theme()
            await until(pilot, lambda words=words: any(words in toast for toast in toasts(app)))
            assert app.look.theme.ui.foreground == "#ffddee"
        told = len(toasts(app))
        app._reload_theme()
        await pilot.pause(0)
        assert len(toasts(app)) == told
        save(themes, MINIMAL)
        app._reload_theme()
        assert app.look.theme.ui.foreground == "#ffffff"


async def test_a_theme_that_was_broken_at_the_start_is_used_when_it_is_mended(new_app, themes):
    save(themes, "nothing = 1")
    app = new_app(theme="mine")
    async with running(app) as pilot:
        await until(pilot, lambda: toasts(app))
        assert app.look.theme.name == app.theme == "dark"
        save(themes, MINIMAL)
        app._reload_theme()
        assert app.look.theme.name == app.theme == "mine"


async def test_ours_are_never_looked_at_again(new_app):
    app = new_app(theme="light")
    async with running(app):
        assert not app._dress.was_saved()


async def test_the_picker_previews_and_escape_restores(new_app, themes):
    app = new_app()
    async with running(app, (80, 24)) as pilot:
        await press(pilot, "t")
        await write(pilot, "light")
        await until(pilot, lambda: app.look.theme.name == "light")
        await settled(pilot)
        assert app.query_one(MapView)._drawn.look.theme.name == "light"
        assert app.query_one("#curvature")._shown[-1].theme.name == "light"
        await press(pilot, "escape")
        await until(pilot, lambda: app.look.theme.name == "dark")
        await settled(pilot)
        assert app.query_one(MapView)._drawn.look.theme.name == app.theme == "dark"


NAMES = ("[bold]x[", "[@click=app.quit]q", "two words", "\u6f22\u5b57", "e\u0301a\u0301", "\u202egnp")
NAMES += ("x\x1b[2J", "x\x1b]0;evil\x07", "n" * 150)


async def test_hostile_names_and_titles_of_themes_break_nothing(new_app, themes):
    for number, name in enumerate(NAMES):
        quoted = "".join(f"\\U{ord(character):08x}" for character in name)
        title = quoted if name.isprintable() else "hostile"
        save(themes, MINIMAL.replace('"mine"', f'"{quoted}"').replace('"Mine"', f'"{number} {title}"'), name)
    app = new_app()
    async with running(app, (80, 24)) as pilot:
        await press(pilot, "t")
        await until(pilot, lambda: len(app.screen_stack) == 2)
        options = app.screen.query_one("OptionList")
        assert options.option_count == len(theme_names(themes))
        for _ in theme_names(themes):
            await press(pilot, "down")
        assert app.look.theme.name in theme_names(themes)
        for strip in app.screen._compositor.render_strips(app.size):
            assert strip.cell_length == 80
            text = "".join(part.text for part in strip)
            assert text.isprintable()
        await press(pilot, "enter", "n")
        assert app.explorer.run.position == 1


# Glyphs.


def test_a_theme_may_have_glyphs_for_everything_that_is_one_character():
    single = {name for name, value in vars(BRAILLE).items() if isinstance(value, str) and len(value) == 1}
    assert set(GLYPHS) == single - {"minus"} >= set(MARKERS)


def test_own_glyphs_take_their_places_but_never_one_that_is_taken():
    own = with_own(BRAILLE, (("iterate", "❖"), ("hatch", "%")))
    assert (own.iterate, own.hatch, own.start) == ("❖", "%", BRAILLE.start)
    assert with_own(BRAILLE, (("iterate", BRAILLE.start),)) == BRAILLE
    own = with_own(ASCII, (("iterate", "❖"), ("hatch", "=")))
    assert (own.iterate, own.hatch) == (ASCII.iterate, "=")
    assert isinstance(own, GlyphSet)


async def test_own_glyphs_are_on_the_map(new_app, themes):
    save(themes, MINIMAL + '[glyphs]\niterate = "❖"\nminimum = "⬤"\n')
    app = new_app(theme="mine")
    async with running(app) as pilot:
        await press(pilot, "n")
        assert "❖" in text_of(app.query_one(MapView))
    app = new_app(theme="mine", glyphs="ascii")
    async with running(app) as pilot:
        await press(pilot, "n")
        assert "@" in text_of(app.query_one(MapView))
        assert text_of(app.query_one(MapView)).isascii()


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ('[glyphs]\niterate = "漢"', "glyphs.iterate must be one character that takes one cell; '漢' was given"),
        ('[glyphs]\niterate = "ab"', "glyphs.iterate must be one character"),
        ('[glyphs]\niterate = "\\u0301"', "glyphs.iterate must be one character"),
        ('[glyphs]\niterate = "\\u001b"', "glyphs.iterate must be one character"),
        ('[glyphs]\niterate = " "', "glyphs.iterate must be one character"),
        ("[glyphs]\niterate = 3", "glyphs.iterate must be one character"),
        ('[glyphs]\narrow = "x"', r"\[glyphs\] has no key 'arrow'; it takes start"),
        ('[glyphs]\nstart = "x"\nsaddle = "x"', "glyphs.saddle is the same character as glyphs.start, 'x'"),
        ("[[glyphs]]\n", r"glyphs must be a section, \[glyphs\]"),
    ],
)
def test_a_glyph_that_can_not_be_drawn_is_refused_by_its_key(themes, table, message):
    save(themes, f"{MINIMAL}\n{table}\n")
    with pytest.raises(ThemeError, match=message):
        load_theme("mine", themes)


def test_a_watch_tells_of_a_save_once_and_survives_a_missing_file(tmp_path):
    file = tmp_path / "file"
    watch = FileWatch(file)
    assert not watch.changed()
    file.write_text("one")
    assert watch.changed()
    assert not watch.changed()
    file.unlink()
    assert not watch.changed()
    file.write_text("another")
    assert watch.changed()
    assert not FileWatch(None).changed()
