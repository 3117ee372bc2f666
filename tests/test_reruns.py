"""Reruns follow meaning: what is planned again after a change, and nothing else."""

import shutil

import pytest
import yaml

from running import PROJECT, copied, finished, planned, snakemake

MICRO = PROJECT / "tests" / "micro.yaml"
pytestmark = pytest.mark.slow

# What stands at the end of every chain, once explanations or heatmaps of any row are new.
TABLES = {"tabulate_agreement", "write_tables", "correlate_heatmaps", "cluster_heatmaps",
          "plot_agreement", "plot_likeness", "plot_heatmaps", "write_report", "all"}  # fmt: skip
TRUST = {"score_trust", "plot_explanations", "tabulate_faith", "plot_faith"}


@pytest.fixture(scope="module")
def workflow(tmp_path_factory):
    """Return a copy of the workflow, and the folder of a finished micro study."""
    project = copied(tmp_path_factory.mktemp("project"))
    directory = tmp_path_factory.mktemp("micro")
    finished(snakemake(directory, configfile=MICRO, project=project))
    return project, directory


@pytest.fixture
def plan_with(workflow, tmp_path):
    """Return a function that plans the finished study with other settings."""
    project, directory = workflow

    def plan(change=lambda settings: None):
        settings = yaml.safe_load(MICRO.read_text())
        change(settings)
        changed = tmp_path / "changed.yaml"
        changed.write_text(yaml.safe_dump(settings, sort_keys=False))
        return planned(snakemake(directory, "-n", configfile=changed, project=project))

    return plan


@pytest.fixture
def code_of(workflow):
    """Return a function that writes into a file of the library; it is put right afterwards."""
    project, _ = workflow
    library = project / "workflow" / "scripts" / "facsimile"
    before = {}

    def write(name, change):
        file = library / name
        before.setdefault(file, file.read_text() if file.exists() else None)
        file.write_text(change(before[file]))

    yield write
    for file, text in before.items():
        file.unlink() if text is None else file.write_text(text)


def test_nothing_is_left_to_do(plan_with):
    assert plan_with() == {}


def test_one_row_of_explainers_reruns_that_row_alone(plan_with):
    def more(settings):
        settings["explainers"]["lime_grey"]["samples"] = 30

    plan = plan_with(more)
    assert plan["explain_faces"] == plan["average_heatmaps"] == plan["measure_agreement"] == 2
    assert plan["picture_cells"] == 2
    assert plan["explain_null"] == plan["measure_null"] == 1
    assert plan["probe_explanations"] == 2
    own = {"explain_faces", "average_heatmaps", "measure_agreement", "explain_null", "measure_null",
           "picture_cells", "probe_explanations"}  # fmt: skip
    assert set(plan) - own == TABLES | TRUST


def test_a_baseline_reruns_its_rows_alone(plan_with):
    def baseline(settings):
        settings["explainers"]["lime_grey"]["baseline"] = "black"

    assert plan_with(baseline)["explain_faces"] == 2


def test_a_new_row_that_differs_after_the_answer_asks_no_network(plan_with):
    def another(settings):
        settings["explainers"]["lime_grey_contrast"] = {
            **settings["explainers"]["lime_grey"],
            "contrast": True,
        }

    plan = plan_with(another)
    assert "explain_faces" not in plan
    assert plan["average_heatmaps"] == 2


def test_superpixels_rerun_what_asks_about_them(plan_with):
    def finer(settings):
        settings["superpixels"]["grid12"]["n_segments"] = 16

    plan = plan_with(finer)
    assert plan["segment_superpixels"] == 1
    assert plan["explain_faces"] == plan["average_heatmaps"] == 2


def test_one_network_reruns_that_network_alone(plan_with):
    def longer(settings):
        settings["networks"]["weinet"]["epochs"] = 2

    plan = plan_with(longer)
    assert plan["train_network"] == 2
    assert plan["explain_faces"] == 3, "lime, which lime_contrast shares; lime_grey; random"
    assert plan["average_heatmaps"] == 4
    assert not {"read_corpus", "segment_superpixels", "split_folds"} & set(plan)


def test_a_further_repeat_trains_its_own_networks_alone(plan_with):
    def more(settings):
        settings["study"]["repeats"] = 3

    plan = plan_with(more)
    assert plan["split_folds"] == 1
    assert plan["train_network"] == 2
    assert not {"read_corpus", "segment_superpixels", "draw_reference"} & set(plan)


@pytest.mark.parametrize(
    "name", ["logs.py", "explain/methods/lime.py", "networks/training.py", "faces/corpora/kdef.py"]
)
def test_comments_and_docstrings_rerun_nothing(plan_with, code_of, name):
    code_of(name, lambda text: text.replace('"""\n', ' And so on."""\n', 1) + "\n# A comment.\n")
    assert plan_with() == {}


@pytest.mark.parametrize(
    ("name", "jobs"),
    [
        ("explain/methods/lime.py", {"explain_faces": 4}),
        ("explain/methods/random.py", {"explain_faces": 2}),
        ("explain/methods/grad_cam.py", {}),
        ("explain/baselines/grey.py", {"explain_faces": 2}),
        ("explain/superpixels/grid.py", {"segment_superpixels": 1}),
        ("faces/corpora/kdef.py", {}),
        ("faces/corpora/synthetic.py", {"read_corpus": 1}),
        ("networks/training.py", {"train_network": 4}),
        ("measure/scores/auroc.py", {"measure_agreement": 8}),
        ("atlas/references/regions.py", {"draw_reference": 1}),
    ],
)
def test_code_reruns_the_jobs_that_reach_it(plan_with, code_of, name, jobs):
    code_of(name, lambda text: text + "\nANOTHER = 1\n")
    plan = plan_with()
    early = ("read_corpus", "segment_superpixels", "train_network", "draw_reference",
             "explain_faces", "measure_agreement")  # fmt: skip
    first = next((rule for rule in early if rule in plan), None)
    assert {first: plan[first]} == jobs if first else jobs == {} == plan


def test_a_further_method_reruns_nothing_that_is_there(plan_with, code_of):
    code_of("explain/methods/another.py", lambda _: "ANOTHER = 1\n")
    assert plan_with() == {}


def test_a_copy_of_a_study_beside_it_has_nothing_to_do(workflow):
    project, directory = workflow
    moved = directory.with_name("moved")
    shutil.copytree(directory, moved)
    plan = planned(snakemake(moved, "-n", configfile=MICRO, project=project))
    assert plan == {}
