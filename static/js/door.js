/* The secret of a personal link stands behind the #, which a browser sends to nobody. It is taken out of the address at
   once, so that it stays out of the history and of what is shared. */
const form = document.querySelector("[data-door]");
const secret = location.hash.slice(1);
if (secret) {
  history.replaceState(null, "", location.pathname);
  form.elements.secret.value = secret;
  if (!("loggedIn" in form.dataset)) { form.submit(); } // else its owner decides: opening ends that login
}
