// Who signed up and waits for a moderator is not there for anybody, until they are let in.
import assert from 'node:assert/strict'
import { appToken, registerApp } from './lib/oauth.mjs'
import { startWorld, until } from './lib/server.mjs'
import { APPROVAL, OPEN_REGISTRATION } from './lib/settings.mjs'

const { it } = await startWorld({ accounts: ['alice'], roles: { alice: 'admin' }, env: { ...OPEN_REGISTRATION, ...APPROVAL } })

async function signUp (anyone, username) {
  const client = anyone.as(await appToken(anyone, await registerApp(anyone), 'read write follow'), { app: true })
  const { access_token: token } = await client.post('/api/v1/accounts', {
    username, email: `${username}@example.net`, password: 'a very long secret', agreement: true, locale: 'en', reason: 'birds'
  })
  return anyone.as(token)
}

// The statuses of what only those see who may know of the account.
const gates = (server, id, name) => ({
  show: ['GET', `/api/v1/accounts/${id}`],
  statuses: ['GET', `/api/v1/accounts/${id}/statuses`],
  followers: ['GET', `/api/v1/accounts/${id}/followers`],
  following: ['GET', `/api/v1/accounts/${id}/following`],
  lookup: ['GET', `/api/v1/accounts/lookup?acct=${name}`],
  follow: ['POST', `/api/v1/accounts/${id}/follow`],
  page: ['GET', `/@${name}`],
  webfinger: ['GET', `/.well-known/webfinger?resource=acct:${name}@${server.domain}`]
})

async function seen (server, alice, id, name) {
  const found = {}
  for (const [what, [method, path]] of Object.entries(gates(server, id, name))) {
    found[what] = (await alice.call(method, path, { status: 'any', check: false })).status
  }
  const has = (accounts) => accounts.some((account) => account.id === id)
  found.many = has(await alice.get('/api/v1/accounts', { id: [id] }))
  for (const q of [name, `@${name}`, `${name}@${server.domain}`]) {
    found[`account search ${q}`] = has(await alice.get('/api/v1/accounts/search', { q }))
    found[`search ${q}`] = has((await alice.get('/api/v2/search', { q })).accounts)
  }
  found.link = has((await alice.get('/api/v2/search', { q: `${server.base}/@${name}`, resolve: true })).accounts)
  return found
}

it('an account that waits is nobody\'s, and everybody\'s once it is let in', async ({ server, anyone, alice }) => {
  const user = await signUp(anyone, 'waiting')
  const { id } = (await alice.get('/api/v1/notifications', { types: ['admin.sign_up'] }))[0].account
  const before = await seen(server, alice, id, 'waiting')
  for (const [what, got] of Object.entries(before)) assert.equal(got, typeof got === 'number' ? 404 : false, what)
  const { body } = await user.call('GET', '/api/v1/accounts/verify_credentials', { status: 403 })
  assert.match(body.error, /pending approval/)
  await server.kicau(['account', 'approve', 'waiting'])
  const after = await seen(server, alice, id, 'waiting')
  for (const [what, got] of Object.entries(after)) assert.equal(got, typeof got === 'number' ? 200 : true, what)
  await until('the login works', async () => (await user.get('/api/v1/accounts/verify_credentials')).id === id)
})
