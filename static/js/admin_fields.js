/* The admin's search fields (select2) are named by their value alone, so an empty one by nothing. This adds the name of
   the field. */

function nameField(select) {
  const box = select.parentElement.querySelector("[role=combobox]");
  const label = select.labels[0];
  if (!box || !label) { return; }
  const shown = box.querySelector(".select2-selection__rendered");
  label.id ||= `${select.id}-label`;
  shown.removeAttribute("role");
  shown.removeAttribute("aria-readonly");
  box.setAttribute("aria-labelledby", `${label.id} ${shown.id}`);
}

function nameAll() { document.querySelectorAll("select.admin-autocomplete").forEach(nameField); }

window.django?.jQuery?.(nameAll); // after the fields are made, which the admin does in the same way
document.addEventListener("formset:added", () => setTimeout(nameAll));
