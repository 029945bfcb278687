// Notifications that were put aside, in a browser without JavaScript: seen, let in, dismissed, one by one and all at once.
import assert from 'node:assert/strict'
import { startWorld, until } from '../api/lib/server.mjs'
import { screenshots } from './lib/eyes.mjs'
import { lookedAt, plainPage, press } from './lib/person.mjs'

const { it, server, users } = await startWorld({ accounts: ['sari', 'budi', 'tono', 'ibu', 'made'] })
const { sari } = users
const page = await plainPage(server, 'sari')
const text = async (path) => { if (path) await page.goto(server.base + path); return page.locator('main').innerText() }
const requests = () => sari.get('/api/v1/notifications/requests')
const whisper = (user, words, more) => user.post('/api/v1/statuses', { status: `@sari ${words}`, visibility: 'direct', ...more })
const row = (name) => page.locator('li.request', { hasText: `@${name}` })

it('nobody waits at first', async () => {
  assert.doesNotMatch(await text('/notifications'), /wait aside/)
  assert.match(await text('/notifications/requests'), /Nothing waits/)
  assert.equal(await page.locator('main form').count(), 0)
})

it('what strangers write to one alone waits, with who, how often and how it begins', async ({ budi, tono, ibu }) => {
  await whisper(budi, 'are you the one with the birds?')
  await whisper(budi, 'I have seen a myna')
  await whisper(tono, 'the villain is the heron', { spoiler_text: 'Ends of films' })
  await whisper(ibu, 'buy bread')
  await until('all wait', async () => (await requests()).length === 3)
  assert.match(await text('/notifications'), /wait aside.*\(3\)/)
  await page.getByRole('link', { name: /wait aside/ }).click()
  assert.match(await row('budi').innerText(), /I have seen a myna[\s\S]*2 notifications/)
  assert.match(await row('ibu').innerText(), /1 notification\b/)
  assert.match(await row('tono').innerText(), /Ends of films/)
  assert.doesNotMatch(await text(), /heron/, 'a warning stays before what it warns of')
  const eyes = await lookedAt(server, 'sari')
  await eyes.goto(`${server.base}/notifications/requests`)
  await screenshots(eyes, 'known-aside')
  await eyes.goto(`${server.base}/notifications`)
  await screenshots(eyes, 'known-notifications-aside')
  assert.deepEqual(eyes.complaints, [])
  await eyes.context().close()
})

it('one is let in, from now on', async ({ budi }) => {
  await page.goto(`${server.base}/notifications/requests`)
  await press(row('budi'), /^Let in/)
  assert.equal(await row('budi').count(), 0)
  assert.match(await text('/notifications'), /seen a myna/)
  await whisper(budi, 'and now a kutilang')
  await until('it is told', async () => /kutilang/.test(await text('/notifications')))
  assert.deepEqual((await requests()).map((r) => r.account.username).sort(), ['ibu', 'tono'])
})

it('one is dismissed and forgotten', async () => {
  await page.goto(`${server.base}/notifications/requests`)
  await press(row('ibu'), /^Dismiss/)
  assert.deepEqual((await requests()).map((r) => r.account.username), ['tono'])
  assert.doesNotMatch(await text('/notifications'), /buy bread/)
})

it('all on the page at once, and those that came since stay', async ({ ibu, made }) => {
  await whisper(ibu, 'bread, please')
  await until('two wait', async () => (await requests()).length === 2)
  await page.goto(`${server.base}/notifications/requests`)
  await whisper(made, 'just come')
  await until('three wait', async () => (await requests()).length === 3)
  await press(page.locator('main'), 'Dismiss all')
  assert.deepEqual((await requests()).map((r) => r.account.username), ['made'])
  await whisper(ibu, 'bread!')
  await until('two wait', async () => (await requests()).length === 2)
  await page.goto(`${server.base}/notifications/requests`)
  await press(page.locator('main'), 'Let all in')
  assert.deepEqual(await requests(), [])
  assert.match(await text('/notifications'), /bread![\s\S]*just come|just come[\s\S]*bread!/)
})

it('the settings lead there, and what a filter hides is not shown', async ({ tono }) => {
  await sari.post('/api/v2/filters', { title: 'No herons', context: ['notifications'], filter_action: 'warn', keywords_attributes: [{ keyword: 'heron' }] })
  await whisper(tono, 'the heron did it')
  await until('it waits', async () => (await requests()).length === 1)
  await page.goto(`${server.base}/settings/privacy`)
  await page.getByRole('link', { name: 'What waits aside' }).click()
  assert.match(await text(), /Filtered: No herons/)
  assert.doesNotMatch(await text(), /did it/)
})

it('nobody decides about the requests of others, or without the form', async ({ tono }) => {
  const [{ id }] = await requests()
  const other = await plainPage(server, 'tono')
  await other.goto(`${server.base}/settings/look`)
  const token = await other.locator('input[name=authenticity_token]').first().getAttribute('value')
  const send = (form) => other.request.post(`${server.base}/notifications/requests`, { form: { 'id[]': id, do: 'dismiss', ...form }, maxRedirects: 0 })
  assert.equal((await send({ authenticity_token: token })).status(), 303)
  assert.equal((await send({})).status(), 422)
  assert.equal((await requests()).length, 1)
  assert.deepEqual(await tono.get('/api/v1/notifications/requests'), [])
})
