// The search in a dialog: Ctrl-K or Cmd-K. Without this script its link leads to the same search as a page.
(() => {
  "use strict";

  const template = document.getElementById("search-template");
  if (!template) {
    return;
  }
  const dialog = template.content.querySelector("dialog").cloneNode(true);
  const form = dialog.querySelector("form");
  const input = dialog.querySelector("input");
  const list = dialog.querySelector("[role=listbox]");
  const status = dialog.querySelector(".search-status");
  let asked = null; // the request under way
  let waiting = null; // the pause after a key
  let before = null; // where the focus was

  const options = () => Array.from(list.querySelectorAll("[role=option]"));
  const chosen = () => list.querySelector("[aria-selected=true]");

  function choose(option) {
    const former = chosen();
    if (former) {
      former.setAttribute("aria-selected", "false");
    }
    if (!option) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  }

  function step(by) {
    const all = options();
    if (all.length) {
      const at = all.indexOf(chosen());
      choose(all[at === -1 && by < 0 ? all.length - 1 : (at + by + all.length) % all.length]);
    }
  }

  function show(html) {
    status.classList.add("visually-hidden");
    list.innerHTML = html; // written and escaped by the server's own template
    const count = list.querySelectorAll("[role=option]:not(.found-further)").length; // where to search on is no find
    const sentence = count === 0 ? status.dataset.none : count === 1 ? status.dataset.one : status.dataset.many;
    status.textContent = sentence.replace("%n", String(count));
    choose(options()[0]);
  }

  // The answer to what stands in the field; an older question is dropped.
  function ask() {
    window.clearTimeout(waiting);
    if (asked) {
      asked.abort();
    }
    const request = new AbortController();
    const typed = input.value;
    asked = request;
    return fetch(`${dialog.dataset.url}?q=${encodeURIComponent(typed)}`, {
      headers: { "X-Part": "found" },
      signal: request.signal,
      redirect: "manual",
    })
      .then((answer) => {
        if (answer.type === "opaqueredirect") {
          window.location.reload(); // the session has ended: sign in, and come back here
          return "";
        }
        if (!answer.ok) {
          throw new Error(String(answer.status));
        }
        return answer.text();
      })
      .then((html) => {
        if (asked === request) {
          asked = null;
          list.dataset.typed = typed;
          show(html);
        }
      })
      .catch((failure) => {
        if (failure.name !== "AbortError") {
          asked = null;
          status.textContent = status.dataset.failed;
          status.classList.remove("visually-hidden");
        }
      });
  }

  function askSoon() {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(ask, 120);
  }

  function open() {
    if (dialog.open) {
      input.select();
      return;
    }
    document.querySelectorAll("dialog[open]").forEach((other) => other.close());
    before = document.activeElement;
    document.body.append(dialog);
    dialog.showModal();
    input.focus();
    input.select();
    ask();
  }

  function follow(option, elsewhere) {
    if (!option) {
      form.submit();
    } else if (elsewhere) {
      window.open(option.href, "_blank", "noopener");
    } else {
      dialog.close();
      window.location.assign(option.href);
    }
  }

  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      open();
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-search]") && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      open();
    }
  });

  input.addEventListener("input", askSoon);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) {
      return;
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      const elsewhere = event.ctrlKey || event.metaKey;
      const typed = input.value;
      window.clearTimeout(waiting);
      // Who types faster than the answer comes gets the answer to all that was typed.
      (list.dataset.typed === typed ? Promise.resolve() : ask()).then(() => follow(chosen(), elsewhere));
    }
  });
  list.addEventListener("mousemove", (event) => {
    const option = event.target.closest("[role=option]");
    if (option && option !== chosen()) {
      choose(option);
    }
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) {
      dialog.close(); // beside it
    }
  });
  dialog.addEventListener("close", () => {
    window.clearTimeout(waiting);
    if (asked) {
      asked.abort();
    }
    dialog.remove();
    if (before && before.isConnected) {
      before.focus();
    }
  });
})();
