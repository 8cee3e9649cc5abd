// Keeps the emergency card on this device, with the number of the clinic's country, so that it opens with no internet.
"use strict";
const worker = document.currentScript ? document.currentScript.dataset.worker : null;
const keepCard = async () => {
  await navigator.serviceWorker.ready;
  const name = (await caches.keys()).find((one) => one.startsWith("emergency-"));
  const link = document.querySelector(".card-link");
  if (!name || !link) return;
  // without cookies: what is kept is the card as everybody sees it
  const answer = await fetch(link.href, { credentials: "omit" });
  if (!answer.ok) return;
  const cache = await caches.open(name);
  await cache.put(link.pathname, answer.clone());
  await cache.put("/emergency", answer);
  const note = document.querySelector("[data-saved]");
  if (note) note.hidden = false;
};
if (worker && "serviceWorker" in navigator) {
  navigator.serviceWorker.register(worker, { scope: "/" }).then(keepCard).catch(() => {});
}
