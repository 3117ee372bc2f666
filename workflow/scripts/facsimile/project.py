"""The project's own files, and those of the user's, as a workflow names them among its inputs."""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from facsimile.errors import UserError
from facsimile.files import files_in


@dataclass(frozen=True)
class Project:
    """The project as a workflow sees it.

    Attributes
    ----------
    folder : of the project: places in the configuration start there.
    local : Snakemake's mark of a path, which keeps a workflow that includes this one from putting
        its prefix before it.
    """

    folder: Path
    local: Callable[[str], str]

    @classmethod
    def for_study_here(cls, folder: Path, local: Callable[[str], str]) -> "Project":
        """Return the project for a study in the folder that the process is in.

        Raises
        ------
        UserError
            If that folder cannot be written: results, and Snakemake's notes on them, go there.
        """
        if not os.access(Path.cwd(), os.W_OK):
            raise UserError(
                f"Results and Snakemake's notes on them go into {Path.cwd()}, which cannot be "
                "written: its disk is read-only, or you have no permission. Give yourself the "
                "right to write there, or another folder: --directory."
            )
        return cls(folder, local)

    def place(self, path: str | Path) -> str:
        """Return a path that starts at the project's folder as seen from where the study runs."""
        return self.local(os.path.relpath(self.folder / Path(path).expanduser()))

    def there(self, places: Iterable[str | Path]) -> list[str]:
        """Return the files at some places of the user's; those of a folder one by one.

        The places are as seen from where the study runs. A missing one is left to the job's error.
        """
        return [self.local(str(path)) for path in files_in(map(Path, places))]

    def resource(self, name: str) -> str:
        """Return a table of the project's own, by its name without a suffix."""
        (found,) = (self.folder / "resources").glob(f"{name}.*")
        return self.place(f"resources/{found.name}")
