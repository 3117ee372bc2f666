"""The digest of a job's code: it changes with what the code means, and with nothing else."""

from pathlib import Path

import pytest

from facsimile.digest import digest

FILES = {
    "job.py": "from library import tool\n\ntool.work()\n",
    "library/__init__.py": '"""A library."""\n',
    "library/tool.py": "def work():\n    from library.deep import helper\n    helper.NUMBER\n",
    "library/deep/__init__.py": "",
    "library/deep/helper.py": "NUMBER = 1\n",
    "library/idle.py": "NUMBER = 1\n",
    "library/plugin.py": "from library import seldom\n",
    "library/seldom.py": "NUMBER = 1\n",
    "page.txt": "a page",
}


@pytest.fixture
def digest_with(tmp_path):
    """Return a function that gives the digest of job.py with some files written otherwise."""
    counter = iter(range(100))

    def made(changes, *modules):
        folder = tmp_path / str(next(counter))
        for name, text in (FILES | changes).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        return digest(
            folder / "job.py", *(m if isinstance(m, str) else folder / m for m in modules)
        )

    return made


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"library/deep/helper.py": "# A comment.\n\nNUMBER   =   1  # another\n"},
        {"library/deep/helper.py": '"""Words."""\nNUMBER = 1\n"""More words."""\n'},
        {"library/tool.py": FILES["library/tool.py"].replace(":\n", ':\n    """Say."""\n', 1)},
        {"library/idle.py": "NUMBER = 2\n"},
        {"library/seldom.py": "NUMBER = 2\n"},
        {"library/new.py": "NUMBER = 2\n"},
    ],
)
def test_it_stays_where_nothing_means_anything_else(digest_with, changes):
    assert digest_with({}) == digest_with(changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"job.py": FILES["job.py"] + "tool.work()\n"},
        {"library/__init__.py": "import os\n"},
        {"library/deep/helper.py": "NUMBER = 2\n"},
        {"library/deep/__init__.py": "NUMBER = 2\n"},
    ],
)
def test_it_changes_with_all_that_is_reached(digest_with, changes):
    assert digest_with({}) != digest_with(changes)


def test_modules_known_only_by_name_count_where_they_are_named(digest_with):
    seldom = {"library/seldom.py": "NUMBER = 2\n"}
    assert digest_with({}, "library.plugin") != digest_with(seldom, "library.plugin")
    assert digest_with({}, "library.plugin") != digest_with({})


def test_what_only_a_type_checker_imports_is_not_reached(digest_with):
    checked = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from library import idle\n"
    tool = {"library/tool.py": checked + FILES["library/tool.py"]}
    assert digest_with(tool) == digest_with(tool | {"library/idle.py": "NUMBER = 2\n"})


def test_words_that_explain_a_setting_mean_nothing_but_its_default_does(digest_with):
    helper = "from options import option\nNUMBER: int = option('{}', {})\n"
    one, reworded, other = (
        digest_with({"library/deep/helper.py": helper.format(*words)})
        for words in (("How many.", 1), ("Number of things.", 1), ("How many.", 2))
    )
    assert one == reworded != other


def test_files_that_are_no_code_count_byte_by_byte(digest_with):
    page = Path("page.txt")
    assert digest_with({}, page) != digest_with({"page.txt": "another page"}, page)
