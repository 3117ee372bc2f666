"""The workflow as people run it: plans, errors, and a tiny study of three networks."""

import re
import shutil

import numpy as np
import pandas as pd
import pytest
import yaml
from PIL import Image

from documented import columns_of
from facsimile import EXPRESSIONS
from facsimile.faces.synthetic import draw
from made_up_networks import SEVEN, onnx_file
from running import PROJECT, finished, planned, refused, setting, snakemake

TINY = PROJECT / "tests" / "tiny.yaml"
NETWORKS = ["weinet", "mobilenet_v3", "brought"]
pytestmark = pytest.mark.slow


def corpora(table, **others):
    """Return the setting of some corpora, as it is written on the command line."""
    return setting("corpora", {"mine": {"kind": "csv", "path": str(table)}} | others)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    """The tiny study, with a finished network that wants boxes in colour."""
    folder = tmp_path_factory.mktemp("settings")
    settings = yaml.safe_load(TINY.read_text())
    settings["networks"]["brought"] = {
        "checkpoint": str(onnx_file(folder / "n.onnx", channels=3, size=48)),
        "classes": list(SEVEN),
        "input_size": 48,
        "scaling": [-1, 1],
        "colour": "rgb",
        "crop": 0.2,
        "audit": "off",
    }
    (folder / "tiny.yaml").write_text(yaml.safe_dump(settings, sort_keys=False))
    return folder / "tiny.yaml"


@pytest.fixture(scope="session")
def study(tiny, tmp_path_factory):
    """The tiny study, run to its end."""
    directory = tmp_path_factory.mktemp("tiny")
    finished(snakemake(directory, configfile=tiny))
    return directory


def test_paper_is_planned_without_its_corpora(tmp_path):
    plan = planned(snakemake(tmp_path, "-n", configfile=PROJECT / "config" / "paper.yaml"))
    wanted = {"read_corpus": 5, "train_network": 60, "explain_faces": 72, "average_heatmaps": 72}
    assert {rule: plan[rule] for rule in wanted} == wanted
    assert plan["fetch_weights"] == 8


def test_paper_without_its_corpora_stops_before_any_job(tmp_path):
    process = snakemake(tmp_path, configfile=PROJECT / "config" / "paper.yaml")
    assert process.returncode != 0
    assert "5 of 5 corpora missing" in process.stdout
    for name in ("ck_plus", "bu_4dfe", "jaffe", "wsefep", "fega"):
        assert f"{name}: nothing at" in process.stdout
    assert "expected is a folder with images named as KA.AN1.39.tiff" in process.stdout
    assert "Traceback" not in process.stdout
    assert not (tmp_path / "results" / "faces").exists()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (("studdy", {"folds": 2}), "Unknown configuration key 'studdy'. Did you mean 'study'?"),
        (("networks", {"resnet5": {"input_size": 64}}), "Did you mean 'resnet50'?"),
        (("explainers", {"lmie": {}}), "Did you mean 'lime'?"),
    ],
)
def test_bad_settings_are_one_sentence(tmp_path, given, sentence):
    assert sentence in refused(snakemake(tmp_path, "-n", "--config", setting(*given)))


def test_single_heatmap_needs_its_own_network_alone(tmp_path):
    target = "results/heatmaps/lime_average/weinet/anger.npy"
    assert planned(snakemake(tmp_path, "-n", target)) == {
        "read_corpus": 1,
        "split_folds": 3,
        "segment_superpixels": 1,
        "register_average": 1,
        "train_network": 3,
        "explain_faces": 1,
        "average_heatmaps": 1,
    }


def test_a_job_is_one_fold_or_one_repeat_and_expression_where_that_is_asked(tmp_path):
    each = setting("study", {"job": "expression"})
    plan = planned(snakemake(tmp_path, "-n", "heatmaps", "--config", each))
    explainers, networks, folds, repeats = 2, 4, 2, 3
    assert plan["train_network"] == networks * folds * repeats
    assert plan["average_heatmaps"] == explainers * networks * len(EXPRESSIONS)
    assert plan["explain_faces"] == plan["average_heatmaps"] * repeats


def test_tiny_study_has_all_results(study):
    results = study / "results"
    heatmaps = list(results.glob("heatmaps/lime/*/*.npy"))
    assert len(heatmaps) == len(NETWORKS) * len(EXPRESSIONS) == 18
    assert all(np.load(path).shape == (275, 224) for path in heatmaps)
    agreement = pd.read_csv(results / "agreement.csv")
    assert len(agreement) == 18 * 8 * 2, "eight scores, two references"
    assert agreement.columns[:12].tolist() == [
        "explainer", "network", "expression", "reference", "score", "role",
        "value", "low", "high", "pooled", "equal", "n_equal",
    ]  # fmt: skip
    assert (agreement["n_repeats"].dropna() <= 1).all()
    assert agreement.loc[agreement["value"].isna(), "reason"].notna().all()
    assert agreement.loc[agreement["reason"].isna(), "value"].between(0, 1).all()
    scores = pd.read_csv(results / "classification.csv")
    assert scores["network"].tolist() == NETWORKS
    page = (results / "report.html").read_text()
    assert all(name in page for name in (*NETWORKS, *EXPRESSIONS))
    for expression in EXPRESSIONS:
        likeness = pd.read_csv(results / "likeness" / f"{expression}.csv")
        assert len(likeness) == (len(NETWORKS) + 2) ** 2, "two references among the networks"
    assert not list(results.rglob(".*"))


def test_every_column_is_described(study):
    results = study / "results"
    for path in sorted(results.rglob("*.csv")):
        table = pd.read_csv(path)
        own, possible = columns_of(re.sub("^views/[^/]+/", "", str(path.relative_to(results))))
        names = set(table.columns) - {"neutral"}  # a further class of the finished network
        if path.name == "faith.csv":
            names = {re.sub(r"(_low|_high)$", "", name) for name in names}
            names = {name if name in own else re.sub(r"(_own|_other)$", "", name) for name in names}
        assert names <= possible, path
        assert table.empty or own <= names, path


def test_a_finished_network_goes_the_way_of_others(study, tiny, tmp_path):
    plan = planned(snakemake(tmp_path, "-n", configfile=tiny))
    assert plan["read_corpus"] == 2, "as the study and as the network sees them"
    assert plan["ask_finished"] == plan["explain_faces_finished"] == 1
    assert plan["train_network"] == plan["explain_faces"] == 2
    seen = np.load(study / "results/views/box0.2-rgb/faces/drawn/faces.npy", mmap_mode="r")
    assert seen.shape[1:] == (224, 224, 3)


def test_snakemakes_own_report_is_made(study, tiny):
    finished(snakemake(study, "--report", "report.zip", configfile=tiny))
    assert (study / "report.zip").stat().st_size > 1e5


def test_finished_study_has_nothing_left_to_do(study, tiny):
    process = snakemake(study, "-n", configfile=tiny)
    assert "Nothing to be done" in process.stdout


def test_same_bytes_from_one_core_in_another_folder(study, tiny, tmp_path):
    target = "results/heatmaps/lime/weinet/fear.npy"
    finished(snakemake(tmp_path, "--cores", "1", target, configfile=tiny))
    made = [path.relative_to(tmp_path) for path in (tmp_path / "results").rglob("*.*")]
    made = [path for path in made if path.suffix in (".npy", ".npz", ".csv", ".safetensors")]
    assert len(made) > 10
    for path in made:
        assert (tmp_path / path).read_bytes() == (study / path).read_bytes(), path


@pytest.mark.parametrize("name", ["config/config.yaml", "config/paper.yaml"])
def test_each_condition_of_the_validation_is_a_study(tmp_path, name):
    plan = planned(snakemake(tmp_path, "-n", "validation", configfile=PROJECT / name))
    own = yaml.safe_load((PROJECT / "config/validation.yaml").read_text())
    conditions, networks = len(own["corpora"]), len(own["networks"])
    assert plan["read_corpus"] == plan["draw_evidence"] == plan["draw_planted"] == conditions
    assert plan["split_folds"] == conditions * own["study"]["repeats"]
    assert plan["train_network_validation"] == networks * plan["split_folds"]
    rows = conditions * networks * len(own["explainers"])
    assert plan["explain_faces_validation"] == plan["average_heatmaps_validation"] == rows
    assert plan["measure_agreement"] == rows
    assert plan["tabulate_agreement"] == conditions
    # Nothing of the study itself is done.
    assert not {"train_network", "draw_reference", "plot_heatmaps"} & set(plan)


def test_a_device_reaches_all_studies(tmp_path):
    arguments = ("validation", "sensitivity", "-n", "--config", "device=cuda", "--quiet", "host")
    said = finished(snakemake(tmp_path, *arguments)).stdout
    asked = [part for part in said.split("\nrule ") if "gpu=1" in part]
    jobs = [part.partition(":")[0] for part in asked]
    long = {"train_network", "explain_faces"}
    assert long | {f"{name}_validation" for name in long} <= set(jobs)
    assert any("results/validation/mouth" in part for part in asked)


def test_sensitivity_is_more_rows_of_the_same_study(tmp_path):
    crossed = setting("sensitivity", {"explainers": ["lime"], "select": ["correct"]})
    kinds = {"slic30": {"n_segments": 30}, "slic20": {"n_segments": 20}, "parts": {"kind": "parts"}}
    process = snakemake(
        tmp_path, "sensitivity", "-n", "--config", crossed, setting("superpixels", kinds)
    )
    plan = planned(process)
    assert plan["segment_superpixels"] == 3 * 2, "three cuts at two input sizes"
    # Black and grey on each cut; two of these are rows of the study itself. Four networks.
    assert plan["explain_faces"] == plan["average_heatmaps"] == 3 * 2 * 4
    assert plan["train_network"] == 3 * 4


FAULTS = {
    "text.png": "not an image, or of a kind that is not read",
    "empty.png": "not an image, or of a kind that is not read",
    "black.png": "no face found",
    "pixel.png": "no face found",
    "absent.png": "file not found",
    "broken.png": "broken link",
    "out.png": "path leaves the corpus folder",
    "../faces.csv": "path leaves the corpus folder",
    "other.png": "unknown expression 'confused'",
    "neutral.png": "not studied: neutral",
}


@pytest.fixture(scope="session")
def faulty(tmp_path_factory):
    """A table with every fault, beside a tiny JAFFE that shares a face with it; both read."""
    directory = tmp_path_factory.mktemp("faulty")
    corpus, jaffe = directory / "corpus", directory / "jaffe"
    corpus.mkdir()
    jaffe.mkdir()
    units = pd.read_csv(PROJECT / "resources" / "action_units.csv")
    rows = []
    for number, expression in enumerate(EXPRESSIONS * 2):
        face = Image.fromarray(draw(number % 4, expression, 0, 5, units).image)
        face.save(corpus / f"лицо {number}.png")
        rows.append((f"лицо {number}.png", f"00{number % 4}", expression))
    shutil.copy(corpus / "лицо 0.png", jaffe / "NA.AN1.39.png")
    rows.append(("half.png", "p", "anger"))
    (corpus / "half.png").write_bytes((corpus / "лицо 0.png").read_bytes()[:9000])
    (corpus / "text.png").write_text("no picture")
    (corpus / "empty.png").touch()
    Image.new("RGB", (200, 200)).save(corpus / "black.png")
    Image.new("RGB", (1, 1)).save(corpus / "pixel.png")
    (corpus / "broken.png").symlink_to("nowhere.png")
    Image.new("RGB", (9, 9)).save(directory / "outside.png")
    (corpus / "out.png").symlink_to(directory / "outside.png")
    labels = {"other.png": "confused", "neutral.png": "Neutral"}
    rows += [(name, "p", labels.get(name, "fear")) for name in FAULTS]
    rows.append(rows[0])
    lines = ["path;subject;expression", *(";".join(row) for row in rows)]
    (corpus / "faces.csv").write_text("\r\n".join(lines), encoding="utf-8-sig", newline="")
    given = corpora(corpus / "faces.csv", jaffe={"kind": "jaffe", "path": str(jaffe)})
    finished(snakemake(directory, "faces", "--config", given, 'study={"folds": 2}'))
    return directory, len(rows) + 1


def test_every_fault_has_its_reason(faulty):
    directory, read = faulty
    faces = directory / "results" / "faces"
    kept, excluded = pd.read_csv(faces / "mine/faces.csv"), pd.read_csv(faces / "mine/excluded.csv")
    reasons = dict(zip(excluded["source"], excluded["reason"], strict=True))
    assert reasons.pop("half.png").startswith("unreadable image")
    assert reasons.pop("лицо 0.png") == "listed twice"
    assert reasons == FAULTS
    assert len(kept) == 12
    account = pd.read_csv(faces / "accounting.csv")
    assert (account["read"] == account["kept"] + account["excluded"]).all()
    assert account["read"].sum() == read
    assert np.load(faces / "mine/faces.npy").shape == (12, 224, 224)


def test_no_duplicate_crosses_a_fold(faulty):
    faces = faulty[0] / "results" / "faces"
    duplicates = pd.read_csv(faces / "duplicates.csv", keep_default_na=False)
    assert set(duplicates["corpus"]) == {"mine", "jaffe"}
    assert duplicates["subject"].tolist() == ["NA", "000"]
    repeats = [pd.read_csv(path).set_index("id")["fold"] for path in faces.glob("folds/*.csv")]
    assert len(repeats) == 3 and len({tuple(folds) for folds in repeats}) > 1
    assert all(len(set(folds[duplicates["id"]])) == 1 for folds in repeats)


def test_a_further_corpus_reads_none_of_the_others_again(faulty, tmp_path):
    directory, _ = faulty
    given = corpora(
        directory / "corpus" / "faces.csv",
        jaffe={"kind": "jaffe", "path": str(directory / "jaffe")},
        drawn={"kind": "synthetic", "identities": 2, "per_expression": 2},
    )
    arguments = ["faces", "-n", "--config", given, 'study={"folds": 2}']
    assert planned(snakemake(directory, *arguments))["read_corpus"] == 1


def test_a_missing_corpus_stops_the_run_before_the_others_are_read(tmp_path):
    given = corpora(tmp_path / "absent.csv", drawn={"kind": "synthetic"})
    process = snakemake(tmp_path, "faces", "--config", given)
    assert process.returncode != 0
    assert "1 of 2 corpora missing" in process.stdout
    assert f"mine: nothing at {tmp_path / 'absent.csv'}" in process.stdout
    assert not (tmp_path / "results" / "faces").exists()


@pytest.mark.parametrize("content", ["", "path,subject,expression\n"])
def test_an_empty_table_is_one_sentence(tmp_path, content):
    (tmp_path / "faces.csv").write_text(content)
    process = snakemake(tmp_path, "faces", "--config", corpora(tmp_path / "faces.csv"))
    assert process.returncode != 0
    sentence = "lacks the column path, subject, expression" if not content else "it is empty"
    assert sentence in process.stdout
    assert "Traceback" not in process.stdout


def test_evidence_of_a_planted_corpus_lies_on_its_faces(tmp_path):
    planted = {"kind": "synthetic", "identities": 2, "per_expression": 2, "units": "mouth",
               "nuisance": "random"}  # fmt: skip
    given = setting("corpora", {"planted": planted})
    folder = tmp_path / "results" / "faces" / "planted"
    finished(snakemake(tmp_path, "results/faces/planted/evidence.npy", "--config", given))
    evidence = np.load(folder / "evidence.npy").astype(float)
    landmarks = np.load(folder / "landmarks.npy") / 2
    assert evidence.shape == (len(pd.read_csv(folder / "faces.csv")), 112, 112)
    for seen, points in zip(evidence, landmarks, strict=True):
        middle = seen.sum(1) @ np.arange(112) / seen.sum()
        assert points[33, 1] < middle < points[8, 1]


def test_table_without_a_column_is_one_sentence(tmp_path):
    table = tmp_path / "faces.csv"
    table.write_text("path,person\na.png,1\n")
    process = snakemake(tmp_path, "faces", "--config", corpora(table))
    assert process.returncode != 0
    assert "lacks the column subject, expression" in process.stdout
