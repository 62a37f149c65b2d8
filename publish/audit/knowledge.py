"""What an attacker knows: every figure of a release and of those before it, as quantities and the sums between them.

Nothing is read but files a reader can download. All the work on rows is SQL; what comes out are arrays.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from publish.audit.linear import Bools, Floats, Ints
from schemas.errors import UsageError

SQL = Path(__file__).resolve().parent / "sql"
DATA = "data"
# What was withdrawn stays known to whoever had downloaded it: its files are kept beside the public folder.
KEPT = ".retirees"
# What every attacker knows of the rule, where a release does not publish it.
RULE: Mapping[str, Any] = {"seuil": 11, "valeurs": 11, "petit_groupe": 30, "imbrications": {"unite": "service"}}
# How many figures must be seen twice before most of them having changed says that all were redone.
COMPARED = 10
# The tables of each release, and those of which the newest word is enough.
DATED = ("indicateurs",)
SHARED = {
    "mesures": "flux, mesure",
    "territoires": "niveau, code",
    "services": "service_id",
    "population": "niveau, code, annee",
}


# How measures hold each other beyond sums, which the first releases do not say.
LINKS = ("borne", "nulle_si")


@dataclass(frozen=True)
class Rule:
    """The rule as published: threshold, values that must stay possible, size under which unanimity tells."""

    seuil: int
    valeurs: int
    petit_groupe: int
    imbrications: Mapping[str, str]


@dataclass(frozen=True)
class Equations:
    """Sums between nodes: ``tout`` = its ``parties`` + what is left, which is 0 where ``reste`` is false.

    The parts of equation ``i`` are ``parties[bornes[i]:bornes[i + 1]]``. ``juge``: what is left counts persons.
    ``version`` and ``serie`` name one release and one series that show the sum.
    """

    genre: np.ndarray
    tout: Ints
    parties: Ints
    bornes: Ints
    reste: Bools
    juge: Bools
    version: Ints
    serie: Ints

    def __len__(self) -> int:
        return len(self.tout)


@dataclass(frozen=True)
class Nodes:
    """The quantities: ``valeur`` is NaN where no release shows it; ``secret`` where one hides it.

    ``juge``: it counts persons. ``niveau``: 1 where it is kept apart by release, 2 by indicator, else 0.
    """

    valeur: Floats
    secret: Bools
    juge: Bools
    niveau: Ints


def read_rule(folder: Path) -> Rule:
    """The rule a release publishes, completed with what is known of it."""
    path = folder / "schemas" / "confidentialite.json"
    said = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    merged = {**RULE, **said}
    return Rule(**{name: merged[name] for name in RULE})


class Knowledge:
    """The releases, loaded; the nodes and equations they give, which change as revisions are found.

    Raises UsageError where the audited release lacks a table the attack needs.
    """

    def __init__(self, folder: Path, earlier: Sequence[Path], rule: Rule) -> None:
        self.folders = (*earlier, folder)
        self.rule = rule
        self.con = duckdb.connect(":memory:")
        self.con.execute("set preserve_insertion_order = false")
        self._load()
        self.con.execute(
            "create temp table separees "
            "(quantite_id integer, cellule integer, recues bigint, propre integer, refonte integer, niveau integer)"
        )

    @property
    def version(self) -> int:
        """Number of the audited release: the last."""
        return len(self.folders) - 1

    def _load(self) -> None:
        for number, folder in enumerate(self.folders):
            verb = "create temp table lignes as" if number == 0 else "insert into lignes by name"
            fichier = str(table_path(folder, "observations"))
            self.con.execute(f"{verb} {_sql('lignes')}", {"version": number, "fichier": fichier})
        for name in DATED:
            self._union(name, "*, {number} as version")
        for name, key in SHARED.items():
            self._union(name, "*, {number} as version")
            self.con.execute(
                f"create or replace temp table {name} as select * exclude (version) from {name} "
                f"qualify row_number() over (partition by {key} order by version desc) = 1"
            )
        for link in LINKS:
            self.con.execute(f"alter table mesures add column if not exists {link} varchar")
        pairs = [*self.rule.imbrications.items()] or [("", "")]
        values = ", ".join("(?, ?)" for _ in pairs)
        flat = [name for pair in pairs for name in pair]
        self.con.execute("create temp table imbrications (partie varchar, tout varchar)")
        self.con.execute(f"insert into imbrications values {values}", flat)
        for step in ("series", "cellules", "roles", "liens"):
            self.con.execute(f"create temp table {step} as {_sql(step)}")
        self.con.execute(f"create temp table refontes as {_sql('refontes')}", {"vues": COMPARED})

    def _union(self, name: str, columns: str) -> None:
        """One table of every release that has it, with the number of the release."""
        paths = [(number, table_path(folder, name)) for number, folder in enumerate(self.folders)]
        held = [(number, path) for number, path in paths if path.exists()]
        if not held:
            raise UsageError(
                f"{self.folders[-1]} : il manque data/{name}.parquet, sans quoi le secret ne peut pas être éprouvé. "
                "Refaites la version avec « observatoire release »."
            )
        parts = " union all by name ".join(
            f"select {columns.format(number=n)} from read_parquet(?, hive_partitioning = false)" for n, _ in held
        )
        self.con.execute(f"create temp table {name} as {parts}", [str(path) for _, path in held])

    def build(self) -> tuple[Nodes, Equations]:
        """The nodes and the sums between them, those found to differ between releases kept apart."""
        for step in ("cles", "noeuds", "presences", "sommes", "formules"):
            self.con.execute(f"create or replace temp table {step} as {_sql(step)}")
        self.con.execute(
            "create or replace temp table equations as "
            "select row_number() over (order by genre, tout, parties, reste, juge) - 1 as equation, * from ("
            "select genre, tout, parties, reste, juge, max(version) as version, max(serie) as serie from ("
            "select genre, tout, parties, reste, reste as juge, version, serie from sommes "
            "union all select genre, tout, parties, reste, juge, version, serie from formules) group by all)"
        )
        return self._nodes(), self._equations()

    def _nodes(self) -> Nodes:
        read = self.con.execute(
            "select valeur, secret, niveau, s.sensible as juge from noeuds "
            "join (select distinct quantite_id, sensible from series) as s using (quantite_id) order by noeud"
        ).fetchnumpy()
        return Nodes(
            np.ma.filled(np.ma.asarray(read["valeur"], dtype=float), np.nan),
            np.asarray(read["secret"], dtype=bool),
            np.asarray(read["juge"], dtype=bool),
            np.asarray(read["niveau"], dtype=np.int64),
        )

    def _equations(self) -> Equations:
        read = self.con.execute(
            "select genre, tout, len(parties) as taille, reste, juge, version, serie from equations order by equation"
        ).fetchnumpy()
        flat = self.con.execute("select unnest(parties) as noeud from equations order by equation").fetchnumpy()[
            "noeud"
        ]
        return Equations(
            genre=np.asarray(read["genre"], dtype=object),
            tout=np.asarray(read["tout"], dtype=np.int64),
            parties=np.asarray(flat, dtype=np.int64),
            bornes=np.concatenate([[0], np.cumsum(np.asarray(read["taille"], dtype=np.int64))]),
            reste=np.asarray(read["reste"], dtype=bool),
            juge=np.asarray(read["juge"], dtype=bool),
            version=np.asarray(read["version"], dtype=np.int64),
            serie=np.asarray(read["serie"], dtype=np.int64),
        )

    def separate(self, nodes: Ints) -> bool:
        """Keep those nodes apart, by release or, where they already are, by indicator; false where all are."""
        self.con.register("vus", {"noeud": np.unique(nodes)})
        before = self._separated()
        self.con.execute(
            "create or replace temp table separees as "
            "select quantite_id, cellule, recues, propre, refonte, max(niveau)::integer as niveau from ("
            "select * from separees union all "
            "select quantite_id, cellule, recues, propre, refonte, least(niveau + 1, 2) from noeuds "
            "join vus using (noeud)) "
            "group by all"
        )
        self.con.unregister("vus")
        return self._separated() != before

    def _separated(self) -> tuple[Any, ...]:
        return tuple(self.con.execute("select count(*), sum(niveau) from separees").fetchall()[0])

    def told_rows(self, narrow: Ints) -> list[int]:
        """A node of each hidden row of which every quantity is among ``narrow`` or shown by another row."""
        self.con.register("etroits", {"noeud": narrow})
        rows = self.con.execute(_sql("lignes_retrouvees")).fetchall()
        self.con.unregister("etroits")
        return [int(node) for (node,) in rows]

    def breaches(self) -> list[tuple[Any, ...]]:
        """Rows of the audited release that break the rule by themselves: the reason, then the cell."""
        bound = {"version": self.version, "seuil": self.rule.seuil, "petit_groupe": self.rule.petit_groupe}
        return self.con.execute(_sql("directes"), bound).fetchall()

    def quotients(self) -> list[dict[str, Any]]:
        """Published rows that show a quotient or an interval but not its counts."""
        cursor = self.con.execute(f"select * from ({_sql('arrondies')}) order by all")
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def table_path(folder: Path, name: str) -> Path:
    """Where a release holds a table, or where it is kept if it was withdrawn alone: whoever had it still has it."""
    relative, public = Path(DATA) / f"{name}.parquet", folder.resolve()
    kept = public.parent.with_name(public.parent.name + KEPT) / public.name / relative
    return kept if kept.is_file() and not (folder / relative).is_file() else folder / relative


def _sql(name: str) -> str:
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")
