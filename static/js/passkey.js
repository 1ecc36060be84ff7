/* Passkeys: a form marked data-passkey asks the device before it is sent. Its options stand on it, or come from its
   own address. What WebAuthn calls bytes travels as base64url text. */
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const decoded = (list) => (list ?? []).map((item) => ({ ...item, id: bytes(item.id) }));

async function created(options) {
  const publicKey = { ...options.publicKey, challenge: bytes(options.publicKey.challenge) };
  publicKey.user = { ...publicKey.user, id: bytes(publicKey.user.id) };
  publicKey.excludeCredentials = decoded(publicKey.excludeCredentials);
  const made = await navigator.credentials.create({ publicKey });
  return sendable(made, {
    attestationObject: text(made.response.attestationObject),
    transports: made.response.getTransports?.() ?? [],
  });
}

async function shown(options) {
  const publicKey = { ...options.publicKey, challenge: bytes(options.publicKey.challenge) };
  publicKey.allowCredentials = decoded(publicKey.allowCredentials);
  const found = await navigator.credentials.get({ publicKey });
  const { authenticatorData, signature, userHandle } = found.response;
  return sendable(found, {
    authenticatorData: text(authenticatorData),
    signature: text(signature),
    userHandle: userHandle ? text(userHandle) : null,
  });
}

function sendable(credential, response) {
  return JSON.stringify({
    type: credential.type,
    id: credential.id,
    rawId: text(credential.rawId),
    clientExtensionResults: credential.getClientExtensionResults(),
    response: { clientDataJSON: text(credential.response.clientDataJSON), ...response },
  });
}

async function optionsOf(form) {
  if (form.dataset.passkeyOptions) { return JSON.parse(form.dataset.passkeyOptions); }
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  return (await answer.json()).request_options;
}

function say(form, key) {
  const place = form.querySelector("[data-passkey-trouble]");
  place.querySelector("span").textContent = key ? place.querySelector("span").dataset[key] : "";
  place.hidden = !key;
}

async function ask(event) {
  const form = event.target;
  event.preventDefault();
  say(form, "");
  try {
    const options = await optionsOf(form);
    const answer = form.dataset.passkey === "create" ? await created(options) : await shown(options);
    form.elements.credential.value = answer;
    form.submit();
  } catch {
    say(form, window.PublicKeyCredential ? "refused" : "unknown");
  }
}

for (const form of document.querySelectorAll("[data-passkey]")) {
  form.hidden = form.dataset.passkey === "login" && !window.PublicKeyCredential;
  form.addEventListener("submit", ask);
}
