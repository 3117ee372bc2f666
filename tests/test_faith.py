"""Explanations held against their networks: deletion and insertion, and what they say together."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.metrics import auc
from torch import nn

from facsimile import EXPRESSIONS
from facsimile.atlas.again import CarriedAgain, carry_again
from facsimile.atlas.heatmaps import COARSE
from facsimile.errors import UserError
from facsimile.explain import asking
from facsimile.explain.baselines import load_baseline
from facsimile.explain.explanations import Explanations
from facsimile.explain.faithfulness import descending, follow, follow_faces, on_superpixels
from facsimile.explain.methods.lime import Lime
from facsimile.explain.predictor import Predictor
from facsimile.explain.running import Face, Job, explain_faces
from facsimile.explain.sanity import explain_again
from facsimile.explain.superpixels.grid import Grid
from facsimile.explain.target import Target
from facsimile.explain.throughput import Throughput
from facsimile.explain.ways import AGAIN, AS_BEFORE, FORGOTTEN, MIRRORED, OTHER, SHIFTED
from facsimile.measure.bootstrap import draw_people
from facsimile.measure.faith import faithfulness
from facsimile.measure.reading import faith_table, reading
from facsimile.measure.sanity import pearson, sanity, trainings
from facsimile.networks.checkpoints import load_finished
from facsimile.networks.evaluation import save
from facsimile.networks.finished import Finished
from facsimile.networks.network import build
from facsimile.networks.randomised import forget, twin_of
from facsimile.networks.recipe import Recipe

SIZE, COUNT = 32, 16
CUT = (np.arange(SIZE)[:, None] // 8 * 4 + np.arange(SIZE) // 8).astype(np.uint16)
"""Sixteen squares."""

BOTH = {name: load_baseline(name) for name in ("grey", "black")}


class Bright(nn.Module):
    """Answers anger where some squares are brighter than others; additive in its logit."""

    def __init__(self, seen):
        super().__init__()
        self.weights = nn.Parameter(torch.zeros(1, 1, SIZE, SIZE))
        for square, weight in seen.items():
            self.weights.data[0, 0][torch.from_numpy(square == CUT)] = weight / 64

    def forward(self, pixels):
        logit = (pixels.mean(dim=1, keepdim=True) * self.weights).sum(dim=(1, 2, 3))
        return torch.stack([logit, *[torch.zeros_like(logit)] * 5], dim=1)


@pytest.fixture(scope="module")
def face():
    return np.random.default_rng(2).integers(90, 255, (SIZE, SIZE), dtype=np.uint8)


def aimed(network, face, target=0, baseline=None, batch=16):
    predictor = Predictor(network, Throughput(batch))
    return Target(predictor, face, CUT, target, np.random.default_rng(0), baseline)


def by_hand(network, face, order, target, baseline):
    """Return the areas of deletion and insertion, an image at a time: the plainest code."""
    shown = {"deletion": [face.copy()], "insertion": [baseline.copy()]}
    for square in order:
        for way, source in (("deletion", baseline), ("insertion", face)):
            image = shown[way][-1].copy()
            image[square == CUT] = source[square == CUT]
            shown[way].append(image)
    areas = {}
    for way, images in shown.items():
        answers = []
        for image in images:
            pixels = torch.from_numpy(image / np.float32(255))[None, None].float()
            with torch.no_grad():
                answers.append(float(network(pixels).softmax(dim=1)[0, target]))
        areas[way] = auc(np.linspace(0, 1, len(answers)), answers)
    return areas


@pytest.mark.parametrize("name", ["black", "grey", "blur"])
def test_areas_are_those_of_the_plainest_code(face, name):
    network, rng = build("weinet", SIZE, seed=1).eval(), np.random.default_rng(5)
    order, baseline = rng.permutation(COUNT), load_baseline(name).image(face, {})
    target = aimed(network, face, 3, baseline)
    found = follow(target, order, order[::-1], settled=0)
    expected = by_hand(network, face, order, 3, baseline)
    assert found.deletion == pytest.approx(expected["deletion"], abs=1e-5)
    assert found.insertion == pytest.approx(expected["insertion"], abs=1e-5)
    # Deletion from the end on is insertion, read backwards.
    assert found.random == pytest.approx(expected["insertion"], abs=1e-5)
    assert found.samples == 2 + 3 * (COUNT - 1)
    assert found.lowest <= found.insertion <= found.highest


def test_a_true_order_takes_the_answer_away_and_brings_it_back_at_once(face):
    target = aimed(Bright({5: 8, 6: 6}), face)
    true, rng = np.array([5, 6, *set(range(COUNT)) - {5, 6}]), np.random.default_rng(1)
    right, wrong = (
        follow(target, order, rng.permutation(COUNT), 0) for order in (true, true[::-1])
    )
    assert right.whole > 0.9 > 0.2 > right.hidden
    assert right.deletion < right.random < right.insertion
    assert wrong.insertion < wrong.random < wrong.deletion
    assert 0.8 < (right.insertion - right.deletion) / (right.highest - right.lowest) < 1


def test_an_order_that_has_settled_is_followed_no_further(face):
    network, chance = Bright({5: 8, 6: 6}), np.random.default_rng(1).permutation(COUNT)
    true = np.array([5, 6, *set(range(COUNT)) - {5, 6}])
    short, whole = (follow(aimed(network, face), true, chance, settled) for settled in (0.02, 0))
    assert short.samples < 0.8 * whole.samples
    assert short.random == pytest.approx(whole.random, abs=0.01)
    assert short.deletion == pytest.approx(whole.deletion, abs=0.01)
    assert short.insertion == pytest.approx(whole.insertion, abs=0.01)


def test_batches_do_not_matter(face):
    network, rng = build("weinet", SIZE, seed=1), np.random.default_rng(5)
    orders = rng.permutation(COUNT), rng.permutation(COUNT)
    one, other = (follow(aimed(network, face, batch=size), *orders, 0.02) for size in (3, 64))
    np.testing.assert_allclose(list(vars(one).values()), list(vars(other).values()), atol=1e-6)


def test_a_face_of_one_superpixel_is_refused(face):
    target = Target(
        Predictor(Bright({}), Throughput(4)), face, CUT * 0, 0, np.random.default_rng(0)
    )
    with pytest.raises(UserError, match=r"single superpixel: raise n_segments"):
        follow(target, np.arange(1), np.arange(1), 0)


def test_maps_of_pixels_weigh_superpixels_by_their_mean():
    image = np.kron(np.arange(16.0).reshape(4, 4), np.ones((2, 2)))
    means = on_superpixels(image, CUT)
    assert descending(means, np.random.default_rng(0)).tolist() == list(range(15, -1, -1))
    assert means.mean() == pytest.approx(image.mean())


def test_equal_weights_are_put_in_order_by_chance():
    rng = np.random.default_rng(0)
    first = [descending(np.array([0, 0, 1, 0.0]), rng).tolist() for _ in range(60)]
    assert {order[0] for order in first} == {2}
    assert {order[1] for order in first} == {0, 1, 3}


def test_a_row_is_judged_by_its_own_baseline_and_another():
    others = ["blur", "grey"]
    for own, baselines in (("black", ["black", "blur"]), ("blur", ["blur", "grey"])):
        assert asking.judges({"baseline": own}, "black", others) == baselines
    assert asking.judges({"baseline": None}, "grey", others) == ["grey", "blur"]


# Many faces


@pytest.fixture(scope="module")
def faces():
    ids = [f"drawn/{row}" for row in range(24)]
    subjects = [f"p{row // 3}" for row in range(24)]
    return pd.DataFrame({"id": ids, "corpus": "drawn", "subject": subjects, "row": range(24)})


@pytest.fixture(scope="module")
def job():
    rng = np.random.default_rng(3)
    pixels = rng.integers(60, 255, (24, SIZE, SIZE), dtype=np.uint8)
    network = Predictor(Bright({5: 8, 6: 6}), Throughput(16))

    def load_face(name):
        return Face(pixels[int(name.partition("/")[2])], CUT)

    # Not grey: behind the mean of a face its bright squares are not missed.
    black = load_baseline("black")
    return Job("bright", SIZE, Lime(samples=200), lambda *_: network, load_face, 7, black)


@pytest.fixture(scope="module")
def explained(job, faces):
    rows = faces[["id"]].assign(fold=0)
    return explain_faces(job, {(0, "anger"): rows[:12], (1, "anger"): rows[12:]})


def test_so_many_faces_are_followed_with_each_baseline(job, explained):
    table = follow_faces(job, explained, BOTH, 5, contrast=False)
    assert table.groupby(["repeat", "baseline"]).size().tolist() == [5] * 4
    assert (table.groupby("id")["baseline"].nunique() == 2).all()
    black = table[table["baseline"] == "black"]
    assert (black["insertion"] - black["deletion"] > 0.5 * (black["whole"] - black["hidden"])).all()
    again = follow_faces(job, explained, BOTH, 5, contrast=False)
    pd.testing.assert_frame_equal(table, again)
    alone = {(1, "anger"): explained[1, "anger"]}
    rest = follow_faces(job, alone, BOTH, 5, contrast=False)
    pd.testing.assert_frame_equal(rest, table[table["repeat"] == 1].reset_index(drop=True))


def test_explanations_turned_round_are_found_wrong(job, explained):
    turned = {
        part: Explanations(**{**vars(one), "coefficients": -one.coefficients})
        for part, one in explained.items()
    }
    table = follow_faces(job, turned, {"black": load_baseline("black")}, 5, contrast=False)
    assert (table["insertion"] < table["deletion"]).all()


def areas(faces, whole, deletion, baselines=("black", "blur")):
    """Return made-up areas of two repeats: insertion is what deletion leaves."""
    rows = pd.concat([faces.assign(repeat=repeat) for repeat in (0, 1)], ignore_index=True)
    table = rows[["id", "repeat"]].assign(fold=0, whole=whole, hidden=0.1, deletion=deletion)
    table = table.assign(lowest=0.1, highest=whole)
    table = table.assign(insertion=whole + 0.1 - deletion, random=(whole + 0.1) / 2)
    return pd.concat([table.assign(baseline=name) for name in baselines], ignore_index=True)


def test_areas_are_shares_of_what_there_is_to_lose(faces):
    people = draw_people(faces, 200, 1)
    row = faithfulness(areas(faces, 0.9, 0.2), ["black", "blur"], faces, people)
    assert row["range_own"] == pytest.approx(0.8)
    assert row["faith_own"] == pytest.approx((0.8 - 0.2) / 0.8)
    assert row["deletion_own"] == pytest.approx((0.5 - 0.2) / 0.8)
    assert row["insertion_other"] == pytest.approx((0.8 - 0.5) / 0.8)
    assert row["n_followed"] == len(faces)
    half = faithfulness(areas(faces, 0.5, 0.15), ["black", "blur"], faces, people)
    assert half["faith_own"] == pytest.approx(row["faith_own"]), "raw areas do not compare"


def test_intervals_are_over_people(faces):
    people, rng = draw_people(faces, 500, 1), np.random.default_rng(4)
    own = {subject: rng.normal(0.3, 0.05) for subject in faces["subject"].unique()}
    deletion = np.tile(faces["subject"].map(own).to_numpy(), 2)
    row = faithfulness(areas(faces, 0.9, deletion), ["black", "blur"], faces, people)
    values = (1 - 2 * np.array(list(own.values()))) / 0.8
    expected = values.std(ddof=1) / np.sqrt(len(values))
    half = (row["faith_own_high"] - row["faith_own_low"]) / 2
    assert half == pytest.approx(2.36 * expected, rel=0.15)  # Student's t with 7 degrees of freedom
    assert row["faith_own_low"] < row["faith_own"] < row["faith_own_high"]


def test_where_nothing_changes_there_is_no_number(faces):
    people = draw_people(faces, 50, 1)
    row = faithfulness(areas(faces, 0.1, 0.1), ["black", "blur"], faces, people)
    assert row["range_own"] == 0
    assert np.isnan(row["faith_own"])
    none = faithfulness(areas(faces[:0], 0.9, 0.2), ["black", "blur"], faces, people)
    assert none["n_followed"] == 0
    assert np.isnan(none["range_own"])


def test_expressions_are_followed_by_their_own_weights(job, faces):
    """The answer followed is the explained expression's, not the first."""
    rows = faces[["id"]].assign(fold=0)[:3]
    explained = explain_faces(job, {(0, "fear"): rows})
    table = follow_faces(job, explained, {"black": load_baseline("black")}, 3, contrast=False)
    assert (table["expression"] == "fear").all()
    assert (table["whole"] < table["hidden"]).all(), "what speaks for anger speaks against fear"
    assert EXPRESSIONS.index("fear") != 0


# Explained again


@pytest.fixture(scope="module")
def recipe():
    return Recipe(architecture="small", input_size=SIZE, input_scaling="centred", augment=False)


def test_layers_are_forgotten_from_the_top(recipe):
    network, twin = build("small", SIZE, "centred", seed=1), twin_of(recipe, 2)
    batches = torch.rand(2, 8, 1, SIZE, SIZE)
    weights = [name for name, _ in network.named_parameters()]
    changed = []
    for share in FORGOTTEN.values():
        forgetful = forget(network, twin, share, batches)
        assert not forgetful.training
        state = forgetful.state_dict()
        before, after = network.state_dict(), twin.state_dict()
        new = [name for name in weights if not torch.equal(state[name], before[name])]
        assert all(torch.equal(state[name], after[name]) for name in new)
        changed.append(new)
    top, half, everything = changed
    assert all(name.startswith("head.") for name in top)
    assert top
    assert set(top) < set(half) < set(everything)
    assert not any(name.startswith("backbone.0.") for name in half)
    assert "backbone.0.weight" in everything


def test_statistics_are_those_of_the_new_weights():
    network, twin = (build("timm/test_resnet", SIZE, "centred", seed=seed) for seed in (1, 2))
    forgetful = forget(network, twin, 1.0, torch.rand(2, 8, 1, SIZE, SIZE))
    norms = [one for one in forgetful.modules() if isinstance(one, nn.BatchNorm2d)]
    assert norms
    assert all(one.num_batches_tracked == 2 for one in norms)
    assert all(one.running_mean.abs().sum() > 0 for one in norms)


def test_a_twin_needs_a_known_architecture(tmp_path):
    row = {"classes": tuple(EXPRESSIONS), "input_size": SIZE, "scaling": (0.0, 1.0)}
    unknown = Finished(checkpoint=tmp_path / "a.onnx", **row)
    assert twin_of(unknown, 0) is None
    known = Finished(checkpoint=tmp_path / "a.pth", architecture="small", **row)
    assert twin_of(known, 0).head is not None


@pytest.fixture(scope="module")
def landmarks(canonical):
    return lambda _: canonical * 224 / 275


@pytest.fixture(scope="module")
def whole_job():
    """The same question of faces in the study's size."""
    rng = np.random.default_rng(3)
    pixels = rng.integers(60, 255, (24, 28, 28), dtype=np.uint8).repeat(8, 1).repeat(8, 2)
    network = Predictor(Bright({4: 8, 5: 6}), Throughput(16))
    labels = Grid(n_segments=16).cut(np.zeros((SIZE, SIZE), np.uint8), np.zeros((68, 2)))

    def load_face(name):
        return Face(pixels[int(name.partition("/")[2])], labels)

    black = load_baseline("black")
    return Job("bright", SIZE, Lime(samples=200), lambda *_: network, load_face, 7, black)


@pytest.fixture(scope="module")
def ways(whole_job, faces, landmarks):
    rows = faces[["id"]].assign(fold=0)
    explained = explain_faces(whole_job, {(0, "anger"): rows[:12], (0, "fear"): rows[12:]})
    unknown = Finished(checkpoint=Path("a.onnx"), classes=tuple(EXPRESSIONS), input_size=SIZE,
                       scaling=(0.0, 1.0))  # fmt: skip
    return explain_again(whole_job, explained, 4, unknown, Grid(n_segments=16), landmarks)


def test_faces_are_moved_mirrored_and_drawn_for_anew(ways, whole_job):
    assert set(ways) == {AS_BEFORE, AGAIN, SHIFTED, MIRRORED}
    before = ways[AS_BEFORE].explained["anger"]
    for way in (AGAIN, SHIFTED, MIRRORED):
        one = ways[way].explained["anger"]
        assert one.id.tolist() == before.id.tolist()
        assert len(one.id) == 4
        assert not np.isin(one.seed, before.seed).any()
    face = whole_job.load_face("drawn/0").pixels
    shifted, mirrored = (ways[way].load_face("drawn/0").pixels for way in (SHIFTED, MIRRORED))
    assert (shifted[:, 2:] == face[:, :-2]).all()
    assert (shifted[:, :2] == face[:, :1]).all()
    assert (mirrored == face[:, ::-1]).all()


def test_maps_come_back_to_where_they_were(ways, faces, landmarks, atlas):
    carried = carry_again(ways, faces, landmarks, False, atlas)
    assert carried.maps.shape == (4 + len(OTHER), 8, *COARSE)
    by_way = dict(zip(carried.way.tolist(), carried.maps, strict=True))
    anger = carried.expression == "anger"
    first = by_way[AS_BEFORE][anger].mean(axis=0).ravel()
    # Two squares decide, whatever the face: all explanations of anger show them.
    for way in (AGAIN, SHIFTED):
        assert np.corrcoef(first, by_way[way][anger].mean(axis=0).ravel())[0, 1] > 0.95
    # In the mirror the network looks at what is, on the face, the other side.
    mirrored = by_way[MIRRORED][anger].mean(axis=0)
    assert np.corrcoef(first, mirrored.ravel())[0, 1] < 0.1
    assert np.corrcoef(first, mirrored[:, ::-1].ravel())[0, 1] > 0.5
    table = sanity(carried, draw_people(faces, 50, 1))
    assert table["n_again"] == 8
    assert table[AGAIN] > 0.5 > table["other_expression"]
    assert np.isnan(table["forgotten_all"])


def made_again(rng, faces, forgets):
    """Return maps of faces with a common pattern, which a forgetful network keeps or not."""
    pattern, other = rng.random((2, *COARSE)).astype(np.float32)
    noise = 0.1 * rng.random((8, len(faces), *COARSE)).astype(np.float32)
    names = [AS_BEFORE, AGAIN, SHIFTED, MIRRORED, *FORGOTTEN, OTHER[0]]
    maps = [noise[at] + (other if name in ("forgotten_all", OTHER[0]) and forgets else pattern)
            for at, name in enumerate(names)]  # fmt: skip
    names += OTHER[1:]
    maps += [maps[7]] * 4
    people = ("drawn/" + faces["subject"]).to_numpy(str)
    half = np.where(np.arange(len(faces)) % 2, "anger", "fear")
    return CarriedAgain(faces["id"].to_numpy(str), people, half, np.array(names), np.array(maps))


@pytest.mark.parametrize("forgets", [True, False])
def test_what_stays_while_the_network_forgets_is_found_out(faces, forgets):
    rng = np.random.default_rng(8)
    row = sanity(made_again(rng, faces, forgets), draw_people(faces, 200, 1))
    assert row[AGAIN] > 0.9
    assert row["again_low"] <= row[AGAIN] <= row["again_high"]
    assert (row["lost_low"] > 0) == forgets
    assert (row["specific_low"] > 0) == forgets


def test_without_a_face_there_is_no_number(whole_job, faces, landmarks, recipe, atlas):
    none = faces[["id"]].assign(fold=0)[:0]
    explained = explain_faces(whole_job, {(0, "anger"): none, (1, "fear"): none})
    table = follow_faces(whole_job, explained, BOTH, 5, contrast=False)
    assert table.empty
    people = draw_people(faces, 20, 1)
    assert np.isnan(faithfulness(table, ["grey", "black"], faces, people)["faith_own"])
    found = explain_again(whole_job, explained, 5, recipe, None, landmarks)
    row = sanity(carry_again(found, faces, landmarks, False, atlas), people)
    assert row["n_again"] == 0
    assert np.isnan(row[AGAIN])


def test_a_finished_network_of_known_architecture_forgets_too(tmp_path):
    network = build("small", SIZE, "unit", seed=1)
    save(network, tmp_path / "a.safetensors")
    row = Finished(checkpoint=tmp_path / "a.safetensors", architecture="small", input_size=SIZE,
                   classes=tuple(EXPRESSIONS), scaling=(0.0, 1.0))  # fmt: skip
    finished, pixels = load_finished(row), torch.rand(4, 1, SIZE, SIZE)
    twin = twin_of(row, 5)
    assert twin is not None
    with torch.inference_mode():
        before = finished(pixels)
        forgetful = forget(finished, twin, 1.0, [pixels])
        assert torch.allclose(forgetful(pixels), twin.eval()(pixels), atol=1e-5)
        assert torch.equal(finished(pixels), before), "the network itself is left alone"


def test_correlation_is_that_of_numpy():
    one, other = np.random.default_rng(0).random((2, 3, 50))
    expected = [np.corrcoef(a, b)[0, 1] for a, b in zip(one, other, strict=True)]
    np.testing.assert_allclose(pearson(one, other), expected)
    assert np.isnan(pearson(np.ones((1, 5)), np.arange(5.0)[None])).all()


def test_trainings_are_compared_with_each_other_and_with_untrained_networks():
    rng = np.random.default_rng(1)
    pattern, other = rng.random((2, 10, 10))
    repeats = pattern + 0.1 * rng.random((3, 10, 10))
    repeats = np.concatenate([repeats, np.full((1, 10, 10), np.nan)])
    row = trainings({"anger": repeats}, {"anger": other + 0.1 * rng.random((2, 10, 10))})
    assert row["trainings"] > 0.9 > 0.5 > row["untrained"]
    alone = trainings({"anger": repeats[:1]}, {})
    assert np.isnan(alone["trainings"])
    assert np.isnan(alone["untrained"])


def test_the_table_says_it_of_each_network_and_explainer(faces):
    rng, people = np.random.default_rng(2), draw_people(faces, 30, 1)
    keys = [("lime", "a"), ("lime", "b")]
    again = made_again(rng, faces, True)
    table = faith_table(
        dict.fromkeys(keys, areas(faces, 0.9, 0.2)),
        dict.fromkeys(keys, again),
        {(*key, "anger"): np.ones((2, 275, 224)) + rng.random((275, 224)) for key in keys},
        {("lime", "32", "anger"): rng.random((4, 275, 224))},
        {"a": 32, "b": 48},
        {"lime": ["black", "blur"]},
        pd.DataFrame({"network": ["a", "b"], "learned": [True, False]}),
        faces,
        people,
    ).set_index("network")
    assert table["read"].tolist() == ["yes", "no"]
    assert table["reason"].tolist() == ["", "the network did not learn"]
    assert table["trainings"].tolist() == pytest.approx([1, 1])
    assert abs(table.loc["a", "untrained"]) < 0.2
    assert np.isnan(table.loc["b", "untrained"]), "no untrained network of its size"


GOOD = {"baseline_own": "black", "baseline_other": "blur", "faith_own_low": 0.3,
        "faith_other_low": 0.2, "range_own": 0.9, "range_other": 0.8, "lost_low": 0.4,
        "specific_low": 0.2, AGAIN: 0.9, SHIFTED: 0.8, MIRRORED: 0.8, "trainings": 0.7}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "learned", "read", "why"),
    [
        ({}, True, "yes", ""),
        ({}, False, "no", "did not learn"),
        ({"faith_other_low": -0.1}, True, "no", "with blur"),
        ({"lost_low": -0.1}, True, "no", "random"),
        ({"lost_low": np.nan}, True, "with care", "random weights"),
        ({"faith_own_low": np.nan}, True, "with care", "black"),
        ({"range_other": 0.11}, True, "with care", "changes by no more than 0.11"),
        ({SHIFTED: 0.5}, True, "with care", "shift by two pixels gives another (r 0.50)"),
        ({"trainings": 0.44}, True, "with care", "trainings give different ones (r 0.44)"),
        ({"trainings": np.nan}, True, "yes", ""),
        ({"specific_low": 0.0}, True, "with care", "other expressions"),
        ({"specific_low": np.nan}, True, "yes", ""),
    ],
)
def test_words_say_whether_a_heatmap_may_be_read(change, learned, read, why):
    found, reason = reading(GOOD | change, learned)
    assert found == read
    assert why in reason
