// Under htmx a refused or lost request changes nothing on the page. Say so where messages stand.

function say(key) {
  const place = document.getElementById("messages");
  const note = document.createElement("div");
  note.className = "note note-declined mb-3";
  const sentence = document.createElement("p");
  sentence.textContent = place.dataset[key];
  note.append(sentence);
  place.replaceChildren(note);
  place.scrollIntoView({ block: "nearest" });
}

document.addEventListener("htmx:responseError", (event) => {
  say(event.detail.xhr.status === 403 ? "forbidden" : "failed");
});
document.addEventListener("htmx:sendError", () => say("offline"));
document.addEventListener("htmx:timeout", () => say("offline"));

// The account menu closes as menus do: by Escape, and by a click beside it.
const menu = document.querySelector("details.account");

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !menu?.open) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
document.addEventListener("click", (event) => {
  if (menu?.open && !menu.contains(event.target)) menu.open = false;
});

// The login has ended in another tab, by logging out or by handing the device over: what this one shows goes too.
const logins = new BroadcastChannel("masuk");
logins.addEventListener("message", () => location.replace("/"));
document.querySelector('form[action$="/keluar/"]')?.addEventListener("submit", () => logins.postMessage("berakhir"));
