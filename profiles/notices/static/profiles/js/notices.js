// Keeps the bell of an open page up to date. Hidden pages ask nothing, and ask at once when they are seen again.
"use strict";

const EVERY = 25_000;

function ringing(bell) {
  let timer;
  let asked = Date.now();

  async function ask() {
    asked = Date.now();
    // Without cookies: the address has a token, so that no session is read, or kept alive by an open page.
    const answer = await fetch(bell.dataset.bell, { credentials: "omit", cache: "no-store" }).catch(() => null);
    if (answer?.status === 410) return; // The page is a day old.
    if (answer?.ok) show(await answer.json());
    wait();
  }

  function show({ unread, words }) {
    const count = bell.querySelector(".bell__count");
    count.textContent = unread;
    count.hidden = !unread;
    bell.setAttribute("aria-label", words);
    bell.title = words;
  }

  function wait() {
    clearTimeout(timer);
    if (document.visibilityState === "visible") timer = setTimeout(ask, Math.max(0, asked + EVERY - Date.now()));
  }

  document.addEventListener("visibilitychange", wait);
  // A page that comes back from the browser's memory shows the number that it had then.
  window.addEventListener("pageshow", (event) => event.persisted && ask());
  wait();
}

document.querySelectorAll("[data-bell]").forEach(ringing);
