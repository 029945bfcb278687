// Plans by approval, licences that people take by themselves, and the currency that cannot change under the books.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { binary, startWorld, until } from '../api/lib/server.mjs'
import { withPowers } from '../api/lib/staff.mjs'
import { lastMonth, restart, useLastMonth } from './lib/months.mjs'

const { it, server, users } = await startWorld({ accounts: ['adam', 'ria', 'budi'], roles: { adam: 'admin' }, env: { KICAU_LICENCE_SIGN_UP: 'on', KICAU_CONTACT_EMAIL: 'town@social.example', KICAU_DATA_USES: 'research' } })
const adam = await withPowers(server, users.adam)
const base = '/api/v1/admin/kicau'
const ask = async (token, path = '/2/licence') => {
  const res = await fetch(server.base + path, { headers: { Authorization: `Bearer ${token}` } })
  return { status: res.status, body: await res.json() }
}
const kicau = (args, env = {}) => spawnSync(binary, [...args, '--data', server.data], { encoding: 'utf8', timeout: 60000, env: { ...process.env, KICAU_BASE_URL: server.base, ...server.env, ...env } })

it('a licensee on a plan by approval waits, and its keys do not work before', async () => {
  assert.equal(kicau(['licensee', 'create', 'lab', '--plan', 'research', '--unapproved']).status, 0)
  const token = kicau(['key', 'create', '--licensee', 'lab']).stdout.trim()
  const { status, body } = await ask(token)
  assert.equal(status, 403)
  assert.match(body.detail, /by approval, and nobody has approved it yet; ask town@social\.example/)
  for (const path of ['/2/tweets?ids=1', '/2/tweets/sample/stream', '/2/invoices', '/2/usage/tweets']) assert.equal((await ask(token, path)).status, 403, path)
  assert.match(kicau(['licensee', 'list']).stdout, /waits .*lab/)
  assert.match(kicau(['licensee', 'show', 'lab']).stdout, /waits +`kicau licensee approve`/)
  assert.equal(kicau(['licensee', 'approve', 'lab']).status, 0)
  await until('the key works', async () => (await ask(token)).status === 200)
  assert.doesNotMatch(kicau(['licensee', 'show', 'lab']).stdout, /waits/)
  assert.equal(kicau(['licensee', 'approve', 'lab']).status, 0, 'once more changes nothing')
  assert.notEqual(kicau(['licensee', 'approve', 'nobody']).status, 0)
})

it('what an operator gives is approved by that', async () => {
  const token = kicau(['key', 'create', '--licensee', 'university', '--plan', 'research']).stdout.trim()
  assert.equal((await ask(token)).status, 200)
  kicau(['licensee', 'create', 'easy', '--plan', 'basic', '--unapproved'])
  assert.equal((await ask(kicau(['key', 'create', '--licensee', 'easy']).stdout.trim())).status, 200, 'basic asks for none')
})

it('people take a licence by themselves, with keys that are shown once', async ({ ria, budi }) => {
  await ria.call('GET', '/api/kicau/v1/licence', { status: 404 })
  await ria.call('POST', '/api/kicau/v1/licence/keys', { status: 404 })
  const taken = await ria.post('/api/kicau/v1/licence', { name: 'Ria', plan: 'research' })
  assert.deepEqual([taken.name, taken.plan, taken.waits, taken.email], ['Ria', 'research', true, server.sql(`SELECT email FROM users WHERE account_id = ${ria.id}`).toString().trim()])
  await ria.call('POST', '/api/kicau/v1/licence', { json: { name: 'Ria again', plan: 'free' }, status: 409 })
  await budi.call('POST', '/api/kicau/v1/licence', { json: { name: 'Ria', plan: 'free' }, status: 409 })
  await budi.call('POST', '/api/kicau/v1/licence', { json: { name: 'Budi', plan: 'gold' }, status: 404 })
  const key = await ria.post('/api/kicau/v1/licence/keys', { app: 'reader' })
  assert.equal((await ask(key.token)).status, 403)
  const waits = (await adam.get(`${base}/licensees`)).filter((l) => l.waits)
  assert.deepEqual(waits.map((l) => l.id), [taken.id])
  assert.equal((await adam.post(`${base}/licensees/${taken.id}/approve`)).waits, false)
  assert.equal((await ask(key.token)).status, 200)
  const budis = await budi.post('/api/kicau/v1/licence', { name: 'Budi', plan: 'free' })
  assert.equal(budis.waits, false)
  await budi.call('DELETE', `/api/kicau/v1/licence/keys/${key.id}`, { status: 404 })
  assert.equal((await ria.call('DELETE', `/api/kicau/v1/licence/keys/${key.id}`)).body.state, 'revoked')
  assert.equal((await ask(key.token)).status, 401)
  const log = await adam.get('/api/kicau/v1/moderation/log')
  assert.ok(log.some((e) => e.action === 'approve'))
})

it('suspending and another plan end and begin the wait', async () => {
  const made = await adam.post(`${base}/licensees`, { name: 'institute', plan: 'research', unapproved: true })
  const { token } = await adam.post(`${base}/licensees/${made.id}/keys`)
  assert.equal((await ask(token)).status, 403)
  await server.kicau(['plan', 'set', 'research', 'included=900000'])
  await until('the new version is seen', async () => (await ask(token)).status === 403)
  assert.equal((await adam.get(`${base}/licensees/${made.id}`)).waits, true, 'a new version approves nobody')
  assert.equal((await adam.call('PUT', `${base}/licensees/${made.id}`, { json: { plan: 'enterprise' } })).body.waits, false, 'who gives it approves')
  assert.equal((await ask(token)).status, 200)
})

it('who waits pays no fee', async () => {
  kicau(['plan', 'set', 'dear', 'month=31', 'approval=yes', 'uses=search', 'rate_account=100'])
  const made = await adam.post(`${base}/licensees`, { name: 'waiting', plan: 'dear', unapproved: true })
  server.sql(`UPDATE licensee_plans SET starts_at = ${lastMonth().start} WHERE licensee_id = ${made.id}`)
  const other = await adam.post(`${base}/licensees`, { name: 'paying', plan: 'dear' })
  await server.stop()
  useLastMonth(server, other.id, { posts: 0 })
  await restart(server)
  await until('the month is invoiced', async () => (await adam.get(`${base}/invoices`)).length > 0, { timeout: 20000 })
  assert.deepEqual((await adam.get(`${base}/invoices`)).map((i) => [i.licensee_id, i.total_micro]), [[other.id, 31_000_000]])
  assert.equal((await adam.get(`${base}/books/verify`)).wrong.length, 0)
})

it('refuses another currency once something is booked, and says the cure', async () => {
  const changed = kicau(['books', 'show'], { KICAU_CURRENCY: 'IDR' })
  assert.equal(changed.status, 1)
  assert.match(changed.stderr, /currency says IDR, but what is booked is in USD.*set currency = USD again/)
  assert.notEqual(kicau(['payment', 'book', 'lab', '5', '--reference', 'x'], { KICAU_CURRENCY: 'IDR' }).status, 0)
  await server.stop()
  const serve = kicau(['serve', '--listen', '127.0.0.1:0'], { KICAU_CURRENCY: 'IDR' })
  assert.equal(serve.status, 1)
  assert.match(serve.stderr, /set currency = USD again/)
  assert.equal(kicau(['books', 'show']).status, 0)
  server.sql('DELETE FROM book_lines; DELETE FROM book_entries; DELETE FROM usage_days')
  assert.equal(kicau(['books', 'show'], { KICAU_CURRENCY: 'IDR' }).status, 0, 'nothing is booked')
  assert.equal(server.sql("SELECT value FROM settings WHERE key = 'currency'").toString().trim(), 'IDR')
})
