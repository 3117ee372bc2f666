"""Pre-training: twins on the same trainings and people, and families of architectures."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from facsimile import EXPRESSIONS
from facsimile.errors import UserError
from facsimile.measure.pretraining import Origin, pretraining_table, read_origins, twins
from facsimile.measure.table import ALL
from made_up_agreement import cell


def test_twins_are_of_one_architecture():
    origins = {
        "a": Origin("resnet50", "resnet", "imagenet"),
        "b": Origin("resnet50", "resnet", "random"),
        "c": Origin("weinet", "plain", "random"),
        "d": Origin("resnet50", "resnet", ""),
    }
    assert twins(origins) == [("a", "b")]


TWINS = {
    "seer": Origin("weinet", "plain", "weights.pth"),
    "blind": Origin("weinet", "plain", "random"),
}


def test_twins_are_compared_on_the_same_trainings_and_people(world):
    table = cell(pretraining_table(world, TWINS), explainer="lime")
    assert (table["comparison"] == "twins").all(), "one of each is no comparison between many"
    rows = cell(table, score="auroc")
    assert rows["expression"].tolist() == [*EXPRESSIONS, ALL]
    known = rows[rows["expression"] != "fear"]
    assert (known["low"] > 0).all() and known["p"].isna().all()
    assert set(known["reason"]) == {"fewer than 5 trainings"}
    assert known["difference"].to_numpy() == pytest.approx(
        known["value_pretrained"] - known["value_scratch"]
    )
    assert not known["confounded"].any()
    lacking = rows[rows["expression"] == "fear"]
    assert lacking[["difference", "low", "p"]].isna().all(axis=None)


def test_twins_of_five_trainings_have_a_p(world):
    measured = {
        key: replace(found, **{
            name: np.concatenate([getattr(found, name)] * 2, axis=1)
            for name in ("value", "coarse", "bootstrap")
        })
        for key, found in world.measured.items()
    }  # fmt: skip
    table = pretraining_table(replace(world, measured=measured), TWINS)
    rows = cell(table, explainer="lime", score="auroc")
    known = rows[~rows["expression"].isin(["fear"])]
    assert (known["p"] < 0.001).all() and known["p_min"].isna().all()
    assert (known["n_repeats"] == 6).all()
    assert set(known["unit"]) == {"trainings"} and set(known["reason"]) == {""}


def many(world, values, origins):
    """Return a study of networks whose every score differs by some values from one's."""
    found = world.measured["lime", "seer"]
    measured = {
        ("lime", name): replace(found, value=found.value + by) for name, by in values.items()
    }
    assert set(values) == set(origins)
    return replace(world, measured=measured, scores={"own": ["auroc"]})


def test_without_twins_families_are_compared_and_marked_as_confounded(world, rng):
    """Of ten families with two networks each, half know more."""
    values, origins = {}, {}
    for number in range(20):
        learned = number < 10
        values[f"n{number}"] = 0.1 * learned + 0.01 * (number // 2) + 1e-4 * number
        start = "imagenet" if learned else "random"
        origins[f"n{number}"] = Origin(f"n{number}", f"family{number // 2}", start)
    table = pretraining_table(many(world, values, origins), origins)
    assert set(table["comparison"]) == {"between architectures"}
    assert table["confounded"].all() and set(table["unit"]) == {"families"}
    row = table.query("expression == 'anger'").iloc[0]
    assert (row["pretrained"], row["scratch"]) == ("10 networks", "10 networks")
    assert row["difference"] == pytest.approx(row["value_pretrained"] - row["value_scratch"])
    assert row["p"] == row["p_min"] == pytest.approx(2 / 252), "ways to choose five of ten"
    assert row["low"] < row["difference"] < row["high"]


def test_networks_of_one_family_are_no_more_than_one(world):
    """As in the study: all that start from scratch are plain, and the test can show nothing."""
    families = {"a": "plain", "b": "plain", "c": "plain", "d": "vgg", "e": "resnet", "f": "resnet"}
    origins = {
        name: Origin(name, family, "random" if family == "plain" else "imagenet")
        for name, family in families.items()
    }
    values = {name: 0.1 * (name in "def") for name in origins}
    row = pretraining_table(many(world, values, origins), origins).iloc[0]
    assert row["p"] == row["p_min"] == pytest.approx(2 / 3)
    assert np.isnan(row["low"]) and row["confounded"]


def test_families_with_both_kinds_exchange_these_alone(world, rng):
    values, origins = {}, {}
    for number in range(14):
        family, learned = number // 2, number % 2 == 0
        values[f"n{number}"] = rng.normal() + 0.5 * learned
        origins[f"n{number}"] = Origin(
            f"n{number}", f"family{family}", "imagenet" if learned else "random"
        )
    row = pretraining_table(many(world, values, origins), origins).iloc[0]
    differences = np.array([values[f"n{2 * n}"] - values[f"n{2 * n + 1}"] for n in range(7)])
    expected = stats.permutation_test(
        (differences,), np.mean, permutation_type="samples", n_resamples=np.inf
    )
    assert row["p"] == pytest.approx(expected.pvalue)
    assert row["p_min"] == 2 / 2**7 and not row["confounded"]


def test_orders_of_many_families_are_drawn_with_the_studys_seed(world, rng):
    """Sixteen families have 12,870 orders, more than are tried."""
    values = {f"n{number}": rng.normal() for number in range(16)}
    origins = {
        name: Origin(name, "", ("random", "imagenet")[number % 2])
        for number, name in enumerate(values)
    }
    study = many(world, values, origins)
    first, again = (pretraining_table(study, origins) for _ in range(2))
    other = pretraining_table(replace(study, seed=2), origins)
    assert first.equals(again)
    assert (first["p"] != other["p"]).any()
    assert first["p"].to_numpy() == pytest.approx(other["p"].to_numpy(), abs=0.03)


def test_networks_that_start_alike_are_not_compared(world):
    alike = dict.fromkeys(("seer", "blind"), Origin("weinet", "plain", "random"))
    assert pretraining_table(world, alike).empty
    assert pretraining_table(world, {}).empty


def test_origins_are_read_from_tables(tmp_path, root):
    families = root / "resources" / "network_families.csv"
    path = tmp_path / "networks.csv"
    path.write_text("network,start,family\nvgg16,imagenet,\nmine,,own\n")
    origins = read_origins({"weinet": ("weinet", "random")}, families, [path])
    assert origins["weinet"] == Origin("weinet", "plain", "random")
    assert origins["vgg16"] == Origin("vgg16", "vgg", "imagenet")
    assert origins["mine"].family == "own" and not origins["mine"].pretrained
    path.write_text("network\na\n")
    with pytest.raises(UserError, match=r"networks\.csv lacks the column start"):
        read_origins({}, families, [path])
