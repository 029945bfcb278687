// Which sites may name somebody as the author of their pages, said in a browser without JavaScript.
import assert from 'node:assert/strict'
import { startWorld } from '../api/lib/server.mjs'
import { screenshots } from './lib/eyes.mjs'
import { lookedAt, plainPage, press } from './lib/person.mjs'

const { it, server, users: { sari } } = await startWorld({ accounts: ['sari'] })
const page = await plainPage(server, 'sari')
const main = page.locator('main')
const sites = async () => (await sari.get('/api/v1/accounts/verify_credentials')).source.attribution_domains

it('the sites are typed one to a line, kept in one form, and taken back', async () => {
  await page.goto(`${server.base}/settings/profile`)
  await page.getByRole('link', { name: 'Pages you write elsewhere' }).click()
  assert.match(await main.innerText(), new RegExp(`<meta name="fediverse:creator" content="@sari@${server.domain}">`))
  await page.locator('#sites').fill('https://Birds.example/\n\n  bread.example  ')
  await press(main, 'Save')
  assert.deepEqual(await sites(), ['birds.example', 'bread.example'])
  assert.equal(await page.locator('#sites').inputValue(), 'birds.example\nbread.example\n')
  const eyes = await lookedAt(server, 'sari')
  await eyes.goto(page.url())
  await screenshots(eyes, 'known-settings-sites')
  assert.deepEqual(eyes.complaints, [])
  await eyes.context().close()
  await page.locator('#sites').fill('no name')
  await press(main, 'Save')
  assert.match(await page.getByRole('alert').innerText(), /invalid domain/)
  assert.equal(await page.locator('#sites').inputValue(), 'no name')
  await page.locator('#sites').fill(Array.from({ length: 101 }, (_, i) => `s${i}.example`).join('\n'))
  await press(main, 'Save')
  assert.match(await page.getByRole('alert').innerText(), /100/)
  assert.deepEqual(await sites(), ['birds.example', 'bread.example'], 'a refused form has changed nothing')
  await page.locator('#sites').fill('')
  await press(main, 'Save')
  assert.deepEqual(await sites(), [])
})
