// Filters in a browser without JavaScript: whole words and parts of words, single posts from their menu, and until when.
import assert from 'node:assert/strict'
import { startWorld } from '../api/lib/server.mjs'
import { screenshots } from './lib/eyes.mjs'
import { lookedAt, plainPage, press } from './lib/person.mjs'

const { it, server, users } = await startWorld({ accounts: ['sari', 'budi'] })
const { sari, budi } = users
await sari.post(`/api/v1/accounts/${budi.id}/follow`)
const heron = await budi.post('/api/v1/statuses', { status: 'The heron did it' })
await budi.post('/api/v1/statuses', { status: 'A sandcastle' })
const page = await plainPage(server, 'sari')
const main = page.locator('main')
const text = async (path) => { if (path) await page.goto(server.base + path); return main.innerText() }
const filters = () => sari.get('/api/v2/filters')
const open = async (title) => { await page.goto(`${server.base}/settings/filters`); await main.locator('summary', { hasText: title }).click(); return main.locator('li', { has: page.locator('summary', { hasText: title }) }).first() }

it('words are found whole, parts inside longer ones, and they change their place', async () => {
  await page.goto(`${server.base}/settings/filters`)
  await page.locator('#title0').fill('Beaches')
  await page.locator('#keywords0').fill('sand\nshell')
  await press(main, 'Make the filter')
  assert.doesNotMatch(await text('/home'), /Filtered/)
  const row = await open('Beaches')
  assert.equal(await row.locator('textarea[name=keywords]').inputValue(), 'sand\nshell\n')
  await row.locator('textarea[name=keywords]').fill('shell')
  await row.locator('textarea[name=parts]').fill('sand\ntide')
  await press(row, 'Save')
  const [filter] = await filters()
  assert.deepEqual(filter.keywords.map((k) => [k.keyword, k.whole_word]).sort(), [['sand', false], ['shell', true], ['tide', false]])
  assert.match(await text('/home'), /Filtered: Beaches/)
  const again = await open('Beaches')
  assert.equal(await again.locator('textarea[name=parts]').inputValue(), 'sand\ntide\n')
  await again.locator('textarea[name=parts]').fill('tide')
  await press(again, 'Save')
  assert.deepEqual((await filters())[0].keywords.map((k) => k.keyword).sort(), ['shell', 'tide'])
})

it('a filter that ends says when, and that it has', async () => {
  const row = await open('Beaches')
  await row.locator('select[name=until]').selectOption({ label: 'for a day' })
  await press(row, 'Save')
  assert.match(await main.locator('summary', { hasText: 'Beaches' }).innerText(), /until 20\d\d-\d\d-\d\d \d\d:\d\d UTC/)
  server.sql('UPDATE filters SET expires_at = 1')
  await sari.put(`/api/v2/filters/${(await filters())[0].id}`, { title: 'Beaches' })
  assert.match(await text('/settings/filters'), /Beaches has ended/)
})

it('a post goes into a filter from its menu, or into a new one, and comes out again', async () => {
  await page.goto(`${server.base}/home`)
  const post = page.locator('.post', { hasText: 'heron' })
  await post.locator('.more > summary').first().click()
  await post.getByRole('link', { name: 'Filter this post' }).click()
  assert.match(await main.locator('.card').innerText(), /The heron did it/)
  await page.locator('#title0').fill('Villains')
  await press(main, 'Make the filter')
  assert.match(await text('/home'), /Filtered: Villains/)
  const villains = async () => (await filters()).find((one) => one.title === 'Villains')
  assert.deepEqual((await villains()).statuses.map((one) => one.status_id), [heron.id])
  const row = await open('Villains')
  await press(row.locator('li', { hasText: 'heron' }), 'Take out')
  assert.deepEqual((await villains()).statuses, [])
  assert.match(await text('/home'), /The heron did it/)
  await page.goto(`${server.base}/settings/filters?post=${heron.id}`)
  const eyes = await lookedAt(server, 'sari')
  await eyes.goto(page.url())
  await screenshots(eyes, 'known-filter-asked')
  await press(main, 'Put it into “Villains”')
  assert.deepEqual((await villains()).statuses.map((one) => one.status_id), [heron.id])
  await eyes.goto(`${server.base}/settings/filters`)
  await eyes.locator('main summary', { hasText: 'Villains' }).click()
  await screenshots(eyes, 'known-filter-posts')
  assert.deepEqual(eyes.complaints, [])
  await eyes.context().close()
})

it('no filter of somebody else takes it, and none takes what one may not see', async () => {
  const [{ id: theirs }] = [await budi.post('/api/v2/filters', { title: 'Mine', context: ['home'], filter_action: 'warn' })]
  const secret = await budi.post('/api/v1/statuses', { status: 'for me alone', visibility: 'direct' })
  await page.goto(`${server.base}/settings/filters`)
  const token = await main.locator('input[name=authenticity_token]').first().getAttribute('value')
  const send = async (form) => (await page.request.post(`${server.base}/settings/filters/posts`, { form: { authenticity_token: token, do: 'add', ...form }, maxRedirects: 0 })).status()
  const mine = (await filters())[0].id
  assert.equal(await send({ filter: theirs, post: heron.id }), 404)
  assert.equal(await send({ filter: mine, post: secret.id }), 404)
  assert.equal(await send({ filter: mine }), 404)
  assert.equal(await send({ filter: mine, post: heron.id, authenticity_token: '' }), 422)
  assert.equal(await send({ filter: mine, post: heron.id }), 303)
})
