"""The verdict on a release, and the report that is published with it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from publish.audit.attack import Outcome, attack
from publish.audit.knowledge import SQL, Knowledge, read_rule, table_path
from publish.audit.scan import scan
from publish.audit.words import SHOWN, Leak, direct_leaks, jsonable, leaks
from schemas.errors import AuditFailed

REPORT = "audit.json"
# Classes of width of what an attacker cannot tell apart: the largest width of each, in number of possible values.
WIDTHS = (20, 50, 100, 1000)


@dataclass(frozen=True)
class Verdict:
    """What the attack on a release gave: its report, and every leak found."""

    version: str
    rapport: Mapping[str, Any]
    fuites: tuple[Leak, ...]

    @property
    def sure(self) -> bool:
        """Whether the release may be published."""
        return not self.fuites

    def write(self, folder: Path) -> None:
        """Write ``audit.json`` in the folder of the release: the same bytes each time."""
        (folder / REPORT).write_text(self.to_json(), encoding="utf-8")

    def to_json(self) -> str:
        """The report as published."""
        return json.dumps(self.rapport, ensure_ascii=False, indent=2) + "\n"

    def to_text(self) -> str:
        """One screen, in French: what was attacked, how, what was found."""
        return "\n".join([*_summary(self.rapport), *_told(self.fuites)])

    def require(self) -> None:
        """Raise AuditFailed, with the first leaks in words and no value, where the release gives something away."""
        if not self.sure:
            raise AuditFailed("\n".join([f"La version {self.version} n'est pas publiée.", *_told(self.fuites)]))


def audit(
    folder: Path,
    earlier: Sequence[Path] = (),
    *,
    version: str,
    day: str,
    progress: Callable[[str], None] = lambda _: None,
) -> Verdict:
    """Attack the release in ``folder``, knowing those in ``earlier``, oldest first, withdrawn ones included.

    ``day`` (ISO 8601) is that of the release. Raises UsageError where a table the attack needs is missing.
    """
    rule = read_rule(folder)
    progress("lecture")
    knowledge = Knowledge(folder, earlier, rule)
    outcome = attack(knowledge, progress)
    progress("fichiers")
    found = (*direct_leaks(knowledge), *leaks(knowledge, outcome), *scan(folder, knowledge.con, knowledge.version))
    head = {"version": version, "date": day, "verdict": "refusee" if found else "sure"}
    known = [path.name for path in earlier]
    return Verdict(version, {**head, **_report(knowledge, outcome, known, found)}, tuple(found))


def inspect(folder: Path, *, version: str) -> None:
    """Look into every file of a finished draft, whatever its format, for what its observations keep secret.

    Raises AuditFailed, naming the files and the cells, never a value.
    """
    with duckdb.connect(":memory:") as con:
        con.execute(
            f"create temp table lignes as {(SQL / 'lignes.sql').read_text(encoding='utf-8')}",
            {"version": 0, "fichier": str(table_path(folder, "observations"))},
        )
        Verdict(version, {}, tuple(scan(folder, con, 0))).require()


def _report(knowledge: Knowledge, outcome: Outcome, known: list[str], found: Sequence[Leak]) -> dict[str, Any]:
    rule, rows = knowledge.rule, _rows(knowledge)
    kinds, counts = np.unique(outcome.equations.genre.astype(str), return_counts=True)
    return {
        "regle": {"seuil": rule.seuil, "valeurs_possibles": rule.valeurs, "petit_groupe": rule.petit_groupe},
        "versions_connues": known,
        "cellules": {"lignes": sum(row[1] for row in rows), "secretes": sum(row[2] for row in rows)},
        "quantites": {
            "connues": int(np.isfinite(outcome.nodes.valeur).sum()),
            "secretes": int((~np.isfinite(outcome.nodes.valeur)).sum()),
            "inconnues": len(outcome.widths),
            "differences_gardees": outcome.guarded,
            "gardees_a_part": outcome.separated,
        },
        "equations": {str(kind): int(count) for kind, count in zip(kinds, counts, strict=True)},
        "composantes": outcome.components,
        "preuves": {
            "par_programmes_propres": outcome.own,
            "par_temoins": len(outcome.widths) + outcome.guarded - outcome.own,
        },
        "largeurs": _widths(outcome.widths, rule.valeurs),
        "par_indicateur": [dict(zip(("indicateur", "lignes", "secretes"), row, strict=True)) for row in rows],
        "nombre_de_fuites": len(found),
        "fuites": jsonable(found[:SHOWN]),
    }


def _rows(knowledge: Knowledge) -> list[tuple[str, int, int]]:
    query = (SQL / "comptes.sql").read_text(encoding="utf-8")
    return knowledge.con.execute(query, {"version": knowledge.version}).fetchall()


def _widths(widths: np.ndarray, values: int) -> list[dict[str, int | None]]:
    """Number of unknowns by class of width: how many values, at least, remain possible."""
    edges = [0, values - 1, *WIDTHS]
    possible = widths + 1
    classes = [int(((possible > low) & (possible <= high)).sum()) for low, high in pairwise(edges)]
    last = int((possible > edges[-1]).sum())
    tops: list[int | None] = [*edges[1:], None]
    return [
        {"de": low + 1, "a": high, "quantites": count}
        for low, high, count in zip(edges, tops, [*classes, last], strict=True)
    ]


def _summary(report: Mapping[str, Any]) -> list[str]:
    cells, quantities = report["cellules"], report["quantites"]
    known = report["versions_connues"]
    return [
        f"Version {report['version']} : {cells['lignes']} lignes, {cells['secretes']} secrètes.",
        f"Ce que l'attaque connaît : {sum(report['equations'].values())} équations entre {quantities['connues']} "
        f"quantités publiées et {quantities['secretes']} secrètes, dans cette version et "
        + (f"{len(known)} version(s) antérieure(s)." if known else "aucune autre."),
        f"Ce qu'elle a essayé : {report['composantes']} systèmes, {quantities['inconnues']} inconnues et "
        f"{quantities['differences_gardees']} différences.",
    ]


def _told(found: Sequence[Leak]) -> list[str]:
    if not found:
        return ["Aucune valeur secrète ne peut être retrouvée."]
    more = len(found) - SHOWN
    head = f"{len(found)} fuite(s) : la protection est à refaire, ou le fichier en cause à retirer."
    tail = [f"… et {more} autres."] if more > 0 else []
    return [head, *("- " + leak.to_text() for leak in found[:SHOWN]), *tail]
