"""Field types as SQL: for each field, an expression that turns its text into a value, NULL where it cannot be read.

Every type and format of Table Schema v2 (https://datapackage.org/standard/table-schema/#field-types).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from etl.validation.dialect import Dialect
from etl.validation.sql import literal, literals
from schemas.contract import Field, Missing, contract_from
from schemas.errors import ContractBroken

Expression = Callable[[str], str]
Reader = Callable[[Field, Dialect], Expression]
Spellings = tuple[str, ...]

SQL_TYPES = {
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "time": "TIME",
    "datetime": "TIMESTAMP",
    "year": "INTEGER",
}
TRUE_VALUES = ("true", "True", "TRUE", "1")
FALSE_VALUES = ("false", "False", "FALSE", "0")
LIST_ITEMS = ("string", "integer", "boolean", "number", "datetime", "date", "time")

# In a file of French spellings 1.000 may be a thousand or one: three digits after a single point, one to three before.
GROUPED_RULE = "type"
GROUPED = r"\s*[+-]?[1-9][0-9]{0,2}\.[0-9]{3}\s*"
NUMBER = (
    r"\s*([+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?)\s*"  # neither NaN nor INF: nothing that is counted is
)
INTEGER = r"\s*[+-]?[0-9]+\s*"
ZONE = r"(Z|[+-][0-9]{2}:?[0-9]{2})"
TIME = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?"
YEAR = "(?:[0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)"  # there is no year 0
DAY = rf"{YEAR}-[0-9]{{2}}-[0-9]{{2}}"
# Appendix B of XML Schema part 2: at least one component, and one after T.
DURATION = r"-?P([0-9]+Y)?([0-9]+M)?([0-9]+W)?([0-9]+D)?(T([0-9]+H)?([0-9]+M)?([0-9]+([.,][0-9]+)?S)?)?"
STRING_FORMATS = {
    "email": r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
    r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+",
    "uri": r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+",
    "uuid": r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}",
    "binary": r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?",
}
GEOMETRIES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")


@dataclass(frozen=True)
class Reading:
    """How one field is read: the SQL type it becomes and the expression from text to value.

    The engine's own casts are many times faster than a regular expression but too lenient (1.5 → 2, 2026-1-5T → a
    date). Where ``quick`` is there, ``proven`` says of (text, quick value) that the cast was right; ``value`` decides
    for the few texts left. Where ``parsed`` is there, the reader of plain files (``plain``) may give the value in the
    place of the text: it refuses texts that the field has not, and what is left to refuse ``parsed`` makes NULL.
    """

    sql_type: str
    value: Expression
    quick: Expression | None = None
    proven: Callable[[str, str], str] = lambda _text, _value: "FALSE"
    parsed: Expression | None = None


def reading(field: Field, dialect: Dialect) -> Reading:
    """The reading of a field in a file of that dialect. Raises ContractBroken on an unknown type or format."""
    if field.type not in READERS:
        raise ContractBroken(f"Champ « {field.name} » : le type « {field.type} » n'existe pas dans Table Schema v2.")
    sql_type, value = SQL_TYPES.get(field.type, "VARCHAR"), READERS[field.type](field, dialect)
    quick, proven = _quick(field, dialect)
    parsed = _parsed_ahead(field)
    return Reading(sql_type, value, quick, proven, parsed) if quick and proven else Reading(sql_type, value)


def _quick(field: Field, dialect: Dialect) -> tuple[Expression | None, Callable[[str, str], str] | None]:
    if field.type == "date":
        return (lambda text: f"TRY_CAST({text} AS DATE)"), _proven_date if field.format == "default" else None
    if field.type == "integer":
        digits = _digits(field, dialect)
        return (lambda text: f"TRY_CAST({digits(text)} AS BIGINT)"), lambda text, value: proven_integer(
            digits(text), value
        )
    if field.type == "number" and "decimalChar" not in field.options:
        dotted = _dotted(field, dialect)
        proven = _proven_comma if _grouped_in_csv(field, dialect) else _proven_number
        return (lambda text: f"TRY_CAST({dotted(text)} AS DOUBLE) + 0"), proven  # -0 is 0
    return None, None


def _parsed_ahead(field: Field) -> Expression | None:
    """A field none of whose checks asks its text, and of which the empty text alone is missing, for no said reason."""
    spelt = {"groupChar", "bareNumber"} & set(field.options) or "pattern" in field.constraints
    if spelt or [*field.missing] != [Missing("", None)]:
        return None
    if field.type == "number":
        return lambda value: _if(f"isfinite({value})", f"{value} + 0")  # NaN is no number, and -0 is 0
    if field.type == "date":
        return lambda value: _if(f"{value} >= DATE '0001-01-01'", value)  # there is no year 0
    return lambda value: value


def _proven_date(text: str, value: str) -> str:
    return f"strlen({text}) = 10 AND CAST({value} AS VARCHAR) = {text}"


def proven_integer(text: str, value: str) -> str:
    """SQL: the text that the engine read as that value holds digits alone, without looking at each of its characters.

    It holds as many signs as the value has digits. Of all else that the engine reads as a whole number (1.5, 1e3, 0x1F,
    1_000, +5, spaces) only powers of ten such as 12e2 do, and their value ends in two zeros; longer ones are left out.
    """
    longer = " ".join(
        f"WHEN {value} < {10**size} THEN strlen({text}) = {size} AND {value} % 100 <> 0" for size in range(3, 10)
    )
    short = f"WHEN {value} < 10 THEN {value} >= 0 AND strlen({text}) = 1 WHEN {value} < 100 THEN strlen({text}) = 2"
    return f"CASE {short} {longer} ELSE FALSE END"


def _proven_number(text: str, value: str) -> str:
    return f"isfinite({value}) AND NOT contains({text}, '_')"


def _proven_comma(text: str, value: str) -> str:
    return f"{_proven_number(text, value)} AND NOT contains({text}, '.')"


def _matches(text: str, pattern: str) -> str:
    return f"regexp_full_match({text}, {literal(pattern)})"


def _if(condition: str, value: str) -> str:
    return f"CASE WHEN {condition} THEN {value} END"


def _unknown_format(field: Field) -> ContractBroken:
    return ContractBroken(
        f"Champ « {field.name} » : le format « {field.format} » n'existe pas pour le type {field.type}."
    )


def _any(_field: Field, _dialect: Dialect) -> Expression:
    return lambda text: text


def _string(field: Field, _dialect: Dialect) -> Expression:
    if field.format == "default":
        return lambda text: text
    if field.format not in STRING_FORMATS:
        raise _unknown_format(field)
    return lambda text: _if(_matches(text, STRING_FORMATS[field.format]), text)


def _digits(field: Field, dialect: Dialect) -> Expression:
    """The text of a number without its group separators and what surrounds it."""
    group = field.options.get("groupChar", "")
    bare = field.options.get("bareNumber", True)

    def prepared(text: str) -> str:
        if not bare:
            text = f"regexp_replace({text}, '^[^-0-9]*|[^0-9]*$', '', 'g')"
        if group:
            text = f"replace({text}, {literal(group)}, '')"
        elif dialect.french:  # spreadsheets group thousands with no-break spaces
            text = f"translate({text}, {literal(chr(0xA0) + chr(0x202F))}, '')"
        return text

    return prepared


def _integer(field: Field, dialect: Dialect) -> Expression:
    prepared = _digits(field, dialect)
    return lambda text: _if(_matches(prepared(text), INTEGER), f"TRY_CAST({prepared(text)} AS BIGINT)")


def _dotted(field: Field, dialect: Dialect) -> Expression:
    """The text of a number with a point as decimal mark. A declared mark excludes the point."""
    digits = _digits(field, dialect)
    declared = field.options.get("decimalChar", "")

    def dotted(text: str) -> str:
        number, mark = digits(text), declared or ("," if dialect.french else ".")
        replaced = f"replace({number}, {literal(mark)}, '.')" if mark != "." else number
        return replaced if not declared or mark == "." else _if(f"NOT contains({number}, '.')", replaced)

    return dotted


def _number(field: Field, dialect: Dialect) -> Expression:
    dotted = _dotted(field, dialect)

    def value(text: str) -> str:
        clear = f" AND NOT {_matches(text, GROUPED)}" if _grouped_in_csv(field, dialect) else ""
        read = f"TRY_CAST({dotted(text)} AS DOUBLE)"
        return _if(f"{_matches(dotted(text), NUMBER)} AND isfinite({read}){clear}", f"{read} + 0")  # -0 is 0

    return value


def may_be_grouped(field: Field) -> bool:
    """Whether the point of a number may separate thousands: the contract does not declare its marks."""
    return field.type == "number" and not {"decimalChar", "groupChar"} & set(field.options)


def _grouped_in_csv(field: Field, dialect: Dialect) -> bool:
    """The same in a CSV; of a workbook, whose numbers come out with a point, texts are looked at in ``workbook``."""
    return dialect.french and not dialect.spreadsheet and may_be_grouped(field)


def _boolean(field: Field, dialect: Dialect) -> Expression:
    true = list(field.options.get("trueValues", TRUE_VALUES))
    false = list(field.options.get("falseValues", FALSE_VALUES))
    if dialect.french:
        true += [word for word in ("VRAI", "true") if word not in false]
        false += [word for word in ("FAUX", "false") if word not in true]
    return lambda text: (
        f"CASE WHEN {text} IN ({literals(true)}) THEN TRUE WHEN {text} IN ({literals(false)}) THEN FALSE END"
    )


def _moment(sql_type: str, default: Expression, *, french: Spellings, free: Spellings) -> Reader:
    """Readers of moments: the standard's spelling, those of French spreadsheets, any common one, or a strptime pattern.

    What ``any`` accepts is left to implementations by the standard; ``free`` is our list.
    """

    def reader(field: Field, dialect: Dialect) -> Expression:
        if field.format == "default":
            return _first(default, french if dialect.french else (), sql_type)
        if field.format == "any":
            return _first(default, free, sql_type)
        return lambda text: _spelt(text, (field.format,), sql_type)

    return reader


def _first(default: Expression, spellings: Spellings, sql_type: str) -> Expression:
    if not spellings:
        return default
    return lambda text: f"coalesce({default(text)}, {_spelt(text, spellings, sql_type)})"


def _spelt(text: str, spellings: Spellings, sql_type: str) -> str:
    """SQL: a moment by strptime patterns. The engine reads 25 as the year 25 where %Y wants four digits."""
    moment = f"CAST(try_strptime({text}, [{literals(spellings)}]) AS {sql_type})"
    if not any("%Y" in spelling for spelling in spellings):
        return moment
    return _if(f"regexp_matches({text}, '[0-9]{{4}}') AND {moment} >= DATE '0001-01-01'", moment)


def _default_date(text: str) -> str:
    return _if(_matches(text, DAY), f"TRY_CAST({text} AS DATE)")


def _default_datetime(text: str) -> str:
    zoned = f"TRY_CAST({text} AS TIMESTAMPTZ) AT TIME ZONE 'UTC'"
    return (
        f"CASE WHEN {_matches(text, f'{DAY}[T ]{TIME}')} THEN TRY_CAST({text} AS TIMESTAMP)"
        f" WHEN {_matches(text, f'{DAY}[T ]{TIME}{ZONE}')} THEN {zoned} END"
    )


def _default_time(text: str) -> str:
    return _if(_matches(text, f"{TIME}{ZONE}?"), f"TRY_CAST(regexp_extract({text}, {literal(TIME)}) AS TIME)")


def _year(_field: Field, _dialect: Dialect) -> Expression:
    return lambda text: _if(_matches(text, YEAR), f"TRY_CAST({text} AS INTEGER)")


def _yearmonth(_field: Field, dialect: Dialect) -> Expression:
    def value(text: str) -> str:
        month = _if(_matches(text, f"{YEAR}-(0[1-9]|1[0-2])"), text)
        if not dialect.spreadsheet:
            return month
        # A spreadsheet turns 2026-09 into the first day of that month.
        return f"coalesce({month}, {_if(_matches(text, f'{YEAR}-(0[1-9]|1[0-2])-01'), f'left({text}, 7)')})"

    return value


def _duration(_field: Field, _dialect: Dialect) -> Expression:
    return lambda text: _if(f"{_matches(text, DURATION)} AND {_matches(text, '.*[0-9][A-Z]')}", text)


def _json(kind: str) -> Reader:
    def reader(_field: Field, _dialect: Dialect) -> Expression:
        return lambda text: _if(_is_json(text, kind), text)

    return reader


def _json_or_null(text: str) -> str:
    """SQL: the text where it is JSON. The engine may evaluate a JSON function before the condition that guards it."""
    return f"CASE WHEN json_valid({text}) THEN {text} END"


def _is_json(text: str, kind: str) -> str:
    return f"json_type({_json_or_null(text)}) = {literal(kind)}"


def _list(field: Field, dialect: Dialect) -> Expression:
    kind = field.options.get("itemType", "string")
    if kind not in LIST_ITEMS:
        raise ContractBroken(f"Champ « {field.name} » : itemType « {kind} » n'est pas permis.")
    item = READERS[kind](_item_field(kind), dialect)
    return lambda text: _if(f"len(list_filter({split(field, text)}, lambda item: ({item('item')}) IS NULL)) = 0", text)


def split(field: Field, text: str) -> str:
    """The items of a list field, as a SQL list of texts."""
    return f"string_split({text}, {literal(field.options.get('delimiter', ','))})"


def _item_field(kind: str) -> Field:
    return contract_from({"fields": [{"name": "item", "type": kind}]}).fields[0]


def _geopoint(field: Field, _dialect: Dialect) -> Expression:
    number = r"\s*[+-]?[0-9]+(\.[0-9]+)?\s*"

    def default(text: str) -> str:
        halves = [f"TRY_CAST(split_part({text}, ',', {part}) AS DOUBLE)" for part in (1, 2)]
        return _if(f"{_matches(text, f'{number},{number}')} AND {_on_earth(*halves)}", text)

    formats = {
        "default": default,
        "array": _parsed("ARRAY", "json_array_length({})", ("$[0]", "$[1]")),
        "object": _parsed("OBJECT", "len(json_keys({}))", ("$.lon", "$.lat")),
    }
    if field.format not in formats:
        raise _unknown_format(field)
    return formats[field.format]


def _parsed(kind: str, size: str, paths: tuple[str, str]) -> Expression:
    """A reader of JSON points: two members, no more, both on Earth."""

    def value(text: str) -> str:
        json = _json_or_null(text)
        halves = [f"TRY_CAST(json_extract_string({json}, {literal(path)}) AS DOUBLE)" for path in paths]
        return _if(f"{_is_json(text, kind)} AND {size.format(json)} = 2 AND {_on_earth(*halves)}", text)

    return value


def _on_earth(longitude: str, latitude: str) -> str:
    return f"coalesce({longitude} BETWEEN -180 AND 180 AND {latitude} BETWEEN -90 AND 90, FALSE)"


GEOJSON: dict[str, tuple[tuple[Spellings, str, str], ...]] = {
    "default": (
        (GEOMETRIES, "coordinates", "ARRAY"),
        (("GeometryCollection",), "geometries", "ARRAY"),
        (("FeatureCollection",), "features", "ARRAY"),
        (("Feature",), "geometry", ""),
    ),
    "topojson": ((("Topology",), "arcs", "ARRAY"),),
}


def _geojson(field: Field, _dialect: Dialect) -> Expression:
    if field.format not in GEOJSON:
        raise _unknown_format(field)
    shapes = GEOJSON[field.format]

    def value(text: str) -> str:
        shaped = " OR ".join(_has(_json_or_null(text), *shape) for shape in shapes)
        return _if(f"{_is_json(text, 'OBJECT')} AND ({shaped})", text)

    return value


def _has(text: str, kinds: Spellings, member: str, kind: str) -> str:
    """SQL: the object is of one of these kinds and has this member (of this JSON type, if one is named)."""
    there = f"json_type({text}, {literal('$.' + member)})"
    proof = f"{there} = {literal(kind)}" if kind else f"{there} IS NOT NULL"
    return f"(json_extract_string({text}, '$.type') IN ({literals(kinds)}) AND {proof})"


FRENCH_DATES = ("%d/%m/%Y",)
FRENCH_TIMES = ("%H:%M",)
FRENCH_DATETIMES = ("%Y-%m-%d", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M")
FREE_DATES = ("%d/%m/%Y", "%Y/%m/%d", "%d-%m-%Y", "%d.%m.%Y", "%Y%m%d", "%d %B %Y", "%B %d, %Y")
FREE_TIMES = ("%H:%M", "%Hh%M", "%I:%M %p", "%I:%M:%S %p")
FREE_DATETIMES = (*FRENCH_DATETIMES, "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", *FREE_DATES)

READERS: dict[str, Reader] = {
    "any": _any,
    "string": _string,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "date": _moment("DATE", _default_date, french=FRENCH_DATES, free=FREE_DATES),
    "datetime": _moment("TIMESTAMP", _default_datetime, french=FRENCH_DATETIMES, free=FREE_DATETIMES),
    "time": _moment("TIME", _default_time, french=FRENCH_TIMES, free=FREE_TIMES),
    "year": _year,
    "yearmonth": _yearmonth,
    "duration": _duration,
    "object": _json("OBJECT"),
    "array": _json("ARRAY"),
    "list": _list,
    "geopoint": _geopoint,
    "geojson": _geojson,
}
