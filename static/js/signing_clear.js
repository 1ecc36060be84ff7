/* Nothing of one person is left for the next: drafts of drawings go as soon as the receipt, the tasks or the login page
   is shown. */

export const DRAFT = "ttd:";

export function clearDrafts(keep = "") {
  try {
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith(DRAFT) && key !== keep) { sessionStorage.removeItem(key); }
    }
  } catch { /* storage is blocked, so nothing is stored */ }
}

if (!document.querySelector("[data-sign]")) { clearDrafts(); }

const print = document.querySelector("[data-print]");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
