"""Occlusion (Zeiler & Fergus, ECCV 2014), by captum: what a black square takes from the answer."""

from dataclasses import dataclass

import torch
from captum.attr import Occlusion

from facsimile.explain.attribution import Attribution, Question, reduced

OWN_DRAWS = False


@dataclass(frozen=True)
class Settings:
    """``window`` and ``stride`` of the square, as shares of the face's width."""

    window: float = 0.2
    stride: float = 0.1


@torch.inference_mode()
def explain(question: Question, settings: Settings) -> Attribution:
    """Explain the probability of one expression: its mean loss over the squares on a pixel."""
    forward, before = question.forward, question.forward.passes
    size = len(question.face)
    window, stride = (max(1, round(part * size)) for part in (settings.window, settings.stride))
    values = Occlusion(forward.probabilities).attribute(
        question.pixels,
        sliding_window_shapes=(1, window, window),
        strides=(1, min(stride, window), min(stride, window)),
        target=question.answer,
        perturbations_per_eval=forward.batch,
    )
    return Attribution(samples=forward.passes - before, map=reduced(values[0, 0]))
