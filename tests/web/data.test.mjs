// /settings/data: what people say their public posts may be licensed for, in words, without scripts, and that it holds.
import assert from 'node:assert/strict'
import { signIn } from '../api/lib/browser.mjs'
import { startWorld } from '../api/lib/server.mjs'
import { agree, key, Licensee } from '../data/lib/market.mjs'
import { accessible, screenshots, watchedPage } from './lib/eyes.mjs'

const { it, server, users: { alice, bob } } = await startWorld({ accounts: ['alice', 'bob'], env: { KICAU_DATA_USES: 'search,research', KICAU_DATA_USES_DEFAULT: 'search' } })
const nothingSold = await startWorld({ accounts: ['carol'] })
const PATH = '/settings/data'

async function open (base, username) {
  const page = await watchedPage()
  await page.goto(`${base}${PATH}`)
  await signIn(page, { username })
  await page.waitForURL(`${base}${PATH}`)
  return page
}

const ticked = (page) => page.locator('main input:checked').evaluateAll((boxes) => boxes.map((box) => box.name))
const save = async (page) => { await page.getByRole('button', { name: 'Save my choice' }).click(); await page.waitForLoadState() }
const chosen = async (user) => { const { search, research, commercial, training, chosen } = await user.get('/api/v1/accounts/data_licence'); return { search, research, commercial, training, chosen } }
const found = async (licensee, id) => (await licensee.call(`/2/tweets/${id}`)).body.data !== undefined

it('says what holds, what each use means and which of them are offered; runs no scripts', async () => {
  const page = await open(server.base, 'alice')
  assert.equal(await page.locator('h1').innerText(), 'Your posts as data')
  assert.match(await page.locator('.sales').innerText(), /sells licences/)
  assert.match(await page.locator('.standing').innerText(), /not chosen yet/)
  assert.deepEqual(await ticked(page), ['search'], 'the default')
  const rows = await page.locator('main li').allInnerTexts()
  assert.deepEqual(rows.map((row) => /does not offer it now/.test(row)), [false, false, true, true])
  assert.match(await page.locator('main').innerText(), /24 hours/)
  assert.equal(await page.locator('script').count(), 0)
  await screenshots(page, 'data')
  await page.locator('.tabs').getByRole('link', { name: 'Security' }).click()
  await page.locator('.tabs').getByRole('link', { name: 'Your posts as data' }).click()
  await page.waitForURL(`${server.base}${PATH}`)
  assert.equal(await page.locator('.tabs [aria-current="page"]').innerText(), 'Your posts as data')
  assert.deepEqual(page.complaints, [])
  await page.context().close()
})

it('what is ticked is allowed, and what is not is not given out any more', async () => {
  const acme = new Licensee(server.base, await key(server, 'acme', 'free'))
  const { id } = await alice.post('/api/v1/statuses', { status: 'for sale' })
  await agree(alice, ['search', 'research'])
  assert.equal(await found(acme, id), true)
  const page = await open(server.base, 'alice')
  assert.deepEqual(await ticked(page), ['search', 'research'])
  for (const box of ['Search', 'Research']) await page.getByRole('checkbox', { name: box, exact: true }).uncheck()
  await page.getByRole('checkbox', { name: 'Training of AI' }).check()
  await save(page)
  assert.match(await page.locator('.standing').innerText(), /what you chose, last on \d{4}-\d\d-\d\d \d\d:\d\d UTC/)
  assert.deepEqual(await ticked(page), ['training'], 'kept, although it is not offered')
  assert.deepEqual(await chosen(alice), { search: false, research: false, commercial: false, training: true, chosen: true })
  assert.equal(await found(acme, id), false)
  await page.getByRole('checkbox', { name: 'Training of AI' }).uncheck()
  await save(page)
  assert.deepEqual(await chosen(alice), { search: false, research: false, commercial: false, training: false, chosen: true })
  await page.context().close()
})

it('shows who still holds what was taken back, and who has said that it is gone', async () => {
  const TIME = '\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC'
  const token = await key(server, 'R&D <b>', 'free')
  const [reader, elsewhere] = [new Licensee(server.base, token), new Licensee(server.base, await key(server, 'elsewhere', 'free'))]
  await agree(alice, ['search'])
  const [gone, unseen] = [await alice.post('/api/v1/statuses', { status: 'to be deleted' }), await alice.post('/api/v1/statuses', { status: 'never given' })]
  const { id: ofBob } = await bob.post('/api/v1/statuses', { status: 'of somebody else' })
  assert.deepEqual([await found(reader, gone.id), await found(elsewhere, ofBob)], [true, true])
  for (const { id } of [unseen, gone]) await alice.delete(`/api/v1/statuses/${id}`)
  await agree(alice, [])
  const page = await open(server.base, 'alice')
  const entries = () => page.locator('.holders li').allInnerTexts()
  const [taken, deleted, other] = await entries()
  assert.match(taken, new RegExp(`^Taken back on ${TIME}: Search\\b`))
  assert.match(taken, new RegExp(`^R&D <b>: Given last on ${TIME}\\. Has not said yet that the copies are gone\\.$`, 'm'))
  assert.match(taken, /^acme: /m)
  assert.match(deleted, new RegExp(`^A post of ${TIME}, deleted on ${TIME}\\s+R&D <b>: Given last on ${TIME}\\. Has not said yet that the copies are gone\\.$`))
  assert.match(other, /^A post of .*\s+Nobody had been given any\.$/)
  assert.doesNotMatch(await page.locator('main').innerText(), /elsewhere/)
  await screenshots(page, 'data-holders')
  const [{ id: newest }] = await alice.get('/api/v1/data_holders?limit=1')
  const ack = await fetch(`${server.base}/2/compliance/ack`, { method: 'POST', headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }, body: JSON.stringify({ up_to: newest }) })
  assert.equal(ack.status, 200)
  await page.reload()
  const said = await entries()
  for (const entry of said.slice(0, 2)) assert.match(entry, new RegExp(`^R&D <b>: Given last on ${TIME}\\. Said on ${TIME} that the copies are gone\\.$`, 'm'))
  assert.match(said[0], /^acme: .* Has not said yet/m)
  assert.equal(await page.getByRole('link', { name: 'Older' }).count(), 0)
  const plain = await (await page.context().browser().newContext({ javaScriptEnabled: false, locale: 'id-ID' })).newPage()
  await plain.context().addCookies(await page.context().cookies())
  await plain.goto(`${server.base}${PATH}`)
  const translated = await plain.locator('.holders').innerText()
  assert.match(translated, new RegExp(`^Ditarik kembali pada ${TIME}: Pencarian\\b`))
  assert.doesNotMatch(translated, /\b(the|taken|given|said|post|copies)\b/i)
  for (let i = 0; i < 40; i++) await agree(alice, i % 2 ? [] : ['search'])
  await page.reload()
  assert.equal((await entries()).length, 20)
  await page.getByRole('link', { name: 'Older' }).click()
  await page.waitForURL(/max_id=/)
  assert.deepEqual(await entries(), said)
  for (const one of [page, plain]) await one.context().close()
})

it('nobody chooses for another: not without a session, and not without the form', async () => {
  const page = await open(server.base, 'bob')
  const reply = await page.request.post(`${server.base}${PATH}`, { form: { training: '1' }, maxRedirects: 0 })
  assert.ok(reply.status() >= 400, `${reply.status()}`)
  assert.equal((await chosen(bob)).chosen, false)
  const stranger = await watchedPage()
  await stranger.goto(`${server.base}${PATH}`)
  assert.equal(await stranger.locator('main input[type="checkbox"]').count(), 0)
  assert.equal(await stranger.locator('main input[type="password"]').count() > 0, true)
  for (const one of [page, stranger]) await one.context().close()
})

it('reads in Indonesian, and can be filled in with JavaScript switched off', async () => {
  const page = await open(server.base, 'bob')
  const plain = await (await page.context().browser().newContext({ javaScriptEnabled: false, locale: 'id-ID' })).newPage()
  await plain.context().addCookies(await page.context().cookies())
  await plain.goto(`${server.base}${PATH}`)
  assert.equal(await plain.locator('h1').innerText(), 'Kiriman Anda sebagai data')
  assert.doesNotMatch(await plain.locator('main').innerText(), /\b(the|your|posts|what|this)\b/i)
  await plain.locator('input[name="research"]').check()
  await plain.locator('main button.main').click()
  await plain.waitForURL(`${server.base}${PATH}`)
  assert.deepEqual(await chosen(bob), { search: true, research: true, commercial: false, training: false, chosen: true })
  for (const one of [page, plain]) await one.context().close()
})

it('where nothing is for sale, it says so, and still takes a choice', async () => {
  const page = await open(nothingSold.server.base, 'carol')
  assert.match(await page.locator('.sales').innerText(), /nothing is sold/)
  assert.deepEqual(await ticked(page), [])
  await page.getByRole('checkbox', { name: 'Research', exact: true }).check()
  await save(page)
  assert.deepEqual(await ticked(page), ['research'])
  await accessible(page, 'nothing sold')
  await page.context().close()
})
