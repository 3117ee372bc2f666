"""The crate of a study's results, as the reference library reads it."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from rocrate.rocrate import ROCrate

from facsimile.crate import NAME, PROFILE, crate

RULES = {
    "read_corpus": SimpleNamespace(name="read_corpus", docstring="Read\n    a corpus."),
    "train_network": SimpleNamespace(name="train_network", docstring=None),
}


def job(rule, read, made):
    return SimpleNamespace(rule=RULES[rule], input=read, output=made)


def took(start, end):
    return SimpleNamespace(starttime=start, endtime=end)


@pytest.fixture
def made(tmp_path, monkeypatch):
    """A crate of two jobs that ended, and of others that did not, read by the library."""
    monkeypatch.chdir(tmp_path)
    for name in ("faces.csv", "faces/b.npy", "weights.safetensors", "draft.csv"):
        path = Path("results", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    Path("mine.csv").touch()
    faces = ["results/faces.csv", "results/faces/b.npy"]
    jobs = [
        job("read_corpus", ["mine.csv"], faces),
        job("train_network", [*faces, "mine.csv"], ["results/weights.safetensors"]),
        job("train_network", faces, ["results/draft.csv"]),
        job("train_network", faces, ["results/gone.csv"]),
        job("train_network", faces, []),
    ]
    records = {
        "results/faces.csv": took(0.0, 60.0),
        "results/weights.safetensors": took(60.0, 90.5),
        "results/draft.csv": took(90.0, None),
        "results/gone.csv": took(90.0, 91.0),
    }
    whole = crate("results", jobs, records.get, {"torch": "2.14.1"}, "They do not.")
    Path("results", NAME).write_text(json.dumps(whole))
    return ROCrate("results")


def test_the_library_reads_it(made):
    assert made.root_dataset["description"] == "They do not."
    assert made.root_dataset["conformsTo"].id == PROFILE
    assert str(made.root_dataset["datePublished"]).startswith("1970-01-01T00:01:30")
    assert made.get("#package/torch")["softwareVersion"] == "2.14.1"


def test_each_file_is_there_with_its_size_and_format(made):
    parts = {one.id: one for one in made.root_dataset["hasPart"]}
    assert set(parts) == {"faces.csv", "faces/b.npy", "weights.safetensors", "draft.csv"}
    assert parts["faces/b.npy"]["contentSize"] == str(len("faces/b.npy"))
    formats = [parts[name]["encodingFormat"] for name in ("faces.csv", "weights.safetensors")]
    assert formats == ["text/csv", "application/x-safetensors"]


def test_each_job_that_ended_says_what_it_made_of_what_and_when(made):
    actions = [one for one in made.get_entities() if one.type == "CreateAction"]
    assert sorted(one["name"] for one in actions) == ["read_corpus", "train_network"]
    reading, training = (
        made.get(f"#job/{name}") for name in ("faces/b.npy", "weights.safetensors")
    )
    assert [one.id for one in reading["result"]] == ["faces/b.npy", "faces.csv"]
    assert not reading["object"], "what lies outside the folder is no part of it"
    assert [one.id for one in training["object"]] == ["faces/b.npy", "faces.csv"]
    assert training["instrument"]["name"] == "train_network"
    assert reading["instrument"]["description"] == "Read a corpus."
    times = training["startTime"], training["endTime"]
    assert times == ("1970-01-01T00:01:00+00:00", "1970-01-01T00:01:30+00:00")


def test_every_link_within_it_leads_somewhere(made):
    graph = json.loads(Path("results", NAME).read_text())["@graph"]
    known = {one["@id"] for one in graph}
    assert len(known) == len(graph), "nothing is described twice"

    def links(value):
        if isinstance(value, dict):
            yield from [value["@id"]] if set(value) == {"@id"} else links(list(value.values()))
        elif isinstance(value, list):
            for one in value:
                yield from links(one)

    assert {one for one in links(graph) if not one.startswith("https://")} <= known
