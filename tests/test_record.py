"""How a study was made, and what a run says at its end."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import made_up
import made_up_page
from facsimile.show.closing import closing
from facsimile.show.record import VERSION, code_digest, flat, record, settings_digest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def report():
    return made_up_page.report(ROOT, maps=None, pictures=[])


def test_the_version_is_that_of_the_citation():
    assert f"version: {VERSION}" in (ROOT / "CITATION.cff").read_text()


def test_settings_have_one_digest_whatever_their_order():
    settings = made_up.settings(ROOT)
    turned = dict(reversed(settings.items()))
    assert settings_digest(settings) == settings_digest(turned)
    other = made_up.settings(ROOT, study={"seed": 8})
    assert settings_digest(settings) != settings_digest(other)


def test_any_file_of_the_workflow_changes_its_digest(tmp_path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "a.smk").write_text("one")
    first = code_digest(tmp_path)
    (tmp_path / "notes.txt").write_text("of no matter")
    assert code_digest(tmp_path) == first
    (tmp_path / "page.js").write_text("two")
    assert code_digest(tmp_path) != first


def test_a_record_holds_what_jobs_said(tmp_path):
    paths = []
    for name, device in (("a", "cpu"), ("b", "NVIDIA X")):
        paths.append(tmp_path / f"{name}.json")
        paths[-1].write_text(json.dumps({"device": device, "tf32": False}))
    kept = record(made_up.settings(ROOT), ROOT / "workflow", paths)
    assert kept["computed"] == {"device": "cpu and NVIDIA X", "tf32": "False"}
    assert kept["seeds"] == {"study": 7}
    assert {"python", "snakemake", "torch"} <= set(kept["software"])
    told = flat(json.loads(json.dumps(kept)))
    assert told["seed of the study"] == "7"
    assert told["device"] == "cpu and NVIDIA X"


def test_a_run_ends_with_five_lines(report):
    lines = closing(report, "results/report.html")
    assert len(lines) == 5
    assert lines[0] == "Report: results/report.html"
    assert lines[1].startswith("Do they look where people look? Roughly: ")
    assert "Most human" in lines[1]
    assert lines[2].startswith("Main contrast: AUROC with ekman, primary: lime_grey agrees better")
    assert "+0.120 [+0.030, +0.210]" in lines[2]
    assert lines[3] == "Excluded: 2 of 8 images, most often: no face found (1)."
    assert "drawn faces" in lines[4]


def test_of_heatmaps_made_elsewhere_it_says_what_there_is(report):
    contrasts = report.measures.contrasts.iloc[:0]
    elsewhere = replace(
        report,
        measures=replace(report.measures, contrasts=contrasts),
        faces=None,
        classification=None,
        trust=None,
        settings=report.settings | {"corpora": {}},
    )
    lines = closing(elsewhere, "results/external/report.html")
    assert (
        "against networks that know nothing, 0.20 untrained and 0.18 with shuffled labels"
        in lines[2]
    )
    assert lines[3] == "Excluded: nothing is known of the faces."
    assert "heatmaps made elsewhere" in lines[4]
