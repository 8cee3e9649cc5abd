// After a question the page begins at its heading or fault, for those who cannot see that it changed.
"use strict";
const first = document.querySelector(".faults, .now h1, .verdict h1");
if (first && document.activeElement === document.body) {
  first.setAttribute("tabindex", "-1");
  first.focus({ preventScroll: true });
}
