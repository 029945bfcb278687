// Signing up through the API, and the switches that are off unless someone turns them on.
import assert from 'node:assert/strict'
import { appToken, registerApp, tokenRequest } from './lib/oauth.mjs'
import { password, startWorld } from './lib/server.mjs'
import { OPEN_REGISTRATION, PASSWORD_GRANT } from './lib/settings.mjs'

const { it } = await startWorld({ accounts: ['alice'], env: { ...OPEN_REGISTRATION, ...PASSWORD_GRANT } })

const person = (username, more) => ({ username, email: `${username}@example.net`, password: 'a very long secret', agreement: true, locale: 'en', ...more })

async function newApp (anyone, scope = 'read write follow') {
  const app = await registerApp(anyone)
  return anyone.as(await appToken(anyone, app, scope), { app: true })
}

it('POST /api/v1/accounts answers a token that works at once', async ({ anyone }) => {
  const client = await newApp(anyone)
  const token = await client.post('/api/v1/accounts', person('newcomer'))
  const user = anyone.as(token.access_token)
  const me = await user.get('/api/v1/accounts/verify_credentials')
  assert.equal(me.username, 'newcomer')
  assert.equal(me.created_at.slice(0, 10), new Date().toISOString().slice(0, 10))
  await user.post('/api/v1/statuses', { status: 'hello, I am new' })
})

it('refuses what Mastodon refuses, naming the fields', async ({ anyone }) => {
  const client = await newApp(anyone)
  const refusals = [
    [person('alice'), 'username', 'ERR_TAKEN'],
    [person('has space'), 'username', 'ERR_INVALID'],
    [person('shorty', { password: 'short' }), 'password', 'ERR_TOO_SHORT'],
    [person('nomail', { email: '' }), 'email', 'ERR_BLANK'],
    [person('badmail', { email: 'not an address' }), 'email', 'ERR_INVALID'],
    [person('disagree', { agreement: false }), 'agreement', 'ERR_ACCEPTED']
  ]
  for (const [fields, field, code] of refusals) {
    const { body } = await client.call('POST', '/api/v1/accounts', { json: fields, status: 422 })
    assert.match(body.error, /^Validation failed: /)
    assert.ok(body.details[field].some((detail) => detail.error === code), `${field}: ${JSON.stringify(body.details)}`)
  }
})

it('needs the token of an application that may write', async ({ anyone, alice }) => {
  await anyone.call('POST', '/api/v1/accounts', { json: person('nobody'), status: 401 })
  await (await newApp(anyone, 'read')).call('POST', '/api/v1/accounts', { json: person('nobody'), status: 403 })
  const instance = await alice.get('/api/v2/instance')
  assert.equal(instance.registrations.enabled, true)
  assert.equal(instance.registrations.approval_required, false)
})

it('the password grant works when it is switched on', async ({ anyone }) => {
  const app = await registerApp(anyone)
  const { body } = await tokenRequest(anyone, app, { grant_type: 'password', username: 'alice@example.com', password, scope: 'read' })
  assert.equal((await anyone.as(body.access_token).get('/api/v1/accounts/verify_credentials')).username, 'alice')
  const wrong = await tokenRequest(anyone, app, { grant_type: 'password', username: 'alice@example.com', password: 'wrong' }, { status: 400 })
  assert.equal(wrong.body.error, 'invalid_grant')
})
