// Finding people in a browser without JavaScript: the directory, whom one knows of somebody's followers, suggestions that are
// not for one, more people than a search shows at first; and reporting several posts at once.
import assert from 'node:assert/strict'
import { newPage } from '../api/lib/browser.mjs'
import { startWorld } from '../api/lib/server.mjs'
import { staffScopes } from '../api/lib/staff.mjs'
import { screenshots } from './lib/eyes.mjs'
import { lookedAt, plainPage, press } from './lib/person.mjs'

const birders = Array.from({ length: 10 }, (_, i) => `birder${i}`)
const { it, server, users } = await startWorld({ accounts: ['sari', 'budi', 'tono', 'ibu', ...birders], roles: { ibu: 'owner' } })
const { sari, budi, tono, ibu } = users
const page = await plainPage(server, 'sari')
const main = page.locator('main')
const text = async (path) => { if (path) await page.goto(server.base + path); return main.innerText() }
const handles = () => page.locator('.people .handle').allInnerTexts()
for (const user of [tono, budi]) await user.patch('/api/v1/accounts/update_credentials', { discoverable: true })
await tono.post('/api/v1/statuses', { status: 'first' })
await budi.post('/api/v1/statuses', { status: 'Bread again' })

it('the directory shows who wants to be found, in two orders, to visitors too', async () => {
  await page.goto(`${server.base}/search`)
  await page.getByRole('link', { name: 'Everybody here who wants to be found' }).click()
  assert.deepEqual(await handles(), ['@budi', '@tono'])
  await tono.post('/api/v1/statuses', { status: 'and last' })
  await page.goto(`${server.base}/directory`)
  assert.deepEqual(await handles(), ['@tono', '@budi'])
  await main.getByRole('link', { name: 'Who is new' }).click()
  assert.equal(page.url(), `${server.base}/directory/new`)
  assert.deepEqual((await handles()).sort(), ['@budi', '@tono'])
  assert.equal(await page.locator('.turns').count(), 0)
  await sari.post(`/api/v1/accounts/${tono.id}/mute`)
  assert.doesNotMatch(await text('/directory'), /@tono/)
  await sari.post(`/api/v1/accounts/${tono.id}/unmute`)
  assert.match(await text('/directory?skip=40'), /Before/)
  const visitor = await newPage()
  await visitor.goto(`${server.base}/directory`)
  assert.deepEqual(await visitor.locator('.people .handle').allInnerTexts(), ['@tono', '@budi'])
  assert.equal(await visitor.locator('main button').count(), 0)
  await visitor.context().close()
})

it('of somebody\'s followers one sees those one follows', async () => {
  await sari.post(`/api/v1/accounts/${ibu.id}/follow`)
  assert.doesNotMatch(await text('/@budi'), /Followed by people you follow/)
  await ibu.post(`/api/v1/accounts/${budi.id}/follow`)
  await tono.post(`/api/v1/accounts/${budi.id}/follow`)
  await page.goto(`${server.base}/@budi`)
  assert.deepEqual(await page.locator('.featured', { hasText: 'Followed by people you follow' }).locator('a').allInnerTexts(), ['ibu'])
  assert.doesNotMatch(await text('/@sari'), /Followed by people you follow/)
})

it('what is not for one is not suggested again, by apps neither', async () => {
  await ibu.post(`/api/v1/accounts/${tono.id}/follow`)
  await page.goto(`${server.base}/search`)
  assert.deepEqual((await handles()).sort(), ['@budi', '@tono'])
  await press(page.locator('.people li', { hasText: '@budi' }), 'Not for me')
  assert.equal(page.url(), `${server.base}/search`)
  assert.deepEqual(await handles(), ['@tono'])
  assert.deepEqual((await sari.get('/api/v1/suggestions')).map((a) => a.username), ['tono'])
  await sari.delete(`/api/v1/suggestions/${tono.id}`)
  assert.match(await text('/search'), /Nobody to suggest yet/)
  await page.goto(`${server.base}/directory`)
  assert.equal(await main.getByRole('button', { name: 'Not for me' }).count(), 0)
})

it('a search shows more people when it is asked for', async () => {
  await page.goto(`${server.base}/search?q=birder`)
  assert.equal((await handles()).length, 8)
  await page.getByRole('link', { name: 'More people' }).click()
  assert.equal((await handles()).length, 10)
  assert.equal(await page.locator('input[type=search]').last().inputValue(), 'birder')
  await page.goto(`${server.base}/search?q=budi`)
  assert.equal(await page.getByRole('link', { name: 'More people' }).count(), 0)
})

it('a report takes the posts that are ticked, the one that was pressed among them', async () => {
  const spam = []
  for (const words of ['Buy rye', 'Buy sourdough', 'Good morning']) spam.push(await budi.post('/api/v1/statuses', { status: words }))
  await budi.post('/api/v1/statuses', { status: 'The heron', spoiler_text: 'Ends of films' })
  await page.goto(`${server.base}/report?account=${budi.id}&post=${spam[0].id}`)
  assert.equal(await page.getByLabel(/^Buy rye/).isChecked(), true)
  assert.equal(await page.getByLabel(/^Good morning/).isChecked(), false)
  assert.doesNotMatch(await text(), /heron/, 'a warning stays before what it warns of')
  await page.getByLabel(/^Buy sourdough/).check()
  await page.getByLabel('Spam').check()
  const eyes = await lookedAt(server, 'sari')
  for (const [name, path] of Object.entries({ 'report-posts': `/report?account=${budi.id}&post=${spam[0].id}`, directory: '/directory', familiar: '/@budi' })) {
    await eyes.goto(server.base + path)
    await screenshots(eyes, `known-${name}`)
  }
  assert.deepEqual(eyes.complaints, [])
  await eyes.context().close()
  await press(main, 'Send the report')
  assert.match(await text(), /Thank you/)
  const [report] = await (await server.login('ibu', staffScopes)).get('/api/v1/admin/reports')
  assert.deepEqual(report.statuses.map((one) => one.content.replace(/<[^>]*>/g, '')).sort(), ['Buy rye', 'Buy sourdough'])
  assert.equal(report.category, 'spam')
})
