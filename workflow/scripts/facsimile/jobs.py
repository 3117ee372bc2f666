"""What one job makes: the files of several folds, repeats or expressions, or a single one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from facsimile.lookup import either
from facsimile.studies import STUDY, VALIDATION, Studies
from facsimile.study import Study


@dataclass(frozen=True)
class Jobs:
    """Jobs for some networks of some studies that are all alike.

    Attributes
    ----------
    folders, networks : patterns of the wildcards, results and network, that they are for.
    names : wildcard to the names that these networks have for it.
    each : whether each file has a job of its own.
    """

    folders: str
    networks: str
    names: Mapping[str, Sequence]
    each: bool

    @classmethod
    def of(cls, study: Study, folders: Iterable[str], finished: bool = False) -> "Jobs":
        """Return the jobs for networks of studies like this one: the trained or finished ones."""
        own = study.finished
        networks = own if finished else [one for one in study.names["network"] if one not in own]
        names = study.names | ({"repeat": [0], "fold": [0]} if finished else {})
        each = study.settings["study"]["job"] == "expression"
        return cls(either(*folders), either(*networks), names, each)

    def outputs(self, pattern: str, *keys: str) -> list[str]:
        """Return what a job makes: a file for each name of some keys, or for one."""
        found = [pattern]
        for key in () if self.each else keys:
            pairs = product(found, self.names[key])
            found = [path.replace(f"{{{key}}}", str(name)) for path, name in pairs]
        return found

    def log(self, whole: str, part: str) -> str:
        """Return the log of a job: that of all it could cover, or of its part."""
        return (
            f"{{results}}/logs/{whole}/{part}.log" if self.each else f"{{results}}/logs/{whole}.log"
        )


def training_jobs(studies: Studies) -> dict[str, Jobs]:
    """Return the jobs for networks that are trained, by what ends the names of their rules.

    Those of the study, and those of the conditions of the validation.
    """
    conditions = {name: one for name, one in studies.items() if name.startswith(f"{VALIDATION}/")}
    return {
        "": Jobs.of(studies[STUDY], [STUDY]),
        "_validation": Jobs.of(next(iter(conditions.values())), conditions),
    }


def explaining_jobs(studies: Studies) -> dict[str, Jobs]:
    """Return the jobs for networks that are explained: those trained, and finished ones if any."""
    study = studies[STUDY]
    finished = {"_finished": Jobs.of(study, [STUDY], finished=True)} if study.finished else {}
    return training_jobs(studies) | finished


def once(pattern: str) -> str:
    """Return the one file that a finished network has of those that trainings make."""
    return pattern.replace("{repeat}", "0").replace("{fold}", "0")
