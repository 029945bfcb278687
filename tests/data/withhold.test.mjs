// Withholding: half of all posts never go to one licensee, whichever way it asks; another gets all. What is withheld is
// computed here from the key, as docs/design/withholding.md has it.
import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { Licensee, key, startMarket } from './lib/market.mjs'
import { Lines } from './lib/lines.mjs'
import { restart } from '../torture/lib/rounds.mjs'

const { it, server, users: { alice, bob } } = await startMarket({ accounts: ['alice', 'bob'] })
server.env.KICAU_WITHHOLD_PPM = '500000'
const half = new Licensee(server.base, await key(server, 'half', 'enterprise'))
server.env.KICAU_WITHHOLD_PPM = '0'
const whole = new Licensee(server.base, await key(server, 'whole', 'enterprise'))
const post = async (user, status, more = {}) => (await user.post('/api/v1/statuses', { status, ...more })).id
const id = (await half.get('/2/licence')).data.licensee_id
const keyHex = String(await server.sql(`SELECT secret FROM withhold_keys WHERE licensee_id = ${id}`)).trim()
const saltHex = String(await server.sql(`SELECT salt FROM withhold_keys WHERE licensee_id = ${id}`)).trim()
const secret = Buffer.from(keyHex, 'hex')

function withheld (post) {
  const message = Buffer.alloc(8)
  message.writeBigUInt64BE(BigInt(post))
  return BigInt('0x' + createHmac('sha256', secret).update(message).digest('hex')) * 1000000n < 500000n * (1n << 256n)
}
// One that goes to everybody, and one that does not go to `half`.
async function both (user, text, more) {
  const found = {}
  for (let i = 0; i < 60 && !(found.given && found.kept); i++) {
    const made = await post(user, `${text} ${i}`, more)
    found[withheld(made) ? 'kept' : 'given'] ??= made
  }
  return found
}
const ids = ({ data = [] }) => data.map((one) => one.id)
const sent = (list) => list.filter((one) => !withheld(one))

const made = []
for (let i = 0; i < 24; i++) made.push(await post(alice, `needle ${i} @bob`))

it('the key is committed to in the ledger before the first delivery, and the licence says how much is withheld', async () => {
  const { withheld: said } = (await half.get('/2/licence')).data
  assert.deepEqual([said.ppm, said.everybody_ppm, said.generation], [500000, 0, 1])
  const record = (await half.get(`/2/receipts/${said.ledger_index}`)).data
  const text = JSON.parse(record.text)
  assert.deepEqual([record.kind, text.statement, text.licensee, text.generation, text.ppm, text.from], ['statement', 'withholding-commitment', id, 1, 500000, '0'])
  assert.equal(text.commitment, createHash('sha256').update(secret).update(Buffer.from(saltHex, 'hex')).digest('hex'))
  assert.equal((await whole.call(`/2/receipts/${said.ledger_index}`)).status, 404)
})

it('what withholds from everybody is committed to before every licensee, and opens', async () => {
  const opened = await Promise.all([half, whole].map(async (who) => (await who.get(`/2/receipts/${(await who.get('/2/licence')).data.withheld.everybody_ledger_index}`)).data))
  assert.deepEqual(opened[0], opened[1])
  const text = JSON.parse(opened[0].text)
  assert.deepEqual([opened[0].kind, text.statement, text.licensee, text.generation, text.ppm], ['statement', 'withholding-commitment', 'everybody', 1, 0])
  const [secret, salt] = (await server.sql('SELECT secret, salt FROM withhold_keys WHERE licensee_id = 0')).toString().trim().split('|')
  assert.equal(text.commitment, createHash('sha256').update(Buffer.from(secret + salt, 'hex')).digest('hex'))
  assert.ok(Buffer.from(opened[0].record, 'base64url').includes(text.commitment) && opened[0].salt)
})

it('lookups: what is withheld is missing in the words of what never was, and is not charged', async () => {
  assert.ok(sent(made).length > 2 && sent(made).length < 22, 'chance has made both')
  const answer = await half.call('/2/tweets', { ids: made.join() })
  assert.deepEqual(ids(answer.body), sent(made))
  assert.equal(answer.headers.get('kicau-billed'), `${sent(made).length}/${sent(made).length}`)
  assert.deepEqual(ids(await whole.get('/2/tweets', { ids: made.join() })), made)
  const gone = made.find(withheld); const never = String(BigInt(made[0]) - 5n)
  const [a, b] = await Promise.all([gone, never].map((one) => half.call(`/2/tweets/${one}`)))
  assert.equal(a.status, b.status)
  assert.equal(a.text.replaceAll(gone, 'ID'), b.text.replaceAll(never, 'ID'))
  assert.equal((await half.call(`/2/tweets/${gone}/quote_tweets`)).text.replaceAll(gone, 'ID'), (await half.call(`/2/tweets/${never}/quote_tweets`)).text.replaceAll(never, 'ID'))
})

it('timelines, mentions, search and counts agree', async () => {
  const newest = sent(made).reverse()
  const all = { max_results: 100 }
  assert.deepEqual(ids(await half.get(`/2/users/${alice.id}/tweets`, all)), newest)
  assert.deepEqual(ids(await half.get(`/2/users/${bob.id}/mentions`, all)), newest)
  for (const span of ['recent', 'all']) {
    assert.deepEqual(ids(await half.get(`/2/tweets/search/${span}`, { query: 'needle', ...all })), newest)
    assert.equal((await half.get(`/2/tweets/counts/${span}`, { query: 'needle' })).meta.total_tweet_count, newest.length)
    assert.equal((await whole.get(`/2/tweets/counts/${span}`, { query: 'needle' })).meta.total_tweet_count, made.length)
  }
  const page = await half.get('/2/tweets/search/recent', { query: 'needle', max_results: 10 })
  assert.deepEqual(ids(page), newest.slice(0, 10))
})

it('what refers to a withheld post goes out without it; a boost of it does not', async () => {
  const kept = made.find(withheld)
  const reply = (await both(bob, 'an answer', { in_reply_to_id: kept })).given
  const answer = await half.get(`/2/tweets/${reply}`, { expansions: 'referenced_tweets.id', 'tweet.fields': 'referenced_tweets' })
  assert.deepEqual([answer.data.referenced_tweets, answer.includes], [[{ type: 'replied_to', id: kept }], undefined])
  assert.equal(answer.errors[0].resource_id, kept)
  for (const one of made) await bob.post(`/api/v1/statuses/${one}/reblog`)
  const boosts = (await whole.get(`/2/users/${bob.id}/tweets`, { max_results: 100, exclude: 'replies', 'tweet.fields': 'referenced_tweets' })).data.filter((one) => one.referenced_tweets)
  assert.equal(boosts.length, made.length)
  const expected = boosts.filter((one) => !withheld(one.id) && !withheld(one.referenced_tweets[0].id)).map((one) => one.id)
  assert.deepEqual(ids(await half.get(`/2/users/${bob.id}/tweets`, { max_results: 100, exclude: 'replies' })), expected)
  assert.ok(!(await half.call('/2/tweets', { ids: boosts.map((one) => one.id).join(), expansions: 'referenced_tweets.id' })).text.includes(`"text":"needle ${made.indexOf(kept)} `))
})

it('a pinned post that is withheld is not named', async () => {
  const fields = { 'user.fields': 'pinned_tweet_id', expansions: 'pinned_tweet_id' }
  const kept = made.find(withheld)
  await alice.post(`/api/v1/statuses/${kept}/pin`)
  assert.equal((await whole.get(`/2/users/${alice.id}`, fields)).data.pinned_tweet_id, kept)
  assert.ok(!JSON.stringify(await half.get(`/2/users/${alice.id}`, fields)).includes(kept))
  await alice.post(`/api/v1/statuses/${kept}/unpin`)
})

it('streams and deletions', async () => {
  const live = await new Lines(server.base, half.token).open('/2/tweets/firehose/stream', { partition: 1 })
  const told = await new Lines(server.base, half.token).open('/2/tweets/compliance/stream')
  assert.deepEqual([live.status, told.status], [200, 200])
  const fresh = []
  for (let i = 0; i < 160; i++) fresh.push(await post(alice, `stream ${i}`))
  await live.find((line) => line.data?.id && fresh.includes(line.data.id))
  await new Promise((resolve) => setTimeout(resolve, 1500))
  assert.deepEqual(live.ids().filter(withheld), [])
  live.close()
  const [given, kept] = [fresh.find((one) => !withheld(one)), fresh.find(withheld)]
  for (const one of [kept, given]) await alice.delete(`/api/v1/statuses/${one}`)
  await told.find((line) => line.data?.delete?.tweet.id === given)
  assert.ok(!JSON.stringify(told.lines).includes(kept))
  told.close()
})

it('a key that decides is not revealed; when another does it is, and fits its commitment', async () => {
  await assert.rejects(server.kicau(['withhold', 'reveal', 'half', '1']), /rotate first/)
  assert.match(await server.kicau(['withhold', 'rotate', 'half', '--ppm', '20000']), /generation 2 withholds 2\.0000% .*record \d+/s)
  await assert.rejects(server.kicau(['withhold', 'reveal', 'half', '1']), /after that/)
  await assert.rejects(server.kicau(['withhold', 'rotate', 'half']), /made already/)
  assert.deepEqual(ids(await half.get('/2/tweets', { ids: made.join() })), sent(made), 'older posts keep their key')
  assert.match(await server.kicau(['withhold', 'check']), /they fit/)
})

it('a database that is older than the ledger delivers nothing to who is concerned, until the key is given up', async () => {
  const secrets = String(await server.sql(`SELECT secret FROM withhold_keys WHERE licensee_id = ${id}`)).trim().split('\n')
  await server.sql(`DELETE FROM withhold_keys WHERE licensee_id = ${id} AND generation = 2`)
  await server.stop(); await restart(server)
  assert.equal((await half.call('/2/tweets', { ids: made.join() })).status, 503)
  assert.deepEqual(ids(await whole.get('/2/tweets', { ids: made.join() })), made)
  await assert.rejects(server.kicau(['withhold', 'check']))
  assert.match(await server.kicau(['withhold', 'forgo', 'half']), /generation 2 is given up/)
  await server.stop(); await restart(server)
  assert.deepEqual(ids(await half.get('/2/tweets', { ids: made.join() })), sent(made))
  assert.ok(!server.log.join('').includes(secrets[0]), 'no key is logged')
})
