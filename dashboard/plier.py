"""What two spellings of a word share: lower case, no accent, no apostrophe."""

from __future__ import annotations

import unicodedata


def folded(text: str) -> str:
    """Lower case without accents, apostrophes and hyphens as spaces."""
    bare = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe"))
    kept = (one for one in bare if not unicodedata.combining(one))
    return "".join(" " if one in "'’-–/" else one for one in kept)
