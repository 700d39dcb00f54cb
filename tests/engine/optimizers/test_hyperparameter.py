import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curvtui.engine.optimizers.catalogue import OPTIMIZERS
from curvtui.engine.optimizers.hyperparameter import Hyperparameter, SettingError

BETA2 = OPTIMIZERS["adam"].hyperparameter("beta2")
SWITCH = Hyperparameter("centered", 0.0, kind="bool")
COUNT = Hyperparameter("history_size", 10.0, low=1.0, high=100.0, kind="int")
CHOICE = Hyperparameter("search", 0.0, kind="choice", choices=("none", "armijo", "wolfe"))


@pytest.mark.parametrize(
    ("declared", "value", "sentence"),
    [
        (BETA2, 1.2, "beta2 must lie in [0, 1); 1.2 was given"),
        (BETA2, 1.0, "beta2 must lie in [0, 1); 1 was given"),
        (BETA2, math.nan, "beta2 must lie in [0, 1); nan was given"),
        (OPTIMIZERS["gd"].hyperparameter("lr"), -1.0, "lr must be zero or positive; -1 was given"),
        (OPTIMIZERS["gd"].hyperparameter("lr"), math.inf, "lr must be zero or positive; inf was given"),
        (COUNT, 2.5, "history_size must be a whole number in [1, 100]; 2.5 was given"),
        (SWITCH, 0.5, "centered must be true or false; 0.5 was given"),
        (CHOICE, 3, "search must be none or armijo or wolfe; 3 was given"),
        (BETA2, None, "beta2 must be a number; None was given"),
        (BETA2, 10**400, "beta2 must be a number;"),
    ],
)
def test_a_bad_value_gets_one_sentence(declared, value, sentence):
    with pytest.raises(SettingError) as caught:
        declared.validate(value)
    assert str(caught.value).startswith(sentence)
    assert len(str(caught.value)) < 120


@pytest.mark.parametrize(
    ("declared", "text", "value"),
    [(BETA2, " 0.99 ", 0.99), (BETA2, "5e-1", 0.5), (SWITCH, "True", 1.0), (SWITCH, "off", 0.0),
     (COUNT, "7", 7.0), (CHOICE, "wolfe", 2.0)],
)  # fmt: skip
def test_text_is_read(declared, text, value):
    assert declared.parse(text) == value


@pytest.mark.parametrize("text", ["", "abc", "1,5", "nan", "inf", "-inf", "1.2", "__import__('os')", "9" * 500])
def test_text_that_is_no_allowed_number_is_refused(text):
    with pytest.raises(SettingError):
        BETA2.parse(text)


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text):
    for declared in (BETA2, SWITCH, COUNT, CHOICE):
        try:
            value = declared.parse(text)
        except SettingError:
            continue
        assert declared.validate(value) == value


@given(st.floats(0.0, 1.0, exclude_max=True))
def test_a_value_survives_its_text(value):
    assert BETA2.parse(BETA2.text(value)) == value


def test_an_unknown_name_is_answered_with_what_there_is():
    with pytest.raises(SettingError) as caught:
        OPTIMIZERS["adam"].values({"bta1": 0.9})
    assert str(caught.value) == (
        "adam has no hyperparameter 'bta1'; it has lr, beta1, beta2, eps, weight_decay (did you mean 'beta1'?)"
    )


def test_every_default_is_allowed_and_values_take_text():
    for optimizer in OPTIMIZERS.values():
        for declared in optimizer.hyperparameters:
            assert declared.validate(declared.default) == declared.default
    assert OPTIMIZERS["adam"].values({"lr": "0.5"})["lr"] == 0.5
