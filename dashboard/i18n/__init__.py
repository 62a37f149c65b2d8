"""French and English: one catalogue of texts, with the same keys in both languages."""

from dashboard.i18n.catalogue import catalogue, texts
from publish.charte.i18n import Texts

__all__ = ["Texts", "catalogue", "texts"]
