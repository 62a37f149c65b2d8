/* Dash starts when it has something to do: a chart comes near the screen, or the reader touches the form. Until then
   its scripts sleep in a template, and the page is the one the server wrote. */
(function () {
  "use strict";

  const asleep = document.getElementById("dash");
  if (!asleep) return;
  const near = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && start(), { rootMargin: "50% 0px" });
  const touched = (event) => event.target.closest && event.target.closest("form[data-etat]") && start();
  let started = false;

  const copied = (script) => {
    const copy = document.createElement("script");
    for (const { name, value } of script.attributes) copy.setAttribute(name, value);
    copy.async = false;
    copy.textContent = script.textContent;
    return copy;
  };

  /* Files are fetched together and run in their order; what stands in the page itself runs after the last of them. */
  function start() {
    if (started) return;
    started = true;
    near.disconnect();
    const scripts = Array.from(asleep.content.querySelectorAll("script"), copied);
    const files = scripts.filter((script) => script.src);
    files[files.length - 1].addEventListener("load", () => document.body.append(...scripts.filter((script) => !script.src)));
    document.body.append(...files);
  }

  document.querySelectorAll(".graphe--attente").forEach((box) => near.observe(box));
  for (const kind of ["focusin", "pointerdown", "input", "change"]) document.addEventListener(kind, touched, { passive: true });
  window.addEventListener("popstate", start);
  window.addEventListener("_dashprivate_pushstate", start);
})();
