/* Maps without tiles or WebGL: the outlines are fetched once per page life and put into the traces that name them.

   dash_clientside.carte.assembler(figure, url) returns the figure to draw, or a promise of it. `url` is null for a chart
   that is no map. Traces name their territory in meta {niveau, code}; colours that depend on the theme are both in the
   figure (meta.fill, meta.encre: {clair, sombre}) and follow the theme of the page while it is open. */
(function () {
  "use strict";

  const NARROW = 600;
  const MARGINS = 32;
  const ROOM = 19;
  const outlines = new Map();
  const darkScheme = window.matchMedia("(prefers-color-scheme: dark)");

  function theme() {
    const chosen = document.documentElement.dataset.theme;
    return chosen === "dark" || (chosen !== "light" && darkScheme.matches) ? "sombre" : "clair";
  }

  async function download(url) {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
    const file = await answer.json();
    const byKey = new Map(file.territories.map((one) => [`${one.niveau}/${one.code}`, one]));
    return { bounds: file.bounds, byKey };
  }

  /* One request per file; a failure is forgotten, so that the next map tries again. */
  function load(url) {
    if (!outlines.has(url)) {
      const promise = download(url);
      promise.catch(() => outlines.delete(url));
      outlines.set(url, promise);
    }
    return outlines.get(url);
  }

  function coordinates(points, axis) {
    return points.map((point) => (point ? point[axis] : null));
  }

  /* The narrowest side of a territory on a narrow screen, in pixels: the map is as wide as the screen there. */
  function room(outline, bounds) {
    const sides = [outline.x, outline.y].map((axis) => {
      const known = axis.filter((value) => value !== null);
      return Math.max(...known) - Math.min(...known);
    });
    return (Math.min(...sides) * (window.innerWidth - MARGINS)) / (bounds[2] - bounds[0]);
  }

  /* A number too small to be read is worse than none: it keeps its size, and gives way where there is no room for it. */
  function labels(trace, byKey, bounds) {
    const points = trace.meta.codes.map((code) => {
      const outline = byKey.get(`${trace.meta.niveau}/${code}`);
      return outline && (window.innerWidth >= NARROW || room(outline, bounds) >= ROOM) ? outline.label : null;
    });
    return { ...trace, x: coordinates(points, 0), y: coordinates(points, 1) };
  }

  /* A flow: a quadratic curve from a label point to another, bent to the left of its way so that arcs part early. */
  const STEPS = 24;
  const BEND = 0.16;

  function flow(trace, byKey) {
    const ends = [trace.meta.depart, `${trace.meta.niveau}/${trace.meta.code}`].map((key) => (byKey.get(key) || {}).label);
    if (!ends[0] || !ends[1]) return { ...trace, x: [], y: [] };
    const [[x0, y0], [x1, y1]] = ends;
    const bend = [(x0 + x1) / 2 - BEND * (y1 - y0), (y0 + y1) / 2 + BEND * (x1 - x0)];
    const curve = (a, b, c, t) => (1 - t) * (1 - t) * a + 2 * t * (1 - t) * b + t * t * c;
    const steps = Array.from({ length: STEPS + 1 }, (_, step) => step / STEPS);
    const width = trace.line.width * (window.innerWidth < NARROW ? 0.6 : 1);
    return {
      ...trace,
      line: { ...trace.line, width },
      x: steps.map((t) => curve(x0, bend[0], x1, t)),
      y: steps.map((t) => curve(y0, bend[1], y1, t)),
    };
  }

  function drawn(trace, byKey, bounds) {
    if (trace.meta && trace.meta.role === "etiquettes") return labels(trace, byKey, bounds);
    if (trace.meta && trace.meta.role === "flux") return flow(trace, byKey);
    const outline = trace.meta && byKey.get(`${trace.meta.niveau}/${trace.meta.code}`);
    return outline ? { ...trace, x: outline.x, y: outline.y } : trace;
  }

  function painted(trace) {
    const meta = trace.meta || {};
    if (meta.fill) return { ...trace, fillcolor: meta.fill[theme()] };
    if (meta.encre) {
      return { ...trace, textfont: { ...trace.textfont, color: meta.encre[theme()], shadow: meta.halo[theme()] } };
    }
    return trace;
  }

  /* A map as tall as the narrow screen is wide leaves no blank band above and below it. */
  function height(layout, bounds) {
    const ratio = (bounds[3] - bounds[1]) / (bounds[2] - bounds[0]);
    return Math.round(Math.min(layout.height, Math.max(260, (window.innerWidth - MARGINS) * ratio)));
  }

  function framed(layout, bounds) {
    const margin = 0.01 * (bounds[2] - bounds[0]);
    return {
      ...layout,
      height: height(layout, bounds),
      xaxis: { ...layout.xaxis, range: [bounds[0] - margin, bounds[2] + margin] },
      yaxis: { ...layout.yaxis, range: [bounds[1] - margin, bounds[3] + margin] },
    };
  }

  function failed(figure) {
    const note = {
      text: figure.layout.meta.erreur,
      xref: "paper", yref: "paper", x: 0.5, y: 0.5, showarrow: false, font: { size: 14 },
    };
    return { data: [], layout: { ...figure.layout, height: 160, annotations: [note] } };
  }

  function assembler(figure, url) {
    if (!figure || !figure.layout || !(figure.layout.meta && figure.layout.meta.carte)) return figure;
    if (!url) return failed(figure);
    return load(url).then(
      ({ bounds, byKey }) => ({
        data: figure.data.map((trace) => painted(drawn(trace, byKey, bounds))),
        layout: framed(figure.layout, bounds),
      }),
      () => failed(figure),
    );
  }

  function inked(metas) {
    return {
      "textfont.color": metas.map((meta) => meta.encre[theme()]),
      "textfont.shadow": metas.map((meta) => meta.halo[theme()]),
    };
  }

  function repaint() {
    for (const graph of document.querySelectorAll(".js-plotly-plot")) {
      const traces = graph.data || [];
      const fills = traces.flatMap((trace, index) => (trace.meta && trace.meta.fill ? [index] : []));
      const inks = traces.flatMap((trace, index) => (trace.meta && trace.meta.encre ? [index] : []));
      if (fills.length) window.Plotly.restyle(graph, { fillcolor: fills.map((i) => traces[i].meta.fill[theme()]) }, fills);
      if (inks.length) window.Plotly.restyle(graph, inked(inks.map((i) => traces[i].meta)), inks);
    }
  }

  darkScheme.addEventListener("change", repaint);
  new MutationObserver(repaint).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });

  window.dash_clientside = Object.assign({}, window.dash_clientside, { carte: { assembler } });
})();
