"""What the site knows of the place where it runs. The command line reads it from options and from the environment."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from publish import adresses
from schemas.errors import UsageError


@dataclass(frozen=True)
class Settings:
    """Where the site runs.

    ``address`` is the address readers know it by (``https://host``), "" where none is set: the host that each request
    names is then believed. ``proxies`` is the number of servers in front whose forwarding headers are true, 0 for none.
    ``journal`` writes a line for each answer, ``metrics`` counts them.
    """

    address: str = ""
    proxies: int = 0
    journal: bool = False
    metrics: bool = False

    @property
    def host(self) -> str:
        """The name of the host in ``address``, with its port if it has one."""
        return urlsplit(self.address).netloc

    @property
    def scheme(self) -> str:
        """``http`` or ``https``."""
        return urlsplit(self.address).scheme


# Alone on its machine, its address unknown.
ALONE = Settings()


def settings_of(*, address: str, proxies: int, journal: bool, metrics: bool) -> Settings:
    """Settings from the words of an operator. Raises UsageError for an address that is not that of a whole host."""
    base = adresses.checked(address) if address else ""
    if urlsplit(base).path:
        raise UsageError(
            f"{adresses.VARIABLE} : « {address} » a un chemin. Le site se sert à la racine d'un hôte. "
            "Forme attendue : https://exemple.fr."
        )
    return Settings(base, proxies, journal, metrics)
