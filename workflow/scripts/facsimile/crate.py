"""The results of a study as an RO-Crate: each file with the job that made it, of what, and when.

RO-Crate 1.1 (https://w3id.org/ro/crate/1.1) with the profile Process Run Crate 0.5
(https://w3id.org/ro/wfrun/process/0.5): archives such as Zenodo and WorkflowHub read it.
"""

import mimetypes
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

NAME = "ro-crate-metadata.json"
"""The file of a crate, in its folder."""

CRATE, PROFILE = "https://w3id.org/ro/crate/1.1", "https://w3id.org/ro/wfrun/process/0.5"
LICENSE = (
    "None is stated: add yours. Figures, pages and arrays may show faces, whose corpora have "
    "licences of their own."
)
FORMATS = {".npy": "application/x-npy", ".npz": "application/x-npz",
           ".safetensors": "application/x-safetensors"}  # fmt: skip

Entity = dict[str, Any]


def crate(
    folder: str | Path,
    jobs: Iterable[Any],
    record_of: Callable[[str], Any],
    software: Mapping[str, str],
    description: str,
) -> Entity:
    """Return the crate of a folder of results, for JSON.

    Parameters
    ----------
    folder : of the results.
    jobs : of the plan, with ``rule``, ``input`` and ``output``.
    record_of : gives what Snakemake recorded of a file, with ``starttime`` and ``endtime``.
    software : the version of each package.
    description : what the study found, in a few sentences.
    """
    files, tools, actions = _Files(folder), {}, []
    for job in jobs:
        made, record = files.links(job.output), record_of(job.output[0]) if job.output else None
        if not made or not record or None in (record.starttime, record.endtime):
            continue
        tools[job.rule.name] = _tool(job.rule)
        actions.append(
            _named("CreateAction", f"#job/{made[0]['@id']}", job.rule.name,
                   instrument={"@id": tools[job.rule.name]["@id"]},
                   object=files.links(job.input), result=made,
                   startTime=_time(record.starttime), endTime=_time(record.endtime))
        )  # fmt: skip
    packages = [
        _named("SoftwareApplication", f"#package/{name}", name, softwareVersion=version)
        for name, version in software.items()
    ]
    root = _named(
        "Dataset", "./", "A study of facsimile", description=description, license=LICENSE,
        datePublished=max((one["endTime"] for one in actions), default=_time(0)),
        conformsTo={"@id": PROFILE}, hasPart=_links(files.known.values()),
        mentions=_links([*actions, *packages]),
    )  # fmt: skip
    about = {"@id": NAME, "@type": "CreativeWork", "about": {"@id": "./"}}
    about["conformsTo"] = {"@id": CRATE}
    profile = _named("CreativeWork", PROFILE, "Process Run Crate", version="0.5")
    graph = [about, root, profile, *files.known.values(), *tools.values(), *packages, *actions]
    return {"@context": f"{CRATE}/context", "@graph": graph}


class _Files:
    """The files of a crate, by their identity: their path from its folder."""

    def __init__(self, folder: str | Path):
        self.folder = folder
        self.known: dict[str, Entity] = {}

    def links(self, paths: Iterable[str]) -> list[Entity]:
        """Take in those of some paths that are files in the folder; return links to them."""
        inside = {Path(path) for path in paths if Path(path).is_relative_to(self.folder)}
        found = [self._file(path) for path in sorted(inside) if path.is_file()]
        self.known.update((one["@id"], one) for one in found)
        return _links(found)

    def _file(self, path: Path) -> Entity:
        place = path.relative_to(self.folder).as_posix()
        kind = FORMATS.get(path.suffix) or mimetypes.guess_type(place)[0] or "text/plain"
        size = str(path.stat().st_size)
        return _named("File", place, place, contentSize=size, encodingFormat=kind)


def _tool(rule: Any) -> Entity:
    said = " ".join((rule.docstring or "").split())
    return _named("SoftwareApplication", f"#rule/{rule.name}", rule.name, description=said)


def _named(kind: str, identity: str, name: str, **more: Any) -> Entity:
    return {"@id": identity, "@type": kind, "name": name, **more}


def _links(entities: Iterable[Entity]) -> list[Entity]:
    return [{"@id": one["@id"]} for one in entities]


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
