"""The audit as a whole: against enumeration, from the command line, and what it leaves in writing."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from observatoire import app
from publish.audit import REPORT, audit, audit_published, earlier_releases, inspect
from publish.audit.attack import attack
from publish.audit.knowledge import Knowledge, read_rule
from schemas.errors import AuditFailed, UsageError
from tests.integration import fabrique
from tests.integration.fabrique import MONTHS, QUARTER, SECRET, safe, write_releases

SERVICES = ("service-01-a", "service-01-b")
SHORT = MONTHS[:2]
# More than two counts of at most 12 make: what is bounded by a published sum of two does not reach it.
TOP = 26
# The same command line as the shell's, errors included.
runner = CliRunner()


@pytest.fixture
def tiny(monkeypatch):
    """Only one department, two services and two months: few enough to enumerate."""
    monkeypatch.setattr(fabrique, "SERVICES", dict.fromkeys(SERVICES, "01"))
    monkeypatch.setattr(fabrique, "DEPARTMENTS", ("01",))
    monkeypatch.setattr(fabrique, "MONTHS", SHORT)


def cut(draw: np.random.Generator) -> fabrique.Fabrique:
    """Random counts, of which random rows are hidden."""
    counts = {(service, month): {"visites": int(draw.integers(0, 13))} for service in SERVICES for month in SHORT}
    made = fabrique.Fabrique(fabrique.whole(counts), fabrique.references())
    kept = made.cells(indicateur="visites", territoire_niveau="departement")
    made.observations = made.observations[kept].reset_index(drop=True)
    made.hide(made.observations["valeur"].ge(0) & (draw.random(len(made.observations)) < 0.7))
    return made


def enumerated(made: fabrique.Fabrique) -> dict[tuple[str, str], tuple[float, float]]:
    """Smallest and largest value of each hidden cell over every table that the published cells allow.

    A value reached with a count at the top of the enumeration has no ceiling but that one.
    """
    base = np.array(list(product(range(TOP + 1), repeat=4)), dtype=np.int16)
    counts = {(service, month): [2 * i + j] for i, service in enumerate(SERVICES) for j, month in enumerate(SHORT)}
    parts = dict(counts)
    parts |= {(service, QUARTER): [2 * i, 2 * i + 1] for i, service in enumerate(SERVICES)}
    parts |= {("tous", month): [j, 2 + j] for j, month in enumerate(SHORT)} | {("tous", QUARTER): [0, 1, 2, 3]}
    fits = np.ones(len(base), dtype=bool)
    for row in made.observations.itertuples():
        if row.statut != "secret":
            fits &= base[:, parts[row.modalite, row.periode]].sum(axis=1) == row.valeur
    hidden = made.observations[made.observations["statut"] == "secret"]
    return {
        cell: _extremes(base[fits][:, parts[cell]]) for cell in zip(hidden["modalite"], hidden["periode"], strict=True)
    }


def _extremes(points: np.ndarray) -> tuple[float, float]:
    sums = points.sum(axis=1)
    endless = (points[sums == sums.max()] == TOP).any()
    return float(sums.min()), np.inf if endless else float(sums.max())


@pytest.mark.parametrize("seed", range(12))
def test_what_is_told_is_what_enumeration_tells(tiny, tmp_path, seed):
    made = cut(np.random.default_rng(seed))
    truth = enumerated(made)
    folder = made.write(tmp_path / "r")
    knowledge = Knowledge(folder, (), read_rule(folder))
    outcome = attack(knowledge, lambda _: None)
    cells = knowledge.con.execute(
        "select noeud, modalite, periode from noeuds join cellules using (cellule)"
    ).fetchall()
    names = {node: (modality, period) for node, modality, period in cells}
    told = {names[node] for node in outcome.narrow.tolist()}
    small = {names[node] for node in outcome.small.tolist()}
    assert told == {cell for cell, (low, high) in truth.items() if high - low < 10}
    assert small == {cell for cell, (low, high) in truth.items() if low >= 1 and high <= 10}
    assert len(outcome.broken) == 0


def test_the_report_is_the_same_when_made_again_and_tells_no_time(tmp_path):
    folder = safe().write(tmp_path / "2026.2.0")
    first, second = (audit(folder, version="2026.2.0", day="2026-05-01") for _ in range(2))
    first.write(folder)
    assert (folder / REPORT).read_text(encoding="utf-8") == second.to_json() == first.to_json()
    report = json.loads(second.to_json())
    assert report["verdict"] == "sure"
    assert report["date"] == "2026-05-01"
    assert report["regle"] == {"seuil": 11, "valeurs_possibles": 11, "petit_groupe": 30}
    assert sum(one["quantites"] for one in report["largeurs"]) == report["quantites"]["inconnues"]
    assert str(tmp_path) not in second.to_json()


def test_the_threshold_is_the_one_the_release_publishes(tmp_path):
    made = safe()
    made.show({"numerateur": 17.0, "valeur": 17.0}, indicateur="places", modalite=SERVICES[0], periode=MONTHS[0])
    folder = made.write(tmp_path / "r")
    (folder / "schemas" / "confidentialite.json").write_text(json.dumps({"seuil": 28}), encoding="utf-8")
    verdict = audit(folder, version="2026.2.0", day="2026-05-01")
    assert verdict.rapport["regle"]["seuil"] == 28
    # Women are 24 and more in a month: too few for that threshold. Places are no people.
    assert {leak.cellule["mesure"] for leak in verdict.fuites if leak.raison == "petit_effectif"} == {
        "femmes",
        "part_femmes",
    }


def test_the_command_says_fine_or_fails_with_its_own_code(tmp_path):
    leaky = safe()
    leaky.reveal(indicateur="visites", modalite=SERVICES[1])
    write_releases(tmp_path / "releases", {"2026.1.0": safe(), "2026.1.1": leaky})
    fine = runner.invoke(app, ["audit", "2026.1.0", "--data", str(tmp_path)])
    assert fine.exit_code == 0
    assert "Aucune valeur secrète ne peut être retrouvée." in fine.stdout
    refused = runner.invoke(app, ["audit", "2026.1.1", "--data", str(tmp_path)])
    assert refused.exit_code == AuditFailed.exit_code == 12
    assert "service-01-a" in refused.stdout
    assert "somme de ses" in refused.stdout
    printed = runner.invoke(app, ["audit", "2026.1.1", "--json", "--data", str(tmp_path)])
    assert printed.exit_code == 12
    assert json.loads(printed.stdout)["verdict"] == "refusee"
    assert json.loads(printed.stdout)["versions_connues"] == ["2026.1.0"]


def test_neither_the_command_nor_the_report_tells_a_hidden_value(tmp_path):
    # A number found nowhere else: the attack finds it, since the other service of the month is shown.
    odd = 7919
    month, shield = MONTHS[:2]
    made = safe({(SERVICES[0], month): {"visites": odd}})
    for period in (month, shield):
        made.reveal(indicateur="visites", modalite=SERVICES[1], periode=period)
    write_releases(tmp_path / "releases", {"2026.1.0": made})
    printed = runner.invoke(app, ["audit", "2026.1.0", "--data", str(tmp_path)])
    written = runner.invoke(app, ["audit", "2026.1.0", "--json", "--data", str(tmp_path)])
    assert printed.exit_code == written.exit_code == 12
    assert SERVICES[0] in printed.stdout
    verdict = audit_published("2026.1.0", tmp_path / "releases")
    with pytest.raises(AuditFailed) as refusal:
        verdict.require()
    for text in (printed.output, written.output, str(refusal.value), repr(verdict.rapport)):
        assert str(odd) not in text


def test_every_version_before_is_known_and_a_missing_one_is_not_overlooked(tmp_path):
    releases = write_releases(
        tmp_path / "releases", {"2026.1.0": safe(), "2026.1.1": safe(), "2026.2.0": safe()}, withdrawn=["2026.1.1"]
    )
    folders = earlier_releases(releases, "2026.2.0")
    assert [folder.name for folder in folders] == ["2026.1.0", "2026.1.1"]
    assert [folder.name for folder in earlier_releases(releases, "2026.3.0")] == ["2026.1.0", "2026.1.1", "2026.2.0"]
    (folders[1] / "data" / "observations.parquet").unlink()
    with pytest.raises(UsageError, match=r"2026\.1\.1"):
        earlier_releases(releases, "2026.2.0")


def test_an_unknown_version_or_a_release_without_its_measures_is_refused(tmp_path):
    releases = write_releases(tmp_path / "releases", {"2026.1.0": safe()})
    with pytest.raises(UsageError, match=r"2026\.9\.0"):
        audit_published("2026.9.0", releases)
    (releases / "2026.1.0" / "data" / "mesures.parquet").unlink()
    with pytest.raises(UsageError, match="mesures"):
        audit_published("2026.1.0", releases)


def test_a_finished_draft_is_looked_into(tmp_path):
    folder = safe().write(tmp_path / "2026.2.0")
    inspect(folder, version="2026.2.0")
    (folder / "site").mkdir()
    (folder / "site" / "a.md").write_text(f"visites {SERVICES[0]} {MONTHS[0]} 5", encoding="utf-8")
    with pytest.raises(AuditFailed, match=r"site/a\.md"):
        inspect(folder, version="2026.2.0")


def test_the_attack_shares_no_code_with_what_it_attacks():
    sources = Path(fabrique.__file__).parents[2] / "publish" / "audit"
    for path in sources.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "publish.disclosure" not in text.replace("(``publish.disclosure``)", "")
        assert "from etl" not in text
        assert "from geo" not in text


def test_secret_rows_hold_nothing(tmp_path):
    hidden = safe().observations.query("statut == 'secret'")
    assert hidden[list(SECRET)].isna().all(axis=None)


def _hidden(tmp_path: Path, changes: fabrique.Changes) -> int:
    """How many hidden quantities a first release and a second one, with those counts changed, leave to find."""
    first, second = fabrique.safe().write(tmp_path / "1"), fabrique.safe(changes).write(tmp_path / "2")
    knowledge = Knowledge(second, [first], read_rule(second))
    nodes, _ = knowledge.build()
    return int((nodes.secret & nodes.juge).sum())


def test_what_is_hidden_is_one_quantity_until_most_figures_beside_it_are_redone(tmp_path):
    one = {("service-26-a", "2026-03"): {"visites": 500}}
    every = {
        (service, month): {"visites": 300 + 20 * rank + late, "personnes": 90 + rank + late, "femmes": 30 + rank}
        for rank, service in enumerate(fabrique.SERVICES)
        for late, month in enumerate(fabrique.MONTHS)
        if (service, month) not in fabrique.HIDDEN
    }
    kept = _hidden(tmp_path / "a", one)
    assert _hidden(tmp_path / "b", every) == 2 * kept
