"""What the code is made of, as CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/): ``python -m tools.nomenclature``.

Written from the lock, from the licences of its packages, and from what stands in the repository without being
installed: the chart library and the sources of boundaries. No clock and no random: the same lock gives the same bytes.
With ``--verifier``, the file that is there is compared instead, and the exit code is 1 where it is late.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tomllib
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from tools.licences import Licensed, licensed, table
from tools.verrou import LOCK, OURSELVES, PROJECT, ROOT, Package, packages, running

OUTPUT = ROOT / "sbom.cdx.json"
BOUNDARIES = ROOT / "data" / "reference" / "contours" / "PROVENANCE.json"
OPEN_LICENCE = "etalab-2.0"
Component = dict[str, Any]


def bill() -> dict[str, Any]:
    """The whole document."""
    pinned = packages()
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    needed = {one.name for one in running(pinned)}
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, digest)}",
        "version": 1,
        "metadata": {
            "component": _ourselves(),
            "properties": [{"name": "observatoire:requirements.lock:sha256", "value": digest}],
        },
        "components": [*(_package(one, needed) for one in _by_name(pinned)), *_embedded(), *_boundaries()],
        "dependencies": _dependencies(pinned),
    }


def _by_name(pinned: Sequence[Package]) -> list[Licensed]:
    """Every entry of the lock with its licence: one package stands there once for each version of it."""
    licences = {one.package.name: one for one in licensed(tuple(pinned))}
    entries = (Licensed(one, licences[one.name].expression, licences[one.name].runs) for one in pinned)
    return sorted(entries, key=lambda one: _purl(one.package))


def _ourselves() -> Component:
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    licences = [{"license": {"id": project["license"]}}]
    return {
        "type": "application",
        "bom-ref": OURSELVES,
        "name": OURSELVES,
        "version": project["version"],
        "licenses": licences,
    }


def _purl(package: Package) -> str:
    return f"pkg:pypi/{package.name}@{package.version}"


def _package(one: Licensed, needed: set[str]) -> Component:
    """``required`` for what always runs, ``optional`` for what an extra adds, ``excluded`` for tests and tools."""
    scope = "required" if one.package.name in needed else "optional" if one.runs else "excluded"
    found = {"type": "library", "bom-ref": _purl(one.package), "name": one.package.name, "version": one.package.version}
    marker = (
        {"properties": [{"name": "observatoire:marker", "value": one.package.marker}]} if one.package.marker else {}
    )
    return {**found, "scope": scope, "licenses": _licences(one.expression), "purl": _purl(one.package), **marker}


def _licences(expression: str) -> list[Component]:
    simple = " " not in expression
    return [{"license": {"id": expression}} if simple else {"expression": expression}]


def _embedded() -> Iterable[Component]:
    for one in table()["embarques"]:
        digest = hashlib.sha256((ROOT / one["fichier"]).read_bytes()).hexdigest()
        yield {
            "type": "library",
            "bom-ref": one["purl"],
            "name": one["nom"],
            "version": one["version"],
            "scope": "required",
            "hashes": [{"alg": "SHA-256", "content": digest}],
            "licenses": _licences(one["licence"]),
            "purl": one["purl"],
            "properties": [{"name": "observatoire:fichier", "value": one["fichier"]}],
        }


def _boundaries() -> Iterable[Component]:
    """The packages that boundaries, codes and populations were taken from."""
    for one in json.loads(BOUNDARIES.read_text(encoding="utf-8"))["paquets"]:
        yield {
            "type": "data",
            "bom-ref": f"{one['nom']}@{one['version']}",
            "name": one["nom"],
            "version": one["version"],
            "description": one["usage"],
            "hashes": [{"alg": "SHA-256", "content": one["sha256"]}],
            "licenses": _licences(OPEN_LICENCE),
        }


def _dependencies(pinned: Sequence[Package]) -> list[Component]:
    """What each asks for, ourselves first."""
    askers = {OURSELVES: OURSELVES} | {_purl(one): one.name for one in pinned}
    return [
        {"ref": ref, "dependsOn": sorted(_purl(one) for one in pinned if name in one.via)}
        for ref, name in sorted(askers.items(), key=lambda pair: (pair[0] != OURSELVES, pair[0]))
    ]


def written() -> str:
    """The document as it stands in the repository."""
    return json.dumps(bill(), ensure_ascii=False, indent=1) + "\n"


def main(arguments: Sequence[str] = ()) -> int:
    """Write the document, or say that the one that is there is late. Returns the exit code."""
    text = written()
    if "--verifier" not in arguments:
        OUTPUT.write_text(text, encoding="utf-8")
        print(f"{OUTPUT.name} : {text.count('bom-ref') - 1} composants.")
        return 0
    late = not OUTPUT.exists() or OUTPUT.read_text(encoding="utf-8") != text
    print(f"{OUTPUT.name} : {'en retard sur le verrou. Lancez « make sbom ».' if late else 'à jour.'}")
    return int(late)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
