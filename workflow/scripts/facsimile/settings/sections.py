"""The keys of a configuration that no plugin describes: the study's own, and those of every row."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from facsimile.options import option

Select = Literal["correct", "predicted"]
Rows = dict[str, Any]
"""Name -> what the row of that name says; read one by one, each by its own kind."""

MACHINE_KEYS = ("device", "deterministic", "threads")
"""Keys that say how jobs compute."""

Threshold = Literal["otsu"] | Annotated[float, Field(gt=0, lt=1)]


@dataclass(frozen=True, kw_only=True)
class Study:
    """What holds for the whole study."""

    seed: int = option(
        "Every random draw is derived from this number and the thing drawn for.", 2024, ge=0
    )
    alignment: Literal["rigid", "paper"] = option(
        "How faces are turned, scaled and placed. rigid: by the corners of the eyes and the bridge "
        "of the nose, which expressions hardly move. paper: from the brows to the chin, as the "
        "study's authors did, so that size and place tell the expression; docs/corpora.md.",
        "rigid",
    )
    folds: int = option("Cross-validation folds; no person is on both sides of one.", 5, ge=2)
    repeats: int = option(
        "How often the whole cross-validation is done, each time with other folds and other draws "
        "in training: what a network's scores are means over, and told apart from chance by. Of a "
        "single one, intervals tell about people alone.",
        3,
        ge=1,
    )
    faces_per_expression: int = option(
        "Test faces explained for each network, expression, repeat and fold, at most; a row of "
        "explainers may want another number.",
        100,
        ge=1,
    )
    select: Select = option(
        "Which test faces are explained: those predicted correctly as the expression, or all those "
        "predicted as it, as the study's authors did; a row of explainers may want others.",
        "correct",
    )
    baseline: str = option(
        "What is seen where parts of a face are hidden, by explainers whose row does not say. "
        "docs/validation.md says what hangs on it.",
        "black",
    )
    job: Literal["expression", "network"] = option(
        "What one job covers. expression: the training of one fold, the explanations of one repeat "
        "and expression. network: the trainings of all folds of a repeat, the explanations of all "
        "repeats and expressions, which starts PyTorch less often: best for small studies.",
        "expression",
    )


@dataclass(frozen=True, kw_only=True)
class Inference:
    """How networks are run to explain them."""

    batch_size: int = option(
        "Images that a network sees together. 0 measures, once for each network, which batch size "
        "and memory layout are fastest on this machine (results/networks/NETWORK/throughput.csv); "
        "since another batch size may change the last digits, a number gives the same bytes "
        "everywhere.",
        0,
        ge=0,
    )
    precision: Literal["float32", "bfloat16"] = option(
        "float32, for the record; or bfloat16, up to twice as fast where the processor has it, "
        "with global heatmaps of the default networks correlating by .999 and more with float32.",
        "float32",
    )


@dataclass(frozen=True, kw_only=True)
class Chance:
    """Networks that know nothing of expressions, for what scores reach by chance."""

    draws: int = option(
        "How many of each kind, untrained and trained on shuffled labels, are explained as a "
        "network's repeats are, at each input size of the study. 0: no level of chance, and no p "
        "that needs one.",
        10,
        ge=0,
    )
    architecture: str = option(
        "Of all these networks, as networks name theirs; small is of our own, made to be cheap.",
        "small",
    )
    input_scaling: Literal["standard", "unit", "centred"] = option(
        "As of a network's row.", "centred"
    )
    optimiser: Literal["adam", "rmsprop"] = option("As of a network's row.", "adam")
    learning_rate: float = option("As of a network's row.", 3.0e-3, gt=0)
    epochs: int = option("Of the training on shuffled labels.", 10, ge=1)
    batch_size: int = option("Faces of a training step.", 32, ge=2)


@dataclass(frozen=True, kw_only=True)
class Measure:
    """How sure the numbers are."""

    bootstrap_samples: int = option(
        "Bootstrap samples of people behind intervals and the support of branches.", 1000, ge=2
    )
    primary_reference: str | None = option(
        "The row of `references` that the study is about, by default the first. What is found with "
        "others, or in other scores, is marked exploratory.",
        None,
    )
    primary_score: str | None = option(
        "The score that the study is about, by default auroc, or pearson where the primary "
        "reference is a map and no region.",
        None,
    )


@dataclass(frozen=True, kw_only=True)
class Faith:
    """How explanations are held against the networks that they are about."""

    faces: int = option(
        "Explained faces of each network, expression and repeat, at most, whose superpixels are "
        "hidden and shown in the order of their weights. 0: none.",
        5,
        ge=0,
    )
    sanity: int = option(
        "Explained faces of each network and expression, at most, in the first repeat, that are "
        "explained again, six times over: with other draws, moved by two pixels, mirrored, and "
        "by the network as it forgets its layers from the top. 0: none.",
        5,
        ge=0,
    )
    baselines: tuple[str, ...] = option(
        "Beside a row's own baseline its order is judged with the first of these that is another, "
        "so that no row is judged by its own alone.",
        ("blur", "grey"),
        min_length=2,
    )


@dataclass(frozen=True, kw_only=True)
class Sensitivity:
    """For the target `sensitivity`: settings under which the networks are explained again.

    Each listed row is taken with each of what follows, as far as its method uses it. What is
    listed first in each is what rankings are compared with.
    """

    explainers: tuple[str, ...] | None = option(
        "Rows of `explainers`; by default all.", None, min_length=1
    )
    superpixels: tuple[str, ...] | None = option(
        "Rows of `superpixels`; by default all.", None, min_length=1
    )
    baselines: tuple[str, ...] = option(
        "What is seen where parts are hidden.", ("black", "grey"), min_length=1
    )
    select: tuple[Select, ...] = option(
        "Whether faces are explained that the network got right, or all it answered so.",
        ("correct", "predicted"),
        min_length=1,
    )
    thresholds: tuple[Threshold, ...] = option(
        "Where heatmaps are cut for IoU: otsu, or the share of pixels below the cut.",
        ("otsu", 0.75, 0.9),
        min_length=1,
    )


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """Every key at the top of a configuration, in the order in which a study is thought of."""

    study: Study = option("What holds for the whole study.", Study())
    corpora: Rows = option("Name of a corpus to its kind and place.", min_length=1)
    networks: Rows = option(
        "Name of a network to its recipe. One architecture may appear under several names, with "
        "different recipes.",
        min_length=1,
    )
    superpixels: Rows | None = option(
        "Name of a way to cut faces, at each network's input size, to its kind and settings. The "
        "first is that of explainers whose row does not say.",
        None,
        min_length=1,
    )
    baselines: Rows | None = option(
        "Name of what is seen where parts of faces are hidden to its kind and settings. Each kind "
        "is there under its own name without a row, too.",
        None,
        min_length=1,
    )
    explainers: Rows | None = option(
        "Name of a way to explain predictions to its method and settings; each row is a level of "
        "the study, and the first is the main one.",
        None,
        min_length=1,
    )
    references: Rows | None = option(
        "Name of what heatmaps are held against to its kind and place. Those of the project need "
        "only their name: {}. See docs/references.md.",
        None,
        min_length=1,
    )
    inference: Inference = option("How networks are run to explain them.", Inference())
    chance: Chance = option(
        "Networks that know nothing of expressions: what scores reach by chance.", Chance()
    )
    measure: Measure = option("How sure the numbers are.", Measure())
    faith: Faith = option("Whether explanations are true of their networks.", Faith())
    sensitivity: Sensitivity = option(
        "For the target `sensitivity`: under which settings the trained networks are explained and "
        "measured again. Each listed row is taken with each of the rest, as far as its method uses "
        "it; what is listed first in each is what rankings are compared with.",
        Sensitivity(),
    )
    external_heatmaps: str | None = option(
        "For the target `external`: a folder with NETWORK/EXPRESSION.png or .npy, heatmaps made "
        "elsewhere, and networks.csv if wanted.",
        None,
    )
    device: str = option(
        "Where networks are trained and explained. cuda is an NVIDIA GPU, cuda:1 the second of "
        "several; mps Apple's; auto the GPU of the machine that a job runs on, or its CPU where "
        "there is none.",
        "cpu",
    )
    deterministic: bool = option(
        "Only kernels that give the same bytes each time. false lets a GPU choose faster ones, "
        "whose sums differ in the last digits from run to run; docs/networks.md has the price.",
        True,
    )
    threads: int = option(
        "CPU threads of each training and explaining job. Part of the study, since the order of "
        "sums decides the last digits; with 1, jobs run side by side.",
        1,
        ge=1,
    )


@dataclass(frozen=True, kw_only=True)
class Explained:
    """What a row of explainers says beside the settings of its method."""

    superpixels: str | None = option(
        "A row of `superpixels`, by default the first; for methods that use them.", None
    )
    baseline: str | None = option(
        "What is seen where parts are hidden: a row of `baselines`, or a kind; by default the "
        "study's. For methods that hide any.",
        None,
    )
    select: Select | None = option("Which test faces, by default the study's choice.", None)
    faces: int | None = option(
        "Test faces for each network, expression, repeat and fold, at most; by default the study's "
        "faces_per_expression.",
        None,
        ge=1,
    )
