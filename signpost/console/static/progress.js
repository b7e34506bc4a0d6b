// Shows how far a job is (a training, a run of the conversation tests), without a reload. The page works without this: a
// link on it looks again.
const EVERY = 2000
const LONGEST = 30000

const place = document.querySelector('[data-progress]')
const name = place?.dataset.progress
let pause = EVERY
let told = ''

const part = of => document.getElementById(`${name}-${of}`)

function tell (words) {
  if (words === told) return // Nobody needs to hear it twice.
  told = words
  part('step').textContent = words
}

function show (state) {
  tell(state.step)
  const bar = part('bar')
  if (state.total) {
    bar.max = state.total
    bar.value = state.done
    bar.textContent = state.words // Some readers take the text in place of the bar.
  } else {
    bar.removeAttribute('value')
    bar.textContent = ''
  }
  part('count').textContent = state.words
  part('hint').hidden = !state.nobody_took_it
}

async function ask () {
  let answer
  try {
    answer = await fetch(place.dataset.url, { headers: { Accept: 'application/json' }, redirect: 'manual', cache: 'no-store' })
  } catch {
    tell(`You are offline. The ${name} goes on; this page looks again once you are back.`)
    pause = Math.min(pause * 2, LONGEST)
    return
  }
  if (answer.status === 401 || answer.status === 403 || answer.type === 'opaqueredirect') {
    tell(`You are signed out. The ${name} goes on. Load the page again to sign in.`)
    pause = 0
  } else if (answer.ok) {
    const state = await answer.json()
    pause = EVERY
    // What came of it is a page of its own making.
    if (state.ended) window.location.reload()
    else show(state)
  } else {
    pause = Math.min(pause * 2, LONGEST)
  }
}

async function watch () {
  while (pause) {
    await new Promise(resolve => setTimeout(resolve, pause))
    if (document.visibilityState === 'visible') await ask()
  }
}

if (place) watch()
