"""What captions and pages say of a study in words, from its settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from facsimile.atlas.references import reference_of
from facsimile.explain.baselines import baseline_of
from facsimile.explain.methods import method_of
from facsimile.explain.superpixels import superpixels_of
from facsimile.plugins import placed
from facsimile.show.learned import NOTE

CHOSEN = {
    "correct": "drawn from those that the network recognised",
    "predicted": "drawn from those that the network took for it, rightly or not",
}
"""Which faces are explained, by the setting ``select``."""

ALIGNED = {
    "rigid": "placed, turned and scaled by its eyes and nose bridge, which expressions hardly move",
    "paper": "rotated until the eyes were level, cropped from brow to chin, as in the paper",
}
"""How a face is cropped, by the setting ``alignment``."""

BLACK = (
    "Black is the paper's choice. But a face with black patches is nothing that a network has met, "
    "so where black hides parts an explanation may tell what the patches do, and miss what the "
    "network sees in faces; a low R² of the surrogate is one sign of it. docs/validation.md shows "
    "this on faces of which it is known where the expression is."
)
"""Said of studies that compare black with other baselines."""


@dataclass(frozen=True)
class Explainer:
    """An explainer's row in words.

    ``sentence`` says how it works, to follow 'explained with'; ``faces`` which faces it explained,
    to begin a sentence; ``short`` is its name in a figure's margin; ``row`` are its settings.
    """

    sentence: str
    faces: str
    short: str
    row: Mapping[str, Any]

    @classmethod
    def of(
        cls,
        row: Mapping[str, Any],
        superpixels: Mapping[str, Mapping],
        baselines: Mapping[str, Mapping],
    ) -> "Explainer":
        """Describe a row.

        Parameters
        ----------
        row : with all defaults filled in; superpixels and baseline None where it has none.
        superpixels, baselines : the study's, name to settings.
        """
        cut, baseline = row["superpixels"], row["baseline"]
        sentence = method_of(row).sentence(
            superpixels_of(superpixels[cut]).words() if cut else "",
            baseline_of(baselines[baseline]).words if baseline else "",
        )
        faces = f"Up to {row['faces']} test faces of each expression, fold and repeat, "
        short = [row["method"].replace("_", " "), cut, baseline]
        return cls(sentence, faces + CHOSEN[row["select"]], ", ".join(filter(None, short)), row)


@dataclass(frozen=True)
class Facts:
    """What captions may say.

    ``alignment`` says how faces are cropped; ``null_draws`` how many networks of either kind that
    knows nothing there are, of each input size, and ``null_architecture`` which they are.
    ``explainers`` holds those of the study; heatmaps by others were made elsewhere, from faces of
    which nothing is known. ``references`` holds what each shows, in a sentence.
    """

    folds: int
    repeats: int
    alignment: str
    null_draws: int
    null_architecture: str
    bootstrap_samples: int
    explainers: Mapping[str, Explainer]
    references: Mapping[str, str]

    @classmethod
    def of(cls, settings: Mapping[str, Any], project: Path) -> "Facts":
        """Return the facts of a study.

        Parameters
        ----------
        settings : checked and with all defaults.
        project : the folder from which the places in them start.
        """
        study = settings["study"]
        return cls(
            folds=study["folds"],
            repeats=study["repeats"],
            alignment=ALIGNED[study["alignment"]],
            null_draws=settings["chance"]["draws"] if settings["corpora"] else 0,
            null_architecture=settings["chance"]["architecture"],
            bootstrap_samples=settings["measure"]["bootstrap_samples"],
            explainers={
                name: Explainer.of(row, settings["superpixels"], settings["baselines"])
                for name, row in settings["explainers"].items()
                if row.get("method")
            },
            references={
                name: meaning_of(row, project) for name, row in settings["references"].items()
            },
        )

    @property
    def times(self) -> str:
        """Return how often folds are made."""
        return "once" if self.repeats == 1 else f"anew for each of {self.repeats} repeats"

    @property
    def trainings(self) -> str:
        """Return over what a network's heatmaps are means."""
        once = f"the {self.folds} folds"
        return once if self.repeats == 1 else f"{once} of each of {self.repeats} repeats"

    @property
    def unlearned(self) -> str:
        """Return what the mark of networks that did not learn means, with a space before.

        Of heatmaps made elsewhere it is not known.
        """
        return f" {NOTE}" if self.explainers else ""

    @property
    def known_levels(self) -> str:
        """Return the levels of networks that know nothing, with what joins them to the next."""
        if not self.null_draws:
            return ""
        return (
            "of networks with random weights (untrained), of networks trained on shuffled labels "
            "(shuffled), and "
        )

    @property
    def arrows(self) -> str:
        """Return what arrows behind the numbers of cells mean, where there are any."""
        if not self.null_draws:
            return ""
        return "; arrows mark cells better or worse than networks that know nothing, q under .05"

    @property
    def names(self) -> dict[str, str]:
        """Return each explainer's name in a figure's margin."""
        return {name: one.short for name, one in self.explainers.items()}

    @property
    def support(self) -> str:
        """Return what numbers at the joins of trees are, with a space before, where there are."""
        if not self.explainers:
            return ""
        return (
            " A number at a join is its support: in how many percent of "
            f"{self.bootstrap_samples} bootstrap draws of people and trainings the same branch is "
            "found."
        )

    @property
    def differences(self) -> list[str]:
        """Return in sentences how explainers differ from the first of their method."""
        sentences: list[str] = []
        first: dict[str, str] = {}
        for name, one in self.explainers.items():
            main = first.setdefault(one.row["method"], name)
            if changed := changes(self.explainers[main].row, one.row):
                sentences.append(f"{name} is {main} with {' and '.join(changed)}.")
        baselines = {one.row["baseline"] for one in self.explainers.values()} - {None}
        return sentences + [BLACK] * (len(baselines) > 1 and "black" in baselines)


def meaning_of(row: Mapping[str, Any], project: Path) -> str:
    """Return what a reference shows, from its row; see ``Facts.of``."""
    found = placed(type(reference_of(row)), row, lambda at: str(project / Path(at).expanduser()))
    return reference_of(found).words


def changes(row: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """Return what another row of the same method has otherwise, such as 'baseline grey'."""
    return [
        f"{key} {_said(other[key])} instead of {_said(value)}"
        for key, value in row.items()
        if other[key] != value
    ]


def _said(value: object) -> str:
    """Return a setting as the configuration writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
