"""What the portal is told of a release: one dataset, and one resource for each file a reader may want.

Fields are those of udata 17.18 (``udata/core/dataset/api_fields.py`` and ``forms.py``). The files stay on our host:
resources are ``remote``, at the permanent addresses of the release.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from etl.files import sha256
from publish import adresses
from publish.deposit.contents import media_type
from publish.reader import Release
from publish.verify import NAME, archive_of
from schemas.errors import ReleaseConflict

LICENCE = "lov2"
FREQUENCY = "quarterly"
TAGS = ("addictologie", "caarud", "cocaine", "crack", "ile-de-france", "paris", "reduction-des-risques", "sante")
# Keys of ours among the extras of the portal: what finds the dataset and its resources again.
IDENTIFIER, FILE, VERSION = "observatoire:identifiant", "observatoire:fichier", "observatoire:version"
TITLE = "Observatoire du plan crack : indicateurs de suivi"
SUMMARY = "Indicateurs trimestriels du plan crack à Paris et en Île-de-France, avec leurs définitions et leurs limites."
DESCRIPTION = """{about}

Les fichiers ci-dessous sont ceux de la **version {version}**, publiée le {day}. Une version ne change jamais : chaque
fichier garde son adresse et son empreinte SHA-256. Les versions précédentes restent lisibles sur le site.

## Comment lire

- La table `observations` porte tous les indicateurs : une ligne est un indicateur, un territoire, une période et une
  modalité. La table `indicateurs` en donne la définition, l'unité, la méthode et les limites.
- Une cellule vide se lit avec son statut : `zero`, `non_rapporte`, `non_applicable` et `secret` sont quatre choses.
- Un effectif de personnes ou d'actes sur des personnes compris entre 1 et 10 n'est pas publié, ni ce qui permettrait
  de le retrouver.
- Chaque table a son schéma (Table Schema) et existe en plusieurs formats, avec les mêmes lignes.

## Tables

{tables}

## In English

Quarterly indicators of the plan that answers crack use in Paris and Île-de-France. Definitions, methods and caveats are
part of the data, in French and in English. Counts of people from 1 to 10 are not published.

Site : {home}
"""
# What the portal calls the places that a release covers.
ZONES = {"france": "country:fr", "region": "fr:region:{code}"}
DOCUMENTS = {
    "README.md": ("Lisez-moi", "Ce que contient la version et comment la lire, en français et en anglais."),
    "CHANGELOG.md": ("Ce qui a changé", "Lignes ajoutées, retirées et révisées depuis la version précédente."),
    "datapackage.json": ("Descripteur (Data Package)", "Toutes les ressources, leurs schémas, sources et empreintes."),
}


def home(release: Release) -> str:
    """The address of the site, as the release was told it. Raises ReleaseConflict where it was not."""
    base = release.descriptor.get("homepage")
    if not base:
        raise ReleaseConflict(
            f"La version {release.version} ne connaît pas l'adresse du site : le portail ne pourrait mener à ses "
            f"fichiers. Publiez une révision avec {adresses.VARIABLE}."
        )
    return str(base)


def dataset(release: Release, organization: str) -> dict[str, Any]:
    """The dataset, for ``POST /datasets/``; its organization can only be told when it is made."""
    body = {
        "title": TITLE,
        "description": _description(release),
        "description_short": SUMMARY,
        "license": LICENCE,
        "frequency": FREQUENCY,
        "tags": list(TAGS),
        "extras": {IDENTIFIER: NAME, VERSION: release.version},
        **_coverage(release),
    }
    return {**body, "organization": organization} if organization else body


def _description(release: Release) -> str:
    about: dict[str, str] = {}
    for item in release.descriptor["resources"]:
        about.setdefault(str(item["title"]), str(item.get("description", "")))
    return DESCRIPTION.format(
        about=release.descriptor.get("description", ""),
        version=release.version,
        day=release.entry.date,
        home=home(release),
        tables="\n".join(f"- **{title}**{f' — {text}' if text else ''}" for title, text in about.items()),
    )


def _coverage(release: Release) -> dict[str, Any]:
    """Days and places that the release says it covers."""
    span, places = release.descriptor["temporal"], release.descriptor["spatial"]
    return {
        "temporal_coverage": {"start": span["start"], "end": span["end"]},
        "spatial": {
            "zones": [ZONES[place["level"]].format(code=place["code"]) for place in places],
            "granularity": "fr:commune",
        },
    }


def resources(release: Release) -> dict[str, dict[str, Any]]:
    """The resources by the name that stays theirs from one version to the next, in the order of a reader's visit."""
    every = [*_data(release), *_documents(release)]
    return {body["extras"][FILE]: body for body in every}


def _data(release: Release) -> Iterator[dict[str, Any]]:
    withdrawn = {one.fichier for one in release.entry.retraits}
    items = [item for item in release.descriptor["resources"] if item["path"] not in withdrawn]
    # Formats that everyone opens come first; the portal shows the others apart.
    for item in sorted(items, key=lambda item: not _common(item)):
        extra = {"schema": _schema(release, item)} if item["format"] in ("csv", "xlsx") and "schema" in item else {}
        yield {
            **_remote(release, str(item["path"]), digest=item["hash"].removeprefix("sha256:"), size=item["bytes"]),
            "title": f"{item['title']} ({str(item['format']).upper()})",
            "description": str(item.get("description") or item["title"]),
            "type": "main" if _common(item) else "other",
            **extra,
        }


def _common(item: Mapping[str, Any]) -> bool:
    return item["format"] in ("csv", "geojson")


def _schema(release: Release, item: Mapping[str, Any]) -> dict[str, str]:
    return {"url": adresses.permanent(home(release), release.version, str(item["schema"]))}


def _documents(release: Release) -> Iterator[dict[str, Any]]:
    archive = archive_of(release.folder.parent, release.version)
    told = {archive.name: ("Toute la version (ZIP)", "Toutes les tables, dans tous les formats, avec leurs notes.")}
    for name, (title, text) in {**told, **DOCUMENTS}.items():
        path = release.folder / name
        if path.is_file():
            yield {
                **_remote(release, name, digest=sha256(path), size=path.stat().st_size),
                "title": title,
                "description": text,
                "type": "main" if path == archive else "documentation",
            }


def _remote(release: Release, path: str, *, digest: str, size: int) -> dict[str, Any]:
    # The archive's name holds the version; what finds it again does not.
    name = PurePosixPath(path).name.replace(f"-{release.version}", "")
    return {
        "filetype": "remote",
        "url": adresses.permanent(home(release), release.version, path),
        "format": Path(path).suffix[1:],
        "mime": media_type(path).partition(";")[0],
        "filesize": size,
        "checksum": {"type": "sha256", "value": digest},
        "extras": {FILE: name, VERSION: release.version},
    }
