"""What a page lets the reader choose, and which choice the address makes: shared by its form and by its sections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from dashboard.components.formulaire import Option, form, hidden
from dashboard.context import Context
from dashboard.filters import BadFilter, Filters
from dashboard.queries import house_name, indicators, measured, service_names
from publish.charte.formats import periode, unite
from publish.reader import LATEST


def chosen(context: Context, field: str, allowed: Sequence[str], default: str) -> str:
    """The value of a filter, or its default. Raises BadFilter for a value that this release does not have."""
    value = str(getattr(context.filters, field)) or default
    if value and value not in allowed:
        raise BadFilter(field, value, default or None)
    return value


@dataclass(frozen=True)
class About:
    """What charts say of an indicator: its name, its unit in words, its polarity (a code of the catalogue)."""

    name: str
    unit: str
    polarity: str


def about(context: Context, code: str) -> About:
    """What the catalogue of the release says of an indicator, in the language."""
    frame = context.cached(indicators)
    name = str(frame.at[code, "nom_en" if context.lang == "en" else "nom"])
    return About(name, unite(str(frame.at[code, "unite"]), context.lang), str(frame.at[code, "polarite"]))


def indicator_options(context: Context, flux: str, granularite: str) -> list[Option]:
    """The indicators of a feed that have observations at that granularity."""
    return [Option(code, about(context, code).name) for code in context.cached(measured, flux, granularite)]


def period_options(context: Context, periods: Sequence[str]) -> list[Option]:
    """Periods, in words."""
    return [Option(value, periode(value, context.lang)) for value in periods]


def service_options(context: Context, services: Sequence[str]) -> list[Option]:
    """Services, or units of them, by name."""
    names = context.cached(service_names, context.lang)
    return sorted((Option(value, house_name(names, value)) for value in services), key=lambda option: option.text)


def values(options: Sequence[Option]) -> tuple[str, ...]:
    """The values of options."""
    return tuple(option.value for option in options)


def page_form(context: Context, *controls: Markup) -> Markup:
    """The form of a page, which carries along the release where the address names one."""
    kept = kept_release(context.filters)
    return form(context.texts, *controls, *([kept] if kept else []), label=context.texts("formulaire.nom"))


def kept_release(filters: Filters) -> Markup | None:
    """The release that the address names, for a form to carry along; nothing on the latest."""
    return hidden("release", filters.release) if filters.release != LATEST else None
