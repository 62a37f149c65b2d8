"""Datasets: the list, and a page for each with its files, its columns, its code lists and a line that loads it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from markupsafe import Markup, escape

from publish.catalogue.schema_org import catalogue, dataset, script
from publish.charte import formats
from publish.notice import source_of
from publish.site.page import HOME, Column, Page, Table, Work, dataset_path, sized
from schemas.contract import Contract, Field, ForeignKey

# The order of formats: what most readers open first.
FORMATS = {"csv": "CSV", "xlsx": "Excel", "parquet": "Parquet", "geojson": "GeoJSON"}
LISTED = 60


def pages(work: Work) -> Iterator[Page]:
    """The list, then every table of the release."""
    yield _list(work)
    for name in work.source.tables:
        yield _page(work, name)


def _list(work: Work) -> Page:
    t = work.t
    columns = [
        Column(t("tableau.jeu")),
        Column(t("tableau.contenu")),
        Column(t("tableau.lignes"), number=True),
        Column(t("tableau.fichiers")),
    ]
    rows = [_entry(work, name) for name in work.source.tables]
    lede = t("jeux.chapeau", n=len(rows))
    table = Table(t("jeux.legende"), columns, rows)
    data = Markup(script(catalogue(work.source.descriptor, lang=work.lang)))
    content = {"lede": lede, "table": table}
    return Page(f"jeux/{HOME}", "tables.html", t("jeux.titre"), lede, (work.home,), content, data=data)


def _entry(work: Work, name: str) -> list[Any]:
    contract = work.source.contracts[name]
    links = [Markup('<a href="../../../{}">{}</a>').format(item["path"], item["format"]) for item in _files(work, name)]
    return [
        work.link(1, dataset_path(name), contract.title[work.lang]),
        coded(contract.description[work.lang]),
        formats.nombre(work.source.counts[name], work.lang),
        Markup(" · ").join(links),
    ]


def _files(work: Work, name: str) -> list[dict[str, str]]:
    """Files of a table with their size; outlines go with the territories."""
    found = []
    for suffix, words in FORMATS.items():
        path = work.source.folder / "data" / f"{name}.{suffix}"
        if path.is_file():
            size = sized(path.stat().st_size, work.t)
            found.append({"path": f"data/{path.name}", "name": path.name, "format": words, "size": size})
    return found


def _page(work: Work, name: str) -> Page:
    t, lang, contract = work.t, work.lang, work.source.contracts[name]
    title, described = contract.title[lang], contract.description[lang]
    return Page(
        dataset_path(name),
        "jeu.html",
        title,
        described,
        (work.home, work.section("jeux")),
        {
            "lede": coded(described),
            "facts": _facts(work, contract),
            "files": _files(work, name),
            "schema": f"schemas/{name}.json",
            "columns": _columns(work, contract),
            "codes": [_codes(work, field) for field in contract.fields if _described(field)],
            "rules": [rule.title[lang] for rule in contract.rules],
            "address": work.source.notice.permanent(f"data/{name}"),
            "missing": t("jeu.absent"),
        },
        data=Markup(script(dataset(work.source.descriptor, name, lang=lang))),
    )


def _facts(work: Work, contract: Contract) -> list[tuple[str, Any]]:
    t = work.t
    facts: list[tuple[str, Any]] = [
        (t("fait.nom"), Markup("<code>{}</code>").format(contract.name)),
        (t("fait.lignes"), formats.nombre(work.source.counts[contract.name], work.lang)),
        (t("fait.cle"), _coded(contract.primary_key)),
        (t("fait.version_schema"), contract.version),
    ]
    if links := [_foreign(work, key) for key in contract.foreign_keys if key.resource in work.source.tables]:
        facts.append((t("fait.renvois"), Markup(", ").join(links)))
    return [*facts, (t("fait.source"), coded(source_of(contract)[work.lang]))]


def _coded(names: Sequence[str]) -> Markup:
    return Markup(", ").join(Markup("<code>{}</code>").format(name) for name in names)


def _foreign(work: Work, key: ForeignKey) -> Markup:
    title = work.source.contracts[key.resource].title[work.lang]
    return _coded(key.fields) + " → " + work.link(1, dataset_path(key.resource), title)


def _columns(work: Work, contract: Contract) -> Table:
    t = work.t
    names = ("colonne", "sens", "type", "unite", "contraintes")
    rows = [
        [
            Markup("<code>{}</code>").format(field.name),
            _meaning(work, field),
            t(f"type.{field.type}"),
            work.unit(field.unit) if field.unit else "",
            _constraints(work, field),
        ]
        for field in contract.fields
    ]
    return Table(t("jeu.colonnes.legende", n=len(rows)), [Column(t(f"tableau.{name}")) for name in names], rows)


def _meaning(work: Work, field: Field) -> Markup:
    title, described = field.title[work.lang], field.description[work.lang]
    return Markup("<strong>{}</strong>").format(title) + (Markup("<br>") + coded(described) if described else "")


def coded(text: str) -> Markup:
    """A text whose `names` between backquotes are written as code."""
    return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(text))))


def _constraints(work: Work, field: Field) -> Markup:
    """What the column never breaks, in words; its codes lead to their list."""
    t, said = work.t, []
    if field.required:
        said.append(Markup("{}").format(t("contrainte.required")))
    for name in ("minimum", "maximum", "pattern"):
        if name in field.constraints:
            said.append(Markup("{} <code>{}</code>").format(t(f"contrainte.{name}"), field.constraints[name]))
    if values := field.constraints.get("enum"):
        said.append(_coded([str(value) for value in values]))
    if field.categories and _described(field):
        said.append(Markup('<a href="#codes-{}">{}</a>').format(field.name, t("contrainte.codes")))
    return Markup("<br>").join(said)


def _described(field: Field) -> bool:
    return 0 < len(field.categories) <= LISTED


def _codes(work: Work, field: Field) -> dict[str, Any]:
    t = work.t
    columns = [Column(t("tableau.code")), Column(t("tableau.sens"))]
    rows = [[Markup("<code>{}</code>").format(item.value), item.label[work.lang]] for item in field.categories]
    return {"name": field.name, "table": Table(t("jeu.codes.legende", colonne=field.name), columns, rows)}
