// Keys, when nothing is being typed: they are listed on /settings/look.
const posts = () => [...document.querySelectorAll('main article')]
const chosen = () => document.activeElement?.closest?.('main article')

function step (by) {
  const list = posts()
  const at = list.indexOf(chosen())
  const to = list[at < 0 ? 0 : Math.min(list.length - 1, Math.max(0, at + by))]
  if (!to) return
  to.tabIndex = -1
  to.focus({ preventScroll: true })
  to.scrollIntoView({ block: 'nearest' })
}

const press = (selector) => (chosen() || posts()[0])?.querySelector(selector)?.click()
const go = (path) => { location.href = path }
const keys = {
  j: () => step(1),
  k: () => step(-1),
  o: () => press('.when'),
  r: () => press('.act.reply'),
  f: () => press('.act.favourite'),
  b: () => press('.act.boost'),
  m: () => press('.act.bookmark'),
  n: () => go('/write'),
  '/': () => (document.querySelector('main [type=search]') || document.querySelector('.find input'))?.focus(),
  h: () => go('/home'),
  i: () => go('/notifications')
}

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, textarea, select, [contenteditable]')) return
  const act = keys[event.key]
  if (!act) return
  event.preventDefault()
  act()
})
