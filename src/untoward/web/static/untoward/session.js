// The map of a session and its keys. Everything it does can also be done from the list, without it.
"use strict";
(() => {
  const WIDTH = 200, STEP = 6, MOST_ZOOM = 4;
  let state = { view: "face-front", zoom: 1, at: null, ghosts: true };
  const form = () => document.getElementById("session-form");
  const field = (name) => form().elements[name];
  const rows = () => [...form().querySelectorAll("#points .point")];
  const value = (row, name) => row.querySelector(`[name=${name}]`).value;
  const drawing = (view) => form().querySelector(`[data-drawing="${view}"]`);

  function show(view) {
    state = { ...state, view, zoom: 1, at: null };
    for (const one of form().querySelectorAll("[data-drawing]")) one.classList.toggle("shown", one.dataset.drawing === view);
    for (const one of form().querySelectorAll("[data-view]")) one.setAttribute("aria-pressed", String(one.dataset.view === view));
    for (const zone of form().querySelectorAll("path[data-zone]")) zone.setAttribute("tabindex", "-1");
    drawing(view)?.querySelector("[data-zone]")?.setAttribute("tabindex", "0");
    look();
  }

  function look() {
    const svg = drawing(state.view)?.querySelector("svg");
    if (!svg) return;
    const height = Number(svg.dataset.height), wide = WIDTH / state.zoom, high = height / state.zoom;
    const [x, y] = state.at || [WIDTH / 2, height / 2];
    const left = Math.min(Math.max(x - wide / 2, 0), WIDTH - wide), top = Math.min(Math.max(y - high / 2, 0), height - high);
    svg.setAttribute("viewBox", `${left} ${top} ${wide} ${high}`);
  }

  function zoom(closer) {
    state.zoom = Math.min(Math.max(state.zoom * (closer ? 1.5 : 1 / 1.5), 1), MOST_ZOOM);
    if (state.zoom < 1.1) { state.zoom = 1; state.at = null; }
    look();
  }

  function spot(row, standing) {
    const view = value(row, "p_view"), key = value(row, "p_zone"), figure = drawing(view);
    if (!figure) return null;
    if (value(row, "p_x")) return [Number(value(row, "p_x")) * WIDTH, Number(value(row, "p_y")) * Number(figure.querySelector("svg").dataset.height)];
    const zone = figure.querySelector(`[data-zone="${CSS.escape(key)}"]`);
    if (!zone) return null;
    const nth = standing.get(view + key) || 0;
    standing.set(view + key, nth + 1);
    return [Number(zone.dataset.x) + [0, 1, -1][nth % 3] * STEP, Number(zone.dataset.y) + Math.floor(nth / 3) * STEP];
  }

  function draw() {
    const standing = new Map(), counts = new Map(), sums = new Map();
    for (const marks of form().querySelectorAll("[data-marks]")) marks.replaceChildren();
    for (const row of rows()) {
      const view = value(row, "p_view"), place = spot(row, standing), mix = value(row, "p_mix").toUpperCase();
      counts.set(view, (counts.get(view) || 0) + 1);
      sums.set(mix, (sums.get(mix) || 0) + (Number(value(row, "p_ml").replace(",", ".")) || 0));
      if (!place) continue;
      const mark = document.createElementNS("http://www.w3.org/2000/svg", "circle");
      mark.setAttribute("class", "mark"); mark.setAttribute("r", "2.6");
      mark.setAttribute("cx", place[0]); mark.setAttribute("cy", place[1]);
      drawing(view).querySelector("[data-marks]").append(mark);
    }
    for (const tab of form().querySelectorAll("[data-view]")) tab.querySelector("[data-count]").textContent = counts.has(tab.dataset.view) ? ` ${counts.get(tab.dataset.view)}` : "";
    const total = document.getElementById("point-total");
    total.textContent = [`${rows().length} ${total.dataset.points}`, ...[...sums].map(([mix, ml]) => `${mix} ${Math.round(ml * 10000) / 10000} ml`)].join(" · ");
    document.getElementById("no-points").hidden = rows().length > 0;
  }

  function add(view, zone, x, y) {
    const row = document.getElementById("point-template").content.firstElementChild.cloneNode(true);
    const label = zone ? zone.dataset.label : drawing(view).querySelector("figcaption").textContent;
    const put = (name, text) => { row.querySelector(`[name=${name}]`).value = text; };
    row.querySelector(".where").textContent = label;
    const remove = row.querySelector("button");
    remove.setAttribute("aria-label", `${remove.getAttribute("aria-label").trim()} ${label}`);
    put("p_view", view); put("p_zone", zone ? zone.dataset.zone : "");
    if (x !== null) { put("p_x", x.toFixed(4)); put("p_y", y.toFixed(4)); }
    put("p_ml", field("now_ml").value); put("p_mix", field("now_mix").value.toUpperCase() || "A"); put("p_depth", field("now_depth").value);
    const list = document.getElementById("points");
    list.append(row);
    list.scrollTop = list.scrollHeight;
    draw();
    form().querySelector("[data-said]").textContent = `${label}: ${rows().length}`;
  }

  function clicked(event, svg) {
    const view = svg.closest("[data-drawing]").dataset.drawing, place = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    const x = place.x / WIDTH, y = place.y / Number(svg.dataset.height);
    if (x < 0 || x > 1 || y < 0 || y > 1) return;
    state.at = [place.x, place.y];
    const zone = event.target.closest("[data-zone]");
    if (zone || event.target.closest(".outline")) add(view, zone, x, y);
  }

  function nearest(from, key) {
    const [across, down] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
    const x = Number(from.dataset.x), y = Number(from.dataset.y);
    let best = null, least = Infinity;
    for (const one of from.parentNode.querySelectorAll("[data-zone]")) {
      const dx = Number(one.dataset.x) - x, dy = Number(one.dataset.y) - y;
      const ahead = dx * across + dy * down, aside = Math.abs(dx * down) + Math.abs(dy * across);
      if (ahead > 1 && ahead + 2.5 * aside < least) { best = one; least = ahead + 2.5 * aside; }
    }
    return best;
  }

  function onZoneKey(event, zone) {
    if (event.key.startsWith("Arrow")) {
      const next = nearest(zone, event.key);
      if (next) {
        zone.setAttribute("tabindex", "-1"); next.setAttribute("tabindex", "0"); next.focus();
        state.at = [Number(next.dataset.x), Number(next.dataset.y)];
        look();
      }
    } else if (event.key === "Enter" || event.key === " ") {
      add(zone.closest("[data-drawing]").dataset.drawing, zone, null, null);
    } else if (event.key === "+" || event.key === "-") {
      state.at = [Number(zone.dataset.x), Number(zone.dataset.y)];
      zoom(event.key === "+");
    } else return;
    event.preventDefault();
  }

  function press(id) {
    const button = document.getElementById(id);
    if (button) button.click();
    return Boolean(button);
  }

  function begin() {
    if (!form()) return;
    const map = form().querySelector("[data-map]");
    map.classList.add("live");
    for (const svg of map.querySelectorAll("svg")) svg.setAttribute("role", "group");
    for (const zone of map.querySelectorAll("path[data-zone]")) {
      zone.setAttribute("role", "button");
      zone.setAttribute("aria-label", zone.dataset.label);
    }
    map.classList.toggle("without-ghosts", !state.ghosts);
    for (const one of map.querySelectorAll("[data-tools], [data-help]")) one.hidden = false;
    const box = map.querySelector("[data-ghosts]");
    if (box) box.checked = state.ghosts;
    const kept = state;
    show(state.view);
    state.zoom = kept.zoom; state.at = kept.at;
    look();
  }

  document.addEventListener("click", (event) => {
    if (!form() || !form().contains(event.target)) return;
    const tab = event.target.closest("[data-view]"), closer = event.target.closest("[data-zoom]");
    const svg = event.target.closest(".map.live svg"), remove = event.target.closest("#points .point button");
    if (tab) show(tab.dataset.view);
    else if (closer) zoom(closer.dataset.zoom === "in");
    else if (svg) clicked(event, svg);
    else if (remove) {
      event.preventDefault();
      const row = remove.closest(".point"), next = row.nextElementSibling || row.previousElementSibling;
      row.remove();
      draw();
      (next ? next.querySelector("button") : field("places")).focus();
    } else if (event.target.closest("#asepsis-all")) {
      event.preventDefault();
      for (const one of form().querySelectorAll(".asepsis input[value=yes]")) one.checked = true;
    }
  });
  document.addEventListener("change", (event) => {
    if (event.target.closest("#points")) draw();
    if (event.target.matches("[data-ghosts]")) {
      state.ghosts = event.target.checked;
      event.target.closest("[data-map]").classList.toggle("without-ghosts", !state.ghosts);
    }
  });
  document.addEventListener("keydown", (event) => {
    if (!form()) return;
    const zone = event.target.closest && event.target.closest("path[data-zone]");
    if (zone) onZoneKey(event, zone);
    const ids = { l: "same", a: "asepsis-all", s: "save" };
    if (event.altKey && !event.ctrlKey && !event.metaKey && ids[event.key.toLowerCase()] && press(ids[event.key.toLowerCase()])) event.preventDefault();
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    begin();
    if (event.target.querySelector && event.target.querySelector("#faults")) document.getElementById("faults")?.scrollIntoView({ block: "nearest" });
  });
  begin();
})();
