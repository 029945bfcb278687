// Writing: characters are counted as the server counts them. Files are in files.js, drafts in drafts.js.
const segmenter = globalThis.Intl?.Segmenter && new Intl.Segmenter()
// Some browsers know a newer Unicode than servers do, which takes what a virama joins for one character.
const JOINED = /[\u094d\u09cd\u0acd\u0b4d\u0c4d\u0d4d][\p{M}\u200d]*(?=\p{Lo})/gu
const segments = (text) => segmenter ? [...segmenter.segment(text)].length : [...text].length
const joins = segments('\u0915\u094d\u0937') === 1
const clusters = (text) => segments(text) + (joins && text.match(JOINED)?.length || 0)

// Links as src/text/compose_url.c finds them, part by part.
const HOST = '(?:[a-z0-9]|(?![\\x00-\\x7f])[\\p{L}\\p{M}\\p{N}\\p{S}])'
const LABEL = `${HOST}(?:[-_]*${HOST})*`
const LATIN = '[a-z]{2,}(?![a-z0-9])'
const OTHER = '(?:(?![\\x00-\\x7f])[\\p{Alphabetic}\\p{M}])+'
const TOP = `(?:xn--${LABEL}|(?:${LATIN}|${OTHER}(?!${HOST}))(?![-_]+${HOST}))`
const PATH = '[^<>()?\\s\\p{Cc}\\ufffd]'
const PAIR = `\\((?:${PATH}+|${PATH}*\\(${PATH}+\\)${PATH}*)\\)`
const END = '[^()?!*"\'<>;:=,.$%\\[\\]~&|@\\u300c\\u300d\\s\\p{Cc}\\ufffd]'
const WIDE = '(?![\\x00-\\x7f])'
const QUERY = `(?:[a-z0-9!?*'();:&=+$/%#[\\]\\-_.,~|@^]|${WIDE}${PATH})`
const QUERY_END = `(?:[a-z0-9_&=#/\\-]|${WIDE}${END})`
const LINK = new RegExp(`(?<![a-z0-9@$#\\uff20\\uff03])https?://(?=(${LABEL}(?:\\.${LABEL})*\\.${TOP}))\\1(?![@+-])(?::\\d{1,5}(?!\\d))?` +
  `(?:/(?:(?:${PATH}|${PAIR})*(?:${END}|${PAIR}))?)?(?:[?#]${QUERY}*${QUERY_END})?`, 'giu')
const MENTION = /(?<![=/\p{L}\p{M}\p{N}_])@([a-z0-9_]+(?:[.-]+[a-z0-9_]+)*)@[\p{L}\p{M}\p{N}_]+(?:[.-]+[\p{L}\p{M}\p{N}_]+)*(?![@\uff20\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f]|:\/\/)/giu
export const length = (text, warning = '') => clusters(text.replace(LINK, 'x'.repeat(23)).replace(MENTION, '@$1')) + clusters(warning)

function count (form) {
  const text = form.elements.text
  const n = length(text.value.trim(), form.elements.warning?.value.trim())
  const place = form.querySelector('.chars')
  const over = n > Number(text.dataset.most)
  place.textContent = `${n} / ${text.dataset.most}`
  place.classList.toggle('over', over)
  if (over) text.setAttribute('aria-invalid', 'true')
  else if (text.dataset.over) text.removeAttribute('aria-invalid')
  text.dataset.over = over ? '1' : ''
  tell(form, Number(text.dataset.most) - n)
}

// Who hears the page is told when there is little room, and when there is none.
function tell (form, left) {
  const spoken = form.querySelector('.room')
  const step = left < 0 ? 2 : left <= 20 ? 1 : 0
  if (spoken.dataset.step !== String(step)) spoken.textContent = step ? form.querySelector('.chars').textContent : ''
  spoken.dataset.step = step
}

function begin (form) {
  const spoken = Object.assign(document.createElement('p'), { className: 'unseen room' })
  spoken.setAttribute('role', 'status')
  form.append(spoken)
  count(form)
  form.addEventListener('input', () => count(form))
  form.addEventListener('reset', () => setTimeout(count, 0, form))
  addEventListener('pageshow', () => count(form)) // browsers that go back fill in what was typed
  form.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.isComposing) return
    if (event.target.matches('input')) event.preventDefault() // of a warning or an answer: nothing is to be sent yet
    if (!(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    form.requestSubmit(form.querySelector('button[value=post]:not([hidden])') || form.querySelector('button[value=open]'))
  })
}

for (const form of document.querySelectorAll('form.compose')) begin(form)
