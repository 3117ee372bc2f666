"""How fast the synthetic faces are drawn, and whether dlib sees in them what was drawn.

python benchmarks/synthetic_faces.py [--quick] [--planted] [--leakage]
    [--sheet docs/synthetic-faces.png] [--evidence docs/synthetic-evidence.png]
"""

import argparse
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image, ImageDraw, ImageFont
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.model_selection import GroupKFold, cross_val_score

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "workflow" / "scripts"))

from facsimile import EXPRESSIONS  # noqa: E402
from facsimile.faces.alignment import frame  # noqa: E402
from facsimile.faces.detection import find_face  # noqa: E402
from facsimile.faces.leakage import leakage  # noqa: E402
from facsimile.faces.synthetic import DrawnFace, Sitting, draw, sit  # noqa: E402
from facsimile.faces.synthetic.evidence import change  # noqa: E402
from facsimile.faces.synthetic.series import series  # noqa: E402

TABLE = ROOT / "resources" / "action_units.csv"
PLANTED = ROOT / "resources" / "planted_units.csv"
PLANTINGS = [("mouth", "neutral"), ("mouth", "random"), ("brows", "neutral"), ("brows", "random"),
             ("apart", "neutral")]  # fmt: skip
TILE, LABEL, CROP, SMALL = 160, 22, 48, 32

NAMES = "abcdef"
"""By which the crops of one face stray."""


def seat_all(identities: int, seed: int, action_units: pd.DataFrame) -> list[Sitting]:
    """Return one sitting of each expression of each identity."""
    return [
        sit(identity, expression, 0, seed, action_units)
        for identity in range(identities)
        for expression in EXPRESSIONS
    ]


def landmark_errors(faces: list[DrawnFace]) -> np.ndarray:
    """Return dlib's mean landmark error in each face it finds, (found, 2).

    Over the distance of the outer corners of the eyes, and over that of the eyes' centres.
    """
    errors = []
    for face in faces:
        found = find_face(face.image)
        if found:
            exact = face.landmarks
            error = np.linalg.norm(found.landmarks - exact, axis=1).mean()
            corners = np.linalg.norm(exact[45] - exact[36])
            centres = np.linalg.norm(exact[42:48].mean(0) - exact[36:42].mean(0))
            errors.append((error / corners, error / centres))
    return np.array(errors)


def crop(values: np.ndarray, landmarks: np.ndarray) -> np.ndarray:
    """Return the face alone, 48 x 48, of a picture (made grey) or of a map of it."""
    left, right = landmarks[36], landmarks[45]
    unit, (x, y) = np.linalg.norm(right - left), (left + right) / 2
    box = np.array([x - 0.95 * unit, y - 0.6 * unit, x + 0.95 * unit, y + 1.7 * unit])
    grey = Image.fromarray(values).convert("L" if values.ndim == 3 else "F")
    box = tuple(box.clip(0, grey.width))
    return np.asarray(grey.resize((CROP, CROP), Image.Resampling.BILINEAR, box=box), float)


def surroundings(face: DrawnFace) -> np.ndarray:
    """Return what should not tell the expression: background, clothes, place, size, brightness."""
    edges = [face.image[:12], face.image[-8:, :64], face.image[-8:, -64:]]
    place = face.landmarks[[36, 45]].ravel()
    return np.concatenate([*[edge.mean((0, 1)) for edge in edges], place, [face.image.mean()]])


def accuracy(seen: np.ndarray) -> float:
    """Return the accuracy of linear discriminants on the people they were not trained on.

    ``seen`` is (faces, features), the six expressions of each person below each other.
    """
    shown = np.tile(EXPRESSIONS, len(seen) // len(EXPRESSIONS))
    cut = len(EXPRESSIONS) * (len(seen) // len(EXPRESSIONS) * 3 // 4)
    model = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto")
    return model.fit(seen[:cut], shown[:cut]).score(seen[cut:], shown[cut:])


def standardised(seen: np.ndarray) -> np.ndarray:
    """Return features of mean 0 and standard deviation 1 in each face."""
    return (seen - seen.mean(1, keepdims=True)) / seen.std(1, keepdims=True)


def planted(units: str, nuisance: str, identities: int, seed: int) -> tuple[float, float, float]:
    """Return the share of a crop that is planted in, and accuracies on all and on the rest of it.

    Planted in is a pixel that the label's units change in any face by more than a grey level of
    the 256, which is what noise does.
    """
    drawn = series(seed, TABLE, units, nuisance, PLANTED)
    pixels, changed = [], np.zeros((CROP, CROP), bool)
    for identity in range(identities):
        for expression in EXPRESSIONS:
            sitting = drawn.sitting(f"{identity}/{expression}/0")
            face = sitting.picture()
            pixels.append(crop(face.image, face.landmarks))
            changed |= crop(change(sitting, sitting.carrying), face.landmarks) > 1
    pixels = np.array(pixels)
    rest = accuracy(standardised(pixels[:, ~changed]))
    return changed.mean(), accuracy(standardised(pixels.reshape(len(pixels), -1))), rest


def leaked(units: str, nuisance: str, identities: int, seed: int) -> None:
    """Print what crops alone tell of faces drawn without the units that tell their expressions.

    Rigid crops stray by the name of their image: each figure is a mean over several names.
    """
    drawn = series(seed, TABLE, units, nuisance, PLANTED)
    sources = [f"{who:03d}/{name}/0" for who in range(identities) for name in EXPRESSIONS]
    people, shown, _ = np.array([source.split("/") for source in sources]).T
    crops = [("paper", crop, "") for crop in ("acting", "own")]
    crops += [("rigid", crop, name) for crop in ("acting", "own") for name in NAMES]
    seen: dict[tuple[str, str, str], list[np.ndarray]] = {crop: [] for crop in crops}
    landmarks = {alignment: [] for alignment in ("paper", "rigid")}
    for source in sources:
        sitting = drawn.sitting(source)
        face, resting = sitting.picture(), sitting.picture(without=sitting.carrying)
        found = {
            "acting": find_face(face.image).landmarks,
            "own": find_face(resting.image).landmarks,
        }
        grey = np.asarray(Image.fromarray(resting.image).convert("L"))
        for (alignment, crop, name), small in seen.items():
            cut = Image.fromarray(frame(found[crop], alignment, name + source).cut(grey))
            small.append(np.ravel(cut.resize((SMALL, SMALL), Image.Resampling.BOX)).astype(float))
        for alignment, points in landmarks.items():
            points.append(frame(found["acting"], alignment, source).place(found["acting"]))
    model = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto")
    told: dict[tuple[str, str], list[float]] = {}
    for (alignment, crop, _), small in seen.items():
        pixels = standardised(np.array(small))
        score = cross_val_score(model, pixels, shown, groups=people, cv=GroupKFold(5)).mean()
        told.setdefault((alignment, crop), []).append(100 * score)
    for (alignment, crop), percent in told.items():
        mean = f"{np.mean(percent):.1f} % ({np.round(percent, 1)})"
        print(f"{units}, rest {nuisance}: {alignment}, crop of the {crop} face: {mean}")
    faces = pd.DataFrame({"subject": people, "expression": shown, "sha256": sources})
    for alignment, points in landmarks.items():
        pool = faces.assign(corpus=alignment, row=range(len(faces)))
        print(leakage(pool, {alignment: np.array(points)}).round(3).to_string(index=False))


def sheet(seed: int, first: int, identities: int = 8) -> Image.Image:
    """Return a contact sheet: a row for each expression, a column for each identity."""
    drawn = series(seed, TABLE)
    people = range(first, first + identities)
    return page(
        (expression, [drawn.picture(f"{who}/{expression}/0").pixels for who in people])
        for expression in EXPRESSIONS
    )


def evidence_sheet(seed: int, first: int) -> Image.Image:
    """Return faces, a column for each expression, over what their units change, made 4 x."""
    rows = []
    for title, units, nuisance in (
        ("all units", "all", "neutral"),
        ("planted in the mouth, the rest random", "mouth", "random"),
        ("planted apart", "apart", "neutral"),
    ):
        drawn = series(seed, TABLE, units, nuisance, PLANTED)
        seated = [drawn.sitting(f"{first + n}/{e}/0") for n, e in enumerate(EXPRESSIONS)]
        maps = [255 - np.clip(4 * change(one, one.carrying), 0, 255) for one in seated]
        rows.append((f"{title}: {', '.join(EXPRESSIONS)}", [one.picture().image for one in seated]))
        rows.append(("what they change", [chart.astype(np.uint8) for chart in maps]))
    return page(rows)


def page(rows: Iterable[tuple[str, list[np.ndarray]]]) -> Image.Image:
    """Return rows of pictures, each under its title, as one picture of 256 colours."""
    rows = list(rows)
    sheet = Image.new("RGB", (TILE * len(rows[0][1]), (TILE + LABEL) * len(rows)), "white")
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(size=14)
    for row, (title, pictures) in enumerate(rows):
        top = row * (TILE + LABEL)
        pen.text((4, top + 2), title, "black", font)
        for column, picture in enumerate(pictures):
            tile = Image.fromarray(picture).resize((TILE, TILE), Image.Resampling.LANCZOS)
            sheet.paste(tile, (column * TILE, top + LABEL))
    return sheet.quantize(256, kmeans=1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="8 identities instead of 64")
    parser.add_argument("--planted", action="store_true", help="also the planted corpora")
    parser.add_argument("--leakage", action="store_true", help="only: what crops alone tell")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=16, help="first person on the sheets")
    parser.add_argument("--sheet", type=Path, help="also write a contact sheet to this PNG")
    parser.add_argument("--evidence", type=Path, help="also write a sheet of evidence to this PNG")
    options = parser.parse_args()
    if options.leakage:
        for units, nuisance in (("all", "neutral"), ("brows", "random"), ("mouth", "random")):
            leaked(units, nuisance, 8 if options.quick else 100, options.seed)
        return
    action_units = pd.read_csv(TABLE)
    identities = 8 if options.quick else 64
    sittings = seat_all(identities, options.seed, action_units)
    sittings[0].picture()  # warm caches

    for size in (224, 256):
        start = time.process_time()
        for identity in range(10):
            for expression in EXPRESSIONS:
                draw(identity, expression, 0, options.seed, action_units, size)
        rate = 10 * len(EXPRESSIONS) / (time.process_time() - start)
        print(f"faces of {size} x {size} a second and core  {rate:.1f}")
    faces = [sitting.picture() for sitting in sittings]
    errors = landmark_errors(faces)
    print(f"found by dlib, of {len(faces)}                {100 * len(errors) / len(faces):.1f} %")
    for column, name in enumerate(("outer corners", "centres")):
        shares = np.quantile(errors[:, column], [0.05, 0.25, 0.5, 0.75, 0.95])
        told = " / ".join(f"{100 * share:.1f}" for share in shares)
        print(f"landmark error, 5 25 50 75 95 % of faces: {told} % of the eyes' {name}")
    grey = np.array([crop(face.image, face.landmarks).ravel() for face in faces])
    print(f"accuracy, the face alone    {100 * accuracy(standardised(grey)):.1f} %")
    around = accuracy(np.array([surroundings(face) for face in faces]))
    print(f"accuracy, all around it     {100 * around:.1f} %, chance 16.7 %")
    for units, nuisance in PLANTINGS if options.planted else ():
        region, whole, rest = planted(units, nuisance, 3 * identities, options.seed)
        print(
            f"planted in {units}, rest {nuisance}: {100 * region:.0f} % of the face; accuracy on "
            f"all of it {100 * whole:.1f} %, outside the planted region {100 * rest:.1f} %"
        )
    if options.sheet:
        sheet(options.seed, options.first).save(options.sheet, optimize=True)
    if options.evidence:
        evidence_sheet(options.seed, options.first).save(options.evidence, optimize=True)


if __name__ == "__main__":
    main()
