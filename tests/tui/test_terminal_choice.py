import subprocess
import sys

import pytest

from curvtui.tui.drawing.cells import ColourDepth
from curvtui.tui.drawing.glyphs import glyph_set
from curvtui.tui.terminal import DEPTHS, colour_depth, glyph_name, prepare_textual


@pytest.mark.parametrize(
    ("environment", "depth"),
    [
        ({}, "none"),
        ({"TERM": "dumb"}, "none"),
        ({"TERM": "dumb", "COLORTERM": "truecolor"}, "none"),
        ({"TERM": "unknown"}, "none"),
        ({"TERM": "linux"}, "16"),
        ({"TERM": "ansi"}, "16"),
        ({"TERM": "rxvt"}, "16"),
        ({"TERM": "xterm"}, "256"),
        ({"TERM": "xterm-256color"}, "256"),
        ({"TERM": "screen"}, "256"),
        ({"TERM": "tmux-256color"}, "256"),
        ({"TERM": "rxvt-unicode-256color"}, "256"),
        ({"TERM": "XTERM-256COLOR"}, "256"),
        ({"TERM": "xterm-direct"}, "truecolor"),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "truecolor"),
        ({"TERM": "xterm-256color", "COLORTERM": "24bit"}, "truecolor"),
        ({"TERM": "xterm-256color", "COLORTERM": "TrueColor"}, "truecolor"),
        ({"TERM": "xterm-256color", "COLORTERM": "yes"}, "256"),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"}, "none"),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": ""}, "truecolor"),
    ],
)
def test_colour_depth_by_the_environment(environment, depth):
    assert colour_depth("auto", environment) == depth


@pytest.mark.parametrize("option", ["truecolor", "256", "16", "none"])
def test_an_option_outranks_the_environment(option):
    for environment in ({}, {"NO_COLOR": "1"}, {"TERM": "dumb"}, {"TERM": "xterm", "COLORTERM": "truecolor"}):
        assert colour_depth(option, environment) == option
    assert ColourDepth(option).value == option


@pytest.mark.parametrize(
    ("environment", "glyphs"),
    [
        ({}, "braille"),
        ({"LANG": "C.UTF-8"}, "braille"),
        ({"LANG": "de_DE.utf8"}, "braille"),
        ({"LANG": "de_DE.UTF-8", "TERM": "linux"}, "block"),
        ({"LANG": "C"}, "ascii"),
        ({"LANG": "POSIX"}, "ascii"),
        ({"LANG": "de_DE"}, "ascii"),
        ({"LANG": "de_DE.ISO-8859-15"}, "ascii"),
        ({"LANG": "C", "TERM": "linux"}, "ascii"),
        ({"LC_ALL": "C", "LC_CTYPE": "en_US.UTF-8", "LANG": "en_US.UTF-8"}, "ascii"),
        ({"LC_CTYPE": "en_US.UTF-8", "LANG": "C"}, "braille"),
        ({"LC_ALL": "", "LC_CTYPE": "", "LANG": "en_US.UTF-8"}, "braille"),
        ({"LC_ALL": "", "LANG": "C"}, "ascii"),
    ],
)
def test_glyphs_by_the_environment(environment, glyphs):
    assert glyph_name("auto", environment) == glyphs
    for option in ("braille", "block", "ascii"):
        assert glyph_name(option, environment) == option
        assert glyph_set(option).name == option


@pytest.mark.parametrize("depth", list(DEPTHS))
def test_textual_is_told_the_depth(depth):
    environment = {"NO_COLOR": "1", "HOME": "/"}
    prepare_textual(depth, environment)
    assert environment == {"TEXTUAL_COLOR_SYSTEM": DEPTHS[depth], "HOME": "/"}


def test_textual_takes_the_name_it_is_told():
    # It reads its environment when it is imported, so this needs a process of its own.
    code = (
        "from curvtui.tui.terminal import prepare_textual; prepare_textual('16');"
        "from textual.app import App; from textual import constants;"
        "print(constants.COLOR_SYSTEM, App().console.color_system)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=60)
    assert done.stdout.split() == [b"standard", b"standard"]
