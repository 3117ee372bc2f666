"""Networks that know nothing of expressions: made, explained and kept as a study's networks are."""

import numpy as np
import pandas as pd
import pytest
import torch

from facsimile import EXPRESSIONS
from facsimile.atlas.heatmaps import average_explanations
from facsimile.explain.explanations import Explanations
from facsimile.explain.null import explain_null, table_of_draws
from facsimile.explain.predictor import Predictor
from facsimile.explain.running import Face, Job, explain_faces
from facsimile.explain.selection import select
from facsimile.explain.throughput import Throughput
from facsimile.faces.folds import assign_folds
from facsimile.faces.null import kinds_of, null_seed, split_draws
from facsimile.names import NULL_KINDS
from facsimile.networks import evaluation
from facsimile.networks.crossvalidation import train_fold
from facsimile.networks.network import build
from facsimile.networks.null import NAME, load_null, train_null
from facsimile.networks.recipe import Recipe
from facsimile.seeds import derive
from running import planned, setting, snakemake

SEED, SIZE, DRAWS, FOLDS, COUNT = 7, 32, 2, 2, 2
PLAN = Recipe(architecture="small", input_size=SIZE, input_scaling="centred", learning_rate=3e-3,
              epochs=2, batch_size=16, augment=False)  # fmt: skip
ROW = {"method": "lime", "samples": 30, "superpixels": "grid", "baseline": {"kind": "black"},
       "select": "correct", "faces": COUNT}  # fmt: skip
INFERENCE = {"batch_size": 10, "precision": "float32"}
CUT = (np.arange(SIZE)[:, None] // 8 * 4 + np.arange(SIZE) // 8).astype(np.uint16)


@pytest.fixture(scope="module")
def faces():
    """Return the table of 72 faces of twelve people, each with all expressions."""
    count = 72
    return pd.DataFrame(
        {
            "id": [f"drawn/{row}" for row in range(count)],
            "corpus": "drawn",
            "row": range(count),
            "subject": [f"p{row // 6}" for row in range(count)],
            "expression": [EXPRESSIONS[row % 6] for row in range(count)],
            "sha256": [str(row) for row in range(count)],
        }
    )


@pytest.fixture(scope="module")
def files(faces, tmp_path_factory, canonical):
    """Return the corpus' files: noisy faces in which a bright bar shows the expression."""
    folder, rng = tmp_path_factory.mktemp("faces"), np.random.default_rng(1)
    pixels = rng.integers(60, 140, (len(faces), 60, 60), dtype=np.uint8)
    for row, name in enumerate(faces["expression"]):
        pixels[row, 10 * EXPRESSIONS.index(name) :][:10] += 100
    points = np.repeat(canonical[None] * 224 / 275, len(faces), axis=0)
    arrays = {"pixels": pixels, "landmarks": points, "cuts": np.repeat(CUT[None], len(faces), 0)}
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
    return {name: {"drawn": folder / f"{name}.npy"} for name in arrays}


@pytest.fixture(scope="module")
def load_face(faces, files):
    places = dict(zip(faces["id"], faces["row"], strict=True))
    pixels = np.load(files["pixels"]["drawn"])
    return lambda face: Face(pixels[places[face]], CUT)


@pytest.fixture(scope="module")
def splits(faces):
    return split_draws(faces, DRAWS, FOLDS, SEED)


@pytest.fixture(scope="module")
def trained(splits, files):
    return train_null(PLAN, splits, files["pixels"], SEED)


@pytest.fixture(scope="module")
def networks(trained, tmp_path_factory):
    path = tmp_path_factory.mktemp("null") / "weights.safetensors"
    evaluation.save(trained[0], path)
    return load_null(PLAN, path)


@pytest.fixture(scope="module")
def explained(networks, splits, load_face):
    return explain_null(networks, splits, ROW, SIZE, load_face, SEED, INFERENCE)


@pytest.fixture(scope="module")
def average(atlas, faces, files):
    def of(explained: list[Explanations], expression: str) -> np.ndarray:
        places = files["landmarks"], files["cuts"], False, (len(explained), FOLDS), atlas
        return average_explanations(explained, expression, faces, *places)[1].repeats

    return of


def test_draws_come_one_kind_after_the_other(splits):
    assert kinds_of(2) == ["untrained", "untrained", "shuffled", "shuffled"]
    assert len(splits) == 2 * DRAWS


def test_each_draw_has_folds_of_its_own_and_none_of_the_study(faces, splits):
    study = [assign_folds(faces, FOLDS, SEED, repeat)["fold"].tolist() for repeat in range(4)]
    folds = [tuple(one["fold"]) for one in splits]
    assert len(set(folds)) == len(folds)
    assert not {tuple(one) for one in study} & set(folds)


def test_untrained_networks_are_told_nothing_false(splits):
    for one in splits[:DRAWS]:
        assert (one["told"] == one["expression"]).all()


def test_shuffled_labels_are_the_same_ones_and_wrong_as_often_as_chance_has_it(faces):
    many = split_draws(faces, 40, FOLDS, SEED)[40:]
    for one in many:
        assert sorted(one["told"]) == sorted(one["expression"])
    wrong = np.array([(one["told"] != one["expression"]).mean() for one in many])
    # 60 of 72 differ; a standard deviation of 3.2 in each draw.
    assert wrong.mean() == pytest.approx(5 / 6, abs=4 * 3.2 / 72 / np.sqrt(40))
    assert len({tuple(one["told"]) for one in many}) == 40


def test_more_draws_leave_the_untrained_as_they_were(faces, splits):
    more = split_draws(faces, DRAWS + 1, FOLDS, SEED)
    for one, other in zip(splits[:DRAWS], more, strict=False):
        pd.testing.assert_frame_equal(one, other)


def test_networks_are_kept_and_told_of(trained, networks):
    modules, table = trained
    assert len(networks) == len(modules) == len(table) == 2 * DRAWS * FOLDS
    for place, network in networks.items():
        kept = modules["/".join(map(str, place))].state_dict()
        for name, tensor in network.state_dict().items():
            assert torch.equal(tensor, kept[name])
    untrained = table["kind"] == "untrained"
    assert table.loc[untrained, "learned"].isna().all()
    assert table.loc[~untrained, "learned"].between(0, 1).all()
    assert table["accuracy"].between(0, 1).all()
    weights = [next(one.parameters()).detach().numpy().tobytes() for one in networks.values()]
    assert len(set(weights)) == len(weights)


def test_small_is_small():
    assert sum(one.numel() for one in build("small", 48).parameters()) == 12774


def test_untrained_networks_are_as_built(networks):
    fresh = build("small", SIZE, "centred", seed=derive(null_seed(SEED), "network", NAME, 1, 0))
    for name, tensor in networks[1, 0].state_dict().items():
        assert torch.equal(tensor, fresh.state_dict()[name])


@pytest.mark.slow
def test_statistics_of_batch_normalisation_are_taken_for_untrained_networks(splits, files):
    plan = Recipe(architecture="mobilenet_v3", input_size=SIZE, epochs=1, batch_size=16)
    modules, _ = train_null(plan, [splits[0], splits[DRAWS]], files["pixels"], SEED)
    means = [tensor for name, tensor in modules["0/0"].named_buffers() if "running_mean" in name]
    assert means and all(tensor.abs().max() > 0 for tensor in means)


@pytest.mark.slow
def test_shuffled_networks_learn_their_labels_and_not_the_true_ones(faces, files):
    splits = split_draws(faces, 1, FOLDS, SEED)
    plan = Recipe(architecture="small", input_size=SIZE, input_scaling="centred", augment=False,
                  learning_rate=1e-2, epochs=40, batch_size=16)  # fmt: skip
    table = train_null(plan, splits, files["pixels"], SEED)[1].set_index("kind")
    assert table.loc["shuffled", "learned"].mean() > 0.3
    assert table["accuracy"].mean() < 0.35
    told = train_fold(plan, splits[0], files["pixels"], ("true", 0, 0), SEED).predictions
    assert (told["predicted"] == told["expression"]).mean() > 0.8


def test_faces_are_chosen_by_label_as_many_as_of_a_studys_repeat(explained, splits):
    assert list(explained) == [(draw, e) for draw in range(2 * DRAWS) for e in EXPRESSIONS]
    for (draw, expression), one in explained.items():
        rows = splits[draw].set_index("id").loc[one.id]
        assert (rows["expression"] == expression).all()
        assert (rows["fold"].to_numpy() == one.fold).all()
        assert np.bincount(one.fold).tolist() == [COUNT] * FOLDS


def test_labelled_faces_are_those_of_networks_that_get_all_right(splits):
    table = splits[0].assign(predicted=splits[0]["expression"])
    for name in EXPRESSIONS:
        labelled = select(splits[0], name, COUNT, "labelled", SEED)
        assert list(labelled["id"]) == list(select(table, name, COUNT, "correct", SEED)["id"])


@pytest.mark.parametrize(("draw", "epochs"), [(1, 0), (2, PLAN.epochs)])
def test_a_draw_is_what_a_studys_network_would_be(
    explained, average, splits, files, load_face, draw, epochs
):
    plan = Recipe(**{**vars(PLAN), "epochs": epochs})
    told = splits[draw].assign(expression=splits[draw]["told"])
    seed = null_seed(SEED)
    folds = [
        train_fold(plan, told, files["pixels"], (NAME, draw, fold), seed).network
        for fold in range(FOLDS)
    ]
    job = Job.of(
        NAME, SIZE, ROW, lambda _, fold: Predictor(folds[fold], Throughput(10)), load_face, seed
    )
    right = splits[draw].assign(predicted=splits[draw]["expression"])
    chosen = {(draw, e): select(right, e, COUNT, "correct", SEED) for e in EXPRESSIONS}
    for (_, expression), one in explain_faces(job, chosen).items():
        study = average([_as_first(one)], expression)[0]
        null = average([explained[n, expression] for n in range(2 * DRAWS)], expression)[draw]
        assert np.array_equal(null, study) and np.ptp(null) > 0


def _as_first(explained):
    return Explanations(**{**vars(explained), "repeat": np.zeros_like(explained.repeat)})


def test_same_bytes_twice(explained, trained, splits, files, load_face, tmp_path):
    again, table = train_null(PLAN, splits, files["pixels"], SEED)
    pd.testing.assert_frame_equal(table, trained[1])
    paths = tmp_path / "one", tmp_path / "two"
    for path, made in zip(paths, (trained[0], again), strict=True):
        evaluation.save(made, path)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    networks = load_null(PLAN, paths[1])
    for part, one in explain_null(networks, splits, ROW, SIZE, load_face, SEED, INFERENCE).items():
        assert np.array_equal(one.coefficients, explained[part].coefficients)


def test_draws_are_counted_with_their_cost(explained):
    table = table_of_draws(explained)
    assert list(table["kind"]) == kinds_of(DRAWS)
    assert list(table["draw"]) == list(range(2 * DRAWS))
    assert (table["faces"] == 6 * COUNT * FOLDS).all()
    assert (table["samples"] == 6 * COUNT * FOLDS * ROW["samples"]).all()


@pytest.mark.slow
def test_draws_know_of_no_expression(faces, average, tmp_path):
    """Of faces that are alike for all labels, a label's heatmaps favour no sixth of its own."""
    draws, pixels = (
        12,
        np.random.default_rng(3).integers(0, 256, (len(faces), SIZE, SIZE), np.uint8),
    )
    splits = split_draws(faces, draws, FOLDS, SEED)
    np.save(tmp_path / "pixels.npy", pixels)
    modules, _ = train_null(PLAN, splits, {"drawn": tmp_path / "pixels.npy"}, SEED)
    networks = {tuple(map(int, name.split("/"))): one.eval() for name, one in modules.items()}
    read = dict(zip(faces["id"], pixels, strict=True))
    asked = ROW, SIZE, lambda face: Face(read[face], CUT), SEED, INFERENCE
    explained = explain_null(networks, splits, *asked)
    maps = np.array([average([explained[n, e] for n in range(2 * draws)], e) for e in EXPRESSIONS])
    shares = maps[:, :, :270].reshape(6, 2 * draws, 6, -1).mean(axis=3)  # of each sixth
    table = (shares / shares.mean(axis=2, keepdims=True)).transpose(1, 0, 2)
    own = np.trace(table, axis1=1, axis2=2) / 6
    specificity = own - (table.sum(axis=(1, 2)) - 6 * own) / 30
    for kind in NULL_KINDS:
        ones = specificity[[name == kind for name in kinds_of(draws)]]
        assert abs(ones.mean()) < 3.5 * ones.std(ddof=1) / np.sqrt(draws)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("target", "given", "jobs"),
    [
        ("results/agreement.csv", {}, (2, 2)),  # two input sizes, one explainer
        ("results/agreement.csv", {"draws": 0}, (0, 0)),
        ("results/validation/mouth/agreement.csv", {}, (0, 0)),
    ],
)
def test_each_input_size_has_its_networks_that_know_nothing(tmp_path, root, target, given, jobs):
    chosen = ["--config", setting("chance", given)] if given else []
    tiny = root / "tests" / "tiny.yaml"
    counts = planned(snakemake(tmp_path, "-n", target, *chosen, configfile=tiny))
    made = tuple(counts.get(rule, 0) for rule in ("train_null", "explain_null"))
    assert made == jobs and counts.get("measure_null", 0) == jobs[1]
