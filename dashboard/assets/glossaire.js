/* A definition shown under the hand can be put away without moving it: Escape closes it until the pointer or focus leaves. */
(function () {
  "use strict";

  const leave = (event) => {
    const word = event.target.closest && event.target.closest(".mot--clos");
    if (word && !word.contains(event.relatedTarget)) word.classList.remove("mot--clos");
  };

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.querySelectorAll(".mot:hover, .mot:focus-within").forEach((word) => word.classList.add("mot--clos"));
  });
  document.addEventListener("mouseout", leave);
  document.addEventListener("focusout", leave);
})();
