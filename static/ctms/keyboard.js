// Shortcuts. What each key does is declared on the server (data-keys), where the list on "?" comes from as well.
(() => {
  "use strict";

  const template = document.getElementById("keys-template");
  if (!template) {
    return;
  }
  const dialog = template.content.querySelector("dialog").cloneNode(true);
  const KEYS = JSON.parse(template.dataset.keys);
  const STORED = "single-keys";
  let pressed = ""; // the first of two keys
  let forget = null;

  // WCAG 2.1.4: whoever speaks to the computer, or shares the keyboard with a cat, turns single keys off.
  const on = () => window.localStorage.getItem(STORED) !== "off";
  function showSwitches() {
    document.querySelectorAll("[data-keys-switch]").forEach((line) => {
      line.hidden = false;
      line.querySelector("input").checked = on();
    });
  }
  document.addEventListener("change", (event) => {
    if (event.target.closest("[data-keys-switch]")) {
      window.localStorage.setItem(STORED, event.target.checked ? "on" : "off");
      showSwitches();
    }
  });
  showSwitches();

  const rows = () => Array.from(document.querySelectorAll("main .rows-open tbody tr"));
  const current = () => document.querySelector("main .rows-open tbody tr.row-current");
  const shown = (selector) =>
    Array.from(document.querySelectorAll(selector)).find((one) => one.offsetParent !== null);

  function move(by) {
    const all = rows();
    if (!all.length) {
      return false;
    }
    const at = all.indexOf(current());
    const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
    all.forEach((row) => row.classList.toggle("row-current", row === next));
    const link = next.querySelector("a");
    (link || next).focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
    return true;
  }

  function press(element) {
    if (element) {
      element.click();
    }
    return Boolean(element);
  }

  function help() {
    if (dialog.open) {
      return true;
    }
    const list = dialog.querySelector("[data-keys-list]");
    document.querySelectorAll("dialog[open]").forEach((other) => other.close());
    const ready = list.hasChildNodes()
      ? Promise.resolve()
      : fetch(template.dataset.url, { headers: { "X-Part": "keyboard" } })
          .then((answer) => answer.text())
          .then((html) => {
            list.innerHTML = html; // written and escaped by the server's own template
          });
    ready
      .then(() => {
        document.body.append(dialog);
        showSwitches();
        dialog.showModal();
      })
      .catch(() => window.location.assign(template.dataset.url));
    return true;
  }

  // What a key does; true if there was something to do here.
  const DEEDS = {
    help,
    go: (address) => {
      window.location.assign(address);
      return true;
    },
    next: () => move(1),
    previous: () => move(-1),
    choose: () => {
      const row = current();
      return press(row && row.querySelector("input[name=selected]"));
    },
    "search-list": () => {
      const field = shown("main input[type=search]");
      if (field) {
        field.focus();
        field.select();
      }
      return Boolean(field);
    },
    new: () => press(shown("main .title-line .actions a.btn-primary[href*='/new/']")),
    edit: () => press(shown("main .title-line a[href$='/edit/']")),
  };

  const typing = (element) =>
    element.isContentEditable ||
    ["TEXTAREA", "SELECT"].includes(element.tagName) ||
    (element.tagName === "INPUT" && !["checkbox", "radio", "button", "submit"].includes(element.type));

  function act(event, keys) {
    const [deed, address] = KEYS[keys];
    if (DEEDS[deed] && DEEDS[deed](address)) {
      event.preventDefault();
    }
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) {
      return;
    }
    if (event.key === "Escape" && typing(event.target) && !document.querySelector("dialog[open]")) {
      event.target.blur();
      return;
    }
    // A question of a report has keys of its own.
    if (!on() || typing(event.target) || event.target.closest(".answers") || document.querySelector("dialog[open]")) {
      return;
    }
    const keys = pressed ? `${pressed} ${event.key}` : event.key;
    window.clearTimeout(forget);
    pressed = "";
    if (KEYS[keys]) {
      act(event, keys);
    } else if (Object.keys(KEYS).some((one) => one.startsWith(`${event.key} `))) {
      pressed = event.key;
      forget = window.setTimeout(() => {
        pressed = "";
      }, 1500);
    }
  });

  dialog.addEventListener("close", () => dialog.remove());
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keyboard]") && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      help();
    }
    const close = event.target.closest("[data-close-dialog]");
    if (close) {
      close.closest("dialog").close();
    } else if (event.target === dialog) {
      dialog.close(); // beside it
    }
  });
})();
