// Before the first paint: the theme a person chose, or the one of their machine, and whether the rail is folded.
(function () {
  "use strict";
  var chosen = null;
  var rail = null;
  try {
    chosen = window.localStorage.getItem("theme");
    rail = window.localStorage.getItem("rail");
  } catch (refused) {
    // Storage may be forbidden; the machine's own theme is used.
  }
  var dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.setAttribute("data-bs-theme", chosen || (dark ? "dark" : "light"));
  document.documentElement.setAttribute("data-rail", rail || "open");
})();
