/* What a reader takes from a chart: its image with title, unit and source, and the texts that cite or embed it.

   Both kinds of drawing, plotly's and our maps, are put into one SVG with the words that stand around them: charts in
   light colours, maps in those of the page. A PNG is that SVG drawn on a canvas. */
(function () {
  "use strict";

  const NS = "http://www.w3.org/2000/svg";
  const WIDTH = 1000;
  /* Where the drawing goes, as text: the policy of the site lets no style be written into the page. */
  const PLACE = "[[dessin]]";
  const PAD = 24;
  const FONT = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif";
  const LIGHT = { "--encre": "#1b2027", "--encre-douce": "#4d5662", "--carte": "#ffffff" };
  const COPIED = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "font-size", "font-weight", "text-anchor", "paint-order", "display"];

  const colour = (name) => window.getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  function set(element, attributes) {
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  }

  function node(name, attributes, text) {
    const made = document.createElementNS(NS, name);
    set(made, attributes);
    if (text) made.textContent = text;
    return made;
  }

  /* Words cut into lines that fit, by the usual width of a letter. */
  function lines(text, size) {
    const room = Math.floor((WIDTH - 2 * PAD) / (size * 0.54));
    const found = [""];
    for (const word of text.split(/\s+/)) {
      const last = found[found.length - 1];
      if (last && last.length + word.length + 1 > room) found.push(word);
      else found[found.length - 1] = last ? `${last} ${word}` : word;
    }
    return found;
  }

  /* Writes a text from a height down, and gives the height below it. */
  function write(sheet, text, top, { size = 14, weight = 400, fill }) {
    for (const line of text ? lines(text, size) : []) {
      top += size * 1.35;
      sheet.append(node("text", { x: PAD, y: top, "font-size": size, "font-weight": weight, fill }, line));
    }
    return top;
  }

  const words = (section, selector) => {
    const found = section.querySelector(selector);
    return found ? found.textContent.trim().replace(/\s+/g, " ") : "";
  };

  async function plotted(graph) {
    const height = graph.layout.height || 450;
    const figure = { data: graph.data, layout: { ...graph.layout, font: { ...graph.layout.font, family: FONT } } };
    const uri = await window.Plotly.toImage(figure, { format: "svg", width: WIDTH, height });
    return { drawing: decodeURIComponent(uri.slice(uri.indexOf(",") + 1)), height };
  }

  /* A map as it is painted: what style sheets say of each part is written on it, since a file has none of them. */
  function mapped(svg) {
    const copy = svg.cloneNode(true);
    const parts = svg.querySelectorAll("*");
    copy.querySelectorAll("*").forEach((part, place) => {
      const style = window.getComputedStyle(parts[place]);
      for (const name of COPIED) {
        const value = style.getPropertyValue(name);
        if (value) part.style.setProperty(name, value);
      }
    });
    const [, , wide, high] = svg.getAttribute("viewBox").split(/\s+/).map(Number);
    return { drawing: new XMLSerializer().serializeToString(copy), height: Math.round(Math.min(((WIDTH - 2 * PAD) * high) / wide, 800)) };
  }

  /* A swatch: its colour, or the filling that the map itself gives to what has no value, at the scale of the map. */
  function square(map, swatch, x, y) {
    const mark = (swatch.className.match(/pave--(\S+)/) || [])[1];
    const filling = `${map.dataset.cle}-${mark}`;
    const side = (16 * Number(map.getAttribute("viewBox").split(/\s+/)[2])) / (WIDTH - 2 * PAD);
    const fill = map.querySelector(`#${CSS.escape(filling)}`) ? `url(#${filling})` : window.getComputedStyle(swatch).backgroundColor;
    const box = node("svg", { x, y, width: 16, height: 16, viewBox: `0 0 ${side} ${side}` });
    box.append(node("rect", { width: side, height: side, fill, stroke: "#8c8778", "stroke-width": side / 10 }));
    return box;
  }

  /* The legend of a map: a swatch and its words, one under the other in columns. */
  function legend(sheet, section, top, ink) {
    const entries = Array.from(section.querySelectorAll(".legende li"));
    const wide = (WIDTH - 2 * PAD) / 4;
    entries.forEach((entry, place) => {
      const swatch = entry.querySelector(".pave");
      const x = PAD + (place % 4) * wide;
      const y = top + 14 + Math.floor(place / 4) * 24;
      if (swatch) sheet.append(square(section.querySelector(".atlas__dessin"), swatch, x, y));
      sheet.append(node("text", { x: x + 24, y: y + 13, "font-size": 13, fill: ink }, entry.textContent.trim()));
    });
    return entries.length ? top + 20 + Math.ceil(entries.length / 4) * 24 : top;
  }

  async function sheetOf(section) {
    const graph = section.querySelector(".js-plotly-plot");
    const map = section.querySelector(".atlas__dessin");
    const colours = map ? colour : (name) => LIGHT[name];
    const [ink, soft] = [colours("--encre"), colours("--encre-douce")];
    const sheet = node("svg", { xmlns: NS, "font-family": FONT });
    let top = write(sheet, words(section, ".graphique__sujet") || words(section, "h2, h3"), PAD, { weight: 600, fill: soft });
    top = write(sheet, words(section, ".graphique__constat"), top, { size: 22, weight: 600, fill: ink });
    top = write(sheet, words(section, ".sous-titre"), top + 2, { fill: soft }) + 12;
    const { drawing, height } = map ? mapped(map) : await plotted(graph);
    const place = node("svg", { x: map ? PAD : 0, y: top, width: map ? WIDTH - 2 * PAD : WIDTH, height }, PLACE);
    sheet.append(place);
    top = map ? legend(sheet, section, top + height, ink) : top + height;
    for (const event of section.querySelectorAll(".evenements li")) {
      const [number, text] = Array.from(event.children, (part) => part.textContent);
      top = write(sheet, `${number}. ${text}`, top + 2, { size: 12, fill: soft });
    }
    top = write(sheet, words(section, ".source"), top + 8, { size: 12, fill: soft });
    top = write(sheet, window.location.host, top, { size: 12, fill: soft }) + PAD;
    sheet.prepend(node("rect", { width: WIDTH, height: top, fill: colours("--carte") }));
    set(sheet, { width: WIDTH, height: top, viewBox: `0 0 ${WIDTH} ${top}` });
    return { text: new XMLSerializer().serializeToString(sheet).replace(PLACE, () => drawing), height: top };
  }

  function pixels(svg, height) {
    return new Promise((done, failed) => {
      const picture = new Image();
      picture.onload = () => {
        const canvas = document.createElement("canvas");
        canvas.width = 2 * WIDTH;
        canvas.height = Math.round(2 * height);
        canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
        canvas.toBlob(done, "image/png");
      };
      picture.onerror = failed;
      picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
    });
  }

  async function save(button) {
    const section = button.closest(".partie");
    button.setAttribute("aria-busy", "true");
    try {
      const { text, height } = await sheetOf(section);
      const kind = button.dataset.image;
      const blob = kind === "png" ? await pixels(text, height) : new Blob([text], { type: "image/svg+xml" });
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = `${(section.className.match(/partie--(\S+)/) || [])[1] || "graphique"}.${kind}`;
      link.click();
      window.setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    } finally {
      button.removeAttribute("aria-busy");
    }
  }

  /* Where the text cannot be copied for the reader, it is selected: the keyboard does the rest. */
  async function copy(button) {
    const text = button.parentElement.nextElementSibling.querySelector("code");
    try {
      await navigator.clipboard.writeText(text.textContent);
      document.getElementById("annonce").textContent = button.dataset.copier;
      button.textContent = button.dataset.copier;
    } catch {
      window.getSelection().selectAllChildren(text);
    }
  }

  /* Addresses are those of the site being read, which the server that wrote them may not know. */
  function prepare(root) {
    root.querySelectorAll(".graphique__texte code").forEach((code) => {
      code.textContent = code.textContent.replace(/https?:\/\/[^/\s"]+(?=\/(fr|en)\/)/g, window.location.origin);
    });
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest ? event.target.closest("[data-image], [data-copier]") : null;
    if (!button) return;
    if (button.dataset.image) save(button);
    else copy(button);
  });
  /* The bubble of a chart can be put away without moving the pointer (WCAG 2.2, 1.4.13). */
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.querySelectorAll(".js-plotly-plot").forEach((graph) => window.Plotly.Fx.unhover(graph));
  });
  document.addEventListener("toggle", (event) => {
    if (event.target.matches && event.target.matches(".graphique__partage")) prepare(event.target);
  }, true);
})();
