/* The player of the time slider: it moves the slider one period at a time, and lets it rest where it stops.

   While it plays, only the maps change, in the browser; when it stops, the address says the period and the server writes
   the rest. A reader who asked for less motion is given a slower pace, and no transition. */
(function () {
  "use strict";

  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const CALM = 2000;
  let timer = 0;

  const player = () => document.querySelector(".lecteur");
  const rail = () => document.querySelector("input[data-pour]");

  function pace() {
    const asked = Number(player().querySelector("select").value);
    return calm.matches ? Math.max(asked, CALM) : asked;
  }

  function dress(playing) {
    const button = player().querySelector("button");
    button.textContent = button.dataset[playing ? "arreter" : "lire"];
    player().classList.toggle("lecteur--joue", playing);
    document.querySelector("main").classList.toggle("en-lecture", playing);
  }

  function move(position) {
    rail().value = String(position);
    rail().dispatchEvent(new Event("input", { bubbles: true }));
  }

  function stop() {
    window.clearTimeout(timer);
    timer = 0;
    dress(false);
    rail().dispatchEvent(new Event("change", { bubbles: true }));
  }

  function step() {
    const here = Number(rail().value);
    if (here >= Number(rail().max)) {
      stop();
      return;
    }
    move(here + 1);
    timer = window.setTimeout(step, pace());
  }

  /* Where the map is below the screen, the player goes up to leave it room. */
  function makeRoom() {
    const map = document.querySelector(".atlas__cadre").getBoundingClientRect();
    if (map.bottom > window.innerHeight) player().scrollIntoView({ block: "start" });
  }

  function play() {
    dress(true);
    makeRoom();
    if (rail().value === rail().max) move(0);
    timer = window.setTimeout(step, pace());
  }

  /* A hand on the slider, or leaving by the history, takes over from the player. */
  function interrupt(event) {
    if (!timer || (event.type === "pointerdown" && event.target !== rail())) return;
    window.clearTimeout(timer);
    timer = 0;
    dress(false);
  }

  document.addEventListener("click", (event) => {
    if (!event.target.closest || !event.target.closest(".lecteur button")) return;
    if (timer) stop();
    else play();
  });
  document.addEventListener("pointerdown", interrupt);
  window.addEventListener("popstate", interrupt);
})();
