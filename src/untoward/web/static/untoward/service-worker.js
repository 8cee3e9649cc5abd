// Keeps the emergency card. KEPT_AS and KEEP stand above: a name that changes with their content, and the addresses to keep.
"use strict";
self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(KEPT_AS);
    // without cookies: what is kept is the card as everybody sees it
    await Promise.all(KEEP.map(async (address) => {
      const answer = await fetch(address, { credentials: "omit", cache: "reload" });
      if (!answer.ok) throw new Error("cannot keep " + address);
      await cache.put(address, answer);
    }));
    await self.skipWaiting();
  })());
});
self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("emergency-") && name !== KEPT_AS) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});
const kept = async (address) => (await caches.open(KEPT_AS)).match(address, { ignoreSearch: true, ignoreVary: true });
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  const known = KEEP.includes(url.pathname);
  if (event.request.mode !== "navigate") {
    // never another page's data: only what belongs to the card is answered from here
    if (known) event.respondWith(fetch(event.request).catch(() => kept(url.pathname)));
    return;
  }
  // no internet: the card that was opened last, else the one in the language of the device, stands in for any page
  event.respondWith(fetch(event.request).catch(() => kept(known ? url.pathname : KEEP[0])));
});
