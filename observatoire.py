"""The front door: one command line that composes the rooms and knows the default paths.

Exit codes: 0 fine, 2 usage, 10 data rejected, 11 contract broken, 12 disclosure audit failed, 13 release exists or is
incomplete, 14 the disk refuses, 1 bug. Errors a user can cause are printed without a traceback.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from typer import rich_utils
from typer._click.exceptions import UsageError as Misuse
from typer.main import get_command

from publish.charte import commande
from schemas.contract import contract_names, load_contract
from schemas.disque import refused
from schemas.errors import AuditFailed, ContractBroken, DataRejected, ObservatoireError, ReleaseConflict, UsageError

if TYPE_CHECKING:
    from etl.validate import Report

NAME = "observatoire"
FIRST_VERSION = "2026.3.0+demo"
SEED = 2026
PORT = 8050
WORKERS = 2
ERRORS = 50

console = Console(stderr=True, highlight=False)
app = typer.Typer(
    name=NAME,
    help="Observatoire du plan crack : du fichier reçu à la page publique.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
geo = typer.Typer(help="Territoires : codes, populations, contours.", no_args_is_help=True)
sources = typer.Typer(help="Documents dont les chiffres publiés sont transcrits.", no_args_is_help=True)
app.add_typer(geo, name="geo")
app.add_typer(sources, name="sources")


class Format(StrEnum):
    """How a report is printed."""

    text = "text"
    json = "json"


class Lang(StrEnum):
    """Language of messages."""

    fr = "fr"
    en = "en"


@dataclass(frozen=True)
class Paths:
    """Where everything stands below one data folder."""

    data: Path

    @property
    def inbox(self) -> Path:
        """Feed files as received."""
        return self.data / "inbox"

    @property
    def snapshots(self) -> Path:
        """What was accepted."""
        return self.data / "snapshots"

    @property
    def quarantine(self) -> Path:
        """What was rejected, each with its report."""
        return self.data / "quarantine"

    @property
    def releases(self) -> Path:
        """What is public."""
        return self.data / "releases"

    @property
    def warehouse(self) -> Path:
        """The restricted warehouse."""
        return self.data / "warehouse.duckdb"


Data = Annotated[Path, typer.Option("--data", help="Dossier des données.", envvar="OBSERVATOIRE_DATA")]
Reference = Annotated[
    Path, typer.Option("--reference", help="Dossier des tables de référence.", envvar="OBSERVATOIRE_REFERENCE")
]
LangOption = Annotated[Lang, typer.Option("--lang", help="Langue des messages.")]
FeedArgument = Annotated[str, typer.Argument(help="Nom du flux, par exemple plan_lits.", metavar="FLUX")]
# Whether it may be read is asked where it is read, which says what to do.
FileArgument = Annotated[
    Path, typer.Argument(help="Fichier reçu (.csv, .xlsx, .ods).", metavar="FICHIER", readable=False)
]
Limit = Annotated[int, typer.Option("--limit", help="Erreurs montrées par page.", min=1)]
Page = Annotated[int, typer.Option("--page", help="Page d'erreurs à montrer.", min=1)]
Address = Annotated[
    str, typer.Option("--adresse", help="Adresse du site pour ses lecteurs.", envvar="OBSERVATOIRE_ADRESSE")
]
Port = Annotated[int, typer.Option(help="Port d'écoute.", min=1, max=65535)]
Seed = Annotated[int, typer.Option(help="Graine du tirage : la même donne les mêmes fichiers.", min=0)]
Scale = Annotated[int, typer.Option(help="1 : Île-de-France ; 10 : dix ans et toute la France.", min=1)]

ROOT = Path(__file__).resolve().parent
DATA = ROOT / "data"
REFERENCE = DATA / "reference"


@contextmanager
def working(title: str) -> Iterator[Callable[[str], None]]:
    """Progress of a long work: a spinner on a terminal, plain lines elsewhere; yields what is called at each step."""
    if not console.is_terminal:
        yield lambda step: console.print(f"{title} : {step}", soft_wrap=True)
        return
    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=console, transient=True
    ) as bar:
        task = bar.add_task(title)
        yield lambda step: bar.update(task, description=f"{title} : {step}")


def say(text: str) -> None:
    """A line of summary, on standard error: standard output is for data."""
    console.print(text, markup=False, soft_wrap=True)


# ── Feeds ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@app.command(help="Écrit des flux de démonstration, simulés et marqués comme tels.")
def simulate(
    out: Annotated[Path, typer.Option(help="Dossier où écrire les fichiers.")] = DATA / "inbox",
    seed: Seed = SEED,
    scale: Scale = 1,
    reference: Reference = REFERENCE,
) -> None:
    from etl import simulate as simulation

    if scale > 1:
        tables = simulation.simulate_reference(out / "reference", reference=reference, scale=scale)
        say(f"Tables de référence de cette échelle : ajoutez « --reference {tables} » à ingest et à build.")
    with working("Simulation") as step:
        for feed in simulation.FEEDS:
            step(feed)
            say(str(simulation.simulate(feed, out, seed=seed, scale=scale)))


@app.command(help="Vérifie un fichier contre le contrat de son flux, sans rien changer.")
def validate(
    feed: FeedArgument,
    file: FileArgument,
    format: Annotated[Format, typer.Option("--format", help="Forme du rapport.")] = Format.text,
    lang: LangOption = Lang.fr,
    limit: Limit = ERRORS,
    page: Page = 1,
    reference: Reference = REFERENCE,
) -> None:
    from etl.validate import check

    contract = _contract(feed)
    report = check(file, contract, references=reference, lang=lang, limit=limit, offset=(page - 1) * limit)
    typer.echo(report.to_json() if format is Format.json else _page_of(report, lang))
    if not report.valid:
        raise typer.Exit(DataRejected.exit_code)


def _page_of(report: Report, lang: Lang) -> str:
    """The text of one page of a report, and which options show the others."""
    others = commande.pages(report.pages, total=report.total_errors, lang=lang.value) if report.pages > 1 else ""
    return "\n".join([report.to_text(), *([others] if others else [])])


def _contract(name: str):  # type: ignore[no-untyped-def]
    """The contract of a feed or of a reference table."""
    kind = "reference" if name in contract_names("reference") else "feeds"
    return load_contract(name, kind=kind)


@app.command(
    help="Accepte ou rejette un fichier entier ; un fichier rejeté ne change rien et est mis de côté avec son rapport."
)
def ingest(
    feed: FeedArgument,
    file: FileArgument,
    lang: LangOption = Lang.fr,
    limit: Limit = ERRORS,
    page: Page = 1,
    data: Data = DATA,
    reference: Reference = REFERENCE,
) -> None:
    _ingest(feed, file, Paths(data), reference, lang=lang, limit=limit, page=page)


def _ingest(
    feed: str, file: Path, paths: Paths, reference: Path, *, lang: Lang = Lang.fr, limit: int = ERRORS, page: int = 1
) -> None:
    from etl.snapshots import ingest as receive

    done = receive(feed, file, store=paths.snapshots, quarantine=paths.quarantine, references=reference, lang=lang)
    if done.etat == "rejete" and done.report:
        shown = _page_of(done.report.part(limit=limit, offset=(page - 1) * limit), lang)
        raise DataRejected(f"{shown}\nRien n'a été changé. Fichier et rapport mis de côté dans {done.dossier}.")
    if done.depuis:
        others = ", ".join(f"{snapshot.fichier} (reçu le {snapshot.recu_le[:10]})" for snapshot in done.depuis)
        say(
            f"{feed} : {file.name}, qui avait déjà été reçu, l'emporte de nouveau, ligne à ligne, sur ce qui a été "
            f"reçu depuis : {others}. Si c'est une erreur, renvoyez {done.depuis[-1].fichier}."
        )
        return
    said = {"accepte": "accepté", "deja_recu": "déjà reçu, rien n'a changé"}
    rows = f" ({done.report.rows} lignes)" if done.report else ""
    say(f"{feed} : {file.name} {said[done.etat]}{rows}.")


@app.command(help="Recalcule l'entrepôt : seulement ce qui a changé, à côté, puis d'un coup.")
def build(data: Data = DATA, reference: Reference = REFERENCE) -> None:
    _build(Paths(data), reference)


def _build(paths: Paths, reference: Path) -> None:
    from etl.build import build as rebuild

    with working("Construction") as step:
        results = rebuild(paths.warehouse, snapshots=paths.snapshots, reference=reference, progress=step)
    changed = [result for result in results if result.secondes is not None]
    seconds = sum(result.secondes or 0 for result in changed)
    rows = next(result.lignes for result in results if result.table == "observations")
    say(f"Entrepôt à jour : {len(changed)} tables refaites sur {len(results)} en {seconds:.1f} s, {rows} observations.")


# ── Releases ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@app.command(
    help="Fige l'entrepôt en une version publique qui ne changera plus. "
    "OBSERVATOIRE_ADRESSE est l'adresse du site, qu'elle écrit dans ses métadonnées."
)
def release(
    version: Annotated[str, typer.Argument(help="ANNÉE.TRIMESTRE.RÉVISION ; +demo si des lignes sont simulées.")],
    day: Annotated[
        str | None, typer.Option("--date", help="Date de publication (AAAA-MM-JJ), aujourd'hui sans elle.")
    ] = None,
    data: Data = DATA,
    reference: Reference = REFERENCE,
) -> None:
    _release(version, Paths(data), reference, _day(day))


def _day(text: str | None) -> date:
    if text is None:
        return date.today()
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError as error:
        raise UsageError(f"« {text} » n'est pas une date. Forme attendue : AAAA-MM-JJ.") from error


def _release(version: str, paths: Paths, reference: Path, day: date) -> None:
    from etl.build import outdated
    from publish import adresses
    from publish.release import release as freeze
    from publish.version import parse_version

    wanted = parse_version(version)
    if paths.warehouse.exists() and (late := outdated(paths.warehouse, snapshots=paths.snapshots, reference=reference)):
        raise ReleaseConflict(
            f"L'entrepôt est en retard sur {_behind(late)} : la version n'est pas publiée. "
            "Lancez d'abord « observatoire build »."
        )
    address = os.environ.get(adresses.VARIABLE, adresses.DEFAULT)
    with working("Publication") as step:
        done = freeze(
            wanted,
            warehouse=paths.warehouse,
            releases=paths.releases,
            contours=reference / "contours",
            day=day,
            adresse=address,
            progress=step,
        )
    rows = sum(done.lignes.values())
    say(
        f"Version {done.version} publiée dans {done.dossier} : {len(done.lignes)} tables, {rows} lignes, "
        f"{done.secretes} cellules secrètes."
    )
    if address == adresses.DEFAULT and not wanted.demo:
        say(adresses.nowhere(str(wanted)))


def _behind(tables: Collection[str]) -> str:
    """What a warehouse is late on, as those who send files know it: feeds and reference tables, else the program."""
    sources = {re.sub("^(flux|declarations|observations)_", "", table) for table in tables}
    named = sorted(sources & {*contract_names("feeds"), *contract_names("reference")})
    return f"ce qui a été reçu ({', '.join(named)})" if named else "le programme, qui calcule autrement"


@app.command(help="Écrit la revue trimestrielle du comité en PDF, depuis une version publiée et rien d'autre.")
def report(
    version: Annotated[str, typer.Argument(help="Version publiée, ou « latest ».")] = "latest",
    quarter: Annotated[str, typer.Option(help="Trimestre (2026-T3), sans elle celui de la version.")] = "",
    lang: Annotated[Lang, typer.Option("--lang", help="Langue du document.")] = Lang.fr,
    output: Annotated[Path | None, typer.Option(help="Fichier à écrire.")] = None,
    data: Data = DATA,
) -> None:
    from publish.comite.rapport import report_of
    from publish.reader import Releases

    found = Releases(Paths(data).releases).release(version)
    made = report_of(found, lang.value, quarter)
    target = output or Path(f"comite-{found.version}{f'-{quarter}' if quarter else ''}-{lang.value}.pdf")
    if not target.parent.is_dir():
        raise UsageError(f"{target.parent} : ce dossier n'existe pas. Créez-le, ou donnez un autre fichier à --output.")
    target.write_bytes(made)
    say(f"{target} : revue du comité, version {found.version} ({len(made) / 1000:.0f} ko).")


@app.command(help="Relit une version, octet par octet, et dit ce qui n'est plus ce qui a été publié.")
def verify(
    version: Annotated[str | None, typer.Argument(help="Version à relire.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Relire toutes les versions.")] = False,
    data: Data = DATA,
) -> None:
    from publish.verify import verify as check
    from publish.verify import verify_all

    if (version is None) is not every:
        raise UsageError("Donnez une version à relire, ou « --all » pour toutes.")
    releases = Paths(data).releases
    verdicts = verify_all(releases) if version is None else (check(releases, version),)
    say("\n".join(verdict.to_text() for verdict in verdicts))
    if any(verdict.fautes for verdict in verdicts):
        raise typer.Exit(ReleaseConflict.exit_code)


@app.command(help="Éprouve le secret d'une version avec tout ce qu'un lecteur peut télécharger, comme un attaquant.")
def audit(
    version: Annotated[str, typer.Argument(help="Version à éprouver, par exemple 2026.3.0.")],
    as_json: Annotated[bool, typer.Option("--json", help="Écrit le rapport complet.")] = False,
    data: Data = DATA,
) -> None:
    from publish.audit import audit_published

    with working("Audit") as step:
        verdict = audit_published(version, Paths(data).releases, step)
    typer.echo(verdict.to_json() if as_json else verdict.to_text(), nl=not as_json)
    if not verdict.sure:
        raise typer.Exit(AuditFailed.exit_code)


@app.command(help="Porte les versions sur un hôte ou sur data.gouv.fr ; reprend où un envoi s'est arrêté.")
def publish(
    target: Annotated[
        str, typer.Argument(help="Dossier, file:///dossier, s3://seau/préfixe, ou datagouv.", metavar="CIBLE")
    ],
    dry: Annotated[
        bool | None,
        typer.Option(
            "--dry-run/--execute", help="Dire ce qui serait fait, ou le faire. Sans l'un ni l'autre, datagouv dit."
        ),
    ] = None,
    data: Data = DATA,
) -> None:
    from publish.deposit import bring

    with working("Envoi") as step:
        done = bring(Paths(data).releases, target, dry=dry, environment=os.environ, progress=step)
    if done.dry:
        typer.echo(done.text)
    say(done.summary)


@app.command(help="Compare deux versions : lignes ajoutées, retirées, révisées, et pourquoi.")
def diff(
    first: Annotated[str, typer.Argument(help="Version de départ.", metavar="A")],
    second: Annotated[str, typer.Argument(help="Version d'arrivée.", metavar="B")],
    as_json: Annotated[bool, typer.Option("--json", help="Chaque différence, en une ligne de JSON.")] = False,
    data: Data = DATA,
) -> None:
    from publish.differences import compared, lines, summary

    with compared(Paths(data).releases, first, second) as (con, story):
        for line in lines(con) if as_json else [summary(story)]:
            typer.echo(line)


@app.command(help="Retire une version, ou une table d'une version, en laissant sa trace et la raison.")
def withdraw(
    version: Annotated[str, typer.Argument(help="Version à retirer, ou dont une table est à retirer.")],
    reason: Annotated[str, typer.Option("--raison", help="Raison, publiée telle quelle.")],
    dataset: Annotated[str, typer.Option("--donnees", help="Table à retirer seule, sous toutes ses formes.")] = "",
    day: Annotated[
        str | None, typer.Option("--date", help="Date du retrait (AAAA-MM-JJ), aujourd'hui sans elle.")
    ] = None,
    data: Data = DATA,
) -> None:
    from publish.withdraw import withdraw as take_back

    done = take_back(version, releases=Paths(data).releases, reason=reason, day=_day(day), dataset=dataset)
    say(done.to_text())


@app.command(help="Sert le site public depuis un dossier de versions.")
def serve(
    releases: Annotated[Path | None, typer.Option(help="Dossier des versions.")] = None,
    host: Annotated[str, typer.Option(help="Adresse d'écoute.")] = "127.0.0.1",
    port: Port = PORT,
    workers: Annotated[int, typer.Option(help="Nombre de processus.", min=1)] = WORKERS,
    address: Address = "",
    proxies: Annotated[
        int,
        typer.Option("--relais", help="Serveurs devant celui-ci, dont les en-têtes X-Forwarded sont crus.", min=0),
    ] = 0,
    journal: Annotated[bool, typer.Option("--journal", help="Écrit une ligne de JSON par réponse.")] = False,
    metrics: Annotated[bool, typer.Option("--mesures", help="Compte les réponses ; /metrics les dit ici.")] = False,
    data: Data = DATA,
) -> None:
    from dashboard.reglages import settings_of
    from dashboard.serve import serve as serve_forever

    folder = releases or Paths(data).releases
    settings = settings_of(address=address, proxies=proxies, journal=journal, metrics=metrics)
    serve_forever(folder, host=host, port=port, workers=workers, settings=settings, ready=say)


@app.command(help="Fait tout pour la démonstration : simule, reçoit, construit, publie, sert.")
def run(
    host: Annotated[str, typer.Option(help="Adresse d'écoute.")] = "127.0.0.1",
    port: Port = PORT,
    data: Data = DATA,
    reference: Reference = REFERENCE,
) -> None:
    paths = Paths(data)
    prepare(paths, reference)
    serve(releases=paths.releases, host=host, port=port, workers=WORKERS, data=data)


def prepare(paths: Paths, reference: Path) -> None:
    """Bring the demonstration up to date: what did not change is not made again."""
    from etl.simulate import FEEDS
    from etl.simulate import simulate as draw

    for feed in FEEDS:
        file = paths.inbox / f"{feed}.csv"
        if not file.exists():
            draw(feed, paths.inbox, seed=SEED)
        _ingest(feed, file, paths, reference)
    _build(paths, reference)
    if version := _version_due(paths):
        _release(version, paths, reference, date.today())


def _version_due(paths: Paths) -> str | None:
    """The version to publish for the warehouse as it is; None where the newest release froze this very state."""
    from publish.index import read_index
    from publish.release import next_revision, warehouse_print
    from publish.version import parse_version

    entries = read_index(paths.releases)
    if not entries:
        return FIRST_VERSION
    newest = max(entries, key=lambda entry: parse_version(entry.version))
    if newest.empreinte == warehouse_print(paths.warehouse):
        return None
    return str(next_revision(parse_version(newest.version)))


# ── Territories and sources ───────────────────────────────────────────────────────────────────────────────────────────


@geo.command("build", help="Refait les territoires depuis les deux paquets publics épinglés.")
def geo_build(
    out: Annotated[Path, typer.Option(help="Dossier à écrire.")] = REFERENCE,
    packages: Annotated[
        Path | None, typer.Option(help="Dossier où les paquets sont déjà ; téléchargés sans lui.")
    ] = None,
) -> None:
    from geo.build import build as rebuild

    say(str(rebuild(out, packages=packages)))


@sources.command("check", help="Relit les documents et vérifie que chaque chiffre transcrit y est, à la place dite.")
def sources_check(
    folder: Annotated[Path, typer.Argument(help="Dossier des documents.", metavar="DOSSIER")],
    reference: Reference = REFERENCE,
) -> None:
    from etl.sources import check_sources

    report = check_sources(folder, reference)
    say(report.to_text())
    if not report.valid:
        raise typer.Exit(ContractBroken.exit_code)


def main() -> None:
    """Run the command line; print errors users can cause without a traceback, in the language it asks for."""
    lang = commande.lang_of(sys.argv[1:])
    door = get_command(app)
    if lang == "fr":
        commande.dress(rich_utils)
        commande.dress_help(door, typer.Context)
    try:
        sys.exit(door(prog_name=NAME, standalone_mode=False))
    except Misuse as error:
        command = error.ctx.command_path if error.ctx else NAME
        if said := error.format_message():
            say(commande.usage(said, command=command, lang=lang))
        sys.exit(UsageError.exit_code)
    except ObservatoireError as error:
        say(str(error))
        sys.exit(error.exit_code)
    except typer.Abort:
        say("Interrompu." if lang == "fr" else "Interrupted.")
        sys.exit(1)
    except Exception as error:
        if (told := refused(error)) is None:
            raise
        say(str(told))
        sys.exit(told.exit_code)


if __name__ == "__main__":
    main()
