// A filter that blurs: the pictures of a post lie under a cover with the filter's name, and its text stays.
import assert from 'node:assert/strict'
import { file } from '../api/lib/http.mjs'
import { png } from '../api/lib/png.mjs'
import { startWorld, until } from '../api/lib/server.mjs'
import { screenshots } from './lib/eyes.mjs'
import { lookedAt, plainPage, press } from './lib/person.mjs'

const { it, server, users } = await startWorld({ accounts: ['sari', 'budi', 'tono'] })
const { sari, budi, tono } = users
for (const reader of [sari, tono]) await reader.post(`/api/v1/accounts/${budi.id}/follow`)

async function pictured (status, more, description = 'A spider') {
  const { id } = (await budi.call('POST', '/api/v2/media', { multipart: { file: file(png(640, 420, 3), 'image/png', 'a.png'), description } })).body
  await until('the picture is ready', async () => (await budi.call('GET', `/api/v1/media/${id}`, { status: 'any', check: false })).status === 200)
  return budi.post('/api/v1/statuses', { status, media_ids: [id], ...more })
}
const post = await pictured('Look at this spider of mine')
const bread = await pictured('Bread, fresh', {}, 'A loaf')
const warned = await pictured('One more spider', { spoiler_text: 'Eight legs' })
const page = await plainPage(server, 'sari')
const other = await plainPage(server, 'tono')
const article = (where, { id }) => where.locator(`article#p${id}`)
const covers = async (where, { id }, path = '/home') => { await where.goto(server.base + path); return article(where, { id }).locator('details.cover').count() }

it('is made in the settings, and covers what it finds at once, with its name', async () => {
  assert.equal(await covers(page, post), 0)
  assert.equal(await covers(other, post), 0)
  await page.goto(`${server.base}/settings/filters`)
  await page.locator('#title0').fill('No spiders')
  await page.locator('#keywords0').fill('spider')
  await page.locator('#action0').selectOption('blur')
  await press(page.locator('main'), 'Make the filter')
  assert.equal((await sari.get('/api/v2/filters'))[0].filter_action, 'blur')
  assert.equal(await covers(page, post), 1)
  assert.equal(await article(page, post).getByText('Look at this spider of mine').isVisible(), true)
  assert.equal(await article(page, post).locator('.media img').isVisible(), false)
  assert.match(await article(page, post).locator('.cover > summary').innerText(), /Filtered: No spiders/)
  assert.equal(await article(page, post).locator('.warning').count(), 0, 'the whole of it is not covered')
  await article(page, post).locator('.cover > summary').click()
  assert.equal(await article(page, post).locator('.media img').isVisible(), true)
})

it('covers nothing else, for nobody else, and nowhere else', async () => {
  assert.equal(await covers(page, bread), 0)
  assert.equal(await covers(other, post), 0)
  assert.equal(await covers(page, post, '/@budi'), 0, 'profiles were not named')
  assert.equal(await covers(page, post, '/public/local'), 1, 'public timelines were')
})

it('looks right, and stays below a warning of the author\'s', async () => {
  assert.equal(await covers(page, warned), 1)
  await article(page, warned).locator('.warning > summary').click()
  assert.equal(await article(page, warned).getByText('One more spider').isVisible(), true)
  assert.equal(await article(page, warned).locator('.media img').isVisible(), false)
  const eyes = await lookedAt(server, 'sari')
  await eyes.goto(`${server.base}/home`)
  await screenshots(eyes, 'known-blurred')
  assert.deepEqual(eyes.complaints, [])
  await eyes.context().close()
})

it('warns of the whole when another filter does, and goes when it is deleted', async () => {
  const { id } = await sari.post('/api/v2/filters', { title: 'Mine', context: ['home'], filter_action: 'warn', keywords_attributes: [{ keyword: 'mine' }] })
  assert.equal(await covers(page, post), 1)
  assert.match(await article(page, post).locator('.warning > summary').innerText(), /Filtered: Mine/)
  assert.equal(await article(page, post).getByText('Look at this spider').isVisible(), false)
  await sari.delete(`/api/v2/filters/${id}`)
  for (const filter of await sari.get('/api/v2/filters')) await sari.delete(`/api/v2/filters/${filter.id}`)
  assert.equal(await covers(page, post), 0)
})
