"""Code, schema and documents in step: each setting is said once."""

import json
import subprocess
import sys

import jsonschema
import pytest
import yaml
from snakemake.utils import update_config

from facsimile.explain import methods
from facsimile.settings import document, kinds
from facsimile.settings.checking import check
from running import STUDIES


def test_what_is_recommended_goes_beside_any_study(root):
    whole = yaml.safe_load((root / "config/config.yaml").read_text())
    update_config(whole, yaml.safe_load((root / "config/recommended.yaml").read_text()))
    rows = check(whole, root)["explainers"]
    assert next(iter(rows)) == "lime" and rows["lime"]["baseline"] == "average"
    assert rows["lime"] | {"baseline": "black"} == rows["lime_black"], "the paper's, beside it"


@pytest.mark.parametrize("study", [*STUDIES, "config/recommended.yaml"])
def test_the_schema_for_editors_takes_the_studies_that_come_with_the_project(root, study):
    jsonschema.validate(
        yaml.safe_load((root / study).read_text()),
        json.loads((root / "config/schema.json").read_text()),
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"studdy": {}},
        {"baselines": {"blur": {"width": 0}}},
        {"networks": {"x": {"architecture": "renset50", "input_size": 64}}},
        {"networks": {"a/b": {"input_size": 64}}},
        {"explainers": {"mine": {"samples": 5}}},
        {"explainers": {"lime": {"window": 0.1}}},
        {"explainers": {"grad_cam": {"baseline": "grey"}}},
        {"explainers": {"x": {"method": "lime", "samples": 1}}},
        {"references": {"mine": {}}},
        {"corpora": {"x": {"kind": "kdef"}}},
        {"superpixels": {"x": {"kind": "parts", "n_segments": 3}}},
        {"sensitivity": {"thresholds": [2]}},
    ],
)
def test_the_schema_for_editors_refuses_mistakes(root, wrong):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, document.schema(str(root)))


def test_schema_and_page_are_made_of_the_settings_as_they_are(root):
    written = json.loads((root / "config" / "schema.json").read_text())
    page = (root / "docs" / "configuration.md").read_text()
    made = f"{document.START}\n{document.describe(str(root))}\n{document.END}"
    advice = "run: PYTHONPATH=workflow/scripts .venv/bin/python -m facsimile.settings ."
    assert written == document.schema(str(root)), advice
    assert made in page, advice


def test_every_key_is_explained(root):
    rows = [
        line.strip("|").split(" | ")
        for line in document.describe(str(root)).splitlines()
        if line.startswith("| `")
    ]
    assert all(meaning.strip() and values.strip() for _, meaning, values, *_ in rows)
    keys = {key.strip(" `") for key, *_ in rows}
    assert {"study: folds", "path", "learning_rate", "device", "columns: subject"} <= keys


METHOD = '''
"""Guessing: nothing is asked.

It is here to be found.
"""

from dataclasses import dataclass

from facsimile.explain.methods import Method
from facsimile.options import option


@dataclass(frozen=True, kw_only=True)
class Guess(Method):
    """How often."""

    USES_BASELINE = True
    guesses: int = option("How often one guesses.", 3, ge=1)

    def sentence(self, superpixels, baseline):
        """Say so."""
        return "guesses"

    def explain(self, target):
        """Guess."""
'''


def test_a_method_is_one_file(monkeypatch, tmp_path, root, checked, reject):
    (tmp_path / "guess.py").write_text(METHOD)
    monkeypatch.setattr(methods, "__path__", [*methods.__path__, str(tmp_path)])
    assert "guess" in kinds.METHODS.names
    rows = checked(explainers={"guess": {"guesses": 5}})["explainers"]
    assert rows["guess"] == {
        "method": "guess",
        "guesses": 5,
        "superpixels": None,
        "baseline": "black",
        "select": "correct",
        "faces": 100,
    }
    reject("'explainers: guess: guesses' is wrong", explainers={"guess": {"guesses": 0}})
    reject("Did you mean 'guess'?", explainers={"gess": {}})
    page = document.describe(str(root))
    assert "### `method: guess`\n\nGuessing: nothing is asked.\n" in page
    assert "| `guesses` | How often one guesses. | integer ≥ 1 | `3` |" in page
    schema = document.schema(str(root))
    jsonschema.validate({"explainers": {"guess": {"guesses": 5}}}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"explainers": {"guess": {"guesses": 0}}}, schema)
    monkeypatch.delitem(sys.modules, "facsimile.explain.methods.guess")


def test_planning_imports_only_what_is_light_and_in_use(root):
    """Settings are read each time Snakemake starts, and in each of its jobs."""
    code = """
import sys, yaml
from facsimile.settings.checking import check
check(yaml.safe_load(open("config/config.yaml")), ".")
heavy = {"torch", "torchvision", "timm", "captum", "pandas", "scipy", "skimage", "sklearn", "PIL"}
print(sorted(heavy & set(sys.modules)), "facsimile.explain.methods.occlusion" in sys.modules)
"""
    environment = {"PYTHONPATH": str(root / "workflow" / "scripts")}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, env=environment, capture_output=True, text=True
    )
    assert done.stdout == "[] False\n", done.stderr
