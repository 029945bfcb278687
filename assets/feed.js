// Timelines that go on by themselves. New posts wait behind a button and never move what is being read; older ones are
// put below when the end comes near, and the address is always that of the page one looks at.
const words = document.body.dataset
const main = document.querySelector('main')
const feed = main.querySelector('.feed:last-of-type')
const say = (detail) => document.dispatchEvent(new CustomEvent('kicau:say', { detail }))

async function load (path) {
  const reply = await fetch(path, { headers: { Accept: 'text/html' } })
  if (!reply.ok || reply.redirected) throw new Error(words.failed)
  return new DOMParser().parseFromString(await reply.text(), 'text/html')
}

const rows = (page) => [...(page.querySelector('main .feed:last-of-type')?.children || [])]

// ---- older ----

const turns = () => main.querySelector('.turns')

// The page that is read is the last one that begins above the middle of the window.
function address () {
  const begun = [...feed.querySelectorAll(':scope > [data-page]')].filter((row) => row.getBoundingClientRect().top < innerHeight / 2)
  const page = begun.at(-1)?.dataset.page
  if (page && page !== location.pathname + location.search) history.replaceState(null, '', page)
}

async function older (link) {
  const path = link.getAttribute('href')
  const page = await load(path)
  const known = new Set([...feed.children].map((row) => row.id).filter(Boolean))
  const fresh = rows(page).filter((row) => !row.id || !known.has(row.id))
  if (fresh[0]) fresh[0].dataset.page = path
  feed.append(...fresh)
  const next = page.querySelector('.turns a[rel=next]')
  if (next) link.replaceWith(next)
  else link.remove()
}

function watchEnd () {
  const nav = turns()
  if (!feed || !nav?.querySelector('a[rel=next]')) return
  if (feed.firstElementChild && !feed.firstElementChild.dataset.page) {
    feed.firstElementChild.dataset.page = location.pathname + location.search
  }
  addEventListener('scroll', address, { passive: true })
  let busy = false
  const end = new IntersectionObserver(async ([entry]) => {
    const link = nav.querySelector('a[rel=next]')
    if (!entry.isIntersecting || busy || !link) return
    busy = true
    try { await older(link) } catch (error) { end.disconnect(); say(error.message) }
    busy = false
    end.unobserve(nav)
    if (nav.querySelector('a[rel=next]')) end.observe(nav)
  }, { rootMargin: '0px 0px 60% 0px' })
  end.observe(nav)
}

// ---- newer ----

let waiting = 0
let bar

// The newest page, as far as it is not here yet; when nothing of it is, the page itself is gone to.
async function newer () {
  const path = feed.dataset.path || location.pathname
  const page = await load(path)
  const list = rows(page)
  const top = list.findIndex((row) => row.id && document.getElementById(row.id))
  if (top < 0) { location.href = path; return }
  feed.prepend(...list.slice(0, top))
  waiting = 0
  bar.hidden = true
  scrollTo({ top: 0, behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' })
}

function tell () {
  if (!bar) {
    bar = document.createElement('button')
    bar.className = 'fresh'
    bar.type = 'button'
    bar.addEventListener('click', () => newer().catch((error) => say(error.message)))
    main.append(bar)
  }
  bar.textContent = `${words.fresh} (${waiting})`
  bar.hidden = false
}

function count () {
  const badge = document.querySelector('.rail .count')
  if (!badge) return
  const number = badge.querySelector('b')
  badge.hidden = false
  if (/^\d+$/.test(number.textContent)) number.textContent = Number(number.textContent) + 1
}

function listen () {
  const source = new EventSource(`/stream/${feed.dataset.live}`)
  const about = feed.classList.contains('notifications')
  source.addEventListener('update', (event) => {
    const { id } = JSON.parse(event.data)
    if (document.getElementById(`p${id}`)) return
    waiting++
    tell()
  })
  source.addEventListener('notification', () => {
    count()
    if (about) { waiting++; tell() }
  })
  source.addEventListener('delete', (event) => document.getElementById(`p${event.data}`)?.remove())
  addEventListener('pagehide', () => source.close())
}

if (feed) {
  watchEnd()
  if (feed.dataset.live) listen()
}
