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
    with tempfile.NamedTemporaryFile() as said:
        process = _SERVER.Process(target=_main, args=(arguments, project, said.name))
        process.start()
        process.join()
        text = Path(said.name).read_text(encoding="utf-8")
    return subprocess.CompletedProcess(arguments, process.exitcode, text)


def _main(arguments, project, said):
    os.chdir(project)
    file = os.open(said, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(file, stream)
    cli.main(arguments)
