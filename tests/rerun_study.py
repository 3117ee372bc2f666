"""A small study of a drawn corpus, a folder of images and a table, as if finished: to plan changes.

Its files are empty, and Snakemake is told that they are made: a plan looks at no file's content.
"""

import re

import pandas as pd
import yaml
from PIL import Image

from facsimile import EXPRESSIONS
from facsimile.faces.synthetic import draw
from running import PROJECT, copied, finished, snakemake

MICRO = PROJECT / "tests" / "micro.yaml"


def made_in(folder):
    """Return a copy of the workflow, images and all, and the folder where the study ran."""
    project, directory = copied(folder / "project"), folder / "study"
    images = project / "data"
    _photograph(images / "folder", "{expression}/{person}.png", people=("anna", "ben"), seed=11)
    _photograph(images, "images/{person}_{expression}.png", people=("cleo", "dan"), seed=12)
    pairs = [(person, name) for person in ("cleo", "dan") for name in EXPRESSIONS]
    rows = [f"images/{person}_{name}.png,{person},{name}" for person, name in pairs]
    (images / "faces.csv").write_text("\n".join(["path,subject,expression", *rows]) + "\n")
    settings = yaml.safe_load(MICRO.read_text())
    settings["corpora"] |= {
        "folder": {"kind": "folder", "path": "data/folder", "subject": r"(\w+)\.png"},
        "table": {"kind": "csv", "path": "data/faces.csv"},
    }
    (project / "study.yaml").write_text(yaml.safe_dump(settings, sort_keys=False))
    as_if_finished(project, directory)
    return project, directory


def as_if_finished(project, directory):
    """Put an empty file wherever the study makes one, and have Snakemake record it."""
    given = {"configfile": project / "study.yaml", "project": project}
    plan = finished(snakemake(directory, "-n", "--quiet", "host", **given)).stdout
    for files in re.findall(r"^    output: (.*)$", plan, re.MULTILINE):
        for file in files.split(", "):
            (directory / file).parent.mkdir(parents=True, exist_ok=True)
            text = '{"software": {}}' if file.endswith("record.json") else ""
            (directory / file).write_text(text)
    finished(snakemake(directory, "--touch", "--forceall", **given))


def _photograph(folder, name, people, seed):
    units = pd.read_csv(PROJECT / "resources" / "action_units.csv")
    for number, person in enumerate(people):
        for expression in EXPRESSIONS:
            path = folder / name.format(person=person, expression=expression)
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(draw(number, expression, 0, seed, units).image).save(path)
