"""Why files are made again: Snakemake's reasons in a few lines that name the change."""

import json
from base64 import urlsafe_b64encode

import pytest

from facsimile.why import explained, params_changed

UNION = "Union of exclusive params before and now across all output: "
ROW = {"architecture": "weinet", "epochs": 1, "augment": {"flip": True, "note": "a, b; now: c"}}


def plan(*jobs):
    """Return what a dry run prints of jobs: rule, inputs, outputs, reason."""
    return "Building DAG of jobs...\n" + "".join(
        f"[Mon Nov 30 16:13:43 2026]\nrule {rule}:\n    input: {inputs}\n    output: {outputs}\n"
        f"    jobid: 3\n    reason: {reason}\n    wildcards: results=results\n"
        for rule, inputs, outputs, reason in jobs
    )


def changed(before, now):
    return f"{UNION}before: {','.join(map(repr, before))} now: {','.join(map(repr, now))} "


def test_a_row_says_which_key_changed_however_deep():
    now = ROW | {"epochs": 2, "augment": {"flip": False, "note": "a, b; now: c"}, "new": 3}
    told = params_changed(changed([ROW], [now]))
    assert told == ["epochs 1 → 2", "augment: flip True → False", "new: new 3"]


def test_rows_are_matched_by_their_keys_and_digests_by_their_word():
    row, other = {"samples": 10, "baseline": "grey"}, ROW | {"epochs": 5}
    now = ["code 2", row | {"samples": 20}, other, "files 9"]
    told = params_changed(changed([ROW, "files 1", row, "code 1"], now))
    assert told == [
        "its code means something else",
        "samples 10 → 20",
        "epochs 1 → 5",
        "a file of the corpus was added, removed, renamed or written",
    ]


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        ("2", "3", ["2 → 3"]),
        ("<nothing exclusive>", "[1, 2]", ["new: [1, 2]"]),
        ("None", "<nothing exclusive>", ["no more: None"]),
    ],
)
def test_values_without_a_name_stand_as_they_are(before, now, told):
    assert params_changed(f"{UNION}before: {before} now: {now} ") == told


def test_what_only_follows_is_counted(tmp_path):
    reason = f"Params have changed since last execution: {changed([ROW], [ROW | {'epochs': 2}])}"
    follows = "Input files updated by another job: w"
    text = explained(
        plan(
            ("train_network", "f", "w", reason),
            ("explain_faces", "w", "e1", follows),
            ("explain_faces", "w", "e2", f"Missing output files: e2; {follows}"),
        ),
        tmp_path,
    )
    assert text.splitlines() == [
        "train_network: w",
        "    epochs 1 → 2",
        "From these follow 2 jobs: 2 explain_faces.",
    ]


def test_inputs_are_held_against_the_last_run(tmp_path):
    name = "results/overall.csv"
    record = tmp_path / ".snakemake" / "metadata" / urlsafe_b64encode(name.encode()).decode()
    record.parent.mkdir(parents=True)
    record.write_text(json.dumps({"input": ["a", "b"]}))
    reason = "Set of input files has changed since last execution"
    text = explained(plan(("tabulate_agreement", "b, c", name, reason)), tmp_path)
    assert text.splitlines()[1] == "    other inputs: + c, - a"


def test_files_are_named_and_many_are_counted(tmp_path):
    reason = "Missing output files: a, b, c, d, e; Updated input files: faces.csv"
    text = explained(plan(("read_corpus", "faces.csv", "a, b, c, d, e", reason)), tmp_path)
    assert text.splitlines() == [
        "read_corpus: a, b, c and 2 more",
        "    missing: a, b, c and 2 more",
        "    newer: faces.csv",
    ]


def test_nothing_planned_is_said():
    assert explained("Nothing to be done.\n", ".").startswith("Nothing is made again")
