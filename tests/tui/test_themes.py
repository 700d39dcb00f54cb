import subprocess
import sys

import pytest

from curvtui.tui.drawing.palette import lightness, pack
from curvtui.tui.drawing.ramps import lightness_rises
from curvtui.tui.themes import DEFAULT_THEME, ThemeError, load_theme, theme_names, to_textual

MINIMAL = """
name = "mine"
title = "Mine"
dark = true
[ui]
background = "#000000"
surface = "#000000"
panel = "#000000"
foreground = "#ffffff"
muted = "#888888"
primary = "#ffffff"
secondary = "#ffffff"
accent = "#ffffff"
success = "#ffffff"
warning = "#ffffff"
error = "#ffffff"
border = "#ffffff"
[map]
ramp = ["#000000", "#ffffff"]
band_strength = 0.5
axis = "#888888"
hatch = "#888888"
path = "#ffffff"
start = "#ffffff"
iterate = "#ffffff"
cursor = "#ffffff"
minimum = "#ffffff"
maximum = "#ffffff"
saddle = "#ffffff"
degenerate = "#ffffff"
gradient = "#ffffff"
momentum = "#ffffff"
step = "#ffffff"
newton = "#ffffff"
[curves]
loss = "#ffffff"
gradient = "#ffffff"
mark = "#ffffff"
reference = "#888888"
runs = ["#ffffff", "#888888"]
"""


def relative_luminance(colour: str) -> float:
    """WCAG 2.2's definition, independent of the program's own colour arithmetic."""
    channels = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((relative_luminance(one), relative_luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_promised_themes_are_there_the_default_first():
    assert theme_names()[0] == DEFAULT_THEME == "dark"
    assert set(theme_names()) >= {"dark", "light", "high-contrast", "cividis", "solarized", "mono"}


@pytest.mark.parametrize("name", theme_names())
def test_our_themes_are_readable(name):
    theme = load_theme(name)
    assert lightness_rises(theme.map.ramp)
    least = 7.0 if name == "high-contrast" else 4.5
    ui = theme.ui
    for ground in (ui.background, ui.surface, ui.panel):
        assert contrast(ui.foreground, ground) >= least
        assert contrast(ui.error, ground) >= 3.0
        # Muted text is beside the point: as WCAG has it for large text and for what is not text.
        assert contrast(ui.muted, ground) >= 3.0
    # Solarized stands for its palette's quiet contrasts.
    assert contrast(ui.muted, ui.background) >= (4.1 if name == "solarized" else 4.5)
    assert (lightness(pack(ui.background)) < 0.5) == theme.dark


@pytest.mark.parametrize("name", theme_names())
def test_textual_takes_our_themes(name):
    converted = to_textual(load_theme(name))
    assert converted.name == name
    assert converted.to_color_system().generate()["background"].lower() == load_theme(name).ui.background


def test_a_users_folder_adds_and_replaces(tmp_path):
    (tmp_path / "mine.toml").write_text(MINIMAL)
    (tmp_path / "mono.toml").write_text(MINIMAL.replace('"mine"', '"mono"'))
    (tmp_path / "notes.txt").write_text("not a theme")
    assert "mine" in theme_names(tmp_path)
    assert "notes" not in theme_names(tmp_path)
    assert load_theme("mine", tmp_path).map.ramp == ("#000000", "#ffffff")
    assert load_theme("mono", tmp_path).title == "Mine"
    assert load_theme("mono").title == "Monochrome"
    assert theme_names(tmp_path / "absent") == theme_names()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'path = "#ffffff"',
            'path = "white"',
            "mine.toml: map.path must be a colour written \"#rrggbb\"; 'white' was given",
        ),
        ('path = "#ffffff"', "", r"mine.toml: \[map\] lacks path; it takes ramp, band_strength"),
        ('path = "#ffffff"', 'path = "#ffffff"\nway = 1', r"mine.toml: \[map\] has no key 'way'"),
        (
            "band_strength = 0.5",
            "band_strength = 2",
            "map.band_strength must be a number from 0 to 1; 2 was given",
        ),
        ("band_strength = 0.5", "band_strength = true", "map.band_strength must be a number"),
        (
            'ramp = ["#000000", "#ffffff"]',
            'ramp = ["#000000"]',
            "map.ramp must be a list of at least two colours",
        ),
        ('ramp = ["#000000", "#ffffff"]', 'ramp = ["#000000", 3]', "map.ramp must be a colour"),
        ("dark = true", 'dark = "yes"', "dark must be true or false; 'yes' was given"),
        ("dark = true", "", "the file lacks dark"),
        ('name = "mine"', 'name = "yours"', "name must be 'mine', as the file's; 'yours' was given"),
        ('title = "Mine"', 'title = "a\\u001b[2J"', "title must be a line of text"),
        ("[curves]", "[[curves]]", r"curves must be a section, \[curves\]"),
        ("dark = true", "dark = ", "mine.toml: this is not TOML"),
    ],
)
def test_a_broken_file_is_explained_in_one_sentence(tmp_path, old, new, message):
    assert old in MINIMAL
    (tmp_path / "mine.toml").write_text(MINIMAL.replace(old, new))
    with pytest.raises(ThemeError, match=message):
        load_theme("mine", tmp_path)


def test_an_unreadable_file_and_an_unknown_name(tmp_path):
    (tmp_path / "mine.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ThemeError, match=r"mine.toml: the file cannot be read \(UnicodeDecodeError\)"):
        load_theme("mine", tmp_path)
    with pytest.raises(ThemeError, match="there is no theme 'drak'; there are dark, cividis"):
        load_theme("drak")


def test_importing_and_loading_needs_neither_textual_nor_numpy():
    code = (
        "import sys; import curvtui.tui.themes as t; t.load_theme('dark'); "
        "print(sorted({'textual', 'numpy', 'rich', 'plotext'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
