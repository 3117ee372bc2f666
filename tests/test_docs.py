"""The docs against what they are about: links, commands, error sentences, wildcards and columns."""

import ast
import os
import re
import shlex
import subprocess
import sys
from functools import cache

import pandas as pd
import pytest

from documented import (
    PAGES,
    ROOT,
    TOLD_IN,
    anchors,
    blocks,
    cells,
    columns_of,
    commands,
    links,
    tables,
)
from facsimile.atlas.references import CEILING
from facsimile.explain import faithfulness
from facsimile.faces import leakage
from facsimile.faces.reading import EXCLUDED
from facsimile.measure import factors, planted, pretraining
from facsimile.networks import asking, audit
from facsimile.show.manifest import figures
from running import copied, finished, planned, snakemake

DOCS = ROOT / "docs"
LIBRARY = sorted((ROOT / "workflow" / "scripts").rglob("*.py"))
RULES = sorted((ROOT / "workflow" / "rules").glob("*.smk"))
CLUSTER = "A cluster's own, and run there only."

PLANNED = [
    "snakemake -n",
    "snakemake -n --configfile config/paper.yaml",
    "snakemake -n --configfile my-study.yaml --directory my-study",
    "snakemake --cores all faces",
    "snakemake --cores all figures",
    "snakemake --cores all results/heatmaps/lime_average/weinet/anger.npy",
    "snakemake --cores all --config 'study={\"folds\": 5}'",
    "snakemake --cores all validation",
    "snakemake --cores all sensitivity",
    "snakemake --cores all --configfile my-study.yaml --directory my-study",
]
"""Commands that are planned here (`-n`), in a folder of the test's own."""

MADE = [
    "make",
    "make test",
    "make docs",
    "make gallery",
    "make .venv/ready",
    "make why TARGET=results/heatmaps/lime/weinet/anger.npy",
    'make why TARGET=results/report.html ARGS="--configfile my-study.yaml --directory my-study"',
]
"""Commands of which make says what they would do."""

ELSEWHERE = {
    "snakemake --cores all --report report.zip": (
        "test_workflow.py::test_snakemakes_own_report_is_made"
    ),
    "snakemake --cores all external --config external_heatmaps=DIR": (
        "test_external.py::test_external_heatmaps_have_all_results"
    ),
    "PYTHONPATH=workflow/scripts .venv/bin/python -m facsimile.settings .": (
        "test_settings_document.py::test_schema_and_page_are_made_of_the_settings_as_they_are"
    ),
    "PYTHONPATH=workflow/scripts python draw_mine.py": "test_docs.py::test_the_first_hour",
    "head -3 mine/faces.csv": "test_docs.py::test_the_first_hour",
    "snakemake --cores all --configfile my-study.yaml --directory my-study faces": (
        "test_docs.py::test_the_first_hour"
    ),
    "cat my-study/results/faces/mine/excluded.csv": "test_docs.py::test_the_first_hour",
}
"""Commands that a test runs, and which."""

NOT_RUN = {
    "source .venv/bin/activate": "It changes the terminal it is typed in, and nothing else.",
    "snakemake --cores all --logger rich": "It draws in a terminal; tests have none.",
    "git clone https://example.org/facsimile && cd facsimile": "The address is anybody's.",
    "sed -i 's/# slurm_account: my_account/slurm_account: PROJECT/; s/# slurm_partition: "
    "my_partition/slurm_partition: PARTITION/' profiles/slurm/profile.yaml": CLUSTER,
    'study="snakemake --workflow-profile profiles/slurm --configfile my-study.yaml '
    '--directory my-study"': CLUSTER,
    "$study -n --quiet rules": CLUSTER,
    "nohup $study > my-study.log 2>&1 &": CLUSTER,
    "squeue --me": CLUSTER,
    "python benchmarks/error_rate.py results/validation/apart --explainers lime lime_average": (
        "It takes half an hour, on a validation that has ended."
    ),
    "podman build --file envs/Containerfile --tag facsimile .": "It fetches a gigabyte.",
    'podman run --rm --volume "$PWD:/work" facsimile --cores all --configfile my-study.yaml '
    "--directory my-study": "It needs the image that the line above builds.",
    ".venv/bin/pip install --requirement tests/browser.txt": "It changes the environment.",
    "AXE=node_modules/axe-core/axe.min.js SCREENSHOTS=shots .venv/bin/python -m pytest "
    "tests/test_browser.py": "It is a run of tests itself.",
}
"""Commands that no test runs, and why."""


def test_every_command_is_run_by_a_test_or_said_why_not():
    known = {*PLANNED, *MADE, *ELSEWHERE, *NOT_RUN}
    assert {command for page in PAGES for command in commands(page)} == known


def test_commands_are_marked_as_such():
    plain = [line for page in PAGES for text in blocks(page, "") for line in text.splitlines()]
    begun = re.compile(r"(\w+=\S+ )*(snakemake|make|python|pip|git|\.venv/)\b")
    assert not [line for line in plain if begun.match(line)]


@pytest.mark.parametrize("place", sorted(set(ELSEWHERE.values())))
def test_tests_that_run_commands_exist(place):
    file, _, name = place.partition("::")
    assert f"\ndef {name}(" in (ROOT / "tests" / file).read_text("utf-8")


def test_tests_that_the_proof_names_exist():
    page = (DOCS / "proof.md").read_text("utf-8")
    named = re.findall(r"`(tests/[^`]+?\.py)::([^`]+)`", page)
    assert len(set(named)) >= 25
    assert len(named) == page.count("::")
    for file, name in named:
        tree = ast.parse((ROOT / file).read_text("utf-8"))
        assert name in {one.name for one in tree.body if isinstance(one, ast.FunctionDef)}, name


@pytest.mark.parametrize("command", MADE)
def test_make_knows_what_to_do(command):
    make, *arguments = shlex.split(command)
    said = subprocess.run(
        [make, "--dry-run", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stderr


@pytest.mark.slow
@pytest.mark.parametrize("command", PLANNED)
def test_a_command_can_be_planned(tmp_path, command):
    study = next(text for text in blocks(ROOT / "README.md", "yaml") if "corpora:" in text)
    (tmp_path / "my-study.yaml").write_text(study)
    arguments = shlex.split(command.replace("my-study.yaml", str(tmp_path / "my-study.yaml")))[1:]
    own = ["--directory", "my-study"] if "my-study" in arguments else []
    kept = [one for one in arguments if one not in own]
    assert planned(snakemake(tmp_path, "-n", *kept))


@pytest.mark.slow
def test_the_first_hour(tmp_path):
    page, project = DOCS / "first-hour.md", copied(tmp_path / "project")
    (drawing,), (study, row) = blocks(page, "python"), blocks(page, "yaml")
    (project / "draw_mine.py").write_text(drawing)
    path = os.pathsep.join(["workflow/scripts", *filter(None, [os.environ.get("PYTHONPATH")])])
    subprocess.run(
        [sys.executable, "draw_mine.py"], cwd=project, env=os.environ | {"PYTHONPATH": path},
        check=True,
    )  # fmt: skip
    assert (project / "mine" / "faces.csv").read_text().startswith("path,subject,expression\n")

    (project / "my-study.yaml").write_text(study)
    given = {"configfile": project / "my-study.yaml", "project": project}
    finished(snakemake(tmp_path / "my-study", "faces", **given))
    results = tmp_path / "my-study" / "results"
    excluded = pd.read_csv(results / "faces" / "mine" / "excluded.csv")
    assert excluded[["source", "reason"]].to_numpy().tolist() == [
        ["images/wall.png", "no face found"]
    ]
    assert (results / "figures" / "faces.png").is_file()

    before = planned(snakemake(tmp_path / "my-study", "-n", **given))
    more = study.replace("explainers:\n", f"explainers:\n{row}")
    (project / "my-study.yaml").write_text(more)
    after = planned(snakemake(tmp_path / "my-study", "-n", **given))
    assert after["train_network"] == before["train_network"]
    assert after["explain_faces"] == 2 * before["explain_faces"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for target in links(page):
        path, _, anchor = target.partition("#")
        there = (page.parent / path) if path else page
        assert there.exists(), target
        assert not anchor or anchor in anchors(there), target


def test_the_site_is_built_and_fetches_nothing(tmp_path):
    mkdocs = ROOT / ".venv-docs" / "bin" / "mkdocs"
    if not mkdocs.is_file():
        pytest.skip("`make docs` was not run here: it installs what builds the site")
    command = [mkdocs, "build", "--site-dir", tmp_path]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr


def test_every_wildcard_is_explained():
    lines = (DOCS / "results.md").read_text("utf-8").splitlines()
    told = {one for line in lines for one in re.findall(r"^\| `\{(\w+)\}` \|", line)}
    code = "".join(path.read_text("utf-8") for path in RULES)
    constraints = code.partition("wildcard_constraints:\n")[2].partition("\n\n")[0]
    assert told == set(re.findall(r"^    (\w+)=", constraints, re.MULTILINE))


def test_every_figure_is_explained():
    part = (DOCS / "report.md").read_text("utf-8").partition("## Figure by figure")[2]
    rows = [cells(line) for line in part.partition("\n## ")[0].splitlines()]
    told = [row[0] for row in rows if row][2:]
    assert sorted(told) == sorted(kind.title for kind in figures())


@cache
def sentences():
    """Return all texts of the library, and those of its errors; … where something is put in."""
    trees = [ast.parse(path.read_text("utf-8")) for path in LIBRARY]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    texts = [node for node in nodes if isinstance(node, ast.JoinedStr | ast.Constant)]
    errors = [
        node.args[0]
        for node in nodes
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "UserError"
    ]
    return {_text(node) for node in texts}, {_text(node) for node in errors}


def _text(node):
    if isinstance(node, ast.JoinedStr):
        return "".join(map(_text, node.values))
    return str(node.value).replace("`", "") if isinstance(node, ast.Constant) else "…"


def says(shown, text):
    """Return whether a text has the words shown, with anything where … stands."""
    return re.search(".*".join(map(re.escape, shown.split("…"))), text, re.DOTALL) is not None


def troubles():
    """Return the sentences of the page on troubles, by the heading they stand below."""
    found, heading = {}, ""
    for line in (DOCS / "troubleshooting.md").read_text("utf-8").splitlines():
        heading = line.strip("# ") if line.startswith("#") else heading
        if line.startswith("| `"):
            found.setdefault(heading, []).extend(re.findall("`([^`]+)`", cells(line)[0]))
    return found


def test_every_error_is_explained():
    shown = [one for part in troubles().values() for one in part]
    passed_on = {text for text in sentences()[1] if len(re.sub(r"\W", "", text)) < 3}
    assert passed_on == {"…", "…: …", "In '…': …"}
    missing = [
        text for text in sentences()[1] - passed_on if not any(says(one, text) for one in shown)
    ]
    assert not missing


def test_errors_that_are_explained_exist():
    texts = sentences()[0]
    ours = {name: part for name, part in troubles().items() if name != "Starting"}
    shown = [one for part in ours.values() for one in part]
    assert not [one for one in shown if not any(says(one, text) for text in texts)]


FIXED = {
    "faces/{corpus}/excluded.csv": EXCLUDED,
    "faces/leakage.csv": leakage.COLUMNS,
    "networks/{network}/audit/{corpus}.csv": audit.COLUMNS,
    "networks/{network}/repeat{repeat}/fold{fold}/history.csv": asking.HISTORY,
    "faith/{explainer}/{network}.csv": [
        *faithfulness.KEYS, "baseline", *faithfulness.Areas.__dataclass_fields__
    ],
    "references/{reference}/ceiling.csv": CEILING,
    "likeness/tests.csv": factors.COLUMNS,
    "pretraining.csv": pretraining.COLUMNS,
    "validation/places.csv": planted.PLACES,
}  # fmt: skip
"""Tables whose columns the library names in one place; of the others, see test_workflow.py."""


@pytest.mark.parametrize("path", FIXED)
def test_columns_are_those_of_the_code(path):
    own, possible = columns_of(path)
    assert own <= set(FIXED[path]) <= possible


def test_every_table_is_described():
    code = "".join(path.read_text("utf-8") for path in (*RULES, *LIBRARY))
    trained = "networks/{network}/repeat{repeat}/fold{fold}"
    made = re.findall(r'"\{?results\}?(?:\{view\})?/((?:[^"{}]|\{\w+\})+\.csv)"', code)
    (told,) = re.findall(r"^TOLD = \{(.*?)^\}", code, re.MULTILINE | re.DOTALL)
    made += [f"{name}.csv" for name in re.findall(r'"(\w+)"', told)]
    made += [f"{trained}/{name}" for name in re.findall(r'f"\{TRAINED\}/(\w+\.csv)"', code)]
    assert set(tables(*(DOCS / f"{name}.md" for name in TOLD_IN))[0]) == {*made, "times.csv"}


def test_columns_that_are_described_are_words_of_the_code():
    words = set(re.findall(r"\w+", "".join(path.read_text("utf-8") for path in LIBRARY + RULES)))
    found, shared = tables(*(DOCS / f"{name}.md" for name in TOLD_IN))
    ends = re.compile(r"_(low|high|std|own|other|one)$")
    told = {ends.sub("", name) for names in (*found.values(), shared) for name in names}
    assert not told - words
