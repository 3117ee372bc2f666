"""What jobs are told of the rows of their study, before any file of it is there."""

import json
import os
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from facsimile import EXPRESSIONS, studies
from facsimile.closing import conclude, seconds_by_rule, times
from facsimile.drawings import TEMPLATES, Drawings, modules_of
from facsimile.errors import UserError
from facsimile.jobs import once
from facsimile.lookup import Lookup
from facsimile.needs import all_in
from facsimile.needs.corpora import Corpora
from facsimile.needs.explainers import Explainers
from facsimile.needs.networks import Networks
from facsimile.needs.references import References
from facsimile.needs.superpixels import Superpixels
from facsimile.project import Project
from facsimile.settings.checking import check
from running import PROJECT

HEATMAPS = "{results}/heatmaps/{explainer}/{network}/{expression}.npy"
SUPERPIXELS = "{results}{view}/faces/{corpus}/superpixels/{superpixels}/{size}.npy"
THEIRS = {
    "classes": ["happy", "sad", "angry", "fearful", "disgusted", "surprised"],
    "input_size": 112,
    "scaling": [0, 1],
    "colour": "rgb",
}


class Local(str):
    """A path that no prefix is put before, as Snakemake marks it."""


class Wildcards(dict):
    """Names as attributes, and as the items of a mapping, as Snakemake has them."""

    __getattr__ = dict.__getitem__


def of(results="results", **names):
    """Return the wildcards of a job."""
    return Wildcards({"results": results, **names})


@dataclass
class World:
    """A workflow's studies, and the user's files in a folder of their own."""

    folder: Path
    settings: dict
    lookup: Lookup
    project: Project


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Return the smallest study, with corpora, networks and maps of the user's beside it."""
    folder = tmp_path_factory.mktemp("user")
    for name in ("photos/fear/ben.png", "photos/.hidden", "gaze/fear.png", "gaze/.hidden",
                 "start.safetensors", "theirs.onnx", "maps/one/fear.png"):  # fmt: skip
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    given = yaml.safe_load((PROJECT / "tests" / "micro.yaml").read_text())
    given["corpora"] |= {
        "photos": {"kind": "folder", "path": str(folder / "photos"), "subject": r"(\w+)\.png"},
        "gone": {"kind": "csv", "path": str(folder / "gone.csv")},
    }
    given["networks"] |= {
        "started": {
            "architecture": "resnet50",
            "input_size": 64,
            "weights": str(folder / "start.safetensors"),
        },
        "theirs": {**THEIRS, "checkpoint": str(folder / "theirs.onnx")},
        "trusted": {**THEIRS, "checkpoint": str(folder / "theirs.onnx"), "audit": "off"},
    }
    given["explainers"]["lime_neutral"] = {"method": "lime", "baseline": "neutral"}
    given["references"]["gaze"] = {"kind": "maps", "path": str(folder / "gaze")}
    settings = check({**given, "external_heatmaps": str(folder / "maps")}, PROJECT)
    found = (
        studies.configured(settings, {})
        | studies.validation(studies.validation_settings(settings, PROJECT))
        | studies.external(settings, folder / "maps")
    )
    return World(folder, settings, Lookup(found), Project(PROJECT, Local))


def seen(world, *names):
    """Return files of the user's as seen from where the study runs, marked or not."""
    return [os.path.relpath(world.folder / name) for name in names]


# The project


def test_places_start_at_the_project_and_are_seen_from_where_the_study_runs(world):
    found = world.project.place("resources/references")
    assert isinstance(found, Local)
    assert Path(found).resolve() == PROJECT / "resources" / "references"
    assert world.project.place("~/faces") == os.path.relpath(Path.home() / "faces")
    assert Path(world.project.resource("action_units")).name == "action_units.csv"


def test_files_of_the_users_are_inputs_one_by_one(world, tmp_path):
    (tmp_path / "a{b}.png").touch()
    places = [world.folder / "gaze", world.folder / "theirs.onnx", tmp_path, tmp_path / "gone"]
    found = world.project.there(places)
    assert found == [str(world.folder / "gaze" / "fear.png"), str(world.folder / "theirs.onnx")]
    assert all(isinstance(path, Local) for path in found)


# Names


def test_names_can_be_told_by_functions_and_without_names_there_are_no_paths(world):
    job = of(explainer="lime", network="weinet")
    some = world.lookup.every(HEATMAPS, expression=lambda wildcards: ["fear", wildcards.network])
    assert some(job) == [
        "results/heatmaps/lime/weinet/fear.npy",
        "results/heatmaps/lime/weinet/weinet.npy",
    ]
    assert world.lookup.every(HEATMAPS, expression=lambda wildcards: [])(job) == []


def test_a_study_without_faces_has_no_files_of_faces(world):
    paths = world.lookup.with_faces("{results}/{corpus}.csv", corpus="photos")
    assert paths(of()) == ["results/photos.csv"]
    assert paths(of("results/external")) == []


def test_paths_of_a_whole_study_and_of_all_conditions(world):
    assert world.lookup.of_study("{results}/{repeat}") == ["results/0", "results/1"]
    found = world.lookup.in_conditions("{results}/a.csv")
    assert found and all(path.startswith("results/validation/") for path in found)
    assert world.lookup.names("repeat")(of()) == [0, 1]


def test_steps_are_shown_by_the_main_explainer_and_the_first_network(world):
    found = world.lookup.of_main(SUPERPIXELS)(of())
    assert found[0] == "results/faces/drawn/superpixels/slic20/32.npy"
    assert len(found) == 3, "one a corpus"


def test_a_finished_network_has_one_file_of_those_of_trainings():
    assert once("{results}/repeat{repeat}/fold{fold}") == "{results}/repeat0/fold0"


# Rows


def test_a_corpus_is_read_again_where_its_files_change(world):
    corpora, job = Corpora(world.lookup, world.project), of(corpus="photos", view="")
    assert corpora.row(job)["path"] == seen(world, "photos")[0]
    assert type(corpora.row(job)["path"]) is str, "parameters are plain"
    assert corpora.kind(job) == ["facsimile.faces.corpora.folder"]
    before = corpora.files(job)
    (world.folder / "photos" / "fear" / "dan.png").touch()
    assert corpora.files(job) == before, "looked at once in a plan"
    assert Corpora(world.lookup, world.project).files(job) != before
    assert corpora.places(job) == [], "a folder is no input"
    assert corpora.view(job) == world.lookup.studies["results"].views[""].settings


def test_a_corpus_that_is_not_there_can_be_planned_and_is_named(world):
    corpora, job = Corpora(world.lookup, world.project), of(corpus="gone", view="")
    assert corpora.places(job) == []
    assert corpora.files(job) == "files unreadable"
    said = corpora.missing("results")
    assert said.startswith("1 of 3 corpora missing") and "gone.csv" in said
    (world.folder / "gone.csv").write_text("path,subject,expression\n")
    assert corpora.places(job) == seen(world, "gone.csv")
    assert corpora.missing("results") is None
    (world.folder / "gone.csv").unlink()


def test_drawn_corpora_have_tables_of_the_projects(world):
    corpora = Corpora(world.lookup, world.project)
    assert list(corpora.drawn(of())) == ["drawn"]
    tables = corpora.tables(of(corpus="drawn"))
    assert corpora.drawn_tables(of()) == tables and "action_units.csv" in tables[0]
    assert corpora.tables(of(corpus="photos")) == []
    condition = next(name for name in world.lookup.studies if "/validation/" in name)
    assert corpora.planted(of(condition))["kind"] == "synthetic"


def test_a_network_is_trained_or_brought(world):
    networks = Networks(world.lookup, world.project)
    scratch, started, theirs = (of(network=one) for one in ("weinet", "started", "theirs"))
    assert [networks.is_pretrained(one) for one in (scratch, started)] == [False, True]
    assert networks.weights(scratch) == []
    assert networks.weights(started) == seen(world, "start.safetensors")
    assert networks.value("weights")(scratch) == "random"
    assert networks.checkpoint(theirs) == seen(world, "theirs.onnx")
    assert networks.checkpoint(scratch) == []
    paths = networks.trained("{results}/{network}/{fold}", fold=0)
    assert paths(scratch) == ["results/weinet/0"] and paths(theirs) == []


def test_audits_are_of_a_jobs_network_or_of_all(world):
    networks = Networks(world.lookup, world.project)
    assert networks.audited(of()) == ["theirs"]
    assert networks.audited(of(network="theirs")) == ["theirs"]
    assert networks.audited(of(network="trusted")) == []


def test_speed_is_measured_where_no_batch_size_is_given(world):
    job, given = of(network="weinet"), world.lookup.studies["results"]
    assert Networks(world.lookup, world.project).measured(job) == []
    free = {**given.settings, "inference": {"batch_size": 0}}
    lookup = Lookup({"results": replace(given, settings=free)})
    assert Networks(lookup, world.project).measured(job) == ["weinet"]


def test_heatmaps_made_elsewhere_may_say_where_their_networks_come_from(world):
    networks, job = Networks(world.lookup, world.project), of("results/external", network="one")
    assert networks.maps(job) == [str(world.folder / "maps" / "one" / "fear.png")]
    assert networks.origins(job) == [] == networks.origins(of())
    (world.folder / "maps" / "networks.csv").touch()
    assert networks.origins(job) == seen(world, "maps/networks.csv")
    assert networks.origins(of()) == []


def test_a_reference_is_read_from_the_files_of_its_folder(world):
    references = References(world.lookup, world.project)
    assert references.sources(of(reference="gaze")) == seen(world, "gaze/fear.png")
    assert references.row(of(reference="gaze"))["path"] == seen(world, "gaze")[0]
    assert references.kind(of(reference="facs_core")) == ["facsimile.atlas.references.action_units"]
    tables = references.tables(of(reference="facs_core"))
    names = ["expression_units", "action_unit_regions", "canonical_landmarks"]
    assert [Path(table).stem for table in tables] == names


# Explainers


@pytest.fixture
def explainers(world):
    return Explainers(world.lookup, world.project)


def test_an_unknown_explainer_is_refused(explainers):
    with pytest.raises(UserError, match="Unknown explainer 'limes' in 'results'"):
        explainers.row(of(explainer="limes"))


def test_rows_that_differ_after_the_answer_read_one_pass(explainers):
    assert explainers.passes(of(explainer="lime_contrast")) == ["lime"]
    assert explainers.passes(of()) == ["lime", "lime_grey", "random", "lime_neutral"]
    assert explainers.contrast(of(explainer="lime_contrast"))
    assert not explainers.main_contrast(of())
    same = (explainers.asked(of(explainer=name)) for name in ("lime", "lime_contrast"))
    assert next(same) == next(same)


def test_superpixels_are_those_that_are_weighed_or_judged_by(explainers, world):
    lime, grey, none = (of(explainer=name) for name in ("lime", "lime_grey", "random"))
    assert explainers.superpixels(grey) == ["grid12"]
    assert explainers.cut(grey)["kind"] == "grid"
    assert explainers.judging_superpixels(grey) == "grid12"
    weighed = [explainers.superpixels(lime), explainers.all_superpixels(lime)]
    assert weighed == [["slic20"], ["grid12", "slic20"]]
    assert isinstance(explainers.superpixels(none), list)
    kinds = Superpixels(world.lookup, world.project)
    assert kinds.kind(of(superpixels="grid12")) == ["facsimile.explain.superpixels.grid"]


def test_sizes_are_of_a_network_or_of_those_that_know_nothing(explainers):
    assert explainers.size(of(network="theirs")) == 112
    assert explainers.size(of(size="32")) == 32


def test_images_and_modules_are_those_of_the_parts(explainers):
    job = of(explainer="lime_neutral")
    assert explainers.images(of(explainer="lime")) == []
    assert "neutral" in explainers.images(job)
    assert "facsimile.explain.baselines.neutral" in explainers.modules(job)
    assert set(explainers.modules(job)) <= set(explainers.judging_modules(job))
    assert "facsimile.explain.superpixels.slic" in explainers.judging_modules(job)


def test_an_explainer_is_judged_with_its_baseline_and_another(explainers):
    names = explainers.all_judges(of())
    assert list(explainers.judges(of(explainer="lime_grey"))) == names["lime_grey"]
    assert names["lime_grey"][0] == "grey"
    assert all(len(set(some)) == 2 for some in names.values())


# Figures, and the end


@pytest.fixture
def drawings(world):
    stages = ["faces", "steps", "faith", "heatmaps", "sensitivity"]

    def mark(path, **told):
        return SimpleNamespace(path=path, **told)

    planted = studies.validation_settings(world.settings, PROJECT)
    return Drawings(world.lookup.studies, stages, planted, PROJECT, mark)


def test_a_study_has_the_figures_of_its_stages(drawings, world):
    assert drawings.stages["results"] == ["faces", "steps", "faith", "heatmaps", "sensitivity"]
    assert drawings.stages["results/external"][0] == "heatmaps"
    found = drawings.paths("heatmaps")
    assert found and all(path.startswith("results/") for path in found)
    pictures = drawings.pictures(of())
    assert set(pictures) > {path for path in found if path.endswith(".png")}
    assert not set(pictures) & set(drawings.paths("sensitivity"))
    assert not [path for path in pictures if path.endswith(".pdf")]


def test_figures_of_faith_are_of_studies_that_judge_it(world):
    given = world.lookup.studies["results"]
    unjudged = {**given.settings, "faith": {**given.settings["faith"], "faces": 0, "sanity": 0}}
    planted = studies.validation_settings(world.settings, PROJECT)
    unjudging = {"results": replace(given, settings=unjudged)}
    found = Drawings(unjudging, ["faces", "faith"], planted, PROJECT, str)
    assert found.stages == {"results": ["faces"]}


def test_a_figure_is_reported_with_its_caption(drawings):
    (first, *_) = drawings.reported("results", "heatmaps")
    assert first.path.startswith("{results}/figures/")
    assert first.category == "Heatmaps" and first.labels["format"] == "png"
    assert Path(first.caption).read_text("utf-8").startswith("**")


def test_the_validation_has_figures_of_all_conditions_together(drawings):
    assert ("results/validation", "validation") in drawings.drawn_together
    assert "results/validation" not in drawings.stages
    found = drawings.paths("validation", results="results/validation")
    assert found and all(path.startswith("results/validation/") for path in found)
    (first, *_) = drawings.reported("results/validation", "validation")
    assert Path(first.caption).read_text("utf-8").startswith("**")


def test_figures_scores_and_pages_are_found():
    assert set(modules_of("heatmaps")) < set(all_in("facsimile.show.figures"))
    assert {path.suffix for path in TEMPLATES} == {".j2", ".js"}


def test_a_run_ends_with_what_was_found_and_where_its_time_went(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name in ("old", "new"):
        Path(name).mkdir()
        Path(name, "summary.txt").write_text(f"found in {name}")
        Path(name, "record.json").write_text('{"software": {"torch": "2.14.1"}}')
    os.utime("old/summary.txt", (10, 10))
    made = {
        "a": SimpleNamespace(rule="quick", starttime=1.0, endtime=2.0),
        "b": SimpleNamespace(rule="slow", starttime=1.0, endtime=4.0),
        "c": SimpleNamespace(rule="slow", starttime=4.0, endtime=5.5),
        "d": SimpleNamespace(rule="killed", starttime=4.0, endtime=None),
    }
    jobs = [
        SimpleNamespace(output=[name] if name else [], input=[]) for name in ["", "gone", *made]
    ]
    conclude(["old", "new", "none"], 20, jobs, made.get)
    assert "found in new" in (said := capsys.readouterr().err) and "old" not in said
    assert seconds_by_rule(jobs, made.get) == {"slow": [3.0, 1.5], "quick": [1.0]}
    expected = "rule,jobs,seconds,longest\nslow,2,4.5,3.0\nquick,1,1.0,1.0\n"
    assert (
        Path("new", "times.csv").read_text()
        == expected
        == times({"slow": [3.0, 1.5], "quick": [1.0]})
    )
    assert not Path("old", "times.csv").exists()
    crate = json.loads(Path("new", "ro-crate-metadata.json").read_text())
    assert crate["@graph"][1]["description"] == "found in new"


def test_all_expressions_are_asked_of_a_job_that_names_none(world):
    found = world.lookup.every(HEATMAPS)(of(explainer="lime", network="weinet"))
    assert len(found) == len(EXPRESSIONS)
