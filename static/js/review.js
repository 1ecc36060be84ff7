// Keyboard shortcuts of the review page: S, K, J, L press the control that carries data-key. They can be switched off,
// stay silent while somebody types or holds another key, and never repeat.
const STORED = "komitmen-pug.pintasan";
const box = document.querySelector("[data-shortcuts]");
const control = document.querySelector("[data-shortcuts-switch]");

function read() {
  try { return localStorage.getItem(STORED) !== "mati"; } catch { return true; }
}

function remember(on) {
  try { localStorage.setItem(STORED, on ? "hidup" : "mati"); } catch { /* private mode: it holds for this page */ }
}

box.hidden = false;
control.checked = read();
control.addEventListener("change", () => remember(control.checked));

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea, [contenteditable]");
  if (!control.checked || typing || event.repeat || event.ctrlKey || event.altKey || event.metaKey) { return; }
  const target = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!target || target.disabled) { return; }
  event.preventDefault();
  if (target.type === "submit") {
    target.form.requestSubmit(target);
    target.disabled = true;
    return;
  }
  target.click();
});

// "Kembalikan" leads to the reason, which stands in a closed box.
document.querySelector('[data-key="k"]')?.addEventListener("click", (event) => {
  event.preventDefault();
  const reason = document.querySelector("#id_reason");
  reason.closest("details").open = true;
  reason.focus();
});
