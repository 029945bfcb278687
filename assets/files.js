// Files on the form in which one writes: chosen, dropped or pasted, they go with the form as it is, sent in the
// background, and what comes back takes the place of its files. One that did not arrive stays, to be tried again.
const words = document.body.dataset
const MOST = 4

function make (tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties)
  element.append(...children)
  return element
}

const tally = (form) => form.querySelectorAll('[name="media[]"]').length
const wrong = (page) => page.querySelector('.refusal')?.textContent || page.querySelector('main p')?.textContent || words.failed

// ---- asking the server ----

// The form's answer as a page. A session that began meanwhile has another token: then it is sent once more with that.
async function ask (form, change) {
  for (let turn = 0; ; turn++) {
    const body = new FormData(form)
    body.delete('file')
    change(body)
    const reply = await fetch(form.action, { method: 'POST', body })
    if (reply.redirected) throw new Error(words.login)
    if (reply.status === 413) throw new Error(words.large) // so little is taken from who is not logged in
    const page = new DOMParser().parseFromString(await reply.text(), 'text/html')
    const token = page.querySelector('.compose [name=authenticity_token]')?.value
    const ours = form.elements.authenticity_token
    if (turn || !token || token === ours.value) return page
    ours.value = token
  }
}

// What was typed about other files meanwhile stays, and the cursor where it is.
function replace (form, files) {
  const old = form.querySelector('.files')
  const at = document.activeElement
  const { id, selectionStart, selectionEnd } = old.contains(at) ? at : {}
  const typed = named(form).map((field) => [field.id, field.value])
  old.replaceWith(files)
  for (const [id, value] of typed) {
    const field = document.getElementById(id)
    if (field) field.value = value
  }
  const field = id && document.getElementById(id)
  field?.focus()
  field?.setSelectionRange?.(selectionStart, selectionEnd)
  several(form)
}

function show (form, page) {
  const files = page.querySelector('.compose .files')
  if (!files || page.querySelector('.refusal')) throw new Error(wrong(page))
  if (form.querySelector('.files')) return replace(form, files)
  // The short form has no place for them: they go along to the whole one.
  for (const kept of form.querySelectorAll('[data-kept][name="media[]"], [data-kept][name="alt[]"]')) kept.remove()
  for (const { name, value } of files.querySelectorAll('[name="media[]"], [name="alt[]"]')) {
    const input = make('input', { type: 'hidden', name, value })
    input.dataset.kept = '1'
    form.append(input)
  }
}

// Said, and not seen: the picture itself is.
function status (form) {
  const made = form.querySelector('.arrived') || make('p', { className: 'unseen arrived' })
  made.setAttribute('role', 'status')
  if (!made.isConnected) form.append(made)
  return made
}

function several (form) {
  const input = form.querySelector('input[name=file]')
  if (input) input.multiple = true
}

const changed = (form) => form.dispatchEvent(new Event('input', { bubbles: true }))

// One after the other: each answer holds all that are there.
const queues = new WeakMap()
function inTurn (form, work) {
  const last = (queues.get(form) || Promise.resolve()).catch(() => {}).then(work)
  queues.set(form, last)
  form.dataset.sending = Number(form.dataset.sending || 0) + 1
  form.classList.add('busy')
  return last.finally(() => {
    form.dataset.sending = Number(form.dataset.sending) - 1
    if (form.dataset.sending === '0') setTimeout(rest, 0, form) // when it is known what failed
  })
}

function attach (form, file) {
  return inTurn(form, async () => {
    if (tally(form) >= MOST) throw new Error(words.full)
    show(form, await ask(form, (body) => { body.set('file', file, file.name); body.set('do', 'attach') }))
    changed(form)
    status(form).textContent = `${file.name}: ${words.attached}`
  })
}

// ---- what did not arrive ----

function unsent (form) {
  const list = form.querySelector('.unsent')
  if (list) return list
  const made = make('ul', { className: 'unsent' })
  const before = form.querySelector('.files') || form.querySelector('.chars')
  before.after(made)
  return made
}

function after (form, row) {
  const next = (row.nextElementSibling || row.previousElementSibling)?.querySelector('button') || form.elements.text
  row.remove()
  next.focus()
}

function offer (form, name, error, again) {
  const reason = make('p', {}, `${name}: ${error instanceof TypeError ? words.failed : error.message}`)
  reason.setAttribute('role', 'alert')
  reason.dir = 'auto'
  const retry = make('button', { type: 'button', textContent: words.again })
  const remove = make('button', { type: 'button', className: 'plain', textContent: words.remove })
  for (const button of [retry, remove]) button.setAttribute('aria-label', `${button.textContent}: ${name}`)
  const row = make('li', {}, reason, make('div', {}, retry, remove))
  remove.addEventListener('click', () => { after(form, row); rest(form) })
  retry.addEventListener('click', async () => {
    if (row.getAttribute('aria-busy')) return
    row.setAttribute('aria-busy', 'true')
    reason.textContent = ''
    try {
      await again()
      const focused = row.contains(document.activeElement)
      row.remove()
      if (focused) (named(form).at(-1) || form.elements.text).focus()
      rest(form)
    } catch (error) {
      reason.textContent = `${name}: ${error instanceof TypeError ? words.failed : error.message}`
    }
    row.removeAttribute('aria-busy')
  })
  unsent(form).append(row)
}

const named = (form) => [...form.querySelectorAll('.attached [name="alt[]"]')]

async function attachAll (form, files) {
  await Promise.all(files.map((file) => attach(form, file).catch((error) => offer(form, file.name, error, () => attach(form, file)))))
}

// ---- when all that was begun is over ----

// What was pressed meanwhile is done now. From the short form one goes on to the whole one, where files are seen.
function rest (form) {
  if (Number(form.dataset.sending)) return
  form.classList.remove('busy')
  const wanted = form.dataset.wanted
  delete form.dataset.wanted
  if (form.querySelector('.unsent li')) return
  if (!form.querySelector('.files') && tally(form)) form.requestSubmit(form.querySelector('button[value=open]'))
  else if (wanted) form.requestSubmit(form.querySelector(`button[value=${wanted}]`))
}

function takeFrom (form, event, list) {
  const files = [...(list?.files || [])]
  if (!files.length) return
  // Text that comes with a picture of itself (word processors) is text; the name of a file that is pasted is none.
  const text = event.type === 'paste' ? list.getData('text/plain').trim() : ''
  const isName = files.some((file) => file.name === text)
  if (text && !isName && list.types.includes('text/rtf')) return
  if (!text || isName) event.preventDefault()
  attachAll(form, files)
}

function begin (form) {
  several(form)
  status(form)
  form.addEventListener('change', ({ target }) => {
    if (target.type !== 'file' || !target.files.length) return
    const files = [...target.files]
    target.value = ''
    attachAll(form, files)
  })
  form.addEventListener('paste', (event) => takeFrom(form, event, event.clipboardData))
  form.addEventListener('drop', (event) => { form.classList.remove('dropping'); takeFrom(form, event, event.dataTransfer) })
  form.addEventListener('dragover', (event) => {
    if (!event.dataTransfer.types.includes('Files')) return
    event.preventDefault()
    form.classList.add('dropping')
  })
  form.addEventListener('dragleave', () => form.classList.remove('dropping'))
  form.addEventListener('submit', (event) => {
    const wanted = event.submitter?.value
    const left = form.querySelector('.unsent li')
    if (wanted !== 'post' && wanted !== 'open') return
    if (Number(form.dataset.sending)) form.dataset.wanted = wanted
    else if (!left || wanted !== 'post') return
    else { left.querySelector('[role=alert]').textContent += ` ${words.unsent}`; left.querySelector('button').focus() }
    event.preventDefault()
  })
  form.addEventListener('kicau:files', () => {
    if (!form.querySelector('.files')) return
    const again = () => inTurn(form, async () => { show(form, await ask(form, (body) => body.set('do', 'open'))); changed(form) })
    again().catch((error) => offer(form, form.querySelector('.files legend').textContent, error, again))
  })
}

for (const form of document.querySelectorAll('form.compose')) begin(form)
