"""The same steps made by torch.optim and by optax, where these are installed (the `bench` extra)."""

from collections.abc import Callable
from importlib.util import find_spec

START = (0.5, -0.4)
RATE = 1e-3

_TORCH = {
    "gd": ("SGD", {}),
    "momentum": ("SGD", {"momentum": 0.9}),
    "nesterov": ("SGD", {"momentum": 0.9, "nesterov": True}),
    "adagrad": ("Adagrad", {}),
    "adadelta": ("Adadelta", {}),
    "rmsprop": ("RMSprop", {}),
    "adam": ("Adam", {}),
    "amsgrad": ("Adam", {"amsgrad": True}),
    "adamw": ("AdamW", {}),
    "nadam": ("NAdam", {}),
    "radam": ("RAdam", {}),
    "adamax": ("Adamax", {}),
    "rprop": ("Rprop", {}),
    "lbfgs": ("LBFGS", {"max_iter": 1, "history_size": 10}),
}
_OPTAX = {
    "gd": ("sgd", {}),
    "momentum": ("sgd", {"momentum": 0.9}),
    "nesterov": ("sgd", {"momentum": 0.9, "nesterov": True}),
    "adagrad": ("adagrad", {}),
    "adadelta": ("adadelta", {}),
    "rmsprop": ("rmsprop", {}),
    "adam": ("adam", {}),
    "amsgrad": ("amsgrad", {}),
    "adamw": ("adamw", {}),
    "nadam": ("nadam", {}),
    "radam": ("radam", {}),
    "adamax": ("adamax", {}),
    "rprop": ("rprop", {}),
    "lion": ("lion", {}),
    "signgd": ("sign_sgd", {}),
}


def quartic(p):
    return p[0] ** 4 + p[1] ** 4 - 4 * p[0] * p[1] + 1


def torch_stepper(name: str, steps: int) -> Callable[[], int] | None:
    """Return an action that makes steps on the quartic with torch, gradient by autograd included."""
    if name not in _TORCH or find_spec("torch") is None:
        return None
    import torch

    torch.set_num_threads(1)
    kind, options = _TORCH[name]

    def act() -> int:
        point = torch.tensor(START, dtype=torch.float64, requires_grad=True)
        optimizer = getattr(torch.optim, kind)([point], lr=RATE, **options)

        def evaluate():
            optimizer.zero_grad()
            value = quartic(point)
            value.backward()
            return value

        for _ in range(steps):
            if kind == "LBFGS":
                optimizer.step(evaluate)
            else:
                evaluate()
                optimizer.step()
        return steps

    return act


def optax_stepper(name: str, steps: int) -> Callable[[], int] | None:
    """Return an action that makes steps on the quartic with optax, gradient and update jitted as one."""
    if name not in _OPTAX or find_spec("optax") is None:
        return None
    import jax
    import optax

    jax.config.update("jax_enable_x64", True)
    kind, options = _OPTAX[name]
    optimizer = getattr(optax, kind)(RATE, **options)

    @jax.jit
    def step(point, state):
        updates, state = optimizer.update(jax.grad(quartic)(point), state, point)
        return optax.apply_updates(point, updates), state

    def act() -> int:
        point = jax.numpy.array(START)
        state = optimizer.init(point)
        for _ in range(steps):
            point, state = step(point, state)
        point.block_until_ready()
        return steps

    act()
    return act


def optax_cloud(name: str, cloud, steps: int) -> Callable[[], int] | None:
    """Return an action that makes steps of many particles on Rosenbrock's function, under vmap, jitted."""
    if name not in _OPTAX or find_spec("optax") is None:
        return None
    import jax
    import optax

    jax.config.update("jax_enable_x64", True)
    kind, options = _OPTAX[name]
    optimizer = getattr(optax, kind)(RATE, **options)

    def one(point, state):
        gradient = jax.grad(lambda p: (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2)(point)
        updates, state = optimizer.update(gradient, state, point)
        return optax.apply_updates(point, updates), state

    step = jax.jit(jax.vmap(one))
    begin = jax.numpy.array(cloud)
    first = jax.vmap(optimizer.init)(begin)

    def act() -> int:
        point, state = begin, first
        for _ in range(steps):
            point, state = step(point, state)
        point.block_until_ready()
        return steps

    act()
    return act
