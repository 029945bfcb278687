// Lists in pages: order, bounds, what is left out, and what a cap leaves.
import assert from 'node:assert/strict'
import { agree, licensee, startMarket } from './lib/market.mjs'

const { it, server, users } = await startMarket({ accounts: ['alice', 'bob', 'carol', 'dave'], agreeing: ['alice', 'bob', 'dave'] })
const { alice, bob, carol, dave } = users
const acme = await licensee(server)
const post = (user, status, fields = {}) => user.post('/api/v1/statuses', { status, ...fields })
const ids = ({ data = [] }) => data.map(({ id }) => id)

it('a timeline, page by page and back', async () => {
  const all = []
  for (let i = 0; i < 13; i++) all.unshift((await post(alice, `number ${i}`, i % 4 === 3 ? { visibility: 'unlisted' } : {})).visibility === 'public' ? (await alice.get(`/api/v1/accounts/${alice.id}/statuses?limit=1`))[0].id : null)
  const wanted = all.filter(Boolean)
  const path = `/2/users/${alice.id}/tweets`
  const first = await acme.get(path, { max_results: 5 })
  assert.deepEqual(ids(first), wanted.slice(0, 5))
  assert.deepEqual({ ...first.meta, next_token: '' }, { result_count: 5, newest_id: wanted[0], oldest_id: wanted[4], next_token: '' })
  const second = await acme.get(path, { max_results: 5, pagination_token: first.meta.next_token })
  assert.deepEqual(ids(second), wanted.slice(5))
  const back = await acme.get(path, { max_results: 5, pagination_token: second.meta.previous_token })
  assert.deepEqual(ids(back), wanted.slice(0, 5))
  assert.deepEqual(ids(await acme.get(path, { max_results: 100, since_id: wanted[6] })), wanted.slice(0, 6))
  assert.deepEqual(ids(await acme.get(path, { max_results: 100, until_id: wanted[6] })), wanted.slice(7))
  assert.deepEqual(ids(await acme.get(path, { start_time: new Date(Date.now() + 60000).toISOString() })), [])
  assert.deepEqual(ids(await acme.get(path, { max_results: 100, end_time: new Date(Date.now() + 60000).toISOString() })), wanted)
})

it('replies and boosts can be left out, and what is quoted or answered twice comes once', async () => {
  const own = await post(bob, 'own'); const reply = await post(bob, 'to myself', { in_reply_to_id: own.id })
  const boost = await bob.post(`/api/v1/statuses/${own.id}/reblog`)
  const path = `/2/users/${bob.id}/tweets`
  assert.deepEqual(ids(await acme.get(path)), [boost.id, reply.id, own.id])
  assert.deepEqual(ids(await acme.get(path, { exclude: 'retweets' })), [reply.id, own.id])
  assert.deepEqual(ids(await acme.get(path, { exclude: 'retweets,replies' })), [own.id])
  const { body, headers } = await acme.call(path, { expansions: 'referenced_tweets.id' })
  assert.deepEqual([ids(body), ids({ data: body.includes.tweets })], [[boost.id, reply.id, own.id], [own.id]])
  assert.equal(headers.get('kicau-billed'), '0/3')
})

it('mentions and follows are of those who agree', async () => {
  for (const user of [bob, carol, dave]) await user.post(`/api/v1/accounts/${alice.id}/follow`)
  const said = await post(dave, '@alice hello'); await post(carol, '@alice hello'); await post(dave, '@alice psst', { visibility: 'direct' })
  assert.deepEqual(ids(await acme.get(`/2/users/${alice.id}/mentions`)), [said.id])
  const first = await acme.get(`/2/users/${alice.id}/followers`, { max_results: 1 })
  assert.deepEqual(ids(first), [dave.id])
  assert.deepEqual(ids(await acme.get(`/2/users/${alice.id}/followers`, { max_results: 1, pagination_token: first.meta.next_token })), [bob.id])
  assert.deepEqual(ids(await acme.get(`/2/users/${bob.id}/following`)), [alice.id])
  await alice.patch('/api/v1/accounts/update_credentials', { hide_collections: true })
  assert.deepEqual(await acme.get(`/2/users/${alice.id}/followers`), { meta: { result_count: 0 } })
})

it('a cap cuts lists, and refuses lookups', async () => {
  await server.kicau(['plan', 'set', 'tiny', 'included=7', 'hard_stop=on', 'uses=search', 'apps=1', 'keys=1', 'rate_lookup=100', 'rate_timeline=100'])
  const small = await licensee(server, 'small', 'tiny')
  const made = []
  for (let i = 0; i < 10; i++) made.unshift((await post(dave, `more ${i}`)).id)
  const path = `/2/users/${dave.id}/tweets`
  const cut = await small.get(path, { max_results: 10 })
  assert.deepEqual([ids(cut), cut.meta.result_count], [made.slice(0, 7), 7])
  const { status, body } = await small.call('/2/tweets', { ids: made.join() })
  assert.deepEqual([status, body.title], [402, 'UsageCapExceeded'])
  assert.deepEqual(ids(await small.get('/2/tweets', { ids: made.slice(0, 7).join() })), made.slice(0, 7), 'what was paid today is free')
  assert.equal((await small.call(path, { max_results: 10, pagination_token: cut.meta.next_token })).status, 402)
})
