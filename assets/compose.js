// Writing: characters are counted as the server counts them. Files are in files.js, drafts in drafts.js.
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

function begin (form) {
  count(form)
  form.addEventListener('input', () => count(form))
  form.addEventListener('reset', () => setTimeout(count, 0, form))
  addEventListener('pageshow', () => count(form)) // browsers that go back fill in what was typed
  form.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.isComposing) return
    event.preventDefault()
    form.requestSubmit(form.querySelector('button[value=post]:not([hidden])') || form.querySelector('button[value=open]'))
  })
}

for (const form of document.querySelectorAll('form.compose')) begin(form)
