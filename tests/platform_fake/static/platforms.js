// Looks again every two seconds, so that a reply is seen when it comes. Without scripts, the link "Look again" does.
"use strict";

const shown = document.getElementById("fresh");

async function lookAgain() {
  // What somebody is using stays as it is: an open form, or a place the keyboard is at.
  if (document.hidden || shown.contains(document.activeElement) || shown.querySelector("details[open]")) return;
  try {
    const answer = await fetch(window.location.href);
    if (!answer.ok) return;
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("fresh");
    const plain = (part) => part.textContent.replace(/\s+/g, " ");
    if (found && plain(found) !== plain(shown)) shown.innerHTML = found.innerHTML;
  } catch {
    // The rehearsal has ended; the page stays as it was.
  }
}

if (shown) {
  shown.setAttribute("aria-live", "polite");
  setInterval(lookAgain, 2000);
}
