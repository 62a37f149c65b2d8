"""Make the portal say what the newest release says: create what lacks, change what differs, touch nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from publish import adresses
from publish.deposit.datagouv.bodies import FILE, IDENTIFIER, dataset, home, resources
from publish.deposit.datagouv.http import Api, Call
from publish.reader import Release, Releases
from publish.verify import NAME, counted, verify
from schemas.errors import ReleaseConflict, UsageError

NEW = "{identifiant attribué par le portail}"


@dataclass(frozen=True)
class Sync:
    """What was done on the portal, or would be: the calls in their order, and what was left alone, in French."""

    version: str
    base: str
    calls: tuple[Call, ...]
    notes: tuple[str, ...]

    def to_text(self) -> str:
        """Each call as it is sent: method, address, body."""
        return "\n\n".join(
            f"{call.method} {self.base}{call.path}"
            + ("" if call.body is None else f"\n{json.dumps(call.body, ensure_ascii=False, indent=2)}")
            for call in self.calls
        )

    def summary(self, *, dry: bool) -> str:
        """What was done, or would be, in a few lines."""
        made, changed, gone = (
            sum(call.method == method for call in self.calls) for method in ("POST", "PUT", "DELETE")
        )
        done = "à faire" if dry else "faits"
        calls = f"{counted(len(self.calls), 'appel')} {done} ({made} POST, {changed} PUT, {gone} DELETE)"
        lines = [f"{self.base}, version {self.version} : {calls}.", *self.notes]
        return "\n".join([*lines, "Rien n'a été envoyé : ajoutez « --execute » pour le faire."] if dry else lines)


def synchronise(releases: Path, api: Api, *, organization: str = "", dry: bool = True) -> Sync:
    """Tell the portal the newest release that stands, verified; where ``dry``, only read what is there.

    Without a key, a dry run cannot know what is there and plans a first time. Raises UsageError without a key or with a
    demonstration for the portal everyone reads, ReleaseConflict where the release is broken or has no address,
    HostFailed where the portal refuses.
    """
    release = Releases(releases).release()
    try:
        return _synchronise(release, api, organization=organization, dry=dry)
    finally:
        release.close()


def _synchronise(release: Release, api: Api, *, organization: str, dry: bool) -> Sync:
    if not dry:
        _check(release, api)
    notes = _warnings(release, api)
    held = _held(api, organization) if api.key else None
    made, wanted = dataset(release, organization), resources(release)
    identifier = held["id"] if held else NEW
    calls = []
    if held is None:
        call = Call("POST", "/datasets/", made)
        calls.append(call)
        held = {"id": NEW, "resources": []} if dry else api(call)
        identifier = held["id"]
    else:
        calls += _send(api, _changed(f"/datasets/{identifier}/", _without_owner(made), held), dry=dry)
    there = {item["extras"].get(FILE): item for item in held.get("resources") or [] if item.get("extras")}
    calls += _send(api, _resource_calls(identifier, wanted, there), dry=dry)
    notes += _told(held, there, wanted)
    return Sync(release.version, api.base.rstrip("/"), tuple(calls), notes)


def _check(release: Release, api: Api) -> None:
    if not api.key:
        raise UsageError("Il manque la clé du portail : donnez-la par la variable DATAGOUV_API_KEY.")
    if refused := _refusals(release, api):
        raise UsageError(f"{refused[0]} Rien n'a été envoyé.")
    verdict = verify(release.folder.parent, release.version)
    if verdict.fautes:
        raise ReleaseConflict(f"{verdict.to_text()}\nRien n'a été envoyé.")


def _refusals(release: Release, api: Api) -> list[str]:
    """Why this release cannot be told to this portal."""
    refused = []
    if release.entry.simule and api.production:
        refused.append(
            f"La version {release.version} est une démonstration, simulée : elle ne va pas sur le portail que tous "
            "lisent. Donnez l'adresse d'un portail d'essai par DATAGOUV_API."
        )
    if home(release) == adresses.DEFAULT and api.production:
        refused.append(
            f"La version {release.version} ne connaît pas l'adresse du site ({home(release)} n'existe pas). "
            f"Publiez une révision avec {adresses.VARIABLE}."
        )
    return refused


def _warnings(release: Release, api: Api) -> tuple[str, ...]:
    known = () if api.key else ("Sans DATAGOUV_API_KEY, ce qui est déjà sur le portail n'a pas été lu.",)
    return (*(f"Serait refusé : {refusal}" for refusal in _refusals(release, api)), *known)


def _held(api: Api, organization: str) -> Mapping[str, Any] | None:
    """Our dataset on the portal, found again by its extras; None where there is none yet."""
    every = api(Call("GET", "/me/org_datasets/"))
    ours = [
        item
        for item in every
        if (item.get("extras") or {}).get(IDENTIFIER) == NAME
        and not item.get("deleted")
        and organization in ("", (item.get("organization") or {}).get("id"))
    ]
    if len(ours) > 1:
        raise UsageError(
            f"Le portail a plusieurs jeux de données de l'observatoire ({', '.join(item['id'] for item in ours)}). "
            "Supprimez-y ceux qui sont de trop, ou donnez l'organisation par DATAGOUV_ORGANISATION."
        )
    return ours[0] if ours else None


def _without_owner(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != "organization"}


def _resource_calls(
    identifier: str, wanted: Mapping[str, dict[str, Any]], there: Mapping[str, Mapping[str, Any]]
) -> Iterator[Call]:
    root = f"/datasets/{identifier}/resources/"
    # The portal puts a new resource before the others: the last is made first.
    yield from (Call("POST", root, body) for name, body in reversed(list(wanted.items())) if name not in there)
    for name, body in wanted.items():
        if name in there:
            yield from _changed(f"{root}{there[name]['id']}/", body, there[name])
    yield from (Call("DELETE", f"{root}{item['id']}/") for name, item in there.items() if name and name not in wanted)


def _changed(path: str, body: Mapping[str, Any], held: Mapping[str, Any]) -> Iterator[Call]:
    """The call that changes what is held, none where it says the same already; extras of others are kept."""
    if not _says(held, body):
        yield Call("PUT", path, {**body, "extras": {**(held.get("extras") or {}), **body["extras"]}})


def _says(held: Any, wanted: Any) -> bool:
    """Whether what the portal holds says what is wanted; it may say more, order its tags and add hours to days."""
    if isinstance(wanted, Mapping):
        return isinstance(held, Mapping) and all(_says(held.get(name), value) for name, value in wanted.items())
    if isinstance(wanted, list):
        return isinstance(held, list) and sorted(held) == sorted(wanted)
    if isinstance(wanted, str) and isinstance(held, str):
        return held.strip() == wanted.strip() or held.startswith(f"{wanted}T")
    return bool(held == wanted)


def _send(api: Api, calls: Iterator[Call], *, dry: bool) -> list[Call]:
    done = list(calls)
    if not dry:
        for call in done:
            api(call)
    return done


def _told(
    held: Mapping[str, Any], there: Mapping[str, Mapping[str, Any]], wanted: Mapping[str, Any]
) -> tuple[str, ...]:
    """What is taken off the portal, and what others added there, which is never touched."""
    gone = [item for name, item in there.items() if name and name not in wanted]
    others = [item for item in held.get("resources") or [] if FILE not in (item.get("extras") or {})]
    return (
        *(f"Retirée du portail, la version ne l'a plus : « {item['title']} »." for item in gone),
        *(f"Laissée comme elle est : « {item['title']} », ajoutée sur le portail." for item in others),
    )
