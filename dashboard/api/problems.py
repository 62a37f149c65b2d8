"""What the API answers when it cannot answer: RFC 9457 problem details, in French or in English.

Each kind has its section on the page that documents the API, which is what its ``type`` leads to.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.i18n import texts
from dashboard.router import Lang, href
from schemas.errors import UsageError

MEDIA_TYPE = "application/problem+json"
# Kinds of problems, in the order the page tells them, with their status.
KINDS: Mapping[str, int] = {
    "adresse-illisible": 400,
    "parametre-inconnu": 400,
    "parametre-repete": 400,
    "valeur-invalide": 400,
    "adresse-inconnue": 404,
    "publication-inconnue": 404,
    "element-inconnu": 404,
    "methode-refusee": 405,
    "format-refuse": 406,
    "publication-retiree": 410,
    "jeu-retire": 410,
    "valeur-inconnue": 422,
    "curseur-inutile": 422,
    "periode-inversee": 422,
    "trop-de-lignes": 422,
    "trop-de-demandes": 429,
    "panne": 500,
    "sans-publication": 503,
}
STATUSES = tuple(sorted(set(KINDS.values())))
LONGEST = 120
MOST_LISTED = 200


class Problem(UsageError):
    """A request that cannot be answered. ``kind`` is one of KINDS, ``parameter`` what is wrong in it if one thing is.

    ``allowed`` are the values that would do, where they can be listed; ``words`` fill in the sentence of the kind.
    """

    def __init__(self, kind: str, *, parameter: str = "", allowed: Sequence[Any] = (), **words: object) -> None:
        self.kind, self.parameter, self.allowed = kind, parameter, tuple(allowed)
        self.words = {name: _short(word) for name, word in words.items()}
        super().__init__(kind)

    @property
    def status(self) -> int:
        """Its HTTP status."""
        return KINDS[self.kind]

    def body(self, lang: Lang, instance: str) -> bytes:
        """The problem as JSON; ``instance`` is the address that was asked for."""
        return json.dumps(self._document(lang, instance), ensure_ascii=False).encode()

    def _document(self, lang: Lang, instance: str) -> dict[str, Any]:
        t = texts(lang)
        document: dict[str, Any] = {
            "type": f"{href(lang, 'api')}#{self.kind}",
            "title": t(f"api.probleme.{self.kind}"),
            "status": self.status,
            "detail": t(f"api.probleme.{self.kind}.detail", **{"parameter": self.parameter, **self.words}),
            "instance": instance,
        }
        if self.parameter:
            document["parametre"] = self.parameter
        if 0 < len(self.allowed) <= MOST_LISTED:
            document["valeurs_admises"] = list(self.allowed)
        return document


def _short(word: object) -> str:
    text = str(word)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
