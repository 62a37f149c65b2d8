"""Real and simulated figures never share a line: each line of a chart has one origin, and its name tells it.

Pure: frames in, frames out; this stands below figures and queries alike.
"""

from __future__ import annotations

import pandas as pd

ORIGIN = "origine"


def mixed(frame: pd.DataFrame) -> bool:
    """Whether a frame holds rows of several origins."""
    return ORIGIN in frame and frame[ORIGIN].nunique() > 1


def line_keys(frame: pd.DataFrame) -> list[str]:
    """What tells the lines of a frame apart: the category, and the origin where there are several."""
    return ["modalite", ORIGIN] if mixed(frame) else ["modalite"]


def named_apart(frame: pd.DataFrame, words: dict[str, str]) -> pd.DataFrame:
    """The frame with the word of its origin after each ``nom``, where origins are mixed; unchanged otherwise."""
    if not mixed(frame):
        return frame
    return frame.assign(nom=frame["nom"] + " (" + frame[ORIGIN].map(words).fillna(frame[ORIGIN]) + ")")


def require_one_origin(frame: pd.DataFrame) -> None:
    """Raises ValueError where one name covers rows of several origins: they would be read as one line."""
    if not mixed(frame):
        return
    origins = frame.groupby("nom", sort=False)[ORIGIN].nunique()
    if shared := list(origins[origins > 1].index):
        raise ValueError(f"rows of several origins would share the line « {shared[0]} »: name them apart first")
