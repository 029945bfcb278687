// Hashtags in a browser without JavaScript: followed and featured, on their pages and in the settings.
import assert from 'node:assert/strict'
import { startWorld, until } from '../api/lib/server.mjs'
import { newPage } from '../api/lib/browser.mjs'
import { screenshots } from './lib/eyes.mjs'
import { lookedAt, plainPage, press } from './lib/person.mjs'

const { it, server, users } = await startWorld({ accounts: ['sari', 'budi'] })
const { sari, budi } = users
await budi.post('/api/v1/statuses', { status: 'Rye at seven #Bread' })
await sari.post('/api/v1/statuses', { status: 'Two mynas #Birds' })
await sari.post('/api/v1/statuses', { status: 'A kutilang #Birds, no #trams' })
const page = await plainPage(server, 'sari')
const text = async (path) => { if (path) await page.goto(server.base + path); return page.locator('main').innerText() }
const followed = async () => (await sari.get('/api/v1/followed_tags')).map((tag) => tag.name.toLowerCase())
const featured = async () => (await sari.get('/api/v1/featured_tags')).map((tag) => tag.name)
const row = (name) => page.locator('main li', { hasText: `#${name}` })

it('a tag is followed on its page, its posts come home, and it is taken back there', async () => {
  assert.doesNotMatch(await text('/home'), /Rye at seven/)
  await page.goto(`${server.base}/tags/bread`)
  await press(page.locator('main'), 'Follow this hashtag')
  assert.equal(page.url(), `${server.base}/tags/bread`)
  assert.deepEqual(await followed(), ['bread'])
  assert.match(await text('/home'), /Rye at seven/)
  await page.goto(`${server.base}/tags/bread`)
  await press(page.locator('main'), 'Unfollow this hashtag')
  assert.equal(await page.getByRole('button', { name: 'Follow this hashtag', exact: true }).count(), 1)
  assert.deepEqual(await followed(), [])
  assert.doesNotMatch(await text('/home'), /Rye at seven/)
})

it('visitors are offered nothing of it', async () => {
  const visitor = await newPage()
  await visitor.goto(`${server.base}/tags/bread`)
  assert.match(await visitor.locator('main').innerText(), /Rye at seven/)
  assert.equal(await visitor.locator('main button').count(), 0)
  await visitor.context().close()
})

it('the settings list what one follows, take more and take it off', async () => {
  assert.match(await text('/settings/tags'), /You follow no hashtag yet/)
  await page.locator('#follow').fill('#Bread')
  await press(page.locator('main'), 'Follow')
  assert.deepEqual(await followed(), ['bread'])
  await row('Bread').getByRole('link').click()
  assert.equal(page.url(), `${server.base}/tags/bread`)
  await page.goto(`${server.base}/settings/tags`)
  await page.locator('#follow').fill('no tag at all')
  await press(page.locator('main'), 'Follow')
  assert.match(await page.getByRole('alert').innerText(), /no hashtag/)
  assert.equal(await page.locator('#follow').inputValue(), 'no tag at all')
  await press(row('Bread'), /^Unfollow/)
  assert.deepEqual(await followed(), [])
})

it('tags are featured by name or as suggested, and stand on the profile, for visitors too', async () => {
  const visitor = await newPage()
  const seen = async () => { await visitor.goto(`${server.base}/@sari`); return visitor.locator('.featured').allInnerTexts() }
  assert.deepEqual(await seen(), [])
  await page.goto(`${server.base}/settings/tags`)
  await press(row('birds'), /^Show on my profile/)
  assert.deepEqual(await featured(), ['birds'])
  await page.locator('#feature').fill('BreadAndButter')
  await press(page.locator('form.stack', { has: page.locator('#feature') }), 'Show on my profile')
  assert.deepEqual(await featured(), ['birds', 'BreadAndButter'])
  assert.match(await row('birds').first().innerText(), /2 posts/)
  assert.match((await seen())[0], /Writes about\s+#birds\s+#BreadAndButter/)
  const eyes = await lookedAt(server, 'sari')
  await eyes.goto(`${server.base}/settings/tags`)
  await screenshots(eyes, 'known-settings-tags')
  await eyes.goto(`${server.base}/@sari`)
  await screenshots(eyes, 'known-profile-featured')
  await eyes.goto(`${server.base}/tags/birds`)
  await screenshots(eyes, 'known-tag')
  assert.deepEqual(eyes.complaints, [])
  await eyes.context().close()
  await press(row('birds'), /^Take off my profile/)
  assert.deepEqual(await featured(), ['BreadAndButter'])
  assert.doesNotMatch((await seen())[0], /#birds/)
  await visitor.context().close()
})

it('ten are enough, and the eleventh is refused with words', async () => {
  for (let i = (await featured()).length; i < 9; i++) await sari.post('/api/v1/featured_tags', { name: `tag${i}` })
  await page.goto(`${server.base}/settings/tags`)
  await page.locator('#feature').fill('tenth')
  const late = await page.context().newPage()
  await late.goto(`${server.base}/settings/tags`)
  await late.locator('#feature').fill('eleventh')
  await press(page.locator('form.stack', { has: page.locator('#feature') }), 'Show on my profile')
  assert.equal((await featured()).length, 10)
  assert.equal(await page.locator('#feature').count(), 0)
  await press(late.locator('form.stack', { has: late.locator('#feature') }), 'Show on my profile')
  assert.match(await late.getByRole('alert').innerText(), /maximum/)
  assert.equal((await featured()).length, 10)
})

it('who blocks somebody does not show them theirs', async () => {
  await until('budi sees them', async () => (await (await plainBudi()).locator('.featured').count()) === 1)
  await sari.post(`/api/v1/accounts/${budi.id}/block`)
  assert.equal(await (await plainBudi()).locator('.featured').count(), 0)
})

let other
async function plainBudi () {
  other ||= await plainPage(server, 'budi')
  await other.goto(`${server.base}/@sari`)
  return other
}
