"""Plans made in processes that have imported Snakemake already, which takes as long as a plan."""

import multiprocessing
import os
import subprocess
import tempfile
from pathlib import Path

from snakemake import cli

cli.get_argument_parser()  # loads the plugins

_SERVER = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload([__name__])


def plan(arguments, project):
    """Run Snakemake with some arguments in a new process; return it as `subprocess.run` does."""
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder, "said")
        process = _SERVER.Process(target=_main, args=(arguments, project, said))
        process.start()
        process.join()
        text = said.read_text(encoding="utf-8")
    return subprocess.CompletedProcess(arguments, process.exitcode, text)


def _main(arguments, project, said):
    os.chdir(project)
    tempfile.tempdir = said.parent  # such a process ends without cleaning up
    with said.open("w") as file:
        for stream in (1, 2):
            os.dup2(file.fileno(), stream)
    cli.main(arguments)
