// Small conveniences. Every page works without them.
(() => {
  "use strict";

  const on = (kind, selector, action) =>
    document.addEventListener(kind, (event) => {
      const found = event.target.closest && event.target.closest(selector);
      if (found) {
        action(found, event);
      }
    });

  // --- frame ------------------------------------------------------------------------------------------

  on("click", "[data-theme-switch]", () => {
    const root = document.documentElement;
    const next = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
    root.setAttribute("data-bs-theme", next);
    window.localStorage.setItem("theme", next);
  });

  function showRail(open) {
    const toggle = document.querySelector("[data-toggle-rail]");
    document.body.classList.toggle("rail-open", open);
    toggle.setAttribute("aria-expanded", String(open));
    if (open) {
      document.querySelector("#rail a").focus();
    } else {
      toggle.focus();
    }
  }
  // On a wide screen the rail stands beside the page until it is folded away; on a narrow one it opens above it.
  const railStands = () => window.matchMedia("(min-width: 70.01rem)").matches;
  function foldRail(folded) {
    document.documentElement.setAttribute("data-rail", folded ? "folded" : "open");
    window.localStorage.setItem("rail", folded ? "folded" : "open");
    sayWhetherRailShows();
  }
  function sayWhetherRailShows() {
    const toggle = document.querySelector("[data-toggle-rail]");
    if (toggle && railStands()) {
      toggle.setAttribute("aria-expanded", String(document.documentElement.getAttribute("data-rail") !== "folded"));
    }
  }
  sayWhetherRailShows();
  on("click", "[data-toggle-rail]", (toggle, event) => {
    event.preventDefault();
    if (railStands()) {
      foldRail(document.documentElement.getAttribute("data-rail") !== "folded");
    } else {
      showRail(!document.body.classList.contains("rail-open"));
    }
  });
  on("click", "[data-close-rail]", (link, event) => {
    event.preventDefault();
    showRail(false);
  });

  // A menu closes when somebody looks elsewhere.
  document.addEventListener("click", (event) => {
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) {
        menu.open = false;
      }
    });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") {
      return;
    }
    const menu = document.querySelector("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else if (document.body.classList.contains("rail-open")) {
      showRail(false);
    }
  });

  // What is wider than the page is moved to where the reader is, the tab or today in a picture, if that is out of sight.
  function showWithin(region, found) {
    if (!found) {
      return;
    }
    const place = found.getBoundingClientRect();
    const seen = region.getBoundingClientRect();
    if (place.left < seen.left || place.right > seen.right) {
      region.scrollLeft += place.left + place.width / 2 - seen.left - seen.width / 2;
    }
  }
  document.querySelectorAll(".tabs").forEach((tabs) => showWithin(tabs, tabs.querySelector("[aria-current]")));
  document.querySelectorAll(".picture-region").forEach((region) => showWithin(region, region.querySelector("[data-today]")));

  // A row opens its record wherever it is clicked; its link stays for everybody else, and grid.js opens it from cells
  // that can be changed.
  on("click", ".rows-open tbody tr", (row, event) => {
    const link = row.querySelector("a");
    if (!link || event.target.closest("a, button, summary, input, label, select, textarea, td.editable, td.pick") || String(window.getSelection())) {
      return;
    }
    if (event.ctrlKey || event.metaKey) {
      window.open(link.href);
    } else {
      window.location.assign(link.href);
    }
  });

  // What is sent by somebody's own mail is copied from the page as it is read.
  on("click", "[data-copies]", (button) => {
    const text = document.querySelector(button.dataset.copies).innerText;
    const copied = () => {
      button.textContent = button.dataset.copied;
    };
    if (navigator.clipboard) {
      navigator.clipboard.writeText(text).then(copied);
    } else {
      window.getSelection().selectAllChildren(document.querySelector(button.dataset.copies));
      if (document.execCommand("copy")) {
        copied();
      }
    }
  });

  // --- forms ------------------------------------------------------------------------------------------

  const wrong = document.querySelector("main [aria-invalid=true]");
  if (wrong) {
    wrong.focus();
    // An address that ends in a part of the page takes the focus there once everything is loaded: take it back.
    if (window.location.hash) {
      window.addEventListener("load", () => window.setTimeout(() => wrong.focus()));
    }
  }

  // A second click on a button that signs or moves something does nothing more.
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-once]");
    if (!form) {
      return;
    }
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-once]").forEach((form) => {
      delete form.dataset.sent;
    });
  });

  // Save as you write: a second after the last key, the form is kept on the server.
  document.querySelectorAll("form[data-draft]").forEach((form) => {
    const state = form.querySelector("[data-draft-state]");
    let waiting = null;
    const say = (name) => {
      state.textContent = state.dataset[name];
    };
    const keep = () => {
      const values = new FormData(form);
      values.append("draft_path", form.dataset.draft);
      form.querySelectorAll("input[type=file]").forEach((input) => values.delete(input.name));
      fetch("/drafts/", { method: "POST", body: values, redirect: "manual" })
        .then((answer) => say(answer.status === 204 ? "kept" : "refused"))
        .catch(() => say("offline"));
    };
    form.addEventListener("input", () => {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(keep, 1000);
    });
    form.addEventListener("submit", () => window.clearTimeout(waiting));
  });

  // --- files dropped on their form ---------------------------------------------------------------------

  const withFiles = (event) => event.dataTransfer && Array.from(event.dataTransfer.types).includes("Files");
  document.querySelectorAll("form[data-drop]").forEach((form) => {
    const input = form.querySelector("input[type=file]");
    const over = (is) => form.classList.toggle("drop-over", is);
    form.addEventListener("dragover", (event) => {
      if (withFiles(event)) {
        event.preventDefault();
        over(true);
      }
    });
    form.addEventListener("dragleave", () => over(false));
    form.addEventListener("drop", (event) => {
      if (!withFiles(event)) {
        return;
      }
      event.preventDefault();
      over(false);
      const files = Array.from(event.dataTransfer.files).slice(0, input.multiple ? undefined : 1);
      const kept = new DataTransfer();
      files.forEach((file) => kept.items.add(file));
      input.files = kept.files;
      // Where nothing else is to be chosen, dropping is sending.
      if (!form.querySelector("select, input[type=checkbox]")) {
        form.requestSubmit();
      }
    });
    form.addEventListener("submit", () => {
      const state = form.querySelector("[data-drop-state]");
      if (state) {
        state.textContent = state.dataset.sending;
      }
    });
  });
  // A file that misses its form must not replace the page.
  ["dragover", "drop"].forEach((kind) =>
    document.addEventListener(kind, (event) => {
      if (withFiles(event) && !event.target.closest("form[data-drop]")) {
        event.preventDefault();
      }
    })
  );

  // --- writing a report: every field saves itself ------------------------------------------------------

  const writing = document.querySelector("[data-writing]");
  if (!writing) {
    return;
  }
  const writeState = document.getElementById("write-state");
  const unsaved = new Map(); // form -> how often it was typed in since
  let leavingTo = "";

  const sayState = (name) => {
    writeState.textContent = writeState.dataset[name];
    writeState.dataset.state = name;
  };
  const typed = (form) => form.querySelector("textarea");

  writing.addEventListener("input", (event) => {
    const form = event.target.closest("form[hx-post]");
    if (!form) {
      return;
    }
    unsaved.set(form, (unsaved.get(form) || 0) + 1);
    sayState("saving");
    if (event.target === typed(form)) {
      // Until the server has it, this browser keeps it: a lost session must not cost a sentence.
      window.sessionStorage.setItem(form.action, event.target.value);
    }
  });
  writing.addEventListener("htmx:beforeRequest", (event) => {
    event.target.dataset.sending = String(unsaved.get(event.target) || 0);
  });
  writing.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target;
    if (event.detail.xhr.status >= 400 && event.detail.successful) {
      // Refused with a sentence, which stands where the state does; sent again it would be refused again.
      unsaved.delete(form);
      writeState.dataset.state = "failed";
      leavingTo = "";
      return;
    }
    if (!event.detail.successful || event.detail.xhr.getResponseHeader("HX-Redirect")) {
      sayState("failed");
      return;
    }
    if (String(unsaved.get(form) || 0) === form.dataset.sending) {
      unsaved.delete(form);
      window.sessionStorage.removeItem(form.action);
    }
    if (unsaved.size === 0) {
      sayState("saved");
      if (leavingTo) {
        window.location.assign(leavingTo);
      }
    }
  });
  // Whoever goes on to sign takes everything along that was typed until then.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || unsaved.size === 0 || link.getAttribute("href").startsWith("#") || event.ctrlKey || event.metaKey) {
      return;
    }
    event.preventDefault();
    leavingTo = link.href;
    unsaved.forEach((count, form) => form.requestSubmit());
  });
  // The network is back: what waits is sent at once, and not with the next key.
  window.addEventListener("online", () => unsaved.forEach((count, form) => form.requestSubmit()));
  // What a lost session left behind is put back and saved.
  window.addEventListener("load", () => {
    writing.querySelectorAll("form[hx-post]").forEach((form) => {
      const left = window.sessionStorage.getItem(form.action);
      const field = typed(form);
      if (left !== null && field && field.value !== left) {
        field.value = left;
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
    });
  });
  // Y, N, A and R answer the question that has the focus.
  const KEYS = { y: "YES", n: "NO", a: "NOT_APPLICABLE", r: "NOT_REVIEWED" };
  on("keydown", ".answers", (answers, event) => {
    const value = KEYS[event.key.toLowerCase()];
    const radio = value && !event.ctrlKey && !event.metaKey && !event.altKey && answers.querySelector(`[value=${value}]`);
    if (radio) {
      event.preventDefault();
      radio.focus();
      radio.click();
    }
  });
})();
