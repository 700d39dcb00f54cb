"""AdaHessian: Adam with the Hessian's diagonal where Adam has the squared gradient."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ..arrays import Array
from .adam import BETA1, BETA2, EPS
from .checks import hessian_is_missing
from .decay import DECOUPLED_DECAY, shrunk
from .gradient_descent import LEARNING_RATE
from .hyperparameter import Hyperparameter, Values
from .moments import blended, blended_square
from .optimizer import Need, Optimizer, RateScale
from .oracle import Oracle

POWER = Hyperparameter(
    "hessian_power", 1.0, low=0.0, high=1.0, help="power of the curvature that a step is divided by; 0 ignores it"
)


class AdaHessianState(NamedTuple):
    """The iterate, both moments, and the last estimate z⊙Hz of diag H with its signs z, ``(..., n)``."""

    x: Array
    step: int
    first_moment: Array
    second_moment: Array
    hessian_diagonal: Array
    probe: Array


def init(x: Array, values: Values) -> AdaHessianState:
    """Return the state before the first step, with both moments zero."""
    zero = np.zeros_like(x)
    return AdaHessianState(x, 0, zero, zero, zero, zero)


def step(state: AdaHessianState, oracle: Oracle, values: Values) -> AdaHessianState:
    """Return x − η(m̂/((√v̂)ᵏ + ε) + weight_decay·x), v the mean of squared estimates of diag H.

    The estimate is Hutchinson's, z⊙Hz with random signs z: unbiased, and exact where H is diagonal. The
    paper also averages it over blocks of weights; two coordinates of a map have no such blocks.
    """
    count = state.step + 1
    beta1, beta2 = values["beta1"], values["beta2"]
    gradient = oracle.gradient(state.x)
    probe = oracle.rademacher(state.x.shape)
    diagonal = probe * oracle.hessian_vector(state.x, probe)
    first = blended(state.first_moment, gradient, beta1)
    second = blended_square(state.second_moment, diagonal, beta2)
    root = np.sqrt(second / (1.0 - beta2**count))
    move = first / (1.0 - beta1**count) / (root ** values["hessian_power"] + values["eps"])
    x = shrunk(state.x, values["lr"], values["weight_decay"]) - values["lr"] * move
    return AdaHessianState(x, count, first, second, diagonal, probe)


ADAHESSIAN = Optimizer(
    name="adahessian",
    title="AdaHessian",
    summary="Adam with curvature in the denominator, from random Hessian-vector products.",
    source="Yao, Gholami, Shen, Mustafa, Keutzer and Mahoney (2021)",
    hyperparameters=(
        replace(LEARNING_RATE, default=0.15, help="learning rate η: share of the Newton step in each coordinate"),
        BETA1,
        BETA2,
        replace(EPS, default=1e-4),
        POWER,
        DECOUPLED_DECAY,
    ),
    init=init,
    step=step,
    needs=frozenset({Need.GRADIENT, Need.HESSIAN_VECTOR}),
    rate_scale=RateScale.FACTOR,
    check=hessian_is_missing,
)
