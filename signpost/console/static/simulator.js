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

  function showState(state) {
    for (const name of PARTS) {
      if (shown.get(name) === state.parts[name]) continue;
      shown.set(name, state.parts[name]);
      // The server's own templates, which escape what people wrote.
      byId(`part-${name}`).innerHTML = state.parts[name];
    }
    phone.dataset.platform = state.platform;
    phone.dataset.visibility = state.visibility;
    stateUrl = `${state.url}/state`;
    form.elements.conversation.value = state.conversation;
    form.elements.csrf_token.value = state.csrf_token;
    for (const radio of radios) radio.checked = radio.value === state.channel;
    announceNew();
  }

  // Reads out what came since last time: the thread itself isn't a live region, or every redraw would be read again.
  function announceNew() {
    const fresh = [...document.querySelectorAll("[data-announce]")].filter((line) => !announced.has(line.id));
    if (!fresh.length) return;
    fresh.forEach((line) => announced.add(line.id));
    byId("announcer").textContent = fresh.map((line) => line.innerText).join(" ");
    toNewest();
  }

  // The thread is laid out from its end, so its newest line is at scroll position 0.
  function toNewest() {
    scroll.scrollTop = 0;
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

  async function submit(button) {
    if (sending) return;
    const body = new URLSearchParams(new FormData(form));
    if (button.name) body.append(button.name, button.value);
    const isOwnMessage = button === send;
    const written = field.value;
    sending = true;
    send.setAttribute("aria-disabled", "true");
    try {
      const state = await ask(button.hasAttribute("formaction") ? button.formAction : form.action, body);
      if (!state.parts) {
        say("notice", state.error);
        return;
      }
      watching += 1;
      say("notice", "");
      showState(state);
      showErrors(state.errors);
      if (!state.ok) return;
      form.elements.message_id.value = state.message_id;
      if (isOwnMessage && field.value === written) field.value = "";
      countAndKeep();
      toNewest();
      if (location.pathname !== state.url) history.pushState(null, "", state.url);
      if (!state.settled) watch();
    } catch {
      const what = isOwnMessage ? "Your message wasn't sent, and is still here" : "That wasn't sent";
      say("notice", `${what}: this page can't reach Signpost. See: signpost status. Then try again.`);
    } finally {
      sending = false;
      send.removeAttribute("aria-disabled");
    }
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
      showState(state);
      if (!state.settled) watch();
    } catch {
      say("notice", "This page can't reach Signpost. See: signpost status. Then load the page again.");
    }
  });

  try { field.value ||= sessionStorage.getItem(KEPT) || ""; } catch { /* As above. */ }
  document.querySelectorAll("[data-announce]").forEach((line) => announced.add(line.id));
  countAndKeep();
  if (phone.dataset.settled === "no") watch();
})();
