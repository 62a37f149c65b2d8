"""The attack told in words: which cells are given away and by which sums; never a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from publish.audit.assembly import Assembly, assemble
from publish.audit.attack import Outcome
from publish.audit.knowledge import SQL, Knowledge
from publish.audit.linear import Ints, labels, part
from publish.audit.programs import solver

SHOWN = 20
CELL = ("mesure", "niveau", "code", "periode", "ventilation", "modalite")
# How each kind of sum is said; {tout} is its whole.
SUMS: Mapping[str, str] = {
    "temps": "{tout} = somme de ses périodes",
    "territoire": "{tout} = somme de ses territoires",
    "modalite": "{tout} = somme des mêmes lignes de ses territoires",
    "groupe": "{tout} = somme des mesures qui la composent",
    "complement": "{tout} = numérateur de la part + complément",
    "partie": "{tout} ≥ mesure qui en est une partie",
    "declarations": "{tout} ≥ même mesure sur moins de déclarations",
    "maximum": "{tout} = maximum de ses parties",
}
WHY: Mapping[str, str] = {
    "intervalle": "petit effectif secret retrouvé",
    "ligne": "ligne secrète dont chaque chiffre est retrouvé, ou trop peu de valeurs possibles",
    "reste": "petit effectif retrouvé par différence",
    "contradiction": "chiffres publiés qui se contredisent",
    "ligne_secrete": "ligne secrète qui porte un chiffre",
    "petit_effectif": "petit effectif publié",
    "petite_base": "publié sur une base trop petite",
    "complement": "complément d'une part trop petit",
    "unanimite": "tous ou personne dans un petit groupe",
    "quantile": "délai qui situe un effectif secret",
    "fichier": "chiffre d'une cellule secrète",
    "texte": "nombre à côté d'une cellule secrète",
    "colonne": "colonne qu'aucun contrat ne déclare",
    "metadonnee": "métadonnée inattendue",
    "statistique": "extrême annoncé que les lignes n'ont pas",
    "classeur": "partie cachée d'un classeur",
    "propriete": "propriété qu'aucun contrat ne déclare",
    "archive": "contenu qui n'est pas celui de la version",
}


@dataclass(frozen=True)
class Leak:
    """A cell that is given away: why, the cell by its keys, and the equations that do it."""

    raison: str
    cellule: Mapping[str, str]
    equations: tuple[str, ...] = ()

    def to_text(self) -> str:
        """One line for the cell, one for each equation."""
        where = " ".join(value for value in self.cellule.values() if value)
        said = [f"{where} : {WHY.get(self.raison, self.raison)}", *(f"    {text}" for text in self.equations)]
        return "\n".join(said)


def direct_leaks(knowledge: Knowledge) -> list[Leak]:
    """The rows that break the rule by themselves."""
    names = ("mesure", *CELL[1:])
    return [Leak(str(reason), dict(zip(names, map(str, cell), strict=True))) for reason, *cell in knowledge.breaches()]


def leaks(knowledge: Knowledge, outcome: Outcome) -> list[Leak]:
    """What the attack gives away, sorted by cell; the first twenty with the equations that do it."""
    found = [("intervalle", int(node), -1) for node in outcome.small]
    found += [("ligne", node, -1) for node in knowledge.told_rows(outcome.narrow) if node not in set(outcome.small)]
    found += [("reste", int(outcome.equations.tout[row]), int(row)) for row in outcome.exposed]
    found += [("contradiction", int(outcome.equations.tout[row]), int(row)) for row in outcome.broken]
    if not found:
        return []
    cells = _cells(knowledge, {node for _, node, _ in found})
    found.sort(key=lambda one: (one[0], *cells[one[1]], one[2]))
    why = _Why(knowledge, outcome)
    return [
        Leak(reason, dict(zip(CELL, cells[node], strict=True)), why.of(node, row) if rank < SHOWN else ())
        for rank, (reason, node, row) in enumerate(found)
    ]


def _cells(knowledge: Knowledge, nodes: set[int]) -> dict[int, tuple[str, ...]]:
    query = (SQL / "mots_noeuds.sql").read_text(encoding="utf-8")
    columns = ", ".join(("noeud", *CELL))
    rows = knowledge.con.execute(f"select {columns} from ({query})", {"noeuds": sorted(nodes)}).fetchall()
    return {node: tuple(map(str, cell)) for node, *cell in rows}


class _Why:
    """Finds, for a node or an equation, the sums that bound it: those a dual program leans on."""

    def __init__(self, knowledge: Knowledge, outcome: Outcome) -> None:
        self.knowledge, self.outcome = knowledge, outcome
        self.plain: Assembly = assemble(outcome.nodes, outcome.equations, merge=False)
        self.marks = labels(self.plain.system)[1]
        self.by_column = self.plain.system.matrix.tocsc()

    def of(self, node: int, row: int) -> tuple[str, ...]:
        column = self.plain.column[node] if row < 0 else self.plain.rest[row]
        rows = self._support(int(column)) if column >= 0 else np.zeros(0, dtype=np.int64)
        own = [row] if row >= 0 else []
        return self._said(np.union1d(rows, np.asarray(own, dtype=np.int64)))

    def _support(self, column: int) -> Ints:
        """The equations with a price in the program of the smallest or of the largest value of the column."""
        columns = np.flatnonzero(self.marks == self.marks[column])
        inside, rows = part(self.plain.system, columns, self.by_column)
        model = solver(inside)
        target = int(np.searchsorted(columns, column))
        held: set[int] = set()
        for sign in (1.0, -1.0):
            model.changeColCost(target, sign)
            model.run()
            if model.getModelStatus() == highspy.HighsModelStatus.kOptimal:
                prices = np.asarray(model.getSolution().row_dual)
                held |= set(self.plain.row[rows[np.abs(prices) > 1e-7]].tolist())
        return np.asarray(sorted(held), dtype=np.int64)

    def _said(self, rows: Ints) -> tuple[str, ...]:
        equations = self.outcome.equations
        wholes = _cells(self.knowledge, {int(equations.tout[row]) for row in rows})
        return tuple(dict.fromkeys(self._sentence(int(row), wholes) for row in rows))

    def _sentence(self, row: int, wholes: Mapping[int, Sequence[str]]) -> str:
        equations = self.outcome.equations
        genre, name = str(equations.genre[row]), " ".join(wholes[int(equations.tout[row])])
        kind, _, along = genre.partition("_")
        pattern = SUMS.get(kind) or "{tout} = somme de ses lignes « {along} »"
        left = " + un reste" if equations.reste[row] and kind not in ("complement", "partie", "maximum") else ""
        version = self.knowledge.folders[int(equations.version[row])].name
        older = f" (version {version})" if int(equations.version[row]) != self.knowledge.version else ""
        return pattern.format(tout=name, along=along) + left + older


def jsonable(found: Sequence[Leak]) -> list[dict[str, Any]]:
    """The leaks as the report writes them."""
    return [{"raison": leak.raison, **leak.cellule, "equations": list(leak.equations)} for leak in found]
