"""One drawn face: who, what they show, and how the picture was taken."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from scipy.ndimage import gaussian_filter

from facsimile import seeds
from facsimile.faces.labels import NEUTRAL
from facsimile.faces.synthetic import actions, eyes, hair, mouth, paint, relief, repertoire
from facsimile.faces.synthetic.curves import Grid, ramp
from facsimile.faces.synthetic.geometry import Camera
from facsimile.faces.synthetic.identity import Identity, person


@dataclass(frozen=True)
class DrawnFace:
    """A face and all that is known of it.

    ``image`` is (size, size, 3) uint8 sRGB; ``landmarks`` (68, 2) x then y in pixels, iBUG
    order, exact; ``units`` maps each action unit shown to its intensity, 0 to 1.
    """

    image: np.ndarray
    landmarks: np.ndarray
    units: dict[str, float]


@dataclass(frozen=True)
class Shot:
    """How a picture was taken: nothing here depends on the expression."""

    camera: Camera
    light: np.ndarray
    softness: float
    exposure: float
    warmth: float
    background: np.ndarray
    gaze: tuple[float, float]
    blur: float
    noise: float
    lopsided: float


@dataclass(frozen=True)
class Sitting:
    """One person before the camera: all that decides a picture, and nothing drawn yet.

    ``units`` maps the action units shown to their intensities; ``carrying`` are those of them
    that tell the expression; ``grain`` is the seed of the sensor's noise.
    """

    who: Identity
    units: dict[str, float]
    carrying: frozenset[str]
    shot: Shot
    grain: int
    size: int

    def picture(self, without: Collection[str] = ()) -> DrawnFace:
        """Return the face, or the same one ``without`` some of its action units."""
        units = {unit: share for unit, share in self.units.items() if unit not in without}
        points = actions.move(self.who.shape, units, self.shot.lopsided)
        light = _render(points, units, self.who, self.shot, self.size)
        image = _develop(light, self.shot, np.random.default_rng(self.grain))
        return DrawnFace(image, self.shot.camera.project(points), units)


def sit(
    identity: int,
    expression: str,
    take: int,
    seed: int,
    action_units: pd.DataFrame,
    size: int = 256,
    others: pd.DataFrame | None = None,
) -> Sitting:
    """Return one person before the camera.

    Parameters
    ----------
    identity : number of the person, the same in all its pictures.
    expression : one of ``facsimile.EXPRESSIONS``; or neutral, which shows no unit.
    take : number of the picture; varies the units' intensities, pose, light and camera.
    seed : of the study.
    action_units : what each expression shows, as ``resources/action_units.csv``.
    size : width and height in pixels.
    others : a second such table. The face shows, beside its own, the units of one of its
        expressions, drawn without regard to its own; but only such as act elsewhere than any
        unit of ``action_units`` does.

    Raises
    ------
    UserError
        If the expression or something in a table is unknown.
    """
    draws = partial(seeds.generator, seed)
    picture = (identity, expression, take)
    neutral = expression == NEUTRAL
    units = {} if neutral else repertoire.choose(expression, action_units, draws("units", *picture))
    carrying = frozenset(units)
    if others is not None and not neutral:
        elsewhere = actions.acting_elsewhere(set(others["unit"]), set(action_units["unit"]))
        units |= repertoire.distract(others, elsewhere, draws("others", *picture))
    return Sitting(
        who=person(identity, seed),
        units=units,
        carrying=carrying,
        shot=_shot(draws("shot", *picture), size),
        grain=seeds.derive(seed, "grain", *picture),
        size=size,
    )


def draw(
    identity: int,
    expression: str,
    take: int,
    seed: int,
    action_units: pd.DataFrame,
    size: int = 256,
    others: pd.DataFrame | None = None,
) -> DrawnFace:
    """Return one face; the arguments are those of `sit`."""
    return sit(identity, expression, take, seed, action_units, size, others).picture()


def _shot(draw: np.random.Generator, size: int) -> Shot:
    azimuth, elevation = draw.uniform(-1.0, 1.0), draw.uniform(0.35, 0.85)
    direction = np.array([np.sin(azimuth), -np.sin(elevation), 1.1 * np.cos(azimuth)])
    grey = draw.uniform(0.08, 0.55)
    return Shot(
        camera=Camera(
            scale=size * draw.uniform(0.295, 0.315),
            roll=float(np.clip(draw.normal(0, 0.04), -0.1, 0.1)),
            yaw=float(np.clip(draw.normal(0, 0.08), -0.24, 0.24)),
            pitch=float(np.clip(draw.normal(0, 0.04), -0.10, 0.10)),
            centre=tuple(size * (np.array([0.5, 0.46]) + draw.uniform(-0.02, 0.02, 2))),
        ),
        light=(direction / np.linalg.norm(direction)).astype(np.float32),
        softness=draw.uniform(0.25, 0.5),
        exposure=draw.uniform(0.85, 1.15),
        warmth=draw.normal(0, 0.04),
        background=(grey * np.exp(draw.normal(0, 0.06, 3))).astype(np.float32),
        gaze=tuple(draw.normal(0, 0.006, 2)),
        blur=draw.uniform(0.3, 0.7) * size / 256,
        noise=draw.uniform(0.002, 0.008),
        lopsided=float(np.clip(draw.normal(0, 0.06), -0.15, 0.15)),
    )


def _render(points, units, who: Identity, shot: Shot, size: int) -> np.ndarray:
    """Return the linear light that reaches each pixel, (size, size, 3) float32."""
    grid = Grid(shot.camera, size, size)
    x, y = grid.coordinates
    points = points.astype(np.float32)
    falloff = 1 + 0.12 * shot.light[0] * x - 0.08 * y
    colour = falloff[..., None] * shot.background
    hair.behind(grid, colour, who, shot.light)
    hair.body(grid, colour, points[8, 1], who)
    hair.ears(grid, colour, points, who, shot)
    border = relief.outline(points, who.crown)
    window = grid.near(border, 0.02)
    _head(grid.part(window), colour[window], border, points, units, who, shot)
    hair.front(grid, colour, border, who, shot.light)
    return colour


def _head(grid: Grid, colour, border, points, units, who: Identity, shot: Shot) -> None:
    """Paint the head without its hair over the colours of the window that holds it."""
    distance, edge = relief.reach(*grid.coordinates, border)
    z = relief.heights(grid, points, units, who, distance / edge)
    albedo = paint.skin(grid, points, who)
    paint.brows(grid, albedo, points, who)
    passed = relief.shadows(grid, points, shot.light)
    face = _lit(albedo, z, passed, paint.oil(grid, who), grid.pixel, shot)
    eyes.eyes(grid, face, points, units, who, shot.gaze, shot.light)
    mouth.mouth(grid, face, points)
    colour += ramp(edge - distance, 1.5 * grid.pixel)[..., None] * (face - colour)


def _lit(albedo, z, passed, oil, pixel: float, shot: Shot) -> np.ndarray:
    """Return skin lit by a soft light, by the sky above and by what shines off its oil.

    ``albedo`` (height, width, 3); ``z`` its heights, ``passed`` the share of direct light that
    nothing blocks, ``oil`` how much the skin shines, each (height, width).

    Light wraps around the surface, red the furthest, as it scatters below the skin.
    """
    slope_y, slope_x = np.gradient(z, np.float32(pixel))
    upright = 1 / np.sqrt(1 + slope_x**2 + slope_y**2)

    def facing(direction: np.ndarray) -> np.ndarray:
        to_x, to_y, to_z = (direction / np.linalg.norm(direction)).astype(np.float32)
        return (to_z - slope_x * to_x - slope_y * to_y) * upright

    hollow = np.clip(gaussian_filter(z, 0.05 / pixel, truncate=2.5) - z, 0, 0.05)
    # what the hollows keep of direct light, and of that from all around
    direct, ambient = 1.05 * passed, np.float32(shot.softness) * (1 - 13 * hollow)
    direct *= 1 - 5 * hollow
    ambient *= 0.85 + 0.35 * slope_y * upright
    ambient += 0.30 * (1 - upright) ** 2  # scattered around the rim
    towards = facing(shot.light)
    gloss = np.clip(facing(shot.light + np.array([0, 0, 1])), 0, 1)
    for _ in range(4):  # to the power of 16, far cheaper by squaring
        gloss *= gloss
    gloss *= oil * passed
    lit = np.empty_like(albedo)
    for channel, scatter in enumerate((0.42, 0.31, 0.27)):
        wrap = 2 * shot.softness * scatter
        falling = np.clip((towards + wrap) / (1 + wrap), 0, None) * direct
        lit[..., channel] = albedo[..., channel] * (falling + ambient) + gloss
    return lit


def _develop(light: np.ndarray, shot: Shot, draw: np.random.Generator) -> np.ndarray:
    """Return the picture a camera makes of linear light: exposure, blur, noise, sRGB bytes."""
    balance = np.array([1 + shot.warmth, 1, 1 - shot.warmth], np.float32) * shot.exposure
    light = gaussian_filter(light * balance.astype(np.float32), (shot.blur, shot.blur, 0))
    light = np.clip(light, 0, None)
    # A shoulder keeps highlights from clipping; a square root stands for the curve of sRGB.
    encoded = np.sqrt(1.3 * light / (1 + 0.3 * light))
    encoded += np.float32(shot.noise) * draw.standard_normal(light.shape[:2], np.float32)[..., None]
    return np.clip(np.rint(encoded * 255), 0, 255).astype(np.uint8)
