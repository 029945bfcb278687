// The clock of the server is set: days, months and years end while licensees read, it goes back, and a second comes twice. What
// is charged then is counted from the ledger's files as well. tests/data/lib/clock.c is how.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { restart } from '../torture/lib/rounds.mjs'
import { Audit } from '../torture/lib/audit.mjs'
import { LedgerFiles } from '../torture/lib/ledger_file.mjs'
import { sleep, until } from '../api/lib/server.mjs'
import { Clock } from './lib/clock.mjs'
import { key, Licensee, startMarket } from './lib/market.mjs'

const DAY_MS = 86400000
const clock = new Clock()
clock.set('2027-01-30T12:00:00Z')
const { it, server, users: { alice } } = await startMarket({ accounts: ['alice'], env: clock.env })
const posts = []
for (let n = 0; n < 30; n++) posts.push((await alice.post('/api/v1/statuses', { status: `dated ${n}` })).id)
const audit = new Audit(new LedgerFiles(join(server.data, 'ledger')))
process.once('exit', () => audit.files.discard())

async function buyer (name, plan) {
  const one = new Licensee(server.base, await key(server, name, plan))
  one.id = (await one.get('/2/licence')).data.licensee_id
  return one
}
const read = (one, ids, headers = {}) => one.call('/2/tweets', { ids: ids.join() }, headers)
async function billed (one, ids, headers) {
  const answer = await read(one, ids, headers)
  assert.equal(answer.status, 200, answer.text)
  return answer.headers.get('kicau-billed')
}
// The days on which each thing was charged, as the ledger has it; the last settlements are waited for.
async function charged (one) {
  await until('everything is settled', () => {
    audit.more()
    return [...audit.deliveries.values()].every(({ end }) => end !== undefined)
  })
  const days = {}
  for (const name of audit.paidBy(one.id).keys()) {
    const day = new Date(Number(name.split(' ')[2]) * DAY_MS).toISOString().slice(0, 10)
    days[day] = (days[day] ?? 0) + 1
  }
  return days
}
const usage = async (one) => Object.fromEntries((await one.get('/2/usage/tweets', { days: 90 })).kicau.days.map((day) => [day.date.slice(0, 10), day.posts_included + day.posts_extra]))

await server.kicau(['plan', 'set', 'counted', 'month=31', 'included=20', 'post=0.5', 'uses=search', 'rate_account=100000', 'rate_lookup=100000'])
await server.kicau(['plan', 'set', 'stopped', 'included=20', 'hard_stop=yes', 'uses=search', 'rate_account=100000', 'rate_lookup=100000'])

it('many at once read over midnight, while a post is edited: each version is charged once on each day', async () => {
  const one = await buyer('midnight', 'counted')
  clock.set('2027-01-31T23:50:00Z')
  const end = Date.parse('2027-02-01T00:00:00.700Z')
  let answers = 0
  const again = async () => { while (clock.now() < end) { await billed(one, posts.slice(0, 10)); answers++ } }
  const edit = async () => {
    await sleep(100)
    await alice.put(`/api/v1/statuses/${posts[0]}`, { status: 'edited before midnight' })
    await billed(one, posts.slice(0, 10))
    clock.set('2027-01-31T23:59:59.500Z')
  }
  await Promise.all([...Array.from({ length: 32 }, again), edit()])
  await billed(one, posts.slice(0, 10))
  const days = await charged(one)
  assert.deepEqual([days['2027-01-31'], days['2027-02-01']], [11, 10])
  assert.ok(answers > 32, `${answers} answers`)
  await until('usage says so', async () => JSON.stringify(await usage(one)) === JSON.stringify({ '2027-02-01': 10, '2027-01-31': 11 }))
})

it('a clock that goes back opens no day anew, and holds up nobody', async () => {
  const one = await buyer('back', 'counted')
  clock.set('2027-02-03T00:00:01Z')
  assert.equal(await billed(one, posts.slice(0, 5)), '5/5')
  await sleep(150)
  clock.set('2027-02-02T23:00:00Z')
  assert.equal(await billed(one, posts.slice(0, 6)), '1/6', 'it is still the third of February')
  assert.deepEqual(await charged(one), { '2027-02-03': 6 })
  clock.set('2027-02-03T09:00:00Z')
  assert.equal(await billed(one, posts.slice(0, 6)), '0/6')
})

it('so it stays over a restart', async () => {
  const one = await buyer('forgetful', 'counted')
  clock.set('2027-02-04T00:00:01Z')
  assert.equal(await billed(one, posts.slice(0, 5)), '5/5')
  await charged(one)
  await server.stop('SIGKILL')
  clock.set('2027-02-03T22:00:00Z')
  await restart(server)
  assert.equal(await billed(one, posts.slice(0, 6)), '1/6')
  clock.set('2027-02-05T00:00:01Z')
  assert.equal(await billed(one, posts.slice(0, 6)), '6/6')
})

it('a second that comes twice before midnight is one day; times in the ledger do not go back', async () => {
  const one = await buyer('leap second', 'counted')
  clock.set('2027-06-30T23:59:59.100Z')
  assert.equal(await billed(one, posts.slice(0, 5)), '5/5')
  await sleep(500)
  clock.move(-1000)
  assert.equal(await billed(one, posts.slice(0, 5)), '0/5')
  clock.set('2027-07-01T00:00:00.050Z')
  clock.move(-1000)
  assert.equal(await billed(one, posts.slice(0, 5)), '0/5')
  clock.set('2027-07-01T00:00:00Z')
  assert.equal(await billed(one, posts.slice(0, 5)), '5/5')
  assert.deepEqual(await charged(one), { '2027-06-30': 5, '2027-07-01': 5 })
  const times = audit.files.records.map(({ time }) => time)
  assert.ok(times.every((time, i) => i === 0 || time >= times[i - 1]))
})

it('a month begins anew at its midnight: short ones, years, 29 February', async () => {
  for (const [last, next] of [['2027-12-31', '2028-01-01'], ['2028-02-28', '2028-02-29'], ['2028-02-29', '2028-03-01'], ['2028-04-30', '2028-05-01']]) {
    clock.set(`${last}T23:59:58Z`)
    const one = await buyer(`until ${last}`, 'stopped')
    assert.equal(await billed(one, posts.slice(0, 20)), '20/20', last)
    const { status, body } = await read(one, posts.slice(20, 21))
    const sameMonth = last.slice(0, 7) === next.slice(0, 7)
    assert.deepEqual([status, body.limit, body.used, body.reset], [402, 20, 20, `${sameMonth ? '2028-03-01' : next}T00:00:00.000Z`], last)
    clock.set(`${next}T00:00:00.010Z`)
    assert.equal((await read(one, posts.slice(20, 21))).status, sameMonth ? 402 : 200, next)
    assert.deepEqual(await charged(one), sameMonth ? { [last]: 20 } : { [last]: 20, [next]: 1 })
  }
})

it('another plan from the middle of a month on: its prices then, one count of the month, a line for each in the invoice', async () => {
  clock.set('2028-06-10T12:00:00Z')
  const one = await buyer('changing', 'counted')
  assert.equal((await read(one, posts.slice(0, 15))).headers.get('kicau-cost'), '0')
  await server.kicau(['plan', 'set', 'dearer', 'month=60', 'included=18', 'post=2', 'uses=search', 'rate_account=100000', 'rate_lookup=100000'])
  clock.set('2028-06-16T12:00:00Z')
  await server.kicau(['licensee', 'set-plan', 'changing', 'dearer'])
  await until('the plan holds', async () => (await one.get('/2/licence')).data.plan.name === 'dearer')
  assert.equal((await read(one, posts.slice(15, 20))).headers.get('kicau-cost'), String(2 * 2_000_000), '15 of the 18 were used before')
  await charged(one)
  clock.set('2028-07-01T00:00:01Z')
  await server.stop()
  await restart(server)
  const invoices = await until('the invoice of June', async () => {
    const { data } = await one.get('/2/invoices')
    return data.length && data
  }, { timeout: 20000, every: 300 })
  const { lines, month, total_micro: total } = await one.get(`/2/invoices/${invoices[0].number}`)
  assert.equal(month, '2028-06')
  const sum = (type) => lines.filter((line) => line.type === type).map((line) => [line.quantity, line.amount_micro])
  assert.deepEqual(sum('fee'), [[6, 6 * 31_000_000 / 30], [15, 15 * 60_000_000 / 30]])
  assert.deepEqual([sum('posts_included'), sum('posts')], [[[15, 0], [3, 0]], [[2, 4_000_000]]])
  assert.equal(total, lines.reduce((all, line) => all + line.amount_micro, 0))
})

it('what was paid under a name is free under it a year later', async () => {
  const one = await buyer('patient', 'counted')
  const name = { 'Kicau-Request-Id': 'order 17' }
  assert.equal(await billed(one, posts.slice(0, 4), name), '4/4')
  await until('it is counted', async () => Object.values(await usage(one)).includes(4)) // a moment behind the ledger
  clock.move(366 * DAY_MS)
  assert.equal(await billed(one, posts.slice(0, 4), name), '0/4')
  assert.equal(await billed(one, posts.slice(0, 4)), '4/4')
})

it('all of it adds up: the ledger, the days of usage, what invoices say, the books', async () => {
  clock.move(40 * DAY_MS)
  await server.stop()
  await restart(server)
  const licensees = server.sql('SELECT id, name FROM licensees ORDER BY id').toString().trim().split('\n').map((line) => line.split('|'))
  assert.ok(licensees.length >= 9)
  audit.more()
  const spent = (sql) => Number(server.sql(sql).toString().trim() || 0)
  for (const [id, name] of licensees) {
    const { charged: reads, cost } = audit.sumsOf(id)
    assert.equal(spent(`SELECT SUM(posts_included + posts_extra) FROM usage_days WHERE licensee_id = ${id}`), reads, name)
    assert.equal(spent(`SELECT SUM(cost_micro) FROM usage_days WHERE licensee_id = ${id}`), cost, name)
  }
  const cost = licensees.reduce((sum, [id]) => sum + audit.sumsOf(id).cost, 0)
  assert.ok(cost > 0)
  const told = async () => (await server.kicau(['books', 'verify']))
  await until('every day is booked and every month invoiced', () => spent('SELECT MIN(day) FROM licensee_books') === Math.floor(clock.now() / DAY_MS) - 1, { timeout: 20000, every: 200 })
  assert.match(await told(), /the books are right/)
  assert.match(await server.kicau(['ledger', 'verify']), /./)
})
