"""Learning-rate schedules: a factor on ``lr`` as a function of the step, with torch's semantics."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from .hyperparameter import Hyperparameter

_STEPS = Hyperparameter("steps", 100.0, low=1.0, scale="log", kind="int", help="length", unit="steps")
_FLOOR = Hyperparameter("floor", 0.0, low=0.0, high=1.0, help="lowest factor (torch's eta_min / lr)")
_GAMMA = Hyperparameter("gamma", 0.1, low=0.0, high=1.0, low_open=True, help="factor of each drop")

Factor = Callable[[int, Mapping[str, float]], float]


Length = Callable[[Mapping[str, float]], int]

USUAL_LENGTH = 100
"""Steps that show a schedule which has no end of its own."""


def _usual(values: Mapping[str, float]) -> int:
    return USUAL_LENGTH


def _own(values: Mapping[str, float]) -> int:
    return int(values["steps"])


def _four_drops(values: Mapping[str, float]) -> int:
    return 4 * int(values["size"])


def _three_waves(values: Mapping[str, float]) -> int:
    growth = int(values["multiplier"])
    return int(values["steps"]) * (1 + growth + growth * growth)


def _rise_and_rest(values: Mapping[str, float]) -> int:
    return 2 * int(values["steps"])


@dataclass(frozen=True, slots=True)
class ScheduleRule:
    """One kind of schedule: its declared parameters and ``factor(step, values)``.

    ``aliases`` are torch's names for the same parameters, accepted wherever a schedule is typed.
    ``length(values)`` is how many steps show its shape.
    """

    name: str
    title: str
    summary: str
    source: str
    hyperparameters: tuple[Hyperparameter, ...]
    factor: Factor
    aliases: Mapping[str, str] = field(default_factory=dict)
    takes_then: bool = False
    length: Length = _usual


def _constant(step: int, values: Mapping[str, float]) -> float:
    return 1.0


def _step(step: int, values: Mapping[str, float]) -> float:
    return values["gamma"] ** (step // int(values["size"]))


def _exponential(step: int, values: Mapping[str, float]) -> float:
    return values["gamma"] ** step


def _inverse_time(step: int, values: Mapping[str, float]) -> float:
    return 1.0 / (1.0 + values["rate"] * step)


def _polynomial(step: int, values: Mapping[str, float]) -> float:
    return math.pow(1.0 - min(step, values["steps"]) / values["steps"], values["power"])


def _between(start: float, end: float, progress: float) -> float:
    """Half a cosine wave from ``start`` (progress 0) to ``end`` (progress 1)."""
    return end + (start - end) * (1.0 + math.cos(math.pi * progress)) / 2.0


def _cosine(step: int, values: Mapping[str, float]) -> float:
    return _between(1.0, values["floor"], step / values["steps"])


def _cosine_restarts(step: int, values: Mapping[str, float]) -> float:
    period, growth = int(values["steps"]), int(values["multiplier"])
    if growth == 1:
        return _between(1.0, values["floor"], (step % period) / period)
    while step >= period:
        step -= period
        period *= growth
    return _between(1.0, values["floor"], step / period)


def _warmup(step: int, values: Mapping[str, float]) -> float:
    if step >= values["steps"]:
        return 1.0
    return values["start"] + (1.0 - values["start"]) * step / values["steps"]


def _one_cycle(step: int, values: Mapping[str, float]) -> float:
    # Phase ends as in torch: the peak is reached at step warm·steps − 1, the end at steps − 1.
    peak = values["warm"] * values["steps"] - 1.0
    last = values["steps"] - 1.0
    first = 1.0 / values["divisor"]
    lowest = first / values["final_divisor"]
    if step < peak:
        return _between(first, 1.0, step / peak)
    if step < last:
        return _between(1.0, lowest, (step - peak) / (last - peak))
    return lowest


_RULES = (
    ScheduleRule("constant", "Constant", "The same learning rate throughout.", "", (), _constant),
    ScheduleRule(
        "step", "Step", "Drops by a factor every so many steps.", "torch.optim.lr_scheduler.StepLR",
        (Hyperparameter("size", 30.0, low=1.0, scale="log", kind="int", help="between drops", unit="steps"),
         _GAMMA),
        _step, {"step_size": "size"}, length=_four_drops,
    ),
    ScheduleRule(
        "exponential", "Exponential", "Shrinks by the same factor every step.",
        "torch.optim.lr_scheduler.ExponentialLR",
        (Hyperparameter("gamma", 0.99, low=0.0, high=1.0, low_open=True, help="factor of each step"),),
        _exponential,
    ),
    ScheduleRule(
        "inverse_time", "Inverse time", "1/(1 + rate·step), the decay of Robbins and Monro.",
        "Robbins and Monro (1951)",
        (Hyperparameter("rate", 0.01, low=0.0, scale="log", help="how fast it decays", unit="1/step"),),
        _inverse_time,
    ),
    ScheduleRule(
        "polynomial", "Polynomial", "Falls to zero along a power of the remaining time.",
        "torch.optim.lr_scheduler.PolynomialLR",
        (_STEPS, Hyperparameter("power", 1.0, low=0.0, help="1 is a straight line")),
        _polynomial, {"total_iters": "steps"}, length=_own,
    ),
    ScheduleRule(
        "cosine", "Cosine", "Half a cosine wave down; as in torch it rises again after that.",
        "torch.optim.lr_scheduler.CosineAnnealingLR; Loshchilov and Hutter (2017)",
        (_STEPS, _FLOOR), _cosine, {"T_max": "steps"}, length=_own,
    ),
    ScheduleRule(
        "cosine_restarts", "Cosine with restarts", "Cosine waves down, each starting at the top.",
        "torch.optim.lr_scheduler.CosineAnnealingWarmRestarts; Loshchilov and Hutter (2017)",
        (_STEPS,
         Hyperparameter("multiplier", 1.0, low=1.0, high=1e6, kind="int",
                        help="how many times longer each wave is"),
         _FLOOR),
        _cosine_restarts, {"T_0": "steps", "T_mult": "multiplier"}, length=_three_waves,
    ),
    ScheduleRule(
        "warmup", "Linear warm-up", "A straight rise to the full rate, then any other schedule.",
        "torch.optim.lr_scheduler.LinearLR and SequentialLR",
        (Hyperparameter("steps", 5.0, low=1.0, scale="log", kind="int", help="length of rise", unit="steps"),
         Hyperparameter("start", 1.0 / 3.0, low=0.0, high=1.0, help="first factor")),
        _warmup, {"total_iters": "steps", "start_factor": "start"}, takes_then=True,
        length=_rise_and_rest,
    ),
    ScheduleRule(
        "one_cycle", "One cycle", "Up to the full rate and down far below where it began.",
        "torch.optim.lr_scheduler.OneCycleLR (cosine); Smith and Topin (2019)",
        (_STEPS,
         Hyperparameter("warm", 0.3, low=0.0, high=1.0, high_open=True, help="share of the time that rises"),
         Hyperparameter("divisor", 25.0, low=1.0, scale="log", help="full rate over first rate"),
         Hyperparameter("final_divisor", 1e4, low=1.0, scale="log", help="first rate over last rate")),
        _one_cycle,
        {"total_steps": "steps", "pct_start": "warm", "div_factor": "divisor",
                          "final_div_factor": "final_divisor"}, length=_own,
    ),
)  # fmt: skip

SCHEDULES: Mapping[str, ScheduleRule] = MappingProxyType({each.name: each for each in _RULES})
"""Name to kind of schedule, in the order in which pickers list them."""
