// Gives names to what the forms of Django's admin leave without one: boxes that search, and the first column of tables of rows.
const wordsFor = (select) => {
  if (select.labels.length) return select.labels[0];
  const field = select.closest("td")?.className.match(/field-(\S+)/)?.[1];
  return select.closest("table")?.querySelector(`th.column-${field}`);
};

const nameSearchBoxes = () => {
  for (const select of document.querySelectorAll("select.select2-hidden-accessible")) {
    const box = select.nextElementSibling?.querySelector("[role=combobox]");
    const words = wordsFor(select);
    if (!box || !words) continue;
    words.id ||= `${select.id}-words`;
    const chosen = box.querySelector("[role=textbox]");
    chosen?.setAttribute("aria-labelledby", words.id);
    box.setAttribute("aria-labelledby", [words.id, chosen?.id].filter(Boolean).join(" "));
  }
};

for (const cell of document.querySelectorAll("th.original:empty")) {
  cell.append(Object.assign(document.createElement("span"), { className: "visually-hidden", textContent: "Row" }));
}
new MutationObserver(nameSearchBoxes).observe(document.body, { childList: true, subtree: true });  // whenever one is made
nameSearchBoxes();
