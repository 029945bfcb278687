// Favourites, boosts and bookmarks at once, and back again with a message when the server refuses. The form does the
// same without this; what it answers with is a redirect, which need not be followed.
const words = document.body.dataset
const form = document.getElementById('acts')
const say = (detail) => document.dispatchEvent(new CustomEvent('kicau:say', { detail }))

function flip (button) {
  const on = button.getAttribute('aria-pressed') !== 'true'
  const name = button.value.replace(/^un/, '')
  const number = button.querySelector('.n')
  button.setAttribute('aria-pressed', String(on))
  button.value = on ? `un${name}` : name
  if (number && /^\d*$/.test(number.textContent)) number.textContent = Math.max(0, Number(number.textContent) + (on ? 1 : -1)) || ''
}

// A refusal is a page; its sentence says why.
async function reason (reply) {
  const page = new DOMParser().parseFromString(await reply.text(), 'text/html')
  return page.querySelector('main p')?.textContent || words.failed
}

async function send (button) {
  const body = new URLSearchParams(new FormData(form, button))
  button.disabled = true
  try {
    const reply = await fetch(button.formAction, { method: 'POST', body, redirect: 'manual' })
    if (reply.type !== 'opaqueredirect') throw new Error(await reason(reply))
    return true
  } catch (error) {
    say(error instanceof TypeError ? words.failed : error.message)
    return false
  } finally {
    button.disabled = false
  }
}

async function act (button) {
  const sent = send(button) // with what it is before it is turned
  flip(button)
  if (!await sent) flip(button)
}

async function dismiss (button) {
  if (await send(button)) button.closest(button.dataset.away).remove()
}

document.addEventListener('submit', (event) => {
  const button = event.submitter
  if (event.target !== form) return
  form.elements.back.value = location.pathname + location.search // of the page of a long list that one has come to
  const does = button?.matches('.act[aria-pressed]') ? act : button?.matches('[data-away]') ? dismiss : null
  if (!does) return
  event.preventDefault()
  does(button)
})

// One menu is open at a time, and none after a press elsewhere.
document.addEventListener('click', (event) => {
  for (const menu of document.querySelectorAll('details.more[open]')) if (!menu.contains(event.target)) menu.open = false
})
