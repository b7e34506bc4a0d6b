// Shows "You are offline" where the browser's own error would stand. It keeps that page and its style, and nothing else:
// no page of the record is ever stored.
const KEPT = 'offline-1'
const PAGE = '/offline'
const NEEDED = [PAGE, '/static/build/console.css', '/static/signpost.svg']

async function keep () {
  const store = await caches.open(KEPT)
  for (const address of NEEDED) {
    // Without the cookie: the page must be nobody's.
    const answer = await fetch(address, { credentials: 'omit', cache: 'reload' })
    if (answer.ok) await store.put(address, answer)
  }
}

async function clearOlder () {
  const names = await caches.keys()
  await Promise.all(names.filter(name => name !== KEPT).map(name => caches.delete(name)))
}

self.addEventListener('install', event => event.waitUntil(keep().then(() => self.skipWaiting())))
self.addEventListener('activate', event => event.waitUntil(clearOlder().then(() => self.clients.claim())))
self.addEventListener('fetch', event => {
  const address = new URL(event.request.url)
  if (event.request.mode === 'navigate' && event.request.method === 'GET') {
    // A form that is sent is left to the browser, which can send it again.
    event.respondWith(fetch(event.request).catch(async () => (await caches.match(PAGE)) || Response.error()))
  } else if (NEEDED.includes(address.pathname) && address.pathname !== PAGE) {
    event.respondWith(fetch(event.request).catch(async () => (await caches.match(address.pathname)) || Response.error()))
  }
})
