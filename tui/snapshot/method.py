"""What the optimizer panel shows."""

from __future__ import annotations

from curvtui.engine.descent.evidence import evidence_of
from curvtui.engine.descent.run import Run
from curvtui.engine.descent.status import Judgement, Status
from curvtui.engine.diagnosis import diagnose

from ..drawing.optimizer_page import OptimizerData
from ..explorer import Explorer


def optimizer_data(explorer: Explorer) -> OptimizerData:
    """Return what the optimizer panel shows."""
    run = explorer.run
    judgement = explorer.judgement
    settings = run.settings
    modifiers: dict[str, str] = {}
    if settings.noise:
        modifiers["noise"] = f"{settings.noise:g} (seed {settings.seed})"
    if settings.clip is not None:
        modifiers["clip"] = f"{settings.clip:g}"
    if settings.clip_value is not None:
        modifiers["clip_value"] = f"{settings.clip_value:g}"
    if settings.weight_decay:
        modifiers["weight_decay"] = f"{settings.weight_decay:g}"
    if not settings.schedule.is_constant:
        modifiers["schedule"] = f"{settings.schedule.name} ×{run.schedule_factor:.3g}"
    made = [f"{count:,} {_EVALUATIONS[name]}" for name, count in run.evaluations._asdict().items() if count]
    return OptimizerData(
        settings.optimizer,
        _shown_values(run),
        modifiers,
        run.position,
        run.length,
        ", ".join(made) or "no evaluations yet",
        explorer.told,
        _advice(explorer, judgement),
    )


def _shown_values(run: Run) -> dict[str, float | str]:
    """The hyperparameters as they are shown: a choice or a switch by its word."""
    declared = run.settings.method.hyperparameter
    shown: dict[str, float | str] = {}
    for name, value in run.values_now.items():
        each = declared(name)
        shown[name] = each.text(value) if each is not None and each.kind in ("choice", "bool") else value
    return shown


def _advice(explorer: Explorer, judgement: Judgement) -> str:
    if judgement.status is not Status.RUNNING:
        return ""
    if explorer.run.position == 0:
        return "n makes one step, space runs; [ and ] change the learning rate"
    if explorer.run.settings.noise:
        return "the gradients are noisy, so a small one is no sign of rest"
    finding = diagnose(evidence_of(explorer.run))[0]
    return f"{finding.symptom}: {finding.cause}" if finding.symptom != "healthy" else finding.cause


_EVALUATIONS = {"value": "f", "gradient": "∇f", "hessian": "H", "hessian_vector": "Hv"}
