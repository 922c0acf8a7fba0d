// Only what makes pages nicer: everything works without.
"use strict";

// Pieces that htmx posts carry the token of the page's forms.
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector('input[name="_token"]');
  if (token) event.detail.headers["X-Form-Token"] = token.value;
});

// A refusal with its message is a page like any other: show it.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 422) { event.detail.shouldSwap = true; event.detail.isError = false; }
});

// A form is sent once, however often the button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
  }
});

// Filters take effect when a choice is made; text on Enter.
document.addEventListener("change", (event) => {
  if (event.target.matches("tr.filters select, form.asking select")) event.target.form.requestSubmit();
});

// One box ticks all rows of a page, and what may be done with them says how many are ticked.
const ticked = (form) => [...document.querySelectorAll(`tbody input[type=checkbox][form="${form}"]`)];
const count = (form) => {
  for (const place of document.querySelectorAll(`[data-ticked="${form}"]`)) {
    const many = ticked(form).filter((box) => box.checked).length;
    place.hidden = many === 0;
    place.textContent = `已选 ${many} 行`;
  }
};
for (const all of document.querySelectorAll("input[data-ticks]")) {
  all.hidden = ticked(all.dataset.ticks).length < 2;
  all.addEventListener("change", () => { for (const box of ticked(all.dataset.ticks)) box.checked = all.checked; count(all.dataset.ticks); });
}
for (const place of document.querySelectorAll("[data-ticked]")) {
  for (const box of ticked(place.dataset.ticked)) box.addEventListener("change", () => count(place.dataset.ticked));
}
window.addEventListener("pageshow", () => { for (const place of document.querySelectorAll("[data-ticked]")) count(place.dataset.ticked); });

// A menu closes when the reader goes on elsewhere or presses Escape.
document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("details.pick[open]")) if (!open.contains(event.target)) open.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const open of document.querySelectorAll("details.pick[open]")) open.open = false;
  if (location.hash === "#menu") location.hash = "#main";
});

// `/` leads to the search, wherever nothing is being typed.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, select, textarea, [contenteditable]")) return;
  const line = document.querySelector("#find, input[type=search][name=find]");
  if (!line) return;
  event.preventDefault();
  line.focus();
  line.select();
});

// A password can be looked at while it is typed.
for (const button of document.querySelectorAll("button[data-shows]")) {
  const input = document.getElementById(button.dataset.shows);
  button.hidden = false;
  const show = (isShown) => {
    input.type = isShown ? "text" : "password";
    button.textContent = isShown ? "隐藏" : "显示";
    button.setAttribute("aria-pressed", isShown);
  };
  button.addEventListener("click", () => { show(input.type === "password"); input.focus(); });
  input.form.addEventListener("submit", () => show(false));
}

// The first wrong field, or what is said about the page, comes into sight.
const wrong = document.querySelector(".field.wrong input, .field.wrong select, .field.wrong textarea");
const faults = document.querySelector("#faults");
if (faults) faults.focus(); else if (wrong) wrong.focus();
