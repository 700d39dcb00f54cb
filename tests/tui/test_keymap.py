import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.keys import KEY_NAME_REPLACEMENTS

from curvtui.tui.actions import ACTIONS
from curvtui.tui.drawing.glyphs import ASCII, BRAILLE
from curvtui.tui.key_names import key_name
from curvtui.tui.keymap import Config, ConfigError, bindings, key_text, keys_of, read_config

from .driving import FREE_KEYS

FREE = FREE_KEYS[0]


@pytest.fixture
def config(tmp_path):
    """Read a config file of this text."""

    def read(text):
        path = tmp_path / "config.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_config(path)

    return read


def test_no_file_sets_nothing(tmp_path):
    assert read_config(tmp_path / "config.toml") == Config({}, None)
    assert read_config(tmp_path / "no" / "config.toml") == Config({}, None)


def test_an_empty_file_sets_nothing(config):
    assert config("") == config("[keys]\n") == Config({}, None)


def test_theme_and_keys(config):
    read = config(f'theme = "light"\n[keys]\nstep = "{FREE}"\nback = " ctrl+b , f5 ,"\n')
    assert read == Config({"step": FREE, "back": "ctrl+b,f5"}, "light")
    assert keys_of("step", read.keys) == (FREE,)
    assert keys_of("back", read.keys) == ("ctrl+b", "f5")
    assert keys_of("play", read.keys) == ACTIONS["play"].keys == ("space",)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        *zip(FREE_KEYS[:2], FREE_KEYS[:2], strict=True),
        ("9", "9"),
        (":", "colon"),
        ("!", "exclamation_mark"),
        ("/", "slash"),
        ("^", "circumflex_accent"),
        ("@", "at"),
        ("_", "underscore"),
        ("ctrl+/", "ctrl+slash"),
        ("ctrl++", "ctrl+plus"),
        ("shift+f1", "shift+f1"),
        ("tilde", "tilde"),
        ("solidus", "slash"),
        ("low_line", "underscore"),
        ("F9", "f9"),
        ("PageDown", "pagedown"),
        ("shift+ctrl+left", "ctrl+shift+left"),
        ("Ctrl+N", "ctrl+n"),
        ("ctrl + n", "ctrl+n"),
        ("ü", "ü"),
        ("shift+Y", "Y"),
    ],
)
def test_a_key_may_be_written_as_the_character_it_types(config, written, name):
    assert config(f'[keys]\nstep = "{written}"').keys == {"step": name}


def test_characters_get_the_names_that_a_binding_gives_them(config):
    from textual.binding import BindingsMap

    taken = {key for action in ACTIONS.values() for key in action.keys}
    for character in "!\"#$%&'()*./:;@\\^_`{|}~":
        (key,) = BindingsMap([(character, "act", "")]).key_to_bindings
        if key in taken:
            continue
        escaped = character.replace("\\", "\\\\").replace('"', '\\"')
        assert config(f'[keys]\nstep = "{escaped}"').keys["step"] == key
    assert KEY_NAME_REPLACEMENTS["solidus"] == "slash"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("keys", "config.toml is not TOML: "),
        ("[keys\n", "config.toml is not TOML: "),
        ('[keys]\nstep = "s"\nstep = "t"', "config.toml is not TOML: "),
        (b"\xff\xfe", "config.toml can't be read (UnicodeDecodeError)"),
        ("x = " + "[" * 5000, "config.toml is "),
        ('color = "red"', "config.toml has no setting 'color'; it takes theme and a table [keys]"),
        ("theme = 7", 'config.toml: theme must be a name in quotes, such as "light"'),
        ('keys = "n"', "config.toml: keys must be a table, [keys]"),
        ('[keys]\nfly = "s"', "config.toml: there is no action 'fly'; the help (?) and the README name them"),
        ("[keys]\nstep = 7", 'config.toml: the key of step must be in quotes, such as "n" or "ctrl+n,f5"'),
        ('[keys]\nstep = ["s"]', "config.toml: the key of step must be in quotes"),
        ('[keys]\nstep = ""', "config.toml: the key of step must be in quotes"),
        ('[keys]\nstep = " , "', "config.toml: the key of step must be in quotes"),
        ('[keys]\nstep = "b"', "config.toml: the key 'b' is given to both step and back"),
        ('[keys]\nstep = "?"', "config.toml: the key 'question_mark' is given to both step and help"),
        ('[keys]\nstep = "7"', "config.toml: the key '7' is given to both step and runner_7"),
        ('[keys]\nstep = "+"', "config.toml: the key 'plus' is given to both step and zoom_in"),
        ('[keys]\nstep = "f7"\nback = "f8,f7"', "config.toml: the key 'f7' is given to both step and back"),
        (
            '[keys]\nstep = "esc"',
            "config.toml: step can't have this key: 'esc' is no key that a terminal sends; the near",
        ),
        ('[keys]\nstep = "ctrl+spcae"', "config.toml: step can't have this key: 'ctrl+spcae' is no key"),
        ('[keys]\nstep = "cmd+n"', "config.toml: step can't have this key: 'cmd+n' is no key: 'cmd' is none of alt, c"),
        ('[keys]\nstep = "nn"', "config.toml: step can't have this key: 'nn' is no key"),
        ('[keys]\nstep = "ctrl+"', "config.toml: step can't have this key: 'ctrl+' is no key"),
        ('[keys]\nstep = "\\u0000"', "config.toml: step can't have this key: '\\x00' is no key"),
        ('[keys]\nstep = "f25"', "config.toml: step can't have this key: 'f25' is no key"),
        ('[keys]\nstep = "return"', "config.toml: step can't have this key: 'return' is no key"),
        ('[keys]\nstep = "null"', "config.toml: step can't have this key: 'null' is no key"),
    ],
)
def test_mistakes_are_told_in_one_sentence(config, text, says):
    with pytest.raises(ConfigError) as caught:
        config(text)
    assert str(caught.value).startswith(says)
    assert "\n" not in str(caught.value)


def test_every_key_that_textual_names_is_a_key():
    from textual.keys import Keys

    for key in Keys:
        if key.value in ("return", "ctrl-at") or key.value.startswith("<"):
            continue
        # ctrl+@ is the same key by its character.
        assert key_name(key.value) == key.value.replace("@", "at")
    for action in ACTIONS.values():
        assert [key_name(key) for key in action.keys] == list(action.keys)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.text(max_size=12).filter(lambda text: "," not in text))
def test_any_text_is_a_key_or_is_refused_in_one_sentence(text):
    said = ""
    try:
        name = key_name(text)
    except ValueError as error:
        said = str(error)
    else:
        assert not name.isascii() or not text.isascii() or key_name(name) == name
    assert said.isprintable()
    assert not said or "is no key" in said


def test_a_folder_is_no_config_file(tmp_path):
    with pytest.raises(ConfigError, match=r"can't be read \(IsADirectoryError\)"):
        read_config(tmp_path)


def test_two_actions_may_swap_their_keys(config):
    assert config('[keys]\nstep = "b"\nback = "n"').keys == {"step": "b", "back": "n"}
    assert config('[keys]\nstep = "n"').keys == {"step": "n"}
    assert config('[keys]\nstep = "!, exclamation_mark, !"').keys == {"step": "exclamation_mark"}


def test_no_two_actions_share_a_key_by_default():
    keys = [key for action in ACTIONS.values() for key in action.keys]
    assert len(set(keys)) == len(keys)


def test_every_action_has_one_binding_that_its_name_finds():
    made = {binding.id: binding for binding in bindings() if binding.id is not None}
    assert list(made) == list(ACTIONS)
    for name, binding in made.items():
        assert binding.key == ",".join(ACTIONS[name].keys)
        assert binding.action == f"perform('{name}')"
        assert binding.description == ACTIONS[name].help


@pytest.mark.parametrize(
    ("key", "braille", "ascii_"),
    [
        ("n", "n", "n"),
        ("N", "N", "N"),
        ("less_than_sign", "<", "<"),
        ("question_mark", "?", "?"),
        ("plus", "+", "+"),
        ("space", "space", "space"),
        ("ctrl+q", "ctrl+q", "ctrl+q"),
        ("left", "←", "left"),
        ("shift+down", "shift+↓", "shift+down"),
        ("ctrl+minus", "ctrl+-", "ctrl+-"),
    ],
)
def test_keys_as_they_are_written(key, braille, ascii_):
    assert key_text(key, BRAILLE) == braille
    assert key_text(key, ASCII) == ascii_
