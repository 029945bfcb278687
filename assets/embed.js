// embed.js - shows posts of kicau servers on other sites, and asks the reader first. For pages that have, for each post,
//   <blockquote class="kicau-embed" cite="https://SERVER/@NAME/ID" data-by="…" data-has="picture=2 poll=1" data-height="400">…</blockquote>
// Before the reader agrees it sends nothing and stores nothing. It belongs on the site that shows the posts, in the page or
// beside it: fetched from SERVER it would itself be a request. The page of a post, under "Embed", gives both.
(() => {
  const words = {
    en: {
      has: { text: 'the text', picture: ['a picture', '% pictures'], film: ['a film', '% films'], sound: ['a sound', '% sounds'], poll: ['a poll'], quote: ['a quoted post'] },
      loads: 'If you agree, this post is loaded from %s: ',
      sees: '%s then sees your address (IP) and your browser. It sets no cookie and does not track you.',
      once: 'Accept and continue', always: 'Always for this site', open: 'Open on %s', shown: 'From %s', undo: 'Undo', frame: 'Post of %s'
    },
    id: {
      has: { text: 'teks', picture: ['satu gambar', '% gambar'], film: ['satu film', '% film'], sound: ['satu suara', '% suara'], poll: ['satu jajak pendapat'], quote: ['satu kiriman yang dikutip'] },
      loads: 'Jika Anda setuju, kiriman ini dimuat dari %s: ',
      sees: '%s lalu melihat alamat (IP) dan peramban Anda. Tidak ada kuki, dan Anda tidak dilacak.',
      once: 'Terima dan lanjutkan', always: 'Selalu untuk situs ini', open: 'Buka di %s', shown: 'Dari %s', undo: 'Batalkan', frame: 'Kiriman %s'
    }
  }

  // As the server's pages look; the host's own rules stay outside.
  const sheet = `
:host { all: initial !important; display: block !important; max-width: 36rem !important; margin: 1rem 0 !important }
div { box-sizing: border-box; font: 400 16px/1.5 Seravek, "Gill Sans Nova", Ubuntu, Calibri, "Noto Sans", sans-serif; color: #14202b; color-scheme: light }
.ask { display: flex; flex-direction: column; justify-content: center; gap: .6rem; padding: 1.25rem; border: 1px solid #d3dce5; border-radius: .75rem; background: #fff }
p { margin: 0; overflow-wrap: anywhere }
.by { font: 600 1.2rem/1.3 "Iowan Old Style", Palatino, "URW Palladio L", P052, Georgia, serif }
.small { font-size: .9rem; color: #50606f }
.do { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem .75rem; margin-top: .4rem }
button { font: inherit; font-weight: 600; min-height: 2.75rem; padding: .25rem 1.1rem; border: 1px solid #50606f; border-radius: .5rem; background: none; color: inherit; cursor: pointer }
.main { background: #0b57b8; border-color: #0b57b8; color: #fff }
a, .undo { color: #0b57b8; text-decoration: underline }
.undo { border: 0; min-height: 0; padding: 0; font-weight: 400 }
.foot { display: flex; justify-content: end; gap: 1rem; height: 2rem; align-items: center }
:focus-visible { outline: 3px solid #0b57b8; outline-offset: 2px }
iframe { display: block; width: 100%; border: 0 }
.dark { color: #e6edf3; color-scheme: dark }
.dark.ask { background: #131c25; border-color: #293642 }
.dark .small { color: #9db0c1 }
.dark button { border-color: #9db0c1 }
.dark .main { background: #84b9ff; border-color: #84b9ff; color: #0b1522 }
.dark a, .dark .undo { color: #84b9ff }
.dark :focus-visible { outline-color: #84b9ff }`

  const FOOT = 32 // px, of .foot
  const changed = 'kicau-embed' // an event: what the reader chose for the whole site
  const make = (name, into, set = {}) => into.appendChild(Object.assign(document.createElement(name), set))

  // What is written down is one word for each server, and only after "always". Some pages may not store anything.
  const remembered = (key) => { try { return localStorage.getItem(key) } catch { return null } }
  const remember = (key, on) => { try { on ? localStorage.setItem(key, 'always') : localStorage.removeItem(key) } catch { /* asked again next time */ } }

  // Dark or light is what the page is behind the post, whatever the system says.
  function theme (node) {
    for (; node; node = node.parentElement) {
      const [r, g, b, a = 1] = (getComputedStyle(node).backgroundColor.match(/[\d.]+/g) || [0, 0, 0, 0]).map(Number)
      if (a > 0.5) return r * 0.3 + g * 0.6 + b * 0.1 < 128 ? 'dark' : 'light'
    }
    const scheme = getComputedStyle(document.documentElement).colorScheme
    return /dark/.test(scheme) && (!/light/.test(scheme) || matchMedia('(prefers-color-scheme: dark)').matches) ? 'dark' : 'light'
  }

  function begin (quote) {
    let url
    try { url = new URL(quote.getAttribute('cite')) } catch { return }
    if (quote.shadowRoot || !/^https?:$/.test(url.protocol)) return
    const spoken = (quote.parentElement.closest('[lang]')?.lang || navigator.language || 'en').slice(0, 2).toLowerCase()
    const lang = words[spoken] ? spoken : 'en'
    const say = words[lang]
    const put = (text, what = url.host) => text.replace('%s', what)
    const key = `kicau-embed ${url.host}`
    const by = quote.dataset.by || url.host
    const root = quote.attachShadow({ mode: 'open' })
    const rules = new CSSStyleSheet() // a policy of the page against inline styles does not stop this one
    rules.replaceSync(sheet)
    root.adoptedStyleSheets = [rules]
    let frame, box
    let everywhere = remembered(key) // on this site
    let height = Math.min(Math.max(Number(quote.dataset.height) || 0, 240), 1280)

    // Of the same height before and after, so that nothing on the page jumps.
    function draw (name) {
      if (box) height = Math.max(height, box.offsetHeight)
      root.replaceChildren()
      box = make('div', root, { className: `${name} ${theme(quote.parentElement)}`, lang })
      box.style.minHeight = `${height}px`
    }

    function has () {
      const parts = (quote.dataset.has || '').split(' ').map((part) => part.split('=')).filter(([kind]) => Array.isArray(say.has[kind]))
      return [say.has.text, ...parts.map(([kind, n]) => n > 1 ? say.has[kind].at(-1).replace('%', Number(n)) : say.has[kind][0])].join(', ')
    }

    function ask () {
      frame = null
      draw('ask')
      make('p', box, { className: 'by', dir: 'auto', textContent: by })
      make('p', box, { textContent: `${put(say.loads)}${has()}.` })
      make('p', box, { className: 'small', textContent: put(say.sees) })
      const row = make('p', box, { className: 'do' })
      make('button', row, { type: 'button', className: 'main', textContent: say.once, onclick: agreed })
      make('button', row, { type: 'button', textContent: say.always, onclick: () => choose(true) })
      make('a', row, { href: url.href, rel: 'noopener noreferrer', target: '_blank', textContent: put(say.open) })
    }

    // Of an origin of its own (sandbox): it has no cookies and no storage, on any site.
    function show () {
      draw('shown')
      frame = make('iframe', box, { title: put(say.frame, by), referrerPolicy: 'no-referrer', allowFullscreen: true })
      frame.setAttribute('sandbox', 'allow-scripts allow-popups allow-popups-to-escape-sandbox')
      frame.style.height = `${height - FOOT}px`
      frame.style.colorScheme = theme(quote.parentElement)
      frame.src = `${url.href}/embed?theme=${theme(quote.parentElement)}&lang=${lang}`
      const row = make('p', box, { className: 'foot small' })
      make('span', row, { textContent: put(say.shown) })
      make('button', row, { type: 'button', className: 'undo', textContent: say.undo, onclick: undo })
    }

    const choose = (always) => dispatchEvent(new CustomEvent(changed, { detail: { host: url.host, always } }))

    function agreed () {
      show()
      frame.focus()
    }

    function undo () {
      everywhere ? choose(false) : ask()
      root.querySelector('button').focus()
    }

    addEventListener(changed, ({ detail: { host, always } }) => {
      if (host !== url.host) return
      everywhere = always
      remember(key, always)
      if (!always) ask()
      else if (!frame) show()
    })
    addEventListener('message', ({ source, data }) => {
      if (!frame || source !== frame.contentWindow || !(data?.kicauHeight > 0)) return
      height = Math.max(height, Math.min(Math.ceil(data.kicauHeight), 10000) + FOOT) // it grows, and never shrinks
      frame.style.height = `${height - FOOT}px`
    })
    const look = () => {
      const now = theme(quote.parentElement)
      if (!box || box.classList.contains(now)) return
      box.classList.remove('dark', 'light')
      box.classList.add(now)
      if (!frame) return
      frame.style.colorScheme = now
      frame.contentWindow.postMessage({ kicauTheme: now }, '*')
    }
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', look)
    const watch = new MutationObserver(look)
    for (const node of [document.documentElement, document.body]) watch.observe(node, { attributes: true })

    if (!everywhere) return ask()
    draw('shown')
    new IntersectionObserver((seen, near) => { // posts far down the page wait until the reader comes near
      if (!seen.some((one) => one.isIntersecting)) return
      near.disconnect()
      if (everywhere && !frame) show()
    }, { rootMargin: '800px' }).observe(quote)
  }

  const all = () => document.querySelectorAll('blockquote.kicau-embed').forEach(begin)
  all() // at once, before the fallback is painted
  addEventListener('DOMContentLoaded', all)
})()
