import copy
import json
import math
import time

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curvtui.engine.descent.race import Clock, Race
from curvtui.engine.descent.run import Run
from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.descent.status import judge
from curvtui.engine.files import KIND, MAX_STEPS, SCHEMA, Session, SessionError, read_session, session_text
from curvtui.engine.optimizers.catalogue import OPTIMIZERS
from curvtui.engine.optimizers.schedule import parse_schedule
from curvtui.engine.surface.surface import Surface, open_surface

RUN = ("race", "runners", 0, "run")


def session_of(surface, run, view=None):
    return Session(surface, view or surface.box, run if isinstance(run, Race) else Race(run))


def eventful():
    """A session with everything in it: noise, clipping, a schedule, changes, a branch stepped back over."""
    surface = open_surface("rosenbrock", parameters={"a": 12.5}).with_box(((-3, 2.5), (-1, 3)))
    settings = RunSettings(
        "adam", {"lr": 0.05}, parse_schedule("warmup:steps=4,then=cosine,steps=90"), noise=0.3, clip=2.0, seed=5
    )
    run = Run(surface, settings, (-1.2, 1.0))
    run.step(10)
    run.change(RunSettings("momentum", {"lr": 0.001}, noise=0.1, seed=9))
    run.step(7)
    run.change(run.settings.with_values(lr=0.002, momentum=0.5))
    run.step(3)
    run.change(RunSettings("gd", {"lr": 1e-3}))
    run.step(9)
    run.jump(18)
    return session_of(surface, run, ((-1.25, 1.0), (0.1, 1.7)))


def same_bits(one, other):
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(same_bits, one, other))
    return np.array_equal(one, other, equal_nan=isinstance(one, np.ndarray | float))


def same_run(one, other):
    assert (one.position, one.length, one.ended) == (other.position, other.length, other.ended)
    assert one.segments == other.segments
    for name in ("state", "path", "full_path"):
        assert same_bits(getattr(one, name), getattr(other, name))
    assert one.evaluations == other.evaluations


def contested():
    """A race with everything in it: a branch, an ended and a muted runner, gaps in numbers, odd colours."""
    session = eventful()
    race = session.race
    race.branch(RunSettings("nesterov", {"lr": 1e-4}))
    race.add(RunSettings("gd", {"lr": 10.0}))
    race.toggle_muted()
    race.add(RunSettings("trust_region"))
    race.recolour()
    race.add(RunSettings("lbfgs", {"line_search": 1.0}))
    race.step(9)
    race.select(3)
    assert race.run.ended
    race.select(2)
    race.remove()
    race.select(4)
    return session


def same_race(one, other):
    assert (one.clock, one.solo, one.selected) == (other.clock, other.solo, other.selected)
    for mine, yours in zip(one.runners, other.runners, strict=True):
        assert (mine.number, mine.colour, mine.muted) == (yours.number, yours.colour, yours.muted)
        same_run(mine.run, yours.run)


@pytest.mark.parametrize("clock", Clock)
@pytest.mark.parametrize("back", [0, 5])
@pytest.mark.parametrize("solo", [False, True])
def test_a_race_comes_back_bit_for_bit_and_goes_on_the_same(clock, back, solo):
    session = contested()
    race = session.race
    if clock is Clock.WORK:
        race.switch_clock()
        race.step(7)
    race.back(back)
    if solo:
        race.toggle_solo()
    again = read_session(session_text(session))
    same_race(again.race, race)
    assert session_text(again) == session_text(session)
    for each in (race, again.race):
        each.step(4)
    same_race(again.race, race)
    for each in (race, again.race):
        each.back(2)
        each.step(11)
    same_race(again.race, race)


def test_a_file_from_before_there_were_races_is_a_race_of_one():
    session = eventful()
    data = json.loads(session_text(session))
    data["run"] = data.pop("race")["runners"][0]["run"]
    again = read_session(json.dumps(data))
    same_race(again.race, session.race)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("race",), None),
        (("race",), []),
        (("race", "runners"), []),
        (("race", "runners"), {}),
        (("race", "runners"), None),
        (("race", "runners"), "ab"),
        (("race", "runners", 1), None),
        (("race", "runners", 1, "number"), 0),
        (("race", "runners", 1, "number"), 9),
        (("race", "runners", 1, "number"), 1),
        (("race", "runners", 1, "number"), 1.5),
        (("race", "runners", 1, "number"), math.nan),
        (("race", "runners", 1, "number"), "2"),
        (("race", "runners", 1, "number"), 10**400),
        (("race", "runners", 1, "colour"), 8),
        (("race", "runners", 1, "colour"), 0),
        (("race", "runners", 1, "colour"), -1),
        (("race", "runners", 1, "colour"), []),
        (("race", "runners", 1, "run"), None),
        (("race", "runners", 1, "run", "start"), [0.0, 0.0]),
        (("race", "runners", 1, "run", "length"), MAX_STEPS),
        (("race", "clock"), "noon"),
        (("race", "clock"), []),
        (("race", "selected"), 2),
        (("race", "selected"), None),
    ],
    ids=str,
)
def test_a_damaged_race_is_told_in_one_sentence(path, value):
    refused(damaged(*path, value=value, of=contested))


def test_what_only_shows_a_race_may_be_damaged():
    data = json.loads(session_text(contested()))
    data["race"]["solo"] = "all"
    data["race"]["runners"][0]["muted"] = 7
    race = read_session(json.dumps(data)).race
    assert race.solo is None
    assert not race.runners[0].muted


def test_a_session_comes_back_bit_for_bit():
    session = eventful()
    again = read_session(session_text(session))
    assert again.view == session.view
    assert again.surface.name == "rosenbrock"
    assert again.surface.box == session.surface.box
    assert again.surface.parameters == {"a": 12.5}
    same_run(again.run, session.run)
    for each in (session.run, again.run):
        each.step(30)
    same_run(again.run, session.run)
    assert session_text(again) == session_text(session)


@pytest.mark.parametrize("name", list(OPTIMIZERS))
def test_every_optimizers_run_comes_back(name):
    surface = open_surface("himmelblau")
    run = Run(surface, RunSettings(name, noise=0.05, seed=3), (1.0, 1.0))
    run.step(12)
    run.back(2)
    again = read_session(session_text(session_of(surface, run))).run
    same_run(again, run)
    for each in (run, again):
        each.step(5)
    same_run(again, run)


@pytest.mark.parametrize(
    ("formula", "parameters", "start"),
    [("x**2", {}, (1.5,)), ("-w1**2 + w2", {}, (0.1, 0.2)), ("a*x*y - b", {"a": 0.1, "b": -1e-7}, (1.0, 1 / 3))],
)
def test_typed_formulas_come_back(formula, parameters, start):
    surface = Surface.from_formula(formula, parameters=parameters)
    run = Run(surface, RunSettings(), start)
    run.step(3)
    again = read_session(session_text(session_of(surface, run)))
    assert again.surface.formula == formula
    assert again.surface.variables == surface.variables
    assert again.surface.parameters == parameters
    same_run(again.run, run)


@pytest.mark.parametrize(
    ("formula", "start", "rate"), [("log(x)", 1.5, 4.0), ("x**4", 2.0, 1.0), ("x**2", 1.0, 1.2), ("exp(x)", 800.0, 1.0)]
)
def test_how_a_run_ended_comes_back(formula, start, rate):
    surface = Surface.from_formula(formula)
    run = Run(surface, RunSettings("gd", {"lr": rate}), (start,))
    run.step(5000)
    assert run.ended
    again = read_session(session_text(session_of(surface, run))).run
    assert again.ended
    assert judge(again) == judge(run)
    run.back(1)
    same_run(read_session(session_text(session_of(surface, run))).run, run)


def test_the_file_is_strict_and_versioned():
    text = session_text(eventful())
    data = json.loads(text, parse_constant=pytest.fail)
    assert (data["kind"], data["schema"]) == (KIND, SCHEMA)
    assert text.endswith("}\n")
    assert len(text) < 5000


def test_a_preset_whose_formula_has_changed_since_is_still_what_was_saved():
    data = json.loads(session_text(eventful()))
    data["surface"]["formula"] = "(2 - x)**2 + a*(y - x**2)**2"
    again = read_session(json.dumps(data))
    assert again.surface.formula == data["surface"]["formula"]
    assert again.surface.value_at((0.0, 0.0)) == 4.0
    data["surface"]["name"] = "no_such_preset"
    assert read_session(json.dumps(data)).surface.value_at((0.0, 0.0)) == 4.0


def refused(text):
    began = time.process_time()
    with pytest.raises(SessionError) as caught:
        read_session(text)
    assert time.process_time() - began < 2.0
    sentence = str(caught.value)
    assert 10 < len(sentence) <= 320
    assert "\n" not in sentence
    return sentence


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "it is not JSON"),
        ("{", "it is not JSON"),
        ("\x00\x1b[31m", "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
        ("9" * 100_000, "it is not JSON"),
        ("null", 'no "kind"'),
        ("[]", 'no "kind"'),
        ('"curvtui session"', 'no "kind"'),
        ('{"kind": "something else"}', 'no "kind"'),
        (f'{{"kind": "{KIND}"}}', "of version None; this program reads version 1"),
        (f'{{"kind": "{KIND}", "schema": 2}}', "of version 2; this program reads version 1"),
        (f'{{"kind": "{KIND}", "schema": "{"9" * 5000}"}}', "; this program reads version 1"),
        (f'{{"kind": "{KIND}", "schema": 1}}', "damaged: KeyError at 'surface'"),
    ],
)
def test_what_is_no_session_is_told_so(text, says):
    assert says in refused(text)


def damaged(*path, value, of=eventful):
    data = json.loads(session_text(of()))
    at = data
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return json.dumps(data)


@pytest.mark.parametrize(
    "length", [MAX_STEPS + 1, 10**15, 10**400, -1, math.inf, math.nan, "many", None, [], {}, 1e300]
)
def test_an_impossible_length_is_refused_at_once(length):
    refused(damaged(*RUN, "length", value=length))


@pytest.mark.parametrize("step", [10**9, 10**300, -5, 30, math.inf, "x"])
def test_changes_outside_the_run_are_refused_at_once(step):
    # A change is reached by stepping there: a huge number here would be as good as a huge length.
    refused(damaged(*RUN, "segments", 2, "step", value=step))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("surface",), None),
        (("surface",), []),
        (("surface", "formula"), 7),
        (("surface", "formula"), "__import__('os').system('true')"),
        (("surface", "formula"), "9**9**9**9*x"),
        (("surface", "formula"), "x" * 100_000),
        (("surface", "formula"), "(" * 9_000),
        (("surface", "name"), None),
        (("surface", "parameters"), []),
        (("surface", "parameters"), {"a": "1"}),
        (("surface", "parameters"), {"a": True}),
        (("surface", "parameters"), {"a": math.nan}),
        (("surface", "parameters"), {"a": 10**400}),
        (("surface", "parameters"), {"a": [[[1]]] * 10_000}),
        (("surface", "parameters"), {"a": 1, "b": 2}),
        (("surface", "parameters"), {"self": 2}),
        (("surface", "box"), [[0, 1]]),
        (("surface", "box"), [[1, 0], [0, 1]]),
        (("surface", "box"), [[0, math.inf], [0, 1]]),
        (("surface", "box"), [[0, 1, 2], [0, 1]]),
        (("surface", "box"), "box"),
        (("view",), [[0, 0], [0, 1]]),
        (("view",), [[0, math.nan], [0, 1]]),
        (("view",), [["a", "b"], [0, 1]]),
        (("view",), 5),
        (RUN, "run"),
        ((*RUN, "start"), [1.0]),
        ((*RUN, "start"), [1.0] * 100_000),
        ((*RUN, "start"), "ab"),
        ((*RUN, "start"), [None, 1]),
        ((*RUN, "start"), [10**400, 1]),
        ((*RUN, "segments"), []),
        ((*RUN, "segments"), [7]),
        ((*RUN, "segments"), {}),
        ((*RUN, "segments", 0, "optimizer"), "adm"),
        ((*RUN, "segments", 0, "optimizer"), ["adam"]),
        ((*RUN, "segments", 0, "hyperparameters"), {"lr": -1}),
        ((*RUN, "segments", 0, "hyperparameters"), {"lr": math.nan}),
        ((*RUN, "segments", 0, "hyperparameters"), {"lr": []}),
        ((*RUN, "segments", 0, "hyperparameters"), {"rate": 1}),
        ((*RUN, "segments", 0, "hyperparameters"), [1]),
        ((*RUN, "segments", 0, "noise"), -1),
        ((*RUN, "segments", 0, "noise"), {}),
        ((*RUN, "segments", 0, "clip"), "none"),
        ((*RUN, "segments", 0, "clip"), 0),
        ((*RUN, "segments", 0, "seed"), 0.5),
        ((*RUN, "segments", 0, "seed"), 10**400),
        ((*RUN, "segments", 0, "schedule"), "cosine"),
        ((*RUN, "segments", 0, "schedule", "name"), ["cosine"]),
        ((*RUN, "segments", 0, "schedule", "parameters"), {"steps": 0}),
        ((*RUN, "segments", 0, "schedule", "then"), 5),
        ((*RUN, "position"), "here"),
        ((*RUN, "position"), math.inf),
    ],
    ids=str,
)
def test_damage_is_told_in_one_sentence(path, value):
    refused(damaged(*path, value=value))


@pytest.mark.parametrize("depth", [21, 100, 300, 900])
def test_a_chain_of_schedules_is_no_bomb(depth):
    schedule = {"name": "warmup", "parameters": {}}
    for _ in range(depth):
        schedule = {"name": "warmup", "parameters": {}, "then": schedule}
    # Made as text: json.dumps itself gives up at such depths.
    text = damaged(*RUN, "segments", 0, "schedule", value="HERE")
    opening = '{"name": "warmup", "then": ' * depth
    refused(text.replace('"HERE"', opening + '{"name": "constant"}' + "}" * depth))


SMALL_RUN = {
    "start": [0.5, 0.5],
    "segments": [
        {
            "step": 0, "optimizer": "adam", "hyperparameters": {"lr": 0.1},
            "schedule": {"name": "warmup", "then": {"name": "cosine", "parameters": {"steps": 9}}},
            "noise": 0.1, "clip": 1, "seed": 1,
        },
        {"step": 2, "optimizer": "gd", "hyperparameters": {"lr": 0.1}, "noise": 0, "clip": None, "seed": 0},
    ],
    "length": 3,
    "position": 1,
    "ended": False,
}  # fmt: skip
OTHER_RUN = {
    "start": [0.5, 0.5],
    "segments": [{"step": 0, "optimizer": "newton", "hyperparameters": {}}],
    "length": 2,
    "position": 2,
}
SMALL = {
    "kind": KIND,
    "schema": SCHEMA,
    "surface": {
        "name": "rosenbrock", "formula": "(1 - x)**2 + a*(y - x**2)**2", "parameters": {"a": 2},
        "box": [[-1, 1], [-1, 1]],
    },
    "view": [[-1, 1], [-1, 1]],
    "race": {
        "clock": "steps",
        "selected": 2,
        "solo": None,
        "runners": [
            {"number": 1, "colour": 0, "muted": False, "run": SMALL_RUN},
            {"number": 2, "colour": 3, "muted": True, "run": OTHER_RUN},
        ],
    },
}  # fmt: skip
OLD = {**{key: value for key, value in SMALL.items() if key != "race"}, "run": SMALL_RUN}


def places(data, path=()):
    """Every place in nested data, the inner ones too."""
    yield path
    pairs = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in pairs:
        yield from places(value, (*path, key))


def session_or_sentence(text):
    """The session, or None where one sentence says that there is none; any other exception is raised."""
    try:
        return read_session(text)
    except SessionError as error:
        sentence = str(error)
    assert 10 < len(sentence) <= 320
    assert "\n" not in sentence
    return None


PLACES = [(data, place) for data in (OLD, SMALL) for place in list(places(data))[1:]]
numbers = st.floats() | st.integers(-3, 40) | st.sampled_from([10**30, -(10**30), 2**53, 10**400, 1e308, 5e-324])
words = st.text(max_size=8) | st.sampled_from(
    ["adam", "gd", "newton", "cosine", "x", "1", "nan", "x**2", "log(x*y)", "quartic"]
)
junk = st.recursive(
    st.none() | st.booleans() | numbers | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)


def runs_in(data):
    """Every part of damaged data that will be taken for a run."""
    if isinstance(data, dict):
        if "length" in data:
            yield data
        for part in data.values():
            yield from runs_in(part)
    elif isinstance(data, list):
        for part in data:
            yield from runs_in(part)


@settings(max_examples=350, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from([OLD, SMALL]),
    st.lists(st.tuples(st.sampled_from(PLACES), st.none() | st.just("drop") | junk), min_size=1, max_size=3),
)
def test_a_damaged_file_is_a_session_or_a_sentence(whole, mutations):
    data = copy.deepcopy(whole)
    for (_, path), value in mutations:
        at = data
        try:
            for key in path[:-1]:
                at = at[key]
            if value == "drop":
                del at[path[-1]]
            else:
                at[path[-1]] = value
        except (LookupError, TypeError):
            continue
    for run in runs_in(data):
        if isinstance(run["length"], int | float) and 1000 < run["length"] <= MAX_STEPS:
            run["length"] = 1000
    session = session_or_sentence(json.dumps(data))
    if session is None:
        return
    assert all(0 <= each.run.position <= each.run.length for each in session.race.runners)
    same_race(read_session(session_text(session)).race, session.race)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.data())
def test_a_cut_or_overwritten_file_is_a_session_or_a_sentence(data):
    text = json.dumps(data.draw(st.sampled_from([OLD, SMALL])))
    at = data.draw(st.integers(0, len(text)))
    text = text[:at] + data.draw(st.text(max_size=5)) + text[at + data.draw(st.integers(0, 10)) :]
    session_or_sentence(text)
