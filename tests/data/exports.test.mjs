// Bulk exports: files that zstd and sha256sum of Debian read, paid once, downloaded as often as one likes.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { staffScopes } from '../api/lib/staff.mjs'
import { key, Licensee, startMarket } from './lib/market.mjs'
import { restart } from '../torture/lib/rounds.mjs'

const { it, server, users } = await startMarket({
  accounts: ['adam', 'alice', 'bob', 'carol', 'dan', 'eve'],
  agreeing: ['alice', 'carol', 'dan', 'eve'],
  roles: { adam: 'admin' },
  env: { KICAU_WITHHOLD_PPM: '0', KICAU_POST_CHARS: '65536' }
})
const { alice, bob, carol, dan, eve } = users
const adam = await server.login('adam', staffScopes)
const verifier = resolve(dirname(fileURLToPath(import.meta.url)), '../../tools/verify/ledger.mjs')
const token = await key(server, 'archive', 'enterprise')
const acme = new Licensee(server.base, token)
const send = async (body, as = token) => {
  const response = await fetch(`${server.base}/2/exports`, { method: 'POST', headers: { Authorization: `Bearer ${as}`, 'Content-Type': 'application/json' }, body: JSON.stringify(body) })
  return { status: response.status, body: await response.json() }
}
const finished = async (id) => {
  for (let i = 0; i < 200; i++) {
    const { data } = await acme.get(`/2/exports/${id}`)
    if (data.status === 'complete' || data.status === 'failed') return data
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('the export does not end')
}
const folder = mkdtempSync('/tmp/kicau-export-')
process.once('exit', () => rmSync(folder, { recursive: true }))

async function lines ({ files }) {
  const all = []
  for (const file of files) {
    const bytes = Buffer.from(await (await fetch(file.url, { headers: { Authorization: `Bearer ${token}` } })).arrayBuffer())
    writeFileSync(`${folder}/${file.name}`, bytes)
    assert.equal(bytes.length, file.bytes)
    assert.equal(execFileSync('sha256sum', [`${folder}/${file.name}`], { encoding: 'utf8' }).split(' ')[0], file.sha256)
    const text = execFileSync('zstd', ['-dcq', `${folder}/${file.name}`], { encoding: 'utf8', maxBuffer: 64 << 20 }).trim().split('\n')
    assert.equal(text.length, file.lines)
    all.push(...text.map((line) => JSON.parse(line)))
  }
  return all
}

it('all that may go out is in the files, in order, and is paid once', async () => {
  const made = []
  for (let i = 0; i < 30; i++) made.push((await alice.post('/api/v1/statuses', { status: `post ${i} ${i % 2 ? 'odd' : 'even'}` })).id)
  await bob.post('/api/v1/statuses', { status: 'not agreed' })
  await alice.post('/api/v1/statuses', { status: 'mine alone', visibility: 'direct' })
  const asked = await send({ name: 'all', 'tweet.fields': 'created_at,public_metrics', expansions: 'author_id' })
  assert.equal(asked.status, 201)
  const job = await finished(asked.body.data.id)
  assert.equal(job.status, 'complete')
  const got = await lines(job)
  assert.deepEqual(got.map((line) => line.data.id), made)
  assert.ok(got.every((line) => line.data.created_at && line.includes.users[0].username === 'alice'))
  assert.equal(job.lines, 30)
  const again = await acme.call('/2/tweets', { ids: made.slice(0, 10).join() })
  assert.equal(again.headers.get('kicau-billed'), '0/10')
})

it('a query chooses; a span that is none, a query that is none and a plan without exports are refused', async () => {
  const job = await finished((await send({ query: 'odd -from:bob' })).body.data.id)
  assert.equal((await lines(job)).length, 15)
  assert.equal((await send({ start_time: '2026-01-02T00:00:00Z', end_time: '2026-01-01T00:00:00Z' })).status, 400)
  assert.match((await send({ query: '(' })).body.detail, /position/)
  const none = await send({}, await key(server, 'poor', 'basic'))
  assert.deepEqual([none.status, none.body.title], [403, 'Forbidden'])
})

it('the files of one licensee are not another\'s', async () => {
  const { data } = await acme.get('/2/exports')
  const other = await key(server, 'curious', 'enterprise')
  for (const url of [`${server.base}/2/exports/${data[0].id}`, data[0].files[0].url]) {
    assert.equal((await fetch(url, { headers: { Authorization: `Bearer ${other}` } })).status, 404)
    assert.equal((await fetch(url)).status, 401)
  }
})

const download = (url) => fetch(url, { headers: { Authorization: `Bearer ${token}` } })

it('the manifest has the receipt of every batch, and what all of it cost; a verifier that knows the public key alone takes them', async () => {
  const job = await finished((await send({})).body.data.id)
  const batches = job.files.flatMap((one) => one.batches)
  const key = join(folder, 'key')
  writeFileSync(key, await (await fetch(`${server.base}/.well-known/kicau-ledger/key`)).text())
  let posts = 0
  for (const { ledger_index: index, receipt, billed, cost_micro: cost } of batches) {
    const record = (await acme.get(`/2/receipts/${index}`)).data
    assert.deepEqual([record.endpoint, record.cost_micro, `${record.items.filter((one) => one.charged).length}/${record.items.length}`], ['export', cost, billed])
    posts += record.items.length
    assert.match(execFileSync('node', [verifier, 'receipt', key, receipt], { encoding: 'utf8' }), new RegExp(`\\b${index}\\b`))
  }
  assert.ok(batches.length > 0)
  assert.equal(posts, job.lines)
  assert.deepEqual([job.billed, job.cost_micro, job.left_out], [`0/${posts}`, batches.reduce((sum, one) => sum + one.cost_micro, 0), 0])
})

it('what was withdrawn, deleted or hidden after the file was made does not go out: another file takes its place', async () => {
  const made = {}
  for (const user of [alice, carol, dan, eve]) made[user.username ?? user.id] = (await user.post('/api/v1/statuses', { status: 'sieve me' })).id
  const [ofAlice, ofCarol, ofDan, ofEve] = Object.values(made)
  const quote = await alice.post('/api/v1/statuses', { status: 'sieve this too, it shows what carol said', quoted_status_id: ofCarol })
  const wanted = { query: 'sieve', expansions: 'referenced_tweets.id' }
  const job = await finished((await send(wanted)).body.data.id)
  assert.deepEqual((await lines(job)).map((line) => line.data.id), [ofAlice, ofCarol, ofDan, ofEve, quote.id])

  await carol.patch('/api/v1/accounts/data_licence', Object.fromEntries(['search', 'research', 'commercial', 'training'].map((use) => [use, false])))
  const old = job.files[0].url
  const gone = await download(old)
  assert.equal(gone.status, 410)
  assert.match((await gone.json()).detail, /ask for the manifest again/)
  const second = await finished(job.id)
  assert.deepEqual([second.lines, second.left_out, second.files[0].left_out, second.billed], [3, 2, 2, job.billed])
  assert.deepEqual((await lines(second)).map((line) => line.data.id), [ofAlice, ofDan, ofEve], 'what is left out is what carol wrote, and what shows it')
  assert.equal((await download(old)).status, 410, 'the old name stays gone')
  assert.deepEqual((await fetch(second.files[0].url, { headers: { Authorization: `Bearer ${token}`, Range: 'bytes=0-3' } })).status, 206)

  await dan.call('DELETE', `/api/v1/statuses/${ofDan}`)
  assert.equal((await download(second.files[0].url)).status, 410)
  const third = await finished(job.id)
  assert.deepEqual((await lines(third)).map((line) => line.data.id), [ofAlice, ofEve])

  await adam.post(`/api/v1/admin/accounts/${eve.id}/action`, { type: 'silence' })
  assert.equal((await download(third.files[0].url)).status, 410)
  const fourth = await finished(job.id)
  assert.deepEqual((await lines(fourth)).map((line) => line.data.id), [ofAlice])
  assert.deepEqual([fourth.lines, fourth.left_out], [1, 4])

  await alice.post('/api/v1/statuses', { status: 'deleted elsewhere' }).then((one) => alice.call('DELETE', `/api/v1/statuses/${one.id}`))
  assert.equal((await download(fourth.files[0].url)).status, 200, 'what happens to others changes nothing')
  assert.equal(readdirSync(join(server.data, 'jobs')).filter((name) => name.startsWith(job.id)).length, 1, 'the old files are not kept')
})

it('a server that is killed while it makes a file anew leaves nothing behind, and makes it then', async () => {
  const ids = []
  for (let i = 0; i < 60; i++) ids.push((await alice.post('/api/v1/statuses', { status: `large ${randomBytes(30000).toString('hex')}` })).id)
  const job = await finished((await send({ query: 'large' })).body.data.id)
  await alice.call('DELETE', `/api/v1/statuses/${ids[0]}`)
  const mine = () => readdirSync(join(server.data, 'jobs')).filter((name) => name.startsWith(job.id))
  const asked = download(job.files[0].url).catch(() => null)
  const deadline = Date.now() + 10000
  while (mine().length < 2 && Date.now() < deadline) await new Promise((resolve) => setImmediate(resolve))
  await server.stop('SIGKILL')
  assert.equal(await asked, null, 'it was not done')
  assert.equal(mine().length, 2, 'the old one, and what there is of the new one')
  writeFileSync(join(server.data, 'jobs', 'notes.txt'), 'not of a job')
  await restart(server)
  assert.deepEqual(mine(), [`${job.id}.${job.files[0].name}`])
  assert.ok(existsSync(join(server.data, 'jobs', 'notes.txt')))
  assert.equal((await download(job.files[0].url)).status, 410)
  const again = await finished(job.id)
  assert.deepEqual((await lines(again)).map((line) => line.data.id), ids.slice(1))
  assert.deepEqual(mine(), [`${job.id}.${again.files[0].name}`])
})

it('a name that no file of the export ever had is not there', async () => {
  const { data: [job] } = await acme.get('/2/exports')
  for (const name of ['part-0099.ndjson.zst', 'part-.ndjson.zst', 'ids.txt', 'part-0001'.slice(0, 5)]) assert.equal((await download(`${server.base}/2/exports/${job.id}/files/${name}`)).status, 404, name)
})
