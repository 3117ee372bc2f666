"""How fast the embedded faces are drawn, and whether dlib sees in them what was drawn.

python benchmarks/embedded_faces.py [--quick] [--sheet docs/embedded-faces.png]
"""

import argparse
import sys
import time
from pathlib import Path

import dlib
import numpy as np
import pandas as pd
from PIL import Image, ImageDraw, ImageFont
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "workflow" / "scripts"))

from facsimile import EXPRESSIONS  # noqa: E402
from facsimile.faces.detection import landmarks_in  # noqa: E402
from facsimile.faces.embedded import DrawnFace, draw  # noqa: E402

TABLE = ROOT / "resources" / "action_units.csv"
TILE, LABEL = 160, 22


def draw_all(identities: int, seed: int, action_units: pd.DataFrame) -> list[DrawnFace]:
    """Return one face of each expression of each identity."""
    return [
        draw(identity, expression, 0, seed, action_units)
        for identity in range(identities)
        for expression in EXPRESSIONS
    ]


def landmark_errors(faces: list[DrawnFace]) -> np.ndarray:
    """Return dlib's mean landmark error of each face it finds, over the outer eye distance."""
    detector = dlib.get_frontal_face_detector()
    errors = []
    for face in faces:
        boxes = detector(face.image, 1)
        if boxes:
            box = max(boxes, key=lambda found: found.area())
            found = landmarks_in(face.image, (box.left(), box.top(), box.right(), box.bottom()))
            eyes = np.linalg.norm(face.landmarks[45] - face.landmarks[36])
            errors.append(np.linalg.norm(found - face.landmarks, axis=1).mean() / eyes)
    return np.array(errors)


def crop(face: DrawnFace) -> np.ndarray:
    """Return the face alone, grey, 48 x 48, of mean 0 and standard deviation 1."""
    left, right = face.landmarks[36], face.landmarks[45]
    unit, (x, y) = np.linalg.norm(right - left), (left + right) / 2
    box = np.array([x - 0.95 * unit, y - 0.6 * unit, x + 0.95 * unit, y + 1.7 * unit])
    grey = Image.fromarray(face.image).convert("L")
    small = grey.resize((48, 48), Image.Resampling.BILINEAR, box=tuple(box.clip(0, grey.width)))
    pixels = np.asarray(small, float).ravel()
    return (pixels - pixels.mean()) / pixels.std()


def surroundings(face: DrawnFace) -> np.ndarray:
    """Return what should not tell the expression: background, clothes, place, size, brightness."""
    edges = [face.image[:12], face.image[-8:, :64], face.image[-8:, -64:]]
    place = face.landmarks[[36, 45]].ravel()
    return np.concatenate([*[edge.mean((0, 1)) for edge in edges], place, [face.image.mean()]])


def accuracy(faces: list[DrawnFace], describe) -> float:
    """Return the accuracy of linear discriminants on the people they were not trained on."""
    seen = np.array([describe(face) for face in faces])
    shown = np.tile(EXPRESSIONS, len(faces) // len(EXPRESSIONS))
    cut = len(EXPRESSIONS) * (len(faces) // len(EXPRESSIONS) * 3 // 4)
    model = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto")
    return model.fit(seen[:cut], shown[:cut]).score(seen[cut:], shown[cut:])


def sheet(seed: int, action_units: pd.DataFrame, identities: int = 8) -> Image.Image:
    """Return a contact sheet: a row for each expression, a column for each identity."""
    page = Image.new("RGB", (TILE * identities, (TILE + LABEL) * len(EXPRESSIONS)), "white")
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(size=14)
    for row, expression in enumerate(EXPRESSIONS):
        top = row * (TILE + LABEL)
        pen.text((4, top + 2), expression, "black", font)
        for identity in range(identities):
            face = draw(identity, expression, 0, seed, action_units)
            tile = Image.fromarray(face.image).resize((TILE, TILE), Image.Resampling.LANCZOS)
            page.paste(tile, (identity * TILE, top + LABEL))
    return page.quantize(256, kmeans=1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="8 identities instead of 64")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sheet", type=Path, help="also write a contact sheet to this PNG")
    options = parser.parse_args()
    action_units = pd.read_csv(TABLE)
    draw(0, "anger", 0, options.seed, action_units)  # warm caches

    start = time.process_time()
    faces = draw_all(8 if options.quick else 64, options.seed, action_units)
    rate = len(faces) / (time.process_time() - start)
    errors = landmark_errors(faces)
    quartiles = " / ".join(f"{100 * value:.1f}" for value in np.quantile(errors, [0.25, 0.5, 0.75]))
    print(f"faces drawn                {len(faces)}")
    print(f"faces a second and core    {rate:.1f}")
    print(f"found by dlib              {100 * len(errors) / len(faces):.1f} %")
    print(f"landmark error, quartiles  {quartiles} % of the outer eye distance")
    print(f"accuracy, the face alone   {100 * accuracy(faces, crop):.1f} %")
    print(f"accuracy, all around it    {100 * accuracy(faces, surroundings):.1f} %, chance 16.7 %")
    if options.sheet:
        sheet(options.seed, action_units).save(options.sheet, optimize=True)


if __name__ == "__main__":
    main()
