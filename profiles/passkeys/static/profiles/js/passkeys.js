// <button data-passkey="create|get" data-options="{…}"> in a form with an input named "credential": asks the browser
// for a passkey, then sends the form. Without data-options they come from the form's own address. Where the browser has
// no passkeys, css/passkeys.css hides the buttons, and shows elements with data-passkey-missing.
"use strict";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const decoded = (options) => {
  const key = { ...options, challenge: bytes(options.challenge) };
  if (key.user) key.user = { ...key.user, id: bytes(key.user.id) };
  for (const list of ["allowCredentials", "excludeCredentials"])
    if (key[list]) key[list] = key[list].map((each) => ({ ...each, id: bytes(each.id) }));
  return key;
};

const encoded = (credential) => {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
    if (credential.response[name]) response[name] = text(credential.response[name]);
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
};

const optionsOf = async (button) => {
  if (button.dataset.options) return JSON.parse(button.dataset.options);
  const response = await fetch(button.form.action, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(response.status);
  return (await response.json()).request_options;
};

if (!window.PublicKeyCredential) document.documentElement.dataset.passkeys = "none";
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-passkey]");
  if (!button || (button.form && !button.form.reportValidity())) return;
  const words = button.form.querySelector("[data-passkey-failed]");
  button.disabled = true;
  words.hidden = true;
  try {
    const options = decoded((await optionsOf(button)).publicKey);
    const credential = await navigator.credentials[button.dataset.passkey]({ publicKey: options });
    button.form.elements.credential.value = JSON.stringify(encoded(credential));
    button.form.submit();
  } catch (error) {
    words.hidden = false;
    button.disabled = false;
  }
});
