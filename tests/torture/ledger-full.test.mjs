// The disk that the ledger is on is full, in the middle of appends: nothing goes out that is not recorded, licensees are told
// why, people write on; and when there is room, deliveries go on by themselves, also when the server was started without any.
// Needs root, for a small tmpfs.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sleep, until } from '../api/lib/server.mjs'
import { key, startMarket } from '../data/lib/market.mjs'
import { Audit } from './lib/audit.mjs'
import { Buyer, write } from './lib/buyers.mjs'
import { KINDS, LedgerFiles } from './lib/ledger_file.mjs'
import { restart } from './lib/rounds.mjs'

const place = mkdtempSync(join(tmpdir(), 'kicau-small-'))
let skip = false
try { execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m,mode=700', 'tmpfs', place], { stdio: 'ignore' }) } catch { skip = 'NOT TESTED: a full disk needs root, to mount a tmpfs' }
if (skip) process.stderr.write(`${skip}\n`)

const { it, server, users: { alice } } = await startMarket({ accounts: ['alice'], env: { KICAU_LOG_LEVEL: 'error' } })
const ledger = join(server.data, 'ledger')
const unmount = (where) => { try { execFileSync('umount', ['-l', where], { stdio: 'ignore' }) } catch {} }
process.once('exit', () => {
  for (const where of [ledger, place]) unmount(where)
  rmSync(place, { recursive: true, force: true })
})

const filler = join(ledger, 'filler')
const free = () => { const { bavail, bsize } = statfsSync(ledger); return bavail * bsize }
function fill (leave) {
  rmSync(filler, { force: true })
  try { writeFileSync(filler, Buffer.alloc(Math.max(0, free() - leave))) } catch (error) {
    if (error.code !== 'ENOSPC') throw error // the server has written meanwhile: then it is full, too
  }
}

async function buyer (name, plan, habits) {
  const one = new Buyer(server.base, await key(server, name, plan), habits)
  one.licensee = (await one.get('/2/licence')).data.licensee_id
  return one
}
const tells = (headers, body) => {
  assert.equal(body.status, 503)
  assert.match(body.detail, /disk is full.*not delivered, and not charged; try again/)
  assert.ok(Number(headers.get('retry-after')) > 0)
  assert.equal(headers.get('kicau-receipt'), null)
}
const isRefused = (one, id, timeout = 20000) => until('a delivery is refused', async () => {
  const { status, headers, body } = await one.call(`/2/tweets/${id}`)
  if (status === 200) return false
  tells(headers, body)
  return true
}, { timeout, every: 5 })
const isDelivered = (one, id) => until('deliveries go on', async () => (await one.call(`/2/tweets/${id}`)).status === 200, { timeout: 20000, every: 100 })
const post = async (text) => (await alice.post('/api/v1/statuses', { status: text })).id

async function check (audit, buyers) {
  const open = () => {
    audit.more()
    return [...audit.deliveries.values()].filter(({ end }) => end === undefined)
  }
  await until('everything is settled', () => open().length === 0).catch(() => assert.deepEqual(open(), []))
  assert.match(await server.kicau(['ledger', 'verify']), /./)
  assert.match(await server.kicau(['books', 'verify']), /the books are right/)
  for (const one of buyers) {
    assert.deepEqual(one.wrong.filter((words) => !words.startsWith('503')), [])
    audit.checkRecorded(one)
    audit.checkCharged(one)
    audit.checkReceived(one)
    const sums = audit.sumsOf(one.licensee)
    await until('usage is what the ledger says', async () => {
      const { kicau: { days } } = await one.get('/2/usage/tweets')
      return days.reduce((sum, day) => sum + day.posts_included + day.posts_extra, 0) === sums.charged
    })
  }
}

it('a disk that is full in the middle of an append, and has room again', async () => {
  await server.stop()
  execFileSync('cp', ['-a', `${ledger}/.`, place])
  execFileSync('mount', ['--bind', place, ledger])
  await restart(server)
  const posts = []
  for (let n = 0; n < 40; n++) posts.push(await post(`before ${n}`))
  const buyers = [await buyer('one', 'pro'), await buyer('two', 'enterprise', { streams: true })]
  const audit = new Audit(new LedgerFiles(ledger, ledger))
  const probe = await buyer('probe', 'pro')

  const running = { on: true }
  const lives = [...buyers.map((one) => one.live(running, posts)), write(alice, running, posts)]
  await sleep(200)
  for (const leave of [0, 5000, 9000]) {
    fill(leave)
    await isRefused(probe, posts[0])
    assert.ok(await post(`while the ledger has no room, ${leave}`))
    for (const path of ['/2/usage/tweets', '/2/licence']) assert.equal((await probe.call(path)).status, 200, path)
    unlinkSync(filler)
    await isDelivered(probe, posts[0])
  }
  const newcomer = await buyer('newcomer', 'pro')
  fill(0)
  await isRefused(newcomer, posts[1])
  unlinkSync(filler)
  await isDelivered(newcomer, posts[1])
  running.on = false
  await Promise.all(lives)
  await check(audit, buyers)
  for (const one of [probe, newcomer]) {
    const records = audit.files.records.filter(({ licensee }) => licensee === one.licensee)
    assert.equal(records.find(({ kind }) => kind === KINDS.terms || kind === KINDS.posts).kind, KINDS.terms, 'nothing is delivered before its terms are recorded')
  }
  assert.equal(server.exit, undefined)

  // Started while there is no room.
  const told = (await probe.call(`/2/tweets/${posts[0]}`)).headers.get('kicau-billed')
  assert.equal(told, '0/1')
  await check(audit, [])
  fill(0)
  await server.stop('SIGKILL')
  await restart(server)
  await isRefused(probe, posts[0], 100)
  assert.ok(await post('while there is no ledger'))
  for (const path of ['/2/licence', '/2/compliance/jobs?type=tweets']) assert.equal((await probe.call(path)).status, 200, path)
  assert.equal((await probe.call('/2/receipts/0')).status, 503)
  await sleep(500)
  unlinkSync(filler)
  await isDelivered(probe, posts[0])
  assert.equal((await probe.call(`/2/tweets/${posts[0]}`)).headers.get('kicau-billed'), '0/1', 'it was charged before')
  const again = { on: true }
  const more = buyers.map((one) => one.live(again, posts))
  await sleep(300)
  again.on = false
  await Promise.all(more)
  await check(audit, buyers)
  assert.equal(server.exit, undefined)
  await server.stop()
  unmount(ledger)
}, { skip, timeout: 120000 })
