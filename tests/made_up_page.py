"""A whole page with made-up numbers, maps and faces, and what can be read on it."""

import io
from html.parser import HTMLParser

import numpy as np
from PIL import Image

import made_up
from facsimile import EXPRESSIONS
from facsimile.show.faces import Faces
from facsimile.show.facts import Facts
from facsimile.show.manifest import drawings
from facsimile.show.measures import Measures
from facsimile.show.painting import data_uri
from facsimile.show.report import Report
from facsimile.show.sheet import Maps
from made_up import EXPLAINERS, NETWORKS, REFERENCES, SHAPE
from made_up_tables import likeness_tests

PAGED = ("faces", "networks", "explanations", "heatmaps", "references", "agreement", "likeness")
"""Stages whose figures are on the page of a study."""


def png():
    """Return a small picture."""
    picture = io.BytesIO()
    Image.new("L", (320, 160)).save(picture, "png")
    return picture.getvalue()


def pictures(*stages, **names):
    """Return all figures of some stages, each a small picture."""
    names = {"explainer": EXPLAINERS, "reference": REFERENCES, "expression": ["fear"], **names}
    return [(one, png()) for stage in stages for one in drawings(stage, **names)]


def measures():
    return Measures(
        made_up.agreement(),
        made_up.overall(),
        made_up.specificity(),
        made_up.contrasts(),
        made_up.pretraining(),
        likeness_tests(),
    )


def blob(seed):
    """Return a map that is hot in one place."""
    rows, columns = np.mgrid[0:275, 0:224]
    y, x = np.random.default_rng(seed).uniform((60, 50), (220, 170))
    return np.exp(-((rows - y) ** 2 + (columns - x) ** 2) / 900).astype(np.float32)


def cells(seed):
    """Return the pictures of a network's cells: two trainings and six faces each."""
    shade = data_uri(np.full((8, 8), seed / 40))
    steps = dict.fromkeys(("original", "superpixels", "weights", "carried"), shade)
    faces = [
        {"id": f"drawn/{n}", "repeat": 0, "fold": 0, "r2": round(0.3 + n / 10, 3), **steps}
        for n in range(6)
    ]
    trainings = [{"repeat": 0, "fold": fold, "map": shade} for fold in (0, 1)]
    return {name: {"trainings": trainings, "faces": faces} for name in EXPRESSIONS}


def maps():
    """Return maps of all networks; vgg16 has none on fear. One reference is a density."""
    heatmaps, references = {}, {}
    for seed, key in enumerate(
        (x, n, e) for x in EXPLAINERS for n in NETWORKS for e in EXPRESSIONS
    ):
        none = key[1:] == ("vgg16", "fear")
        heatmaps[key] = np.full(SHAPE, np.nan, np.float32) if none else blob(seed)
    for seed, expression in enumerate(EXPRESSIONS):
        references["ekman", expression] = blob(100 + seed) > 0.5
        references["gaze", expression] = blob(200 + seed)
    rows, columns = np.mgrid[0:275, 0:224]
    face = 60 + 150 * np.hypot((rows - 137) / 137, (columns - 112) / 112).clip(0, 1)
    keys = [(x, n) for x in EXPLAINERS for n in NETWORKS]
    return Maps(heatmaps, references, face, {key: cells(at) for at, key in enumerate(keys)})


def report(root, **changes):
    """Return a report of all that a page can show."""
    settings = made_up.settings(root)
    whole = {
        "settings": settings,
        "facts": Facts.of(settings, root),
        "measures": measures(),
        "pictures": pictures(*PAGED),
        "faces": Faces(**made_up.faces()),
        "classification": made_up.classification(),
        "trust": made_up.trust(),
        "maps": maps(),
    }
    return Report(**(whole | changes))


class Page(HTMLParser):
    """Collect what a page names, loads and says."""

    def __init__(self, html):
        super().__init__()
        self.loaded, self.tags, self.texts, self.images = [], [], [], []
        self.feed(html)
        self.text = " ".join(" ".join(self.texts).split())

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.append(tag)
        if tag == "img":
            self.images.append(attrs)
        if tag != "a":
            self.loaded += [attrs[name] for name in ("src", "href", "srcset") if name in attrs]

    def handle_data(self, data):
        self.texts.append(data)
