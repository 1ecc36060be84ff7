/* The signing page: which method is offered, what survives a reload, and that a signature is sent once. Without this
   module the typed method does everything. */

import { DrawingPad } from "./signing_pad.js";

const form = document.querySelector("[data-sign]");
const button = document.querySelector("[data-sending]");
const [draw, type] = [form.querySelector("#m-draw"), form.querySelector("#m-type")];
const { drawing, typed_name: typedName } = form.elements;
const status = form.querySelector("[data-pad-status]");
const cut = form.querySelector("[data-cut]");
const LONGEST_MS = 20_000;
const draft = `ttd:${form.dataset.draft}`;
let pad = null;
let chosen = "chosen" in form.dataset;
let sent = false;

/* "blocked": there is no canvas. "masked": what is drawn reads back as something else (privacy modes). "": all is well. */
function canvasTrouble() {
  try {
    const probe = document.createElement("canvas");
    probe.width = probe.height = 16;
    const context = probe.getContext("2d");
    if (!context) { return "blocked"; }
    const colours = [[17, 34, 51], [200, 100, 50], [255, 255, 255], [90, 160, 220]];
    colours.forEach(([red, green, blue], row) => {
      context.fillStyle = `rgb(${red} ${green} ${blue})`;
      context.fillRect(0, row * 4, 16, 4);
    });
    const seen = context.getImageData(0, 0, 16, 16).data;
    const same = seen.every((value, at) => value === [...colours[Math.floor(at / 256)], 255][at % 4]);
    return same && probe.toDataURL() === probe.toDataURL() && probe.toDataURL().length > 50 ? "" : "masked";
  } catch {
    return "masked";
  }
}

function changed() {
  drawing.value = pad.text();
  status.textContent = pad.isEmpty() ? status.dataset.empty : pad.isFull() ? status.dataset.full : status.dataset.drawn;
  try {
    if (pad.isEmpty()) { sessionStorage.removeItem(draft); } else { sessionStorage.setItem(draft, pad.text()); }
  } catch { /* storage is blocked or full: the drawing then does not survive a reload */ }
}

function storedDraft() {
  try { return sessionStorage.getItem(draft) || ""; } catch { return ""; }
}

async function openPad() {
  const { default: SignaturePad } = await import(form.dataset.padModule);
  const limits = { strokes: Number(form.dataset.maxStrokes), points: Number(form.dataset.maxPoints) };
  return new DrawingPad(SignaturePad, form.querySelector("canvas"), { limits, onChange: changed });
}

async function start() {
  let trouble = canvasTrouble();
  if (trouble !== "blocked") {
    const kept = drawing.value || storedDraft();
    try {
      pad = await openPad();
      pad.restore(kept);
    } catch {
      trouble = "blocked";
    }
  }
  offer(trouble);
}

/* Drawing comes first where it works; nobody's own choice is changed, unless it cannot work. */
function offer(trouble) {
  if (trouble) { form.querySelector(`[data-trouble-${trouble}]`).hidden = false; }
  if (trouble === "blocked") {
    draw.disabled = true;
    type.checked = true;
  } else if (!chosen && !typedName.value) {
    const drawFirst = !trouble || !pad.isEmpty();
    draw.checked = drawFirst;
    type.checked = !drawFirst;
  }
}

function showSending(sending) {
  sent = sending;
  button.disabled = sending;
  button.setAttribute("aria-busy", String(sending));
  const label = button.querySelector("span");
  button.dataset.label ??= label.textContent;
  label.textContent = sending ? button.dataset.sending : button.dataset.label;
}

form.addEventListener("change", (event) => { if (event.target.name === "method") { chosen = true; } });
form.querySelector("[data-pad-clear]").addEventListener("click", () => { if (pad) { pad.clear(); } });
/* Sent from here, so that a cut leaves this page, with the drawing on it, and says what to do. The key makes a second
   sending of what had arrived after all count once. */
async function send() {
  cut.hidden = true;
  showSending(true);
  drawing.disabled = type.checked; // a drawing that was not chosen stays here
  const [body, signal] = [new FormData(form), AbortSignal.timeout(LONGEST_MS)];
  try {
    const answer = await fetch(form.action, { method: "POST", body, signal, redirect: "manual" });
    // Taken, or the login has ended: the address knows which. Any other answer is a page, and comes to the form itself.
    if (answer.type === "opaqueredirect") { location.assign(form.action); } else { form.submit(); }
  } catch {
    cut.hidden = false;
    drawing.disabled = false;
    showSending(false);
    cut.scrollIntoView({ block: "center" });
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (sent) { return; }
  if (pad) { pad.finish(); }
  send();
});
// Back from the receipt, or after a cut: the server says whether this is signed.
addEventListener("pageshow", (event) => { if (event.persisted) { location.reload(); } });

const problems = document.querySelector("#problems");
if (problems) { problems.focus(); }
start();
