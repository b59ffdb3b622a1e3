// What only the pages of the staff have: keys and their help, the palette, toasts.
// Progressive enhancement like app.js: each of them has a plain way beside it.
(() => {
  "use strict";

  const byId = (id) => document.getElementById(id);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const stillness = matchMedia("(prefers-reduced-motion: reduce)");

  // What a button with a key does: the words given for it, or those that stand on it.
  const meaning = (button) => {
    if (button.dataset.does) return button.dataset.does;
    const words = button.cloneNode(true);
    all("kbd, svg", words).forEach((sign) => sign.remove());
    return words.textContent.trim();
  };

  if (/Mac|iPhone|iPad/.test(navigator.platform)) {
    all("[data-on-a-mac]").forEach((key) => { key.textContent = key.dataset.onAMac; });
  }

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
  choice.checked = !off;
  choice.addEventListener("change", () => { off = stored(!choice.checked); });

  const walk = (step) => {
    const rows = all("[data-row]");
    if (!rows.length) return;
    const here = rows.indexOf(document.activeElement);
    const open = rows.findIndex((row) => row.getAttribute("aria-current") === "true");
    const from = here >= 0 ? here : open >= 0 ? open : step > 0 ? -1 : rows.length;
    rows[Math.min(Math.max(from + step, 0), rows.length - 1)].focus();
  };

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      if (document.querySelector("dialog[open]") || !byId("palette")) return;
      event.preventDefault();
      byId("palette").showModal();
      return;
    }
    const held = event.target.closest?.("input, textarea, select, [contenteditable], dialog");
    const typing = held && !held.closest("dialog:not([open])"); // closed, yet focused for a moment
    if (off || typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const search = document.querySelector("[data-search], input[type=search]");
    const pressed = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (event.key === "j") walk(1);
    else if (event.key === "k") walk(-1);
    else if (event.key === "?") byId("keys").showModal();
    else if (event.key === "/" && search) search.focus();
    else if (pressed && !pressed.disabled && !event.repeat) pressed.click();
    else return;
    event.preventDefault();
  });

  // The help names only the keys that do something on this page.
  const explain = () => {
    all("#keys [data-needs]").forEach((term) => {
      const idle = !document.querySelector(term.dataset.needs);
      term.hidden = term.nextElementSibling.hidden = idle;
    });
    all("#keys .of-page").forEach((element) => element.remove());
    all("[data-key]").forEach((button) => {
      const term = document.createElement("dt");
      const words = document.createElement("dd");
      const key = document.createElement("kbd");
      term.className = words.className = "of-page";
      key.textContent = button.dataset.key;
      term.append(key);
      words.textContent = meaning(button);
      document.querySelector("#keys .keys").append(term, words);
    });
  };

  // The palette: a combobox over what this page can do, the pages, and what the server finds.
  const palette = byId("palette");
  if (palette?.showModal) {
    const words = byId("palette-words");
    const list = byId("palette-list");
    const count = byId("palette-count");
    const options = () => all("[role=option]:not([hidden])", list);
    const active = () => byId(words.getAttribute("aria-activedescendant"));

    const activate = (option) => {
      active()?.setAttribute("aria-selected", "false");
      if (!option) return words.removeAttribute("aria-activedescendant");
      option.setAttribute("aria-selected", "true");
      words.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    };

    const tell = (found) => {
      const said = count.dataset;
      const text = found === 0 ? said.none : found === 1 ? said.one : said.many;
      count.textContent = text.replace("{n}", found);
    };

    // Hides what does not fit; the server's results fit already, the help always does.
    const narrow = () => {
      const typed = words.value.trim().toLowerCase();
      all("[role=option]", list).forEach((option) => {
        const text = `${option.textContent} ${option.dataset.words ?? ""}`.toLowerCase();
        option.hidden = option.dataset.always === undefined && !text.includes(typed);
      });
      all("[role=group]", list).forEach((group) => {
        group.hidden = !group.querySelector("[role=option]:not([hidden])");
      });
      const shown = options();
      activate(shown.includes(active()) && active() !== shown.at(-1) ? active() : shown[0]);
      tell(shown.length - 1); // the help is no result
    };

    const listActions = () => {
      const group = byId("palette-actions");
      all("[role=option]", group).forEach((option) => option.remove());
      all("[data-key]").forEach((button, index) => {
        const option = document.createElement("button");
        const label = document.createElement("span");
        const key = document.createElement("kbd");
        option.type = "button";
        option.role = "option";
        option.tabIndex = -1;
        option.id = `palette-action-${index}`;
        option.setAttribute("aria-selected", "false");
        label.textContent = meaning(button);
        key.textContent = button.dataset.key;
        key.setAttribute("aria-hidden", "true");
        const sign = button.querySelector("svg");
        option.append(...(sign ? [sign.cloneNode(true)] : []), label, key);
        option.addEventListener("click", () => { palette.close(); button.click(); });
        group.append(option);
      });
    };

    const ask = () => {
      narrow();
      words.dispatchEvent(new CustomEvent("ask"));
    };

    // Opened by its button or by its key: what it can do here is looked up each time.
    new MutationObserver(() => {
      if (!palette.open) return;
      words.value = "";
      byId("palette-found").replaceChildren();
      listActions();
      activate(null);
      narrow();
    }).observe(palette, { attributeFilter: ["open"] });

    words.addEventListener("input", (event) => { if (!event.isComposing) ask(); });
    words.addEventListener("compositionend", ask);
    words.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (event.isComposing || (!step && event.key !== "Enter")) return;
      event.preventDefault();
      if (!step) return active()?.click();
      const shown = options();
      const next = shown.indexOf(active()) + step;
      activate(shown.at(next % shown.length));
    });
    list.addEventListener("click", (event) => {
      if (event.target.closest("[role=option]")) palette.close();
    });
    palette.addEventListener("click", (event) => { if (event.target === palette) palette.close(); });
    palette.addEventListener("htmx:afterSwap", narrow);
    ["htmx:responseError", "htmx:sendError", "htmx:timeout"].forEach((name) => {
      palette.addEventListener(name, () => { count.textContent = count.dataset.failed; });
    });
  }

  // Messages of success float, and go by themselves; where motion is reduced they stay.
  const SECONDS = 8;
  const float = () => {
    all("#messages > [data-toast]").forEach((message) => {
      const toast = document.createElement("div");
      toast.className = `toast ${message.className}`;
      toast.append(...message.childNodes);
      message.remove();
      byId("toasts").append(toast);
      if (stillness.matches) return;
      let timer;
      const stay = () => clearTimeout(timer);
      const go = () => {
        stay();
        if (toast.matches(":hover, :focus-within")) return;
        timer = setTimeout(() => toast.remove(), SECONDS * 1000);
      };
      ["mouseenter", "focusin"].forEach((name) => toast.addEventListener(name, stay));
      ["mouseleave", "focusout"].forEach((name) => toast.addEventListener(name, () => {
        setTimeout(go); // once the focus has arrived where it goes
      }));
      go();
    });
  };

  document.addEventListener("htmx:load", () => { explain(); float(); });
  explain();
  float();
})();
