// What every page must be like, beyond what axe-core looks at. Gives one sentence for each fault.
() => {
  const faults = [];
  const named = (one) => {
    const text = (one.getAttribute("aria-label") || one.innerText || one.value || "").trim().slice(0, 40);
    return `<${one.tagName.toLowerCase()}${one.id ? ` id=${one.id}` : ""}${one.name ? ` name=${one.name}` : ""}> “${text}”`;
  };
  const seen = (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && one.getClientRects().length > 0;

  const heads = document.querySelectorAll("h1");
  if (heads.length !== 1) faults.push(`${heads.length} h1 on the page`);
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) {
    const wide = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > root.clientWidth + 1);
    faults.push(`scrolls sideways: ${root.scrollWidth} px on ${root.clientWidth}; first ${wide.slice(0, 3).map(named).join(", ")}`);
  }

  // Targets (WCAG 2.2, 2.5.8): 24 by 24 px, or far enough from every other one; links within a sentence are exempt.
  const inSentence = (one) => {
    if (getComputedStyle(one).display !== "inline") return false;
    let block = one.parentElement;
    while (getComputedStyle(block).display === "inline") block = block.parentElement;
    const links = [...block.querySelectorAll("a, button")].map((link) => link.textContent).join("");
    return block.textContent.replace(/[\s,;·]/g, "").length > links.replace(/[\s,;·]/g, "").length;
  };
  const boxOf = (one) => {
    const own = one.getBoundingClientRect();
    const label = one.labels && one.labels[0] && /^(checkbox|radio)$/.test(one.type) ? one.labels[0].getBoundingClientRect() : own;
    const left = Math.min(own.left, label.left), top = Math.min(own.top, label.top);
    return { left, top, right: Math.max(own.right, label.right), bottom: Math.max(own.bottom, label.bottom) };
  };
  const targets = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")].filter((one) => seen(one) && !one.disabled);
  const boxes = targets.map(boxOf);
  const isSmall = boxes.map((box) => box.right - box.left < 23.5 || box.bottom - box.top < 23.5);
  targets.forEach((one, place) => {
    const box = boxes[place];
    if (!isSmall[place] || inSentence(one) || one.matches(".skip")) return;
    const x = (box.left + box.right) / 2, y = (box.top + box.bottom) / 2;
    const crowded = boxes.some((other, at) => {
      if (at === place || targets[at].contains(one) || one.contains(targets[at])) return false;
      if (isSmall[at]) return Math.hypot((other.left + other.right) / 2 - x, (other.top + other.bottom) / 2 - y) < 24;
      const dx = Math.max(other.left - x, 0, x - other.right), dy = Math.max(other.top - y, 0, y - other.bottom);
      return Math.hypot(dx, dy) < 12;
    });
    if (crowded) faults.push(`too small and too near another: ${named(one)} ${Math.round(box.right - box.left)}x${Math.round(box.bottom - box.top)} px`);
  });

  // Whoever tabs to something sees where they are.
  const before = document.activeElement;
  for (const one of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")) {
    if (!seen(one) || one.disabled) continue;
    const rest = getComputedStyle(one), quiet = [rest.outlineStyle, rest.outlineWidth, rest.boxShadow, rest.borderColor, rest.stroke, rest.strokeWidth].join();
    one.focus({ focusVisible: true, preventScroll: true });
    const now = getComputedStyle(one), loud = [now.outlineStyle, now.outlineWidth, now.boxShadow, now.borderColor, now.stroke, now.strokeWidth].join();
    if (document.activeElement === one && loud === quiet) faults.push(`nothing shows that it has the focus: ${named(one)}`);
    one.blur();
  }
  if (before && before.focus) before.focus({ preventScroll: true });
  return faults;
}
