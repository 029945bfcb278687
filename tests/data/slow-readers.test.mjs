// Readers of streams who take their time, stop, and read again: nothing is lost, nothing comes twice, nothing goes out that was
// taken back while it waited, and nothing is charged that was not handed over. What takes long runs at the same time.
import assert from 'node:assert/strict'
import { sleep, until } from '../api/lib/server.mjs'
import { agree, key, Licensee, startMarket } from './lib/market.mjs'
import { Raw } from './lib/raw.mjs'

const STUCK = 30000
const KEEP_ALIVE = 20000
const { it, server, users: { alice, carol } } = await startMarket({ accounts: ['alice', 'carol'], env: { KICAU_POST_CHARS: '65536' } })
const FIREHOSE = '/2/tweets/firehose/stream'
const post = async (user, status) => (await user.post('/api/v1/statuses', { status })).id
const reader = async (name) => { const one = new Raw(server, await key(server, name, 'enterprise')); one.api = new Licensee(server.base, one.token); return one }

// As much as several batches hold, more than sockets do; some lines are longer than a block of 64 KB.
const made = { alice: [], carol: [] }
for (let i = 0; i < 220; i++) {
  made.alice.push(await post(alice, `${i} ` + (i % 20 === 7 ? 'ä'.repeat(60000) : 'a'.repeat(7000))))
  if (i % 2) made.carol.push(await post(carol, `${i} ` + 'c'.repeat(2000)))
}
const idle = (await reader('idle')).open('/2/tweets/search/stream').read()
const stuck = (await reader('stuck')).open(FIREHOSE, { backfill_minutes: 5 })
const slow = (await reader('slow')).open(FIREHOSE, { backfill_minutes: 5 })
const began = Date.now()
const sips = (async () => { // a little at a time, for longer than somebody may be stuck
  while (slow.last !== made.alice.at(-1) && !slow.parse().whole) {
    await slow.sip(60000)
    await sleep(1000)
  }
  return Date.now() - began
})()

const ids = (lines) => lines.filter((line) => line.data).map((line) => line.data.id)
// The posts of lines that are in a batch with a receipt; a batch that was not whole has none, and is free.
function paid (lines) {
  const all = []
  let batch = []
  for (const line of lines) {
    if (line.data) batch.push(line.data.id)
    if (!line.kicau) continue
    all.push(...batch.slice(-Number(line.kicau.billed.split('/')[1])))
    batch = []
  }
  return all
}
const charged = async (one) => (await one.api.get('/2/usage/tweets')).kicau.days.reduce((sum, day) => sum + day.posts_included + day.posts_extra, 0)
const isCharged = (one, lines) => until(`${new Set(paid(lines)).size} are charged`, async () => await charged(one) === new Set(paid(lines)).size)

it('what is deleted, edited or withdrawn while it waits for a reader does not arrive, and is not charged', async () => {
  const one = (await reader('patient')).open(FIREHOSE, { backfill_minutes: 5 })
  await sleep(2000) // all that the sockets take is there, and four batches wait
  const [deleted, edited] = [made.alice.at(-30), made.alice.at(-20)]
  await agree(carol, [])
  await alice.delete(`/api/v1/statuses/${deleted}`)
  await alice.put(`/api/v1/statuses/${edited}`, { status: 'said otherwise' })
  made.alice = made.alice.filter((id) => id !== deleted)
  one.read()
  await until('the last post', () => one.last === made.alice.at(-1))
  const { lines } = one.lines()
  assert.deepEqual(ids(lines).filter((id) => !made.carol.includes(id)), made.alice)
  assert.deepEqual(lines.filter((line) => line.data?.id === edited).map((line) => line.data.text), ['said otherwise'])
  const others = lines.filter((line) => made.carol.includes(line.data?.id))
  assert.ok(others.length < made.carol.length, 'some of hers were still waiting')
  const most = 700000 // what the sockets of both sides and one block hold
  for (const line of others) assert.ok(line.upto < most, `${line.upto}: it was waiting when she withdrew`)
  assert.ok(lines.at(-1).upto > 3 * most, 'and much was')
  await isCharged(one, lines)
  one.close()
})

it('who stops reading is cut behind a whole line, is told so when it reads again, and goes on there', async () => {
  await sleep(began + STUCK + 4000 - Date.now())
  stuck.read()
  await until('the end', () => stuck.parse().whole || stuck.ended, { timeout: 5000 })
  const first = stuck.lines()
  assert.deepEqual([stuck.parse().whole, first.rest, stuck.error], [true, '', undefined])
  const said = first.lines.pop().errors[0]
  assert.deepEqual([said.title, said.disconnect_type, said.type], ['operational-disconnect', 'SlowReader', 'https://api.x.com/2/problems/operational-disconnect'])
  assert.match(said.detail, /cursor/)
  assert.ok(first.lines.every((line) => line.data))
  assert.ok(first.lines.length < made.alice.length / 2, 'most was dropped')
  const again = new Raw(server, stuck.token).open(FIREHOSE, { cursor: ids(first.lines).at(-1) }).read()
  await until('the last post', () => again.last === made.alice.at(-1))
  const second = again.lines().lines
  assert.deepEqual([...ids(first.lines), ...ids(second)].filter((id) => made.alice.includes(id)), made.alice)
  assert.deepEqual(ids(second).filter((id) => made.carol.includes(id)), [])
  await isCharged(stuck, [...first.lines.map(({ kicau, ...line }) => kicau ? { ...line, kicau } : line), { cut: true }, ...second])
  again.close()
})

it('who reads slowly, and never stops, has everything, once', async () => {
  assert.ok(await sips > STUCK, 'it was slow')
  const { lines } = slow.lines()
  assert.deepEqual(lines.filter((line) => line.errors), [])
  assert.deepEqual(ids(lines).filter((id) => made.alice.includes(id)), made.alice)
  assert.equal(new Set(ids(lines)).size, ids(lines).length)
  await isCharged(slow, lines)
  slow.close()
})

it('a stream without posts has an empty line each 20 seconds', async () => {
  await until('two of them', () => idle.parse().body.length >= 4, { timeout: 2 * KEEP_ALIVE + 5000 })
  assert.deepEqual([idle.parse().status, idle.parse().body.toString().slice(0, 4)], [200, '\r\n\r\n'])
  const [head, first, second] = idle.times
  for (const pause of [first - head, second - first]) assert.ok(pause > KEEP_ALIVE - 1000 && pause < KEEP_ALIVE + 8000, `after ${pause} ms`)
  idle.close()
})
