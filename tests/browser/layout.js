// What a person would see is wrong with the layout of the page that is open: a list of words.
// Runs in the page (playwright's evaluate). `limits`: {text, body, target}, in CSS pixels.
(limits) => {
  const faults = [];
  // Deliberate: words for assistive technology alone (on a phone also those of a button that keeps
  // its icon); heads that a phone shows as labels; the dot between two parts of a limit, which goes
  // when they stand on two lines; and what is Django's on every page of its own.
  const ASIDE = ".aside-text, .skip-link, .stack-rows thead, .units .step .level, .between, "
    + ".visually-hidden, .find-button > span, #header, #nav-sidebar, .toggle-nav-sidebar";
  // Lists and forms that Django's administration draws keep the sizes that it gives them.
  if (document.body.matches(".dashboard, .change-list, .change-form")) {
    limits = { text: 0, body: 0, target: 0 };
  }
  // Deliberate: secondary words of the portal, which are smaller than what they stand beside.
  const SECONDARY = "small, .small, .helptext, .optional, figcaption, .errorlist, .chip, .limit, "
    + "time, .actor, .counter, .rungs .what, .receipt-numbers dt, .case-parts, .month, .legend, "
    + ".demonstration, .public-foot, .language-switch, .brand, thead, svg, kbd, .special, "
    + ".deadline-days, .happening, .unit, .telephone, .back, [data-label]";
  const within = (box, other) => box.left >= other.left - 1 && box.right <= other.right + 1
    && box.top >= other.top - 1 && box.bottom <= other.bottom + 1;
  const name = (element) => {
    const words = element.textContent.trim().replace(/\s+/g, " ").slice(0, 40);
    const kind = element.getAttribute("class");
    return `<${element.localName}${kind ? ` class="${kind}"` : ""}> “${words}”`;
  };
  const shown = (element) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    && !element.closest(ASIDE) && !element.closest("dialog:not([open])");

  // Cuts a box to what the scrolling boxes around it show, and tells who cuts it for good.
  const clip = (box, element) => {
    let { left, right, top, bottom } = box;
    let cutter = null;
    for (let one = element; one && one !== document.documentElement; one = one.parentElement) {
      const style = getComputedStyle(one);
      if (one === document.body || style.display === "inline" || style.display === "contents") {
        continue;
      }
      const [x, y] = [style.overflowX, style.overflowY];
      if (x === "visible" && y === "visible") continue;
      const area = one.getBoundingClientRect();
      const cutsX = left < area.left - 1 || right > area.right + 1;
      const cutsY = top < area.top - 1 || bottom > area.bottom + 1;
      const fixed = ["hidden", "clip"];
      if ((cutsX && fixed.includes(x)) || (cutsY && fixed.includes(y))) cutter = one;
      if (x !== "visible") [left, right] = [Math.max(left, area.left), Math.min(right, area.right)];
      if (y !== "visible") [top, bottom] = [Math.max(top, area.top), Math.min(bottom, area.bottom)];
    }
    return { left, right, top, bottom, width: right - left, height: bottom - top, cutter };
  };

  // Every line of text that is shown.
  const lines = [];
  const sized = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || element.closest("script, style, title, option") || !shown(element)) {
      continue;
    }
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) {
      if (rect.width < 1 || rect.height < 1) continue;
      // The box of a line is taller than its letters: compare what the letters need.
      const slack = rect.height * 0.2;
      const letters = { left: rect.left, right: rect.right,
        top: rect.top + slack, bottom: rect.bottom - slack };
      const seen = clip(letters, element);
      if (seen.cutter) faults.push(`cut off: ${name(element)} by ${name(seen.cutter)}`);
      if (seen.width < 1 || seen.height < 1) continue;
      if (seen.left < -1 || seen.right > innerWidth + 1) {
        faults.push(`outside the screen: ${name(element)}`);
      }
      lines.push({ element, ...seen });
    }
    if (sized.has(element)) continue;
    sized.add(element);
    let size = parseFloat(getComputedStyle(element).fontSize);
    const drawing = element.closest("svg");
    if (drawing) size *= element.getScreenCTM().a;
    const least = document.body.classList.contains("public") && element.closest("main")
      && !element.closest(SECONDARY) ? limits.body : limits.text;
    if (size < least - 0.01) faults.push(`text of ${size.toFixed(1)} px: ${name(element)}`);
  }

  // A line that wants more room than its box has (an ellipsis is no room).
  for (const element of sized) {
    const style = getComputedStyle(element);
    if (style.overflowX === "visible" || style.overflowX === "auto") continue;
    if (element.scrollWidth > element.clientWidth + 1) {
      faults.push(`cut off at its side: ${name(element)}`);
    }
  }

  // Words on words, and words on controls. What floats over the page may cover it.
  const floats = (element) => {
    for (let one = element; one && one !== document.body; one = one.parentElement) {
      if (["fixed", "sticky", "absolute"].includes(getComputedStyle(one).position)) return one;
    }
    return null;
  };
  for (const line of lines) line.layer = floats(line.element);
  const meet = (one, other) => one.layer === other.layer
    && Math.min(one.right, other.right) - Math.max(one.left, other.left) > 2
    && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 2;
  lines.forEach((one, index) => {
    for (const other of lines.slice(index + 1)) {
      if (one.element !== other.element && meet(one, other)) {
        faults.push(`one over the other: ${name(one.element)}, ${name(other.element)}`);
      }
    }
  });

  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, "
    + "[role=button]";
  for (const control of document.querySelectorAll(CONTROLS)) {
    if (!shown(control)) continue;
    const whole = control.getBoundingClientRect();
    if (whole.width < 1 || whole.height < 1) continue;
    const seen = { ...clip(whole, control), layer: floats(control) };
    if (seen.width < 1 || seen.height < 1) continue;
    if (seen.left < -1 || seen.right > innerWidth + 1) {
      faults.push(`outside the screen: ${name(control)}`);
    }
    if (getComputedStyle(control).display !== "inline") {
      for (const line of lines) {
        if (!control.contains(line.element) && !line.element.contains(control)
            && meet(seen, line)) {
          faults.push(`over a control: ${name(line.element)}, ${name(control)}`);
        }
      }
    }

    // WCAG 2.5.8. A label belongs to its box; a link within a sentence is excepted.
    let target = whole;
    const label = control.labels?.[0] ?? control.closest("label");
    if (label && ["checkbox", "radio"].includes(control.type)) {
      target = label.getBoundingClientRect();
    }
    if (getComputedStyle(control, "::after").position === "absolute") {
      target = (control.offsetParent ?? control).getBoundingClientRect();
    }
    if (Math.min(target.width, target.height) >= limits.target - 0.5) continue;
    const block = control.closest("p, li, dd, dt, td, th, div, label, blockquote");
    const rest = block ? block.textContent.replace(control.textContent, "").trim() : "";
    const inline = getComputedStyle(control).display === "inline";
    if (inline && rest.length > 0 && block.matches("p, li, dd, label, blockquote, .help, .note")) {
      continue;
    }
    faults.push(`target of ${target.width.toFixed(0)} × ${target.height.toFixed(0)} px: `
      + name(control));
  }
  return [...new Set(faults)];
}
