/* Nothing of one person is left for the next: drafts of drawings go when somebody has signed or logs out, and as soon as a
   page is shown to somebody they do not belong to. The tasks keep the drafts of their reader; the login keeps those of the
   slot it leads back to, because a login that has ended while somebody was drawing must not cost the drawing. */

const DRAFT = "ttd:"; // ttd:<user>:<slot>:<digest of the text>

function clear(isKept) {
  try {
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith(DRAFT) && !isKept(key)) { sessionStorage.removeItem(key); }
    }
  } catch { /* storage is blocked, so nothing is stored */ }
}

function keptHere() {
  const form = document.querySelector("[data-draft]");
  if (form) { return (key) => key === DRAFT + form.dataset.draft; }
  const tasks = document.querySelector("[data-drafts-of]");
  if (tasks) { return (key) => key.startsWith(`${DRAFT}${tasks.dataset.draftsOf}:`); }
  const next = document.querySelector('input[name="next"]')?.value.match(/^\/tanda-tangan\/(\d+)\//);
  return (key) => Boolean(next) && key.split(":")[2] === next[1];
}

clear(keptHere());

// A device that has been handed over shows nothing of its host in another tab: see shell.js.
if (document.querySelector('[data-draft^="pintu-"]')) { new BroadcastChannel("masuk").postMessage("berakhir"); }

const logout = document.querySelector('form[action$="/keluar/"]');
if (logout) { logout.addEventListener("submit", () => clear(() => false)); }
