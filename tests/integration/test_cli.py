"""The front door as an operator uses it: help, exit codes, messages."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.main import get_command

import observatoire
from etl.simulate import simulate
from tests.integration.demonstration import demonstrate
from tests.integration.house import House

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "schemas" / "feeds" / "plan_espaces_repos"


def run(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "observatoire", *map(str, words)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)


def every_command() -> list[list[str]]:
    top = get_command(observatoire.app)
    found: list[list[str]] = []
    for name, command in top.commands.items():
        below = getattr(command, "commands", None)
        found += [[name, inner] for inner in below] if below else [[name]]
    return found


@pytest.mark.parametrize("words", every_command(), ids=" ".join)
def test_every_command_and_option_has_help(words: list[str]) -> None:
    command: typer.core.TyperCommand = get_command(observatoire.app)
    for word in words:
        command = command.commands[word]
    assert command.help
    for parameter in command.params:
        assert getattr(parameter, "help", None), f"{' '.join(words)}: {parameter.name}"


def test_the_promised_commands_are_there() -> None:
    names = {words[0] for words in every_command()}
    assert {"run", "simulate", "validate", "ingest", "build", "release", "serve", "geo", "sources"} <= names


def test_a_valid_file_is_accepted() -> None:
    done = run("validate", "plan_espaces_repos", EXAMPLES / "valid.csv")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Accepté" in done.stdout


def test_a_broken_file_is_told_in_french_with_row_column_rule_and_remedy(tmp_path: Path) -> None:
    lines = (EXAMPLES / "valid.csv").read_text(encoding="utf-8").splitlines()
    header = lines[0].split(",")
    cells = lines[2].split(",")
    cells[header.index("femmes")] = str(int(cells[header.index("personnes")]) + 1)
    file = tmp_path / "envoi.csv"
    file.write_text("\n".join([*lines[:2], ",".join(cells), *lines[3:]]) + "\n", encoding="utf-8")
    done = run("validate", "plan_espaces_repos", file)
    assert done.returncode == 10
    assert "Ligne 3" in done.stdout
    assert "femmes" in done.stdout
    assert "femmes_max_personnes" in done.stdout
    assert "À faire" in done.stdout
    english = run("validate", "plan_espaces_repos", file, "--lang", "en")
    assert "Row 3" in english.stdout
    assert "À faire" not in english.stdout


def test_the_json_report_has_the_promised_form() -> None:
    done = run("validate", "plan_espaces_repos", EXAMPLES / "invalid.csv", "--format", "json")
    assert done.returncode == 10
    report = json.loads(done.stdout)
    assert {"valid", "feed", "file", "rows", "dialect", "encoding", "errors"} <= set(report)
    assert report["valid"] is False
    assert report["feed"] == "plan_espaces_repos"
    assert all(set(error) == {"row", "field", "type", "rule", "value", "message"} for error in report["errors"])


def test_errors_are_paged_and_none_is_lost(tmp_path: Path) -> None:
    file = tmp_path / "envoi.csv"
    header = (EXAMPLES / "valid.csv").read_text(encoding="utf-8").splitlines()[0]
    width = header.count(",")
    file.write_text(header + "\n" + ("x" + "," * width + "\n") * 60, encoding="utf-8")
    pages = [
        json.loads(
            run("validate", "plan_espaces_repos", file, "--format", "json", "--limit", 100, "--page", page).stdout
        )
        for page in (1, 2)
    ]
    assert pages[0]["total_errors"] > 100
    rows = [(error["row"], error["field"], error["type"]) for page in pages for error in page["errors"]]
    assert len(rows) == len(set(rows)) == min(200, pages[0]["total_errors"])


def test_a_rejected_file_is_told_by_pages_as_a_checked_one_is(tmp_path: Path) -> None:
    file = tmp_path / "envoi.csv"
    header = (EXAMPLES / "valid.csv").read_text(encoding="utf-8").splitlines()[0]
    file.write_text(header + "\n" + ("x" + "," * header.count(",") + "\n") * 60, encoding="utf-8")
    for options in ([], ["--page", 2, "--limit", 30], ["--lang", "en", "--limit", 7]):
        told = run("validate", "plan_espaces_repos", file, *options)
        kept = run("ingest", "plan_espaces_repos", file, "--data", tmp_path / "data", *options)
        assert (told.returncode, kept.returncode) == (10, 10)
        assert kept.stderr.startswith(told.stdout)
        assert ("« --page » de 1 à" in kept.stderr) is ("--lang" not in options)
    (report,) = (tmp_path / "data" / "quarantine").rglob("rapport.json")
    whole = json.loads(report.read_text(encoding="utf-8"))
    assert len(whole["errors"]) == whole["total_errors"] > 100


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["validate", "inconnu", "x.csv"], 2, "n'est pas un contrat connu"),
        (["validate", "plan_lits", "absent.csv"], 2, "n'existe pas"),
        (["ingest", "plan_lits", "absent.csv"], 2, "n'existe pas"),
        (["ingest", "plan_lits", "schemas"], 2, "c'est un dossier"),
        (["release", "demain"], 2, "n'est pas une version"),
        (["release", "2026.3.0", "--date", "hier"], 2, "n'est pas une date"),
        (["release", "2026.3.0", "--date", "20260101"], 2, "n'est pas une date"),
        (["serve", "--port", "99999"], 2, "--port"),
        (["serve", "--releases", "nulle-part"], 13, "observatoire release"),
        (["simulate", "--scale", "0"], 2, "--scale"),
        (["nulle-part"], 2, "nulle-part"),
    ],
)
def test_what_cannot_be_used_is_said_without_a_traceback(words: list[str], code: int, told: str) -> None:
    done = run(*words)
    assert done.returncode == code
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_ingest_build_and_release_speak_and_exit_as_promised(tmp_path: Path) -> None:
    data = ("--data", tmp_path / "data")
    file = simulate("plan_lits", tmp_path, seed=3)
    assert "accepté" in run("ingest", "plan_lits", file, *data).stderr
    assert "déjà reçu, rien n'a changé" in run("ingest", "plan_lits", file, *data).stderr
    later = simulate("plan_lits", tmp_path / "suite", seed=4)
    assert "accepté" in run("ingest", "plan_lits", later, *data).stderr
    again = run("ingest", "plan_lits", file, *data).stderr
    assert f"l'emporte de nouveau, ligne à ligne, sur ce qui a été reçu depuis : {later.name}" in again
    assert f"renvoyez {later.name}" in again
    rejected = run("ingest", "plan_lits", EXAMPLES / "valid.csv", *data)
    assert rejected.returncode == 10
    assert "Rien n'a été changé" in rejected.stderr
    built = run("build", *data)
    assert (built.returncode, "Entrepôt à jour" in built.stderr) == (0, True)
    assert run("release", "2026.3.0", *data).returncode == 13
    assert run("release", "2026.3.0+demo", *data).returncode == 0
    again = run("release", "2026.3.0+demo", *data)
    assert again.returncode == 13
    assert "ne change plus" in again.stderr


def test_a_warehouse_behind_what_was_received_is_not_released(tmp_path: Path) -> None:
    data = ("--data", tmp_path / "data")
    run("ingest", "plan_lits", simulate("plan_lits", tmp_path, seed=3), *data)
    run("build", *data)
    run("ingest", "plan_actions", simulate("plan_actions", tmp_path, seed=3), *data)
    late = run("release", "2026.3.0+demo", *data)
    assert late.returncode == 13
    assert "plan_actions" in late.stderr
    assert "observatoire build" in late.stderr
    assert not (tmp_path / "data" / "releases" / "index.json").exists()


def test_an_address_that_is_taken_is_said_before_anything_is_announced(demo: House) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run("serve", "--port", taken.getsockname()[1], "--data", demo.data)
    assert done.returncode == 2
    assert "--port" in done.stderr
    assert "http://" not in done.stderr


def test_the_demonstration_is_prepared_once_and_a_new_state_is_a_new_revision(demo: House, tmp_path: Path) -> None:
    paths = observatoire.Paths(tmp_path / "data")
    shutil.copytree(demo.data, paths.data)
    first = _moments(paths.data)
    assert {paths.warehouse, paths.releases / "2026.3.0+demo" / "datapackage.json"} <= first.keys()
    demonstrate(paths.data)
    assert _moments(paths.data) == first
    simulate("plan_lits", paths.inbox, seed=99)
    demonstrate(paths.data)
    assert (paths.releases / "2026.3.0+demo").is_dir()
    assert (paths.releases / "2026.3.1+demo").is_dir()


def _moments(folder: Path) -> dict[Path, int]:
    """When each file was last written."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != ".verrou"]
    return {path: path.stat().st_mtime_ns for path in files}
