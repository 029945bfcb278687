// What somebody typed into a form is there again when a field of it is refused before anything was done with it: on every
// page with a form, as the program lists them; and names that are hostile without being markup do no harm.
import assert from 'node:assert/strict'
import { after } from 'node:test'
import { newPage } from '../api/lib/browser.mjs'
import { startWorld } from '../api/lib/server.mjs'
import { APPROVAL, OPEN_REGISTRATION } from '../api/lib/settings.mjs'
import { Smtp } from '../api/lib/smtp.mjs'
import { rows } from '../visibility/lib/rows.mjs'
import { csrf, loggedIn } from './lib/staff.mjs'

const smtp = await new Smtp().start()
after(() => smtp.stop())
const { it, server, users: { olga } } = await startWorld({ accounts: ['olga', 'budi'], roles: { olga: 'owner' }, env: { ...OPEN_REGISTRATION, ...APPROVAL, KICAU_MIN_AGE: '16', KICAU_LICENCE_SIGN_UP: 'on', ...await smtp.env() } })
const page = await loggedIn(server, 'olga', { viewport: { width: 390, height: 844 } })
const visitor = await newPage()
const go = (path) => page.goto(server.base + path)
const sideways = (of = page) => of.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
const BIRD = '🦜'
const birds = BIRD.repeat(10000)

// ---- every form ----

// What is no person's to type: where to go afterwards, tokens, what scripts and buttons send, and what apps ask with.
const UNSEEN = /^(back|at|next|key|challenge|credential|client_data|auth_data|signature|invite_code|.*token|code)$/
const APART = /^\/(act|oauth|login\/passkey|settings\/security\/passkeys$|auth\/(confirmation|email)$|@|settings\/invites\/end|settings\/licence$)/
const CHOSEN = ['/write language', '/write alt[]', '/settings/filters where[]', '/relation languages[]', '/collections language', '/collections/:id language', '/settings/licence/keys name', '/settings/licence/keys plan'] // from what is there: nothing else can be shown
const unseen = (row, p) => UNSEEN.test(p.name) && !(p.name === 'at' && /^\/(write|scheduled)/.test(row.path)) // a time
const typed = (row) => row.params.filter((p) => /^strings?$/.test(p.type) && !p.path && !unseen(row, p) && !CHOSEN.includes(`${row.path} ${p.name}`))
const most = (p) => p.max || 1024

async function send (row, path, long, from) {
  const form = new URLSearchParams({ authenticity_token: await csrf(from) })
  for (const p of row.params) {
    if (p.path) continue
    if (p.choices) form.set(p.name, p.choices[0])
    if (/^strings?$/.test(p.type) && !unseen(row, p)) form.set(p.name, p === long ? 'z'.repeat(most(p) + 1) : `kept ${p.name}`)
  }
  if (path === '/report' || path === '/relation') form.set('account', budi)
  if (path.startsWith('/scheduled')) form.set('do', 'move')
  return from.request.post(server.base + path, { data: form.toString(), headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, maxRedirects: 0 })
}

const { id: budi } = await olga.get('/api/v1/accounts/lookup?acct=budi')
const { id: me } = await olga.get('/api/v1/accounts/verify_credentials')
await olga.post('/api/kicau/v1/licence', { name: 'Olga', plan: 'free' }) // its form for keys is there
const { id: list } = await olga.post('/api/v1/lists', { title: 'Town' })
const { collection: { id: collection } } = await olga.post('/api/v1/collections', { name: 'Bakers', description: 'who bake' })
const { id: waiting } = await olga.post('/api/v1/statuses', { status: 'later', scheduled_at: new Date(Date.now() + 86400000).toISOString() })
const fills = (path) => ({ id: path.startsWith('/scheduled') ? waiting : path.startsWith('/lists') ? list : path.startsWith('/collections') ? collection : '1', name: 'pro', kind: 'terms', shortcode: 'bird', number: 'I1' })
const secret = (name) => /password/.test(name)

it('each form that holds text comes back with it when one field is too long, and nothing was done', async () => {
  await visitor.goto(`${server.base}/login`)
  await go('/settings/profile')
  const forms = rows.filter((row) => row.method === 'POST' && row.auth === 'session' && !APART.test(row.path) && typed(row).length)
  assert.ok(forms.length > 35, `${forms.length} forms`)
  const bad = []
  for (const row of forms) {
    const path = row.path.replace(/:(\w+)/g, (_, name) => fills(row.path)[name])
    const from = /^\/(login|auth)/.test(path) ? visitor : page
    for (const long of typed(row)) {
      const reply = await send(row, path, long, from)
      const html = await reply.text()
      const about = `${row.path}, ${long.name} too long`
      const must = (yes, what) => { if (!yes) bad.push(`${about}: ${what}`) }
      must(reply.status() === 422, `answered ${reply.status()}`)
      must(/role="alert"[^>]*>[^<]*longer than fits|class="refusal"[^>]*>[^<]*longer than fits/.test(html), 'does not say so')
      if (!typed(row).every((p) => secret(p.name))) must(html.includes(`action="${path}"`), 'the form is not there')
      if (!secret(long.name)) must(html.includes('z'.repeat(most(long) + 1)), 'it is gone')
      for (const p of typed(row)) if (p !== long && !secret(p.name)) must(html.includes(`kept ${p.name}`), `${p.name} is gone`)
      if (from === page) must(html.includes('class="me"'), 'a visitor sees it')
    }
  }
  assert.deepEqual(bad, [])
}, { timeout: 120000 })


// ---- as a person sees it ----

const submit = async (name) => { await page.getByRole('button', { name, exact: true }).first().click(); await page.waitForLoadState() }
// As a browser that knows nothing of maxlength, or somebody without one.
const unbound = () => page.evaluate(() => document.querySelectorAll('[maxlength]').forEach((field) => field.removeAttribute('maxlength')))

it('a name of 10,000 emoji is refused beside a note that stays', async () => {
  await go('/settings/profile')
  await page.locator('#name').fill(birds)
  await page.locator('#note').fill('What I wrote about myself.')
  await page.locator('input[name="label[]"]').first().fill('Town')
  await submit('Save')
  assert.match(await page.getByRole('alert').innerText(), /longer than fits/)
  assert.equal(await page.locator('#name').getAttribute('aria-invalid'), 'true')
  assert.equal(await page.locator('#note').getAttribute('aria-invalid'), null)
  assert.deepEqual([await page.locator('#name').inputValue(), await page.locator('#note').inputValue(), await page.locator('input[name="label[]"]').first().inputValue()], [birds, 'What I wrote about myself.', 'Town'])
  assert.equal(await page.locator('.bar .me').innerText(), '@olga')
  assert.equal(await sideways(), 0)
  await page.locator('#name').fill('Olga')
  await submit('Save')
  assert.equal((await olga.get('/api/v1/accounts/verify_credentials')).source.note, 'What I wrote about myself.')
})

it('a label of 3,000 letters is refused with words, and not cut', async () => {
  const long = 'L'.repeat(3000)
  await go('/settings/profile')
  await page.locator('#note').fill('Another note.')
  await page.locator('input[name="label[]"]').first().fill(long)
  await page.locator('input[name="content[]"]').first().fill('x'.repeat(255))
  await submit('Save')
  assert.match(await page.getByRole('alert').innerText(), /255 characters at most/)
  assert.deepEqual([await page.locator('input[name="label[]"]').first().inputValue(), await page.locator('#note').inputValue()], [long, 'Another note.'])
  assert.equal((await olga.get('/api/v1/accounts/verify_credentials')).source.note, 'What I wrote about myself.')
  await page.locator('input[name="label[]"]').first().fill('l'.repeat(255))
  await submit('Save')
  const [field] = (await olga.get('/api/v1/accounts/verify_credentials')).source.fields
  assert.deepEqual([field.name, field.value], ['l'.repeat(255), 'x'.repeat(255)])
})

it('a language that is none leaves the other choices as they were made', async () => {
  await go('/settings/privacy')
  await page.locator('input[name=locked]').check()
  await page.locator('#visibility').selectOption('private')
  await unbound()
  await page.locator('#language').fill('q'.repeat(40))
  await submit('Save')
  assert.match(await page.getByRole('alert').innerText(), /longer than fits/)
  assert.deepEqual([await page.locator('input[name=locked]').isChecked(), await page.locator('#visibility').inputValue(), await page.locator('#language').inputValue()], [true, 'private', 'q'.repeat(40)])
  assert.equal((await olga.get('/api/v1/accounts/verify_credentials')).locked, false)
})

it('a time that is too near is there again, and those of others as they were', async () => {
  const [soon, later] = [60, 90000].map((seconds) => new Date(Date.now() + seconds * 1000).toISOString().slice(0, 16))
  const other = (await olga.post('/api/v1/statuses', { status: 'the other', scheduled_at: `${later}:00Z` })).id
  await go('/scheduled')
  await page.locator(`#at${waiting}`).fill(soon)
  await page.locator(`form[action="/scheduled/${waiting}"] button[value=move]`).click()
  assert.match(await page.getByRole('alert').innerText(), /five minutes/)
  for (const [id, shown, marked] of [[waiting, soon, 'true'], [other, later, null]]) assert.deepEqual([await page.locator(`#at${id}`).inputValue(), await page.locator(`#at${id}`).getAttribute('aria-invalid')], [shown, marked])
  for (const id of [waiting, other]) await olga.delete(`/api/v1/scheduled_statuses/${id}`)
})

it('what a passkey is to be called is kept until it is made', async () => {
  const name = 'my "telephone"'
  const answer = async (path, fields) => {
    const reply = await page.request.post(`${server.base}/settings/security/passkeys${path}`, { form: { authenticity_token: await csrf(page), ...fields }, maxRedirects: 0 })
    return [reply.status(), (await reply.text()).includes('name="name" value="my &quot;telephone&quot;"') || /id="name"[^>]*value="my &quot;telephone&quot;"/.test(await reply.text())]
  }
  assert.deepEqual(await answer('', { name, credential: 'AAAA' }), [422, true])
  assert.deepEqual(await answer('/new', { name, password: 'wrong' }), [422, true])
  assert.deepEqual(await answer('/new', { name, password: 'correct horse battery staple' }), [200, true])
})

it('an audience that is none is not made everybody, and the text is there', async () => {
  await go('/settings/privacy')
  await page.locator('#visibility').selectOption('private')
  await submit('Save')
  await go('/write')
  await page.locator('#text').fill('not for everybody')
  await page.locator('select[name=visibility]').evaluate((select) => select.add(new Option('?', 'galaxy', true, true)))
  await page.locator('main button[value=post]').click()
  await page.getByRole('alert').waitFor()
  assert.equal(await page.locator('#text').inputValue(), 'not for everybody')
  assert.equal(await page.locator('select[name=visibility]').inputValue(), 'private')
  assert.equal((await olga.get(`/api/v1/accounts/${me}/statuses`)).length, 0)
})

it('what is too much to be shown again is refused all the same', async () => {
  const form = { authenticity_token: await csrf(page), text: 'x'.repeat(3 << 20), warning: 'y' }
  const reply = await page.request.post(`${server.base}/write`, { multipart: { ...form, do: 'post' } })
  assert.equal(reply.status(), 422)
  assert.ok((await reply.body()).length < 100000)
})

it('pages of errors are those of who is logged in, but where something may be hidden', async () => {
  for (const [path, bars] of [['/nowhere', 1], ['/@nobody', 0], ['/write?reply=77', 0]]) {
    assert.equal((await go(path)).status(), 404, path)
    assert.equal(await page.locator('.bar .me').count(), bars, path)
    assert.equal(await page.locator('.rail').count(), bars, path)
    assert.equal(await sideways(), 0, path)
  }
  await visitor.goto(`${server.base}/nowhere`)
  assert.equal(await visitor.locator('.bar .me').count(), 0)
})

// ---- names that are hostile without being markup ----

const zalgo = (text, marks) => [...text].map((letter) => letter + '\u0335\u0322\u0310\u036f\u0489'.repeat(marks)).join('')
const hostile = {
  zalgo: zalgo('bird', 4),
  tower: `t${'\u0302'.repeat(2000)}`,
  wide: 'W'.repeat(30),
  emoji: BIRD.repeat(30),
  'ten thousand emoji': birds,
  bidi: '\u202egro.elpmaxe\u202c \u2066\u2067abc',
  'an arabic ligature': '\ufdfd'.repeat(30),
  'nothing to see': '\u200b\u2060\ufeff\u3164'
}

const PHONE = { width: 390, height: 844 }

// The page does not grow sideways, no name is a bar across it, and its marks do not paint over what stands above.
async function harmless (path, about, sizes = [PHONE]) {
  for (const size of sizes) {
    await page.setViewportSize(size)
    await go(path)
    assert.ok(await sideways() <= 0, `${about}: ${path} scrolls sideways by ${await sideways()} px at ${size.width}`)
    const tallest = await page.evaluate(() => Math.max(0, ...[...document.querySelectorAll('main .name')].map((e) => e.getBoundingClientRect().height)))
    assert.ok(tallest < 400, `${about}: ${path} has a name of ${tallest} px at ${size.width}`)
  }
}

it('names are refused with words, with what was typed still there, or shown harmlessly', async () => {
  const { id: said } = await olga.post('/api/v1/statuses', { status: 'x', visibility: 'public' })
  const seen = new Set()
  for (const [about, name] of Object.entries(hostile)) {
    await go('/settings/profile')
    await unbound()
    await page.locator('#name').fill(name)
    await page.locator('#note').fill(`About ${name}`)
    await submit('Save')
    const refused = await page.locator('#refusal').count()
    seen.add(refused > 0)
    if (refused) assert.ok((await page.locator('#name').inputValue()).length > 0, about)
    await harmless(`/@olga/${said}`, about)
  }
  assert.equal(seen.size, 2, 'some are refused, and some are not')
}, { timeout: 120000 })

it('and titles of lists, names of filters and posts', async () => {
  for (const about of ['zalgo', 'tower', 'ten thousand emoji', 'bidi']) {
    const name = hostile[about]
    for (const [path, field, button] of [['/lists', '#title', 'Make the list'], ['/settings/filters', '#title0', 'Make the filter'], ['/write', '#text', 'Post']]) {
      await go(path)
      await unbound()
      await page.locator(field).fill(name)
      if (path === '/settings/filters') await page.locator('#keywords0').fill('sourdough')
      await submit(button)
      if (await page.locator('#refusal').count()) assert.ok((await page.locator(field).inputValue()).length > 0, `${about}: ${path} has lost it`)
      assert.ok(await sideways() <= 0, `${about}: behind ${path} one scrolls sideways`)
    }
  }
  for (const path of ['/lists', '/settings/filters', '/home', '/@olga', `/lists/${(await olga.get('/api/v1/lists'))[0].id}/members`]) await harmless(path, 'all of them', [PHONE, { width: 1280, height: 900 }])
}, { timeout: 120000 })
