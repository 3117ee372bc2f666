"""What the docs say: their links, headings, commands, and the columns of each table."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "config" / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`]+)`")
TOLD_IN = ("results", "explainers", "validation")
SHARING = ("agreement.csv", "overall.csv", "specificity.csv", "contrasts.csv", "pretraining.csv")
REPEATED = ("classification/repeats.csv",)
"""Pages that describe tables; tables that share columns; those with another's, and more."""

NAMES = re.compile(r"[a-z]\w*(, [a-z]\w*)*")
"""A name, or several, as columns are written."""


def blocks(page, language):
    """Return what stands in the fenced blocks of a language, "" for blocks that name none."""
    return [text for kind, text in FENCED.findall(page.read_text("utf-8")) if kind == language]


def prose(page):
    """Return a page without its fenced blocks."""
    return FENCED.sub("", page.read_text("utf-8"))


def commands(page):
    """Return the commands of a page, without what is said of them at the end of a line."""
    lines = [line for text in blocks(page, "sh") for line in text.splitlines()]
    return [re.split(r"\s{2,}# ", line)[0].strip() for line in lines if line.strip()]


def links(page):
    """Return the targets of a page's links within the project, such as results.md#faces."""
    targets = re.findall(r"\]\(([^)\s]+)\)", prose(page))
    return [target for target in targets if not re.match(r"\w+:", target)]


def anchors(page):
    """Return the anchors of a page's headings."""
    headings = re.findall(r"^#+ (.*)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one).lower().replace(" ", "-") for one in headings}


def cells(line):
    """Return the cells of a line of a table; none of another line."""
    return [cell.strip() for cell in line.strip("|").split(" | ")] if line.startswith("|") else []


def columns_in(text):
    """Return the names in a text that stand outside brackets, as columns do."""
    outside = re.sub(r"\([^()]*\)", "", text)
    return [
        name for span in SPAN.findall(outside) if NAMES.fullmatch(span) for name in span.split(", ")
    ]


def tables(*pages):
    """Return the columns of each CSV by its path below the results, and those of several.

    A table is a row of ``| file | ... |``, which names its columns; or a paragraph that begins with
    its name and is followed by ``| column | ... |``, or names the columns itself.
    """
    found, shared = {}, set()
    for page in pages:
        text = [part.splitlines() for part in re.split(r"\n{2,}", prose(page).strip())]
        for part, following in zip(text, [*text[1:], [""]], strict=True):
            head = cells(part[0])
            if head and head[0] == "file":
                for row in map(cells, part[2:]):
                    for path in _paths(row[0]):
                        found[path] = columns_in(row[1])
            if head or not (paths := _paths(part[0])[:1] or _for_several(part[0])):
                continue
            below = cells(following[0])
            if below and below[0] == "column":
                names = [name for row in following[2:] for name in columns_in(cells(row)[0])]
            else:
                names = columns_in(" ".join(part))
            if paths == [""]:
                shared |= set(names)
            elif part[0].startswith("`"):
                found[paths[0]] = names
    return found, shared


def columns_of(path):
    """Return the columns of a table by its path below the results: those it has, or may have."""
    found, shared = tables(*(ROOT / "docs" / f"{name}.md" for name in TOLD_IN))
    patterns = {name: re.sub(r"\\{\w+\\}", "[^/]+", re.escape(name)) for name in found}
    like = [name for name, pattern in patterns.items() if re.fullmatch(pattern, path)]
    name = path if path in found else like[0]
    own = {*found[name], *(found["classification.csv"] if name in REPEATED else ())}
    return own, own | (shared if name in SHARING else set())


def _paths(text):
    """Return the paths of tables that a text names, below the results."""
    spans = [span for span in SPAN.findall(text) if span.endswith(".csv")]
    return [re.sub(r"^(results/)?(validation/\{condition\}/)?", "", span) for span in spans]


def _for_several(text):
    return [""] if text.startswith("Tables of this section share") else []
