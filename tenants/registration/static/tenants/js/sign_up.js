// The address on the sign-up page. What the server proposes comes while one types: it never replaces what a person
// has typed or is about to type, and what is said about one address is never shown beside another.
"use strict";

(() => {
  const slug = document.querySelector("#id_slug");
  const proposed = document.querySelector("#id_proposed");
  const normalised = () => slug.value.trim().toLowerCase();
  const isTyped = () => slug.value !== "" && slug.value !== proposed.value;
  const status = () => document.querySelector(".availability");

  function mark(isRefused) {
    if (isRefused) slug.setAttribute("aria-invalid", "true");
    else slug.removeAttribute("aria-invalid");
  }

  function forget() {
    status().replaceChildren();
    document.querySelector("#id_slug_field .errorlist")?.remove();
    mark(false);
  }

  slug.addEventListener("input", forget);

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target !== status()) return;
    const { slug: about, proposed: proposal } = new DOMParser()
      .parseFromString(event.detail.serverResponse, "text/html")
      .querySelector(".availability").dataset;
    if (about === proposal && !isTyped() && slug !== document.activeElement) slug.value = proposed.value = proposal;
    event.detail.shouldSwap = normalised() === about;
  });

  document.addEventListener("htmx:afterSwap", () => {
    document.querySelector("#id_slug_field .errorlist")?.remove();
    mark("refused" in status().dataset);
  });

  document.addEventListener("click", (event) => {
    const { suggestion } = event.target.dataset;
    if (!suggestion) return;
    slug.value = suggestion;
    slug.focus();
    slug.dispatchEvent(new Event("input", { bubbles: true }));
  });
})();
