"""Callbacks as browsers ask for them: what one depends on, and the question that fills a page as its address shows it.

A callback of the site depends on where its reader is, and on nothing else a browser says: two who ask from the same
address are given the same answer, however they ask.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping
from typing import Any

from dashboard import ids

CALLBACK = "/_dash-update-component"


def depends_on(body: bytes) -> Hashable:
    """The callback that is asked for and the values it is given, of a body that was checked."""
    asked = json.loads(body)
    given = [*asked["inputs"], *asked.get("state", [])]
    return (asked["output"], tuple((one["id"], one["property"], one.get("value") or "") for one in given))


def filling(callbacks: Mapping[str, Any], slug: str, path: str) -> bytes:
    """The body of the callback that fills page ``slug`` at that path, without any filter."""
    first = f"..{ids.written(slug)}.data."
    output, found = next((output, found) for output, found in callbacks.items() if output.startswith(first))
    asked = {
        "output": output,
        "outputs": outputs_of(found["output"]),
        "inputs": [{**one, "value": ""} for one in found["inputs"]],
        "state": [{**one, "value": path} for one in found["state"]],
        "changedPropIds": [],
    }
    return json.dumps(asked).encode()


def outputs_of(declared: Any) -> Any:
    """Outputs as a browser names them."""
    if isinstance(declared, (list, tuple)):
        return [outputs_of(one) for one in declared]
    return {"id": declared.component_id, "property": declared.component_property}
