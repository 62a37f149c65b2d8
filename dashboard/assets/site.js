/* The form of a page and its address say the same thing: a change in one is carried to the other, both ways. */
(function () {
  "use strict";

  const form = () => document.querySelector("form[data-etat]");
  const fields = () => Array.from(form() ? form().elements : []).filter((field) => field.name);
  const loaded = new URLSearchParams(window.location.search).get("release") || "";

  function query() {
    const state = new URLSearchParams();
    for (const field of fields()) {
      const value = field.value.trim();
      if (value && value !== (field.dataset.defaut || "")) state.set(field.name, value);
    }
    const text = state.toString();
    return text ? `?${text}` : "";
  }

  function moveSlider(rail) {
    const list = form().elements[rail.dataset.pour];
    rail.value = String(list.selectedIndex);
    rail.setAttribute("aria-valuetext", list.options[list.selectedIndex].text);
  }

  function syncSliders() {
    document.querySelectorAll("input[data-pour]").forEach(moveSlider);
  }

  function send(replace) {
    const target = window.location.pathname + query();
    if (target === window.location.pathname + window.location.search) return;
    if (fields().some((field) => field.name === "release" && field.value !== (loaded || field.dataset.defaut))) {
      window.location.assign(target);
      return;
    }
    window.history[replace ? "replaceState" : "pushState"]({}, "", target);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    carryLanguage();
  }

  function carryLanguage() {
    document.querySelectorAll("a[data-langue]").forEach((link) => {
      link.search = window.location.search;
    });
  }

  function readAddress() {
    const state = new URLSearchParams(window.location.search);
    if ((state.get("release") || "") !== loaded) {
      window.location.reload();
      return;
    }
    for (const field of fields()) field.value = state.get(field.name) || field.dataset.defaut || "";
    syncSliders();
    carryLanguage();
  }

  function onInput(event) {
    const rail = event.target;
    if (!rail.matches || !rail.matches("input[data-pour]")) return;
    form().elements[rail.dataset.pour].selectedIndex = Number(rail.value);
    moveSlider(rail);
  }

  let typing = 0;
  function onType(event) {
    if (event.target.type !== "search") return;
    window.clearTimeout(typing);
    typing = window.setTimeout(() => send(true), 250);
  }

  function onChange(event) {
    if (!event.target.form || event.target.form !== form()) return;
    syncSliders();
    send(event.target.type === "search");
  }

  function dropFirstView() {
    const first = document.getElementById("premier-rendu");
    const entry = document.getElementById("react-entry-point");
    if (!first || !entry) return;
    const watcher = new MutationObserver(() => {
      if (!entry.querySelector(".partie > .texte > *")) return;
      watcher.disconnect();
      first.remove();
      const target = window.location.hash.length > 1 && document.getElementById(window.location.hash.slice(1));
      if (!target) return;
      if (target.tagName === "DETAILS") target.open = true;
      target.scrollIntoView();
    });
    watcher.observe(entry, { childList: true, subtree: true });
  }

  function start() {
    document.addEventListener("input", onInput);
    document.addEventListener("input", onType);
    document.addEventListener("change", onChange);
    document.addEventListener("submit", (event) => {
      if (event.target !== form()) return;
      event.preventDefault();
      send(false);
    });
    window.addEventListener("popstate", readAddress);
    dropFirstView();
  }

  /* A graph that follows the width of the page takes its height from its box: the figure says which. */
  async function draw(figure, outlines) {
    if (!figure) return [{ data: [], layout: {} }, { height: "0", visibility: "hidden", padding: "0", border: "0", margin: "0", overflow: "hidden" }];
    const drawn = await window.dash_clientside.carte.assembler(figure, outlines);
    return [drawn, { height: `${drawn.layout.height}px` }];
  }

  /* Texts come as HTML; what the reader had opened stays open, and the summary is said to a screen reader when it changes. */
  let written = 0;
  function write(texts) {
    for (const [id, text] of Object.entries(texts || {})) {
      const box = document.getElementById(id);
      if (!box) continue;
      const open = Array.from(box.querySelectorAll("details"), (one) => one.open);
      box.innerHTML = text;
      box.querySelectorAll("details").forEach((one, place) => {
        one.open = Boolean(open[place]);
      });
    }
    document.querySelectorAll(".parties .partie").forEach((section) => {
      const graph = section.querySelector(".graphe");
      const title = section.querySelector("h2");
      if (!graph || !title) return;
      graph.setAttribute("role", "img");
      graph.setAttribute("aria-label", title.textContent);
    });
    const summary = document.querySelector(".parties .resume");
    if (written > 0 && summary) document.getElementById("annonce").textContent = summary.textContent;
    written += 1;
  }

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.site = { dessiner: draw, ecrire: write };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
