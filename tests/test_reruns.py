"""Reruns follow meaning: the rows of docs/reruns.md, each planned on one finished study.

What is expected was written by hand, from what each job is made of, and is met exactly: rule by
rule, with the number of jobs.
"""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager

import pytest
import yaml

from rerun_study import made_in
from running import planned, snakemake

pytestmark = pytest.mark.slow

LIBRARY = "workflow/scripts/facsimile"

PARTS_OF_GIT = ("config", "envs", "profiles", "resources", "workflow")

# Groups of jobs, of three corpora, two networks trained twice, and four rows of explainers.
END = Counter(
    tabulate_agreement=1, write_tables=1, plot_agreement=1, correlate_heatmaps=6,
    cluster_heatmaps=1, plot_likeness=1, plot_heatmaps=1, write_report=1, all=1,
)  # fmt: skip
TRUST = Counter(score_trust=1, plot_explanations=1)
FAITH = Counter(tabulate_faith=1, plot_faith=1)
ONE_ROW = END + TRUST + FAITH + Counter(
    explain_faces=2, probe_explanations=2, average_heatmaps=2, picture_cells=2, measure_agreement=2,
    explain_null=1, measure_null=1,
)  # fmt: skip
ONE_NETWORK = END + TRUST + FAITH + Counter(
    train_network=2, score_classification=1, plot_networks=1, explain_faces=3, average_heatmaps=4,
    probe_explanations=4, picture_cells=4, measure_agreement=4,
)  # fmt: skip
FIRST_NETWORK = ONE_NETWORK + Counter(plot_steps=1)
ALL_MAPS = END + TRUST + FAITH + Counter(
    explain_faces=6, probe_explanations=8, average_heatmaps=8, picture_cells=8, measure_agreement=8,
    explain_null=4, measure_null=4, plot_steps=1,
)  # fmt: skip
ALL_NETWORKS = ALL_MAPS + Counter(train_network=4, score_classification=1, plot_networks=1)
ONE_CORPUS = ALL_NETWORKS + Counter(
    read_corpus=1, segment_superpixels=2, account_faces=1, split_folds=2, average_face=1,
    plot_faces=1, plot_references=1, draw_looks=1, train_null=1,
)  # fmt: skip
ONE_REFERENCE = END - Counter(plot_heatmaps=1) + Counter(
    draw_reference=1, plot_references=1, measure_agreement=8, measure_null=4,
)  # fmt: skip
SCORES = Counter(
    measure_agreement=8, measure_null=4, tabulate_agreement=1, write_tables=1, plot_agreement=1,
    write_report=1, all=1,
)  # fmt: skip
FIGURES = Counter(
    picture_cells=8, plot_faces=1, plot_networks=1, plot_explanations=1, plot_faith=1, plot_steps=1,
    plot_heatmaps=1, plot_references=1, plot_agreement=1, plot_likeness=1, write_report=1, all=1,
)  # fmt: skip
NOTHING = Counter()


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Return a copy of the workflow, and the folder of a study that is finished by it."""
    return made_in(tmp_path_factory.mktemp("reruns"))


@contextmanager
def put_back(folder, name):
    """Give a file that may be changed; it is put back afterwards, its time with it."""
    path, kept = folder / name, folder / "kept.tmp"
    was_there = path.exists()
    if was_there:
        shutil.copy2(path, kept)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)
        if was_there:
            shutil.move(kept, path)


def plan(study, *arguments, config="study.yaml"):
    project, directory = study
    given = {"configfile": project / config, "project": project}
    return Counter(planned(snakemake(directory, "-n", *arguments, **given)))


def test_nothing_is_left_to_do(study):
    assert plan(study) == NOTHING


SETTINGS = {
    "learning rate": ("networks: weinet: learning_rate", 0.02, FIRST_NETWORK),
    "epochs": ("networks: songnet: epochs", 2, ONE_NETWORK),
    "network": (
        "networks: alexnet",
        {"input_size": 32, "epochs": 1, "batch_size": 16},
        ONE_NETWORK,
    ),
    "network of another size": (
        "networks: alexnet",
        {"input_size": 48, "epochs": 1, "batch_size": 16},
        ONE_NETWORK
        + Counter(segment_superpixels=6, train_null=1, explain_null=4, measure_null=4),
    ),
    "repeat": (
        "study: repeats",
        3,
        ALL_NETWORKS - Counter(train_network=2, explain_null=4, measure_null=4)
        + Counter(split_folds=1),
    ),
    "samples": ("explainers: lime_grey: samples", 30, ONE_ROW),
    "baseline": ("explainers: lime_grey: baseline", "black", ONE_ROW),
    "superpixels": (
        "superpixels: grid12: n_segments",
        16,
        ONE_ROW + Counter(segment_superpixels=3),
    ),
    "explainer": (
        "explainers: occlusion",
        {"method": "occlusion"},
        ONE_ROW,
    ),
    "explainer that shares a pass": (
        "explainers: lime_grey_contrast",
        {"method": "lime", "samples": 20, "superpixels": "grid12", "baseline": "grey",
         "contrast": True},
        ONE_ROW - TRUST - Counter(explain_faces=2),
    ),
    "corpus": (
        "corpora: more",
        {"kind": "synthetic", "identities": 6, "per_expression": 6, "seed": 4},
        ONE_CORPUS,
    ),
    "bootstrap samples": (
        "measure: bootstrap_samples",
        30,
        END + FAITH - Counter(plot_heatmaps=1) + Counter(measure_agreement=8),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting(study, name):
    keys, value, expected = SETTINGS[name]
    project, _ = study
    settings = yaml.safe_load((project / "study.yaml").read_text())
    section = settings
    *path, last = keys.split(": ")
    for key in path:
        section = section[key]
    section[last] = value
    with put_back(project, "changed.yaml") as changed:
        changed.write_text(yaml.safe_dump(settings, sort_keys=False))
        assert plan(study, config="changed.yaml") == expected


FILES = {
    "comment in the configuration": ("study.yaml", "\n# A comment.\n\n", NOTHING),
    "mask's polygon": (
        "resources/references/ekman.yaml", ("19^ 26^ 26", "20^ 26^ 26"), ONE_REFERENCE,
    ),
    "label": ("data/faces.csv", ("cleo,anger", "cleo,fear"), ONE_CORPUS),
    "subject withdrawn": ("data/faces.csv", (r"images/dan_.*\n", ""), ONE_CORPUS),
    "image of a folder": ("data/folder/anger/anna.png", "another", ONE_CORPUS),
    "image of a table": ("data/images/cleo_anger.png", "another", ONE_CORPUS),
    "further image": ("data/folder/anger/clara.png", "new", ONE_CORPUS),
    "image removed": ("data/folder/anger/anna.png", None, ONE_CORPUS),
    "hidden file": ("data/folder/anger/.DS_Store", "new", NOTHING),
    "score": (f"{LIBRARY}/measure/scores/another.py", "ANOTHER = 1\n", SCORES),
    "method of explaining": (f"{LIBRARY}/explain/methods/another.py", "ANOTHER = 1\n", NOTHING),
    "figures' style": (f"{LIBRARY}/show/style.py", "\nANOTHER = 1\n", FIGURES),
    "words of a caption": ("docs/method.md", "new", NOTHING),
    "script": (
        "workflow/scripts/score_trust.py", "\nANOTHER = 1\n",
        TRUST + Counter(write_report=1, all=1),
    ),
    "code of faces": (f"{LIBRARY}/faces/corpora/folder.py", "\nANOTHER = 1\n", ONE_CORPUS),
    "code of another kind": (f"{LIBRARY}/faces/corpora/kdef.py", "\nANOTHER = 1\n", NOTHING),
    "code of superpixels": (
        f"{LIBRARY}/explain/superpixels/grid.py", "\nANOTHER = 1\n",
        ONE_ROW + Counter(segment_superpixels=3),
    ),
    "code of a baseline": (f"{LIBRARY}/explain/baselines/grey.py", "\nANOTHER = 1\n", ONE_ROW),
    "code of networks": (
        f"{LIBRARY}/networks/training.py", "\nANOTHER = 1\n",
        ALL_NETWORKS + Counter(train_null=1),
    ),
    "code of a reference": (
        f"{LIBRARY}/atlas/references/regions.py", "\nANOTHER = 1\n", ONE_REFERENCE,
    ),
    "code of a measure": (
        f"{LIBRARY}/measure/trees.py", "\nANOTHER = 1\n",
        Counter(correlate_heatmaps=6, cluster_heatmaps=1, plot_likeness=1, write_report=1, all=1),
    ),
    "environment": ("envs/facsimile.yaml", "\n", NOTHING),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_file(study, name):
    file, change, expected = FILES[name]
    project, _ = study
    with put_back(project, file) as path:
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(change, tuple):
            text = path.read_text()
            changed = (
                re.sub(*map(str, change), text) if ".*" in change[0] else text.replace(*change)
            )
            assert changed != text
            path.write_text(changed)
        elif change is None:
            path.unlink()
        else:
            with path.open("a", encoding="utf-8") as lines:
                lines.write(change)
        assert plan(study) == expected


@pytest.mark.parametrize(
    "name",
    ["logs.py", "explain/methods/lime.py", "networks/training.py", "faces/corpora/folder.py"],
)
def test_a_comment_and_a_docstring_in_code(study, name):
    project, _ = study
    with put_back(project, f"{LIBRARY}/{name}") as path:
        text = path.read_text().replace('"""\n', ' And so on."""\n', 1)
        path.write_text(text + "\n\n\n# A comment.\n")
        assert plan(study) == NOTHING


GONE = {
    "results/report.html": Counter(write_report=1, all=1),
    "results/logs/split_folds/repeat0.log": NOTHING,
    "results/likeness/tests.csv": Counter(
        cluster_heatmaps=1, plot_likeness=1, write_report=1, all=1
    ),
    # What lies between is made again once something needs it.
    "results/heatmaps/lime_grey/weinet/fear.npy": NOTHING,
}


@pytest.mark.parametrize("file", GONE)
def test_a_deleted_output(study, file):
    with put_back(study[1], file) as path:
        path.unlink(missing_ok=True)
        assert plan(study) == GONE[file]


def test_a_fresh_checkout(study):
    project, _ = study
    files = [one for part in PARTS_OF_GIT for one in (project / part).rglob("*") if one.is_file()]
    times = {one: one.stat().st_mtime for one in files}
    for one in files:
        os.utime(one)
    try:
        assert plan(study) == NOTHING
    finally:
        for one, when in times.items():
            os.utime(one, (when, when))


def test_results_copied_without_their_times(study, tmp_path):
    """Files of less than a megabyte are known by their checksums."""
    project, directory = study
    moved = directory.with_name("moved")
    shutil.copytree(directory, moved, copy_function=shutil.copyfile)
    assert plan((project, moved)) == NOTHING
    (moved / "results/faces/drawn/faces.npy").write_bytes(bytes(2_000_000))
    made = plan((project, moved))
    assert made["read_corpus"] == 0 and made["train_network"] == 4
    given = {"configfile": project / "study.yaml", "project": project}
    snakemake(moved, "--touch", **given)
    assert plan((project, moved)) == NOTHING, "--touch takes them as they are"


@pytest.mark.parametrize("arguments", [("--cores", "1"), ("-s", "workflow/Snakefile")])
def test_other_arguments(study, arguments):
    assert plan(study, *arguments) == NOTHING


def test_project_and_study_in_another_folder(study, tmp_path):
    for one in study:
        shutil.copytree(one, tmp_path / one.name)
    assert plan((tmp_path / "project", tmp_path / "study")) == NOTHING


def test_why(study):
    """The command that says why names the change."""
    project, directory = study
    settings = yaml.safe_load((project / "study.yaml").read_text())
    settings["networks"]["songnet"]["epochs"] = 2
    with put_back(project, "changed.yaml") as changed:
        changed.write_text(yaml.safe_dump(settings, sort_keys=False))
        said = why(project, "results/heatmaps/lime/songnet/fear.npy", "--directory", directory,
                   "--configfile", changed)  # fmt: skip
    assert said.count("epochs 1 → 2") == 2
    assert "From these follow 2 jobs: 1 explain_faces, 1 average_heatmaps." in said


def why(project, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "facsimile.why", *map(str, arguments)],
        cwd=project, text=True, capture_output=True, check=True,
        env=os.environ | {"PYTHONPATH": "workflow/scripts"},
    ).stdout  # fmt: skip
