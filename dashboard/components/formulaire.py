"""The controls of a page: a plain GET form, which works without a script and whose state is the query string.

``assets/site.js`` sends each change to the address without loading the page again, and puts the controls back when the
reader goes back. Native controls are the ones every keyboard and every assistive technology already knows.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from dashboard.components.balises import tag
from dashboard.i18n import Texts

# Milliseconds on each period.
PACES = {"lente": 2000, "normale": 1000, "rapide": 400}
PACE = 1000


@dataclass(frozen=True)
class Option:
    """One choice: its value in the address, its text, and the heading it stands under."""

    value: str
    text: str
    group: str = ""


def form(t: Texts, *controls: Markup, label: str) -> Markup:
    """The form around controls, with a button for those who have no script."""
    button = tag("noscript", tag("button", t("formulaire.appliquer"), type="submit", class_="bouton"))
    return tag(
        "form", *controls, button, method="get", class_="commandes", data_etat=True, role="search", aria_label=label
    )


def select(
    name: str, label: str, options: Sequence[Option], *, chosen: str, default: str = "", reload: Sequence[str] = ()
) -> Markup:
    """A list of choices. ``default`` is the value left out of the address.

    ``reload`` names the choices that depend on this one: a change forgets them and loads the page again, since the form
    stands outside of what a callback writes.
    """
    groups: dict[str, list[Markup]] = {}
    for option in options:
        groups.setdefault(option.group, []).append(
            tag("option", option.text, value=option.value, selected=option.value == chosen)
        )
    body = [
        tag("optgroup", *items, label=group) if group else Markup("").join(items) for group, items in groups.items()
    ]
    depending = " ".join(reload) or None
    return _field(
        name, label, tag("select", *body, id=_id(name), name=name, data_defaut=default, data_recharge=depending)
    )


def slider(
    name: str, label: str, options: Sequence[Option], *, chosen: str, default: str, player: Markup | None = None
) -> Markup:
    """An ordered choice both as a slider and as a list: the list is what the form sends, the slider moves it.

    ``player`` stands beside, where a map plays the periods one after the other.
    """
    values = [option.value for option in options]
    position = values.index(chosen) if chosen in values else len(values) - 1
    rail = tag(
        "input",
        type="range",
        min=0,
        max=max(len(values) - 1, 0),
        step=1,
        value=position,
        id=f"{_id(name)}-curseur",
        aria_label=label,
        aria_valuetext=options[position].text if options else "",
        data_pour=name,
        data_textes=json.dumps([option.text for option in options], ensure_ascii=False),
        class_="curseur",
    )
    chooser = select(name, label, options, chosen=values[position] if values else "", default=default)
    ends = tag(
        "p", *(tag("span", options[place].text) for place in (0, -1)), class_="curseur__bornes", aria_hidden="true"
    )
    return tag("div", player, chooser, tag("div", rail, ends, class_="curseur__rail"), class_="champ champ--curseur")


def player(t: Texts) -> Markup:
    """The button that plays the periods of a map, and its pace; ``assets/lecteur.js`` makes them work."""
    play, pause = t("lecteur.lire"), t("lecteur.arreter")
    button = tag("button", play, type="button", class_="bouton", data_lire=play, data_arreter=pause)
    paces = (tag("option", t(f"lecteur.{name}"), value=wait, selected=wait == PACE) for name, wait in PACES.items())
    pace = tag("label", t("lecteur.vitesse"), tag("select", *paces))
    return tag("div", button, pace, class_="lecteur")


def search_field(name: str, label: str, *, value: str, hint: str) -> Markup:
    """A text to look for."""
    field = tag(
        "input",
        type="search",
        id=_id(name),
        name=name,
        value=value,
        placeholder=hint,
        autocomplete="off",
        data_defaut="",
    )
    return _field(name, label, field)


def hidden(name: str, value: str) -> Markup:
    """A value that the form carries along."""
    return tag("input", type="hidden", name=name, value=value, data_defaut="")


def _field(name: str, label: str, control: Markup) -> Markup:
    return tag("div", tag("label", label, for_=_id(name)), control, class_="champ")


def _id(name: str) -> str:
    return f"champ-{name}"
