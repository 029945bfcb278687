// What a quote says is what the call then costs, to the last read; asking is free, changes nothing, and tells nothing of what
// is not there.
import assert from 'node:assert/strict'
import { agree, key, Licensee, startMarket } from './lib/market.mjs'

const { it, server, users: { alice, bob, carol, dave } } = await startMarket({ accounts: ['alice', 'bob', 'carol', 'dave'], agreeing: ['alice', 'bob'], env: { KICAU_RATE_LIMITS: 'on' } })
const plan = (name, ...fields) => server.kicau(['plan', 'set', name, 'uses=search', 'rate_lookup=1000', 'rate_search=1000', 'rate_timeline=1000', 'rate_account=1000', 'history_days=0', 'query_chars=512', ...fields])
const post = (user, status, fields = {}) => user.post('/api/v1/statuses', { status, ...fields })
const made = []
for (let i = 0; i < 14; i++) made.push(await post(i % 2 ? alice : bob, `number ${i}`))
const quoted = await post(alice, 'look', { quoted_status_id: made[0].id })
const hidden = await post(alice, 'for followers', { visibility: 'private' })
const kept = await post(carol, 'not for sale')
const gone = await post(alice, 'gone'); await alice.delete(`/api/v1/statuses/${gone.id}`)
await dave.post(`/api/v1/accounts/${alice.id}/follow`); await bob.post(`/api/v1/accounts/${alice.id}/follow`)
await agree(bob)

async function quote (who, body, status = 200, headers = {}) {
  const response = await fetch(`${server.base}/2/quote`, { method: 'POST', headers: { Authorization: `Bearer ${who.token}`, 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) })
  const json = await response.json()
  assert.equal(response.status, status, JSON.stringify(json))
  if (status === 200) {
    assert.deepEqual(Object.keys(json.data), ['posts', 'users', 'posts_charged', 'users_charged', 'allowed', 'cut', 'cost_micro', 'balance_micro', 'month_remaining', 'refusal'])
    assert.deepEqual([response.headers.get('kicau-cost'), response.headers.get('kicau-billed'), response.headers.get('kicau-receipt'), response.headers.get('etag')], ['0', '0/0', null, null], 'asking is free')
  }
  return json
}
const ids = (...list) => list.map(({ id }) => id).join()

it('a call costs what its quote says, and once it was made another quote says that it is free', async () => {
  const token = await key(server, 'exact', 'pay-per-use')
  const who = new Licensee(server.base, token)
  await server.kicau(['payment', 'book', 'exact', '50', '--reference', 'bank 1'])
  let spent = 0
  for (const [path, params, billed] of [
    ['/2/tweets', { ids: ids(made[0], made[1], hidden, kept, gone) }, [2, 2]],
    ['/2/tweets', { ids: ids(made[0], made[2]) }, [1, 2]],
    [`/2/tweets/${quoted.id}`, { expansions: 'author_id,referenced_tweets.id' }, [1, 2]],
    [`/2/tweets/${kept.id}`, {}, [0, 0]],
    ['/2/users/by', { usernames: 'alice,bob,carol' }, [2, 2]],
    [`/2/users/${alice.id}`, { expansions: 'pinned_tweet_id' }, [0, 1]],
    [`/2/users/${alice.id}/followers`, {}, [0, 1]],
    [`/2/users/${alice.id}/tweets`, { max_results: 5 }, [4, 5]],
    [`/2/tweets/${made[0].id}/quote_tweets`, {}, [0, 1]],
    ['/2/tweets/search/recent', { query: 'number', max_results: 10 }, null],
    ['/2/tweets/search/all', { query: 'number has:media' }, [0, 0]],
    ['/2/tweets/counts/recent', { query: 'number' }, [0, 0]],
    ['/2/usage/tweets', {}, [0, 0]]
  ]) {
    const target = `${path}?${new URLSearchParams(params)}`
    const { data } = await quote(who, { method: 'GET', path: target })
    const { headers, status, body } = await who.call(path, params)
    assert.equal(status, 200, JSON.stringify(body))
    const said = [data.posts_charged + data.users_charged, data.posts + data.users]
    assert.equal(headers.get('kicau-billed'), said.join('/'), target)
    assert.equal(headers.get('kicau-cost'), String(data.cost_micro), target)
    if (billed) assert.deepEqual(said, billed, target)
    else assert.ok(said[0] > 0 && said[0] < said[1], `some of it is new: ${said}`)
    assert.deepEqual([data.allowed, data.cut, data.refusal], [true, false, null], target)
    spent += data.cost_micro
    assert.equal(headers.get('kicau-balance'), String(50e6 - spent), target)
    const again = (await quote(who, { path: target })).data
    assert.deepEqual([again.posts_charged, again.users_charged, again.cost_micro, again.balance_micro], [0, 0, 0, 50e6 - spent], target)
  }
  assert.ok(spent > 0)
})

it('posts and users by their ids; what would not go out is one and the same, and costs nothing', async () => {
  const who = new Licensee(server.base, await key(server, 'by ids', 'pro'))
  const body = { post_ids: [made[0], made[1], hidden, kept, gone, { id: '17' }, made[0]].map(({ id }) => id), user_ids: [alice.id, carol.id, '17'] }
  const { data, errors } = await quote(who, body)
  assert.deepEqual([data.posts, data.posts_charged, data.users, data.users_charged, data.allowed], [2, 2, 1, 1, true])
  const refused = [hidden, kept, gone, { id: '17' }].map(({ id }) => ['tweet', 'post_ids', id]).concat([carol.id, '17'].map((id) => ['user', 'user_ids', id]))
  assert.deepEqual(errors, refused.map(([resource, parameter, id]) => ({
    value: id, detail: `Could not find ${resource} with ${parameter}: [${id}].`, title: 'Not Found Error', resource_type: resource, parameter, resource_id: id, type: 'https://api.x.com/2/problems/resource-not-found'
  })))
  await who.get('/2/tweets', { ids: made[0].id })
  assert.equal((await quote(who, body)).data.posts_charged, 1, 'the other was paid today')
  await post(alice, 'so that time passes')
  await bob.put(`/api/v1/statuses/${made[0].id}`, { status: 'number 0, corrected' })
  assert.equal((await quote(who, { post_ids: [made[0].id] })).data.posts_charged, 1, 'another version is another read')
})

it('a quote reserves nothing and leaves no trace', async () => {
  const who = new Licensee(server.base, await key(server, 'curious', 'basic'))
  const before = (await who.get('/2/usage/tweets')).data
  const first = (await quote(who, { path: `/2/tweets?ids=${ids(...made)}` })).data
  for (let i = 0; i < 5; i++) assert.deepEqual((await quote(who, { path: `/2/tweets?ids=${ids(...made)}` })).data, first)
  assert.equal(first.posts_charged, made.length)
  assert.deepEqual((await who.get('/2/usage/tweets')).data, before)
  assert.equal((await who.call('/2/tweets', { ids: ids(...made) })).headers.get('kicau-billed'), `${made.length}/${made.length}`)
})

it('what was paid under the name of a request is free under that name', async () => {
  const who = new Licensee(server.base, await key(server, 'again', 'pro'))
  const named = { 'Kicau-Request-Id': 'r1' }
  const target = `/2/tweets?ids=${ids(made[3], made[4])}`
  assert.equal((await quote(who, { path: target }, 200, named)).data.posts_charged, 2)
  assert.equal((await who.call(target, {}, named)).status, 200)
  assert.equal((await quote(who, { path: target }, 200, named)).data.posts_charged, 0)
})

it('what the plan cuts, and what it refuses, is said beforehand', async () => {
  await plan('small', 'included=12', 'hard_stop=yes')
  const who = new Licensee(server.base, await key(server, 'small', 'small'))
  const list = `/2/users/${alice.id}/tweets?max_results=5`
  const eight = (await quote(who, { path: '/2/tweets/search/recent?query=number&max_results=14' })).data
  assert.deepEqual([eight.posts, eight.posts_charged, eight.allowed, eight.cut, eight.refusal.what, eight.refusal.limit, eight.refusal.used], [12, 12, true, true, 'posts', 12, 0])
  const whole = (await quote(who, { path: `/2/tweets?ids=${ids(...made)}` })).data
  assert.deepEqual([whole.posts, whole.allowed, whole.cut, whole.cost_micro, whole.refusal.what], [0, false, false, 0, 'posts'])
  assert.match(whole.refusal.detail, /allows 12 post reads a month/)
  assert.equal((await who.call('/2/tweets', { ids: ids(...made) })).status, 402, 'a lookup is whole or not at all')
  assert.equal((await quote(who, { path: list })).data.allowed, true)
  // Prepaid: users and posts of one call are paid out of one balance.
  const poor = new Licensee(server.base, await key(server, 'poor', 'pay-per-use'))
  await server.kicau(['payment', 'book', 'poor', '0.012', '--reference', 'bank 2'])
  const both = { post_ids: [made[0].id], user_ids: [alice.id] }
  assert.deepEqual([(await quote(poor, { posts: 1, users: 1 })).data, (await quote(poor, both)).data].map(({ allowed, refusal }) => [allowed, refusal.what]), [[false, 'balance'], [false, 'balance']])
  assert.equal((await quote(poor, { users: 1 })).data.allowed, true)
})

it('what cannot be quoted is said, and a quoted call counts in its own window', async () => {
  const who = new Licensee(server.base, await key(server, 'wrong', 'pro'))
  const wrong = async (body, words) => assert.match((await quote(who, body, 400)).errors[0].message, words)
  await wrong({ posts: 1, path: '/2/tweets?ids=1' }, /one of these/)
  await wrong({ method: 'GET' }, /one of these/)
  await wrong({ path: '/2/nothing' }, /no GET of the data API/)
  await wrong({ path: '/api/v1/instance' }, /no GET of the data API/)
  await wrong({ path: 'https://elsewhere.example/2/tweets?ids=1' }, /no GET of the data API/)
  await wrong({ path: '/2/tweets/sample/stream' }, /a stream or a file/)
  await wrong({ path: '/2/tweets?ids=x' }, /`ids` query parameter value \[x\]/)
  await wrong({ path: '/2/tweets?ids=1&foo=2' }, /query parameter \[foo\] is not one of/)
  await wrong({ path: '/2/tweets?ids=1', method: 'POST' }, /method/)
  await wrong({ post_ids: ['x'] }, /\[x\] is not valid/)
  await wrong({ post_ids: Array(1001).fill('1') }, /at most 1000/)
  await plan('slow', 'rate_search=2', 'included=100')
  const slow = new Licensee(server.base, await key(server, 'slow', 'slow'))
  const search = { path: '/2/tweets/search/recent?query=number' }
  await quote(slow, search); await quote(slow, search)
  assert.equal((await quote(slow, search, 429)).limit, 2)
  assert.equal((await slow.call('/2/tweets/search/recent', { query: 'number' })).status, 429)
})
