// A kiosk in the hall: after a while without a touch it asks "Are you still there?", and without an
// answer goes to the start and forgets what was typed, so that the next person finds nothing of it.
// The frame (templates/base/kiosk.html) gives the seconds; one touch anywhere prolongs, for ever.
(() => {
  "use strict";

  const { start, idle, answer } = document.currentScript.dataset;
  const asker = document.getElementById("still-there");
  const left = asker.querySelector("[data-seconds-left]");
  const line = asker.querySelector("progress");
  let waiting;
  let counting;

  // Also an earlier page of this visit, come back to by the back button, keeps nothing.
  const empty = () => document.querySelectorAll("form").forEach((form) => {
    form.autocomplete = "off";
    form.reset();
  });

  const forget = () => {
    clearTimeout(waiting);
    clearInterval(counting);
    empty();
    sessionStorage.clear();
    // Whoever is gone cannot be asked about what they have not saved.
    window.addEventListener("beforeunload", (event) => event.stopImmediatePropagation(), true);
    location.replace(start);
  };

  const ask = () => {
    const until = Date.now() + answer * 1000;
    const show = () => {
      const seconds = Math.max(Math.ceil((until - Date.now()) / 1000), 0);
      left.textContent = seconds;
      line.value = seconds / answer;
      if (seconds === 0) forget();
    };
    show();
    clearInterval(counting);
    counting = setInterval(show, 1000);
    if (!asker.open) asker.showModal();
  };

  const wait = () => {
    clearTimeout(waiting);
    clearInterval(counting);
    waiting = setTimeout(ask, idle * 1000);
  };

  const stay = () => {
    if (asker.open) asker.close();
    wait();
  };

  ["pointerdown", "keydown", "input", "wheel", "touchmove"].forEach((name) => {
    // While it asks, only an answer counts: the touch that closes must not press what lies beneath.
    document.addEventListener(name, () => { if (!asker.open) wait(); }, { passive: true });
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-start-again]")) {
      event.preventDefault();
      forget();
    } else if (event.target.closest("[data-stay]") || event.target === asker) {
      stay();
    }
  });
  asker.addEventListener("close", wait);
  window.addEventListener("pageshow", (event) => { if (event.persisted) empty(); });
  document.querySelectorAll("form").forEach((form) => { form.autocomplete = "off"; });
  wait();
})();
