"""Another workflow includes this one as a module, under a prefix of its own."""

import pytest
import yaml

from running import PROJECT, finished, planned, snakemake

pytestmark = pytest.mark.slow

SNAKEFILE = """
module facsimile:
    snakefile: "{project}/Snakefile"
    config: config["faces"]
    prefix: "analysis"


use rule * from facsimile as facsimile_*


rule conclude:
    input: "analysis/results/agreement.csv"
    output: "conclusion.txt"
    default_target: True
    shell: "wc -l < {{input}} > {{output}}"
"""


@pytest.fixture(scope="module")
def includer(tmp_path_factory):
    """Return the folder of a workflow that includes this one."""
    folder = tmp_path_factory.mktemp("includer")
    (folder / "Snakefile").write_text(SNAKEFILE.format(project=PROJECT))
    micro = yaml.safe_load((PROJECT / "tests" / "micro.yaml").read_text())
    micro["networks"].pop("songnet")
    micro["explainers"] = {"lime": {"samples": 20}}
    micro |= {"chance": {"draws": 0}, "study": micro["study"] | {"repeats": 1}}
    (folder / "config.yaml").write_text(yaml.safe_dump({"faces": micro}))
    return folder


def run(folder, *arguments):
    return snakemake(folder, *arguments, configfile="config.yaml", project=folder)


def test_it_is_planned_and_run(includer):
    plan = planned(run(includer, "-n"))
    assert plan["facsimile_train_network"] == 1 and plan["conclude"] == 1
    finished(run(includer))
    lines = int((includer / "conclusion.txt").read_text())
    assert lines == 1 + 6 * 8 * 2, "a header; six expressions, eight scores, two references"
    assert not (includer / "results").exists(), "all lies under the prefix"
    assert planned(run(includer, "-n")) == {}
