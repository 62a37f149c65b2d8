"""The OpenAPI 3.1 description, written from the table of operations and from the contracts of a release."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dashboard.api.datasets import Dataset
from dashboard.api.operations import PREFIX, Operation
from dashboard.api.parameters import MOST_VALUES, Parameter
from dashboard.api.problems import KINDS, MEDIA_TYPE
from dashboard.api.render import LICENCE, MEDIA_TYPES
from dashboard.api.select import NAMED_COLUMNS
from dashboard.i18n import texts
from dashboard.router import Lang
from schemas.contract import Field

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer", "minimum": 0}
TYPES = {"integer": "integer", "year": "integer", "number": "number", "boolean": "boolean"}
LICENCE_ADDRESS = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
# Statuses that any address may answer with, whatever it is asked; those that come without a problem.
BARE = (304, 414)
ALWAYS = (400, 404, 405, 406, 429, 500, 503)


def description(every: Iterable[Operation], tables: Mapping[str, Dataset], lang: Lang) -> Schema:
    """The whole description, in a language. Standard: https://spec.openapis.org/oas/v3.1.0."""
    t = texts(lang)
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": t("api.titre.description"),
            "version": "1.0.0",
            "description": t("api.description.longue"),
            "license": {"name": f"Licence Ouverte 2.0 ({LICENCE})", "url": LICENCE_ADDRESS},
        },
        "servers": [{"url": PREFIX}],
        "paths": {operation.path: {"get": _operation(operation, lang)} for operation in every},
        "components": {"schemas": _schemas(tables, lang), "headers": _headers(lang)},
    }


def _operation(operation: Operation, lang: Lang) -> Schema:
    return {
        "operationId": operation.name,
        "summary": operation.title[lang],
        "parameters": [_parameter(parameter, lang) for parameter in operation.parameters],
        "responses": {"200": _answer(operation, lang), **_refusals(operation, lang)},
    }


def _parameter(parameter: Parameter, lang: Lang) -> Schema:
    one = dict(parameter.schema)
    said: Schema = {"name": parameter.name, "in": parameter.where, "description": parameter.text[lang]}
    if parameter.where == "path":
        return {**said, "required": True, "schema": one, "example": parameter.example}
    if not parameter.repeatable:
        return {**said, "schema": one, **({"example": parameter.example} if parameter.example else {})}
    listed = {"type": "array", "items": one, "minItems": 1, "maxItems": MOST_VALUES}
    shown = {"example": [parameter.example]} if parameter.example else {}
    return {**said, "style": "form", "explode": True, "schema": listed, **shown}


def _answer(operation: Operation, lang: Lang) -> Schema:
    content: Schema = {"application/json": {"schema": _content(operation)}}
    for name in operation.formats:
        if name != "json":
            content[MEDIA_TYPES[name]] = {"schema": TEXT} if name == "csv" else {}
    names = ("ETag", "Cache-Control", "Vary", "Access-Control-Allow-Origin")
    optional = ("Content-Location", "Link") if operation.kind == "lignes" else ("Content-Location",)
    return {
        "description": texts(lang)("api.reponse.200"),
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in (*names, *optional)},
        "content": content,
    }


def _content(operation: Operation) -> Schema:
    if operation.dataset is None:
        return {"$ref": f"#/components/schemas/{operation.kind}"}
    named = "_nommees" if operation.named else ""
    return {"$ref": f"#/components/schemas/page_{operation.dataset.name}{named}"}


def _refusals(operation: Operation, lang: Lang) -> Schema:
    more = (410, 422) if operation.kind == "lignes" else (410,)
    statuses = sorted({*ALWAYS, *more, *BARE})
    return {str(status): _refusal(status, lang) for status in statuses}


def _refusal(status: int, lang: Lang) -> Schema:
    t = texts(lang)
    if status in BARE:
        return {"description": t(f"api.reponse.{status}")}
    kinds = [t(f"api.probleme.{kind}") for kind, code in KINDS.items() if code == status]
    return {
        "description": " · ".join(kinds),
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/probleme"}}},
    }


def _headers(lang: Lang) -> Schema:
    t = texts(lang)
    always = {"ETag", "Cache-Control", "Vary", "Access-Control-Allow-Origin"}
    names = (*sorted(always), "Content-Location", "Link")
    return {
        name: {"description": t(f"api.entete.{name}"), "required": name in always, "schema": TEXT} for name in names
    }


def _schemas(tables: Mapping[str, Dataset], lang: Lang) -> Schema:
    found: Schema = {"probleme": _problem(), **_lists()}
    for name, table in tables.items():
        found[f"ligne_{name}"] = _row(table, lang)
        found[f"page_{name}"] = _page({"$ref": f"#/components/schemas/ligne_{name}"})
    if values := tables.get("observations"):
        found["page_observations_nommees"] = _page(_named_row(values, lang))
    return found


def _object(properties: Mapping[str, Schema], *, optional: Iterable[str] = ()) -> Schema:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "required": required, "properties": dict(properties), "additionalProperties": False}


def _row(table: Dataset, lang: Lang) -> Schema:
    return _object({field.name: _cell(field, lang) for field in table.contract.fields})


def _named_row(table: Dataset, lang: Lang) -> Schema:
    row = _row(table, lang)
    names = {name: {"type": ["string", "null"]} for name in NAMED_COLUMNS}
    return {**row, "properties": {**row["properties"], **names}}


def _cell(field: Field, lang: Lang) -> Schema:
    """The JSON Schema of a column. A coded one lists its codes, and null where the contract lets it be absent."""
    kind = TYPES.get(field.type, "string")
    cell: Schema = {"title": field.title[lang], "description": field.description[lang]}
    cell["type"] = kind if field.required else [kind, "null"]
    if field.categories:
        codes = [category.value for category in field.categories]
        cell["enum"] = codes if field.required else [*codes, None]
    return {**cell, "format": "date"} if field.type == "date" else cell


OF_RELEASE: Schema = {"publication": TEXT, "date": {"type": "string", "format": "date"}, "simule": {"type": "boolean"}}


def _page(row: Schema) -> Schema:
    said = {"licence": TEXT, "jeu": TEXT, "titre": TEXT, "suivant": {"type": ["string", "null"]}}
    return _object({**OF_RELEASE, **said, "lignes": {"type": "array", "items": row}})


def _problem() -> Schema:
    told = dict.fromkeys(("type", "title", "detail", "instance", "parametre"), TEXT)
    status, allowed = {"type": "integer", "minimum": 400, "maximum": 599}, {"type": "array", "items": {}}
    properties = {**told, "status": status, "valeurs_admises": allowed}
    return _object(properties, optional=("parametre", "valeurs_admises"))


def _lists() -> Schema:
    entry = {**OF_RELEASE, "statut": {"enum": ["publie", "retire"]}, "adresse": TEXT, "motif": TEXT}
    tables: Schema = {"type": "array", "items": _table()}
    return {
        "publications": _object(
            {"derniere": TEXT, "publications": {"type": "array", "items": _object(entry, optional=("motif",))}}
        ),
        "publication": _object({**entry, "licence": TEXT, "jeux": tables}, optional=("motif",)),
        "jeux": _object({**OF_RELEASE, "licence": TEXT, "jeux": tables}),
        "description": {"type": "object", "required": ["openapi", "info", "paths"]},
    }


def _table() -> Schema:
    column = _object({"nom": TEXT, "type": TEXT, "titre": TEXT, "unite": {"type": ["string", "null"]}})
    file = _object({"adresse": TEXT, "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"}})
    said: Schema = dict.fromkeys(("jeu", "titre", "description", "adresse"), TEXT)
    return _object(
        {
            **said,
            "lignes": WHOLE,
            "cle": {"type": "array", "items": TEXT},
            "colonnes": {"type": "array", "items": column},
            "fichiers": {"type": "array", "items": file},
        }
    )
