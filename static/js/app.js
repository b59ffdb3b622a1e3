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
    // Pasted text is not cut without a word: the line says how much is too much, and so does the
    // server, to which a line break is two characters.
    const most = Number(area.maxLength);
    area.removeAttribute("maxlength");
    let wasOver = false;
    const show = () => {
      const left = most - area.value.replace(/\n/g, "\r\n").length;
      const near = area.dataset.count !== undefined || left < most / 5;
      const text = left < 0 ? words.over : words.left;
      line.textContent = near ? text.replace("{n}", Math.abs(left)) : "";
      line.classList.toggle("over", left < 0);
      if (near && (left % 50 === 0 || wasOver !== left < 0)) say(line.textContent);
      wasOver = left < 0;
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
      byId("main")?.focus({ preventScroll: true });
    } else if (at("[data-fill]")) {
      const filler = at("[data-fill]");
      const field = byId(filler.dataset.fill);
      field.value = filler.dataset.value;
      field.focus();
      // As where a person fills it in: a text is heard by the first, a list by the second.
      field.dispatchEvent(new Event("input", { bubbles: true }));
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

  // <form data-guard>: leaving with something typed and not sent asks first, be it by another form
  // of the page (which no browser on a phone would ask about by itself). A second press while the
  // first is under way sends nothing.
  const typed = new Set();
  let sent = new WeakSet();
  const guarded = () => [...document.querySelectorAll("form[data-guard]")];
  const unsaved = (besides) => (
    [...typed].some((form) => form !== besides && form.isConnected)
  );
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-guard]");
    if (form) typed.add(form);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return; // htmx, or nothing is left
    if (sent.has(form)) return event.preventDefault();
    if (form.matches("[data-carries]")) carry();
    else if (unsaved(form) && !confirm(words.unsaved)) return event.preventDefault();
    typed.clear();
    sent.add(form);
    setTimeout(() => sent.delete(form), 10000); // a download leaves the page where it is
  });
  window.addEventListener("beforeunload", (event) => { if (unsaved()) event.preventDefault(); });
  window.addEventListener("pageshow", () => { sent = new WeakSet(); });

  // <form data-carries> leads back to the page, in another language or type: what was typed goes
  // along with what its form was made for, and is kept nowhere else.
  const CARRIED = "carried";
  const fields = (form) => [...form.elements].filter((field) => (
    field.name && field.name !== "csrfmiddlewaretoken"
    && !["file", "password", "submit", "button"].includes(field.type)
  ));
  const isChoice = (field) => ["radio", "checkbox"].includes(field.type);
  function carry() {
    const forms = [...typed].filter((form) => form.isConnected).map((form) => ({
      action: form.action,
      fields: fields(form).map(({ name, value, checked }) => ({ name, value, checked })),
    }));
    try {
      if (forms.length) sessionStorage.setItem(CARRIED, JSON.stringify(forms));
    } catch { /* private window: the words stay behind */ }
  }
  function unpack() {
    let carried;
    try {
      carried = JSON.parse(sessionStorage.getItem(CARRIED));
      sessionStorage.removeItem(CARRIED);
    } catch { /* private window */ }
    (carried ?? []).forEach((was) => {
      const form = guarded().find(({ action }) => action === was.action);
      if (!form) return;
      typed.add(form);
      if (form.closest("details")) form.closest("details").open = true;
      fields(form).forEach((field) => {
        const same = was.fields.find(({ name, value }) => (
          name === field.name && (!isChoice(field) || value === field.value)
        ));
        if (same && isChoice(field)) field.checked = same.checked;
        else if (same) field.value = same.value;
      });
    });
    // What came back with errors has not been sent either.
    guarded().filter((form) => form.querySelector(".error-summary"))
      .forEach((form) => typed.add(form));
  }

  // The element that came may itself be such a control, so its surroundings are looked through.
  // What comes above the field one is writing in does not push it off the screen.
  document.addEventListener("htmx:afterSwap", ({ target }) => {
    const field = document.activeElement;
    if (target.closest("form")?.contains(field)) field.scrollIntoView({ block: "nearest" });
  });

  document.addEventListener("htmx:load", ({ detail }) => {
    reveal(detail.elt.parentElement ?? detail.elt);
  });
  // An act that failed is told at once; of what loads by itself, that it is not up to date. Either
  // line stands there once, until the like works again.
  const byItself = (detail) => !detail.requestConfig?.triggeringEvent;
  ["htmx:responseError", "htmx:sendError", "htmx:timeout"].forEach((name) => {
    document.addEventListener(name, ({ detail }) => {
      const id = byItself(detail) ? "not-up-to-date" : "did-not-work";
      if (byItself(detail) && byId(id)) return;
      byId(id)?.remove();
      const item = document.createElement("li");
      item.id = id;
      item.className = "callout tone-late";
      item.setAttribute("role", byItself(detail) ? "status" : "alert");
      item.textContent = byItself(detail) ? words.stale : words.failed;
      byId("messages")?.append(item);
    });
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (!detail.successful) return;
    byId("not-up-to-date")?.remove();
    if (!byItself(detail)) byId("did-not-work")?.remove();
  });

  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector(".person-menu[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });

  // Back to a form that came back with errors asks for a fresh one: what was posted is not kept.
  if (document.body.classList.contains("public") && document.querySelector(".error-summary")) {
    history.replaceState(null, "", location.href);
  }

  unpack();
  reveal(document);
  document.querySelector("[data-focus]")?.focus();
})();
