// What is being written outlives reloads, closed tabs and the end of the session: all of the form, under the key that it
// is posted by, so that two tabs have two drafts. The server says by a cookie which key was posted; that draft is gone.
const PREFIX = 'kicau-draft:'
const HERE = 'kicau-here:' // of this tab: the key of what is written about something
const GONE = 'kicau-gone' // and the text that was posted last
const MOST = 20
const OLD = 30 * 86400 * 1000 // ms
const TAB_MS = 3000 // that a page which is left may hold its draft
const FIELDS = ['text', 'warning', 'visibility', 'language', 'quotes', 'sensitive', 'option[]', 'poll_for', 'multiple', 'at', 'media[]', 'alt[]']
const FILES = ['media[]', 'alt[]']
const mine = document.querySelector('.bar .me')?.textContent || ''

function store (work) { try { return work(localStorage, sessionStorage) } catch { return null } }

// ---- a form's fields ----

const named = (form, name) => [...form.querySelectorAll(`[name="${name}"]`)]
const value = (field) => field.type === 'checkbox' ? (field.checked ? '1' : '') : field.value
const values = (form, name) => named(form, name).map(value)
const chosen = (select) => ([...select.options].find((option) => option.defaultSelected) || select.options[0])?.value

function given (field) {
  if (field.dataset.kept) return null
  if (field.tagName === 'SELECT') return chosen(field)
  return field.type === 'checkbox' ? (field.defaultChecked ? '1' : '') : field.defaultValue
}

function put (field, value) {
  if (field.type === 'checkbox') field.checked = value === '1'
  else if (field.tagName !== 'SELECT' || [...field.options].some((option) => option.value === value)) field.value = value
}

// For what this form has no field for: it goes along.
function hide (form, name, value) {
  const field = Object.assign(document.createElement('input'), { type: 'hidden', name, value })
  field.dataset.kept = '1'
  ;(form.querySelector('.files') || form).append(field)
}

function fill (form, name, list) {
  const fields = named(form, name)
  list.forEach((value, i) => fields[i] ? put(fields[i], value) : value && hide(form, name, value))
}

// ---- one draft ----

const files = (form) => JSON.stringify(FILES.map((name) => values(form, name)))
const filesAtFirst = new WeakMap()

// What a form is about. One that begins with words from the address is about these, until it is sent.
function about (form) {
  const { text } = form.elements
  const ids = ['reply', 'quote', 'edit'].filter((name) => form.elements[name]).map((name) => name + form.elements[name].value)
  return ids.join() || `new${text.dataset.typed ? '' : encodeURIComponent(text.defaultValue.trim().slice(0, 100))}`
}

const place = (form, key = form.elements.key.value) => `${PREFIX}${mine}:${form.dataset.about}:${key}`
const read = (name) => store((drafts) => JSON.parse(drafts.getItem(name)))

function changed (form) {
  const all = form.elements.text.dataset.typed
  const fields = FIELDS.filter((name) => !FILES.includes(name) && named(form, name).some((field) => all || value(field) !== given(field)))
  return all || files(form) !== filesAtFirst.get(form) ? [...fields, ...FILES] : fields
}

function keep (form) {
  const names = changed(form)
  store((drafts, tab) => {
    if (!names.length) return drafts.removeItem(place(form))
    drafts.setItem(place(form), JSON.stringify({ at: Date.now(), fields: Object.fromEntries(names.map((name) => [name, values(form, name)])) }))
    tab.setItem(HERE + form.dataset.about, form.elements.key.value)
    hold(form)
  })
}

function fillFiles (form, fields) {
  if (JSON.stringify(FILES.map((name) => fields[name])) === files(form)) return
  form.querySelector('.attached')?.remove()
  fields['media[]'].forEach((id, i) => {
    hide(form, 'media[]', id)
    hide(form, 'alt[]', fields['alt[]'][i] ?? '')
  })
  form.dispatchEvent(new Event('kicau:files')) // to be shown
}

// Nothing is posted that is not seen: the short form leads to the whole one when there is more than it shows.
function unfold (form) {
  const rest = form.querySelector('details.options')
  const more = FIELDS.filter((name) => !['text', 'visibility', ...FILES].includes(name))
  if (rest) rest.open ||= more.some((name) => named(form, name).some((field) => value(field) !== given(field)))
  if (rest || !form.querySelector('[data-kept]')) return
  form.querySelector('button[value=post]').hidden = true
  form.querySelector('button[value=open]').classList.add('main')
}

function restore (form, key, draft) {
  const { fields } = draft
  form.elements.key.value = key
  for (const name of FIELDS) if (fields[name] && !FILES.includes(name)) fill(form, name, fields[name])
  if (fields['media[]']) fillFiles(form, fields)
  unfold(form)
  form.dispatchEvent(new Event('input', { bubbles: true }))
}

// ---- whose it is: a page holds the key of its draft while it is open ----

function another (form) {
  form.elements.key.value = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  keep(form)
}

function hold (form) {
  const key = form.elements.key.value
  if (form.dataset.held === key) return
  form.dataset.held = key
  navigator.locks?.request(PREFIX + key, { signal: AbortSignal.timeout(TAB_MS) }, () => new Promise(() => {})).catch(() => another(form))
}

// The newest that no open page holds.
async function left (form) {
  const held = new Set((await navigator.locks?.query())?.held.map((lock) => lock.name))
  const start = place(form, '')
  return store((drafts) => Object.keys(drafts).filter((name) => name.startsWith(start)).map((name) => name.slice(start.length))
    .filter((key) => !held.has(PREFIX + key)).map((key) => ({ key, draft: read(place(form, key)) }))
    .filter(({ draft }) => draft?.fields).sort((a, b) => b.draft.at - a.draft.at)[0])
}

async function find (form) {
  const own = store((drafts, tab) => tab.getItem(HERE + form.dataset.about))
  const draft = own && read(place(form, own))
  if (draft?.fields) return restore(form, own, draft)
  const { text } = form.elements
  const fresh = text.value
  const old = await left(form)
  if (old && text.value === fresh) restore(form, old.key, old.draft)
}

// ---- which are over ----

function forget () {
  const sent = document.cookie.match(/(?:^|; )kicau_sent=([\w-]+)/)?.[1]
  if (sent) document.cookie = 'kicau_sent=; Path=/; Max-Age=0; SameSite=Lax'
  store((drafts, tab) => {
    const all = Object.keys(drafts).filter((name) => name.startsWith(PREFIX)).map((name) => ({ name, draft: read(name) })).sort((a, b) => (b.draft?.at || 0) - (a.draft?.at || 0))
    all.forEach(({ name, draft }, i) => {
      const over = sent && name.endsWith(`:${sent}`)
      if (over && draft?.fields?.text) tab.setItem(GONE, draft.fields.text[0])
      if (over || i >= MOST || !(draft?.at > Date.now() - OLD)) drafts.removeItem(name)
    })
  })
}

function begin (form) {
  const { text } = form.elements
  form.dataset.about = about(form)
  filesAtFirst.set(form, files(form))
  form.addEventListener('input', () => keep(form))
  form.addEventListener('submit', () => keep(form))
  if (text.dataset.typed && !location.search) keep(form) // what an address says is kept when it was touched
  else if (text.dataset.typed) return
  else find(form)
}

forget()
for (const form of document.querySelectorAll('form.compose')) begin(form)

// Back at what was posted: browsers show it as it was left, or fill in what was typed. It is not written once more.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) forget()
  for (const form of document.querySelectorAll('form.compose')) {
    const { text } = form.elements
    if (text.dataset.typed || !text.value || read(place(form))) continue
    if (persisted && form.dataset.held) location.reload()
    else if (text.value === store((drafts, tab) => tab.getItem(GONE))) form.reset()
  }
})

// Whoever comes after at this computer finds nothing of it.
document.addEventListener('submit', (event) => {
  if (event.target.getAttribute('action') !== '/logout') return
  store((drafts, tab) => {
    for (const [at, prefix] of [[drafts, PREFIX], [tab, HERE], [tab, GONE]]) for (const name of Object.keys(at)) if (name.startsWith(prefix)) at.removeItem(name)
  })
})
