"""What the command line understands, and what it says of what it doesn't: the contract's errors and lists."""

import json
import re
import time

import pytest

from curvtui.engine.optimizers.catalogue import OPTIMIZERS
from curvtui.engine.optimizers.schedules import SCHEDULES
from curvtui.engine.surface.presets import PRESETS
from curvtui.tui.cli import main
from curvtui.tui.themes import theme_names
from curvtui.tui.version import __version__

CONTRACT_SURFACES = [
    "quartic",
    "saddle",
    "monkey_saddle",
    "bowl",
    "quadratic",
    "newton_bowl",
    "rosenbrock",
    "rastrigin",
    "himmelblau",
    "six_hump_camel",
    "beale",
    "goldstein_price",
    "ackley",
    "styblinski_tang",
    "booth",
    "matyas",
    "mccormick",
    "easom",
    "peaks",
    "parabola",
    "exponential",
    "double_well",
]


@pytest.fixture
def command(capsys):
    """Run the command in this process: (exit code, standard output, standard error)."""

    def run(*words):
        code = main(list(words))
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def refused(command):
    """Run a command that can't be understood; return the lines that say why."""

    def run(*words):
        code, out, err = command(*words)
        assert (code, out) == (2, ""), (words, out)
        assert err.startswith("curvtui: ")
        assert err.endswith("\n")
        assert all(character.isprintable() or character == "\n" for character in err)
        sentence, *excerpt = err.removeprefix("curvtui: ").splitlines()
        assert 0 < len(sentence) <= 500
        assert len(excerpt) in (0, 2)
        return sentence, *excerpt

    return run


@pytest.fixture
def answered(command):
    """Run a command that is understood; return its JSON."""

    def run(*words):
        first, *others = words
        code, out, err = command(first, "--json", *others)
        assert (code, err) == (0, "")
        return json.loads(out, parse_constant=pytest.fail)

    return run


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("list", "the following arguments are required: KIND"),
        ("list colours", "argument KIND: invalid choice: 'colours'"),
        ("run", "the following arguments are required: SURFACE"),
        ("run quartic bowl", "unrecognized arguments: bowl"),
        ("quartic bowl", "unrecognized arguments: bowl"),
        ("run quartic --stpes 3", "unknown option --stpes; did you mean --steps?"),
        ("run quartic --optimiser=gd", "unknown option --optimiser; did you mean --optimizer?"),
        ("--glyph ascii", "unknown option --glyph; did you mean --glyphs?"),
        ("run quartic --qwxz", "unknown option --qwxz; see curvtui --help"),
        ("run quartic --json --csv", "argument --csv: not allowed with argument --json"),
        ("run quartic --record some", "argument --record: invalid choice: 'some'"),
        ("run quartic --steps", "argument --steps: expected one argument"),
        ("run quartic --steps -1", "argument --steps: a number from 0 to 100,000,000 is needed; -1 was given"),
        ("run quartic --steps 1.5", "argument --steps: a whole number is needed; '1.5' was given"),
        ("run quartic --steps 1000000000000", "argument --steps: a number from 0 to 100,000,000 is needed;"),
        ("run quartic --seed -1", "argument --seed: a number from 0 to 100,000,000 is needed; -1 was given"),
        ("run quartic --tol small", "argument --tol: a number is needed; 'small' was given"),
        ("run quartic --lr nan", "argument --lr: a finite number is needed; 'nan' was given"),
        ("run quartic --lr 1e999", "argument --lr: a finite number is needed; '1e999' was given"),
        ("run quartic --lr -1", "lr must be zero or positive; -1 was given"),
        ("run quartic --noise -0.1", "noise must be zero or positive; -0.1 was given"),
        ("run quartic --clip 0", "clip must be positive; 0 was given"),
        ("run quartic --clip-value 0", "clip_value must be positive; 0 was given"),
        ("run quartic --optimizer newton --set weight_decay=-1", "weight_decay must be zero or positive; -1 was given"),
        ("run quartic --optimizer newton --set weight_decay=much", "weight_decay must be a number; 'much' was given"),
        ("run quartic --optimizer adma", "there is no optimizer 'adma'; known are gd,"),
        ("run quartic --optimizer adem", "(did you mean 'adam'?)"),
        ("run quartic --set lr", "argument --set: NAME=VALUE is needed; 'lr' was given"),
        ("run quartic --set =1", "argument --set: NAME=VALUE is needed; '=1' was given"),
        ("run quartic --set lr=", "argument --set: NAME=VALUE is needed; 'lr=' was given"),
        ("run quartic --set lr=fast", "lr must be a number; 'fast' was given"),
        ("run quartic --set momentum=0.5", "gd has no hyperparameter 'momentum'; it has lr, weight_decay"),
        ("run quartic --optimizer adam --set bta1=0.5", "(did you mean 'beta1'?)"),
        ("run quartic --optimizer adam --set beta2=1.2", "beta2 must lie in [0, 1); 1.2 was given"),
        ("run quartic --set lr=1 --set lr=2", "--set gives 'lr' more than one value"),
        ("run quartic --lr 1 --set lr=1", "--lr and --set both give the learning rate"),
        ("run quartic --schedule stpe", "there is no schedule 'stpe'; known are constant,"),
        ("run quartic --schedule step:size=x", "size must be a number; 'x' was given"),
        ("run quartic --schedule step:30", "a schedule reads NAME:key=value,key=value; '30' is no key=value"),
        ("run quartic --optimizer newton --schedule step:gama=1", "(did you mean 'gamma'?)"),
        ("run quartik", "no preset is called 'quartik'; did you mean 'quartic'"),
        ("run zzzzzzz", "no preset is called 'zzzzzzz'; 'curvtui list surfaces' names them all"),
        ("run a*x --param a", "argument --param: NAME=VALUE is needed; 'a' was given"),
        ("run a*x --param a=two", "argument --param: a number is needed; 'two' was given"),
        ("run a*x --param a=inf", "argument --param: a finite number is needed; 'inf' was given"),
        ("run a*x --param a=1 --param a=2", "--param gives 'a' more than one value"),
        ("run a*x --param b=2", "the formula has no parameter 'b'; its parameters: a"),
        ("run x**2 --param x=2", "'x' is a variable, not a parameter; choose another letter"),
        ("run rosenbrock --param b=2", "the formula has no parameter 'b'; its parameters: a"),
        ("run quartic --param a=2", "the formula has no parameter 'a'; its parameters: none"),
        ("run x**2 --box", "--box takes numbers"),
        ("run x**2 --box --steps 2", "--box takes numbers; '--steps' was given"),
        ("run x**2 --box a b", "--box takes numbers; 'a' was given"),
        ("run x**2 --box=", "--box takes 2 numbers, or 4 for two variables; 0 were given"),
        ("run x**2 --box 1", "--box takes 2 numbers, or 4 for two variables; 1 was given"),
        ("run x**2 --box 1 2 3", "--box takes 2 numbers, or 4 for two variables; 3 were given"),
        ("run x**2 --box 1 2 3 4 5", "--box takes at most 4 numbers"),
        ("run x**2 --box 1 2 3 4", "the box needs 2 numbers, low and high of 1 variable; 4 were given"),
        ("run quartic --box -1 1", "the box needs 4 numbers, low and high of 2 variables; 2 were given"),
        ("run x**2 --box 2 -2", "the box's interval 2 to -2 is empty; the first must be the smaller"),
        ("run x**2 --box 1 1", "the box's interval 1 to 1 is empty; the first must be the smaller"),
        ("run x**2 --box nan 1", "argument --box: a finite number is needed; 'nan' was given"),
        ("run x**2 --box -inf 1", "argument --box: a finite number is needed; '-inf' was given"),
        ("run x**2 --box 1 1.0000000000000002", "is too narrow to tell numbers apart"),
        ("run x**2 --box -1e200 1", "is not finite, or beyond ±1e150"),
        ("run quartic --start", "--start takes numbers"),
        ("run quartic --start here", "--start takes numbers; 'here' was given"),
        ("run quartic --start 1", "--start takes 2 numbers, x and y; 1 was given"),
        ("run quartic --start 1 2 3", "--start takes at most 2 numbers"),
        ("run x**2 --start 1 2", "--start takes 1 number, x; 2 were given"),
        ("run quartic --start nan 1", "argument --start: a finite number is needed; 'nan' was given"),
        ("run 7", "names no variable; a formula needs x, or x and y"),
        ("run a*b*c", "names three variables, a, b and c; at most two are accepted"),
        ("--color blue", "argument --color: invalid choice: 'blue'"),
    ],
)
def test_what_is_not_understood_is_told_in_one_sentence(refused, words, sentence):
    said, *_ = refused(*words.split(" "))
    assert sentence in said


@pytest.mark.parametrize(
    ("formula", "sentence", "column"),
    [
        ("sin(x", "the '(' at column 4 is never closed", 4),
        ("x**2 + sine(x)", "unknown name 'sine' at column 8; did you mean 'sin'?", 8),
        ("x + a*x**2", "'a' at column 5 has no value", 5),
        ("-x**2 + * y", None, 9),
        ("  x + q(y)", "q( needs a '*' at column 8", 8),
        ("2x", None, 2),
        ("x*1.01**100000000", "exponent too large at column 9", 9),
        ("x**2 + \u202ey", "the invisible or control character U+202E at column 8 is not accepted", 8),
        ("x + \x1b[31my", "the invisible or control character U+001B at column 5 is not accepted", 5),
    ],
)
def test_a_caret_stands_under_the_place_in_the_formula(refused, formula, sentence, column):
    said, excerpt, caret = refused("run", formula)
    if sentence is not None:
        assert sentence in said
    shown = re.sub("[^ -~]", "�", formula)
    assert excerpt.endswith(shown)
    assert caret == " " * (len(excerpt) - len(shown) + column - 1) + "^"


def test_the_caret_keeps_its_place_in_a_long_formula(refused):
    formula = "+".join(["sin(x)"] * 200) + "+ sinn(y) +" + "+".join(["cos(x)"] * 200)
    _, excerpt, caret = refused("run", formula)
    assert excerpt[len(caret) - 1 :].startswith("sinn(y)")
    assert len(excerpt) < 80


def test_a_missing_parameter_comes_with_a_hint(refused):
    said, *_ = refused("run", "a*x**2")
    assert "beside x a name is a parameter and needs one (--param a=1)" in said


@pytest.mark.parametrize("nothing", ["", " ", "   "])
def test_an_empty_formula_is_refused(refused, nothing):
    assert refused("run", nothing) == ("the formula is empty; try x**2 + y**2",)


HOSTILE = "\x1b]0;owned\x07\x9b31m\u202e\u200b\udcff\n\r\tx"


@pytest.mark.parametrize(
    "words",
    [
        ("run", HOSTILE),
        ("run", "quartic", HOSTILE),
        ("run", "quartic", "--" + HOSTILE),
        ("run", "quartic", "--x" + HOSTILE),
        ("run", "quartic", "--optimizer", HOSTILE),
        ("run", "quartic", "--schedule", HOSTILE),
        ("run", "quartic", "--set", HOSTILE),
        ("run", "quartic", "--set", f"{HOSTILE}=1"),
        ("run", "quartic", "--set", f"lr={HOSTILE}"),
        ("run", "quartic", "--param", f"{HOSTILE}=1"),
        ("run", "quartic", "--lr", HOSTILE),
        ("run", "quartic", "--steps", HOSTILE),
        ("run", "quartic", "--box", HOSTILE),
        ("run", "quartic", "--record", HOSTILE),
        ("list", HOSTILE),
        ("--color", HOSTILE),
        (HOSTILE,),
    ],
)
def test_nothing_that_is_given_reaches_the_terminal_as_it_is(refused, words):
    refused(*words)


@pytest.mark.parametrize("unit", ["x+", "(", "9", "-", " ", "x**2 ", "sin(", "é", "x**"])
def test_a_megabyte_is_refused_within_a_second(refused, unit):
    formula = unit * (1_000_000 // len(unit))
    began = time.process_time()
    said, *_ = refused("run", formula)
    assert time.process_time() - began < 1.0
    assert "too long" in said or "is empty" in said


@pytest.mark.parametrize("unit", ["x+", "(", "9", "-", "sin(", "x**", "x^-", "min(x,"])
def test_the_longest_formulas_are_answered_within_seconds(command, unit):
    formula = (unit * 10_000)[:9_999] + "x"
    began = time.process_time()
    code, _, err = command("run", formula, "--steps", "1")
    assert code in (0, 2)
    assert (err == "") == (code == 0)
    assert time.process_time() - began < 5.0


def test_a_chain_of_schedules_is_no_bomb(refused):
    said, *_ = refused("run", "quartic", "--schedule", "warmup:steps=1" + ",then=warmup,steps=1" * 2000)
    assert said == "at most 20 schedules can follow one another"


@pytest.mark.parametrize(
    ("words", "formula", "value"),
    [
        (["-x**2"], "-x**2", -9.0),
        (["--x**2"], "--x**2", 9.0),
        (["-(x**2)"], "-(x**2)", -9.0),
        (["-sin(x)*0 - x"], "-sin(x)*0 - x", -3.0),
        (["--sin(x)*0 + x"], "--sin(x)*0 + x", 3.0),
        (["-1e-3*x"], "-1e-3*x", -0.003),
        (["-.5*x"], "-.5*x", -1.5),
        (["--", "--x"], "--x", 3.0),
        (["--", "-x"], "-x", -3.0),
        (["x^2"], "x^2", 9.0),
        (["  x**2 "], "x**2", 9.0),
        (["-e**0*x"], "-e**0*x", -3.0),
    ],
)
def test_a_formula_may_begin_with_a_minus(answered, words, formula, value):
    data = answered("run", "--start", "3", "--steps", "0", *words)
    assert data["surface"]["formula"] == formula
    assert data["values"] == [value]


@pytest.mark.parametrize("words", [["--x"], ["--y=3"], ["-o"], ["--x-y"]])
def test_a_word_that_could_be_an_option_is_taken_for_one(refused, words):
    refused("run", *words)


@pytest.mark.parametrize(
    ("words", "box"),
    [
        (["--box", "-1e-3", "1e-3"], [[-1e-3, 1e-3]]),
        (["--box=-1e-3 1e-3"], [[-1e-3, 1e-3]]),
        (["--box", "-.5", "+.5"], [[-0.5, 0.5]]),
        (["--box", "-1E2", "-1"], [[-100, -1]]),
        ([], [[-2, 2]]),
    ],
)
def test_numbers_may_begin_with_a_minus(answered, words, box):
    for order in (["run", *words, "x**2"], ["run", "x**2", *words]):
        assert answered(*order, "--steps", "0")["surface"]["box"] == box


def test_boxes_and_starts_of_two_variables(answered):
    data = answered("run", "--box", "-3", "1", "-1e1", "0", "--start", "-1", "-2", "x*y", "--lr", "0", "--steps", "0")
    assert data["surface"]["box"] == [[-3, 1], [-10, 0]]
    assert (data["start"], data["values"]) == ([-1, -2], [2])


@pytest.mark.parametrize(
    ("words", "variables", "parameters", "value"),
    [
        (["x*y"], ["x", "y"], {}, 2),
        (["y**2 + 0*x"], ["x", "y"], {}, 4),
        (["w1 + 10*w2"], ["w1", "w2"], {}, 21),
        (["w2 + 10*w1"], ["w1", "w2"], {}, 12),
        (["b - a"], ["a", "b"], {}, 1),
        (["x*y + a", "--param", "a=-1e-1"], ["x", "y"], {"a": -0.1}, 1.9),
        (["u*v*w", "--param", "v=3"], ["u", "w"], {"v": 3}, 6),
        (["rosenbrock", "--param", "a=1"], ["x", "y"], {"a": 1}, 1),
    ],
)
def test_variables_and_parameters(answered, words, variables, parameters, value):
    data = answered("run", *words, "--start", "1", "2", "--steps", "0")
    assert data["surface"]["variables"] == variables
    assert data["surface"]["parameters"] == parameters
    assert data["values"] == [pytest.approx(value, rel=1e-15)]


def test_one_variable_has_points_of_one_number(answered):
    data = answered("run", "t**2", "--start", "3", "--lr", "0.25", "--steps", "2")
    assert data["surface"]["variables"] == ["t"]
    assert data["surface"]["gradient"] == ["2*t"]
    assert data["surface"]["hessian"] == [["2"]]
    assert (data["start"], data["path"]) == ([3], [[3], [1.5], [0.75]])


def test_the_surfaces_of_the_contract_can_be_named(answered):
    listed = {entry["name"]: entry for entry in answered("list", "surfaces")["surfaces"]}
    assert list(listed) == list(PRESETS)
    assert set(CONTRACT_SURFACES) <= set(listed)
    assert next(iter(listed)) == "quartic"
    assert listed["rosenbrock"]["parameters"] == {"a": 100}
    for name in listed:
        data = answered("run", name.upper().replace("_", "-"), "--steps", "0", "--record", "last")
        assert data["surface"]["name"] == name
        assert data["surface"]["formula"] == listed[name]["formula"]
        assert data["surface"]["box"] == listed[name]["box"]
        assert data["start"] == listed[name]["start"]


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("surfaces", list(PRESETS)),
        ("optimizers", list(OPTIMIZERS)),
        ("schedules", list(SCHEDULES)),
        ("themes", list(theme_names())),
    ],
)
def test_lists_name_what_there_is(command, answered, kind, names):
    data = answered("list", kind)
    assert list(data) == ["schema", kind]
    assert data["schema"] == 1
    assert [entry["name"] for entry in data[kind]] == names
    code, out, err = command("list", kind)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert [line.split(" ")[0] for line in lines] == names
    assert len({len(line) - len(line.split(" ", 1)[1].lstrip()) for line in lines}) == 1, "the texts are not aligned"


def test_lists_tell_the_hyperparameters(answered):
    listed = {entry["name"]: entry for entry in answered("list", "optimizers")["optimizers"]}
    adam = {each["name"]: each for each in listed["adam"]["hyperparameters"]}
    assert {name: adam[name]["default"] for name in ("lr", "beta1", "beta2", "eps")} == {
        "lr": 1e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8,
    }  # fmt: skip
    assert adam["beta1"]["range"] == "[0, 1)"
    assert all(each["help"] for each in adam.values())


def test_every_listed_default_is_one_that_is_accepted(answered):
    for entry in answered("list", "optimizers")["optimizers"]:
        given = [f"--set={each['name']}={each['default']}" for each in entry["hyperparameters"]]
        data = answered("run", "bowl", "--optimizer", entry["name"], *given, "--steps", "2")
        bare = answered("run", "bowl", "--optimizer", entry["name"], "--steps", "2")
        assert data["path"] == bare["path"]
        assert data["optimizer"] == bare["optimizer"]


def test_help_and_version(command):
    assert command("--version") == (0, f"curvtui {__version__}\n", "")
    for words in ((), ("run",), ("list",), ("analyze",)):
        code, out, err = command(*words, "--help")
        assert (code, err) == (0, "")
        assert out.startswith(f"usage: {' '.join(('curvtui', *words))}")
    _, out, _ = command("run", "--help")
    for option in [
        "--box",
        "--param",
        "--start",
        "--optimizer",
        "--lr",
        "--set",
        "--schedule",
        "--noise",
        "--clip",
        "--seed",
        "--steps",
        "--tol",
        "--record",
        "--json",
        "--csv",
    ]:
        assert option in out


def test_what_analyze_does_not_understand(refused):
    assert refused("analyze") == ("the following arguments are required: SURFACE",)
    assert refused("analyze", "x", "--steps", "3")[0].startswith("unknown option --steps")
    for budget, says in {
        "0": "a number of seconds above 0 is needed; '0' was given",
        "-1": "a number of seconds above 0 is needed; '-1' was given",
        "nan": "a finite number is needed; 'nan' was given",
        "soon": "a number is needed; 'soon' was given",
    }.items():
        assert refused("analyze", "x", "--budget", budget) == (f"argument --budget: {says}",)
    assert refused("analyze", "x*y", "--box", "0", "1") == (
        "the box needs 4 numbers, low and high of 2 variables; 2 were given",
    )
    assert refused("analyze", "a*x")[0].endswith("(--param a=1)")


def test_the_explorer_needs_a_terminal(refused):
    assert refused() == ("the explorer needs a terminal; 'curvtui run' works without one",)
    assert refused("rosenbrock", "--optimizer", "adam")[0].startswith("the explorer needs a terminal")
