"""Requests read against the table of operations, and answered from what is kept or from a release."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import cast
from urllib.parse import parse_qsl, quote

from werkzeug.wrappers import Request

from dashboard.api import known, openapi, render
from dashboard.api.answers import ROOM, Answer
from dashboard.api.datasets import Dataset, datasets
from dashboard.api.operations import PREFIX, Operation, match, operations
from dashboard.api.parameters import FORMATS, RELEASE, Parameter, Value
from dashboard.api.problems import Problem
from dashboard.api.render import MEDIA_TYPES
from dashboard.api.select import Asked
from dashboard.cache import Cache
from dashboard.router import Lang
from publish.entries import Entry
from publish.reader import LATEST, Release, Releases

LONGEST_QUERY = 8_000
MOST_PARAMETERS = 500
LONGEST_TOLD = 2_000
IN_QUERY = "/?:@!$&'()*+,;=-._~%"

Given = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Structure:
    """What a release can be asked: its tables, and the operations on them by their path."""

    tables: Mapping[str, Dataset]
    operations: Mapping[str, Operation]


@dataclass(frozen=True)
class Reading:
    """A request once read, on the release of ``entry``. ``pinned`` where the address names that release."""

    asked: Asked
    entry: Entry
    path: str
    pinned: bool

    @property
    def key(self) -> Hashable:
        """What the answer depends on."""
        asked = self.asked
        values = tuple(sorted(asked.values.items()))
        return (self.entry, self.path, values, asked.format, asked.lang, asked.size, asked.cursor)

    @property
    def location(self) -> str:
        """The permanent address of the answer, "" where it has none."""
        if RELEASE not in self.asked.operation.controls:
            return ""
        return quote(self.path) + render.search(self.entry.version, self.asked, self.asked.cursor)


class Service:
    """Reads requests on a folder of releases and makes their answers; keeps those last used."""

    def __init__(self, releases: Releases) -> None:
        self._releases = releases
        self._cache = Cache()
        self._answers = Cache(ROOM, weigh=lambda made: len(made.body))

    def read(self, request: Request) -> Reading:
        """What a request asks. Raises Problem where it cannot be understood."""
        given = _pairs(request)
        entry = self._standing(_version(given, self._releases))
        path, suffix = _split(request.path.removeprefix(PREFIX))
        structure = self._structure(entry)
        found = match(structure.operations, path)
        if found is None:
            _check_withdrawn(entry, path)
            raise Problem(
                "adresse-inconnue", path=request.path, allowed=[PREFIX + known for known in structure.operations]
            )
        operation, parts = found
        values = _values(operation, {**given, **{name: (part,) for name, part in parts.items()}})
        asked = _asked(request, operation, values, suffix)
        pinned = values.get(RELEASE.name, (LATEST,)) != (LATEST,)
        return Reading(asked, entry, PREFIX + path, pinned)

    def _entry(self, version: str) -> Entry:
        """The line of the index on a release. Raises Problem for one that does not exist."""
        entries = {entry.version: entry for entry in self._releases.index()}
        if version not in entries:
            raise Problem("publication-inconnue", parameter="release", value=version, allowed=list(entries))
        return entries[version]

    def _standing(self, version: str) -> Entry:
        """The same. Raises Problem for a release that was withdrawn."""
        entry = self._entry(version)
        if gone := entry.retrait:
            words = {"value": version, "date": gone.date, "reason": gone.raison}
            raise Problem("publication-retiree", parameter="release", **words)
        return entry

    def _structure(self, entry: Entry) -> Structure:
        return self._cache.get(entry, lambda: _structure(self._releases.release(entry.version)))

    def kept(self, reading: Reading) -> Answer | None:
        """The answer to a request where it stands ready."""
        found: Answer | None = self._answers.peek(reading.key)
        return found

    def answer(self, reading: Reading) -> Answer:
        """The answer to a request. Raises Problem where the release cannot answer it."""
        if reading.asked.operation.kind in ("publications", "publication"):
            return self._of_index(reading)
        return self._answers.get(reading.key, lambda: self._made(reading))

    def _of_index(self, reading: Reading) -> Answer:
        """What the index says, which changes: it is read each time."""
        if reading.asked.operation.kind == "publications":
            return render.releases(self._releases.index(), self._releases.latest)
        entry = self._entry(str(reading.asked.values["version"][0]))
        if entry.retrait:
            return render.withdrawn(entry, entry.retrait)
        release = self._releases.release(entry.version)
        return render.one_release(release, self._structure(entry).tables, reading.asked.lang or "fr")

    def _made(self, reading: Reading) -> Answer:
        release, asked = self._releases.release(reading.entry.version), reading.asked
        structure, lang = self._structure(reading.entry), asked.lang or "fr"
        if asked.operation.kind == "description":
            return render.document(openapi.description(structure.operations.values(), structure.tables, lang))
        if asked.operation.kind == "jeux":
            return render.tables_of(release, structure.tables, lang)
        known.check(release, structure.tables, asked, self._cache)
        return render.rows(release, asked, reading.path)


def _version(given: Given, releases: Releases) -> str:
    """The release asked for, the newest by default."""
    if RELEASE.name not in given:
        return releases.latest
    (asked,) = RELEASE.read(_spaced(RELEASE.name, given[RELEASE.name]))
    return releases.latest if asked == LATEST else str(asked)


def _check_withdrawn(entry: Entry, path: str) -> None:
    """Raises Problem where a path is that of a table that was taken back."""
    for gone in entry.retraits:
        name = PurePosixPath(gone.fichier).stem
        if path in (f"/datasets/{name}", f"/{name}"):
            raise Problem("jeu-retire", table=name, value=entry.version, date=gone.date, reason=gone.raison)


def _structure(release: Release) -> Structure:
    tables = datasets(release)
    return Structure(tables, {operation.path: operation for operation in operations(tables, release.version)})


def instance(request: Request) -> str:
    """The address that was asked for, as it is told in a problem: plain ASCII, cut where it is endless."""
    query = quote(request.query_string, safe=IN_QUERY)
    return (quote(request.path) + (f"?{query}" if query else ""))[:LONGEST_TOLD]


def language(request: Request) -> Lang:
    """The language of what is said of a request that cannot be read: French unless English is asked for."""
    return "en" if request.args.get("lang") == "en" else "fr"


def _pairs(request: Request) -> dict[str, tuple[str, ...]]:
    """Values by name. Raises Problem for a query that is too long or is not UTF-8."""
    query = request.query_string
    if len(query) > LONGEST_QUERY:
        raise Problem("adresse-illisible", why=f"> {LONGEST_QUERY}")
    try:
        pairs = parse_qsl(query.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS)
    except ValueError as error:
        raise Problem("adresse-illisible", why="UTF-8") from error
    found: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        found[name] = (*found.get(name, ()), value)
    return found


def _split(path: str) -> tuple[str, str]:
    """A path without its format, and that format: ``/observations.csv`` is ``/observations`` as CSV."""
    head, dot, suffix = path.rpartition(".")
    return (head, suffix) if dot and suffix in FORMATS and path != "/openapi.json" else (path, "")


def _values(operation: Operation, given: Given) -> dict[str, tuple[Value, ...]]:
    """The values of each parameter. Raises Problem for a name the operation does not have, or a bad value."""
    known_names: dict[str, Parameter] = {parameter.name: parameter for parameter in operation.parameters}
    if unknown := [name for name in given if name not in known_names]:
        words = {"name": unknown[0], "path": PREFIX + operation.path}
        raise Problem("parametre-inconnu", parameter=unknown[0], allowed=list(known_names), **words)
    return {name: known_names[name].read(_spaced(name, values)) for name, values in given.items()}


def _spaced(name: str, values: tuple[str, ...]) -> list[str]:
    """A “+” of a version is a space once decoded where the author of the address did not encode it."""
    return [value.replace(" ", "+") if name == RELEASE.name else value for value in values]


def _asked(request: Request, operation: Operation, values: Mapping[str, tuple[Value, ...]], suffix: str) -> Asked:
    lang, size, cursor = (values.get(name, (None,))[0] for name in ("lang", "taille", "curseur"))
    filters = {cut.parameter.name for cut in operation.filters} | {"version"}
    return Asked(
        operation,
        {name: found for name, found in values.items() if name in filters},
        _format(request, operation, str(values.get("format", ("",))[0]), suffix),
        cast(Lang | None, lang),
        cast(int | None, size),
        str(cursor or ""),
    )


def _format(request: Request, operation: Operation, named: str, suffix: str) -> str:
    """The format named in the address, else the one the client prefers. Raises Problem where none will do."""
    if named and suffix and named != suffix:
        raise Problem("valeur-invalide", parameter="format", value=named, expected=suffix, allowed=[suffix])
    wanted = named or suffix or _preferred(request, operation)
    if wanted not in operation.formats:
        kinds = [MEDIA_TYPES[name] for name in operation.formats]
        raise Problem("format-refuse", allowed=kinds, value=wanted or request.headers.get("Accept", ""))
    return wanted


def _preferred(request: Request, operation: Operation) -> str:
    if not request.accept_mimetypes:
        return "json"
    kinds = {MEDIA_TYPES[name]: name for name in operation.formats}
    return kinds.get(request.accept_mimetypes.best_match(list(kinds)) or "", "")
