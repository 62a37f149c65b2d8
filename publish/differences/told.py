"""The differences between two releases in words: the changelog of a release, and a summary of one screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import duckdb

from publish.charte.formats import nombre
from publish.differences.diff import Snapshot

COUNTS = """
    select
        jeu, nature, cause, indicateur, correction,
        count(distinct cle) as lignes,
        count(*) filter (champ = 'valeur') as valeurs
    from differences
    group by all
    order by all
"""
# The sections of a changelog, in the order of what a reader must know first.
SECTIONS = {
    "definition": "Changements de définition",
    "correction": "Corrections d'erreurs",
    "revision": "Révisions",
    "non_declaree": "Révisions sans cause déclarée",
    "protection": "Secret statistique",
    "nouvelle_donnee": "Nouvelles données",
    "recalcul": "Tables recalculées d'après les observations",
}
NATURES = {
    "ajout": ("ligne ajoutée", "lignes ajoutées"),
    "retrait": ("ligne retirée", "lignes retirées"),
    "modification": ("ligne modifiée", "lignes modifiées"),
}
MEANINGS = {
    "revision": "De nouvelles déclarations sont arrivées, ou le chiffre était provisoire : ce ne sont pas des erreurs.",
    "non_declaree": "Ni définition, ni erreur déclarée, ni nouvelle déclaration, ni provisoire : à expliquer.",
    "protection": "Ces cellules sont devenues secrètes ou ont cessé de l'être ; leur valeur n'est pas répétée ici.",
}


@dataclass(frozen=True)
class Count:
    """How many rows of a dataset changed in a way and for a cause; ``valeurs`` of them in their value."""

    jeu: str
    nature: str
    cause: str
    indicateur: str | None
    correction: str | None
    lignes: int
    valeurs: int


@dataclass(frozen=True)
class Story:
    """What changed from a version to another; ``definitions`` are lines of text, ``errors`` (identifier, text)."""

    before: str
    after: str
    counts: tuple[Count, ...]
    definitions: tuple[str, ...]
    errors: tuple[tuple[str, str], ...]
    names: dict[str, str]


def story(con: duckdb.DuckDBPyConnection, before: Snapshot, after: Snapshot) -> Story:
    """The story of a connection where ``diff`` made its tables."""
    counts = tuple(Count(*row) for row in con.execute(COUNTS).fetchall())
    return Story(before.version, after.version, counts, tuple(_definitions(con)), _errors(con), _names(con, after))


def changelog(told: Story) -> str:
    """The changelog of a release in Markdown, French."""
    sections = (_section(told, cause, title) for cause, title in SECTIONS.items())
    return (
        "\n\n".join(
            [
                f"# Journal des changements – version {told.after}",
                f"Comparée à la version {told.before}, d'après leurs seuls fichiers publiés. "
                "Chaque ligne et chaque cellule, avec l'ancien et le nouveau contenu : `data/differences.csv`.",
                _brief(told),
                *(section for section in sections if section),
            ]
        )
        + "\n"
    )


def first_changelog(version: str) -> str:
    """The changelog of a release that has none before it."""
    return (
        f"# Journal des changements – version {version}\n\n"
        "Première version publiée : il n'y a rien à quoi la comparer, et pas encore de révision.\n"
    )


def summary(told: Story) -> str:
    """One screen: rows by dataset and cause, then the definitions and the errors."""
    if not told.counts:
        return f"Aucune différence entre {told.before} et {told.after}."
    lines = [f"De {told.before} à {told.after} :"]
    for cause, title in SECTIONS.items():
        held = [count for count in told.counts if count.cause == cause]
        if held:
            lines += [f"  {title}", *(f"    {line}" for line in _by_dataset(held))]
    return "\n".join(lines)


def _brief(told: Story) -> str:
    if not told.counts:
        return "Rien n'a changé."
    lines = [
        f"- {title} : {_natures([count for count in told.counts if count.cause == cause])}."
        for cause, title in SECTIONS.items()
        if any(count.cause == cause for count in told.counts)
    ]
    none = [] if told.errors else ["- Aucune erreur corrigée."]
    return "\n".join(["## En bref", "", *lines, *none])


def _section(told: Story, cause: str, title: str) -> str:
    held = [count for count in told.counts if count.cause == cause]
    if not held:
        return ""
    details: dict[str, Callable[[], Iterable[str]]] = {
        "definition": lambda: told.definitions,
        "correction": lambda: (f"{code} : {text}" for code, text in told.errors),
    }
    lines = [f"- {line}" for line in (*details.get(cause, tuple)(), *_by_dataset(held))]
    return "\n".join(
        [
            f"## {title}",
            "",
            *([MEANINGS[cause], ""] if cause in MEANINGS else []),
            *lines,
            *_by_indicator(held, told.names),
        ]
    )


def _by_dataset(counts: list[Count]) -> Iterable[str]:
    for name in sorted({count.jeu for count in counts}):
        yield f"{name} : {_natures([count for count in counts if count.jeu == name])}"


def _by_indicator(counts: list[Count], names: dict[str, str]) -> list[str]:
    """Observations by indicator, the most changed first; other datasets are told by their name alone."""
    told: dict[str, list[Count]] = {}
    for count in counts:
        if count.jeu == "observations" and count.indicateur:
            told.setdefault(count.indicateur, []).append(count)
    order = sorted(told, key=lambda code: (-sum(count.lignes for count in told[code]), code))
    return [f"  - {names.get(code, code)} (`{code}`) : {_natures(told[code])}" for code in order]


def _natures(counts: list[Count]) -> str:
    """« 12 lignes ajoutées, 3 lignes modifiées (dont 2 dans leur valeur) »."""
    parts = []
    for nature, (one, many) in NATURES.items():
        rows = sum(count.lignes for count in counts if count.nature == nature)
        values = sum(count.valeurs for count in counts if count.nature == nature)
        if rows:
            said = f" (dont {nombre(values, 'fr')} dans leur valeur)" if values else ""
            parts.append(f"{nombre(rows, 'fr')} {many if rows > 1 else one}{said}")
    return ", ".join(parts)


def _definitions(con: duckdb.DuckDBPyConnection) -> Iterable[str]:
    query = """
        select jeu, cle, nature, string_agg(champ, ', ' order by champ) as champs from differences
        where cause = 'definition' and (jeu in ('schemas', 'indicateurs', 'mesures') or cle = '{}')
        group by jeu, cle, nature order by jeu, cle, nature
    """
    for jeu, cle, nature, fields in con.execute(query).fetchall():
        what = "table entière" if cle == "{}" else cle
        said = {"ajout": "ajout", "retrait": "retrait"}.get(nature, f"changement de {fields}")
        yield f"{jeu}, {what} : {said}"


def _errors(con: duckdb.DuckDBPyConnection) -> tuple[tuple[str, str], ...]:
    """The errors that some cell was corrected for, with what was wrong and what was done."""
    rows: list[Any] = con.execute(
        "select id, constat || ' ' || remede from corrections "
        "where id in (select correction from differences) order by id"
    ).fetchall()
    return tuple((str(code), str(text)) for code, text in rows)


def _names(con: duckdb.DuckDBPyConnection, release: Snapshot) -> dict[str, str]:
    path = str(release.table("indicateurs"))
    return dict(con.execute("select indicateur, nom from read_parquet($file)", {"file": path}).fetchall())
