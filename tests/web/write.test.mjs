// What a person does with a browser alone, with JavaScript switched off: writing, answering, changing, and what is typed
// is never lost. One server, one browser.
import assert from 'node:assert/strict'
import { newPage, signIn } from '../api/lib/browser.mjs'
import { file } from '../api/lib/http.mjs'
import { png } from '../api/lib/png.mjs'
import { startWorld, until } from '../api/lib/server.mjs'

const { it, server, users: { alice, bob } } = await startWorld({ accounts: ['alice', 'bob', 'carol'] })
const id = async (name) => (await alice.get(`/api/v1/accounts/lookup?acct=${name}`)).id
const picture = { name: 'bird.png', mimeType: 'image/png', buffer: Buffer.from(await file(png(64, 48, 1), 'image/png', 'bird.png').arrayBuffer()) }
await bob.post(`/api/v1/accounts/${await id('alice')}/follow`)
await alice.post(`/api/v1/accounts/${await id('bob')}/follow`)

const first = await newPage()
const context = await first.context().browser().newContext({ javaScriptEnabled: false, locale: 'en-US', viewport: { width: 390, height: 844 } })
const page = await context.newPage()
page.setDefaultTimeout(15000)
await page.goto(`${server.base}/login`)
await signIn(page, { username: 'alice' })
await page.waitForURL(`${server.base}/`)

const own = (user) => user.get('/api/v1/accounts/verify_credentials').then((me) => user.get(`/api/v1/accounts/${me.id}/statuses`))
const go = (path) => page.goto(server.base + path)
const post = () => page.locator('main button[value=post]').click()
const newest = async () => (await own(alice))[0]

it('a post is written at home and is on top of it, however often the form is sent', async () => {
  await go('/home')
  await page.locator('#text').fill('hello from a browser')
  const form = await page.locator('form.compose').evaluate((f) => Object.fromEntries([...f.elements].filter((e) => e.name && e.name !== 'do').map((e) => [e.name, e.value]))).catch(() => null)
  await post()
  await page.waitForURL(`${server.base}/home`)
  assert.match(await page.locator('article').first().innerText(), /hello from a browser/)
  assert.equal((await newest()).visibility, 'public')
  if (form) await page.request.post(`${server.base}/write`, { multipart: { ...form, do: 'post' }, maxRedirects: 0 })
  assert.equal((await own(alice)).filter((s) => /hello from a browser/.test(s.content)).length, 1)
})

it('a warning, a language, a poll and an audience go with it', async () => {
  await go('/write')
  await page.locator('#text').fill('which one?')
  await page.getByText('Warning, poll, language, time').click()
  await page.locator('#warning').fill('bread')
  await page.locator('#language').selectOption('id')
  await page.locator('input[name="option[]"]').nth(0).fill('Rye')
  await page.locator('input[name="option[]"]').nth(1).fill('Wheat')
  await page.locator('select[name=visibility]').selectOption('private')
  await post()
  await page.waitForURL(`${server.base}/home`)
  const made = await newest()
  assert.deepEqual([made.spoiler_text, made.language, made.visibility, made.poll.options.map((o) => o.title)], ['bread', 'id', 'private', ['Rye', 'Wheat']])
})

it('a file is attached, described, and goes with the post', async () => {
  await go('/write')
  await page.locator('#text').fill('look at this')
  await page.locator('input[name=file]').setInputFiles(picture)
  await page.locator('button[value=attach]').click()
  assert.equal(await page.locator('#text').inputValue(), 'look at this')
  await page.locator('textarea[name="alt[]"]').fill('a bird')
  await until('it is posted', async () => { await post(); return page.url() === `${server.base}/home` })
  const made = await newest()
  assert.deepEqual(made.media_attachments.map((m) => m.description), ['a bird'])
})

it('what cannot be posted is shown again as it was typed', async () => {
  await go('/write')
  const long = 'x'.repeat(501)
  await page.locator('#text').fill(long)
  await page.getByText('Warning, poll, language, time').click()
  await page.locator('input[name="option[]"]').nth(0).fill('only one')
  await post()
  assert.ok((await page.getByRole('alert').innerText()).length > 10)
  assert.equal(await page.locator('#text').inputValue(), long)
  assert.equal(await page.locator('input[name="option[]"]').nth(0).inputValue(), 'only one')
})

it('a forged form changes nothing, and a stale one is shown again', async () => {
  const before = (await own(alice)).length
  const forged = await page.request.post(`${server.base}/write`, { multipart: { text: 'forged', do: 'post' }, maxRedirects: 0 })
  assert.equal(forged.status(), 422)
  assert.match(await forged.text(), /forged/)
  assert.equal((await own(alice)).length, before)
  const target = (await newest()).id
  const act = await page.request.post(`${server.base}/act/post/${target}`, { form: { do: 'favourite' }, maxRedirects: 0 })
  assert.equal(act.status(), 422)
  assert.equal((await alice.get(`/api/v1/statuses/${target}`)).favourited, false)
})

it('an answer names whom it answers, is for no more people, and leads to the thread', async () => {
  const root = await bob.post('/api/v1/statuses', { status: '@carol and friends', visibility: 'private' })
  await go(`/@bob/${root.id}`)
  await page.locator('.focus .act.reply').click()
  assert.equal(await page.locator('#text').inputValue(), '@bob @carol ')
  assert.equal(await page.locator('select[name=visibility]').inputValue(), 'private')
  await page.locator('#text').fill('@bob indeed')
  await post()
  await page.waitForURL(new RegExp(`/@bob/${root.id}#p`))
  assert.match(await page.locator('article').last().innerText(), /indeed/)
  assert.equal((await newest()).in_reply_to_id, root.id)
})

it('nobody answers, quotes, changes or deletes what is not theirs to see or change', async ({ carol }) => {
  const hidden = await carol.post('/api/v1/statuses', { status: 'for nobody here', visibility: 'private' })
  const shown = await bob.post('/api/v1/statuses', { status: 'public words of bob' })
  for (const as of ['reply', 'quote', 'edit']) assert.equal((await go(`/write?${as}=${hidden.id}`)).status(), 404, as)
  assert.equal((await go(`/write?edit=${shown.id}`)).status(), 404)
  await go('/home')
  const token = await page.locator('input[name=authenticity_token]').first().getAttribute('value')
  const send = (path, form) => page.request.post(server.base + path, { form: { ...form, authenticity_token: token }, maxRedirects: 0 })
  assert.equal((await send(`/act/delete/${shown.id}`, {})).status(), 404)
  assert.equal((await send(`/act/delete/${hidden.id}`, {})).status(), 404)
  assert.equal((await send(`/act/post/${hidden.id}`, { do: 'favourite' })).status(), 404)
  assert.equal((await bob.get(`/api/v1/statuses/${shown.id}`)).content.includes('public words'), true)
})

it('favourites, boosts, bookmarks and votes lead back to where one was', async () => {
  const one = await bob.post('/api/v1/statuses', { status: 'press me', poll: { options: ['yes', 'no'], expires_in: 3600 } })
  await go('/home')
  const article = page.locator('article', { hasText: 'press me' })
  for (const name of ['favourite', 'boost', 'bookmark']) {
    await article.first().locator(`.act.${name}`).click()
    await page.waitForURL(/\/home#p/)
    assert.equal(await page.locator(`article#p${one.id} .act.${name}`).getAttribute('aria-pressed'), 'true', name)
  }
  await page.locator(`article#p${one.id} input[type=radio]`).first().check()
  await page.locator(`article#p${one.id}`).getByRole('button', { name: 'Vote' }).click()
  assert.match(await page.locator(`article#p${one.id} .poll`).innerText(), /your choice/)
  const state = await alice.get(`/api/v1/statuses/${one.id}`)
  assert.deepEqual([state.favourited, state.reblogged, state.bookmarked, state.poll.own_votes], [true, true, true, [0]])
  await go('/bookmarks')
  assert.match(await page.locator('main').innerText(), /press me/)
  await page.locator('.act.bookmark').first().click()
  assert.match(await page.locator('main').innerText(), /Nothing here yet/)
})

it('a post waits for its time, is moved and called off', async () => {
  const at = new Date(Date.now() + 3600000).toISOString().slice(0, 16)
  await go('/write')
  await page.locator('#text').fill('later, perhaps')
  await page.getByText('Warning, poll, language, time').click()
  await page.locator('#at').fill(at)
  await post()
  await page.waitForURL(`${server.base}/scheduled`)
  assert.match(await page.locator('main').innerText(), /later, perhaps/)
  await page.getByRole('button', { name: 'Call it off' }).click()
  await page.waitForURL(`${server.base}/scheduled`)
  assert.deepEqual(await alice.get('/api/v1/scheduled_statuses'), [])
})
