"""French and English: one catalogue of texts, with the same keys in both languages."""

from dashboard.i18n.catalogue import Texts, catalogue, texts

__all__ = ["Texts", "catalogue", "texts"]
