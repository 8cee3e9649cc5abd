"""Somebody who works a page with the keyboard alone."""

_FOCUS = "wanted => document.activeElement !== document.body && document.activeElement.matches(wanted)"
_STOPS = """() => {
    const groups = new Set();
    return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")]
        .filter(one => one.checkVisibility({visibilityProperty: true}) && one.getClientRects().length && !one.disabled
            && one.tabIndex >= 0
            && !(one.type === "radio" && (groups.has(one.form?.action + one.name) || !groups.add(one.form?.action + one.name))))
        .length;
}"""
_MARK = """() => {
    const one = document.activeElement;
    if (one === document.body || one === null) return -1;
    window.everything ??= [...document.querySelectorAll("*")];
    return window.everything.indexOf(one);
}"""
MOST_TABS = 250


class Typist:
    """Presses keys; never points."""

    def __init__(self, page):
        self.page = page

    def to(self, selector):
        """Tab until something that matches has the focus."""
        for _time in range(MOST_TABS):
            if self.page.evaluate(_FOCUS, selector):
                return self
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{selector} cannot be reached with Tab on {self.page.url}")

    def type(self, selector, text):
        """Go to a field and type into it."""
        self.to(selector).page.keyboard.type(text)

    def press(self, selector, key="Enter"):
        """Go to something and press a key on it."""
        self.to(selector).page.keyboard.press(key)

    def go(self, selector, key="Enter"):
        """Go to something and press it; a new page comes of that."""
        self.to(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def stops(self):
        """Where the focus rests, from the top of the page to its end, by the place in the document; and how many could be."""
        could, found = self.page.evaluate(_STOPS), []
        for _time in range(could + 40):
            self.page.keyboard.press("Tab")
            place = self.page.evaluate(_MARK)
            if found and place == found[-1]:
                continue  # a field for a date has stops of its own: day, month, year…
            if place == -1 or place in found:
                break
            found.append(place)
        return found, could
