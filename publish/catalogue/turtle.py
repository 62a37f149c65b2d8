"""The JSON-LD of our catalogues as Turtle (https://www.w3.org/TR/turtle/): the same graph, in the same order.

Not a general writer: prefixes are the only context, and values are those ``terms`` makes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from publish.catalogue.terms import Node

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\]')
INDENT = "    "


def turtle(document: Node) -> str:
    """The graph of a document: named nodes as sentences of their own, each said once; blank ones where they stand."""
    prefixes = "".join(f"@prefix {name}: <{address}> .\n" for name, address in document["@context"].items())
    return prefixes + "".join(f"\n{_sentence(node)}" for node in _named(document))


def _named(document: Node) -> list[Node]:
    """Every node that has an address and says something, in the order of reading; the same node is said once."""
    found: dict[str, Node] = {}
    for node in _walk(document):
        if "@id" in node and len(node) > 1:
            found.setdefault(node["@id"], node)
    return list(found.values())


def _walk(value: Any) -> Iterator[Node]:
    if isinstance(value, list):
        for item in value:
            yield from _walk(item)
    elif isinstance(value, dict) and "@value" not in value:
        yield value
        for name, item in value.items():
            if not name.startswith("@"):
                yield from _walk(item)


def _sentence(node: Node) -> str:
    return f"{_iri(node['@id'])}\n{INDENT}{_properties(node, INDENT)} .\n"


def _properties(node: Node, indent: str) -> str:
    kinds = node.get("@type", [])
    classes = [f"a {', '.join([kinds] if isinstance(kinds, str) else kinds)}"] if kinds else []
    said = [f"{name} {_objects(value, indent)}" for name, value in node.items() if not name.startswith("@")]
    return f" ;\n{indent}".join([*classes, *said])


def _objects(value: Any, indent: str) -> str:
    values = value if isinstance(value, list) else [value]
    return ", ".join(_object(item, indent) for item in values)


def _object(value: Any, indent: str) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if "@value" in value:
        return _quoted(value["@value"]) + _suffix(value)
    if "@id" in value:
        return _iri(value["@id"])
    deeper = indent + INDENT
    return f"[\n{deeper}{_properties(value, deeper)}\n{indent}]"


def _suffix(literal: Node) -> str:
    if "@language" in literal:
        return f"@{literal['@language']}"
    kind = literal["@type"]
    return f"^^{_iri(kind) if '//' in kind else kind}"


def _quoted(text: str) -> str:
    return '"' + "".join(_ESCAPES.get(character, character) for character in text) + '"'


def _iri(address: str) -> str:
    return f"<{_IRI.sub(lambda found: f'%{ord(found[0]):02X}', address)}>"
