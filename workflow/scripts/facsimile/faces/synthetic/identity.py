"""Who is drawn: the shape, skin, hair and age of one person."""

from dataclasses import dataclass

import numpy as np

from facsimile import seeds
from facsimile.faces.synthetic.geometry import MEAN

HAIR_STYLES = {
    "robust": ("short", "swept", "cropped", "curly", "receding"),
    "gracile": ("long", "bob", "tied", "curly", "swept"),
}

# Linear light. Skins from light to dark; hair from black to fair; irises from brown to grey.
SKINS = np.array([[0.72, 0.50, 0.41], [0.57, 0.36, 0.26], [0.39, 0.21, 0.13], [0.16, 0.08, 0.052]])
HAIRS = np.array([
    [0.010, 0.008, 0.007], [0.035, 0.018, 0.010], [0.10, 0.045, 0.02], [0.20, 0.07, 0.025],
    [0.40, 0.26, 0.12],
])  # fmt: skip
IRISES = np.array([[0.06, 0.025, 0.01], [0.16, 0.08, 0.03], [0.12, 0.14, 0.06], [0.13, 0.22, 0.3]])
GREY = np.array([0.45, 0.44, 0.43])


@dataclass(frozen=True)
class Identity:
    """One person. Colours are linear RGB; ``age``, ``freckles`` and ``stubble`` are 0 to 1.

    ``shape`` are the (68, 2) landmarks at rest; ``robustness`` runs from gracile (-1) to
    robust (1) features; ``crown`` is the height of the skull above the eyes; ``bridge`` and
    ``tip`` how wide the nose is there and ``cheeks`` how full the cheeks, over the usual;
    ``lid_fold`` how far the crease lies above the upper lid (0: none is seen).
    """

    shape: np.ndarray
    robustness: float
    age: float
    crown: float
    bridge: float
    tip: float
    cheeks: float
    lid_fold: float
    skin: np.ndarray
    ruddiness: float
    lips: np.ndarray
    iris: np.ndarray
    hair: np.ndarray
    brow: np.ndarray
    brow_thickness: float
    hair_style: str
    parting: float
    freckles: float
    stubble: float
    garment: np.ndarray
    texture: int


def person(identity: int, seed: int) -> Identity:
    """Return the person of a number; another seed gives other people."""
    draw = seeds.generator(seed, "identity", identity)
    robustness = float(draw.uniform(-1, 1))
    age = float(draw.beta(1.1, 2.4))
    tone = float(draw.beta(1.0, 1.3)) * (len(SKINS) - 1)
    skin = _between(SKINS, tone) * np.exp(draw.normal(0, 0.04, 3))
    darkness = tone / (len(SKINS) - 1)
    hair = _between(HAIRS, float(draw.random()) * (len(HAIRS) - 1) * (1 - darkness))
    grey = float(np.clip((age - 0.6) * 2.5 + draw.normal(0, 0.12), 0, 1))
    iris = _between(IRISES, float(draw.random()) * (len(IRISES) - 1) * (1 - darkness) ** 2)
    return Identity(
        shape=_shape(draw, robustness),
        robustness=robustness,
        age=age,
        crown=float(draw.uniform(1.12, 1.22)),
        bridge=float(np.exp(draw.normal(0, 0.12))),
        tip=float(np.exp(draw.normal(0, 0.16))),
        cheeks=float(draw.uniform(0.6, 1.5)),
        lid_fold=float(np.clip(draw.normal(0.7, 0.4), 0, 1.2)),
        skin=skin,
        ruddiness=float(draw.uniform(0.3, 1)),
        lips=_lips(draw, skin, robustness),
        iris=iris,
        hair=hair + (GREY - hair) * grey,
        brow=(hair + (GREY - hair) * grey * 0.6) * 0.7,
        brow_thickness=float(0.044 + 0.015 * robustness + draw.uniform(-0.012, 0.014)),
        hair_style=str(draw.choice(HAIR_STYLES["robust" if robustness > 0.05 else "gracile"])),
        parting=float(draw.choice((-1, 1)) * draw.uniform(0.05, 0.45)),
        freckles=float(max(0, draw.uniform(-1, 1)) * (1 - darkness) * (hair[0] > 0.08)),
        stubble=float(max(0, draw.uniform(-0.5, 1)) * (robustness > 0.2)),
        garment=np.exp(draw.uniform(-3.0, -0.6)) * np.exp(draw.normal(0, 0.3, 3)),
        texture=int(draw.integers(2**31)),
    )


def _lips(draw: np.random.Generator, skin: np.ndarray, robustness: float) -> np.ndarray:
    """Return the colour of lips: redder than the skin, the more so in gracile faces."""
    red = draw.uniform(0.6, 1.05) * (1 - 0.35 * robustness)
    return skin * (1 - red * np.array([0.13, 0.48, 0.40]))


def _between(colours: np.ndarray, position: float) -> np.ndarray:
    """Return the colour at a position along a row of colours."""
    low = min(int(position), len(colours) - 2)
    share = position - low
    return colours[low] ** (1 - share) * colours[low + 1] ** share


def _shape(draw: np.random.Generator, robustness: float) -> np.ndarray:
    """Return the mean landmarks with this person's proportions."""
    points = MEAN.copy()
    for vary_part in (_mouth_and_nose, _eyes_and_brows, _jaw):
        vary_part(points[:, 0], points[:, 1], draw, robustness)  # views: changes the points
    return points


def _vary(draw: np.random.Generator, spread: float) -> float:
    """Return a normal draw of a standard deviation, cut at two of them."""
    return float(np.clip(draw.normal(0, spread), -2 * spread, 2 * spread))


def _mouth_and_nose(x, y, draw, robustness) -> None:
    mouth, seam = slice(48, 68), MEAN[62, 1]
    upper, lower = 1.1 + _vary(draw, 0.22), 1.05 + _vary(draw, 0.20)
    thickness = np.where(y[mouth] < seam, upper, lower) - 0.08 * robustness
    y[mouth] = seam + (y[mouth] - seam) * thickness
    x[mouth] *= 1 + _vary(draw, 0.065)
    y[mouth] += _vary(draw, 0.022)
    x[31:36] *= 1 + _vary(draw, 0.13) + 0.05 * robustness
    y[28:36] += _vary(draw, 0.032) * np.array([0.3, 0.6, 1, 1, 1, 1, 1, 1])


def _eyes_and_brows(x, y, draw, robustness) -> None:
    opening = 1.40 + _vary(draw, 0.17) - 0.10 * robustness
    slant, apart = _vary(draw, 0.06), _vary(draw, 0.014)
    eyes, brows = slice(36, 48), slice(17, 27)
    peak = _vary(draw, 0.025)  # where the upper lid is highest
    y[[37, 44]] += peak * 0.4
    y[[38, 43]] -= peak * 0.4
    y[eyes] = opening * y[eyes] - slant * (np.abs(x[eyes]) - 0.36)
    x[eyes] += apart * np.sign(x[eyes])
    height, arch = _vary(draw, 0.020) + 0.026 * robustness, _vary(draw, 0.018)
    slope, bow = _vary(draw, 0.036), np.array([0, 0.6, 1, 0.6, 0, 0, 0.6, 1, 0.6, 0])
    y[brows] += height + slope * (np.abs(x[brows]) - 0.37) + (0.025 * robustness - arch) * bow
    x[brows] += _vary(draw, 0.018) * np.sign(x[brows])


def _jaw(x, y, draw, robustness) -> None:
    jaw = slice(0, 17)
    wide, long = 1 + _vary(draw, 0.045), _vary(draw, 0.06) + 0.03 * robustness
    square = 0.040 * robustness + _vary(draw, 0.035)
    corner = np.exp(-(((y[jaw] - 1.05) / 0.25) ** 2))
    x[jaw] = wide * x[jaw] + square * corner * np.sign(x[jaw])
    y[jaw] += long * np.clip(y[jaw] - 0.55, 0, None)
