"""What `make docs` takes into the site: the pages, and the files that they link to, where they lie.

Called by MkDocs, as mkdocs.yml says.
"""

import re
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[1]
LINK = re.compile(r"(\[[^\]]*\])\(([^)#\s]+)[^)]*\)")
FETCHED = re.compile(
    r"""<(?:script|img|iframe|source)\b[^>]*\bsrc=["']?(?:https?:)?//[^>]*
    |<link\b[^>]*\bhref=["']?(?:https?:)?//[^>]*
    |(?:url\(|@import)\s*["']?(?:https?:)?//[^)]*""",
    re.VERBOSE,
)
"""What a browser would fetch from elsewhere."""


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Leave out of the navigation a page that is not there, as the gallery before it is made."""
    there = [entry for entry in config.nav if _is_there(*entry.values())]
    config.nav = there
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Return the pages and what they link to, each where it lies in the project."""
    pages = [ROOT / "README.md", ROOT / "config/README.md", *sorted(ROOT.glob("docs/*.md"))]
    linked = {
        (page.parent / target).resolve()
        for page in pages
        for _, target in LINK.findall(page.read_text("utf-8"))
    }
    looks = [ROOT / path for path in config.extra_css]
    wanted = dict.fromkeys([*pages, *looks, *sorted(filter(Path.is_file, linked))])
    theme = [file for file in files if file.src_dir != config.docs_dir]
    return Files(theme + [_file(path, config) for path in wanted])


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Return a page without links to folders, which a site does not list."""
    here = (ROOT / page.file.src_uri).parent
    return LINK.sub(lambda link: link[1][1:-1] if (here / link[2]).is_dir() else link[0], markdown)


def on_post_build(config: MkDocsConfig) -> None:
    """Refuse a site whose pages fetch something from elsewhere."""
    for path in sorted(Path(config.site_dir).rglob("*.*")):
        if path.suffix in (".html", ".css") and (found := FETCHED.search(path.read_text("utf-8"))):
            raise PluginError(f"{path} fetches from elsewhere: {found[0]}")


def _file(path: Path, config: MkDocsConfig) -> File:
    inside = str(path.relative_to(ROOT))
    return File(inside, str(ROOT), config.site_dir, config.use_directory_urls)


def _is_there(entry: str | list[Any]) -> bool:
    return isinstance(entry, list) or (ROOT / entry).is_file()
