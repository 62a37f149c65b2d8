"""Absolute addresses of what is published: one base, chosen when a release is made and written in it for ever.

The base is a setting (``OBSERVATOIRE_ADRESSE``, read by the command line alone). Without it, addresses are those of a
host that cannot exist (RFC 2606): a release made without the setting says so rather than point to a stranger.
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from schemas.errors import UsageError

DEFAULT = "https://observatoire-plan-crack.example"
VARIABLE = "OBSERVATOIRE_ADRESSE"
HOME = "site/index.html"


def checked(text: str) -> str:
    """A base address without its final slash. Raises UsageError where it is no plain ``http(s)://host[/path]``."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or " " in text:
        raise UsageError(
            f"{VARIABLE} : « {text} » n'est pas l'adresse d'un site. Forme attendue : https://exemple.fr, "
            "sans paramètre ni ancre."
        )
    return text.rstrip("/")


def nowhere(version: str) -> str:
    """What whoever publishes or serves a release made without an address is told."""
    return (
        f"Les fichiers de la version {version} portent l'adresse {DEFAULT}, qui ne mène nulle part : "
        f"donnez celle du site par {VARIABLE}, puis publiez une révision."
    )


def permanent(base: str, version: str, relative: str) -> str:
    """Address of a file of a release, which never changes."""
    return f"{base}/donnees/{quote(version)}/{quote(relative)}"


def dataset_page(base: str, version: str, name: str, lang: str) -> str:
    """Address of the static page of a dataset, in a release."""
    return permanent(base, version, f"site/{lang}/jeux/{name}.html")
