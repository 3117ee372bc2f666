"""Scores, held against scikit-learn and SciPy, and against the published agreements."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image
from scipy import stats
from scipy.spatial.distance import cityblock
from sklearn.metrics import (
    average_precision_score,
    f1_score,
    jaccard_score,
    precision_score,
    recall_score,
    roc_auc_score,
)

from facsimile import EXPRESSIONS
from facsimile.atlas.heatmaps import COARSE
from facsimile.errors import UserError
from facsimile.measure import scores as package
from facsimile.measure.agreement import Yardstick, measure
from facsimile.measure.cells import agreement_table
from facsimile.measure.permutations import exchange_labels
from facsimile.measure.scores import main_score, position, scores, scores_of
from facsimile.measure.scoring import (
    Densities,
    Maps,
    References,
    density_scores,
    flaw,
    flaw_of_reference,
    region_scores,
    stretch,
)
from facsimile.measure.specificity import contrast
from made_up_agreement import FRAME, study_of

SHAPE = (9, 7)

HEATMAPS = arrays(np.float64, SHAPE, elements=st.floats(0, 1, width=16))

MASKS = arrays(bool, SHAPE)


# Scores


def of_region(heatmap, mask):
    found = region_scores(Maps.of(heatmap[None]), mask.reshape(-1, 1))
    return {score: value.item() for score, value in found.items()}


@given(HEATMAPS, MASKS)
def test_region_scores_are_those_of_scikit_learn(heatmap, mask):
    assume(0 < mask.mean() < 1 and np.ptp(heatmap) > 0)
    found = of_region(heatmap, mask)
    maps = Maps.of(heatmap[None])
    truth, above = mask.ravel(), maps.found[0]
    assert (above == (stretch(maps.values)[0] > maps.threshold[0])).all()
    for score, expected in {
        "iou": jaccard_score(truth, above),
        "precision": precision_score(truth, above),
        "recall": recall_score(truth, above),
        "f1": f1_score(truth, above),
        "auroc": roc_auc_score(truth, heatmap.ravel()),
        "average_precision": average_precision_score(truth, heatmap.ravel()),
        "relevance_mass": heatmap[mask].sum() / heatmap.sum(),
        "pointing": mask[heatmap == heatmap.max()].mean(),
    }.items():
        assert found[score] == pytest.approx(expected), score


@given(HEATMAPS, st.lists(MASKS, min_size=2, max_size=4))
def test_each_of_many_regions_is_scored_as_if_alone(heatmap, masks):
    assume(all(0 < mask.mean() < 1 for mask in masks) and np.ptp(heatmap) > 0)
    regions = np.stack([mask.ravel() for mask in masks], axis=1)
    for score, values in region_scores(Maps.of(heatmap[None]), regions).items():
        alone = [of_region(heatmap, mask)[score] for mask in masks]
        assert values[0] == pytest.approx(alone), score


def from_minimum(image):
    left = image.ravel() - image.min()
    return left / left.sum()


@given(HEATMAPS, HEATMAPS)
def test_density_scores_are_those_of_scipy(heatmap, density):
    assume(np.ptp(heatmap) > 0.01 and np.ptp(density) > 0.01)
    found = density_scores(Maps.of(heatmap[None]), Densities.of(density[None]))
    p, q = heatmap.ravel() / heatmap.sum(), density.ravel() / density.sum()
    expected = {
        "pearson": stats.pearsonr(heatmap.ravel(), density.ravel())[0],
        "spearman": stats.spearmanr(heatmap.ravel(), density.ravel())[0],
        # The smaller of two shares is what they do not differ by.
        "sim": 1 - cityblock(*map(from_minimum, (heatmap, density))) / 2,
        "kl": stats.entropy(q, p + np.finfo(float).eps * (1 + p.size * 0)),
        "nss": np.average(stats.zscore(heatmap.ravel()), weights=q),
    }
    for score, value in expected.items():
        assert found[score].item() == pytest.approx(value, abs=1e-6), score


@given(st.integers(0, 999), st.integers(-10, 10))
def test_scores_depend_on_a_heatmaps_shape_not_its_scale(seed, exponent):
    # Whole numbers and powers of two, which floats hold exactly.
    heatmap = np.random.default_rng(seed).integers(0, 100, SHAPE).astype(float)
    mask = heatmap.T.reshape(SHAPE) > 50
    assert of_region(heatmap * 2.0**exponent, mask) == pytest.approx(of_region(heatmap, mask))


def test_a_heatmap_that_is_its_mask_agrees_wholly(rng):
    mask = rng.random(SHAPE) < 0.4
    every = dict.fromkeys(scores_of("region"), 1)
    assert of_region(mask.astype(float), mask) == pytest.approx(every)
    opposite = of_region(1.0 - mask, mask)
    assert opposite.pop("average_precision") == pytest.approx(mask.mean())
    assert set(opposite.values()) == {0.0}


def test_the_whole_frame_scores_its_share():
    mask = np.arange(63).reshape(SHAPE) < 20
    found = region_scores(Maps.of_region(np.ones(SHAPE, bool)), mask.reshape(-1, 1))
    share = {"recall": 1.0, "auroc": 0.5, "f1": 2 * 20 / (63 + 20)}
    for score in scores_of("region"):
        assert found[score].item() == pytest.approx(share.get(score, 20 / 63)), score


def test_a_heatmap_is_stretched_to_all_of_8_bits():
    assert stretch(np.array([[-1.0, 0.0, 1.0]])).tolist() == [[0, 128, 255]]


def test_scores_apply_to_references_of_their_kind(rng):
    references = {("mask", "fear"): rng.random(SHAPE) < 0.4, ("map", "fear"): rng.random(SHAPE)}
    table = References(references).score(Maps.of(rng.random((5, *SHAPE))))
    assert table.shape == (len(scores()), 5, 2)
    defined = np.isfinite(table).all(axis=1)
    names = np.array(list(scores()))
    assert names[defined[:, 0]].tolist() == list(scores_of("region"))
    assert names[defined[:, 1]].tolist() == list(scores_of("density"))
    for at, score in enumerate(scores().values()):
        low, high = score.limits
        values = table[at][np.isfinite(table[at])]
        assert (values >= low - 1e-9).all() and (values <= high + 1e-9).all()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda heatmap: heatmap * np.nan, "no face explained"),
        (lambda heatmap: np.where(heatmap > 0.9, np.nan, heatmap), "heatmap with undefined pixels"),
        (lambda heatmap: np.where(heatmap > 0.9, np.inf, heatmap), "heatmap with undefined pixels"),
        (lambda heatmap: heatmap * 0 + 0.3, "constant heatmap"),
        (lambda heatmap: heatmap, ""),
    ],
    ids=["nowhere", "holes", "infinite", "constant", "good"],
)
def test_an_undefined_heatmap_has_a_reason(rng, change, reason):
    assert flaw(change(rng.random(SHAPE))) == reason


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        (np.zeros(SHAPE, bool), "empty mask"),
        (np.ones(SHAPE, bool), "full mask"),
        (np.full(SHAPE, 0.3), "constant reference"),
        (np.full(SHAPE, np.nan), "reference with undefined pixels"),
        (np.linspace(-1, 1, 63).reshape(SHAPE), "reference with negative pixels"),
        (np.eye(9, 7, dtype=bool), ""),
    ],
)
def test_a_useless_reference_is_refused_with_its_reason(reference, reason):
    assert flaw_of_reference(reference) == reason
    if reason:
        with pytest.raises(UserError, match=f"'gaze' of fear.*{reason}"):
            Yardstick({("gaze", "fear"): reference}, np.arange(63)[None])


def test_each_score_says_of_itself_what_others_need():
    assert list(scores()) == [
        "iou", "precision", "recall", "f1", "auroc", "average_precision", "relevance_mass",
        "pointing", "pearson", "spearman", "sim", "kl", "nss",
    ]  # fmt: skip
    assert all(score.label and score.source for score in scores().values())
    assert (main_score("region").name, main_score("density").name) == ("iou", "pearson")
    assert {name for name, score in scores().items() if score.sign == -1} == {"kl"}


HALVES = """
from facsimile.measure.scores import Score

HALVES = Score(
    name="halves", kind="region", order=85, label="halves", source="this test",
    function=lambda both: both.hit / both.area / 2, limits=(0, 0.5),
)
"""


def test_a_score_added_as_a_file_is_in_the_tables(tmp_path, monkeypatch, rng):
    (tmp_path / "halves.py").write_text(HALVES)
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    scores.cache_clear()
    try:
        references = {("mask", name): rng.random(FRAME) < 0.4 for name in EXPRESSIONS}
        heatmaps = {name: rng.random(FRAME) for name in EXPRESSIONS}
        yardstick = Yardstick(references, np.arange(np.prod(COARSE))[None])
        study = study_of(
            {("l", "n"): measure(heatmaps, {}, {}, {}, None, yardstick, 1)}, references
        )
        values = agreement_table(study).pivot_table("value", "expression", "score")
        assert values["halves"].to_numpy() == pytest.approx(values["recall"] / 2)
        assert list(scores())[7:10] == ["pointing", "halves", "pearson"]
    finally:
        scores.cache_clear()


# The published numbers


@pytest.fixture(scope="module")
def published_scores(shared):
    """Return the IoU of each published heatmap with each published mask, and the figures."""
    published = shared / "published"
    masks = {
        ("mask", name): grey(published / "masks" / f"{name}.png") > 127 for name in EXPRESSIONS
    }
    references = References(masks)
    networks = sorted(path.name for path in (published / "heatmaps").iterdir())
    scores = {}
    for network in networks:
        paths = [published / "heatmaps" / network / f"{name}.png" for name in EXPRESSIONS]
        scores[network] = references.score(Maps.of(np.stack([grey(path) for path in paths])))
    figures = pd.read_csv(published / "agreement.csv").set_index(["architecture", "expression"])
    return scores, figures["iou_pooled"]


def grey(path):
    return np.asarray(Image.open(path).convert("L"))


def test_the_72_published_agreements_are_found_again(published_scores):
    scores, figures = published_scores
    found = pd.Series(
        {
            (network, name): table[position("iou"), row, row]
            for network, table in scores.items()
            for row, name in enumerate(EXPRESSIONS)
        }
    )
    assert len(found) == 72
    assert (found - figures.reindex(found.index)).abs().max() < 5.0001e-5
    means = found.groupby(level=0).mean()
    assert found.mean() == pytest.approx(0.2689, abs=5e-5)
    assert (means.idxmax(), round(means.max(), 4)) == ("resnet50", 0.3269)
    assert (means.idxmin(), round(means.min(), 4)) == ("alexnet", 0.2066)


def test_the_published_heatmaps_are_no_more_specific_than_measured_before(published_scores):
    scores, _ = published_scores
    mean = np.mean([table[position("iou")] for table in scores.values()], axis=0)
    own = np.diag(mean).mean()
    assert own == pytest.approx(0.269, abs=5e-4)
    assert own - contrast(mean).mean() == pytest.approx(0.262, abs=5e-4)
    shift = exchange_labels(mean)
    assert shift.p == pytest.approx(0.78, abs=0.01)
    assert shift.low < 0 < shift.high
