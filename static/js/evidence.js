// Uploads pieces of evidence one by one, so that each may be as large as the server allows, with a bar that tells how far
// it is. Without this module the form is sent as it stands.
const form = document.querySelector("[data-upload]");
const picker = form.querySelector("input[type=file]");
const button = form.querySelector("button[type=submit]");
const progress = form.querySelector("[data-upload-progress]");
const bar = progress.querySelector("progress");
const word = form.querySelector("[data-upload-word]");
const status = form.querySelector("[data-upload-status]");
const results = form.querySelector("[data-upload-results]");

function tell(name, sentence) {
  const line = document.createElement("li");
  const title = document.createElement("b");
  title.textContent = name;
  line.append(title, `: ${sentence}`);
  results.append(line);
  results.hidden = false;
}

// What the server says of this file; a sentence of the page where it says nothing that can be read.
function send(file, onProgress) {
  return new Promise((resolve) => {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.append(picker.name, file);
    const request = new XMLHttpRequest();
    const lost = () => resolve({ name: file.name, kept: false, text: form.dataset.lost });
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => onProgress(event.loaded));
    request.addEventListener("load", () => {
      try {
        resolve({ ...JSON.parse(request.responseText).files[0], name: file.name });
      } catch {
        lost();
      }
    });
    request.addEventListener("error", lost);
    request.addEventListener("timeout", lost);
    request.send(body);
  });
}

async function renewList() {
  const answer = await fetch(form.action, { credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const list = page.getElementById("daftar");
  if (answer.ok && list) { document.getElementById("daftar").replaceWith(list); }
}

async function sendAll(files) {
  const total = files.reduce((sum, file) => sum + file.size, 0) || 1;
  let before = 0;
  let kept = 0;
  for (const [index, file] of files.entries()) {
    word.textContent = `${form.dataset.sending} ${index + 1}/${files.length}: ${file.name}`;
    const tooLarge = file.size > Number(form.dataset.largest);
    const told = tooLarge
      ? { name: file.name, kept: false, text: form.dataset.tooLarge }
      : await send(file, (loaded) => { bar.value = 100 * Math.min(before + loaded, before + file.size) / total; });
    before += file.size;
    bar.value = 100 * before / total;
    kept += told.kept ? 1 : 0;
    tell(file.name, told.text);
  }
  if (kept) { await renewList().catch(() => location.reload()); }
  status.textContent = kept ? form.dataset.done : "";
}

form.addEventListener("submit", async (event) => {
  const files = [...picker.files];
  if (!files.length) { return; }  // the server says what is missing
  event.preventDefault();
  results.replaceChildren();
  status.textContent = "";
  if (files.length > Number(form.dataset.most)) {
    status.textContent = form.dataset.tooMany;
    return;
  }
  progress.hidden = false;
  button.disabled = true;
  await sendAll(files);
  progress.hidden = true;
  button.disabled = false;
  form.reset();
});
