// Invitations: where registrations are closed, a code lets so many in, past the moderators, and no more.
import assert from 'node:assert/strict'
import { newPage, signIn } from '../api/lib/browser.mjs'
import { appToken, registerApp } from '../api/lib/oauth.mjs'
import { password, startWorld } from '../api/lib/server.mjs'
import { APPROVAL } from '../api/lib/settings.mjs'
import { screenshots, watchedPage } from './lib/eyes.mjs'

const { it, server } = await startWorld({ accounts: ['alice', 'bob'], roles: { alice: 'moderator' }, env: { ...APPROVAL } })

async function signUp (page, username) {
  for (const [name, value] of Object.entries({ username, email: `${username}@example.net`, password })) await page.locator(`[name="${name}"]`).fill(value)
  await page.locator('[name="agreement"]').check()
  await page.locator('button[type="submit"]').click()
}

async function loggedIn (username) {
  const page = await watchedPage()
  await page.goto(`${server.base}/login`)
  await signIn(page, { username })
  await page.locator('.bar .me').waitFor()
  return page
}

it('a moderator makes one, a guest uses it up, and it can be ended', async () => {
  const page = await loggedIn('alice')
  await page.goto(`${server.base}/settings/invites`)
  await page.locator('#max_uses').fill('1')
  await page.locator('#days').fill('3')
  await page.locator('button[type="submit"].main').click()
  const address = await page.locator('main li code').first().innerText()
  await screenshots(page, 'invites')
  assert.match(address, new RegExp(`^${server.base}/invite/[\\w-]{16}$`))

  const guest = await newPage()
  await guest.goto(address)
  assert.equal(await guest.locator('#reason').count(), 0, 'nobody has to be convinced')
  await signUp(guest, 'guest1')
  assert.equal(await guest.locator('h1').innerText(), 'Welcome')
  await guest.goto(`${server.base}/login`)
  await signIn(guest, { username: 'guest1' })
  await guest.locator('.bar .me').waitFor()
  const second = await newPage()
  await second.goto(address)
  assert.match(await second.locator('main').innerText(), /used up/)

  await page.reload()
  assert.equal(await page.locator('main li').count(), 0)
  await page.locator('button[type="submit"].main').click()
  const other = await page.locator('main li code').first().innerText()
  await page.getByRole('button', { name: /^End it/ }).click()
  await page.getByText('There are none.').waitFor()
  await second.goto(other)
  assert.match(await second.locator('main').innerText(), /has ended/)
  for (const one of [page, guest, second]) await one.context().close()
})

it('is not for everybody, unless the operator says so', async () => {
  const page = await loggedIn('bob')
  const reply = await page.goto(`${server.base}/settings/invites`)
  assert.equal(reply.status(), 403)
  await page.context().close()
})

it('the command line makes one, which an app can use; two race for the last use, and one is let in', async ({ anyone }) => {
  const address = (await server.kicau(['invite', 'create', '--uses', '2'])).trim()
  const code = address.split('/').pop()
  assert.match(await server.kicau(['invite', 'list']), new RegExp(`${code} +0 +2`))
  const client = anyone.as(await appToken(anyone, await registerApp(anyone), 'read write'), { app: true })
  const form = (username, more) => ({ username, email: `${username}@example.net`, password, agreement: true, locale: 'en', ...more })
  await client.call('POST', '/api/v1/accounts', { json: form('nocode'), status: 403 })
  await client.call('POST', '/api/v1/accounts', { json: form('badcode', { invite_code: 'A'.repeat(16) }), status: 403 })
  const { access_token: token } = await client.post('/api/v1/accounts', form('first', { invite_code: code }))
  assert.equal((await anyone.as(token).get('/api/v1/accounts/verify_credentials')).username, 'first')
  const race = await Promise.all(['left', 'right'].map((name) => client.call('POST', '/api/v1/accounts', { json: form(name, { invite_code: code }), status: 'any', check: false })))
  assert.deepEqual(race.map((r) => r.status === 200).sort(), [false, true])
  assert.match(await server.kicau(['invite', 'list']), /UNTIL\s*$/)
  await assert.rejects(server.kicau(['invite', 'end', code]), /no invitation/)
})
