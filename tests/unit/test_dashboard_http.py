"""Answers of the server, without a browser: pages, errors, headers, files, extracts."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest
from fixtures_release import OLDER, VERSION, catalogue, write_releases
from werkzeug.test import Client, TestResponse

from dashboard.app import create_app
from dashboard.reglages import Settings
from dashboard.router import LANGUAGES, SLUGS, href

PAGES = [href(lang, slug) for lang in LANGUAGES for slug in SLUGS]


@pytest.fixture(scope="module")
def client(small_releases: Path) -> Client:
    return create_app(small_releases).server.test_client()


def body(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("address", PAGES)
def test_page_is_written_by_the_server(client: Client, address: str) -> None:
    answer = client.get(address)
    text = body(answer)
    assert answer.status_code == 200
    assert f'<html lang="{address[1:3]}">' in text
    assert text.count("<h1>") == 1
    assert text.count("<title>") == 1
    assert '<meta name="description" content="' in text
    assert 'class="bandeau"' in text
    assert 'class="evitement" href="#contenu"' in text
    first = text.split('class="parties"')[1].split("</main>")[0]
    assert len(first) > 800
    assert "etalab-2.0" in text
    assert VERSION in text


def test_titles_differ_between_pages_and_languages(client: Client) -> None:
    titles = {body(client.get(address)).split("<title>")[1].split("</title>")[0] for address in PAGES}
    assert len(titles) == len(PAGES)


def test_root_leads_to_french(client: Client) -> None:
    answer = client.get("/")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/fr/"


def test_unknown_page_is_a_404_in_the_language(client: Client) -> None:
    answer = client.get("/en/nowhere")
    assert answer.status_code == 404
    assert '<html lang="en">' in body(answer)
    assert "/en/nowhere" in body(answer)
    assert 'class="bandeau"' not in body(answer)


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("/fr/scenes?trimestre=demain", "demain"),
        ("/fr/scenes?trimestre=1999-T1", "1999-T1"),
        ("/fr/scenes?indicateur=lits_ouverts", "lits_ouverts"),
        ("/fr/?couleur=bleu", "couleur"),
        ("/fr/?release=2020.1.0", "2020.1.0"),
        ("/fr/chiffres?theme=rien", "rien"),
    ],
)
def test_bad_filter_is_a_400_that_quotes_it(client: Client, address: str, found: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 400
    assert found in body(answer)


def test_what_is_typed_in_the_address_is_escaped(client: Client) -> None:
    text = body(client.get("/fr/?couleur=<script>alert(1)</script>"))
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text


def test_no_release_is_a_503_that_says_what_to_do_and_heals(tmp_path: Path, small_releases: Path) -> None:
    client = create_app(tmp_path).server.test_client()
    answer = client.get("/fr/")
    assert answer.status_code == 503
    assert "observatoire release" in body(answer)
    assert str(tmp_path) not in body(answer)
    (tmp_path / VERSION).symlink_to(small_releases / VERSION)
    (tmp_path / OLDER).symlink_to(small_releases / OLDER)
    (tmp_path / "index.json").write_bytes((small_releases / "index.json").read_bytes())
    assert client.get("/fr/").status_code == 200


def test_an_older_release_can_be_read(client: Client) -> None:
    text = body(client.get(f"/fr/caarud?release={OLDER.replace('+', '%2B')}"))
    assert f"/extrait/{OLDER}.csv" in text
    assert f'name="release" value="{OLDER}"' in text


def test_the_form_shows_what_the_address_says(client: Client) -> None:
    text = body(client.get("/fr/scenes?trimestre=2025-T2"))
    assert '<option value="2025-T2" selected>' in text
    assert 'aria-valuetext="2e\u00a0trimestre\u00a02025"' in text
    assert '/en/scenes?trimestre=2025-T2"' in text


def test_policy_forbids_other_hosts(client: Client) -> None:
    policy = client.get("/fr/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "http" not in policy
    assert "'unsafe-eval'" not in policy
    assert "sha256-" in policy


def test_file_is_immutable_and_tagged_with_its_checksum(client: Client, small_releases: Path) -> None:
    address = f"/donnees/{VERSION}/data/observations.csv"
    answer = client.get(address, buffered=True)
    sums = (small_releases / VERSION / "SHA256SUMS").read_text(encoding="utf-8")
    digest = next(line.split()[0] for line in sums.splitlines() if line.endswith("data/observations.csv"))
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["ETag"] == f'"{digest}"'
    assert client.get(address, headers={"If-None-Match": f'"{digest}"'}, buffered=True).status_code == 304


def test_a_download_that_was_cut_off_goes_on_from_where_it_stopped(client: Client) -> None:
    address = f"/donnees/{VERSION}/data/observations.csv"
    whole = client.get(address, buffered=True)
    said = {"Range": "bytes=100-", "If-Range": whole.headers["ETag"]}
    rest = client.get(address, headers=said, buffered=True)
    assert (rest.status_code, rest.get_data()) == (206, whole.get_data()[100:])
    # Never from the middle of other bytes: those of another file, or of the same one compressed.
    zipped = client.get(address, headers={"Accept-Encoding": "gzip"}, buffered=True)
    for tag in ('"autre"', zipped.headers["ETag"]):
        again = client.get(address, headers={**said, "If-Range": tag}, buffered=True)
        assert (again.status_code, again.get_data()) == (200, whole.get_data())
    beyond = client.get(address, headers={"Range": "bytes=99999999-"}, buffered=True)
    assert (beyond.status_code, beyond.get_data(as_text=True)) == (
        416,
        "Le fichier existe, mais pas la partie demandée.\n",
    )


@pytest.mark.parametrize(
    ("name", "mimetype"),
    [
        ("data/observations.parquet", "application/vnd.apache.parquet"),
        ("datapackage.json", "application/json"),
        ("SHA256SUMS", "text/plain"),
    ],
)
def test_files_have_their_type(client: Client, name: str, mimetype: str) -> None:
    assert client.get(f"/donnees/{VERSION}/{name}", buffered=True).mimetype == mimetype


def test_latest_redirects_to_the_newest(client: Client) -> None:
    answer = client.get("/donnees/latest/data/observations.csv")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/donnees/{VERSION}/data/observations.csv"


@pytest.mark.parametrize(
    "path", ["../index.json", "data/rien.csv", "%2e%2e/index.json", "..%2findex.json", "a%00b", "9" * 400]
)
def test_what_is_not_in_the_release_is_a_404(client: Client, path: str) -> None:
    assert client.get(f"/donnees/{VERSION}/{path}").status_code == 404


@pytest.mark.parametrize("path", ["..%2f..%2fx", "../../x", "%2e%2e/index.json", "data/rien.csv", "/etc/hosts"])
def test_latest_redirects_nowhere_but_to_a_file_of_the_release(client: Client, path: str) -> None:
    answer = client.get(f"/donnees/latest/{path}")
    assert answer.status_code == 404
    assert "Location" not in answer.headers


def test_two_slashes_in_a_row_lead_nowhere(client: Client) -> None:
    answer = client.get("/donnees//data/observations.csv")
    assert answer.status_code == 404
    assert "Location" not in answer.headers


def test_latest_redirects_to_the_plain_path_of_a_file(client: Client) -> None:
    answer = client.get("/donnees/latest/cartes/..%2fdata/observations.csv")
    assert answer.headers["Location"] == f"/donnees/{VERSION}/data/observations.csv"


def test_browsers_and_robots_find_what_they_ask_for(client: Client, tmp_path: Path) -> None:
    sign, robots = client.get("/favicon.ico", buffered=True), client.get("/robots.txt")
    assert sign.status_code == robots.status_code == 200
    assert sign.mimetype == "image/svg+xml"
    assert sign.get_data() == client.get("/assets/charte/signe.svg", buffered=True).get_data()
    assert robots.mimetype == "text/plain"
    assert body(robots).split() == ["User-agent:", "*", "Allow:", "/", "Sitemap:", "http://localhost/sitemap.xml"]
    without = create_app(tmp_path).server.test_client()
    assert without.get("/robots.txt").status_code == 200


def test_the_sitemap_lists_every_page_once_with_its_twin(client: Client, tmp_path: Path) -> None:
    answer = client.get("/sitemap.xml")
    assert answer.mimetype == "application/xml"
    pages = list(ElementTree.fromstring(body(answer)))
    listed = [page[0].text or "" for page in pages]
    assert listed == [f"http://localhost{href(lang, slug)}" for slug in SLUGS for lang in LANGUAGES]
    for page in pages:
        twins = {link.attrib["hreflang"]: link.attrib["href"] for link in page[1:]}
        assert set(twins) == set(LANGUAGES)
        assert page[0].text in twins.values()
    assert client.get(listed[-1]).status_code == 200
    known = create_app(tmp_path, Settings("https://observatoire.fr")).server.test_client()
    named = {"base_url": "https://observatoire.fr"}
    assert "<loc>https://observatoire.fr/en/objectifs</loc>" in body(known.get("/sitemap.xml", **named))
    assert "Sitemap: https://observatoire.fr/sitemap.xml" in body(known.get("/robots.txt", **named))


def test_an_indicator_leads_to_the_page_of_its_feed_whatever_its_theme(tmp_path: Path) -> None:
    moved = catalogue().assign(theme="rdr")
    client = create_app(write_releases(tmp_path, instead={"indicateurs": moved})).server.test_client()
    text = body(client.get("/fr/methode"))
    for code, page in (("caarud_pipes", "caarud"), ("repos_passages", "repos"), ("lits_ouverts", "hopital")):
        entry = text.split(f'id="{code}"')[1].split("</details>")[0]
        assert f'href="/fr/{page}"' in entry


def test_extract_is_the_rows_asked_for(client: Client) -> None:
    answer = client.get(f"/extrait/{VERSION}.csv?indicateur=caarud_pipes&territoire_niveau=departement&periode=2025")
    rows = list(csv.DictReader(io.StringIO(body(answer))))
    assert answer.content_type == "text/csv; charset=utf-8"
    assert "immutable" in answer.headers["Cache-Control"]
    assert {(row["indicateur"], row["territoire_code"], row["periode"]) for row in rows} == {
        ("caarud_pipes", "75", "2025"),
        ("caarud_pipes", "93", "2025"),
    }


def test_extract_of_the_latest_is_not_kept(client: Client) -> None:
    assert client.get("/extrait/latest.csv?indicateur=caarud_pipes").headers["Cache-Control"] == "no-cache"


def test_extract_on_an_unknown_column_is_refused_in_words(client: Client) -> None:
    answer = client.get(f"/extrait/{VERSION}.csv?valeur=3")
    assert answer.status_code == 400
    assert "valeur" in body(answer)


def test_answers_are_compressed_for_those_who_can_read_them(client: Client) -> None:
    plain = client.get("/fr/chiffres", buffered=True)
    small = client.get("/fr/chiffres", headers={"Accept-Encoding": "gzip"}, buffered=True)
    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in small.headers["Vary"]
    assert len(small.get_data()) * 2 < len(plain.get_data())
    assert "crack" in gzip.decompress(small.get_data()).decode("utf-8")
    # A cache in between learns from the plain answer too that there is another.
    assert "Accept-Encoding" in plain.headers["Vary"]


@pytest.mark.parametrize("address", ["/assets/site.js", f"/donnees/{VERSION}/data/observations.csv"])
def test_the_plain_and_the_compressed_answer_have_each_their_tag(client: Client, address: str) -> None:
    plain = client.get(address, buffered=True)
    zipped = client.get(address, headers={"Accept-Encoding": "gzip"}, buffered=True)
    assert gzip.decompress(zipped.get_data()) == plain.get_data()
    tags = {"": plain.headers["ETag"], "gzip": zipped.headers["ETag"]}
    assert len(set(tags.values())) == 2
    for encoding, tag in tags.items():
        again = client.get(address, headers={"Accept-Encoding": encoding, "If-None-Match": tag}, buffered=True)
        assert (again.status_code, again.get_data(), again.headers["ETag"]) == (304, b"", tag)
    other = client.get(address, headers={"If-None-Match": tags["gzip"]}, buffered=True)
    assert (other.status_code, other.get_data()) == (200, plain.get_data())


def test_a_file_that_took_the_place_of_another_is_compressed_anew(small_releases: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(small_releases, tmp_path / "publications"))
    sums, asked = root / VERSION / "SHA256SUMS", f"/donnees/{VERSION}/SHA256SUMS"
    asker = create_app(root).server.test_client()
    zipped = {"Accept-Encoding": "gzip"}
    assert gzip.decompress(asker.get(asked, headers=zipped, buffered=True).get_data()) == sums.read_bytes()
    sums.write_bytes(sums.read_bytes() + sums.read_bytes())
    assert gzip.decompress(asker.get(asked, headers=zipped, buffered=True).get_data()) == sums.read_bytes()


def test_assets_are_compressed_and_kept_for_a_year(client: Client) -> None:
    address = re.search(r'/assets/00-plotly[^"]*', body(client.get("/fr/")))
    assert address is not None
    for _ in range(2):
        answer = client.get(address[0], headers={"Accept-Encoding": "gzip"}, buffered=True)
        assert "immutable" in answer.headers["Cache-Control"]
        assert len(answer.get_data()) < 500_000


def test_stock_plotly_is_not_asked_for(client: Client) -> None:
    text = body(client.get("/fr/scenes"))
    assert "/assets/00-plotly-basic" in text
    assert "plotly.min.js" not in text


def test_a_new_release_shows_in_the_list_of_versions_at_once(tmp_path: Path) -> None:
    root = write_releases(tmp_path)
    client = create_app(root).server.test_client()
    assert "2026.4.0" not in body(client.get("/fr/donnees"))
    index = json.loads((root / "index.json").read_text(encoding="utf-8"))
    index["releases"].append({**index["releases"][0], "version": "2026.4.0+demo"})
    (root / "index.json").write_text(json.dumps(index), encoding="utf-8")
    assert "2026.4.0+demo" in body(client.get("/fr/donnees"))


def test_charts_lead_to_the_definition_of_their_indicator(client: Client) -> None:
    assert '"/fr/indicateurs/caarud_file_active"' in body(client.get("/fr/caarud"))
    assert "Ce que mesure" in body(client.get("/fr/indicateurs/caarud_file_active"))
    assert 'id="caarud_file_active"' in body(client.get("/fr/methode"))


def test_a_territory_stands_with_its_neighbours_and_no_gap_is_made_up(client: Client) -> None:
    text = body(client.get("/fr/scenes?territoire=arrondissement:75119&trimestre=2026-T3"))
    table = text.split("Paris 19e et ses voisins")[-1].split("</table>")[0]
    rows = re.findall(r"<tr><th scope=.row.>(.*?)</tr>", table)
    assert [re.sub("<[^>]+>", " ", row).split()[0] for row in rows] == ["Paris", "Paris", "Aubervilliers"]
    assert "territoire=commune%3A93001" in table
    for row in rows:
        hidden = re.search("statut--(secret|non_rapporte|non_applicable)", row)
        assert ("\u2013</div>" in row) == bool(hidden)


@pytest.mark.parametrize("address", ["/fr/", "/fr/rien"])
def test_every_document_has_our_sign_and_our_styles(client: Client, address: str) -> None:
    text = body(client.get(address))
    for link in re.findall(r'<link rel="(?:icon|stylesheet)"[^>]*href="([^"]+)"', text):
        assert client.get(link, buffered=True).status_code == 200
    assert 'href="/assets/charte/signe.svg?m=' in text
    assert [name in text for name in ("/charte/tokens.css?m=", "/charte/pieces.css?m=", "/assets/dash.css")] == [
        True
    ] * 3
    assert "_favicon.ico" not in text


def test_the_other_language_is_named_at_the_address_readers_know(small_releases: Path, client: Client) -> None:
    known = create_app(small_releases, Settings("https://exemple.fr")).server.test_client()
    link = '<link rel="alternate" hreflang="en" href="{}/en/donnees">'
    assert link.format("https://exemple.fr") in body(known.get("/fr/donnees", base_url="https://autre.test"))
    assert link.format("") in body(client.get("/fr/donnees"))
