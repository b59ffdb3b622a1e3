"""Someone who has nothing but a keyboard, and notes where the focus cannot be seen or jumps."""

from __future__ import annotations

from playwright.sync_api import Page

# At each stop: what the focus changes, whether it can be seen, and whether it went on in reading
# order. Both places are measured now, so that scrolling and opened parts do not matter.
_WATCH = """
window.watch = (() => {
  const parts = ["", "::before", "::after"];
  const properties = ["outlineStyle", "outlineWidth", "outlineColor", "boxShadow", "borderColor"];
  const look = (element) => parts.map((part) => {
    const style = getComputedStyle(element, part || undefined);
    return properties.map((name) => style[name]).join(" ");
  }).join("|");
  const looks = (element) => look(element) + (element.closest(".palette-field") ?
    look(element.closest(".palette-field")) : "");
  const name = (element) => {
    const words = (element.innerText || element.name || element.value || "").trim();
    return `${element.tagName.toLowerCase()}#${element.id} "${words.slice(0, 30)}"`;
  };
  const place = (element) => element.getClientRects()[0] ?? element.getBoundingClientRect();
  const inReading = (element) => element.closest("main") && !element.closest(".toasts, dialog");

  const isObscured = (element) => {
    const box = place(element);
    const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
    const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
    if (left >= right || top >= bottom) return true;
    return ![.5, .1, .9].some((x) => [.5, .1, .9].some((y) => {
      const hit = document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y);
      return hit && (element.contains(hit) || hit.contains(element));
    }));
  };

  // Back up or to the left is out of order, unless a column begins further right.
  const isBackwards = (from, to) => {
    const a = place(from), b = place(to);
    if (b.bottom <= a.top + 1) return b.left < a.right - 1;
    const shared = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    const isOneLine = shared > Math.min(a.height, b.height) / 2;
    return isOneLine && b.right <= a.left + 1;
  };

  let last = null;
  return {
    stop(selector) {
      const faults = [];
      const now = document.activeElement;
      // A field of date and time has several stops of its own.
      const hasLeft = last && last.element.isConnected && last.element !== now;
      if (hasLeft && looks(last.element) === last.looks) {
        faults.push(`the focus does not show on ${name(last.element)}`);
      }
      if (now === document.body || now === document.documentElement) {
        last = null;
        return { at: null, there: false, faults };
      }
      if (isObscured(now)) faults.push(`${name(now)} has the focus and cannot be seen`);
      if (last && inReading(last.element) && inReading(now) && isBackwards(last.element, now)) {
        faults.push(`from ${name(last.element)} the focus jumps back to ${name(now)}`);
      }
      if (last?.element !== now) last = { element: now, looks: looks(now) };
      const there = Boolean(selector) && now.matches(selector);
      return { at: name(now), there, main: Boolean(now.closest("main")), faults };
    },
    wide: () => document.documentElement.scrollWidth - innerWidth,
  };
})();
"""


class Keyboard:
    """Drives a page by keys alone. What was wrong on the way is collected in ``faults``."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []
        page.context.add_init_script(_WATCH)

    def _path(self) -> str:
        return self.page.evaluate("location.pathname")

    def look(self) -> None:
        """Note a page that is wider than the screen."""
        wide = self.page.evaluate("watch.wide()")
        if wide > 0:
            self.faults.append(f"{self._path()}: wider than the screen by {wide} px")

    def open(self, path: str) -> None:
        """Type an address, which every browser takes from the keyboard."""
        self.page.goto(path)
        self.look()

    def tab(self, selector: str = "") -> dict:
        """One stop further, whose look and place are checked; ``there``: ``selector`` fits it."""
        self.page.keyboard.press("Tab")
        stop = self.page.evaluate("selector => watch.stop(selector)", selector)
        self.faults += [f"{self._path()}: {fault}" for fault in stop["faults"]]
        return stop

    def tab_to(self, selector: str, most: int = 120) -> None:
        """Tab until the focus is on what ``selector`` names; it fails where that never happens."""
        for _ in range(most):
            if self.tab(selector)["there"]:
                return
        raise AssertionError(f"{self._path()}: the keyboard does not reach {selector}")

    def walk(self, most: int = 250) -> int:
        """Tab through the whole page; returns the number of stops within ``main``."""
        stops = 0
        for _ in range(most):
            stop = self.tab()
            if stop["at"] is None:
                return stops
            stops += stop["main"]
        raise AssertionError(f"{self._path()}: the focus never leaves the page")

    def press(self, *keys: str) -> None:
        """Press keys that stay on the page."""
        for key in keys:
            self.page.keyboard.press(key)

    def go(self, key: str = "Enter") -> None:
        """Press a key that leads to another page."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)
        self.look()

    def write(self, selector: str, text: str) -> None:
        """Go to a field and write, as an input method does."""
        self.tab_to(selector)
        self.page.keyboard.insert_text(text)

    def choose(self, selector: str, value: str) -> None:
        """Go to a list and walk it down to ``value``."""
        self.tab_to(selector)
        for _ in range(60):
            if self.page.evaluate("document.activeElement.value") == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{selector} has no {value}")
