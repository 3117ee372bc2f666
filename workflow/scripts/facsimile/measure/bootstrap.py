"""Bootstrap samples of people, and the heatmaps that they give."""

import numpy as np
import pandas as pd

from facsimile.atlas.heatmaps import CarriedFaces, persons
from facsimile.seeds import generator


def draw_people(faces: pd.DataFrame, bootstrap_samples: int, seed: int) -> pd.DataFrame:
    """Return how often each person counts in each sample: people down, samples across.

    Of n people n - 1 are drawn, and each counts n / (n - 1) times, so that the spread is right for
    few people too (Rao and Wu, JASA 83, 1988). The same samples serve all networks, trainings,
    explainers and expressions, so that differences are between like and like.

    Parameters
    ----------
    faces : all faces of the study: id, corpus, subject.
    bootstrap_samples : how many.
    seed : of the study.
    """
    people = sorted(set(persons(faces)))
    n = len(people)
    weights = np.ones((n, bootstrap_samples))
    if n > 1:
        rng = generator(seed, "bootstrap")
        weights = rng.multinomial(n - 1, np.full(n, 1 / n), bootstrap_samples).T * n / (n - 1)
    return pd.DataFrame(weights, index=people)


def drawn_maps(faces: CarriedFaces, weights: pd.DataFrame) -> np.ndarray:
    """Return the mean map of each sample, (samples, pixels); NaN where nobody of these was drawn.

    Each face counts alike, whatever its repeat: for one repeat's maps give its faces alone.
    """
    counts = weights.loc[faces.person].to_numpy(np.float32)
    # Spelt out, since NumPy cannot guess a side where there is no face at all.
    maps = faces.maps.reshape(len(faces.maps), np.prod(faces.maps.shape[1:], dtype=int))
    with np.errstate(invalid="ignore"):
        return (counts.T @ maps) / counts.sum(axis=0)[:, None]


def dof_of(faces: CarriedFaces) -> int:
    """Return the degrees of freedom: people with a face here, less one."""
    return len(set(faces.person)) - 1


def resampling_unit(faces: CarriedFaces | None) -> str:
    """Return what is resampled: people, faces where they are not known, both, or why nothing."""
    if faces is None:
        return "no faces: no interval"
    if not len(faces.id):
        return ""
    if dof_of(faces) < 1:
        return "one person: no interval"
    if faces.known.all():
        return "people"
    return "people and faces" if faces.known.any() else "faces"
