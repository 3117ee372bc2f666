"""The same software and the same needs everywhere: pip, conda, container; laptop and cluster."""

import re
import shutil
import subprocess

import pytest
import yaml

from running import PROJECT, finished, snakemake

# What conda calls otherwise than pip does.
CONDA_NAMES = {"pytorch": "torch", "dlib": "dlib-bin"}


def pins():
    """Return package to version, as requirements.txt pins them."""
    lines = (PROJECT / "requirements.txt").read_text().splitlines()
    pairs = (line.split("==") for line in lines if "==" in line)
    return {name.lower().replace("_", "-"): version for name, version in pairs}


def conda():
    """Return package to version, as the conda environment pins them, and its Python."""
    wanted = yaml.safe_load((PROJECT / "envs" / "facsimile.yaml").read_text())["dependencies"]
    plain = [one for one in wanted if isinstance(one, str) and "=" in one]
    by_pip = [one for group in wanted if isinstance(group, dict) for one in group["pip"]]
    pairs = dict(re.split("=+", one) for one in plain + by_pip)
    python = pairs.pop("python")
    names = {CONDA_NAMES.get(name, name).lower().replace("_", "-"): v for name, v in pairs.items()}
    return names, python


def test_conda_pins_what_pip_pins():
    known, (found, _) = pins(), conda()
    # A build of the same release for wheels is the same software.
    given = {name: known.get(name, "nothing").partition(".post")[0] for name in found}
    assert found == given


def test_conda_has_all_that_the_library_uses():
    """What requirements.in names and the library imports; the rest is for tests and Snakemake."""
    sources = (PROJECT / "workflow" / "scripts").rglob("*.py")
    text = "\n".join(one.read_text() for one in sources)
    imported = set(re.findall(r"^\s*(?:import|from) (\w+)", text, re.MULTILINE))
    called = {"PIL": "pillow", "skimage": "scikit-image", "sklearn": "scikit-learn",
              "yaml": "pyyaml", "dlib": "dlib-bin"}  # fmt: skip
    used = {called.get(name, name).lower().replace("_", "-") for name in imported}
    lines = (PROJECT / "requirements.in").read_text().lower().replace("_", "-").splitlines()
    assert used & set(lines) <= set(conda()[0])


def test_the_container_installs_the_pins_on_the_same_python():
    recipe = (PROJECT / "envs" / "Containerfile").read_text()
    assert re.search(r"^COPY requirements.txt (\S+)$", recipe, re.MULTILINE)
    assert re.search(r"pip install .*--requirement /tmp/requirements.txt", recipe)
    assert f"FROM python:{conda()[1]}-slim" in recipe


def rules():
    """Return rule to the lines that say what it needs; rules that are there twice end in {jobs}."""
    text = "\n".join(one.read_text() for one in (PROJECT / "workflow" / "rules").glob("*.smk"))
    parts = re.split(r"^\s*(?:rule (\w+)|rule):$", text, flags=re.MULTILINE)[1:]
    named = {}
    for name, body in zip(parts[::2], parts[1::2], strict=True):
        found = re.search(r'f"(\w+?)\{jobs\}"', body)
        names = [f"{found[1]}{jobs}" for jobs in ("", "_validation")] if found else [name]
        named |= dict.fromkeys(filter(None, names), body)
    return named


@pytest.fixture(scope="module")
def cluster():
    return yaml.safe_load((PROJECT / "profiles" / "slurm" / "profile.yaml").read_text())


def test_every_rule_with_a_gpu_or_threads_has_its_time_and_memory_on_a_cluster(cluster):
    heavy = {name for name, body in rules().items() if "gpu=GPU" in body or "threads:" in body}
    assert {"train_network", "explain_null", "undo_units", "register_neutrals"} <= heavy
    assert heavy <= set(cluster["set-resources"])
    for needs in cluster["set-resources"].values():
        assert {"runtime", "mem_mb"} <= set(needs)


def test_the_cluster_profile_names_rules_that_there_are(cluster):
    finished_ones = {"explain_faces_finished", "average_heatmaps_finished"}
    named = set(cluster["set-resources"]) | set(cluster["set-threads"])
    assert named - finished_ones <= set(rules())


def test_each_attempt_gets_more(cluster):
    assert cluster["retries"] >= 1
    for needs in (cluster["default-resources"], *cluster["set-resources"].values()):
        assert needs["runtime"].endswith("* attempt")
        assert needs["mem_mb"].endswith("* attempt")


def test_a_cluster_of_one_machine_is_left_out_without_apt_get_and_says_so(tmp_path):
    (tmp_path / "id").symlink_to(shutil.which("id"))
    command = [shutil.which("bash"), PROJECT / "tests" / "slurm" / "cluster.sh", "false"]
    process = subprocess.run(command, env={"PATH": str(tmp_path)}, capture_output=True, text=True)
    assert process.returncode == 0
    assert process.stderr.startswith("Left out: ") and process.stderr.count("\n") == 1


@pytest.mark.slow
def test_a_plan_for_a_cluster(tmp_path):
    process = snakemake(
        tmp_path, "-n", "--workflow-profile", str(PROJECT / "profiles" / "slurm"),
        "--config", "device=cuda", configfile=PROJECT / "tests" / "micro.yaml",
    )  # fmt: skip
    said = finished(process).stdout
    (training, *_) = re.findall(r"rule train_network:\n(?:    .*\n)*?    resources: (.*)", said)
    assert "gpu=1" in training and "runtime=240" in training and "mem_mb=16000" in training
    (end,) = re.findall(r"rule write_report:\n(?:    .*\n)*?    resources: (.*)", said)
    assert "gpu=0" in end and "runtime=60" in end and "mem_mb=8000" in end
