// What makes the pages a little better where there is JavaScript. Nothing depends on it.
"use strict";

// A menu closes when one clicks elsewhere, leaves it with the keyboard, or presses Escape.
function closeMenus(except) {
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (menu !== except) menu.open = false;
  });
}

document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
document.addEventListener("focusin", (event) => closeMenus(event.target.closest("details.menu")));
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// <input type="file" data-preview="#picture"> shows the chosen picture in place of #picture: cut to the square that the
// server keeps (profiles/pictures/decoding.py), or with data-preview-whole all of it.
// It is drawn on a canvas because the content security policy allows no blob: addresses.
async function preview(input) {
  const place = document.querySelector(input.dataset.preview);
  const [file] = input.files;
  if (!place || !file) return;
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return; // The server says in words what is wrong with the file.
  const { width, height } = picture;
  const side = Math.min(width, height);
  const left = (width - side) / 2;
  const top = Math.max(0, height / 3 - side / 2);
  const whole = "previewWhole" in input.dataset;
  const [x, y, wide, high] = whole ? [0, 0, width, height] : [left, height > width ? top : 0, side, side];
  const canvas = document.createElement("canvas");
  const scale = whole ? Math.min(1, 512 / Math.max(wide, high)) : 512 / side;
  canvas.width = wide * scale;
  canvas.height = high * scale;
  canvas.id = place.id;
  canvas.className = place.className;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", input.dataset.previewLabel || file.name);
  canvas.getContext("2d").drawImage(picture, x, y, wide, high, 0, 0, canvas.width, canvas.height);
  place.replaceWith(canvas);
}

// <input type="file" data-max-bytes="10000000" data-too-large="…"> says so before a file that is too large is sent.
function weigh(input) {
  const isTooLarge = [...input.files].some((file) => file.size > Number(input.dataset.maxBytes));
  input.setCustomValidity(isTooLarge ? input.dataset.tooLarge : "");
  if (isTooLarge) input.reportValidity();
}

// <button data-copy="#codes" data-done="Copied" hidden> copies the text of an element, a line for each of its children;
// <button data-print hidden> prints the page. They show themselves, as nothing works them without JavaScript.
document.querySelectorAll("button[data-copy], button[data-print]").forEach((button) => (button.hidden = false));
document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy], button[data-print]");
  if (!button) return;
  if ("print" in button.dataset) return window.print();
  const lines = [...document.querySelector(button.dataset.copy).children].map((line) => line.textContent.trim());
  await navigator.clipboard.writeText(lines.join("\n"));
  button.textContent = button.dataset.done;
});

// A hidden field or an empty <select> with data-time-zone is given the browser's time zone, if it has that choice.
document.querySelectorAll("[data-time-zone]").forEach((field) => {
  if (field.value) return;
  field.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!field.value) field.value = "";
});

document.addEventListener("change", (event) => {
  if (event.target.matches("input[type=file][data-max-bytes]")) weigh(event.target);
  if (event.target.matches("input[type=file][data-preview]")) preview(event.target);
});

// What was typed into a form whose session had ended is there again after signing in. It stays in this tab, for an hour,
// for the same member alone; forms that ask for a password are not kept, nor are files and hidden fields.
const DRAFT = "draft";
const HOUR = 60 * 60 * 1000;
const viewer = document.querySelector("[data-viewer]");

const typed = (form) =>
  [...form.elements].filter((field) => field.name && field.matches("textarea, select, input:not([type=hidden], [type=file])"));
const formOf = (action) => [...document.forms].find((form) => form.method === "post" && form.getAttribute("action") === action);
const isChoice = (field) => field.type === "checkbox" || field.type === "radio";

function keepDraft(form) {
  if (!viewer) return; // The form that signs in.
  sessionStorage.removeItem(DRAFT);
  if (form.method !== "post" || form.querySelector("[type=password]")) return;
  const fields = typed(form).map((field) => [field.name, field.value, isChoice(field) ? field.checked : null]);
  const draft = { fields, viewer: viewer.dataset.viewer, path: location.pathname, at: Date.now() };
  if (fields.length) sessionStorage.setItem(DRAFT, JSON.stringify({ ...draft, action: form.getAttribute("action") }));
}

function restoreDraft() {
  const draft = JSON.parse(sessionStorage.getItem(DRAFT));
  if (!viewer || !draft) return; // The page that asks to sign in.
  sessionStorage.removeItem(DRAFT);
  const form = formOf(draft.action);
  const isTheirs = draft.viewer === viewer.dataset.viewer && draft.path === location.pathname;
  if (!draft.wasRefused || !isTheirs || !form || Date.now() - draft.at > HOUR) return;
  for (const [name, value, checked] of draft.fields) {
    const field = typed(form).find((each) => each.name === name && (checked === null || each.value === value));
    if (field && checked === null) field.value = value;
    if (field && checked !== null) field.checked = checked;
  }
  const words = document.createElement("p");
  words.className = "alert alert--info";
  words.setAttribute("role", "status");
  words.textContent = viewer.dataset.restored;
  form.prepend(words);
}

// Only the page that asks to sign in, reached from the form itself, says that it was not accepted.
function noteRefusal() {
  const draft = JSON.parse(sessionStorage.getItem(DRAFT));
  if (draft && !viewer) sessionStorage.setItem(DRAFT, JSON.stringify({ ...draft, wasRefused: true }));
}

try {
  document.addEventListener("submit", (event) => keepDraft(event.target));
  noteRefusal();
  restoreDraft();
} catch {
  // Storage is full, or switched off.
}
