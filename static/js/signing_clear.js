/* Nothing of one person is left for the next: drafts of drawings go as soon as a page is shown that is not the one they
   belong to (receipt, tasks, login, another person's or text's signing page), and when somebody logs out. */

const DRAFT = "ttd:";

function clear(kept) {
  try {
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith(DRAFT) && key !== kept) { sessionStorage.removeItem(key); }
    }
  } catch { /* storage is blocked, so nothing is stored */ }
}

const form = document.querySelector("[data-draft]");
clear(form && DRAFT + form.dataset.draft);

const logout = document.querySelector('form[action$="/keluar/"]');
if (logout) { logout.addEventListener("submit", () => clear(null)); }
