"""A study's files with made-up numbers, as its figures and pages read them."""

from itertools import product

import numpy as np
import pandas as pd

from facsimile import EXPRESSIONS
from facsimile.explain.explanations import Explanations
from facsimile.faces.accounting import account
from facsimile.measure.likeness import likeness_table
from facsimile.settings.checking import check
from made_up_tables import (
    EXPLAINERS,
    NETWORKS,
    REFERENCES,
    agreement,
    classification,
    contrasts,
    cross_expression,
    faith,
    findings,
    leakage,
    overall,
    pretraining,
    specificity,
    trust,
)

SHAPE = (275, 224)
MEASURED = (agreement, overall, specificity, contrasts, cross_expression, pretraining)
"""What makes up the tables that figures of agreement are drawn from."""


def settings(root, **given):
    """Return a study's settings, checked: three explainers, of which two differ in the baseline."""
    lime = {"method": "lime", "samples": 941}
    return check(
        {
            "study": {"folds": 5, "faces_per_expression": 37, "seed": 7},
            "corpora": {"drawn": {"kind": "synthetic"}},
            "networks": {"weinet": {"input_size": 48}, "vgg16": {"input_size": 48}},
            "superpixels": {"slic29": {"kind": "slic", "n_segments": 29}},
            "explainers": {"lime": lime, "lime_grey": {**lime, "baseline": "grey"}, "grad_cam": {}},
            "references": {"ekman": {}, "gaze": {"kind": "maps", "path": "gaze"}},
            "measure": {"bootstrap_samples": 321},
            **given,
        },
        root,
    )


def sensitivity():
    """Return the table of two explainers; for regions IoU at two thresholds, and AUROC."""
    cuts = [("iou", "otsu"), ("iou", 0.75), ("auroc", "none")]
    rows = [
        {"explainer": x, "method": x.partition("-")[0], "baseline": baseline, "network": n,
         "reference": "ekman", "score": s, "threshold": cut, "value": 0.4 + 0.02 * at,
         "specificity": 0.1 * at, "specificity_low": 0.1 * at - 0.05,
         "specificity_high": 0.1 * at + 0.05, "p": p, "p_min": 2 / 720}
        for (x, baseline, p), (s, cut), (at, n) in product(
            [("lime", "black", 0.5), ("lime-grey", "grey", 0.01), ("grad_cam", None, 0.2)],
            cuts, enumerate(("a", "b", "all")))
    ]  # fmt: skip
    return pd.DataFrame(rows)


def faces():
    """Return the tables on faces, by the names of their files."""
    names = {"corpus": "drawn", "subject": list("aabbcc"), "expression": EXPRESSIONS}
    kept = pd.DataFrame(names | {"id": [f"drawn/{n}" for n in range(6)], "box_from": "detector"})
    excluded = pd.DataFrame({"corpus": ["drawn", "wild"], "source": "x", "reason": "no face found"})
    excluded = excluded.assign(subject="a", expression="fear")
    shared = {"sha256": "x", "id": ["drawn/1", "drawn/2"], "subjects": 2, "expressions": 1}
    return {
        "faces": kept,
        "excluded": excluded,
        "accounting": account(kept, excluded),
        "leakage": leakage(),
        "duplicates": pd.DataFrame(shared),
    }


class Study:
    """A folder with the files that figures are drawn from."""

    def __init__(self, folder, root):
        """Write them; ``root`` is the project's folder."""
        self.folder, self.root = folder, root
        self.rng = np.random.default_rng(5)
        rows, columns = np.mgrid[0:275, 0:224]
        self.face = (90 + 90 * np.hypot((rows - 137) / 137, (columns - 112) / 112) ** 2).clip(
            0, 255
        )
        self.networks = NETWORKS[:2]
        learned = {"classification": self._csv("classification.csv", self._classification())}
        self.inputs = {
            "faces": self._faces(),
            "networks": self._networks() | learned,
            "steps": self._steps(),
            "explanations": {"trust": self._csv("trust.csv", trust())} | learned,
            "faith": {"faith": self._csv("faith.csv", faith())} | learned,
            "heatmaps": {
                "heatmaps": self._heatmaps("", EXPLAINERS),
                "face": self._npy("faces/average.npy", self.face),
            }
            | learned,
            "references": self._references(),
            "agreement": {
                table.__name__: self._csv(f"{table.__name__}.csv", table()) for table in MEASURED
            }
            | learned,
            "likeness": self._likeness() | learned,
            "sensitivity": {"sensitivity": self._csv("sensitivity.csv", sensitivity())} | learned,
            "validation": self._validation(),
        }
        origins = {"weinet": ("weinet", "random"), "vgg16": ("vgg16", "imagenet")}
        self.given = {
            "seed": 7,
            "contrast": False,
            "networks": list(self.networks),
            "origins": origins,
            "names": {name: f"{name} in words" for name in EXPLAINERS},
        }

    def _classification(self):
        """Return the table of networks; vgg16 has not learned."""
        table = classification()
        return table.assign(learned=table["network"] != "vgg16")

    def _path(self, name):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return str(path)

    def _csv(self, name, table):
        table.to_csv(self._path(name), index=False)
        return self._path(name)

    def _npy(self, name, array):
        np.save(self._path(name), array.astype(np.float32) if array.dtype != bool else array)
        return self._path(name)

    def _blob(self, at):
        """Return a map that is hot in one place of the face, one an expression."""
        rows, columns = np.mgrid[0:275, 0:224]
        y, x = 60 + 35 * at, 60 + 20 * at
        noise = 0.1 * self.rng.random(SHAPE)
        return np.exp(-((rows - y) ** 2 + (columns - x) ** 2) / 800) + noise

    def _faces(self):
        count = 5 * len(EXPRESSIONS)
        folds = pd.DataFrame(
            {"id": [f"drawn/{n}" for n in range(count)], "corpus": "drawn", "row": range(count),
             "subject": "a", "expression": list(EXPRESSIONS) * 5, "fold": 0}
        )  # fmt: skip
        pixels = self.rng.integers(90, 160, (count, 224, 224)).astype(np.uint8)
        np.save(self._path("faces/drawn/faces.npy"), pixels)
        points = self.rng.uniform(40, 180, (count, 68, 2))
        return {
            "table": self._csv("faces/folds/repeat0.csv", folds),
            "faces": [self._path("faces/drawn/faces.npy")],
            "landmarks": [self._npy("faces/drawn/landmarks.npy", points)],
        }

    def _networks(self):
        epochs = pd.DataFrame({"epoch": [1, 2, 3], "loss": [1.5, 0.8, 0.5]})
        epochs = epochs.assign(accuracy=[0.3, 0.6, 0.8])
        guess = pd.DataFrame({"expression": list(EXPRESSIONS) * 4})
        guess["predicted"] = [*EXPRESSIONS, *EXPRESSIONS, *EXPRESSIONS[::-1], *EXPRESSIONS]
        made = {"history": [], "predictions": []}
        for name, repeat, fold in product(self.networks, (0, 1), (0, 1)):
            for kind, table in (("history", epochs), ("predictions", guess)):
                path = f"networks/{name}/repeat{repeat}/fold{fold}/{kind}.csv"
                keys = {"network": name, "repeat": repeat, "fold": fold}
                made[kind].append(self._csv(path, table.assign(**keys)))
        return made

    def _steps(self):
        """Return explained faces, one an expression but for fear; six superpixels of 32 pixels."""
        faces = self._faces()
        labels = np.repeat(np.arange(6, dtype=np.uint16), 32 * 32 // 6 + 1)[: 32 * 32]
        cuts = np.tile(labels.reshape(32, 32), (5 * len(EXPRESSIONS), 1, 1))
        path = self._path("faces/drawn/superpixels/slic29/32.npy")
        np.save(path, cuts)
        explained = []
        for at, expression in enumerate(EXPRESSIONS):
            count = 0 if expression == "fear" else 1
            weights = self.rng.normal(size=(count, 6, 6))
            six, one = self.rng.random((count, 6)), np.zeros(count, int)
            name = self._path(f"explanations/lime/weinet/repeat0/{expression}.npz")
            Explanations(
                id=np.array([f"drawn/{at}"] * count, str), repeat=one, fold=one, seed=one,
                superpixels=one + 6, coefficients=weights, standard_error=weights,
                map=np.empty((count, 0, 0)), intercept=six, r2=six, split_half=six,
                effective_samples=one, samples=one,
            ).save(name)  # fmt: skip
            explained.append(name)
        return {
            **faces,
            "explanations": explained,
            "superpixels": [path],
            "face": self._npy("faces/average.npy", self.face),
            "canonical": str(self.root / "resources" / "canonical_landmarks.csv"),
        }

    def _heatmaps(self, before, explainers):
        paths = []
        for explainer, network, (at, expression) in product(
            explainers, self.networks, enumerate(EXPRESSIONS)
        ):
            name = f"{before}heatmaps/{explainer}/{network}/{expression}.npy"
            none = network == "vgg16" and expression == "fear"
            paths.append(self._npy(name, np.full(SHAPE, np.nan) if none else self._blob(at)))
        return paths

    def _references(self):
        paths = []
        for at, expression in enumerate(EXPRESSIONS):
            blob = self._blob(at)
            for name, image in (("ekman", blob > 0.5), ("gaze", blob)):
                paths.append(self._npy(f"references/{name}/{expression}.npy", image))
        canonical = str(self.root / "resources" / "canonical_landmarks.csv")
        face = self._npy("faces/average.npy", self.face)
        return {"references": paths, "face": face, "canonical": canonical}

    def _likeness(self):
        references = {name: self._blob(at) for at, name in enumerate(REFERENCES)}
        tables = {
            expression: likeness_table(
                {(x, n): self._blob(at) for x, n in product(EXPLAINERS, self.networks)}, references
            )
            for at, expression in enumerate((*EXPRESSIONS, "all"))
        }
        leaves = {"networks": len(self.networks)}
        leaves["networks and references"] = len(self.networks) + len(REFERENCES)
        branches = pd.DataFrame(
            {"explainer": x, "expression": e, "leaves": kind, "branch": branch, "support": 0.87}
            for x, e, (kind, count) in product(EXPLAINERS, tables, leaves.items())
            for branch in range(count - 1)
        )
        return {
            "likeness": [self._csv(f"likeness/{name}.csv", one) for name, one in tables.items()],
            "branches": self._csv("likeness/branches.csv", branches),
            "families": str(self.root / "resources" / "network_families.csv"),
            "origins": [],
        }

    def _validation(self):
        made = {"changes": [], "regions": [], "heatmaps": [], "faces": []}
        for condition in ("mouth", "brows"):
            before = f"validation/{condition}/"
            made["heatmaps"] += self._heatmaps(before, EXPLAINERS)
            made["faces"].append(self._npy(f"{before}faces/average.npy", self.face))
            for at, expression in enumerate(EXPRESSIONS):
                blob = self._blob(at)
                for key, name, image in (
                    ("changes", "change", blob), ("regions", "exact", blob > 0.5),
                ):  # fmt: skip
                    path = f"{before}references/{name}/{expression}.npy"
                    made[key].append(self._npy(path, image))
        table = findings(networks=self.networks)
        return made | {"findings": self._csv("findings.csv", table)}
