// Sets the colour scheme and the language before anything is painted. Mantine and i18next take over
// from the same stored values once the panel has loaded.
(() => {
  const root = document.documentElement;
  let scheme = null;
  let language = null;
  try {
    scheme = localStorage.getItem("mantine-color-scheme-value");
    language = localStorage.getItem("arv-language");
  } catch {
    // Storage is blocked: the system's own scheme and the browser's language are right enough.
  }
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const shown = scheme === "light" || scheme === "dark" ? scheme : dark ? "dark" : "light";
  root.setAttribute("data-mantine-color-scheme", shown);
  root.lang = language ?? (navigator.language.startsWith("ru") ? "ru" : "en");
})();
