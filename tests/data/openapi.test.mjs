// The OpenAPI document: a validator finds nothing wrong with it, a generator makes a client of it that works, and real answers
// of every endpoint under /2/ are what it says, to the last member and header.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { validate } from '@readme/openapi-parser'
import createClient from 'openapi-fetch'
import openapiTS, { astToString } from 'openapi-typescript'
import ts from 'typescript'
import { file } from '../api/lib/http.mjs'
import { ffmpeg, film, h264 } from '../api/lib/films.mjs'
import { png } from '../api/lib/png.mjs'
import { until } from '../api/lib/server.mjs'
import { Lines } from './lib/lines.mjs'
import { key, Licensee, startMarket } from './lib/market.mjs'
import { restart, useLastMonth } from './lib/months.mjs'
import { Judge } from './lib/openapi.mjs'

const { it, server, users: { alice, bob } } = await startMarket({ accounts: ['alice', 'bob'], env: { KICAU_RATE_LIMITS: 'on' } })
const token = await key(server, 'everything', 'enterprise')
const document = await (await fetch(`${server.base}/api/openapi.json`)).json()
const rows = JSON.parse(await server.kicau(['routes', '--json'])).filter(({ path }) => path.startsWith('/2/'))
const template = (path) => path.replace(/:([a-z]+)/g, '{$1}')
const operation = ({ method, path }) => document.paths[template(path)][method.toLowerCase()]
const resolve = (object) => object.$ref ? object.$ref.slice(2).split('/').reduce((at, part) => at[part], document) : object
const judge = new Judge(document)
const post = (user, status, more = {}) => user.post('/api/v1/statuses', { status, ...more })

// An answer, judged.
async function ask (method, path, { params = {}, body, status = 200, who = token, headers = {} } = {}) {
  const query = new URLSearchParams(params).toString()
  const response = await fetch(`${server.base}${path}${query ? `?${query}` : ''}`, {
    method, headers: { Authorization: `Bearer ${who}`, ...(body ? { 'Content-Type': 'application/json' } : {}), ...headers }, ...(body ? { body: JSON.stringify(body) } : {})
  })
  const type = response.headers.get('content-type') ?? ''
  const text = /json/.test(type) && !/ndjson/.test(type) ? await response.json() : await response.arrayBuffer()
  const answer = { status: response.status, headers: response.headers, body: response.status === 304 ? null : text }
  assert.equal(response.status, status, `${method} ${path}: ${JSON.stringify(text)}`)
  judge.answer(method, path, answer)
  return answer.body
}
const get = (path, params, more) => ask('GET', path, { params, ...more })

it('the document is valid, and says of each endpoint under /2/ what its row says', async () => {
  assert.deepEqual(await validate(structuredClone(document)), { valid: true, warnings: [], specification: 'OpenAPI' })
  const ids = Object.values(document.paths).flatMap((path) => Object.values(path).map(({ operationId }) => operationId))
  assert.equal(new Set(ids).size, ids.length, 'names of functions are there once')
  assert.ok(rows.length > 35)
  for (const row of rows) {
    const { security, parameters, responses, requestBody } = operation(row)
    const what = `${row.method} ${row.path}`
    assert.deepEqual(security, row.auth === 'licensee' ? [{ key: [] }] : [], what)
    const named = parameters.map(resolve).filter((one) => one.in !== 'header').concat(Object.keys(requestBody?.content['application/json']?.schema.properties ?? {}).map((name) => ({ name })))
    assert.deepEqual(named.map(({ name }) => name).sort(), row.params.map(({ name }) => name).sort(), what)
    for (const { name, choices } of row.params.filter((one) => one.choices && row.body === 'none')) {
      const { schema } = named.find((one) => one.name === name)
      assert.deepEqual((schema.items ?? schema).enum, choices, `${what} ${name}`)
    }
    for (const status of ['400', '401', '403', '404', '429', '503', ...(row.meter === 'free' || row.path.endsWith('/stream') ? [] : ['402'])]) {
      if (row.auth === 'licensee') assert.deepEqual(Object.keys(resolve(responses[status]).content), ['application/problem+json'], `${what} ${status}`)
    }
    assert.ok(responses['200'].content || row.method === 'PUT', `${what} says what it answers`)
    const schema = responses['200'].content?.['application/json']?.schema
    if (schema) assert.ok(resolve(schema).properties, `${what}: ${schema.$ref} is hollow`)
  }
  const ids100 = document.paths['/2/tweets'].get.parameters.find(({ name }) => name === 'ids')
  assert.deepEqual([ids100.schema.maxItems, ids100.explode, ids100.schema.items.pattern], [100, false, '^[0-9]{1,19}$'])
  const inQuery = (path) => document.paths[path].post.parameters.map(({ name }) => name)
  assert.deepEqual([inQuery('/2/tweets/search/stream/rules'), inQuery('/2/compliance/jobs')], [['delete_all', 'dry_run'], ['compliance_job.fields']], "where X has them")
  const step = document.paths['/2/tweets/counts/all'].get.parameters.find(({ name }) => name === 'granularity')
  assert.equal(step.schema.default, 'hour')
  const results = document.paths['/2/tweets/search/all'].get.parameters.find(({ name }) => name === 'max_results')
  assert.deepEqual([results.schema.minimum, results.schema.maximum, results.schema.default], [10, 500, 10])
})

it('a generator makes a client of it whose types are kept, and which works', async () => {
  const folder = mkdtempSync(join(dirname(fileURLToPath(import.meta.url)), 'generated-'))
  try {
    writeFileSync(join(folder, 'kicau.ts'), astToString(await openapiTS(JSON.stringify(document))))
    writeFileSync(join(folder, 'use.ts'), `
import createClient from 'openapi-fetch'
import type { paths } from './kicau'
const client = createClient<paths>({ baseUrl: 'https://kicau.example' })
export async function good (): Promise<string[]> {
  const { data, error } = await client.GET('/2/tweets', { params: { query: { ids: ['1'], 'tweet.fields': ['created_at', 'public_metrics'], expansions: ['author_id'] } } })
  if (!data) throw new Error(error.detail)
  const rules = await client.POST('/2/tweets/search/stream/rules', { body: { add: [{ value: 'cats', tag: 'c' }] } })
  const quote = await client.POST('/2/quote', { body: { path: '/2/tweets?ids=1' } })
  const left: number | null | undefined = quote.data?.data.month_remaining
  return [...(data.data ?? []).map((tweet) => tweet.text + (tweet.public_metrics?.like_count ?? 0)), ...(data.includes?.users ?? []).map((user) => user.username), rules.data?.data?.[0]?.id ?? '', String(left)]
}
export const wrong = [
  client.GET('/2/tweets', { params: { query: { ids: ['1'], 'tweet.fields': ['colour'] } } }),
  client.GET('/2/tweets', { params: { query: {} } }),
  client.GET('/2/users/{id}', { params: { path: { id: '1' }, query: { expansions: ['author_id'] } } }),
  client.POST('/2/quote', { body: { posts: 'many' } }),
  client.GET('/2/licence').then(({ data }) => data?.data.colour)
]
`)
    const program = ts.createProgram([join(folder, 'use.ts')], { strict: true, noEmit: true, skipLibCheck: true, types: [], target: ts.ScriptTarget.ES2022, lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'], module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler })
    const wrong = ts.getPreEmitDiagnostics(program).map((one) => one.file.text.split('\n')[one.file.getLineAndCharacterOfPosition(one.start).line].trim().slice(0, 30))
    assert.deepEqual(wrong, ["client.GET('/2/tweets', { para", "client.GET('/2/tweets', { para", "client.GET('/2/users/{id}', { ", "client.POST('/2/quote', { body", "client.GET('/2/licence').then("])
  } finally {
    rmSync(folder, { recursive: true })
  }
  const made = await post(alice, 'through a generated client')
  const client = createClient({ baseUrl: server.base, headers: { Authorization: `Bearer ${token}` }, querySerializer: { array: { style: 'form', explode: false } } })
  const { data } = await client.GET('/2/tweets', { params: { query: { ids: [made.id, '17'], 'tweet.fields': ['created_at', 'author_id'], expansions: ['author_id'] } } })
  assert.deepEqual([data.data[0].author_id, data.includes.users[0].username, data.errors[0].value], [alice.id, 'alice', '17'])
  const { data: one } = await client.GET('/2/tweets/{id}', { params: { path: { id: made.id } } })
  assert.equal(one.data.text, 'through a generated client')
  const { error } = await client.GET('/2/users', { params: { query: { ids: ['x'] } } })
  assert.equal(error.status, 400)
})

// Everything that may be asked for, by the document's own lists.
const names = (name) => document.components.parameters[name].schema.items.enum.join()
const FIELDS = { 'tweet.fields': names('tweet_fields'), 'user.fields': names('user_fields') }
const WHOLE = { ...FIELDS, 'media.fields': names('media_fields'), 'poll.fields': names('poll_fields'), 'place.fields': names('place_fields'), expansions: names('expansions') }
const PEOPLE = { ...FIELDS, expansions: names('expansions_2') }

it('posts and people', async () => {
  const upload = async (bytes, type, name, description) => {
    const { body: made } = await alice.call('POST', '/api/v2/media', { multipart: { file: file(bytes, type, name), ...(description ? { description } : {}) } })
    return (await until(`${name} is ready`, async () => { const now = await alice.get(`/api/v1/media/${made.id}`); return now.url && now }, { timeout: 60000 })).id
  }
  const gif = ffmpeg('moving.gif', '-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=5:duration=1')
  const pictures = await post(alice, 'look', { media_ids: [await upload(png(40, 30), 'image/png', 'a.png', 'a square')] })
  const films = [await post(alice, 'a film', { media_ids: [await upload(film('c.mp4', { size: '64x48', args: h264 }), 'video/mp4', 'c.mp4')] }), await post(alice, 'it moves', { media_ids: [await upload(gif, 'image/gif', 'd.gif')] })]
  const first = await post(alice, `first #birds https://www.example.org/a and @bob ${'long '.repeat(60)}`, { language: 'en', spoiler_text: 'careful' })
  const poll = await post(bob, 'which?', { poll: { options: ['a', 'b'], expires_in: 3600 } })
  const reply = await post(bob, '@alice yes', { in_reply_to_id: first.id })
  const quote = await post(bob, 'see this', { quoted_status_id: first.id })
  const boost = await bob.post(`/api/v1/statuses/${first.id}/reblog`)
  await alice.put(`/api/v1/statuses/${first.id}`, { status: `first, changed #birds https://www.example.org/a and @bob ${'long '.repeat(60)}`, spoiler_text: 'careful' })
  await alice.post(`/api/v1/statuses/${first.id}/pin`)
  await alice.call('PATCH', '/api/v1/accounts/update_credentials', { multipart: { note: 'I like #birds and @bob, see https://example.org', avatar: file(png(64, 64), 'image/png', 'a.png'), header: file(png(64, 64), 'image/png', 'b.png'), 'fields_attributes[0][name]': 'web', 'fields_attributes[0][value]': 'https://example.org/me' } })
  await bob.post(`/api/v1/accounts/${alice.id}/follow`)
  const all = await get('/2/tweets', { ids: [pictures, ...films, first, poll, reply, quote, boost].map(({ id }) => id).concat('17').join(), ...WHOLE })
  assert.deepEqual([all.data.length, all.errors.length, all.includes.media.length, all.includes.polls.length], [8, 1, 3, 1])
  const had = (objects) => [...new Set(objects.flatMap((one) => Object.keys(one)))]
  const lacking = (schema, objects) => Object.keys(document.components.schemas[schema].properties).filter((name) => !had(objects).includes(name))
  assert.deepEqual(lacking('Tweet', all.data), ['source'].filter((name) => !had(all.data).includes(name)), 'every member was seen')
  assert.deepEqual(lacking('Media', all.includes.media), [])
  assert.deepEqual(lacking('TweetPoll', all.includes.polls), [])
  const { data: [person] } = await get('/2/users', { ids: [alice.id, '17'].join(), ...PEOPLE })
  assert.deepEqual(lacking('User', [person]), [])
  assert.deepEqual(lacking('UserEntities', [person.entities]), [])
  await get(`/2/tweets/${first.id}`, WHOLE)
  await get('/2/tweets/17')
  await get(`/2/tweets/${first.id}/quote_tweets`, WHOLE)
  await get(`/2/tweets/${first.id}/retweeted_by`, PEOPLE)
  await get('/2/users/by', { usernames: 'alice,nobody', ...PEOPLE })
  await get('/2/users/by/username/alice', PEOPLE)
  await get(`/2/users/${bob.id}`, PEOPLE)
  await get(`/2/users/${alice.id}/followers`, PEOPLE)
  await get(`/2/users/${bob.id}/following`, PEOPLE)
  for (let i = 0; i < 6; i++) await post(bob, `@alice number ${i}`)
  for (const [user, list] of [[bob, 'tweets'], [alice, 'mentions']]) {
    const { meta } = await get(`/2/users/${user.id}/${list}`, { max_results: 5, ...WHOLE })
    const second = await get(`/2/users/${user.id}/${list}`, { max_results: 5, pagination_token: meta.next_token })
    assert.ok(second.meta.previous_token)
  }
  for (const reach of ['recent', 'all']) {
    assert.ok((await get(`/2/tweets/search/${reach}`, { query: 'number', ...WHOLE })).data.length)
    await get(`/2/tweets/counts/${reach}`, { query: 'number' })
  }
})

const opened = []
async function stream (path, params = {}) {
  const one = await new Lines(server.base, token).open(path, params)
  opened.push(one)
  return one
}

it('streams, rules, and what must be done with copies', async () => {
  const rules = '/2/tweets/search/stream/rules'
  const made = await ask('POST', rules, { body: { add: [{ value: 'lapwing', tag: 'birds' }, { value: '(oops' }] }, status: 201 })
  await ask('POST', rules, { body: { add: [{ value: 'lapwing' }] } })
  await get(rules)
  const streams = { '/2/tweets/search/stream': WHOLE, '/2/tweets/firehose/stream': WHOLE, '/2/tweets/sample/stream': { backfill_minutes: 5 }, '/2/tweets/compliance/stream': {}, '/2/users/compliance/stream': {} }
  for (const [path, params] of Object.entries(streams)) streams[path] = await stream(path, params)
  const { id } = await post(alice, 'a lapwing @bob'); const edited = await post(alice, 'a tpyo')
  await alice.put(`/api/v1/statuses/${edited.id}`, { status: 'a typo' })
  await streams['/2/tweets/search/stream'].find(({ data, kicau }) => data?.id === id && kicau)
  await streams['/2/tweets/firehose/stream'].find(({ data }) => data?.id === edited.id)
  await alice.delete(`/api/v1/statuses/${id}`)
  await bob.patch('/api/v1/accounts/data_licence', { commercial: false })
  await bob.patch('/api/v1/accounts/data_licence', { commercial: true })
  await streams['/2/tweets/compliance/stream'].find(({ data }) => data?.user_unprotect)
  await streams['/2/users/compliance/stream'].find(({ data }) => data?.user_unprotect)
  // One in a hundred: as many posts as it takes.
  const sample = streams['/2/tweets/sample/stream']
  for (let i = 0; i < 40 && !sample.lines.length; i++) await Promise.all(Array.from({ length: 25 }, (_, k) => post(k % 2 ? alice : bob, `one of many, ${i} ${k}`)))
  await sample.find(({ data }) => data)
  for (const [path, { headers, lines }] of Object.entries(streams)) judge.answer('GET', path, { status: 200, headers, body: lines })
  for (const one of opened) one.close()
  await ask('POST', rules, { body: { delete: { ids: [made.data[0].id, '17'] } } })
  const { event_id: event } = streams['/2/tweets/compliance/stream'].lines[0].kicau
  server.sql('UPDATE compliance_events SET at = at - 90000000')
  await get(`/2/tweets/${edited.id}`)
  assert.ok((await get('/2/compliance/unacknowledged')).data.length)
  await ask('POST', '/2/compliance/ack', { body: { event_ids: [event] } })
})

const indexes = []
it('jobs and exports, with their files', async () => {
  const { data: job } = await ask('POST', '/2/compliance/jobs', { body: { type: 'tweets', name: 'mine' } })
  await fetch(job.upload_url, { method: 'PUT', body: '17\n' })
  await until('the job is done', async () => (await get(`/2/compliance/jobs/${job.id}`)).data.status === 'complete')
  await get('/2/compliance/jobs', { type: 'tweets' })
  await get(new URL(job.download_url).pathname)
  const { data: made } = await ask('POST', '/2/exports', { body: { query: 'number', name: 'numbers', 'tweet.fields': 'id,created_at' }, status: 201 })
  const { files } = await until('the export is done', async () => { const { data } = await get(`/2/exports/${made.id}`); return data.status === 'complete' && data })
  indexes.push(...files[0].batches.map(({ ledger_index: index }) => index))
  assert.ok(indexes.length)
  await get('/2/exports')
  await get(new URL(files[0].url).pathname)
})

it('the licence, quotes, usage, receipts and money', async () => {
  await get('/2/licence')
  await get('/2/usage/tweets', { 'usage.fields': 'daily_project_usage,daily_client_app_usage' })
  await ask('POST', '/2/quote', { body: { path: '/2/tweets/search/recent?query=number' } })
  await ask('POST', '/2/quote', { body: { post_ids: ['17'] } })
  await ask('POST', '/2/quote', { body: { posts: 5 }, who: await key(server, 'without money', 'pay-per-use') })
  for (const index of indexes) await get(`/2/receipts/${index}`)
  await server.kicau(['plan', 'set', 'metered', 'month=31', 'post=0.005', 'uses=search', 'rate_account=1000'])
  const who = await key(server, 'invoiced', 'metered')
  const { data: { licensee_id: id } } = await get('/2/licence', {}, { who })
  await server.stop() // it would book days before what was read on them is written
  useLastMonth(server, id)
  await restart(server)
  const { data: [invoice] } = await until('there is an invoice', async () => { const list = await get('/2/invoices', { max_results: 1 }, { who }); return list.data.length && list })
  for (const ending of ['', '.json', '.html', '.pdf']) await get(`/2/invoices/${invoice.number}${ending}`, {}, { who })
  await get('/2/credits/portal', {}, { status: 404 })
  await ask('POST', '/2/credits', { body: { amount: '12' }, status: 404 })
})

it('refusals are problems, of every status that is documented but 503; what has not changed is a 304', async () => {
  const made = await post(alice, 'worth two reads')
  const first = await fetch(`${server.base}/2/tweets/${made.id}`, { headers: { Authorization: `Bearer ${token}` } })
  await get(`/2/tweets/${made.id}`, {}, { status: 304, headers: { 'If-None-Match': first.headers.get('etag') } })
  await get('/2/tweets', { ids: 'x' }, { status: 400 })
  await get('/2/tweets', { ids: '1', foo: 1 }, { status: 400 })
  await get('/2/tweets', { ids: '1' }, { status: 401, who: 'wrong' })
  await get('/2/tweets', { ids: made.id }, { status: 402, who: await key(server, 'poor', 'pay-per-use') })
  await get('/2/tweets/firehose/stream', {}, { status: 403, who: await key(server, 'small', 'free') })
  await get('/2/receipts/99999999', {}, { status: 404 })
  await server.kicau(['plan', 'set', 'slow', 'uses=search', 'rate_lookup=1', 'included=10', 'rate_account=1'])
  const slow = await key(server, 'slow', 'slow')
  await get('/2/tweets', { ids: '17' }, { who: slow })
  await get('/2/tweets', { ids: '17' }, { who: slow, status: 429 })
})

it('an answer of every endpoint was judged', () => {
  const judgedRows = [...judge.seen].map((one) => one.replace(/ \d+$/, ''))
  assert.deepEqual(rows.filter(({ method, path }) => !judgedRows.includes(`${method} ${template(path)}`)).map(({ method, path }) => `${method} ${path}`), ['PUT /2/compliance/files/:licensee/:id/:secret/upload'])
})

it('the judge is one', () => {
  const headers = new Headers({ 'content-type': 'application/json', 'x-request-id': '1', 'kicau-cost': '0', 'kicau-billed': '0/0', 'kicau-balance': '0' })
  const tweet = { id: '17', text: '', edit_history_tweet_ids: ['17'] }
  const wrong = (body, more = {}) => assert.throws(() => judge.answer('GET', '/2/tweets/17', { status: 200, headers, body, ...more }), JSON.stringify(body))
  judge.answer('GET', '/2/tweets/17', { status: 200, headers, body: { data: tweet } })
  for (const change of [{ colour: 'red' }, { id: 17 }, { text: undefined }, { reply_settings: 'somebody' }, { created_at: 'yesterday' }, { kicau: { url: 'https://x.example' } }]) wrong({ data: { ...tweet, ...change } })
  wrong({ data: [tweet] })
  wrong({ data: tweet }, { status: 299 })
  wrong({ data: tweet }, { headers: new Headers({ 'content-type': 'application/json' }) })
})
