"""Why files are made again, of what Snakemake plans: ``python -m facsimile.why TARGET ...``.

All arguments are Snakemake's. Its dry run says the reason of each job, thousands of characters
where a parameter has changed, and most jobs run only since others do. Here stand the changes that
begin it, each with what was before and what is now, and how many jobs follow.
"""

import ast
import json
import re
import subprocess
import sys
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from facsimile.digest import reached

MISSING, FOLLOWS = "Missing output files", "Input files updated by another job"
REASONS = {
    "Forced execution": "asked for by --force",
    MISSING: "missing: {files}",
    "Incomplete output files": "cut off: {files}",
    "Updated input files": "newer: {files}",
    "Set of input files has changed since last execution": "other inputs: {inputs}",
    "Params have changed since last execution": "{params}",
    "Code has changed since last execution": "the rule has changed",
    "Software environment definition has changed since last execution": "other software",
    FOLLOWS: "",
}
"""What Snakemake says to what is said here; of jobs that only follow from others, nothing."""

SCRIPTS = Path(__file__).parents[1]
FILES = 3
"""So many files are named; of others how many there are."""


@dataclass(frozen=True)
class Job:
    """A planned job: rule, the lines that Snakemake says of it, by their keys, and its folder."""

    rule: str
    said: Mapping[str, str]
    folder: Path

    @property
    def outputs(self) -> list[str]:
        """The files that it makes."""
        return _split(self.said.get("output", ""))

    @property
    def causes(self) -> list[str]:
        """What makes it run, beside other jobs: what others bring may be missing until they run."""
        phrases = "|".join(map(re.escape, REASONS))
        parts = re.split(rf"(?:^|; )({phrases})(?:: )?", self.said.get("reason", ""))[1:]
        found = dict(zip(parts[::2], parts[1::2], strict=True))
        if FOLLOWS in found:
            found.pop(MISSING, None)
        return [line for pair in found.items() for line in self._causes(*pair)]

    def _causes(self, phrase: str, details: str) -> list[str]:
        text = REASONS[phrase]
        if "{params}" in text:
            return [self._code() if one == CODE else one for one in params_changed(details)]
        if "{inputs}" in text:
            return [text.format(inputs=self._inputs())]
        return [text.format(files=_some(sorted(_split(details))))] if text else []

    def _inputs(self) -> str:
        """Return which inputs are new, and which are gone since Snakemake recorded them."""
        record, now = _record(self.folder, self.outputs[0]), _split(self.said.get("input", ""))
        before = record.get("input") or []
        new = [f"+ {one}" for one in now if one not in before]
        gone = [f"- {one}" for one in before if one not in now]
        return _some(new + gone) or "in another order"

    def _code(self) -> str:
        """Return which files of the job's code were written after what it made, as far as known."""
        script, made = _script(self.rule), self.folder / self.outputs[0]
        if script is None or not made.exists():
            return CODE
        kinds = set(SCRIPTS.rglob("facsimile/**/*.py")).difference(
            *(reached(one) for one in SCRIPTS.glob("*.py"))
        )
        when = made.stat().st_mtime
        newer = [one for one in (*reached(script), *sorted(kinds)) if one.stat().st_mtime > when]
        names = [str(one.relative_to(SCRIPTS)) for one in newer]
        return f"{CODE}; written since: {_some(names)}" if names else CODE


CODE = "its code means something else"


def _script(rule: str) -> Path | None:
    """Return the script of a rule, which is called as it; rules may be there several times."""
    parts = rule.split("_")
    names = ["_".join(parts[:count]) for count in range(len(parts), 0, -1)]
    names += ["plot_figures"] if parts[0] == "plot" else []
    return next((one for name in names if (one := SCRIPTS / f"{name}.py").is_file()), None)


def jobs_in(plan: str, folder: Path) -> Iterator[Job]:
    """Yield the jobs of what ``snakemake -n`` prints."""
    for rule, block in re.findall(r"^(?:local)?rule (\S+):\n((?:    .*\n)+)", plan, re.MULTILINE):
        pairs = (line.strip().partition(": ") for line in block.splitlines())
        yield Job(rule, {key: value for key, _, value in pairs}, folder)


def params_changed(details: str) -> list[str]:
    """Return the changes that Snakemake's sentence on parameters holds, one a line.

    It has all values that were and all that are, without their names: rows are matched by the keys
    they share, digests by their first word.
    """
    before, now = _values(details)
    if not before and not now:
        return [f"its parameters: {_short(details)}"]
    lines = []
    for new in list(now):
        old = max(before, key=lambda one: _shared(one, new), default=None)
        if old is not None and _shared(old, new):
            before.remove(old)
            now.remove(new)
            lines += list(_differences(old, new))
    lines += [f"{_short(old)} → {_short(new)}" for old, new in zip(before, now, strict=False)]
    lines += [f"no more: {_short(one)}" for one in before[len(now) :]]
    return lines + [f"new: {_short(one)}" for one in now[len(before) :]]


def _values(details: str) -> tuple[list, list]:
    """Return the values before and now."""
    text = details.partition("before: ")[2].strip()
    for cut in re.finditer(r" now: ", text):
        try:
            return _listed(text[: cut.start()]), _listed(text[cut.end() :])
        except (ValueError, SyntaxError):
            continue
    return [], []


def _listed(text: str) -> list:
    return [] if text == "<nothing exclusive>" else list(ast.literal_eval(f"[{text}]"))


def _shared(old: Any, new: Any) -> float:
    """Return how much two values seem to be of one parameter, from 0 to 1."""
    if isinstance(old, dict) and isinstance(new, dict):
        return len(old.keys() & new.keys()) / max(1, len(old.keys() | new.keys()))
    digests = ("code ", "files ")
    return float(any(str(old).startswith(one) and str(new).startswith(one) for one in digests))


def _differences(old: Any, new: Any, name: str = "") -> Iterator[str]:
    """Yield where two values differ; of rows, where their keys do."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys((*old, *new)):
            where = f"{name}: {key}" if name else str(key)
            if key not in old or key not in new:
                yield f"new: {where} {_short(new[key])}" if key in new else f"no more: {where}"
            elif old[key] != new[key]:
                yield from _differences(old[key], new[key], where)
    elif str(new).startswith("code "):
        yield CODE
    elif str(new).startswith("files "):
        yield "a file of the corpus was added, removed, renamed or written"
    else:
        yield f"{name} {_short(old)} → {_short(new)}".strip()


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _split(files: str) -> list[str]:
    return [one.removesuffix(" (input function)") for one in files.split(", ") if one]


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - FILES} more" if len(names) > FILES else ""
    return ", ".join(names[:FILES]) + more


def _record(folder: Path, output: str) -> dict[str, Any]:
    """Return what Snakemake recorded of an output when it was made; nothing if it did not."""
    name = urlsafe_b64encode(output.encode()).decode()
    parts = [name[at : at + 254] for at in range(0, len(name), 254)]
    path = folder.joinpath(".snakemake", "metadata", *(f"@{one}" for one in parts[:-1]), parts[-1])
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}


def explained(plan: str, folder: Path) -> str:
    """Return the reasons of a plan, for people.

    Parameters
    ----------
    plan : what ``snakemake -n`` prints.
    folder : where the study runs.
    """
    jobs = list(jobs_in(plan, folder))
    begin = [(job, causes) for job in jobs if (causes := job.causes)]
    if not jobs:
        return "Nothing is made again: nothing has changed of what it is made of."
    lines = []
    for job, causes in begin:
        lines += [f"{job.rule}: {_some(job.outputs)}", *(f"    {one}" for one in causes)]
    follow = Counter(job.rule for job in jobs if not job.causes)
    if follow:
        names = ", ".join(f"{count} {rule}" for rule, count in follow.items())
        lines.append(f"From these follow {follow.total()} jobs: {names}.")
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """Print why the targets among some arguments of Snakemake's are made again."""
    command = [sys.executable, "-m", "snakemake", "-n", "--quiet", "host", "--nocolor"]
    given = [*command, "--cores", "1", *arguments]
    plan = subprocess.run(given, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if plan.returncode:
        print(plan.stdout)
        return plan.returncode
    named = dict(pairwise(arguments))
    print(explained(plan.stdout, Path(named.get("--directory", named.get("-d", ".")))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
