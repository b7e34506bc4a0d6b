// Starts the components of GOV.UK Frontend and MoJ Frontend, and looks after the connection. Every page works without this.
const main = document.getElementById('main')

async function start (library) {
  try {
    const { initAll } = await import(library)
    initAll()
  } catch (fault) {
    console.warn(`${library} was not started: ${fault.name}`)
  }
}

// GOV.UK Frontend says of a radio button whether what is under it is open; ARIA has no such state for radio buttons.
function sayNothingOfRadios () {
  const all = document.querySelectorAll('input[type="radio"][aria-controls]')
  const clear = one => { if (one.hasAttribute('aria-expanded')) one.removeAttribute('aria-expanded') }
  const watch = new MutationObserver(changes => changes.forEach(change => clear(change.target)))
  for (const one of all) {
    clear(one)
    watch.observe(one, { attributeFilter: ['aria-expanded'] })
  }
}

function sayOffline () {
  document.getElementById('offline')?.remove()
  const said = document.createElement('div')
  Object.assign(said, { id: 'offline', className: 'govuk-error-summary', tabIndex: -1 })
  said.innerHTML = '<div role="alert"><h2 class="govuk-error-summary__title">You are offline</h2>' +
    '<div class="govuk-error-summary__body"><p>Nothing was sent. What you typed is still here. Send it when you are connected again.</p></div></div>'
  main.prepend(said)
  said.focus()
}

// A form sent without a connection would take what was typed into it along.
document.addEventListener('submit', event => {
  if (navigator.onLine) return
  event.preventDefault()
  sayOffline()
})

await Promise.all([start('./build/govuk.js'), start('./build/moj.js')])
sayNothingOfRadios()

// Shows "You are offline" where the browser's own error would stand; it keeps no page of the record.
navigator.serviceWorker?.register('/offline-worker.js', { scope: '/' }).catch(() => {})
