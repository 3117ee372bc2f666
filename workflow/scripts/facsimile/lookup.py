"""What jobs are told of their study: functions of a job's wildcards, made of names."""

from collections.abc import Callable, Iterable, Mapping
from re import escape
from typing import Any

from facsimile.studies import STUDY, VALIDATION
from facsimile.study import Study

Wildcards = Any
"""Of a job: names as attributes, and as the items of a mapping; ``results`` names its study."""


def either(*names: object) -> str:
    """Return the pattern of a wildcard that is one of some names."""
    return "|".join(escape(str(name)) for name in dict.fromkeys(names)) or "(?!)"


class Lookup:
    """The studies of a workflow, by the folders of their results, asked by jobs."""

    def __init__(self, studies: Mapping[str, Study]):
        self.studies = studies

    def study_of(self, wildcards: Wildcards) -> Study:
        """Return the study that a job belongs to."""
        return self.studies[wildcards.results]

    def of_any(self, names_of: Callable[[Study], Iterable[str]]) -> str:
        """Return the pattern of a wildcard that is one of the names which any study has for it."""
        return either(*(name for study in self.studies.values() for name in names_of(study)))

    def where(self, condition: Callable[[Study], object]) -> str:
        """Return the pattern of the folders of those studies that fulfil a condition."""
        return either(*(folder for folder, study in self.studies.items() if condition(study)))

    def every(self, pattern: str, **given: object) -> Callable[[Wildcards], list[str]]:
        """Return a function: a path for each name of its study that a job's wildcards leave open.

        ``given`` are names for some of the pattern's keys, or functions of wildcards that return
        them: where there are no names, there are no paths.
        """

        def paths(wildcards: Wildcards) -> list[str]:
            chosen = {key: one(wildcards) if callable(one) else one for key, one in given.items()}
            known = {**dict(wildcards.items()), **chosen}
            return self.studies[known["results"]].paths(pattern, known)

        return paths

    def with_faces(self, pattern: str, **given: object) -> Callable[[Wildcards], list[str]]:
        """Return the like for files that only a study with faces has: no path for others."""
        paths = self.every(pattern, **given)
        return lambda wildcards: paths(wildcards) if self.study_of(wildcards).has_faces else []

    def of_main(self, pattern: str) -> Callable[[Wildcards], list[str]]:
        """Return the like for the main explainer of a study and its first network."""
        return lambda wildcards: self.every(pattern, **self.study_of(wildcards).main)(wildcards)

    def of_study(self, pattern: str) -> list[str]:
        """Return a path for each name that the configured study has."""
        return self.studies[STUDY].paths(pattern, {"results": STUDY})

    def in_conditions(self, pattern: str) -> list[str]:
        """Return a path for each name of each condition of the validation."""
        return [
            path
            for folder, study in self.studies.items()
            if folder.startswith(f"{VALIDATION}/")
            for path in study.paths(pattern, {"results": folder})
        ]

    def setting(self, *keys: str) -> Callable[[Wildcards], Any]:
        """Return a function: one of the settings of a job's study."""

        def value(wildcards: Wildcards) -> Any:
            found: Any = self.study_of(wildcards).settings
            for key in keys:
                found = found[key]
            return found

        return value

    def fact(self, name: str) -> Callable[[Wildcards], Any]:
        """Return a function: what a job's study says of itself."""
        return lambda wildcards: getattr(self.study_of(wildcards), name)

    def names(self, key: str) -> Callable[[Wildcards], list]:
        """Return a function: all names that a wildcard has in a job's study."""
        return lambda wildcards: self.study_of(wildcards).names[key]
