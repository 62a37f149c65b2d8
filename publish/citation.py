"""How a release is cited by machines: Citation File Format 1.2.0 and BibTeX."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from publish.notice import KEYWORDS, LICENCE, TITLE, Notice, archive_name

MESSAGE = "Si vous utilisez ces données, citez cette version. If you use these data, cite this version."


def citation_file(notice: Notice) -> str:
    """``CITATION.cff`` (https://citation-file-format.github.io/, 1.2.0): as YAML whose scalars are JSON."""
    fields = {
        "cff-version": "1.2.0",
        "message": MESSAGE,
        "type": "dataset",
        "title": TITLE.fr,
        "abstract": notice.description("fr"),
        "authors": [{"name": TITLE.fr, "website": notice.base}],
        "version": str(notice.version),
        "date-released": notice.day.isoformat(),
        "url": notice.page,
        "repository-artifact": notice.permanent(archive_name(str(notice.version))),
        "license": LICENCE["name"],
        "keywords": list(KEYWORDS),
    }
    return "".join(f"{name}: {_yaml(value)}\n" for name, value in fields.items())


def _yaml(value: Any) -> str:
    if isinstance(value, list):
        return "".join(f"\n  - {_entry(item)}" for item in value)
    return json.dumps(value, ensure_ascii=False)


def _entry(item: str | Mapping[str, str]) -> str:
    if isinstance(item, str):
        return json.dumps(item, ensure_ascii=False)
    return "\n    ".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in item.items())


def bibtex(notice: Notice) -> str:
    """``CITATION.bib``: an entry that any BibTeX style knows. Braces keep the name of the observatory in one piece."""
    year, month = notice.day.year, notice.day.month
    fields = {
        "author": f"{{{TITLE.fr}}}",
        "title": f"{{{TITLE.fr}}}, version {notice.version}",
        "year": str(year),
        "month": str(month),
        "version": str(notice.version),
        "url": notice.page,
        "note": LICENCE["title"],
    }
    key = f"observatoire-plan-crack-{notice.version}".replace("+", "-")
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@misc{{{key},\n{body}}}\n"
