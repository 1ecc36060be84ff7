/* "Tampilkan kata sandi": what is typed can be read, until it is sent. Browsers remember the words of a
   plain field, and some send them away for spelling. */
for (const row of document.querySelectorAll("[data-show-password]")) {
  const { form } = row.querySelector("input");
  const fields = form.querySelectorAll("input[type=password]");
  const show = (shown) => { for (const field of fields) { field.type = shown ? "text" : "password"; } };
  for (const field of fields) { Object.assign(field, { spellcheck: false, autocapitalize: "none" }); }
  row.hidden = false;
  row.addEventListener("change", (event) => show(event.target.checked));
  form.addEventListener("submit", () => show(false));
}
