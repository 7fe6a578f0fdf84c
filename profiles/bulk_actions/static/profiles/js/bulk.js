// The bar below a list of people counts the ticked rows, and ticks all of the page. Nothing depends on it.
"use strict";

document.addEventListener("change", (event) => {
  const bar = event.target.matches(".pick, .bulk-bar input") && document.querySelector(".bulk-bar");
  if (!bar) return;
  const picks = [...document.querySelectorAll(".pick")];
  const whole = bar.querySelector("[data-picks-page]");
  if (event.target === whole) picks.forEach((pick) => { pick.checked = whole.checked; });
  const ticked = picks.filter((pick) => pick.checked).length;
  whole.checked = ticked === picks.length;
  bar.querySelector("[data-count]").textContent = ticked.toLocaleString(document.documentElement.lang);
});
