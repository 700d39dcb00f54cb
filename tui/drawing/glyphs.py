"""The characters with which everything is drawn, one set for each kind of terminal."""

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class GlyphSet:
    """The characters for every meaning; each is one column wide.

    `arrows` are eight directions counter-clockwise from east. `gauge` and `gauge_rest` fill a bar between
    `gauge_left` and `gauge_right`. `chosen` marks the one of several that keys are about. `unsettled`,
    `diverged` and `left` mark starts whose runs did not settle, went to infinity, left the domain. `rule` is a
    dashed and `line` a solid line. `minus`, `superscripts` tell how numbers on axes are written.
    """

    name: str
    start: str
    iterate: str
    minimum: str
    maximum: str
    saddle: str
    degenerate: str
    cursor: str
    hatch: str
    bead: str
    gauge: str
    gauge_rest: str
    gauge_left: str
    gauge_right: str
    arrows: tuple[str, ...]
    chosen: str
    unsettled: str
    diverged: str
    left: str
    rule: str
    line: str
    ellipsis: str
    minus: str
    superscripts: bool

    @property
    def markers(self) -> tuple[str, ...]:
        """The characters that stand for different things on the map."""
        return tuple(getattr(self, name) for name in MARKERS)


MARKERS = ("start", "iterate", "minimum", "maximum", "saddle", "degenerate", "cursor", "hatch")
"""The names of the characters that stand for different things on the map."""

BRAILLE = GlyphSet(
    name="braille",
    start="○",
    iterate="◆",
    minimum="●",
    maximum="▲",
    saddle="✕",
    degenerate="✢",
    cursor="+",
    hatch="╱",
    bead="•",
    gauge="█",
    gauge_rest="░",
    gauge_left="▕",
    gauge_right="▏",
    arrows=("→", "↗", "↑", "↖", "←", "↙", "↓", "↘"),
    chosen="▸",
    unsettled="·",
    diverged="∞",
    left="?",
    rule="┄",
    line="─",
    ellipsis="…",
    minus="−",
    superscripts=True,
)

BLOCK = GlyphSet(
    name="block",
    start="○",
    iterate="◆",
    minimum="●",
    maximum="▲",
    saddle="×",
    degenerate="*",
    cursor="+",
    hatch="/",
    bead="•",
    gauge="█",
    gauge_rest="░",
    gauge_left="[",
    gauge_right="]",
    arrows=("→", "↗", "↑", "↖", "←", "↙", "↓", "↘"),
    chosen="►",
    unsettled="·",
    diverged="∞",
    left="?",
    rule="─",
    line="─",
    ellipsis="…",
    minus="−",
    superscripts=True,
)

ASCII = GlyphSet(
    name="ascii",
    start="o",
    iterate="@",
    minimum="v",
    maximum="^",
    saddle="x",
    degenerate="*",
    cursor="+",
    hatch="%",
    bead="O",
    gauge="#",
    gauge_rest=".",
    gauge_left="[",
    gauge_right="]",
    arrows=(">", "/", "^", "\\", "<", "/", "v", "\\"),
    chosen=">",
    unsettled=".",
    diverged="!",
    left="?",
    rule="-",
    line="-",
    ellipsis="~",
    minus="-",
    superscripts=False,
)

GLYPH_SETS: dict[str, GlyphSet] = {glyphs.name: glyphs for glyphs in (BRAILLE, BLOCK, ASCII)}


def with_own(glyphs: GlyphSet, own: Sequence[tuple[str, str]]) -> GlyphSet:
    """Return a glyph set with a theme's own characters in place of some; in ASCII only those that are ASCII.

    A character that another marker has already stays away: every marker must stand for one thing.
    """
    for name, character in own:
        if not glyphs.superscripts and not character.isascii():
            continue
        changed = replace(glyphs, **{name: character})  # type: ignore[arg-type]
        if len(set(changed.markers)) == len(changed.markers):
            glyphs = changed
    return glyphs


def glyph_set(name: str) -> GlyphSet:
    """Return a glyph set by its name; raise ValueError with the names there are."""
    try:
        return GLYPH_SETS[name]
    except KeyError:
        raise ValueError(f"no glyph set is called {name!r}; there are {', '.join(GLYPH_SETS)}") from None
