// Makes the simulator's page live: sends without a reload, and shows replies as they come.
// Without this script the same form and the same pages do all of it, so nothing here decides what is shown.
"use strict";

(() => {
  const PARTS = ["heading", "thread", "understanding", "log"];
  const ANSWER_MS = 15000;
  const KEPT = "signpost-draft";

  const byId = (id) => document.getElementById(id);
  const [phone, scroll, form, field, send] = ["phone", "scroll", "composer", "text", "send"].map(byId);
  const radios = document.querySelectorAll('input[name="channel"]');
  const shown = new Map();
  const announced = new Set();
  let stateUrl = phone.dataset.state;
  let watching = 0;
  let sending = false;
  let later = null;

  document.documentElement.classList.add("script");

  // ---- Asking the server ----

  // Its JSON with the status; throws only when the server can't be reached.
  async function ask(url, body) {
    const options = { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(ANSWER_MS) };
    if (body) Object.assign(options, { method: "POST", body });
    const response = await fetch(url, options);
    return { status: response.status, ok: response.ok, ...(await response.json()) };
  }

  // ---- Showing what it says ----

  function showState(state, quietly = false) {
    for (const name of PARTS) {
      if (shown.get(name) === state.parts[name]) continue;
      shown.set(name, state.parts[name]);
      // The server's own templates, which escape what people wrote.
      byId(`part-${name}`).innerHTML = state.parts[name];
      if (name === "thread") toNewest();
    }
    phone.dataset.platform = state.platform;
    phone.dataset.visibility = state.visibility;
    stateUrl = `${state.url}/state`;
    form.elements.conversation.value = state.conversation;
    form.elements.csrf_token.value = state.csrf_token;
    for (const radio of radios) radio.checked = radio.value === state.channel;
    if (!quietly) announceNew();
    markAnnounced();
  }

  // Reads out what came since last time: the thread itself isn't a live region, or every redraw would be read again.
  function announceNew() {
    const fresh = [...document.querySelectorAll("[data-announce]")].filter((line) => !announced.has(line.id));
    if (fresh.length) byId("announcer").textContent = fresh.map((line) => line.innerText).join(" ");
  }

  function markAnnounced() {
    document.querySelectorAll("[data-announce]").forEach((line) => announced.add(line.id));
  }

  // The thread is laid out from its end, so its newest line is at scroll position 0; a tall one is shown from its start.
  function toNewest() {
    scroll.scrollTop = 0;
    const line = [...scroll.querySelectorAll("[id^='line-']")].pop();
    if (line && line.offsetHeight > scroll.clientHeight) {
      scroll.scrollTop += line.getBoundingClientRect().top - scroll.getBoundingClientRect().top;
    }
  }

  function say(id, sentence) {
    const place = byId(id);
    if (place.textContent !== sentence) place.textContent = sentence;
    place.hidden = !sentence;
  }

  function showErrors(errors) {
    say("text-error", errors.text || "");
    say("channel-error", errors.channel || "");
    if (errors.text) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
    if (errors.text) field.focus();
  }

  // ---- Waiting for the reply ----

  const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
  const pauseAfter = (ms) => (ms < 5000 ? 250 : ms < 60000 ? 1000 : 3000);

  async function watch() {
    const mine = ++watching;
    const began = Date.now();
    let lost = false;
    while (mine === watching) {
      await pause(lost ? 2000 : pauseAfter(Date.now() - began));
      if (mine !== watching) return;
      try {
        const state = await ask(stateUrl);
        if (mine !== watching) return;
        if (!state.ok) {
          say("notice", state.error);
          lost = true;
          continue;
        }
        if (lost) say("notice", "");
        lost = false;
        showState(state);
        if (state.settled) return;
      } catch {
        if (mine !== watching) return;
        lost = true;
        say("notice", "This page can't reach Signpost, so it can't show the reply yet. It keeps trying. See: signpost status");
      }
    }
  }

  // ---- Sending ----

  function bodyOf(button) {
    const body = new URLSearchParams(new FormData(form));
    if (button.name) body.append(button.name, button.value);
    return body;
  }

  // One request at a time; what is pressed meanwhile is sent after it, as it was when it was pressed.
  async function submit(button, body = bodyOf(button)) {
    if (sending) {
      later = [button, body];
      return;
    }
    sending = true;
    send.setAttribute("aria-disabled", "true");
    const isOwnMessage = button === send;
    try {
      show(await ask(button.hasAttribute("formaction") ? button.formAction : form.action, body), button, body.get("text"));
    } catch {
      const what = isOwnMessage ? "Your message wasn't sent, and is still here" : "That wasn't sent";
      say("notice", `${what}: this page can't reach Signpost. See: signpost status. Then try again.`);
    }
    sending = false;
    send.removeAttribute("aria-disabled");
    const next = later;
    later = null;
    if (next) submit(...next);
  }

  // What the server answered to a sending; the field is emptied only of the very text that was taken.
  function show(state, button, text) {
    if (!state.parts) {
      say("notice", state.error);
      return;
    }
    watching += 1;
    say("notice", "");
    // Another channel's old replies are no news.
    showState(state, button.hasAttribute("formaction"));
    showErrors(state.errors);
    if (!state.settled) watch();
    if (!state.ok) return;
    form.elements.message_id.value = state.message_id;
    if (button === send && field.value === text) field.value = "";
    countAndKeep();
    if (location.pathname !== state.url) history.pushState(null, "", state.url);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(event.submitter || send);
  });

  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit(send);
  });

  for (const radio of radios) {
    radio.addEventListener("change", () => submit(byId("change-channel")));
  }

  // ---- The text being written ----

  function countAndKeep() {
    const longest = Number(form.dataset.longest);
    const length = [...field.value].length;
    byId("count").textContent = length > longest * 0.9 ? `${length.toLocaleString("en-GB")} of ${longest.toLocaleString("en-GB")} characters.` : "";
    // Survives a reload of this tab, and is gone with it.
    try { sessionStorage.setItem(KEPT, field.value); } catch { /* The browser keeps nothing: then a reload does lose it. */ }
  }

  field.addEventListener("input", countAndKeep);

  window.addEventListener("popstate", async () => {
    watching += 1;
    try {
      const state = await ask(`${location.pathname}/state`);
      if (!state.parts) return say("notice", state.error);
      showState(state, true);
      if (!state.settled) watch();
    } catch {
      say("notice", "This page can't reach Signpost. See: signpost status. Then load the page again.");
    }
  });

  try { field.value ||= sessionStorage.getItem(KEPT) || ""; } catch { /* As above. */ }
  markAnnounced();
  toNewest();
  countAndKeep();
  if (phone.dataset.settled === "no") watch();
})();
