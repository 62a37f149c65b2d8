"""Why a value is absent, told by a column: the same in every format, as the status of an observation is.

A contract may give several marks to the absence of a value (« ND », « NC »…). A CSV alone could print them: Parquet and
spreadsheets have one empty cell for all. What is published has an empty cell, and beside it the status that says why.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from etl.validation.sql import literal, quote
from schemas.contract import Contract, Descriptor, Field, contract_from

SUFFIX = "_statut"
# Property of a column of status: the column whose values it is about.
ABOUT = "status_of"
PRESENT = {"value": "valeur", "label": "valeur connue", "label_en": "known value"}


def with_statuses(contract: Contract) -> Contract:
    """The contract as published: a column of status after each one whose absence has more than one reason."""
    told = {field.name for field in contract.fields if len(field.missing) > 1}
    if not told:
        return contract
    fields = [new for field in contract.descriptor["fields"] for new in _published(field, field["name"] in told)]
    return contract_from({**contract.descriptor, "fields": fields}, kind=contract.kind)


def column(field: Field) -> str:
    """SQL of a published column over the typed rows, which hold the reason of each absence as ``<column>__absence``."""
    about = field.options.get(ABOUT)
    if about is None:
        return quote(field.name)
    why = quote(f"{about}__absence")
    present, *absent = field.categories
    cases = " ".join(f"when {why} = {literal(one.label.fr)} then {literal(str(one.value))}" for one in absent)
    return (
        f"case when {quote(about)} is not null then {literal(str(present.value))} {cases} "
        f"else {literal(str(absent[0].value))} end as {quote(field.name)}"
    )


def _published(field: Descriptor, told: bool) -> Iterator[dict[str, Any]]:
    if not told:
        yield dict(field)
        return
    yield {**field, "missingValues": [""]}
    yield {
        "name": f"{field['name']}{SUFFIX}",
        "type": "string",
        "title": f"{field['title']} : statut",
        "title_en": f"{field['title_en']}: status",
        "description": f"« {field['title']} » : dit si la valeur est connue et, sinon, pourquoi la cellule est vide.",
        "description_en": f"“{field['title_en']}”: says whether the value is known and, if not, why the cell is empty.",
        ABOUT: field["name"],
        "categories": [PRESENT, *map(_category, field["missingValues"])],
        "constraints": {"required": True},
    }


def _category(missing: Mapping[str, str]) -> dict[str, str]:
    letters = unicodedata.normalize("NFKD", missing["label"]).encode("ascii", "ignore").decode()
    return {"value": letters.replace(" ", "_"), "label": missing["label"], "label_en": missing["label_en"]}
