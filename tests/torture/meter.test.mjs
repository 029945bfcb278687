// kill -9 while licensees read: what was received is recorded, nothing is charged twice or without having been handed over,
// what the database says was charged is what the ledger says, and no invoice is lost.   ROUNDS_METER=200 CLIENTS_METER=64
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { sleep, until } from '../api/lib/server.mjs'
import { key, startMarket } from '../data/lib/market.mjs'
import { Audit } from './lib/audit.mjs'
import { Buyer, write } from './lib/buyers.mjs'
import { LedgerFiles } from './lib/ledger_file.mjs'
import { restart } from './lib/rounds.mjs'

const ROUNDS = Number(process.env.ROUNDS_METER || 10)
const CLIENTS = Number(process.env.CLIENTS_METER || 64)
const SETTLED_EVERY_MS = 100
const { it, server, users } = await startMarket({ accounts: ['alice', 'bob', 'carol', 'dave', 'erin'], env: { KICAU_LOG_LEVEL: 'error' } })

const { alice } = users

async function buyer (name, plan, habits) {
  const one = new Buyer(server.base, await key(server, name, plan), habits)
  one.licensee = (await one.get('/2/licence')).data.licensee_id
  return one
}

// Whoever has had a plan since last month owes for it: the server makes an invoice soon after it starts, or is killed meanwhile.
let owing = 0
async function owes () {
  const now = new Date()
  await server.kicau(['licensee', 'create', `owes ${++owing}`, '--plan', 'basic'])
  server.sql(`UPDATE licensee_plans SET starts_at = ${Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 20)} WHERE licensee_id = (SELECT id FROM licensees WHERE name = 'owes ${owing}')`)
}
async function checkInvoices () {
  const numbers = () => server.sql('SELECT number FROM invoices WHERE kind = 1 ORDER BY number').toString().trim().split('\n').map(Number)
  await until('every invoice is made', () => numbers().length >= owing, { timeout: 30000, every: 200 })
  assert.deepEqual(numbers(), Array.from({ length: owing }, (_, i) => i + 1))
}

// The slowest answer says how long a commit takes here: a settlement waits for the tick, and for two of those.
async function round (buyers, posts, milliseconds) {
  const running = { on: true, killed: true }
  for (const one of buyers) one.slowest = 0
  const lives = [...buyers.map((one) => one.live(running, posts)), write(alice, running, posts)]
  await sleep(milliseconds)
  lives.push(...buyers.map((one) => one.burst(posts)))
  await sleep(Math.random() * 25)
  const kill = { at: performance.now() }
  await server.stop('SIGKILL')
  running.on = false
  await Promise.all(lives)
  kill.margin = SETTLED_EVERY_MS + 2 * Math.max(...buyers.map((one) => one.slowest))
  await owes()
  await restart(server)
  await Promise.all(buyers.map((one) => one.askAgain()))
  return kill
}

async function usageOf (one) {
  const { kicau: { days } } = await one.get('/2/usage/tweets')
  const sum = (...names) => days.reduce((all, day) => names.reduce((n, name) => n + day[name], all), 0)
  return { charged: sum('posts_included', 'posts_extra'), repeated: sum('posts_repeated'), users: sum('users_extra'), usersRepeated: sum('users_repeated'), broken: sum('answers_broken'), cost: sum('cost_micro') }
}

// The database's sums are never more than those of the ledger, and soon the same.
async function checkUsage (audit, one) {
  for (const end = Date.now() + 10000; ; await sleep(50)) {
    const usage = await usageOf(one)
    audit.more()
    const counted = audit.sumsOf(one.licensee)
    for (const name of Object.keys(usage)) assert.ok(usage[name] <= counted[name], `${name}: ${usage[name]}, and in the ledger ${counted[name]}`)
    if (isDeepStrictEqual(usage, counted)) return
    if (Date.now() > end) assert.deepEqual(usage, counted, 'the sums of the database stay behind')
  }
}

// What was paid in advance is never overdrawn, and goes down by what the ledger says.
let paid = 0
async function checkBalance (audit, one) {
  if (!one.prepaid) return
  await until('the balance is what was paid, less what the ledger says', async () => {
    const balance = Number((await one.call('/2/licence')).headers.get('kicau-balance'))
    assert.ok(balance >= 0, `the balance is ${balance}`)
    return balance === paid - audit.sumsOf(one.licensee).cost
  }, { timeout: 20000 })
}
async function pay (one, amount) {
  await server.kicau(['payment', 'book', 'prepaid', String(amount), '--reference', `payment ${paid}`])
  paid += amount * 1_000_000
}

// By the ways that a licensee and the operator have.
async function checkOpened (one) {
  const answer = one.answers.at(-1)
  if (!answer) return
  const { data } = await one.get(`/2/receipts/${answer.index}`)
  assert.deepEqual(data.items.map(({ id, version }) => `${id} ${version}`).sort(), answer.things.map((thing) => thing.replace('account ', '')).sort())
  const told = await server.kicau(['ledger', 'what', one.licensee, '--from', data.time, '--json'])
  assert.ok(told.split('\n').filter(Boolean).some((line) => JSON.parse(line).index === answer.index), `ledger what does not tell of ${answer.index}`)
}

async function check (audit, buyers, kill) {
  await Promise.all(buyers.map((one) => checkOpened(one)))
  assert.match(await server.kicau(['ledger', 'verify']), /./)
  assert.match(await server.kicau(['books', 'verify']), /the books are right/)
  for (const one of buyers) {
    assert.deepEqual(one.wrong, [], 'a request was refused that nothing was wrong with')
    await checkUsage(audit, one)
    audit.checkRecorded(one, kill)
    await checkBalance(audit, one)
  }
  return Math.max(...buyers.map((one) => audit.checkCharged(one, kill)))
}

it(`${ROUNDS} kills while licensees read`, async () => {
  const audit = new Audit(new LedgerFiles(join(server.data, 'ledger')))
  const posts = []
  for (let n = 0; n < 200; n++) posts.push((await alice.post('/api/v1/statuses', { status: `before ${n}` })).id)
  const clients = CLIENTS / 4
  const accounts = Object.values(users).map(({ id }) => id)
  const buyers = [await buyer('hasty', 'pro', { clients, patience: 0.7 }), await buyer('streaming', 'enterprise', { clients, streams: true })]
  await server.kicau(['plan', 'set', 'enterprise', 'included=100'])
  buyers.push(await buyer('patient', 'enterprise', { clients }), await buyer('prepaid', 'pay-per-use', { clients, accounts, prepaid: true }))
  await pay(buyers[3], 1)
  let oldest = 0
  for (let n = 1; n <= ROUNDS; n++) {
    const kill = await round(buyers, posts, 100 + Math.random() * 700)
    const free = await check(audit, buyers, kill)
    if (n % 3 === 0) await pay(buyers[3], 0.5)
    oldest = Math.max(oldest, free)
    if (ROUNDS > 20) console.log(`round ${n} of ${ROUNDS}: margin ${Math.round(kill.margin)} ms, oldest free answer ${Math.round(free)} ms before the kill`)
  }

  // Nobody kills it any more: everything is charged, and nothing else.
  const running = { on: true }
  const lives = [...buyers.map((one) => one.live(running, posts)), write(alice, running, posts)]
  await sleep(500)
  running.on = false
  await Promise.all(lives)
  await check(audit, buyers, undefined)
  await checkInvoices()
  const open = [...audit.deliveries.values()].filter((one) => one.end === undefined)
  assert.deepEqual(open, [], 'deliveries that did not end')
  for (const one of buyers) audit.checkReceived(one)

  const total = (of) => buyers.reduce((sum, one) => sum + of(one), 0)
  console.log(`${ROUNDS} kills: ${total((one) => one.answers.length)} answers received whole, ${total((one) => one.lines.length)} lines of streams, ${total((one) => one.unanswered)} requests without an answer, ${total((one) => one.refused)} refused for want of credits, ${total((one) => one.patience === 1 ? audit.sumsOf(one.licensee).broken : 0)} of them recorded and free, ${total((one) => audit.sumsOf(one.licensee).charged)} reads charged; the oldest free answer came ${Math.round(oldest)} ms before a kill`)
  assert.ok(total((one) => one.answers.length) > ROUNDS * 10, 'hardly anything was read')
  assert.ok(total((one) => audit.sumsOf(one.licensee).charged) > ROUNDS * 10, 'hardly anything was charged')
}, { timeout: 60000 + ROUNDS * 20000 })
