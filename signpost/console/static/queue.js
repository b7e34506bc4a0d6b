// The queue without a mouse, and without being out of date. The page works without this; nothing here moves what one reads.

const EVERY = 15000
const OFF = 'signpost-keys-off'
const FIELDS = 'input, textarea, select, [contenteditable]'

// Shortcuts: one key each, so they can be switched off (WCAG 2.1.4), and they keep out of fields.

function areOff () {
  try { return localStorage.getItem(OFF) === 'yes' } catch { return false }
}

function switchKeys (off) {
  try { off ? localStorage.setItem(OFF, 'yes') : localStorage.removeItem(OFF) } catch { /* it holds for this page alone */ }
}

function links () {
  return [...document.querySelectorAll('#records .signpost-queue__reference a')]
}

function step (by) {
  const all = links()
  if (!all.length) return
  const row = document.activeElement.closest?.('.signpost-queue__row')
  const here = all.findIndex(link => row?.contains(link))
  const next = here < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + by, 0), all.length - 1)
  all[next].focus()
  all[next].closest('.signpost-queue__row').scrollIntoView({ block: 'nearest' })
}

function showKeys () {
  const keys = document.getElementById('keys')
  if (!keys) return
  keys.open = true
  keys.querySelector('summary').focus()
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  '/': () => document.getElementById('words')?.focus(),
  '?': showKeys
}
const ON_A_ROW = { ArrowDown: KEYS.j, ArrowUp: KEYS.k }

document.addEventListener('keydown', event => {
  if (off || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
  if (event.target.closest?.(FIELDS)) return
  const act = KEYS[event.key] ?? (links().includes(event.target) ? ON_A_ROW[event.key] : undefined)
  if (!act) return
  event.preventDefault()
  act()
})

let off = areOff()
const place = document.getElementById('keys-switch')
if (place) {
  place.innerHTML = `
    <div class="govuk-checkboxes govuk-checkboxes--small" data-module="govuk-checkboxes">
      <div class="govuk-checkboxes__item">
        <input class="govuk-checkboxes__input" id="keys-on" type="checkbox">
        <label class="govuk-label govuk-checkboxes__label" for="keys-on">Use these shortcuts in this browser</label>
      </div>
    </div>`
  const box = document.getElementById('keys-on')
  box.checked = !off
  box.addEventListener('change', () => {
    off = !box.checked
    switchKeys(off)
  })
}

// What is new is told, politely; whoever reads decides when to look.

const changes = document.getElementById('queue-changes')
const title = document.title.replace(/^[\d,+]+ urgent: /, '')
let timer = null
let told = ''

function tell (words, address) {
  const key = words + (address ?? '')
  if (key === told) return // Nobody needs to hear it twice.
  told = key
  changes.replaceChildren()
  if (!words) return
  const line = document.createElement('p')
  line.className = 'signpost-changes__line'
  line.append(address ? `${words}: ` : words)
  if (address) {
    const link = document.createElement('a')
    link.className = 'govuk-link'
    link.href = address
    link.textContent = 'show them'
    line.append(link)
  }
  changes.append(line)
}

function show (news) {
  for (const [group, count] of Object.entries(news.counts)) {
    const number = document.querySelector(`[data-count="${group}"]`)
    if (number) number.textContent = count
  }
  document.title = news.urgent ? `${news.urgent_words} urgent: ${title}` : title
  const risen = news.urgent - Number(changes.dataset.urgent) - news.new_urgent
  const words = [news.sentence, risen > 0 ? `${risen} more became urgent` : ''].filter(Boolean).join('. ')
  tell(words, words && changes.dataset.here)
}

async function ask () {
  const address = `${changes.dataset.url}?since=${changes.dataset.since}&${changes.dataset.query}`
  let answer
  try {
    answer = await fetch(address, { headers: { Accept: 'application/json' }, redirect: 'manual', cache: 'no-store' })
  } catch {
    tell('You are offline, so this list may be out of date. It is looked after again once you are back.')
    return
  }
  if (answer.status === 401 || answer.status === 403 || answer.type === 'opaqueredirect') {
    stop()
    over = true
    tell('You are signed out, so this list is no longer kept up to date. Load the page again to sign in.')
  } else if (answer.ok) {
    show(await answer.json())
  } else {
    tell('What is new can’t be looked up just now. It is tried again.')
  }
}

let over = false

function start () {
  if (!over && timer === null && document.visibilityState === 'visible') timer = setInterval(ask, EVERY)
}

function stop () {
  clearInterval(timer)
  timer = null
}

if (changes) {
  start()
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible') return stop()
    if (timer === null && !over) {
      ask() // Whoever comes back after a while wants to know at once.
      start()
    }
  })
  window.addEventListener('online', () => { if (!over) ask() })
}
