"""The home page's figures and its chart as a Streamlit page: what ``bench_rivals`` times.

``python page.py RELEASE RUNS`` prints the seconds of each run of the page as JSON. It is run in process, without its
server, its websocket nor a browser, and what it reads is cached: all in its favour.
"""

from __future__ import annotations

import json
import sys
import time

PAGE = """
import pandas as pd
import plotly.express as px
import streamlit as st

KEY = ["scenes_presence_max", "maraudes_contacts", "repos_passages_jour", "hebergement_taux_occupation", "lits_ouverts"]

@st.cache_data
def read():
    rows = pd.read_parquet(RELEASE + "/data/observations.parquet")
    return rows[(rows.territoire_niveau == "region") & (rows.territoire_code == "11") & (rows.modalite == "tous")]

rows = read()
st.title("Observatoire du plan crack")
for code in KEY:
    mine = rows[(rows.indicateur == code) & (rows.granularite == "trimestre")].sort_values("periode_debut")
    if len(mine):
        st.metric(code, str(mine.iloc[-1].valeur), mine.iloc[-1].periode)
monthly = rows[(rows.indicateur == "repos_passages_jour") & (rows.granularite == "mois")].sort_values("periode_debut")
st.plotly_chart(px.line(monthly, x="periode_debut", y="valeur"))
st.dataframe(monthly[["periode", "valeur", "statut"]])
"""


def main() -> None:
    from streamlit.testing.v1 import AppTest

    release, runs = sys.argv[1], int(sys.argv[2])
    page = AppTest.from_string(f"RELEASE = {release!r}\n{PAGE}", default_timeout=60)
    times = []
    for _ in range(runs + 1):
        start = time.perf_counter()
        page.run()
        times.append(time.perf_counter() - start)
        if page.exception:
            raise RuntimeError(page.exception)
    print(json.dumps(times[1:]))


if __name__ == "__main__":
    main()
