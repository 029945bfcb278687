// What may be asked of each endpoint under /2/: every parameter that X's document names is taken, and what a row does not
// declare is refused by name instead of being passed over in silence.
import assert from 'node:assert/strict'
import { Lines } from './lib/lines.mjs'
import { key, Licensee, startMarket } from './lib/market.mjs'

const { it, server, users: { alice, bob } } = await startMarket({ accounts: ['alice', 'bob'] })
const token = await key(server, 'acme', 'enterprise')
const acme = new Licensee(server.base, token)
const rows = JSON.parse(await server.kicau(['routes', '--json'])).filter(({ path }) => path.startsWith('/2/'))
const address = (path) => path.replace(/:[a-z]+/g, '17')
const call = async (method, path, query, body) => {
  const response = await fetch(`${server.base}${path}?${new URLSearchParams(query)}`, { method, headers: { Authorization: `Bearer ${token}`, ...(body ? { 'Content-Type': 'application/json' } : {}) }, ...(body ? { body: JSON.stringify(body) } : {}) })
  return { status: response.status, type: response.headers.get('content-type'), body: await response.json() }
}
const INVALID = 'https://api.x.com/2/problems/invalid-request'

it('a parameter that an endpoint does not have is refused, and named with those it has, everywhere', async () => {
  assert.ok(rows.filter(({ method }) => method === 'GET').length > 30, 'there are rows')
  for (const { method, path, params } of rows) {
    const { status, type, body } = await call(method, address(path), { foo: 'bär' })
    const known = params.filter((one) => !one.path).map(({ name }) => name)
    assert.equal(status, 400, `${method} ${path}`)
    assert.equal(type, 'application/problem+json', path)
    assert.deepEqual(body, {
      errors: [{ parameters: { foo: ['bär'] }, message: `The query parameter [foo] is not one of [${known.join()}]` }],
      title: 'Invalid Request', detail: 'One or more parameters to your request was invalid.', type: INVALID, status: 400
    }, path)
  }
})

it('a name of the path, one with brackets, and one that is long or full of quotes are refused like any other', async () => {
  for (const name of ['id', 'ids[]', 'tweet.fields[0]', '"},"x":{"', 'a\\', 'é'.repeat(200), '']) {
    const { status, body } = await call('GET', '/2/tweets/17', { [name]: '1' })
    assert.equal(status, 400, name)
    const [shown] = Object.keys(body.errors[0].parameters)
    assert.ok(name.length < 100 ? shown === name : name.startsWith(shown), shown)
  }
  assert.equal((await call('GET', '/2/tweets/17', { 'tweet.fields': 'id' })).status, 200)
})

it('so is a member of a body', async () => {
  for (const { method, path } of rows.filter(({ body }) => body === 'fields')) {
    const { status, body } = await call(method, address(path), {}, { foo: 1 })
    assert.equal(status, 400, path)
    assert.match(body.errors[0].message, /^The body.s member \[foo\] is not one of \[.+\]$/, path)
  }
  assert.equal((await acme.get('/2/compliance/jobs', { type: 'tweets' })).meta.result_count, 0, 'nothing was made')
})

// Names of X's document (2.167), by its paths. Of end_time of streams see docs/from-x.md.
const posts = 'post.fields user.fields media.fields poll.fields place.fields expansions'
const people = 'post.fields user.fields expansions'
const bounds = 'since_id until_id start_time end_time'
const X = {
  'GET /2/tweets': `ids ${posts}`,
  'GET /2/tweets/:id': posts,
  'GET /2/tweets/:id/quote_tweets': `max_results pagination_token exclude ${posts}`,
  'GET /2/tweets/:id/retweeted_by': `max_results pagination_token ${people}`,
  'GET /2/users': `ids ${people}`,
  'GET /2/users/by': `usernames ${people}`,
  'GET /2/users/by/username/:username': people,
  'GET /2/users/:id': people,
  'GET /2/users/:id/tweets': `${bounds} max_results pagination_token exclude ${posts}`,
  'GET /2/users/:id/mentions': `${bounds} max_results pagination_token ${posts}`,
  'GET /2/users/:id/followers': `max_results pagination_token ${people}`,
  'GET /2/users/:id/following': `max_results pagination_token ${people}`,
  'GET /2/usage/tweets': 'days usage.fields',
  'GET /2/tweets/search/recent': `query ${bounds} max_results next_token pagination_token sort_order ${posts}`,
  'GET /2/tweets/search/all': `query ${bounds} max_results next_token pagination_token sort_order ${posts}`,
  'GET /2/tweets/counts/recent': `query ${bounds} next_token pagination_token granularity search_count.fields`,
  'GET /2/tweets/counts/all': `query ${bounds} next_token pagination_token granularity search_count.fields`,
  'GET /2/tweets/search/stream': `backfill_minutes start_time end_time ${posts}`,
  'GET /2/tweets/sample/stream': `backfill_minutes ${posts}`,
  'GET /2/tweets/firehose/stream': `backfill_minutes partition start_time end_time ${posts}`,
  'GET /2/tweets/compliance/stream': 'backfill_minutes partition start_time end_time',
  'GET /2/users/compliance/stream': 'backfill_minutes partition start_time end_time',
  'GET /2/tweets/search/stream/rules': 'ids max_results pagination_token',
  'POST /2/tweets/search/stream/rules': 'add delete dry_run delete_all',
  'POST /2/compliance/jobs': 'type name resumable compliance_job.fields',
  'GET /2/compliance/jobs': 'type status compliance_job.fields',
  'GET /2/compliance/jobs/:id': 'compliance_job.fields'
}

it("every parameter of X's is taken", () => {
  for (const [of, names] of Object.entries(X)) {
    const row = rows.find(({ method, path }) => `${method} ${path}` === of)
    const ours = row.params.filter((one) => !one.path).map(({ name }) => name)
    assert.deepEqual(names.split(' ').filter((name) => !ours.includes(name)), [], of)
  }
})

it('quotes without those that are replies', async () => {
  const post = (user, status, more = {}) => user.post('/api/v1/statuses', { status, ...more })
  const first = await post(alice, 'worth a quote'); const other = await post(alice, 'something else')
  const alone = await post(bob, 'look', { quoted_status_id: first.id })
  const reply = await post(bob, '@alice see', { quoted_status_id: first.id, in_reply_to_id: other.id })
  const quotes = async (params) => (await acme.get(`/2/tweets/${first.id}/quote_tweets`, params)).data.map(({ id }) => id)
  assert.deepEqual(await quotes({}), [reply.id, alone.id])
  assert.deepEqual(await quotes({ exclude: 'replies' }), [alone.id])
  assert.deepEqual(await quotes({ exclude: 'retweets' }), [reply.id, alone.id])
  assert.deepEqual((await acme.get(`/2/tweets/${first.id}/quote_tweets`, { exclude: 'replies,birds' }, 400)).errors, [{ parameters: { exclude: ['birds'] }, message: 'The `exclude` query parameter value [birds] is not one of [replies,retweets]' }])
})

it('rules come in pages, and go all at once', async () => {
  const path = '/2/tweets/search/stream/rules'
  const add = ['a1', 'b2', 'c3', 'd4', 'e5'].map((value) => ({ value }))
  const { data } = (await call('POST', path, {}, { add })).body
  const seen = []
  for (let params = { max_results: 2 }, pages = 0; params; pages++) {
    const page = await acme.get(path, params)
    assert.equal(page.meta.result_count, page.data.length)
    assert.equal(page.data.length, pages < 2 ? 2 : 1)
    seen.push(...page.data.map(({ id }) => id))
    if (page.meta.next_token) assert.equal(page.meta.next_token.length, 16)
    params = page.meta.next_token && { max_results: 2, pagination_token: page.meta.next_token }
  }
  assert.deepEqual(seen, data.map(({ id }) => id))
  assert.equal('next_token' in (await acme.get(path, { max_results: 5 })).meta, false)
  const some = await acme.get(path, { max_results: 1, ids: `${seen[1]},${seen[3]}` })
  assert.deepEqual(some.data.map(({ id }) => id), [seen[1]])
  assert.deepEqual((await acme.get(path, { pagination_token: some.meta.next_token, ids: `${seen[1]},${seen[3]}` })).data.map(({ id }) => id), [seen[3]])
  for (const params of [{ max_results: 0 }, { max_results: 1001 }, { pagination_token: 'g'.repeat(16) }, { pagination_token: '0' }]) await acme.get(path, params, 400)
  assert.equal((await call('POST', path, { delete_all: 'true' }, { add })).status, 400, 'it does not go with rules that are named')
  assert.deepEqual((await call('POST', path, { delete_all: 'true', dry_run: 'true' }, {})).body.meta.summary, { deleted: 5, not_deleted: 0 })
  assert.equal((await acme.get(path)).data.length, 5)
  assert.deepEqual((await call('POST', path, { delete_all: 'true' }, {})).body.meta.summary, { deleted: 5, not_deleted: 0 })
  assert.equal('data' in await acme.get(path), false)
})

it('of a job come the members that are asked for, and of usage and counts those there are', async () => {
  const all = (await call('POST', '/2/compliance/jobs', {}, { type: 'tweets', name: 'mine' })).body.data
  assert.deepEqual(Object.keys(all).sort(), ['created_at', 'download_expires_at', 'download_url', 'id', 'name', 'resumable', 'status', 'type', 'upload_expires_at', 'upload_url'])
  const some = { 'compliance_job.fields': 'status,upload_url' }
  const wanted = { id: all.id, status: 'created', upload_url: all.upload_url }
  assert.deepEqual((await acme.get(`/2/compliance/jobs/${all.id}`, some)).data, wanted)
  assert.deepEqual((await acme.get('/2/compliance/jobs', { type: 'tweets', ...some })).data, [wanted])
  assert.match((await acme.get('/2/compliance/jobs', { type: 'tweets', 'compliance_job.fields': 'size' }, 400)).errors[0].message, /value \[size\] is not one of \[created_at,/)
  assert.match((await acme.get('/2/usage/tweets', { 'usage.fields': 'birds' }, 400)).errors[0].message, /value \[birds\] is not one of \[cap_reset_day,/)
  assert.match((await acme.get('/2/tweets/counts/recent', { query: 'a', 'search_count.fields': 'birds' }, 400)).errors[0].message, /value \[birds\] is not one of \[end,start,tweet_count\]/)
})

it('a stream ends at a time, when it is asked to: with all there was before it', async () => {
  const post = async (status) => {
    const made = await alice.post('/api/v1/statuses', { status })
    await new Promise((resolve) => setTimeout(resolve, 20))
    return made
  }
  const now = () => new Date().toISOString()
  const all = []
  const start_time = now()
  for (const text of ['first', 'second', 'third']) all.push((await post(text)).id)
  const end_time = now()
  await new Promise((resolve) => setTimeout(resolve, 20))
  await post('too late')
  const over = async (path, params) => {
    const open = await new Lines(server.base, token).open(path, params)
    assert.equal(open.status, 200, JSON.stringify(open.body))
    for (let i = 0; i < 200 && !open.ended; i++) await new Promise((resolve) => setTimeout(resolve, 100))
    assert.equal(open.ended, true, `${path} ends by itself`)
    return open
  }
  assert.deepEqual((await over('/2/tweets/firehose/stream', { start_time, end_time })).ids(), all)
  assert.deepEqual((await over('/2/tweets/firehose/stream', { cursor: all[0], end_time })).ids(), all.slice(1))
  const { id } = await post('to be taken back')
  await alice.delete(`/api/v1/statuses/${id}`)
  await new Promise((resolve) => setTimeout(resolve, 20))
  const behind = now()
  const soon = new Date(Date.now() + 1000).toISOString() // and nothing is posted until then
  const quiet = ['/2/tweets/firehose/stream', '/2/tweets/compliance/stream', '/2/users/compliance/stream'].map((path) => over(path, { end_time: soon }))
  for (const open of await Promise.all(quiet)) assert.deepEqual(open.lines, [])
  // Those times are long over now: still all that lies before them is told.
  const taken = await over('/2/tweets/compliance/stream', { start_time, end_time: behind })
  assert.ok(taken.lines.some(({ data }) => data?.delete?.tweet.id === id))
  assert.deepEqual((await over('/2/tweets/firehose/stream', { start_time, end_time })).ids(), all)
  assert.match((await acme.get('/2/tweets/firehose/stream', { start_time: end_time, end_time: start_time }, 400)).errors[0].message, /'end_time' must be later/)
  assert.match((await acme.get('/2/tweets/firehose/stream', { end_time: start_time }, 400)).errors[0].message, /begins, which is now/)
})

it('a stream begins at a time of the last 24 hours, when it is asked to', async () => {
  const post = (status) => alice.post('/api/v1/statuses', { status })
  const before = await post('before')
  await new Promise((resolve) => setTimeout(resolve, 1100))
  const start = new Date(Math.ceil(Date.now() / 1) + 1).toISOString()
  await new Promise((resolve) => setTimeout(resolve, 10))
  const behind = await post('behind')
  const open = await new Lines(server.base, token).open('/2/tweets/firehose/stream', { start_time: start })
  assert.equal(open.status, 200, JSON.stringify(open.body))
  await open.find(({ data }) => data?.id === behind.id)
  assert.equal(open.ids().includes(before.id), false)
  open.close()
  const hours = (n) => new Date(Date.now() + n * 3600e3).toISOString()
  for (const path of ['/2/tweets/firehose/stream', '/2/tweets/search/stream', '/2/tweets/compliance/stream', '/2/users/compliance/stream']) {
    for (const start_time of [hours(-25), hours(1)]) assert.match((await acme.get(path, { start_time }, 400)).errors[0].message, /in the last 24 hours/)
  }
  assert.match((await acme.get('/2/tweets/sample/stream', { start_time: start }, 400)).errors[0].message, /\[start_time\] is not one of/, "X's sample has none")
})
