"""Answers as bytes: rows in the format asked for, and the lists of releases and of tables."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from dashboard.api.answers import Answer, answer
from dashboard.api.datasets import Dataset
from dashboard.api.operations import PREFIX
from dashboard.api.problems import Problem
from dashboard.api.select import Asked, Page, select
from dashboard.router import Lang
from publish.entries import Entry, Withdrawal
from publish.reader import Release

MEDIA_TYPES: Mapping[str, str] = {
    "json": "application/json",
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
}
# As Flask writes it, so that a spreadsheet reads the accents.
CHARSETS = {"csv": "text/csv; charset=utf-8"}
LICENCE = "etalab-2.0"


def rows(release: Release, asked: Asked, address: str) -> Answer:
    """The rows asked for at an address. Raises Problem for an item that does not exist, and as ``select``."""
    page = select(release, asked)
    if asked.operation.item and len(page.rows) == 0:
        name = asked.operation.filters[-1].parameter.name
        raise Problem("element-inconnu", parameter=name, value=asked.values[name][0])
    following = search(release.version, asked, page.following) if page.following else ""
    body = {"json": _json, "csv": _csv, "parquet": _parquet}[asked.format](
        release, asked, page, quote(address) + following
    )
    name = asked.operation.dataset.name if asked.operation.dataset else ""
    file = "" if asked.format == "json" else f"{name}-{release.version}.{asked.format}"
    kind = CHARSETS.get(asked.format, MEDIA_TYPES[asked.format])
    return answer(body, kind, zipped=asked.format != "parquet", file=file, following=following)


def search(version: str, asked: Asked, cursor: str = "") -> str:
    """The query string that asks the same of that very release, from a cursor on."""
    inside = (cut.parameter for cut in asked.operation.filters if cut.parameter.where == "query")
    pairs = [(part.name, value) for part in inside for value in asked.values.get(part.name, ())]
    controls = {"lang": asked.lang, "format": asked.format, "taille": asked.size, "curseur": cursor}
    had = {control.name for control in asked.operation.controls}
    given = [(name, value) for name, value in controls.items() if value and name in had]
    return "?" + urlencode([*pairs, ("release", version), *given])


def _json(release: Release, asked: Asked, page: Page, address: str) -> bytes:
    lang = asked.lang or "fr"
    head = {**of_release(release.entry), "licence": LICENCE, **_of_table(asked, lang)}
    following = address if page.following else None
    return (
        f"{json.dumps(head, ensure_ascii=False)[:-1]}, "
        f'"suivant": {json.dumps(following)}, "lignes": [\n' + ",\n".join(page.rows) + "\n]}\n"
    ).encode()


def _of_table(asked: Asked, lang: Lang) -> dict[str, Any]:
    contract = asked.operation.dataset.contract if asked.operation.dataset else None
    return {"jeu": contract.name, "titre": contract.title[lang]} if contract else {}


def _csv(_release: Release, _asked: Asked, page: Page, _address: str) -> bytes:
    return ("\n".join([",".join(page.columns), *page.rows]) + "\n").encode()


def _parquet(_release: Release, _asked: Asked, page: Page, _address: str) -> bytes:
    from pyarrow import parquet

    file = io.BytesIO()
    parquet.write_table(page.rows, file, compression="zstd")
    return file.getvalue()


def of_release(entry: Entry) -> dict[str, Any]:
    """What is said of a release with whatever is read from it."""
    return {"publication": entry.version, "date": entry.date, "simule": entry.simule}


def releases(entries: Iterable[Entry], latest: str) -> Answer:
    """The releases that exist, newest first as the index lists them."""
    listed = [_entry(entry) for entry in entries]
    return document({"derniere": latest, "publications": listed})


def _entry(entry: Entry) -> dict[str, Any]:
    more = {"statut": entry.statut, "adresse": f"{PREFIX}/releases/{quote(entry.version)}"}
    return {**of_release(entry), **more}


def withdrawn(entry: Entry, gone: Withdrawal) -> Answer:
    """A release that was withdrawn: that it existed, and why it is gone."""
    return document({**_entry(entry), "licence": LICENCE, "motif": gone.raison, "jeux": []})


def one_release(release: Release, tables: Mapping[str, Dataset], lang: Lang) -> Answer:
    """A release, and the tables it holds."""
    return document({**_entry(release.entry), "licence": LICENCE, "jeux": _listed(release, tables, lang)})


def tables_of(release: Release, tables: Mapping[str, Dataset], lang: Lang) -> Answer:
    """The tables of a release: columns, key, number of rows, files."""
    return document({**of_release(release.entry), "licence": LICENCE, "jeux": _listed(release, tables, lang)})


def document(content: Mapping[str, Any]) -> Answer:
    """A JSON document as an answer."""
    return answer((json.dumps(content, ensure_ascii=False) + "\n").encode(), MEDIA_TYPES["json"], zipped=True)


def _listed(release: Release, tables: Mapping[str, Dataset], lang: Lang) -> list[dict[str, Any]]:
    return [_table(release, table, lang) for table in tables.values()]


def _table(release: Release, table: Dataset, lang: Lang) -> dict[str, Any]:
    contract, named = table.contract, f"data/{table.name}."
    ((count,),) = release.rows(f'select count(*) from "{table.name}"')
    columns = [
        {"nom": field.name, "type": field.type, "titre": field.title[lang], "unite": field.unit}
        for field in contract.fields
    ]
    paths = sorted(path for path in release.checksums if path.startswith(named) and (release.folder / path).is_file())
    return {
        "jeu": table.name,
        "titre": contract.title[lang],
        "description": contract.description[lang],
        "lignes": count,
        "cle": list(table.key),
        "colonnes": columns,
        "adresse": f"{PREFIX}/datasets/{table.name}?release={quote(release.version)}",
        "fichiers": [_file(release, path) for path in paths],
    }


def _file(release: Release, path: str) -> dict[str, str]:
    return {"adresse": f"/donnees/{quote(release.version)}/{path}", "sha256": release.checksums[path]}
