// Small helps. Every page works without them.
"use strict";
// htmx: no eval, no inline styles, and the token against forged requests.
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("input[name=csrfmiddlewaretoken]");
  if (token) event.detail.headers["X-CSRFToken"] = token.value;
});
// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  for (const button of event.target.querySelectorAll("button:not([name])")) {
    setTimeout(() => { button.disabled = true; }, 0);
    setTimeout(() => { button.disabled = false; }, 8000);
  }
});
// On a narrow screen the menu and the tabs scroll: begin where this page stands in them.
for (const current of document.querySelectorAll(".bar [aria-current], .tabs [aria-current]")) {
  const menu = current.closest("ul");
  menu.scrollLeft = current.offsetLeft - menu.offsetLeft - 16;
}
// The menu of one's own closes when something else is pressed, and on Escape.
const mine = document.querySelector("details.whoami");
if (mine) {
  document.addEventListener("click", (event) => { if (!mine.contains(event.target)) mine.open = false; });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && mine.open) { mine.open = false; mine.querySelector("summary").focus(); } });
}
// A site or record that cannot be reached is said on top; what was typed stays as it is.
const say = (node) => {
  for (const old of document.querySelectorAll("#main > .message.outage")) old.remove();
  node.classList.add("outage");
  document.getElementById("main").prepend(node);
  node.scrollIntoView({ block: "center" });
};
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status !== 503) return;
  const said = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html").querySelector(".message");
  if (said) say(said);
});
document.addEventListener("htmx:sendError", () => {
  const said = document.createElement("p");
  said.className = "message error";
  said.setAttribute("role", "alert");
  said.textContent = document.getElementById("main").dataset.away;
  say(said);
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) for (const old of document.querySelectorAll("#main > .message.outage")) old.remove();
});
