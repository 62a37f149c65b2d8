"""Write the static site of a release in ``site/``: every page in both languages, the style sheet, the sitemap.

The pages read only public files of the release, by relative links: the folder works from a disk or on any host.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jinja2

from publish.charte import ASSETS, SHEETS, SIGN
from publish.charte.i18n import LANGUAGES
from publish.notice import LICENCE, TITLE, Notice
from publish.site import carte
from publish.site.page import HOME, Page, Work, texts
from publish.site.pages import accueil, corrections, indicateurs, jeux, methode, publication, services, territoires
from publish.site.source import FOLDER, Source
from publish.site.typographie import french

MAKERS = (accueil, indicateurs, territoires, services, jeux, publication, methode, corrections)
MENU = ("indicateurs", "territoires", "services", "jeux")
MENU_PAGES = ("publication", "methode", "corrections")
OUTLINES = "cartes/paris_petite_couronne.lambert93.json"


def write_site(draft: Path, notice: Notice) -> int:
    """Write ``site/`` in a release folder whose data, schemas and maps are written; returns the number of pages."""
    source, folder = Source(draft, notice), draft / "site"
    ground = carte.background(source.document(OUTLINES))
    _write_assets(folder / "assets")
    written = [path for lang in LANGUAGES for path in _write_pages(folder, Work(source, lang, texts(lang), ground))]
    environment = _environment()
    front = environment.get_template("langues.html").render(titles=TITLE, notice=notice, url=notice.permanent)
    (folder / HOME).write_text(front, encoding="utf-8")
    sitemap = environment.get_template("sitemap.xml").render(paths=sorted(set(written)), langs=LANGUAGES, notice=notice)
    (folder / "sitemap.xml").write_text(sitemap, encoding="utf-8")
    return len(written) + 1


def _write_assets(folder: Path) -> None:
    folder.mkdir(parents=True)
    sheets = [*(ASSETS / name for name in SHEETS), FOLDER / "assets" / "site.css"]
    style = "".join(sheet.read_text(encoding="utf-8") for sheet in sheets) + carte.colours()
    (folder / "style.css").write_text(style, encoding="utf-8")
    shutil.copyfile(ASSETS / SIGN, folder / SIGN)


def _write_pages(folder: Path, work: Work) -> Iterator[str]:
    """Write the pages of a language; yields their paths below its folder."""
    environment = _environment()
    for page in (page for maker in MAKERS for page in maker.pages(work)):
        path = folder / work.lang / page.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_render(environment, work, page), encoding="utf-8")
        yield page.path


def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _render(environment: jinja2.Environment, work: Work, page: Page) -> str:
    notice, address = work.source.notice, f"site/{work.lang}/{page.path}"
    values: dict[str, Any] = {
        "page": page,
        "t": work.t,
        "lang": work.lang,
        "notice": notice,
        "site": TITLE[work.lang],
        "licence": LICENCE,
        "menu": [*((name, f"{name}/{HOME}") for name in MENU), *((name, f"{name}.html") for name in MENU_PAGES)],
        "alternates": {lang: notice.permanent(f"site/{lang}/{page.path}") for lang in LANGUAGES},
        "others": [(lang, page.to(f"../{lang}/{page.path}")) for lang in LANGUAGES],
        "citation": notice.citation(work.lang, title=work.t("citer.page", titre=page.title), relative=address),
        **page.content,
    }
    written = environment.get_template(page.template).render(values)
    return french(written) if work.lang == "fr" else written
