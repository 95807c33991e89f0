// Small conveniences. Every page works without them.
(function () {
  "use strict";

  function onClick(selector, action) {
    document.addEventListener("click", function (event) {
      var found = event.target.closest(selector);
      if (found) {
        action(found, event);
      }
    });
  }

  onClick("[data-theme-switch]", function () {
    var root = document.documentElement;
    var next = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
    root.setAttribute("data-bs-theme", next);
    window.localStorage.setItem("theme", next);
  });

  onClick("[data-toggle-rail]", function (button) {
    var open = document.body.classList.toggle("rail-open");
    button.setAttribute("aria-expanded", String(open));
  });

  // A second click on a button that signs or moves something does nothing more.
  document.addEventListener("submit", function (event) {
    var form = event.target.closest("form[data-once]");
    if (!form) {
      return;
    }
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-once]").forEach(function (form) {
      delete form.dataset.sent;
    });
  });

  // Save as you write: two seconds after the last key, the form is kept on the server.
  document.querySelectorAll("form[data-draft]").forEach(function (form) {
    var waiting = null;
    var state = form.querySelector("[data-draft-state]");
    function keep() {
      var values = new FormData(form);
      values.append("draft_path", form.dataset.draft);
      form.querySelectorAll("input[type=file]").forEach(function (input) {
        values.delete(input.name);
      });
      fetch("/drafts/", { method: "POST", body: values, redirect: "manual" })
        .then(function (answer) {
          if (state) {
            state.textContent = answer.status === 204 ? "Draft kept" : "Draft not kept: sign in again before you leave";
          }
        })
        .catch(function () {
          if (state) {
            state.textContent = "No connection: the draft is not kept";
          }
        });
    }
    form.addEventListener("input", function () {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(keep, 1200);
    });
    form.addEventListener("submit", function () {
      window.clearTimeout(waiting);
    });
  });
})();
