// Writing: characters are counted as the server counts them, drafts outlive a reload, files are dropped or pasted. Files
// go through the form as it is: it is sent in the background, and what comes back takes the place of its files.
const words = document.body.dataset
const say = (detail) => document.dispatchEvent(new CustomEvent('kicau:say', { detail }))
const mine = document.querySelector('.bar .me')?.textContent || ''
const PREFIX = 'kicau-draft:'

// ---- counting ----

const segmenter = globalThis.Intl?.Segmenter && new Intl.Segmenter()
const clusters = (text) => segmenter ? [...segmenter.segment(text)].length : [...text].length
const LINK = /(?:^|(?<=[^\p{L}\p{N}_@/#.]))https?:\/\/[^\s<>"]*[^\s<>".,:;!?')\]}]/giu
const MENTION = /(^|[^\p{L}\p{N}_/])@([a-z0-9_]+(?:[a-z0-9_.-]+[a-z0-9_]+)?)@[\p{L}\p{N}_.-]+[\p{L}\p{N}_]/giu
export const length = (text, warning = '') => clusters(text.replace(LINK, 'x'.repeat(23)).replace(MENTION, '$1@$2')) + clusters(warning)

function count (form) {
  const text = form.elements.text
  const n = length(text.value.trim(), form.elements.warning?.value.trim())
  const place = form.querySelector('.chars')
  place.textContent = `${n} / ${text.dataset.most}`
  place.classList.toggle('over', n > Number(text.dataset.most))
}

// ---- drafts: one for each thing one answers, quotes or changes, and of each person ----

function key (form) {
  const about = ['reply', 'quote', 'edit'].map((name) => form.elements[name] && `${name}${form.elements[name].value}`).find(Boolean)
  return `${PREFIX}${mine}:${about || 'new'}`
}

function store (work) { try { return work(localStorage, sessionStorage) } catch { return null } }

function keep (form) {
  const { text, warning } = form.elements
  const typed = text.value !== text.defaultValue || (warning && warning.value !== warning.defaultValue)
  store((drafts) => typed ? drafts.setItem(key(form), JSON.stringify({ text: text.value, warning: warning?.value })) : drafts.removeItem(key(form)))
}

// What was sent is no draft any more, unless the form is here again with a refusal.
function forgetSent () {
  store((drafts, session) => {
    const sent = session.getItem('kicau-sent')
    session.removeItem('kicau-sent')
    if (sent && !document.querySelector('.refusal')) drafts.removeItem(sent)
  })
}

function restore (form) {
  const kept = store((drafts) => JSON.parse(drafts.getItem(key(form))))
  if (!kept || document.querySelector('.refusal')) return
  if (typeof kept.text === 'string') form.elements.text.value = kept.text
  if (form.elements.warning && typeof kept.warning === 'string') form.elements.warning.value = kept.warning
}

// ---- files ----

async function attach (form, file) {
  const body = new FormData(form)
  body.set('file', file, file.name)
  body.set('do', 'attach')
  const reply = await fetch(form.action, { method: 'POST', body })
  const page = new DOMParser().parseFromString(await reply.text(), 'text/html')
  const files = page.querySelector('.compose .files')
  if (!files || page.querySelector('.refusal')) throw new Error(page.querySelector('.refusal')?.textContent || words.failed)
  form.querySelector('.files').replaceWith(files)
}

async function attachAll (form, files) {
  form.classList.add('busy')
  try {
    for (const file of files) await attach(form, file)
  } catch (error) {
    say(error instanceof TypeError ? words.failed : error.message)
  }
  form.classList.remove('busy')
}

// The short form has no place for files: the whole one is opened with the first of them.
function openWith (form, files) {
  const input = Object.assign(document.createElement('input'), { type: 'file', name: 'file', hidden: true })
  const data = new DataTransfer()
  data.items.add(files[0])
  input.files = data.files
  form.append(input)
  form.requestSubmit(form.querySelector('button[value=open]'))
}

function take (form, files) {
  if (form.querySelector('.files')) attachAll(form, files)
  else openWith(form, files)
}

function takeFrom (form, event, list) {
  const files = [...(list?.files || [])]
  if (!files.length) return
  event.preventDefault()
  take(form, files)
}

function begin (form) {
  restore(form)
  count(form)
  form.addEventListener('input', () => { count(form); keep(form) })
  form.addEventListener('change', (event) => {
    if (event.target.type === 'file' && event.target.files.length) attachAll(form, [...event.target.files])
  })
  form.addEventListener('paste', (event) => takeFrom(form, event, event.clipboardData))
  form.addEventListener('drop', (event) => { form.classList.remove('dropping'); takeFrom(form, event, event.dataTransfer) })
  form.addEventListener('dragover', (event) => { event.preventDefault(); form.classList.add('dropping') })
  form.addEventListener('dragleave', () => form.classList.remove('dropping'))
  form.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit(form.querySelector('button[value=post]'))
  })
  form.addEventListener('submit', (event) => {
    keep(form)
    if (event.submitter?.value === 'post') store((drafts, session) => session.setItem('kicau-sent', key(form)))
  })
}

forgetSent()
for (const form of document.querySelectorAll('form.compose')) begin(form)

// Whoever comes after at this computer finds nothing of it.
document.addEventListener('submit', (event) => {
  if (event.target.getAttribute('action') !== '/logout') return
  store((drafts) => { for (const name of Object.keys(drafts)) if (name.startsWith(PREFIX)) drafts.removeItem(name) })
})
