"""The differences between two releases in words: the changelog of a release, and a summary of one screen."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from publish.charte.formats import nombre
from publish.differences.contracts import SECRECY
from publish.differences.diff import Snapshot

# Definitions are told one by one, not counted: contracts, whole tables, indicators and their measures.
DEFINING = "(jeu in ('schemas', 'indicateurs', 'mesures') or cle = '{}')"
COUNTS = f"""
    select
        jeu, nature, cause, indicateur,
        count(distinct cle) as lignes,
        count(*) filter (champ = 'valeur') as valeurs
    from differences
    where not {DEFINING}
    group by all
    order by all
"""
DEFINITIONS = f"""
    select jeu, cle, nature, string_agg(champ, ', ' order by champ) as champs
    from differences
    where {DEFINING} and cle <> '{{}}'
    group by jeu, cle, nature
    order by jeu, cle, nature
"""
# The sections of a changelog, in the order of what a reader must know first.
SECTIONS = {
    "definition": "Changements de définition",
    "correction": "Corrections d'erreurs",
    "revision": "Révisions",
    "non_declaree": "Révisions sans cause déclarée",
    "protection": "Secret statistique",
    "nouvelle_donnee": "Nouvelles données",
    "registre": "Registres mis à jour",
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
    lignes: int
    valeurs: int


@dataclass(frozen=True)
class Story:
    """What changed from a version to another; ``definitions`` are lines of text, ``errors`` (identifier, text)."""

    before: str
    after: str
    counts: tuple[Count, ...]
    definitions: tuple[str, ...]
    errors: tuple[str, ...]
    names: dict[str, str]

    @property
    def same(self) -> bool:
        """Whether nothing changed."""
        return not self.counts and not self.definitions

    def of(self, cause: str) -> list[Count]:
        """The counts of a cause."""
        return [count for count in self.counts if count.cause == cause]

    def has(self, cause: str) -> bool:
        """Whether there is something to tell of a cause."""
        return bool(self.of(cause)) or (cause == "definition" and bool(self.definitions))


def story(con: duckdb.DuckDBPyConnection, before: Snapshot, after: Snapshot) -> Story:
    """The story of a connection where ``diff`` made its tables."""
    counts = tuple(Count(*row) for row in con.execute(COUNTS).fetchall())
    names = _names(con, before) | _names(con, after)
    definitions = tuple(_definition(names, *row) for row in con.execute(DEFINITIONS).fetchall())
    return Story(before.version, after.version, counts, definitions, _errors(con), names)


def changelog(told: Story) -> str:
    """The changelog of a release in Markdown, French."""
    sections = [_section(told, cause, title) for cause, title in SECTIONS.items() if told.has(cause)]
    return (
        "\n\n".join(
            [
                f"# Journal des changements – version {told.after}",
                f"Comparée à la version {told.before}, d'après leurs seuls fichiers publiés. "
                "Chaque ligne et chaque cellule, avec l'ancien et le nouveau contenu : `data/differences.csv`.",
                _brief(told),
                *sections,
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
    if told.same:
        return f"Aucune différence entre {told.before} et {told.after}."
    lines = [f"De {told.before} à {told.after} :"]
    for cause, title in SECTIONS.items():
        if told.has(cause):
            lines += [f"  {title}", *(f"    {line}" for line in (*_said(told, cause), *_by_dataset(told.of(cause))))]
    return "\n".join(lines)


def _brief(told: Story) -> str:
    """One line a cause; that there is no error is told too."""
    if told.same:
        return "Rien n'a changé."
    lines = [f"- {title} : {_in_brief(told, cause)}." for cause, title in SECTIONS.items() if told.has(cause)]
    none = [] if told.errors else ["- Aucune erreur corrigée."]
    return "\n".join(["## En bref", "", *lines, *none])


def _in_brief(told: Story, cause: str) -> str:
    said = len(told.definitions) if cause == "definition" else 0
    defined = [f"{nombre(said, 'fr')} {'changements' if said > 1 else 'changement'}"] if said else []
    return ", ".join([*defined, *filter(None, [_natures(told.of(cause))])])


def _section(told: Story, cause: str, title: str) -> str:
    held = told.of(cause)
    lines = [f"- {line}" for line in (*_said(told, cause), *_by_dataset(held))]
    meaning = [MEANINGS[cause], ""] if cause in MEANINGS else []
    return "\n".join([f"## {title}", "", *meaning, *lines, *_by_indicator(held, told.names)])


def _said(told: Story, cause: str) -> tuple[str, ...]:
    """What is told one by one: the definitions, the errors of the register."""
    return {"definition": told.definitions, "correction": told.errors}.get(cause, ())


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


def _definition(names: dict[str, str], jeu: str, cle: str, nature: str, champs: str) -> str:
    """« Table observations, colonne valeur : changement de unit »."""
    key = json.loads(cle)
    if jeu == "schemas":
        table = "Règle du secret" if key["jeu"] == SECRECY else f"Table {key['jeu']}"
        what = table + (f", colonne {key['champ']}" if "champ" in key else "")
    elif jeu == "indicateurs":
        what = f"Indicateur « {names.get(key['indicateur'], '')} » (`{key['indicateur']}`)"
    else:
        what = f"Mesure {'.'.join(str(part) for part in key.values())}"
    return f"{what} : {nature if nature != 'modification' else f'changement de {champs}'}"


def _errors(con: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """The errors that some cell was corrected for: identifier, what was wrong, what was done."""
    rows = con.execute(
        "select id || ' : ' || constat || ' ' || remede from corrections "
        "where id in (select correction from differences) order by id"
    ).fetchall()
    return tuple(str(text) for (text,) in rows)


def _names(con: duckdb.DuckDBPyConnection, release: Snapshot) -> dict[str, str]:
    path = str(release.table("indicateurs"))
    return dict(
        con.execute(
            "select indicateur, nom from read_parquet($file, hive_partitioning = false)", {"file": path}
        ).fetchall()
    )
