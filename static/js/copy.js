// "Salin teks" beside a ready text. Where the clipboard is closed to us, the text is selected for copying by hand.
for (const row of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(row.dataset.copy);
  const word = row.querySelector("[role=status]");
  row.hidden = false;
  row.querySelector("button").addEventListener("click", async () => {
    word.textContent = "";
    try {
      await navigator.clipboard.writeText(field.value);
      word.textContent = word.dataset.done;
    } catch {
      field.focus();
      field.select();
      word.textContent = word.dataset.failed;
    }
  });
}
