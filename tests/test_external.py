"""Heatmaps made elsewhere, measured alone; and references that the configuration names."""

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from scipy.ndimage import gaussian_filter

from facsimile import EXPRESSIONS
from running import finished, refused, setting, snakemake

pytestmark = pytest.mark.slow


def smooth(number):
    """Return a smooth random heatmap, 8 bit."""
    heatmap = gaussian_filter(np.random.default_rng(number).random((275, 224)), 20)
    return (255 * (heatmap - heatmap.min()) / np.ptp(heatmap)).astype(np.uint8)


@pytest.fixture(scope="module")
def heatmaps(tmp_path_factory):
    """Return a folder with two networks: one in pictures, and one in arrays with two faults."""
    folder = tmp_path_factory.mktemp("heatmaps")
    for number, name in enumerate(EXPRESSIONS):
        for network in ("pictures", "arrays"):
            (folder / network).mkdir(exist_ok=True)
        Image.fromarray(smooth(number)).save(folder / "pictures" / f"{name}.png")
        if name != "fear":
            values = smooth(10 + number) / 255 if name != "anger" else np.ones((275, 224))
            np.save(folder / "arrays" / f"{name}.npy", values)
    (folder / "networks.csv").write_text("network,start\npictures,imagenet\narrays,random\n")
    gaze = folder / "gaze-reference"
    gaze.mkdir()
    for number, name in enumerate(EXPRESSIONS):
        np.save(gaze / f"{name}.npy", smooth(20 + number))
    return folder


@pytest.fixture(scope="module")
def measured(heatmaps, tmp_path_factory):
    """Return the results of the target, with a reference of the user's own."""
    gaze = tmp_path_factory.mktemp("references") / "gaze"
    (heatmaps / "gaze-reference").rename(gaze)
    directory = tmp_path_factory.mktemp("external")
    references = {"ekman": {}, "gaze": {"kind": "maps", "path": str(gaze)}}
    given = f"external_heatmaps={heatmaps}", setting("references", references)
    process = finished(snakemake(directory, "external", "--config", *given))
    return directory / "results" / "external", process.stdout


def test_external_heatmaps_have_all_results(measured):
    results, _ = measured
    table = pd.read_csv(results / "agreement.csv")
    assert len(table) == 2 * 6 * (8 + 5)
    assert set(table["reference"]) == {"ekman", "gaze"}
    assert table[["low", "high"]].isna().all(axis=None)
    assert set(table["interval"]) == {"no faces: no interval"}
    for name in ("specificity", "cross_expression", "pretraining", "tables/agreement"):
        assert (results / f"{name}.csv").is_file(), name
    for name in ("likeness/fear", "likeness/all", "likeness/branches", "likeness/tests"):
        assert (results / f"{name}.csv").is_file(), name
    for name in ("heatmaps/external", "pretraining/external", "agreement/external/ekman",
                 "specificity/external/gaze", "references/gaze", "likeness/external/dendrograms",
                 "likeness/external/people"):  # fmt: skip
        assert (results / "figures" / f"{name}.png").is_file(), name
    assert not list(results.rglob(".*"))


def test_external_maps_are_measured_as_they_are(measured):
    results, _ = measured
    table = pd.read_csv(results / "agreement.csv")
    expected = [
        np.corrcoef(smooth(number).ravel(), smooth(20 + number).ravel())[0, 1]
        for number in range(6)
    ]
    rows = table.query("network == 'pictures' and score == 'pearson'")
    assert rows["value"].tolist() == pytest.approx(expected)


def test_what_is_missing_or_constant_is_empty_with_its_reason_and_said(measured):
    results, said = measured
    table = pd.read_csv(results / "agreement.csv").query("network == 'arrays'")
    reasons = table.drop_duplicates("expression").set_index("expression")["reason"]
    assert reasons["fear"] == "no heatmap given"
    assert reasons["anger"] == "constant heatmap"
    others = reasons.drop(["fear", "anger"])
    assert others.str.startswith("no networks that know nothing").all()
    missing = table["expression"].isin(["fear", "anger"])
    assert table[missing]["value"].isna().all()
    assert table[~missing]["value"].notna().any()
    assert "has no heatmap of fear: nothing is measured there" in said
    assert "anger.npy is constant: its scores are undefined" in said
    page = (results / "report.html").read_text()
    assert "No heatmap given: arrays on fear." in page
    assert "Constant heatmap: arrays on anger." in page
    assert "no faces: no interval" in page


def test_fewer_than_two_heatmaps_make_no_tree(measured):
    results, _ = measured
    branches = pd.read_csv(results / "likeness" / "branches.csv")
    alone = branches[branches["leaves"] == "networks"]
    assert set(alone["expression"]) == {*EXPRESSIONS, "all"} - {"fear", "anger"}
    tests = pd.read_csv(results / "likeness" / "tests.csv")
    assert tests["statistic"].isna().all()
    assert tests["reason"].notna().all()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "a folder of heatmaps, named by --config external_heatmaps=DIR"),
        (["external_heatmaps=no/such/folder"], "There is no folder"),
        (['references={"ekmann": {}}'], "Unknown reference 'ekmann' in 'references'. Did you mean"),
        (['references={"human": {"kind": "tiles"}}'], "lacks the key 'tiles'"),
    ],
    ids=["unnamed", "absent", "unknown reference", "no people"],
)
def test_what_is_not_there_is_one_sentence(tmp_path, arguments, sentence):
    process = snakemake(tmp_path, "-n", "external", "--config", "threads=1", *arguments)
    assert sentence in refused(process)


def test_a_network_called_like_a_reference_is_refused(tmp_path):
    (tmp_path / "maps" / "ekman").mkdir(parents=True)
    np.save(tmp_path / "maps" / "ekman" / "fear.npy", smooth(1))
    given = f"external_heatmaps={tmp_path / 'maps'}"
    said = refused(snakemake(tmp_path, "-n", "external", "--config", given))
    assert "The name 'ekman' is used twice, for a network and for a reference" in said


def test_a_map_of_the_wrong_size_is_one_sentence(tmp_path):
    (tmp_path / "maps" / "mine").mkdir(parents=True)
    Image.fromarray(smooth(1).T.copy()).save(tmp_path / "maps" / "mine" / "fear.png")
    target = "results/external/heatmaps/external/mine/fear.npy"
    process = snakemake(tmp_path, target, "--config", f"external_heatmaps={tmp_path / 'maps'}")
    assert "fear.png is 275 x 224; expected 224 wide and 275 high" in refused(process)


def test_the_published_heatmaps_give_the_published_table(shared, tmp_path):
    """From the two folders of published files to the published table, by the target itself."""
    published = shared / "published"
    masks = {"masks": {"kind": "maps", "path": str(published / "masks")}}
    given = f"external_heatmaps={published / 'heatmaps'}", setting("references", masks)
    finished(snakemake(tmp_path, "results/external/agreement.csv", "--config", *given))
    table = pd.read_csv(tmp_path / "results/external/agreement.csv")
    found = table[table["score"] == "iou"].set_index(["network", "expression"])["value"]
    figures = pd.read_csv(published / "agreement.csv")
    figures = figures.set_index(["architecture", "expression"])["iou_pooled"]
    assert len(found) == 72
    assert (found - figures.reindex(found.index)).abs().max() < 5.0001e-5
    assert round(found.mean(), 4) == 0.2689
