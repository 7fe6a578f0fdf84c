// <button data-copy="#codes" data-done="Copied" hidden> copies the text of an element, a line for each of its children;
// <button data-print hidden> prints the page. They show themselves, as nothing works them without JavaScript.
"use strict";

document.querySelectorAll("button[data-copy], button[data-print]").forEach((button) => (button.hidden = false));
document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy], button[data-print]");
  if (!button) return;
  if ("print" in button.dataset) return window.print();
  const lines = [...document.querySelector(button.dataset.copy).children].map((line) => line.textContent.trim());
  await navigator.clipboard.writeText(lines.join("\n"));
  button.textContent = button.dataset.done;
});
