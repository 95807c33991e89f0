// What makes a list quick. Every list is read, filtered, chosen from and changed without it.
(() => {
  "use strict";

  const listing = () => document.getElementById("listing");
  const filters = document.getElementById("filters");

  // --- drawers stay as they were left, list by list -----------------------------------------------------

  document.querySelectorAll("[data-keep-open]").forEach((drawer) => {
    const key = `drawer ${listing().dataset.listing} ${drawer.dataset.keepOpen}`;
    if (window.sessionStorage.getItem(key)) {
      drawer.open = true;
    }
    drawer.addEventListener("toggle", () => {
      if (drawer.open) {
        window.sessionStorage.setItem(key, "1");
      } else {
        window.sessionStorage.removeItem(key);
      }
    });
  });

  // --- the address says what differs, and nothing else --------------------------------------------------

  document.addEventListener("htmx:configRequest", (event) => {
    const { elt, parameters, triggeringEvent } = event.detail;
    // With Shift the rows are sorted by this column as well.
    if (elt.dataset.asWell && triggeringEvent && triggeringEvent.shiftKey) {
      event.detail.path = elt.dataset.asWell;
    }
    if (elt !== filters) {
      return;
    }
    const columns = [].concat(parameters.columns || []);
    delete parameters.columns;
    if (columns.length && columns.join(",") !== filters.dataset.columns) {
      parameters.columns = columns.join(",");
    }
    Object.keys(parameters).forEach((name) => {
      const values = [].concat(parameters[name]).filter((value) => value !== "");
      if (values.length) {
        parameters[name] = values.length === 1 ? values[0] : values;
      } else {
        delete parameters[name];
      }
    });
  });
  // Forms that lead back here lead to the address as it is now.
  document.addEventListener("htmx:pushedIntoHistory", (event) => {
    document.querySelectorAll("[data-address]").forEach((input) => {
      input.value = event.detail.path;
    });
  });

  // --- chosen rows --------------------------------------------------------------------------------------

  const boxes = () => Array.from(document.querySelectorAll("#listing td.pick input"));
  let lastBox = null;

  function countChosen() {
    const bar = document.querySelector("#bulk .bulk-count");
    if (!bar) {
      return;
    }
    const every = boxes();
    const chosen = every.filter((box) => box.checked).length;
    bar.textContent = chosen === 1 ? bar.dataset.one : `${chosen} ${bar.dataset.many}`;
    const page = document.querySelector("[data-pick-page]");
    page.checked = chosen > 0 && chosen === every.length;
    page.indeterminate = chosen > 0 && chosen < every.length;
  }
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-pick-page]")) {
      boxes().forEach((box) => {
        box.checked = event.target.checked;
      });
    } else if (event.target.matches("[data-pick-all]") && event.target.checked) {
      boxes().forEach((box) => {
        box.checked = true;
      });
    } else if (event.target.matches("#listing td.pick input") && !event.target.checked) {
      const all = document.querySelector("[data-pick-all]");
      if (all) {
        all.checked = false;
      }
    }
    countChosen();
  });
  // With Shift everything between two boxes follows the second.
  document.addEventListener("click", (event) => {
    if (!event.target.matches("#listing td.pick input")) {
      return;
    }
    const every = boxes();
    const [from, to] = [every.indexOf(lastBox), every.indexOf(event.target)];
    if (event.shiftKey && from >= 0) {
      every.slice(Math.min(from, to), Math.max(from, to) + 1).forEach((box) => {
        box.checked = event.target.checked;
      });
      countChosen();
    }
    lastBox = event.target;
  });

  // --- cells --------------------------------------------------------------------------------------------

  // What a cell showed before its form came: Escape puts it back.
  const before = new WeakMap();

  document.addEventListener("htmx:beforeSwap", (event) => {
    const cell = event.detail.target;
    if (cell.matches && cell.matches("td.editable") && !cell.querySelector(".cell-form")) {
      before.set(cell, cell.innerHTML);
    }
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const form = event.target.querySelector && event.target.querySelector(".cell-form");
    if (form && event.target.matches("td.editable")) {
      const first = form.querySelector("[aria-invalid=true], input:not([type=hidden]), select, textarea, button");
      first.focus();
      if (first.select) {
        first.select();
      }
    }
    countChosen();
  });
  function putBack(cell) {
    cell.innerHTML = before.get(cell);
    window.htmx.process(cell);
    cell.querySelector(".cell-change").focus();
  }
  document.addEventListener("keydown", (event) => {
    const form = event.target.closest(".cell-form");
    if (!form) {
      return;
    }
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      putBack(form.closest("td"));
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey || event.target.matches("select"))) {
      event.preventDefault();
      form.requestSubmit();
    }
  }, true);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-cell-cancel]")) {
      putBack(event.target.closest("td"));
    }
  });
  // A saved row is a new one: the focus goes on from the cell that was changed.
  let changed = null;
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.matches(".cell-form")) {
      const cell = event.target.closest("td");
      changed = { table: cell.closest("table"), row: cell.parentElement.rowIndex, column: cell.cellIndex };
    }
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (!changed || !event.detail.xhr || event.detail.xhr.getResponseHeader("HX-Reswap") !== "outerHTML") {
      return;
    }
    const row = changed.table.rows[changed.row];
    const link = row && row.cells[changed.column] && row.cells[changed.column].querySelector(".cell-change");
    if (link) {
      link.focus();
    }
    changed = null;
  });

  // Two clicks change a cell, one opens the record: the first waits a moment for the second.
  let opening = null;
  document.addEventListener("click", (event) => {
    const cell = event.target.closest(".rows-open td.editable");
    if (!cell || event.target.closest("a, button, input, label, select, textarea, .cell-form") || String(window.getSelection())) {
      return;
    }
    const link = cell.parentElement.querySelector("td.opens a");
    window.clearTimeout(opening);
    if (event.detail > 1) {
      return;
    }
    if (event.ctrlKey || event.metaKey) {
      window.open(link.href);
      return;
    }
    opening = window.setTimeout(() => window.location.assign(link.href), 280);
  });
  document.addEventListener("dblclick", (event) => {
    const cell = event.target.closest(".rows-open td.editable");
    if (cell && !event.target.closest(".cell-form")) {
      window.clearTimeout(opening);
      window.getSelection().removeAllRanges();
      cell.querySelector(".cell-change").click();
    }
  });

  // --- a record beside its list -------------------------------------------------------------------------

  const look = document.getElementById("look");
  let lookedFrom = null;

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.matches("[data-look]")) {
      lookedFrom = event.target;
    }
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target !== look) {
      return;
    }
    look.hidden = false;
    document.querySelectorAll(".is-looked-at").forEach((row) => row.classList.remove("is-looked-at"));
    lookedFrom.closest("tr").classList.add("is-looked-at");
    look.querySelector("h2").focus();
  });
  function closeLook() {
    look.hidden = true;
    document.querySelectorAll(".is-looked-at").forEach((row) => row.classList.remove("is-looked-at"));
    if (lookedFrom && lookedFrom.isConnected) {
      lookedFrom.focus();
    }
  }
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-close-look]")) {
      closeLook();
    }
  });
  // Space on a row that has the focus looks at it.
  document.addEventListener("keydown", (event) => {
    const eye = event.key === " " && event.target.matches(".rows-open tbody tr") && event.target.querySelector("[data-look]");
    if (eye) {
      event.preventDefault();
      eye.click();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && look && !look.hidden) {
      closeLook();
    }
  });
})();
