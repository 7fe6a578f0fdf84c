// Small improvements with JavaScript. Nothing depends on them.
"use strict";

// A menu closes on a click elsewhere, when the keyboard leaves it, and on Escape.
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

// On phones, the sections of a page are in one line that scrolls. Show the current one.
document.querySelector(".side-nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

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
  canvas.className = place.getAttribute("class");
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

// Tick off a password's requirements during typing, as far as the browser can check; the server checks all of them.
const REQUIREMENTS = {
  least: (password, least) => [...password].length >= Number(least),
  notOnlyDigits: (password) => /\D/.test(password),
};

document.addEventListener("input", (event) => {
  const list = event.target.type === "password" && event.target.closest(".field")?.querySelector(".requirements");
  if (!list) return;
  for (const each of list.children) {
    const kinds = Object.keys(REQUIREMENTS).filter((kind) => kind in each.dataset);
    const isMet = kinds.length > 0 && kinds.every((kind) => REQUIREMENTS[kind](event.target.value, each.dataset[kind]));
    each.classList.toggle("is-met", isMet);
  }
});

// <select data-submits> sends its form at once after a choice with the mouse. With the keyboard, each arrow key would be
// a choice, so the button beside it appears instead.
let isByHand = false;
document.addEventListener("pointerdown", () => { isByHand = true; }, true);
document.addEventListener("keydown", () => { isByHand = false; }, true);

document.addEventListener("change", (event) => {
  if (event.target.matches("select[data-submits]")) {
    if (isByHand) event.target.form.requestSubmit();
    else event.target.form.classList.add("role-form--changed");
  }
  if (event.target.matches("input[type=file][data-max-bytes]")) weigh(event.target);
  if (event.target.matches("input[type=file][data-preview]")) preview(event.target);
});
