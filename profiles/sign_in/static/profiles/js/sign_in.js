// What a browser tells and keeps for those who sign in. Nothing depends on it.
"use strict";

// A hidden field or an empty <select> with data-time-zone is given the browser's time zone, if it has that choice.
document.querySelectorAll("[data-time-zone]").forEach((field) => {
  if (field.value) return;
  field.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!field.value) field.value = "";
});

// What was typed into a form whose session had ended is there again after signing in. It stays in this tab, for an hour,
// for the same member alone; forms that ask for a password are not kept, nor are files and hidden fields.
const DRAFT = "draft";
const HOUR = 60 * 60 * 1000;
const viewer = document.querySelector("meta[name=viewer]");

const typed = (form) =>
  [...form.elements].filter((field) => field.name && field.matches("textarea, select, input:not([type=hidden], [type=file])"));
const formOf = (action) => [...document.forms].find((form) => form.method === "post" && form.getAttribute("action") === action);
const isChoice = (field) => field.type === "checkbox" || field.type === "radio";

function keepDraft(form) {
  if (!viewer) return; // The form that signs in.
  sessionStorage.removeItem(DRAFT);
  if (form.method !== "post" || form.querySelector("[type=password]")) return;
  const fields = typed(form).map((field) => [field.name, field.value, isChoice(field) ? field.checked : null]);
  const draft = { fields, viewer: viewer.content, path: location.pathname, at: Date.now() };
  if (fields.length) sessionStorage.setItem(DRAFT, JSON.stringify({ ...draft, action: form.getAttribute("action") }));
}

function restoreDraft() {
  const draft = JSON.parse(sessionStorage.getItem(DRAFT));
  if (!viewer || !draft) return; // The page that asks to sign in.
  sessionStorage.removeItem(DRAFT);
  const form = formOf(draft.action);
  const isTheirs = draft.viewer === viewer.content && draft.path === location.pathname;
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
