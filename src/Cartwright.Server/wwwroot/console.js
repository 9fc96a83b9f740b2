// The assistant's page: the newest line in sight, who waits for a person, and the microphone. The page works without it.
import { Microphone } from "./microphone.js";

const keepInSight = () => {
  const log = document.querySelector(".talk-log");
  if (log) {
    log.scrollTop = log.scrollHeight;
  }
};

document.addEventListener("htmx:afterSettle", event => {
  keepInSight();
  if (event.target.closest?.("#talk")) {
    document.getElementById("text")?.focus();
  }
});
keepInSight();

// Who waits is asked again and again, but not under the hands of somebody who reads or writes there.
document.addEventListener("htmx:beforeRequest", event => {
  const list = event.target;
  if (list.id === "handovers" && (list.contains(document.activeElement) || list.querySelector("details[open]") || [...list.querySelectorAll("input[name=note]")].some(note => note.value))) {
    event.preventDefault();
  }
});

let microphone;
document.addEventListener("click", async event => {
  const button = event.target.closest("[data-microphone]");
  if (!button) {
    return;
  }

  event.preventDefault();
  if (microphone) {
    microphone.stop();
    return;
  }

  const field = document.getElementById("text");
  const told = document.getElementById("microphone-said");
  button.setAttribute("aria-pressed", "true");
  told.textContent = "Opening the microphone …";
  microphone = new Microphone({
    address: location.origin.replace(/^http/, "ws") + button.dataset.microphone,
    recorder: button.dataset.recorder,
    heard(text, isFinal) {
      field.value = text;
      if (isFinal && text) {
        field.form.requestSubmit();
      }
    },
    ended(problem) {
      microphone = undefined;
      button.setAttribute("aria-pressed", "false");
      told.textContent = problem ?? "";
    },
  });
  await microphone.start();
  if (microphone) {
    told.textContent = "Listening …";
  }
});

const show = () => document.querySelectorAll("[data-microphone]").forEach(button => { button.hidden = !Microphone.isPossible; });
show();
document.addEventListener("htmx:afterSettle", show);
