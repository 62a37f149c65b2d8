/* The form of a page and its address say the same thing: a change in one is carried to the other, both ways. */
(function () {
  "use strict";

  const form = () => document.querySelector("form[data-etat]");
  const fields = () => Array.from(form() ? form().elements : []).filter((field) => field.name);
  const opened = window.location.search;
  const loaded = new URLSearchParams(opened);

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

  /* Between a choice and its answer, the parts of the page say that they are being filled. Their state is in the address:
     where no answer comes, the page is asked for again as a whole. */
  const PATIENCE = 15000;
  let asked = window.location.search;
  let overdue = 0;
  function busy(waiting) {
    if (waiting && window.location.search === asked) return;
    asked = window.location.search;
    document.querySelectorAll(".parties").forEach((parts) => parts.setAttribute("aria-busy", String(waiting)));
    window.clearTimeout(overdue);
    if (waiting) overdue = window.setTimeout(() => window.location.reload(), PATIENCE);
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
    busy(true);
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
    busy(true);
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

  /* A slider that goes past ten periods asks for the first one, at once, and for the one it stops at. */
  const REST = 150;
  let settling = 0;
  function settle(act) {
    const alone = !settling;
    window.clearTimeout(settling);
    settling = window.setTimeout(() => {
      settling = 0;
      if (!alone) act();
    }, REST);
    if (alone) act();
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
    const changed = () => send(event.target.type === "search", event.target);
    if (event.target.matches("input[data-pour]")) settle(changed);
    else changed();
  }

  /* Dash takes the place of the first view: texts that say the same are moved as they are, so that what the reader
     opened stays open and the focus stays where it was; a graph takes at once the height that was kept for it. */
  function takeOver(first, entry) {
    const focused = document.activeElement;
    const [before, after] = [first, entry].map((root) => Array.from(root.querySelectorAll(".partie > .texte")));
    const same = window.location.search === opened;
    if (same) before.forEach((box, place) => after[place].replaceChildren(...box.childNodes));
    entry.querySelectorAll(".partie").forEach((section, place) => {
      const room = first.querySelectorAll(".partie")[place].querySelector(".graphe--attente");
      const graph = section.querySelector(".graphe");
      if (room && graph) graph.style.cssText = `height: ${room.offsetHeight}px`;
    });
    first.remove();
    if (same && focused && focused !== document.activeElement) focused.focus({ preventScroll: true });
    return same;
  }

  /* A definition that the address names is shown open. */
  function openNamed() {
    const target = window.location.hash.length > 1 && document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
    if (!target || target.tagName !== "DETAILS" || target.open) return;
    target.open = true;
    target.scrollIntoView();
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
    window.addEventListener("hashchange", openNamed);
    openNamed();
  }

  /* A graph that follows the width of the page takes its height from its box: the figure says which. */
  function draw(figure) {
    if (!figure) return [{ data: [], layout: {} }, { height: "0", visibility: "hidden", padding: "0", border: "0", margin: "0", overflow: "hidden" }];
    return [figure, { height: `${figure.layout.height}px` }];
  }

  /* Texts come as HTML; what the reader had opened stays open, and the summary is said to a screen reader when it changes. */
  function write(texts) {
    const first = document.getElementById("premier-rendu");
    const entry = document.getElementById("react-entry-point");
    if (!texts || !entry) return;
    busy(false);
    const moved = first !== null && takeOver(first, entry);
    for (const [id, text] of Object.entries(moved ? {} : texts)) {
      const box = document.getElementById(id);
      if (!box) continue;
      const open = Array.from(box.querySelectorAll("details"), (one) => one.open);
      box.innerHTML = text;
      box.querySelectorAll("details").forEach((one, place) => {
        one.open = Boolean(open[place]);
      });
    }
    entry.querySelectorAll(".partie").forEach((section) => {
      const graph = section.querySelector(".graphe");
      const title = section.querySelector(".graphique__titre") || section.querySelector("h2, h3");
      if (!graph || !title) return;
      graph.setAttribute("role", "img");
      graph.setAttribute("aria-label", title.textContent);
    });
    const summary = entry.querySelector(".resume");
    if (!moved && summary) document.getElementById("annonce").textContent = summary.textContent;
  }

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.site = { dessiner: draw, ecrire: write };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
