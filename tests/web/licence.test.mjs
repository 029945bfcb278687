// A licence for data that somebody takes for themselves in a browser without JavaScript, and its keys; and where none are given so.
import assert from 'node:assert/strict'
import { startWorld, until } from '../api/lib/server.mjs'
import { screenshots } from './lib/eyes.mjs'
import { lookedAt, plainPage, press } from './lib/person.mjs'

const { it, server, users: { sari, budi } } = await startWorld({ accounts: ['sari', 'budi'], env: { KICAU_LICENCE_SIGN_UP: 'on', KICAU_CONTACT_EMAIL: 'town@example.com', KICAU_DATA_USES: 'research' } })
const page = await plainPage(server, 'sari')
const main = page.locator('main')
const ask = async (token) => (await fetch(`${server.base}/2/licence`, { headers: { Authorization: `Bearer ${token}` } })).status

it('the plans are there with what they cost, and one is taken', async () => {
  await page.goto(`${server.base}/settings/data`)
  await page.getByRole('link', { name: /under a licence yourself/ }).click()
  assert.match(await main.innerText(), /free\s+costs nothing[\s\S]*posts included/)
  const eyes = await lookedAt(server, 'sari')
  await eyes.goto(page.url())
  await screenshots(eyes, 'known-licence-plans')
  await eyes.context().close()
  await budi.post('/api/kicau/v1/licence', { name: 'Budi', plan: 'free' })
  await page.locator('#name').fill('Budi')
  await page.locator('input[name=plan][value=free]').check()
  await press(main, 'Take the licence')
  assert.equal(await page.getByRole('alert').count(), 1, 'the name is somebody\'s')
  assert.deepEqual([await page.locator('#name').inputValue(), await page.locator('input[name=plan][value=free]').isChecked()], ['Budi', true])
  await page.locator('#name').fill('Sari & Co')
  await press(main, 'Take the licence')
  assert.match(await main.innerText(), /Sari & Co, under the plan “free”\. It holds since 20/)
  assert.equal((await sari.get('/api/kicau/v1/licence')).name, 'Sari & Co')
})

it('a key is made, shown once, works, and is made worthless', async () => {
  await page.locator('#app').fill('reader')
  await press(main, 'Make the key')
  const token = await page.locator('.code code').innerText()
  assert.equal(await ask(token), 200)
  await page.getByRole('link', { name: 'I have kept it' }).click()
  assert.match(await main.innerText(), /default \/ reader …/)
  assert.doesNotMatch(await page.content(), new RegExp(token))
  const eyes = await lookedAt(server, 'sari')
  await eyes.goto(page.url())
  await screenshots(eyes, 'known-licence')
  assert.deepEqual(eyes.complaints, [])
  await eyes.context().close()
  const other = await plainPage(server, 'budi')
  await other.goto(page.url())
  const csrf = await other.locator('main input[name=authenticity_token]').first().getAttribute('value')
  const id = await page.locator('main input[name=id]').first().getAttribute('value')
  assert.equal((await other.request.post(`${server.base}/settings/licence/keys/revoke`, { form: { authenticity_token: csrf, id }, maxRedirects: 0 })).status(), 404, 'not of somebody else')
  assert.equal(await ask(token), 200)
  await press(main, /^Make it worthless/)
  assert.match(await main.innerText(), /No keys yet/)
  await until('it is refused', async () => (await ask(token)) === 401)
})

it('a plan by approval waits, and says so', async () => {
  server.sql(`DELETE FROM licensee_accounts WHERE account_id = ${sari.id}`)
  await page.goto(`${server.base}/settings/licence`)
  await page.locator('#name').fill('Laboratory')
  await page.locator('input[name=plan][value=research]').check()
  await press(main, 'Take the licence')
  assert.match(await main.innerText(), /It waits: the people who run this server look at it first/)
})
