/* The form of a page and its address say the same thing: a change in one is carried to the other, both ways. */
(function () {
  "use strict";

  const form = () => document.querySelector("form[data-etat]");
  const fields = () => Array.from(form() ? form().elements : []).filter((field) => field.name);
  const loaded = new URLSearchParams(window.location.search);

  /* Fields whose change needs another form: the release, and those that others depend on. */
  const reloading = () => ["release", ...fields().filter((field) => field.dataset.recharge).map((field) => field.name)];

  function query(forgotten = []) {
    const state = new URLSearchParams();
    for (const field of fields()) {
      if (forgotten.includes(field.name)) continue;
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

  function send(replace, changed) {
    if (changed && changed.dataset.recharge) {
      window.location.assign(window.location.pathname + query(changed.dataset.recharge.split(" ")));
      return;
    }
    const target = window.location.pathname + query();
    if (target === window.location.pathname + window.location.search) return;
    if (fields().some((field) => field.name === "release" && field.value !== (loaded.get("release") || field.dataset.defaut))) {
      window.location.assign(target);
      return;
    }
    window.history[replace ? "replaceState" : "pushState"]({}, "", target);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    carryLinks();
  }

  /* The other language and the permanent address are those of the view shown. */
  function carryLinks() {
    document.querySelectorAll("a[data-langue]").forEach((link) => {
      link.search = window.location.search;
    });
    document.querySelectorAll("a[data-permanent]").forEach((link) => {
      const state = new URLSearchParams(window.location.search);
      state.delete("release");
      link.search = new URLSearchParams([["release", link.dataset.permanent], ...state]).toString();
    });
  }

  function readAddress() {
    const state = new URLSearchParams(window.location.search);
    if (reloading().some((name) => (state.get(name) || "") !== (loaded.get(name) || ""))) {
      window.location.reload();
      return;
    }
    for (const field of fields()) field.value = state.get(field.name) || field.dataset.defaut || "";
    syncSliders();
    carryLinks();
  }

  function onInput(event) {
    const rail = event.target;
    if (!rail.matches || !rail.matches("input[data-pour]")) return;
    form().elements[rail.dataset.pour].selectedIndex = Number(rail.value);
    moveSlider(rail);
    document.dispatchEvent(new CustomEvent("observatoire:periode"));
  }

  let typing = 0;
  function onType(event) {
    if (event.target.type !== "search" || event.target.form !== form()) return;
    window.clearTimeout(typing);
    typing = window.setTimeout(() => send(true), 250);
  }

  function onChange(event) {
    if (!event.target.form || event.target.form !== form()) return;
    syncSliders();
    send(event.target.type === "search", event.target);
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
  function draw(figure) {
    if (!figure) return [{ data: [], layout: {} }, { height: "0", visibility: "hidden", padding: "0", border: "0", margin: "0", overflow: "hidden" }];
    return [figure, { height: `${figure.layout.height}px` }];
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
