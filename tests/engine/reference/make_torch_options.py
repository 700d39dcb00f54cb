"""Write torch_options.json: paths of torch.optim under random hyperparameters; needs torch, which tests don't.

Run it with `python make_torch_options.py` in this folder. A path is cut where it becomes chaotic: where a
start and gradients that differ by 1e-10 have led more than 1e-9 away.
"""

import json
import math
from pathlib import Path

import numpy as np
import torch

STEPS = (1, 2, 3, 5, 8, 13, 21, 34, 55)
NUDGE = 1e-10

# torch's NAdam keeps its product of momenta in the default dtype.
torch.set_default_dtype(torch.float64)

FORMULAS = {
    "exp(x/2) - x + x**4/10": (lambda p: torch.exp(p[0] / 2) - p[0] + p[0] ** 4 / 10, 1),
    "x**4 + y**4 - 4*x*y + 1": (lambda p: p[0] ** 4 + p[1] ** 4 - 4 * p[0] * p[1] + 1, 2),
    "(1 - x)**2 + 100*(y - x**2)**2": (lambda p: (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2, 2),
    "sin(2*x) + cos(x*y) + x**2/4 + y**2/3": (
        lambda p: torch.sin(2 * p[0]) + torch.cos(p[0] * p[1]) + p[0] ** 2 / 4 + p[1] ** 2 / 3,
        2,
    ),
}
# ½ xᵀAx + ¼ Σ w x⁴ in five variables, A tridiagonal.
MATRIX = [[4.0 - i if i == j else 1.25 if abs(i - j) == 1 else 0.0 for j in range(5)] for i in range(5)]
WEIGHTS = [0.5, 1.0, 2.0, 0.25, 3.0]


def five(p):
    matrix, weights = torch.tensor(MATRIX), torch.tensor(WEIGHTS)
    return 0.5 * p @ matrix @ p + 0.25 * torch.sum(weights * p**4)


def log(low, high):
    return lambda random: float(f"{math.exp(random.uniform(math.log(low), math.log(high))):.3g}")


def even(low, high):
    return lambda random: round(float(random.uniform(low, high)), 3)


def flag(random):
    return bool(random.integers(2))


def among(*values):
    return lambda random: values[random.integers(len(values))]


DECAY, EPS = log(1e-3, 0.5), log(1e-10, 1e-1)
PLAIN = {"lr": log(1e-4, 1e-3), "weight_decay": DECAY}
MOMENTUM = even(0.1, 0.95)
ADAPTIVE = {"lr": log(3e-3, 0.1), "weight_decay": DECAY, "eps": EPS}
BETAS = {"beta1": even(0.0, 0.97), "beta2": even(0.3, 0.9995)}
METHODS = {
    "gd": (torch.optim.SGD, {}, PLAIN),
    "momentum": (torch.optim.SGD, {"momentum": 0.9}, PLAIN | {"momentum": MOMENTUM, "dampening": even(0, 0.9)}),
    "nesterov": (torch.optim.SGD, {"momentum": 0.9, "nesterov": True}, PLAIN | {"momentum": MOMENTUM}),
    "adagrad": (
        torch.optim.Adagrad,
        {},
        ADAPTIVE | {"lr_decay": log(1e-3, 1), "initial_accumulator_value": log(1e-3, 10)},
    ),
    "adadelta": (torch.optim.Adadelta, {}, ADAPTIVE | {"lr": log(0.1, 10), "rho": even(0.1, 0.99)}),
    "rmsprop": (
        torch.optim.RMSprop,
        {},
        ADAPTIVE | {"alpha": even(0.2, 0.995), "momentum": MOMENTUM, "centered": flag},
    ),
    "adam": (torch.optim.Adam, {}, ADAPTIVE | BETAS),
    "amsgrad": (torch.optim.Adam, {"amsgrad": True}, ADAPTIVE | BETAS),
    "adamw": (torch.optim.AdamW, {}, ADAPTIVE | BETAS),
    "nadam": (
        torch.optim.NAdam,
        {},
        ADAPTIVE | BETAS | {"momentum_decay": log(1e-3, 1), "decoupled_weight_decay": flag},
    ),
    "radam": (torch.optim.RAdam, {}, ADAPTIVE | PLAIN | BETAS | {"decoupled_weight_decay": flag}),
    "adamax": (torch.optim.Adamax, {}, ADAPTIVE | BETAS),
    "rprop": (
        torch.optim.Rprop,
        {},
        {
            "lr": log(1e-3, 0.3),
            "eta_minus": even(0.1, 0.9),
            "eta_plus": even(1.05, 2),
            "step_min": log(1e-6, 1e-2),
            "step_max": log(0.02, 1),
        },
    ),
}
# torch's own limit of evaluations would end a search before its rule does.
LBFGS = {"max_iter": 1, "max_eval": 27, "history_size": 10}
SEARCHED = {
    "lr": even(0.05, 1),
    "history_size": among(1, 2, 3, 5, 20),
    "line_search": among("none", "strong_wolfe"),
    "tolerance_grad": among(0.0, 1e-3),
    "tolerance_change": among(0.0, 1e-4),
}
# Values at the ends of their ranges, where terms vanish.
EDGES = [
    ("momentum", {"lr": 1e-3, "momentum": 0.0, "dampening": 0.5}),
    ("momentum", {"lr": 1e-4, "momentum": 0.999, "dampening": 0.99}),
    ("adagrad", {"lr": 0.1, "eps": 0.0, "lr_decay": 10.0}),
    ("adadelta", {"lr": 1.0, "rho": 0.0}),
    ("adadelta", {"lr": 1.0, "rho": 1.0, "eps": 1e-3}),
    ("rmsprop", {"lr": 1e-3, "alpha": 0.0, "eps": 0.0}),
    ("adam", {"lr": 0.01, "beta1": 0.0, "beta2": 0.0, "eps": 1e-3}),
    ("adam", {"lr": 0.01, "beta1": 0.999, "beta2": 0.99999, "eps": 0.0}),
    ("amsgrad", {"lr": 0.01, "beta1": 0.0, "beta2": 0.5, "eps": 0.0}),
    ("adamw", {"lr": 0.01, "beta1": 0.0, "weight_decay": 0.0, "eps": 1.0}),
    ("nadam", {"lr": 0.01, "beta1": 0.0, "beta2": 0.5, "momentum_decay": 0.0, "eps": 1e-3}),
    ("radam", {"lr": 0.01, "beta1": 0.0, "beta2": 0.5, "eps": 0.0}),
    ("adamax", {"lr": 0.01, "beta1": 0.0, "beta2": 0.0, "eps": 0.0}),
    ("rprop", {"lr": 0.0, "step_min": 0.0}),
    ("rprop", {"lr": 0.1, "step_min": 0.2, "step_max": 0.1}),
]
PAIRS = {
    "betas": ("beta1", 0.9, "beta2", 0.999),
    "etas": ("eta_minus", 0.5, "eta_plus", 1.2),
    "step_sizes": ("step_min", 1e-6, "step_max", 50),
}


def options(given):
    """Return torch's names for ours: pairs where torch has pairs."""
    named = dict(given)
    for pair, (first, first_default, second, second_default) in PAIRS.items():
        if first in given or second in given:
            named[pair] = (named.pop(first, first_default), named.pop(second, second_default))
    if named.pop("line_search", "none") != "none":
        named["line_search_fn"] = "strong_wolfe"
    return named


def path(kind, fixed, given, function, start, nudge=0.0):
    random = np.random.default_rng(0)
    start = [x + nudge for x in start]
    point = torch.tensor(start, requires_grad=True)
    plain = {} if kind is torch.optim.LBFGS else {"foreach": False}
    optimizer = kind([point], **{**fixed, **options(given)}, **plain)
    points = [list(start)]

    def evaluate():
        optimizer.zero_grad()
        value = function(point)
        value.backward()
        point.grad *= 1 + nudge * torch.tensor(random.choice((-1.0, 1.0), len(start)))
        return value

    for _ in range(STEPS[-1]):
        optimizer.step(evaluate)
        points.append(point.detach().tolist())
    return np.array(points)


def calm(one, other):
    """Return how many of STEPS lie before the first that is chaotic or not finite."""
    apart = np.abs(one - other).max(axis=1)
    wild = ~(apart < 10 * NUDGE) | ~np.isfinite(one).all(axis=1) | (np.abs(one).max(axis=1) > 1e3)
    first = int(np.argmax(wild)) if wild.any() else len(wild)
    return sum(step < first for step in STEPS)


def row(name, formula, random, given=None):
    kind, fixed, samplers = (torch.optim.LBFGS, LBFGS, SEARCHED) if name == "lbfgs" else METHODS[name]
    function, dimension = (five, 5) if formula == "five" else FORMULAS[formula]
    drawn = given is None
    for _ in range(1000 if drawn else 30):
        if drawn:
            given = {key: sample(random) for key, sample in samplers.items() if key == "lr" or random.uniform() < 0.6}
        start = [round(float(x), 2) for x in random.uniform(-1.5, 1.5, dimension)]
        points = path(kind, fixed, given, function, start)
        nudged = path(kind, fixed, given, function, start, NUDGE)
        count = calm(points, nudged)
        if count >= 5:
            kept = [points[step].tolist() for step in STEPS[:count]]
            return {"optimizer": name, "surface": formula, "given": given, "start": start, "points": kept}
    raise ValueError(f"{name} with {given} is chaotic on {formula}")


def main():
    rows = []
    for number, name in enumerate(METHODS):
        random = np.random.default_rng(number)
        for formula in FORMULAS:
            rows += [row(name, formula, random) for _ in range(2)]
        rows += [row(name, "five", random) for _ in range(4)]
    random, formulas = np.random.default_rng(len(METHODS)), list(FORMULAS)
    rows += [row("lbfgs", formula, random) for formula in formulas * 2]
    rows += [row(name, formulas[i % len(formulas)], random, given) for i, (name, given) in enumerate(EDGES)]
    text = ",\n".join(json.dumps(each, separators=(",", ":")) for each in rows)
    head = json.dumps({"source": f"torch.optim {torch.__version__}, float64, single-tensor", "steps": STEPS,
                       "five": {"matrix": MATRIX, "weights": WEIGHTS}})  # fmt: skip
    target = Path(__file__).with_name("torch_options.json")
    target.write_text(f'{head[:-1]}, "rows": [\n{text}\n]}}\n', encoding="utf-8")
    print(f"{len(rows)} rows, {target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
