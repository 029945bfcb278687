// Rate limits, with the server's own defaults.
import assert from 'node:assert/strict'
import { registerApp } from './lib/oauth.mjs'
import { startWorld } from './lib/server.mjs'
import { LIMITS_ON } from './lib/settings.mjs'

const { it } = await startWorld({ accounts: ['alice', 'bob'], env: LIMITS_ON })
const left = (reply) => Number(reply.headers.get('x-ratelimit-remaining'))

it('says in headers what is left', async ({ alice }) => {
  const first = await alice.call('GET', '/api/v1/preferences')
  assert.equal(first.headers.get('x-ratelimit-limit'), '300')
  assert.ok(left(first) < 300)
  const reset = Date.parse(first.headers.get('x-ratelimit-reset'))
  assert.ok(reset > Date.now() - 1000 && reset <= Date.now() + 301000, first.headers.get('x-ratelimit-reset'))
  assert.match(first.headers.get('x-ratelimit-reset'), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/)
  const second = await alice.call('GET', '/api/v1/preferences')
  assert.equal(left(second), left(first) - 1)
})

it('stops a token after 300 calls, and that token only', async ({ bob, alice }) => {
  let refused
  for (let call = 0; call < 320 && !refused; call += 20) {
    const replies = await Promise.all(Array.from({ length: 20 }, () => bob.call('GET', '/api/v1/preferences', { status: 'any', check: false })))
    refused = replies.find((reply) => reply.status === 429)
    assert.ok(replies.every((reply) => [200, 429].includes(reply.status)))
  }
  assert.ok(refused, 'no call was refused')
  assert.equal(refused.body.error, 'Too many requests')
  assert.equal(left(refused), 0)
  assert.ok(Number(refused.headers.get('retry-after')) > 0)
  await alice.get('/api/v1/preferences')
})

it('registering applications: 5 in 10 minutes from one address', async ({ anyone }) => {
  for (let n = 0; n < 5; n++) await registerApp(anyone)
  await anyone.call('POST', '/api/v1/apps', { json: { client_name: 'x', redirect_uris: 'https://app.example' }, status: 429 })
})

it('deleting posts: 30 in 30 minutes', async ({ alice }) => {
  const ids = []
  for (let n = 0; n < 31; n++) ids.push((await alice.post('/api/v1/statuses', { status: `short-lived ${n}` })).id)
  for (const id of ids.slice(0, 30)) await alice.delete(`/api/v1/statuses/${id}`)
  await alice.call('DELETE', `/api/v1/statuses/${ids[30]}`, { status: 429 })
  await alice.get(`/api/v1/statuses/${ids[30]}`)
})
