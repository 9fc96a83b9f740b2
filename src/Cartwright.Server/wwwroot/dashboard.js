// What makes the dashboard livelier. Every page works without it.
import { defineChart } from "./chart.js";
import { defineLive } from "./live.js";

defineChart();
defineLive();

// Light, dark, as the system: at once, and kept where the server reads it with the next page.
document.addEventListener("click", event => {
  const button = event.target.closest("[data-theme-button]");
  if (!button) {
    return;
  }

  event.preventDefault();
  document.documentElement.dataset.theme = button.value;
  document.cookie = `cartwright-theme=${button.value}; path=/; max-age=31536000; samesite=strict`;
  document.dispatchEvent(new CustomEvent("themechange"));
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change",
  () => document.dispatchEvent(new CustomEvent("themechange")));

// A login link carries the key behind '#', which no server and no log ever sees.
const keyField = document.getElementById("key");
const offered = new URLSearchParams(location.hash.slice(1)).get("key");
if (keyField && offered) {
  history.replaceState(null, "", location.pathname + location.search);
  keyField.value = offered;
  keyField.form.requestSubmit();
}

// One bar at the top while something is fetched.
let waiting = 0;
const show = change => {
  waiting = Math.max(0, waiting + change);
  document.getElementById("loading")?.classList.toggle("on", waiting > 0);
};
document.addEventListener("htmx:beforeRequest", () => show(1));
document.addEventListener("htmx:afterRequest", () => show(-1));
document.addEventListener("submit", event => {
  if (event.defaultPrevented) {
    return;
  }

  show(1);
  if (event.target.method === "post" && event.submitter) {
    setTimeout(() => { event.submitter.disabled = true; });   // after the form was read: no second click
  }
});
addEventListener("pageshow", () => { waiting = 0; show(0); });

// Suggestions: the arrow keys walk through them, Escape and a click elsewhere close them.
document.addEventListener("keydown", event => {
  const box = event.target.closest(".suggest");
  if (!box) {
    return;
  }

  const links = [...box.querySelectorAll(".suggestions a")];
  if (event.key === "Escape") {
    box.querySelector(".suggestions")?.replaceChildren();
  } else if (links.length && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    const at = links.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    (links[at] ?? box.querySelector("input")).focus();
  }
});
const closeSuggestions = () => document.querySelectorAll(".suggest").forEach(box => {
  globalThis.htmx?.trigger(box.querySelector("input"), "htmx:abort");
  box.querySelector(".suggestions").replaceChildren();
});
document.addEventListener("click", event => {
  if (!event.target.closest(".suggest")) {
    closeSuggestions();
  }
});
document.addEventListener("submit", closeSuggestions, true);

// Copies what stands in the element that the button names.
document.addEventListener("click", async event => {
  const button = event.target.closest("[data-copy]");
  if (button) {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    button.textContent = "Copied";
  }
});

// What the chat put into the basket counts in the head of the page at once.
document.addEventListener("cartwright-basket", event => {
  const count = document.querySelector("[data-basket-units]");
  if (count) {
    count.firstChild.textContent = event.detail.units;
  }
});

// A photo may be dropped anywhere on its form, and goes off at once.
document.addEventListener("dragover", event => event.target.closest?.(".drop") && event.preventDefault());
document.addEventListener("drop", event => {
  const form = event.target.closest?.(".drop");
  if (form && event.dataTransfer.files.length) {
    event.preventDefault();
    form.querySelector("input[type=file]").files = event.dataTransfer.files;
    form.requestSubmit();
  }
});
document.addEventListener("change", event => {
  if (event.target.matches(".drop input[type=file]") && event.target.files.length) {
    event.target.form.requestSubmit();
  }
});

// On a phone the products come first; the filters open at a touch, and stay open while they are used.
if (matchMedia("(max-width: 800px)").matches) {
  document.querySelector(".store-filters details")?.removeAttribute("open");
}
