"""Themes as data: one TOML file each, with UI colours, the map's colour ramp and glyphs."""
