/* Maps drawn by the server: here they move through time, say their words under the hand, and are walked with arrows.

   A figure.atlas holds its drawing and, as JSON, every period of it: [[code, words]], the states [[mark, words]] and, for
   each shape in order, its name and its state in each period. Time comes from the slider of the page: the colours change
   at once, without the server, which writes the table and the summary when the slider rests. */
(function () {
  "use strict";

  const ABSENT = ["secret", "non_rapporte", "non_applicable"];
  const read = new WeakMap();
  let aimed = null;

  function facts(figure) {
    if (!read.has(figure)) read.set(figure, JSON.parse(figure.querySelector("script").textContent));
    return read.get(figure);
  }

  function shapes(figure) {
    return figure.querySelectorAll("[data-lieu]");
  }

  /* The period of the slider, where this map has it and follows it; else the one it was drawn for. */
  function rank(figure) {
    const told = facts(figure);
    const place = (code) => told.periodes.findIndex((period) => period[0] === code);
    const rail = document.querySelector("input[data-pour]");
    const field = rail && document.querySelector(`select[name="${rail.dataset.pour}"]`);
    const asked = told.fixe || !field ? -1 : place(field.value);
    return asked < 0 ? place(told.affichee) : asked;
  }

  function state(figure, lieu) {
    const told = facts(figure);
    return told.etats[told.lieux[lieu][1][rank(figure)]];
  }

  function words(figure, lieu) {
    const told = facts(figure);
    const arc = figure.querySelector(`[data-vers="${lieu}"]`);
    return [told.lieux[lieu][0], told.periodes[rank(figure)][1], state(figure, lieu)[1], ...(arc ? [arc.dataset.mots] : [])];
  }

  function paint(figure) {
    const key = figure.querySelector("svg").dataset.cle;
    for (const shape of shapes(figure)) {
      const [mark] = state(figure, shape.dataset.lieu);
      shape.setAttribute("class", mark);
      if (ABSENT.includes(mark)) shape.setAttribute("fill", `url(#${key}-${mark})`);
      else shape.removeAttribute("fill");
      shape.setAttribute("aria-label", words(figure, shape.dataset.lieu).join(", "));
    }
    for (const number of figure.querySelectorAll("[data-de]")) {
      number.setAttribute("class", number.getAttribute("class").replace(/sur-\w+/, `sur-${state(figure, number.dataset.de)[0]}`));
    }
    figure.querySelector("[data-periode]").textContent = facts(figure).periodes[rank(figure)][1];
  }

  /* The drawing was one image: with a script, it is a group of territories, one of which the Tab key reaches. */
  function prepare(figure) {
    if ("pret" in figure.dataset) return;
    figure.dataset.pret = "";
    const svg = figure.querySelector("svg");
    svg.setAttribute("role", "group");
    svg.setAttribute("aria-roledescription", "carte");
    shapes(figure).forEach((shape, place) => {
      shape.setAttribute("role", "img");
      shape.setAttribute("tabindex", place ? "-1" : "0");
    });
    paint(figure);
    sizes.observe(svg);
    say(figure, aimed);
  }

  /* Hatches and dots keep their size on the screen, whatever the size of the map. */
  const sizes = new ResizeObserver((entries) => {
    for (const { target: svg, contentRect: box } of entries) {
      if (!box.width) continue;
      const units = Math.max(svg.viewBox.baseVal.width / box.width, svg.viewBox.baseVal.height / box.height);
      svg.querySelectorAll("pattern").forEach((one) => one.setAttribute("patternTransform", `scale(${units.toFixed(3)})`));
    }
  });

  function bubble(figure, lieu) {
    const box = figure.querySelector(".atlas__bulle");
    box.replaceChildren(...words(figure, lieu).map((text, place) => {
      const line = document.createElement(place ? "span" : "strong");
      line.textContent = text;
      return line;
    }));
    box.hidden = false;
    const frame = box.parentElement.getBoundingClientRect();
    const shape = figure.querySelector(`[data-lieu="${lieu}"]`).getBoundingClientRect();
    const left = shape.left + shape.width / 2 - frame.left - box.offsetWidth / 2;
    const above = shape.top - frame.top - box.offsetHeight - 8;
    box.style.left = `${Math.max(4, Math.min(left, frame.width - box.offsetWidth - 4))}px`;
    box.style.top = `${above < 0 ? Math.min(shape.bottom - frame.top + 8, frame.height - box.offsetHeight - 4) : above}px`;
  }

  function aim(figure, lieu) {
    figure.querySelector(".atlas__vise").setAttribute("d", lieu === null ? "M0 0" : figure.querySelector(`[data-lieu="${lieu}"]`).getAttribute("d"));
    if (lieu === null) figure.querySelector(".atlas__bulle").hidden = true;
    else bubble(figure, lieu);
  }

  function say(figure, name) {
    const lieu = facts(figure).lieux.findIndex((place) => place[0] === name);
    aim(figure, lieu < 0 ? null : String(lieu));
  }

  /* Two maps side by side are read together: what is aimed at on one is told on the other, and on the maps that take
     their places when the server answers. */
  function show(figure, lieu) {
    const pair = figure.closest(".atlas-paire");
    aimed = lieu === null ? null : facts(figure).lieux[lieu][0];
    for (const one of pair ? pair.querySelectorAll(".atlas") : [figure]) say(one, aimed);
  }

  function quiet() {
    aimed = null;
    everyMap((figure) => aim(figure, null));
  }

  /* The map and the territory of an event; an arc stands for the territory it leads to. */
  function target(event) {
    const found = event.target.closest && event.target.closest(".atlas :is([data-lieu], [data-vers])");
    if (!found) return [null, null];
    const figure = found.closest(".atlas");
    return [figure, found.dataset.vers ? figure.querySelector(`[data-lieu="${found.dataset.vers}"]`) : found];
  }

  function onPoint(event) {
    const [figure, shape] = target(event);
    if (figure) show(figure, shape.dataset.lieu);
    else if (!document.activeElement.closest(".atlas")) quiet();
  }

  function onFocus(event) {
    const [figure, shape] = target(event);
    if (figure) show(figure, shape.dataset.lieu);
  }

  function onBlur(event) {
    const [figure] = target(event);
    if (figure) show(figure, null);
  }

  function centre(shape) {
    const box = shape.getBoundingClientRect();
    return [box.left + box.width / 2, box.top + box.height / 2];
  }

  function visible(figure) {
    const frame = figure.querySelector("svg").getBoundingClientRect();
    return Array.from(shapes(figure)).filter((shape) => {
      const [x, y] = centre(shape);
      return x > frame.left && x < frame.right && y > frame.top && y < frame.bottom;
    });
  }

  const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  /* The nearest territory that way: a step aside counts twice as much as a step ahead. */
  function next(figure, shape, [dx, dy]) {
    const [x0, y0] = centre(shape);
    const costs = visible(figure).map((one) => {
      const [x, y] = centre(one);
      const ahead = (x - x0) * dx + (y - y0) * dy;
      const aside = Math.abs((x - x0) * dy) + Math.abs((y - y0) * dx);
      return [ahead > 1 && aside < 2 * ahead ? ahead + 2 * aside : Infinity, one];
    });
    const [cost, found] = costs.reduce((best, one) => (one[0] < best[0] ? one : best), [Infinity, null]);
    return cost < Infinity ? found : null;
  }

  function reach(figure, key, shape) {
    if (WAYS[key]) return next(figure, shape, WAYS[key]);
    const seen = visible(figure);
    return { Home: seen[0], End: seen[seen.length - 1] }[key] || null;
  }

  function onKey(event) {
    const [figure, shape] = target(event);
    if (!figure) return;
    if (event.key === "Escape") show(figure, null);
    if (!WAYS[event.key] && event.key !== "Home" && event.key !== "End") return;
    event.preventDefault();
    const found = reach(figure, event.key, shape);
    if (!found) return;
    shape.setAttribute("tabindex", "-1");
    found.setAttribute("tabindex", "0");
    found.focus({ preventScroll: false });
  }

  function everyMap(act) {
    document.querySelectorAll(".atlas").forEach(act);
  }

  function start() {
    everyMap(prepare);
    new MutationObserver(() => everyMap(prepare)).observe(document.querySelector("main"), { childList: true, subtree: true });
    document.addEventListener("pointerover", onPoint);
    document.addEventListener("focusin", onFocus);
    document.addEventListener("focusout", onBlur);
    document.addEventListener("keydown", onKey);
    document.addEventListener("observatoire:periode", () => everyMap(paint));
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
