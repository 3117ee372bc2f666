"""The workflow as people run it: plans, errors, and one tiny study with all twelve networks."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from PIL import Image

from facsimile import EXPRESSIONS
from facsimile.faces.embedded import draw

PROJECT = Path(__file__).parents[1]
TINY = PROJECT / "tests" / "tiny.yaml"
NETWORKS = list(yaml.safe_load(TINY.read_text())["networks"])


def snakemake(directory, *arguments, configfile=None):
    """Run the workflow with its results under a directory; return the finished process."""
    chosen = ["--configfile", str(configfile)] if configfile else []
    command = [sys.executable, "-m", "snakemake", "--cores", "2", "--directory", str(directory)]
    return subprocess.run(
        [*command, *chosen, *arguments],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def corpora(table):
    """Return the setting of one corpus, as it is written on the command line."""
    return f"corpora={json.dumps({'mine': {'kind': 'csv', 'path': str(table)}})}"


def planned(process):
    """Return how many jobs of each rule a dry run plans."""
    assert process.returncode == 0, process.stdout
    lines = process.stdout.partition("Job stats:")[2].partition("total")[0].splitlines()
    counts = [line.split() for line in lines if line.strip() and "---" not in line]
    return {rule: int(number) for rule, number in counts if number.isdigit()}


@pytest.fixture(scope="session")
def study(tmp_path_factory):
    """The tiny study, run to its end."""
    directory = tmp_path_factory.mktemp("tiny")
    process = snakemake(directory, configfile=TINY)
    assert process.returncode == 0, process.stdout[-6000:]
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
        assert f"{name}: no table at" in process.stdout
    assert "Traceback" not in process.stdout
    assert not (tmp_path / "results" / "faces").exists()


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ('studdy={"folds": 2}', "Unknown configuration key 'studdy'. Did you mean 'study'?"),
        ('networks={"resnet5": {"input_size": 64}}', "Did you mean 'resnet50'?"),
    ],
)
def test_bad_settings_are_one_sentence(tmp_path, setting, sentence):
    process = snakemake(tmp_path, "-n", "--config", setting)
    assert process.returncode != 0
    assert sentence in process.stdout
    assert "Traceback" not in process.stdout


def test_single_heatmap_needs_its_own_network_alone(tmp_path):
    plan = planned(snakemake(tmp_path, "-n", "results/heatmaps/lime/weinet/anger.npy"))
    assert plan == {
        "read_corpus": 1,
        "split_folds": 1,
        "segment_superpixels": 1,
        "train_network": 3,
        "explain_faces": 1,
        "average_heatmaps": 1,
    }


def test_tiny_study_has_all_results(study):
    results = study / "results"
    heatmaps = list(results.glob("heatmaps/lime/*/*.npy"))
    assert len(heatmaps) == len(NETWORKS) * len(EXPRESSIONS) == 72
    assert all(np.load(path).shape == (275, 224) for path in heatmaps)
    agreement = pd.read_csv(results / "agreement.csv")
    assert len(agreement) == 72 * 4
    assert agreement.columns[:6].tolist() == [
        "explainer", "network", "expression", "reference", "score", "value",
    ]  # fmt: skip
    assert agreement.loc[agreement["value"].isna(), "reason"].notna().all()
    assert agreement.loc[agreement["reason"].isna(), "value"].between(0, 1).all()
    scores = pd.read_csv(results / "classification.csv")
    assert scores["network"].tolist() == NETWORKS
    page = (results / "report.html").read_text()
    assert all(name in page for name in (*NETWORKS, *EXPRESSIONS))
    for expression in EXPRESSIONS:
        likeness = pd.read_csv(results / "likeness" / f"{expression}.csv")
        assert len(likeness) == len(NETWORKS) ** 2
    assert not list(results.rglob(".*"))


def test_finished_study_has_nothing_left_to_do(study):
    process = snakemake(study, "-n", configfile=TINY)
    assert "Nothing to be done" in process.stdout


def test_change_for_one_network_reruns_that_network_alone(study, tmp_path):
    settings = yaml.safe_load(TINY.read_text())
    settings["networks"]["weinet"]["epochs"] = 2
    changed = tmp_path / "changed.yaml"
    changed.write_text(yaml.safe_dump(settings, sort_keys=False))
    plan = planned(snakemake(study, "-n", configfile=changed))
    assert plan["train_network"] == 2
    assert plan["explain_faces"] == plan["average_heatmaps"] == len(EXPRESSIONS)
    assert "read_corpus" not in plan and "segment_superpixels" not in plan


def test_same_bytes_from_one_core_in_another_folder(study, tmp_path):
    target = "results/heatmaps/lime/mobilenet_v3/fear.npy"
    process = snakemake(tmp_path, "--cores", "1", target, configfile=TINY)
    assert process.returncode == 0, process.stdout[-3000:]
    made = [path.relative_to(tmp_path) for path in (tmp_path / "results").rglob("*.*")]
    made = [path for path in made if path.suffix in (".npy", ".npz", ".csv", ".safetensors")]
    assert len(made) > 10
    for path in made:
        assert (tmp_path / path).read_bytes() == (study / path).read_bytes(), path


def test_accounting_of_a_table_with_every_fault(tmp_path):
    units = pd.read_csv(PROJECT / "resources" / "action_units.csv")
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    rows = []
    for number, expression in enumerate(EXPRESSIONS * 2):
        Image.fromarray(draw(number % 4, expression, 0, 5, units).image).save(
            corpus / f"{number}.png"
        )
        rows.append((f"{number}.png", f"person {number % 4}", expression))
    shutil.copy(corpus / "0.png", corpus / "truncated.png")
    (corpus / "truncated.png").write_bytes((corpus / "0.png").read_bytes()[:9000])
    Image.new("RGB", (200, 200)).save(corpus / "black.png")
    rows += [
        ("truncated.png", "p", "anger"),
        ("black.png", "p", "fear"),
        ("absent.png", "p", "fear"),
        ("1.png", "p", "fear"),
        ("other.png", "p", "confused"),
    ]
    pd.DataFrame(rows, columns=["path", "subject", "expression"]).to_csv(
        corpus / "faces.csv", index=False
    )
    process = snakemake(
        tmp_path, "faces", "--config", corpora(corpus / "faces.csv"), 'study={"folds": 2}'
    )
    assert process.returncode == 0, process.stdout[-3000:]
    kept = pd.read_csv(tmp_path / "results/faces/mine/faces.csv")
    excluded = pd.read_csv(tmp_path / "results/faces/mine/excluded.csv")
    assert len(kept) + len(excluded) == len(rows)
    reasons = dict(zip(excluded["source"], excluded["reason"], strict=True))
    assert reasons["truncated.png"].startswith("unreadable image")
    assert reasons["black.png"] == "no face found"
    assert reasons["absent.png"] == "file not found"
    assert reasons["1.png"] == "listed twice"
    assert reasons["other.png"] == "unknown expression 'confused'"


def test_evidence_of_a_planted_corpus_lies_on_its_faces(tmp_path):
    planted = {"kind": "embedded", "identities": 2, "per_expression": 2, "units": "mouth",
               "nuisance": "random"}  # fmt: skip
    setting = f"corpora={json.dumps({'planted': planted})}"
    folder = tmp_path / "results" / "faces" / "planted"
    process = snakemake(tmp_path, "results/faces/planted/evidence.npy", "--config", setting)
    assert process.returncode == 0, process.stdout[-3000:]
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
