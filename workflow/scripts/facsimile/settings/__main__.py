"""Write what is made of the settings' own descriptions: docs/configuration.md, config/schema.json.

Usage: python -m facsimile.settings PROJECT
"""

import json
import sys
from pathlib import Path

from facsimile.settings.document import END, START, describe, schema


def main(project: str) -> None:
    """Write both files of a project's folder; of the page, what lies between its marks."""
    page = Path(project) / "docs" / "configuration.md"
    before, _, rest = page.read_text().partition(START)
    after = rest.partition(END)[2]
    page.write_text(f"{before}{START}\n{describe(project)}\n{END}{after}")
    written = json.dumps(schema(project), indent=1, ensure_ascii=False)
    (Path(project) / "config" / "schema.json").write_text(written + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
