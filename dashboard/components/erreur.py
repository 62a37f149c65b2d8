"""What a reader is told when there is nothing to show: what was asked, why it cannot be shown, where to go."""

from __future__ import annotations

from markupsafe import Markup

from dashboard.components.balises import tag
from dashboard.filters import BadFilter
from dashboard.i18n import texts
from dashboard.router import Lang, UnknownPage, href
from publish.entries import Withdrawn
from schemas.errors import ObservatoireError, ReleaseConflict


def explanation(error: ObservatoireError, lang: Lang) -> str:
    """The message of an error in the language of the page."""
    if isinstance(error, BadFilter):
        t = texts(lang)
        hint = (
            t("erreur.filtre.exemple", field=error.field, example=error.example)
            if error.example
            else t("erreur.filtre.retirer")
        )
        return t("erreur.filtre", field=error.field, value=error.value) + " " + hint
    if isinstance(error, ReleaseConflict):
        # The message names folders of the server: it is for its operator, in the log.
        return texts(lang)("erreur.503.detail")
    if isinstance(error, Withdrawn) and lang == "en":
        return texts(lang)("erreur.410.detail", date=error.withdrawal.date, raison=error.withdrawal.raison)
    if isinstance(error, UnknownPage):
        return texts(lang)("erreur.page", path=error.path)
    return str(error)


def problem(lang: Lang, status: int, error: ObservatoireError | None) -> Markup:
    """The body of an error page; ``error`` where there is more to tell than the status."""
    t = texts(lang)
    detail = tag("p", explanation(error, lang), class_="alerte", role="alert") if error else None
    back = tag("p", tag("a", t("erreur.retour"), href=href(lang, "accueil")))
    lede = tag("p", t(f"erreur.{status}.texte"), class_="chapeau")
    return tag("header", tag("h1", t(f"erreur.{status}.titre")), lede, detail, back, class_="page__tete")
