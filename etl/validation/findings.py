"""A check that a contract asks for, and a place where it failed."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """One thing to verify: on ``field`` (empty: the whole row), named ``rule``, reported as ``type``.

    ``broken`` is SQL, TRUE where the check fails; ``bound`` is what the contract demands, as shown to a reader;
    ``hint`` is SQL of what else the message needs; ``fields`` are the columns that it names, where ``field`` is not it
    alone; ``position`` is the column of the file, from 0, where it may not be that of the field.
    """

    field: str
    type: str
    rule: str
    bound: str = ""
    broken: str = dataclasses.field(default="", repr=False)
    hint: str = dataclasses.field(default="''", repr=False)
    fields: tuple[str, ...] = ()
    position: int | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns to look at; none where it is the whole row."""
        return self.fields or ((self.field,) if self.field else ())


@dataclass(frozen=True)
class Finding:
    """A check that failed at a row; ``value`` is the text found, ``hint`` what else its message needs.

    ``line`` is where the record begins in the file, if that is not the line of its number; ``near`` the known value
    that may be meant.
    """

    row: int | None
    check: Check
    value: str | None = None
    hint: str = ""
    line: int | None = None
    near: str = ""
