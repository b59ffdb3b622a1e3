// Progressive enhancement only: every page works without this file.
(() => {
  "use strict";

  const words = document.currentScript.dataset;
  const byId = (id) => document.getElementById(id);
  const say = (text) => {
    const live = byId("live");
    if (live) live.textContent = text;
  };

  // Controls that only work with scripts are hidden in the page and shown here.
  const reveal = (root) => {
    const only = "[data-copy], [data-dismiss], [data-print], [data-fill], button[data-opens]";
    root.querySelectorAll(only).forEach((element) => { element.hidden = false; });
    root.querySelectorAll("textarea[maxlength]").forEach(count);
  };

  // How many characters are left, from the last fifth on or where asked for.
  function count(area) {
    if (area.dataset.counted) return;
    area.dataset.counted = "1";
    const line = document.createElement("p");
    line.className = "counter";
    area.after(line);
    const most = Number(area.maxLength);
    const show = () => {
      const left = most - area.value.length;
      const near = area.dataset.count !== undefined || left < most / 5;
      const text = left < 0 ? words.over : words.left;
      line.textContent = near ? text.replace("{n}", Math.abs(left)) : "";
      line.classList.toggle("over", left < 0);
      if (near && left % 50 === 0) say(line.textContent);
    };
    area.addEventListener("input", show);
    show();
  }

  // <form data-confirm="Withdraw this request?"> asks first, with the submitter kept.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const asker = byId("confirm");
    if (!form.dataset.confirm || form.dataset.confirmed || !asker?.showModal) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    byId("confirm-text").textContent = form.dataset.confirm;
    asker.returnValue = "";
    asker.showModal();
    asker.addEventListener("close", () => {
      if (asker.returnValue !== "yes") return;
      form.dataset.confirmed = "1";
      form.requestSubmit(event.submitter);
      delete form.dataset.confirmed;
    }, { once: true });
  }, true);

  document.addEventListener("click", async (event) => {
    const at = (selector) => event.target.closest(selector);
    const opener = at("[data-opens]");
    const copier = at("[data-copy]");
    if (opener && byId(opener.dataset.opens)?.showModal) {
      event.preventDefault();
      byId(opener.dataset.opens).showModal();
    } else if (at("[data-closes]")) {
      at("dialog").close();
    } else if (at("[data-dismiss]")) {
      at(".callout").remove();
    } else if (at("[data-fill]")) {
      const filler = at("[data-fill]");
      const field = byId(filler.dataset.fill);
      field.value = filler.dataset.value;
      field.focus();
      field.dispatchEvent(new Event("change", { bubbles: true }));
    } else if (at("[data-print]")) {
      window.print();
    } else if (copier) {
      try {
        await navigator.clipboard.writeText(copier.dataset.copy);
        const label = copier.querySelector("span");
        const before = label.textContent;
        label.textContent = words.copied;
        say(words.copied);
        setTimeout(() => { label.textContent = before; }, 2000);
      } catch {
        say(words.failed);
      }
    } else if (!at(".person-menu")) {
      document.querySelectorAll(".person-menu[open]").forEach((menu) => { menu.open = false; });
    }
  });

  // <form data-guard>: leaving with something typed and not sent asks first.
  let unsaved = false;
  document.addEventListener("input", (event) => {
    if (event.target.closest("form[data-guard]")) unsaved = true;
  });
  document.addEventListener("submit", () => { unsaved = false; });
  window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });

  // Keys: j and k walk the rows, / searches, ? explains, data-key="a" presses its button.
  const KEYS_OFF = "single-keys-off";
  const stored = (value) => {
    try {
      if (value === undefined) return localStorage.getItem(KEYS_OFF) === "1";
      localStorage.setItem(KEYS_OFF, value ? "1" : "0");
    } catch { /* private window: the choice lasts for this page */ }
    return value ?? false;
  };
  let off = stored();
  const choice = byId("keys-on");
  if (choice) {
    choice.checked = !off;
    choice.addEventListener("change", () => { off = stored(!choice.checked); });
  }

  const walk = (step) => {
    const rows = [...document.querySelectorAll("[data-row]")];
    if (!rows.length) return;
    const here = rows.indexOf(document.activeElement);
    const open = rows.findIndex((row) => row.getAttribute("aria-current") === "true");
    const from = here >= 0 ? here : open >= 0 ? open : step > 0 ? -1 : rows.length;
    rows[Math.min(Math.max(from + step, 0), rows.length - 1)].focus();
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const menu = document.querySelector(".person-menu[open]");
      if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
    }
    const typing = event.target.closest?.("input, textarea, select, [contenteditable], dialog");
    if (off || typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const search = document.querySelector("[data-search], input[type=search]");
    const pressed = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (event.key === "j") walk(1);
    else if (event.key === "k") walk(-1);
    else if (event.key === "?" && byId("keys")?.showModal) byId("keys").showModal();
    else if (event.key === "/" && search) search.focus();
    else if (pressed && !pressed.disabled) pressed.click();
    else return;
    event.preventDefault();
  });

  // The help names only the keys that do something on this page.
  const explain = () => {
    document.querySelectorAll("#keys [data-needs]").forEach((term) => {
      const idle = !document.querySelector(term.dataset.needs);
      term.hidden = term.nextElementSibling.hidden = idle;
    });
  };

  // The element that came may itself be such a control, so its surroundings are looked through.
  document.addEventListener("htmx:load", ({ detail }) => {
    reveal(detail.elt.parentElement ?? detail.elt);
    explain();
  });
  ["htmx:responseError", "htmx:sendError", "htmx:timeout"].forEach((name) => {
    document.addEventListener(name, () => {
      const item = document.createElement("li");
      item.className = "callout tone-late";
      item.setAttribute("role", "alert");
      item.textContent = words.failed;
      byId("messages")?.append(item);
    });
  });

  // Back to a form that came back with errors asks for a fresh one: what was posted is not kept.
  if (document.body.classList.contains("public") && document.querySelector(".error-summary")) {
    history.replaceState(null, "", location.href);
  }

  reveal(document);
  explain();
  document.querySelector("[data-focus]")?.focus();
})();
