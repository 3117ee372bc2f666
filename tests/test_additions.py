"""Adding one thing is adding one file: each kind of thing, from outside, through a whole study."""

from textwrap import dedent

import numpy as np
import pandas as pd
import pytest
import yaml

from facsimile import EXPRESSIONS
from facsimile.faces.synthetic import draw
from running import PROJECT, copied, finished, setting, snakemake

pytestmark = pytest.mark.slow

FILES = {
    "explain/methods/middle.py": '''
        """What lies in the middle of a face, whatever the network."""

        from dataclasses import dataclass

        from facsimile.explain.attribution import Attribution
        from facsimile.explain.methods import Method
        from facsimile.options import option


        @dataclass(frozen=True, kw_only=True)
        class Middle(Method):
            """How wide the middle is."""

            share: float = option("Its width, as a share of the face's.", 0.5, gt=0, le=1)

            def sentence(self, superpixels, baseline):
                return f"the middle {self.share:.0%} of the face"

            def explain(self, target):
                import numpy as np

                size = len(target.face)
                near = np.abs(np.arange(size) - size / 2) < self.share * size / 2
                return Attribution(samples=0, map=np.outer(near, near).astype(np.float32))
        ''',
    "explain/baselines/white.py": '''
        """White."""

        from dataclasses import dataclass

        import numpy as np

        from facsimile.explain.baselines import Baseline


        @dataclass(frozen=True)
        class White(Baseline):
            words = "painted white"

            def image(self, face, extras):
                return np.full_like(face, 255)
        ''',
    "explain/superpixels/halves.py": '''
        """Left and right."""

        from dataclasses import dataclass

        import numpy as np

        from facsimile.explain.superpixels import Superpixels


        @dataclass(frozen=True, kw_only=True)
        class Halves(Superpixels):
            def words(self):
                return "the two halves of the face"

            def cut(self, face, landmarks):
                left = np.arange(len(face)) < len(face) / 2
                return np.broadcast_to(left, face.shape).astype(np.uint16)
        ''',
    "faces/corpora/lines.py": '''
        """Kind ``lines``: a text file, an image and its expression on each line."""

        from dataclasses import dataclass
        from pathlib import Path

        from facsimile.faces.corpora import NO_TABLES, Corpus
        from facsimile.faces.records import Picture, Record
        from facsimile.options import option


        @dataclass(frozen=True, kw_only=True)
        class Lines(Corpus):
            LAYOUT = "a text file"

            path: Path = option("The file.")

            def records(self, tables=NO_TABLES):
                from facsimile.faces.images import read

                for line in self.path.read_text().splitlines():
                    name, subject, expression = line.split()
                    file = self.path.parent / name
                    yield Record(name, subject, expression, lambda file=file: Picture(read(file)))
        ''',
    "measure/scores/outside.py": '''
        """Share of the map's sum that lies outside of the region."""

        from facsimile.measure.scores import Score

        OUTSIDE = Score(
            name="outside",
            kind="region",
            order=99,
            label="mass outside",
            source="here",
            sign=-1,
            function=lambda both: (
                1 - both.maps.values @ both.inside / both.maps.values.sum(axis=1, keepdims=True)
            ),
        )
        ''',
    "atlas/references/bands.py": '''
        """Kind ``bands``: a part of the height of the face."""

        from dataclasses import dataclass

        import numpy as np

        from facsimile import EXPRESSIONS
        from facsimile.atlas.references import ReferenceKind
        from facsimile.options import option


        @dataclass(frozen=True, kw_only=True)
        class Bands(ReferenceKind):
            TABLES = ()

            share: float = option("How much of the height.", 0.5, gt=0, lt=1)

            @property
            def words(self):
                return "the upper part of the face."

            def draw(self, tables):
                above = np.arange(275) < self.share * 275
                band = np.broadcast_to(above[:, None], (275, 224)).copy()
                return {name: np.roll(band, 20 * n, 0) for n, name in enumerate(EXPRESSIONS)}
        ''',
    "atlas/rivals/corner.py": '''
        """The corner of the frame."""

        from facsimile.atlas.rivals import Rival


        def draw(landmarks):
            import numpy as np

            return np.add.outer(np.arange(275), np.arange(224)).astype(np.float32)


        CORNER = Rival(name="corner", words="the lower right corner", draw=draw)
        ''',
    "show/figures/loss.py": '''
        """The last loss of each network."""

        from facsimile.show.manifest import FigureKind


        class Loss(FigureKind):
            stage = "networks"
            section = "classification"
            order = 99
            path = "figures/loss"
            title = "Last losses"
            label = "last losses"
            alt = "A bar for each network"

            def caption(self, facts, key):
                return f"What was left of the loss in {facts.folds} folds."

            def draw(self, inputs, key):
                from matplotlib.figure import Figure

                figure = Figure()
                last = inputs.table("history").groupby("network")["loss"].last()
                figure.subplots().bar(last.index, last)
                return figure
        ''',
}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Return the results of a study that uses all of these, in a copy of the workflow."""
    project = copied(tmp_path_factory.mktemp("project"))
    for name, text in FILES.items():
        file = project / "workflow" / "scripts" / "facsimile" / name
        assert not file.exists()
        file.write_text(dedent(text).lstrip())
    directory = tmp_path_factory.mktemp("study")
    settings = yaml.safe_load((PROJECT / "tests" / "micro.yaml").read_text()) | {
        "corpora": {"mine": {"kind": "lines", "path": str(_drawn(directory / "faces"))}},
        "superpixels": {"halves": {"kind": "halves"}},
        "explainers": {
            "lime": {"samples": 12, "baseline": "white"},
            "middle": {"share": 0.4},
        },
        "references": {"upper": {"kind": "bands"}},
        "chance": {"draws": 0},
        "faith": {"faces": 0, "sanity": 0},
    }
    settings["networks"].pop("songnet")
    settings["study"]["repeats"] = 1
    (directory / "study.yaml").write_text(yaml.safe_dump(settings, sort_keys=False))
    targets = ("report", "--config", setting("threads", 1))
    chosen = directory / "study.yaml"
    finished(snakemake(directory, *targets, configfile=chosen, project=project))
    return directory / "results"


def _drawn(folder):
    """Draw twelve faces into a folder; return the file that lists them."""
    from PIL import Image

    folder.mkdir()
    units = pd.read_csv(PROJECT / "resources" / "action_units.csv")
    lines = []
    for person, expression in ((person, name) for person in range(2) for name in EXPRESSIONS):
        name = f"{person}-{expression}.png"
        Image.fromarray(draw(person, expression, 0, 5, units).image).save(folder / name)
        lines.append(f"{name} p{person} {expression}")
    (folder / "list.txt").write_text("\n".join(lines))
    return folder / "list.txt"


def test_a_corpus_kind_is_one_file(study):
    assert len(pd.read_csv(study / "faces" / "mine" / "faces.csv")) == 12


def test_a_method_a_baseline_and_superpixels_are_one_file_each(study):
    superpixels = np.load(study / "faces" / "mine" / "superpixels" / "halves" / "32.npy")
    assert set(np.unique(superpixels)) == {0, 1}
    rows = [np.load(path) for path in study.glob("explanations/lime/weinet/*/*.npz")]
    assert any((one["superpixels"] == 2).any() for one in rows)
    explained = next(
        np.load(path)
        for path in study.glob("explanations/middle/weinet/*/*.npz")
        if len(np.load(path)["id"])
    )
    assert explained["map"].mean() == pytest.approx(0.4**2, rel=0.2)


def test_a_score_a_reference_and_a_rival_are_one_file_each(study):
    table = pd.read_csv(study / "agreement.csv")
    assert set(table["reference"]) == {"upper"}
    both = table.dropna(subset="value").pivot_table(
        index=["explainer", "expression"], columns="score", values="value"
    )
    assert both["outside"].to_numpy() == pytest.approx(1 - both["relevance_mass"].to_numpy())
    assert (study / "rivals" / "corner.npy").is_file()


def test_a_figure_is_one_file_and_stands_on_the_page(study):
    assert (study / "figures" / "loss.png").is_file()
    assert "What was left of the loss in 2 folds." in (study / "report.html").read_text()
