// Says that script runs, then starts the parts of GOV.UK Frontend that are on the page. Every page works without it.
document.body.classList.add("js-enabled", "govuk-frontend-supported");
const { initAll } = await import(document.querySelector("meta[name=govuk-js]").content);
initAll();
