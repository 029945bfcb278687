// Bulk exports: files that zstd and sha256sum of Debian read, paid once, downloaded as often as one likes.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { key, Licensee, startMarket } from './lib/market.mjs'

const { it, server, users: { alice, bob } } = await startMarket({ accounts: ['alice', 'bob'], agreeing: ['alice'] })
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
    const text = execFileSync('zstd', ['-dcq', `${folder}/${file.name}`], { encoding: 'utf8' }).trim().split('\n')
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
