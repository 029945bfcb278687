// Withholding by every way out: exports, streams, lists of ids, what is due, sums and prices; a key of everybody with a rate; and a
// rotation, after which the old keys are told and anybody can compute what they withheld. The clock of the server is moved.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash, createHmac } from 'node:crypto'
import { until } from '../api/lib/server.mjs'
import { Clock } from './lib/clock.mjs'
import { Lines } from './lib/lines.mjs'
import { key, Licensee, startMarket } from './lib/market.mjs'

const PPM = 1000000n
const EVERYBODY = '0'
const PRICE = 1000
const CEILING = 100000
const clock = new Clock()
const { it, server, anyone, users: { alice, bob } } = await startMarket({ accounts: ['alice', 'bob'], env: { ...clock.env, KICAU_WITHHOLD_EVERYBODY_PPM: '300000' } })
await server.kicau(['plan', 'set', 'enterprise', 'included=0', 'post=0.001', `ceiling=${CEILING}`])
async function buyer (name, ppm) {
  server.env.KICAU_WITHHOLD_PPM = ppm
  const one = new Licensee(server.base, await key(server, name, 'enterprise'))
  one.id = (await one.get('/2/licence')).data.licensee_id
  one.name = name
  return one
}
const half = await buyer('half', '500000')
const whole = await buyer('whole', '0')
const both = [half, whole]

// ---- what is withheld, computed here ----

const draw = (secret, post) => {
  const message = Buffer.alloc(8)
  message.writeBigInt64BE(BigInt(post))
  return BigInt('0x' + createHmac('sha256', Buffer.from(secret, 'hex')).update(message).digest('hex')) * PPM >> 256n
}
const rows = (query) => String(server.sql(query)).trim().split('\n').filter(Boolean).map((line) => line.split('|'))
const generations = () => rows('SELECT licensee_id, generation, ppm, from_id, secret, salt FROM withhold_keys ORDER BY licensee_id, generation')
  .map(([owner, number, ppm, from, secret, salt]) => ({ owner, number, ppm: BigInt(ppm), from: BigInt(from), secret, salt }))
let keys = generations()
function by (owner, post) {
  const one = keys.findLast((k) => k.owner === owner && k.from <= BigInt(post))
  return draw(one.secret, post) < one.ppm
}
const kind = (post) => by(EVERYBODY, post) ? 'none' : by(half.id, post) ? 'whole' : 'both' // who gets it
const goes = (who, post) => kind(post) === 'both' || (kind(post) === 'whole' && who === whole)
const given = (who, list) => list.filter((post) => goes(who, post))

const ids = ({ data = [] }) => data.map((one) => one.id)
const post = async (text) => (await alice.post('/api/v1/statuses', { status: text })).id
const posts = async (n, text) => { const made = []; for (let i = 0; i < n; i++) made.push(await post(`${text} ${i}`)); return made }
const all = () => rows('SELECT id FROM posts WHERE visibility = 0 AND boost_of IS NULL ORDER BY id').map(([id]) => id)
async function send (who, path, body, status) {
  const response = await fetch(server.base + path, { method: 'POST', headers: { Authorization: `Bearer ${who.token}`, 'Content-Type': 'application/json' }, body: JSON.stringify(body) })
  const text = await response.text()
  assert.equal(response.status, status, text)
  return JSON.parse(text)
}

const made = await posts(40, 'needle')
const live = [] // made while streams are read

// One in a hundred is in the sample (dataapi/pump.c): posts of half a minute ago with ids that are, some of each kind.
const WORD = (1n << 64n) - 1n
function sampled (id) {
  let x = BigInt(id)
  x = ((x ^ x >> 30n) * 0xbf58476d1ce4e5b9n) & WORD
  x = ((x ^ x >> 27n) * 0x94d049bb133111ebn) & WORD
  return (x ^ x >> 31n) % 100n === 0n
}
const columns = rows("SELECT name FROM pragma_table_info('posts')").flat()
function copy (id) {
  const values = columns.map((name) => name === 'id' || name === 'thread_id' ? id : name === 'created_at' ? BigInt(id) >> 16n : name === 'uri' || name === 'url' ? `replace(${name}, '${made[0]}', '${id}')` : `"${name}"`)
  server.sql(`INSERT INTO posts ("${columns.join('", "')}") SELECT ${values.join()} FROM posts WHERE id = ${made[0]}`)
}
for (let id = BigInt(Date.now() - 30000) << 16n, left = ['none', 'whole', 'none', 'whole', 'both', 'none', 'whole', 'both']; left.length; id++) {
  if (!sampled(id) || kind(id) !== left[0]) continue
  copy(String(id))
  left.shift()
}

async function exported (who, ask) {
  const { data } = await send(who, '/2/exports', ask, 201)
  return until('the export', async () => {
    const job = (await who.get(`/2/exports/${data.id}`)).data
    return job.status === 'complete' && job
  }, { timeout: 30000 })
}
async function linesOf (who, { files }) {
  const text = []
  for (const file of files) {
    const bytes = Buffer.from(await (await fetch(file.url, { headers: { Authorization: `Bearer ${who.token}` } })).arrayBuffer())
    assert.deepEqual([bytes.length, createHash('sha256').update(bytes).digest('hex')], [file.bytes, file.sha256])
    const lines = execFileSync('zstd', ['-dcq'], { input: bytes, encoding: 'utf8' }).trim().split('\n')
    assert.equal(lines.length, file.lines)
    text.push(...lines)
  }
  return text.map((line) => JSON.parse(line))
}

it('there are posts for nobody, for one, and for both', () => {
  for (const one of ['none', 'whole', 'both']) assert.ok(made.filter((id) => kind(id) === one).length > 1, one)
})

it('an export lacks them, and so do its numbers', async () => {
  for (const who of both) {
    const expected = given(who, all())
    for (const ask of [{}, { query: 'needle' }]) {
      const job = await exported(who, ask)
      assert.deepEqual((await linesOf(who, job)).map((line) => line.data.id), expected)
      assert.equal(job.lines, expected.length)
      assert.equal(job.files.reduce((sum, file) => sum + file.lines, 0), expected.length)
      assert.ok(!all().some((id) => !goes(who, id) && JSON.stringify(job).includes(id)))
    }
  }
})

it('what is used, what it costs and what is left count what was delivered', async () => {
  for (const who of both) {
    const n = given(who, all()).length
    await until('the sums', async () => {
      const { data, kicau: { days } } = await who.get('/2/usage/tweets')
      const sum = (name) => days.reduce((total, day) => total + day[name], 0)
      assert.deepEqual([data.project_usage, sum('posts_included') + sum('posts_extra'), sum('cost_micro')], [String(n), n, n * PRICE])
      return true
    })
    assert.equal((await who.call('/2/tweets', { ids: made.join() })).headers.get('kicau-billed'), `0/${given(who, made).length}`)
    const { data } = await send(who, '/2/quote', { posts: 100 }, 200)
    assert.deepEqual([data.allowed, data.cost_micro, data.month_remaining], [true, 100 * PRICE, CEILING - n])
    assert.equal((await send(who, '/2/quote', { posts: CEILING - n }, 200)).data.allowed, true)
    assert.equal((await send(who, '/2/quote', { posts: CEILING - n + 1 }, 200)).data.allowed, false)
  }
})

// A stream up to the last post that has to come: all before it have been judged then.
async function streamed (who, path, params, expected) {
  const open = await new Lines(server.base, who.token).open(path, params)
  assert.equal(open.status, 200, JSON.stringify(open.body))
  await open.find((line) => line.data?.id === expected.at(-1), 30)
  open.close()
  assert.deepEqual(open.ids(), expected, path)
}

it('streams lack them: by rules, the sample, and all; backwards, behind a post that never came, and live', async () => {
  for (const who of both) {
    await send(who, '/2/tweets/search/stream/rules', { add: [{ value: 'needle' }] }, 201)
    const back = { backfill_minutes: 5 }
    const expected = given(who, all())
    const some = expected.filter(sampled)
    assert.ok(some.length >= 2)
    await streamed(who, '/2/tweets/search/stream', back, expected)
    await streamed(who, '/2/tweets/sample/stream', back, some)
    await streamed(who, '/2/tweets/firehose/stream', back, expected)
    const cursor = made.find((id) => kind(id) === 'none')
    await streamed(who, '/2/tweets/firehose/stream', { cursor }, expected.filter((id) => BigInt(id) > BigInt(cursor)))
  }
  const open = await Promise.all(both.flatMap((who) => ['search', 'firehose'].map((path) => new Lines(server.base, who.token).open(`/2/tweets/${path}/stream`))))
  while (live.length < 10 || kind(live.at(-1)) !== 'both') live.push(await post('a needle, live'))
  for (const [i, one] of open.entries()) {
    await one.find((line) => line.data?.id === live.at(-1), 30)
    one.close()
    assert.deepEqual(one.ids(), given(both[i >> 1], live))
  }
})

const boosts = new Map() // boost → what it is of
let gone // deleted
it('a list of ids is answered as if they never were', async () => {
  const never = String(BigInt(made[0]) - 3n)
  for (const id of made.slice(0, 12)) boosts.set((await bob.post(`/api/v1/statuses/${id}/reblog`)).id, id)
  const list = [...made, never, ...boosts.keys()]
  for (const who of both) {
    const { data } = await send(who, '/2/compliance/jobs', { type: 'tweets' }, 200)
    assert.equal((await fetch(data.upload_url, { method: 'PUT', headers: { 'Content-Type': 'text/plain' }, body: list.join('\n') })).status, 200)
    const job = await until('the job', async () => {
      const one = (await who.get(`/2/compliance/jobs/${data.id}`)).data
      return one.status === 'complete' && one
    }, { timeout: 30000 })
    const lines = (await (await fetch(job.download_url)).text()).trim().split('\n').map((line) => JSON.parse(line))
    const missing = list.filter((id) => id === never || !goes(who, id) || (boosts.has(id) && !goes(who, boosts.get(id))))
    assert.deepEqual(lines, missing.map((id) => ({ id, action: 'delete', created_at: new Date(Number(BigInt(id) >> 16n)).toISOString(), reason: 'deleted' })))
  }
})

it('what is due lacks them, and authors see nobody who never got a post', async () => {
  gone = ['none', 'whole', 'both'].flatMap((one) => made.filter((id) => kind(id) === one).slice(0, 2))
  for (const id of boosts.values()) await bob.post(`/api/v1/statuses/${id}/unreblog`)
  for (const id of gone) await alice.delete(`/api/v1/statuses/${id}`)
  server.sql('UPDATE compliance_events SET at = at - 2 * 86400000')
  for (const who of both) {
    const told = (await who.get('/2/compliance/unacknowledged')).data.flatMap((one) => one.data.delete?.tweet.id ?? [])
    const expected = [...given(who, gone), ...[...boosts].filter((pair) => pair.every((id) => goes(who, id))).map(([id]) => id)]
    assert.deepEqual(told.sort(), expected.sort())
  }
  const holders = new Map((await alice.get('/api/v1/data_holders')).map((one) => [one.status_id, one.holders.map((holder) => holder.licensee).sort()]))
  for (const id of gone) assert.deepEqual(holders.get(id), both.filter((who) => goes(who, id)).map((who) => who.name), id)
})

it('what no licensee gets, people, their apps and pages show', async () => {
  const id = made.findLast((one) => kind(one) === 'none'); const never = String(BigInt(id) - 3n)
  const { content } = await alice.get(`/api/v1/statuses/${id}`)
  for (const who of both) {
    assert.equal((await who.get('/2/licence')).data.withheld.everybody_ppm, 300000)
    const [a, b] = await Promise.all([id, never].map((one) => who.call(`/2/tweets/${one}`)))
    assert.deepEqual([a.status, a.text.replaceAll(id, 'ID')], [b.status, b.text.replaceAll(never, 'ID')])
    const found = await who.get('/2/tweets/search/recent', { query: 'needle', max_results: 100 })
    assert.deepEqual(ids(found), given(who, [...made, ...live].filter((one) => !gone.includes(one))).reverse())
    assert.ok(!JSON.stringify(found).includes(id))
  }
  for (const person of [bob, anyone]) {
    assert.equal((await person.get(`/api/v1/statuses/${id}`)).content, content)
    assert.ok((await person.get(`/api/v1/accounts/${alice.id}/statuses?limit=40&min_id=${never}`)).some((one) => one.id === id))
    assert.ok((await person.get(`/api/v1/timelines/public?limit=40&min_id=${never}`)).some((one) => one.id === id))
  }
  const page = await fetch(`${server.base}/@alice/${id}`, { headers: { Accept: 'text/html' } })
  assert.equal(page.status, 200)
  assert.ok((await page.text()).includes(`needle ${made.indexOf(id)}`))
})

const receipt = async (who, index) => JSON.parse((await who.get(`/2/receipts/${index}`)).data.text)
// What the terms of a licensee said was withheld, in their order, up to an answer of now.
async function termsOf (who) {
  const bytes = Buffer.from((await who.call('/2/tweets', { ids: made.join() })).headers.get('kicau-receipt'), 'base64url')
  const said = []
  for (let index = bytes.readBigUInt64BE(1) + BigInt(bytes.readUInt32BE(13)); index >= 0n; index--) {
    const { body } = await who.call(`/2/receipts/${index}`)
    if (body.data?.kind === 'terms') said.unshift(JSON.parse(body.data.text).withheld)
  }
  return said
}

it('another key decides on newer posts alone; the old ones are told, and anybody computes what they withheld', async () => {
  const before = all().filter((id) => made.includes(id))
  const committed = (await half.get('/2/licence')).data.withheld.ledger_index
  await Promise.all([['half', '250000'], ['everybody', '0']].map(([name, ppm]) => server.kicau(['withhold', 'rotate', name, '--ppm', ppm])))
  await assert.rejects(server.kicau(['withhold', 'reveal', 'half', '1']), /after that/)
  const early = await posts(6, 'before the other key')
  clock.move(10 * 60000 + 2000)
  keys = generations()
  const later = await posts(30, 'by the other key')
  assert.deepEqual(keys.filter((k) => k.owner === half.id).map((k) => [k.number, k.ppm]), [['1', 500000n], ['2', 250000n]])
  const begin = keys.find((k) => k.owner === half.id && k.number === '2').from
  assert.ok(early.every((id) => BigInt(id) < begin) && later.every((id) => BigInt(id) >= begin))
  for (const who of both) for (const list of [before, early, later]) assert.deepEqual(ids(await who.get('/2/tweets', { ids: list.join() })), given(who, list))
  assert.deepEqual(given(whole, later), later)
  const { withheld } = (await half.get('/2/licence')).data
  assert.deepEqual([withheld.ppm, withheld.everybody_ppm, withheld.generation], [250000, 0, 2])
  assert.deepEqual(await termsOf(half), [{ ppm: 500000, everybody_ppm: 300000 }, { ppm: 250000, everybody_ppm: 0 }], 'the terms say it before anything goes out by them')

  const told = async (name) => Object.fromEntries((await server.kicau(['withhold', 'reveal', name, '1'])).trim().split('\n').map((line) => line.split(/ {2,}/)))
  const [own, everybody] = await Promise.all(['half', 'everybody'].map(told))
  assert.deepEqual(await told('half'), own, 'once')
  await assert.rejects(server.kicau(['withhold', 'reveal', 'half', '2']), /rotate first/)
  const index = Number(own.revealed.split(' ')[1])
  const statement = await receipt(half, index)
  assert.deepEqual(statement, { statement: 'withholding-reveal', licensee: half.id, generation: 1, key: own.key, salt: own.salt })
  assert.equal((await whole.call(`/2/receipts/${index}`)).status, 404)
  for (const who of [half, whole]) assert.equal((await receipt(who, Number(everybody.revealed.split(' ')[1]))).key, everybody.key, 'told to all')
  const commitment = await receipt(half, committed)
  assert.equal(createHash('sha256').update(Buffer.from(own.key + own.salt, 'hex')).digest('hex'), commitment.commitment)
  // With what was told alone.
  const missing = before.filter((id) => draw(own.key, id) < BigInt(commitment.ppm) || draw(everybody.key, id) < 300000n)
  const got = new Set(ids(await half.get('/2/tweets', { ids: before.join() })))
  assert.deepEqual(before.filter((id) => !got.has(id)), missing)
  assert.match(await server.kicau(['withhold', 'check']), /5 keys, 5 commitments: they fit/)
  assert.match(await server.kicau(['withhold', 'status']), /revealed/)
  const log = await server.kicau(['moderation', 'log'])
  for (const line of ['rotate +withholding_key \\d+ half, generation 2', 'rotate +withholding_key 0 everybody, generation 2', 'reveal +withholding_key \\d+ half, generation 1', 'reveal +withholding_key 0 everybody, generation 1']) {
    assert.equal(log.match(new RegExp(line, 'g'))?.length, 1, log)
  }
}, { timeout: 180000 })
