"""Data: every file of the release with its size, rows, checksum and schema; licence, citation, versions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.components.archive import archived
from dashboard.components.liens import pinned
from dashboard.components.tableau import Column, table
from dashboard.context import Context
from dashboard.page import Page, Section
from dashboard.queries import count_rows
from dashboard.router import href
from publish.charte.formats import date_longue, nombre
from publish.entries import Entry
from publish.notice import archive_name, archive_sum
from publish.reader import Release
from schemas.contract import Contract, contract_names, load_contract

LICENCE = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
PACKAGE = (
    "datapackage.json",
    "SHA256SUMS",
    "README.md",
    "CHANGELOG.md",
    "CITATION.cff",
    "CITATION.bib",
    "LICENCE.txt",
    "audit.json",
    "catalog.ttl",
    "catalog.jsonld",
)
FORMATS = {"csv": "CSV", "parquet": "Parquet", "xlsx": "Excel", "geojson": "GeoJSON", "json": "JSON", "md": "Markdown"}


def build(context: Context) -> dict[str, Section]:
    """Tables, the package around them, how to reuse, how to cite, versions."""
    return {
        "tables": _tables(context),
        "paquet": _package(context),
        "reutiliser": _reuse(context),
        "versions": _versions(context),
    }


def files(release: Release) -> dict[str, list[str]]:
    """Data files of a release by the name of their table, both sorted; those taken back are told with the versions."""
    found: dict[str, list[str]] = {}
    for name in sorted(set(release.checksums) - {one.fichier for one in release.entry.retraits}):
        if name.startswith("data/") and PurePosixPath(name).parent == PurePosixPath("data"):
            found.setdefault(PurePosixPath(name).stem, []).append(name)
    return found


def _tables(context: Context) -> Section:
    t = context.texts
    items = [_table_item(context, name, paths) for name, paths in files(context.release).items()]
    return Section(before=[html.H2(t("donnees.tables")), html.P(t("donnees.tables.texte")), *items])


def _table_item(context: Context, name: str, paths: list[str]) -> Component:
    t, contract = context.texts, _contract(name)
    title = contract.title[context.lang] if contract else name
    description = [html.P(contract.description[context.lang])] if contract else []
    facts = (
        t("donnees.lignes", lignes=nombre(context.cached(count_rows, name), context.lang))
        if name in context.release.tables
        else ""
    )
    schema = f"schemas/{name}.json"
    link = [html.A(t("donnees.schema"), href=context.file(schema))] if schema in context.release.checksums else []
    columns = [
        Column(t(f"donnees.colonne.{key}"), number=key == "taille") for key in ("fichier", "taille", "empreinte")
    ]
    rows = [_file_row(context, path) for path in paths]
    grid = table(columns, rows, caption=t("donnees.fichiers", table=title))
    page = archived(context, f"jeux/{name}.html")
    return html.Article(
        [
            html.H3([title, " ", html.Code(name)]),
            *description,
            html.P([facts, " ", *link], className="note"),
            grid,
            *page,
        ],
        className="fiche",
    )


def _contract(name: str) -> Contract | None:
    """The contract of a table, which may be that of a feed published row by row; None where there is none."""
    for kind in ("datasets", "reference"):
        if name in contract_names(kind):
            return load_contract(name, kind=kind)
    feeds = (load_contract(code) for code in contract_names("feeds"))
    return next((feed for feed in feeds if feed.descriptor.get("published") == name), None)


def _file_row(context: Context, path: str) -> tuple[Any, ...]:
    suffix = PurePosixPath(path).suffix.removeprefix(".")
    link = html.A(f"{PurePosixPath(path).name} ({FORMATS.get(suffix, suffix)})", href=context.file(path), download="")
    size = context.release.path(path).stat().st_size
    return link, size_text(size, context), html.Code(context.release.checksums[path], className="empreinte")


def size_text(size: int, context: Context) -> str:
    """Bytes as kilobytes or megabytes (decimal multiples)."""
    unit, scale = ("mo", 1_000_000) if size >= 1_000_000 else ("ko", 1_000)
    return f"{nombre(size / scale, context.lang, 1)}\u00a0{context.texts(f'donnees.{unit}')}"


def _package(context: Context) -> Section:
    t = context.texts
    present = [name for name in PACKAGE if (context.release.folder / name).is_file()]
    items = [html.Li([html.A(name, href=context.file(name)), f" – {t(f'donnees.paquet.{name}')}"]) for name in present]
    listed = [*_archive(context), *items]
    read = archived(context, "index.html", key="archive.publication")
    return Section(before=[html.H2(t("donnees.paquet")), *read, html.Ul(listed, className="liste")])


def _archive(context: Context) -> list[Component]:
    """The whole release in one file, and its checksum; nothing for a release made before there was one."""
    name = archive_name(context.version)
    path = context.release.folder / name
    if not path.is_file():
        return []
    size = size_text(path.stat().st_size, context)
    links: list[Any] = [
        html.A(name, href=context.file(name), download=""),
        ", ",
        html.A("SHA-256", href=context.file(archive_sum(context.version))),
    ]
    return [html.Li([*links, f" – {context.texts('donnees.paquet.archive', taille=size)}"])]


def _reuse(context: Context) -> Section:
    t, version = context.texts, context.version
    licence = html.P([t("donnees.licence.texte"), " ", html.A(t("pied.licence"), href=LICENCE, rel="license external")])
    address = f"/donnees/{version}/data/observations.csv"
    cite = t(
        "donnees.citation",
        version=version,
        date=date_longue(dt.date.fromisoformat(context.release.entry.date), context.lang),
        adresse=address,
    )
    script = html.Pre(
        html.Code(f"curl -L -O …{address}\ncurl -L -O …/donnees/latest/data/observations.csv"),
        tabIndex=0,
        className="code",
    )
    return Section(
        before=[
            html.H2(t("donnees.licence"), id="licence"), licence, html.P(t("donnees.licence.limites")),
            html.H2(t("donnees.citer")), html.Blockquote(cite),
            html.H2(t("donnees.adresses")), html.P(t("donnees.adresses.texte")), script,
        ]
    )  # fmt: skip


def _versions(context: Context) -> Section:
    t = context.texts
    columns = [Column(t(f"donnees.version.{key}")) for key in ("version", "date", "nature", "pages")]
    rows = [_version_row(context, entry) for entry in context.entries if not entry.retrait]
    more = [
        html.A(t(f"donnees.versions.{key}"), href=href(context.lang, slug, pinned(context)))
        for key, slug in (("toutes", "versions"), ("corrections", "corrections"))
    ]
    return Section(
        before=[
            html.H2(t("donnees.versions")),
            html.P(t("donnees.versions.texte")),
            table(columns, rows, caption=t("donnees.versions")),
            html.P(more, className="liens"),
        ]
    )


def _version_row(context: Context, entry: Entry) -> tuple[Any, ...]:
    nature = context.texts("origine.simule" if entry.simule else "origine.reel")
    links: Mapping[str, str] = {
        slug: href(context.lang, slug, context.filters.search(release=entry.version)) for slug in ("accueil", "donnees")
    }
    pages = [html.A(context.texts(f"nav.{slug}"), href=link) for slug, link in links.items()]
    return (
        html.Code(entry.version, className="version"),
        date_longue(dt.date.fromisoformat(entry.date), context.lang),
        nature,
        [pages[0], ", ", pages[1]],
    )


PAGE = Page("donnees", ("tables", "paquet", "reutiliser", "versions"), build)
