// Deletions come back: told on a stream, on every plan; compared in lists; acknowledged, and seen by the author.
import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { Client } from '@xdevplatform/xdk'
import { agree, key, Licensee, startMarket } from './lib/market.mjs'
import { Lines } from './lib/lines.mjs'

const { it, server, users: { alice, bob, carol } } = await startMarket({ accounts: ['alice', 'bob', 'carol'] })
const token = await key(server, 'acme', 'free')
const acme = new Licensee(server.base, token)
const post = (user, status, more = {}) => user.post('/api/v1/statuses', { status, ...more })
const send = async (path, body) => {
  const response = await fetch(`${server.base}${path}`, { method: 'POST', headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }, body: JSON.stringify(body) })
  return { status: response.status, body: await response.json() }
}

it('deletions and edits of public posts are told, on the free plan too; of private ones not', async () => {
  const open = await new Lines(server.base, token).open('/2/tweets/compliance/stream')
  const made = await post(alice, 'to be deleted'); const edited = await post(alice, 'tpyo'); const hidden = await post(alice, 'secret', { visibility: 'private' })
  await alice.put(`/api/v1/statuses/${edited.id}`, { status: 'typo' })
  await alice.delete(`/api/v1/statuses/${hidden.id}`)
  await alice.delete(`/api/v1/statuses/${made.id}`)
  const line = await open.find((one) => one.data?.delete)
  assert.deepEqual(line.data.delete.tweet, { id: made.id, author_id: alice.id })
  assert.equal((await open.find((one) => one.data?.tweet_edit)).data.tweet_edit.tweet.id, edited.id)
  assert.ok(!JSON.stringify(open.lines).includes(hidden.id))
  open.close()
  const again = await new Lines(server.base, token).open('/2/tweets/compliance/stream', { cursor: String(BigInt(line.kicau.event_id) - 1n) })
  assert.equal((await again.find((one) => one.data?.delete)).data.delete.tweet.id, made.id)
  again.close()
})

it('of authors who do not allow the use nothing is told, until one of their posts was received', async () => {
  await agree(bob)
  const got = await post(bob, 'received'); const never = await post(bob, 'never received')
  await acme.get(`/2/tweets/${got.id}`)
  await agree(bob, [])
  const hidden = await post(bob, 'not for sale')
  const open = await new Lines(server.base, token).open('/2/tweets/compliance/stream')
  for (const { id } of [hidden, never, got]) await bob.delete(`/api/v1/statuses/${id}`)
  await open.find((one) => one.data?.delete?.tweet.id === got.id)
  for (const { id } of [hidden, never]) assert.ok(!JSON.stringify(open.lines).includes(id), id)
  open.close()
  await agree(bob)
})

it('who withdraws a licence is as if protected, to those whose plan needs it', async () => {
  const open = await new Lines(server.base, token).open('/2/users/compliance/stream')
  await agree(bob, ['research'])
  assert.equal((await open.find((one) => one.data?.user_protect)).data.user_protect.user.id, bob.id)
  await agree(bob)
  assert.equal((await open.find((one) => one.data?.user_unprotect)).data.user_unprotect.user.id, bob.id)
  open.close()
})

it('a list of ids is compared by X\'s own client: what is gone is named, what may be held is not', async () => {
  const kept = await post(alice, 'kept'); const gone = await post(alice, 'gone'); const secret = await post(alice, 'private', { visibility: 'private' })
  await alice.delete(`/api/v1/statuses/${gone.id}`)
  const { compliance } = new Client({ bearerToken: token, baseUrl: server.base })
  const { data: made } = await compliance.createJobs({ type: 'tweets', name: 'mine' })
  assert.deepEqual([made.status, made.name], ['created', 'mine'])
  // X's client leaves the upload to whoever uses it: its guide shows curl.
  const upload = await fetch(made.uploadUrl, { method: 'PUT', headers: { 'Content-Type': 'text/plain' }, body: [kept.id, gone.id, secret.id, 'rubbish', '17'].join('\n') + '\n' })
  assert.equal(upload.status, 200)
  let job
  for (let i = 0; i < 100 && job?.status !== 'complete'; i++) { job = (await compliance.getJobsById(made.id)).data; await new Promise((resolve) => setTimeout(resolve, 100)) }
  assert.equal(job.status, 'complete')
  const lines = (await (await fetch(job.downloadUrl)).text()).trim().split('\n').map((line) => JSON.parse(line))
  assert.deepEqual(lines.map(({ id, action, reason }) => [id, action, reason]), [gone.id, secret.id, '17'].map((id) => [id, 'delete', 'deleted']))
  assert.equal((await fetch(job.downloadUrl.replace(/.{10}\/download/, 'aaaaaaaaaa/download'))).status, 404)
  assert.deepEqual((await compliance.getJobs('tweets', { status: 'complete', complianceJobFields: ['status'] })).data, [{ id: made.id, status: 'complete' }])
  assert.equal((await compliance.getJobs('users')).meta.resultCount, 0)
})

it('an acknowledgement may carry a signature, which the ledger keeps', async () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)
  const id = server.sql("SELECT id FROM licensees WHERE name = 'acme'").toString().trim()
  const sure = (text) => sign(null, Buffer.from(text), privateKey)
  const domain = new URL(server.base).host
  const text = `kicau compliance ack v1\n${domain}\n${id}\nup_to 5\n`
  const ask = { up_to: '5', public_key: raw.toString('base64'), signature: sure(text).toString('base64url') }
  const { status, body } = await send('/2/compliance/ack', ask)
  assert.deepEqual([status, body.data?.signed], [200, true], JSON.stringify(body))
  const record = (await acme.get(`/2/receipts/${body.data.ledger_index}`)).data
  assert.equal(record.text, `ed25519 ${raw.toString('hex')} ${sure(text).toString('hex')}`)
  for (const wrong of [{ up_to: '6' }, { signature: sure(text + ' ').toString('base64') }, { public_key: '' }, { signature: 'AAAA' }]) assert.equal((await send('/2/compliance/ack', { ...ask, ...wrong })).status, 400)
  assert.equal((await send('/2/compliance/ack', { up_to: '5' })).body.data.signed, false)
})

it('an acknowledgement is in the ledger, and the author sees who had the post and who says it is gone', async () => {
  const made = await post(alice, 'held by acme')
  await acme.get(`/2/tweets/${made.id}`)
  const open = await new Lines(server.base, token).open('/2/tweets/compliance/stream')
  await alice.delete(`/api/v1/statuses/${made.id}`)
  const { kicau } = await open.find((one) => one.data?.delete?.tweet.id === made.id)
  open.close()
  const holders = async () => (await alice.get('/api/v1/data_holders')).find((one) => one.status_id === made.id).holders
  assert.deepEqual((await holders()).map(({ licensee, acknowledged_at: at }) => [licensee, at]), [['acme', null]])
  const { status, body } = await send('/2/compliance/ack', { event_ids: [kicau.event_id] })
  assert.deepEqual([status, body.data.acknowledged], [200, 1])
  assert.ok((await holders())[0].acknowledged_at)
  assert.equal((await send('/2/compliance/ack', { up_to: kicau.event_id })).status, 200)
  assert.equal((await send('/2/compliance/ack', {})).status, 400)
  assert.deepEqual((await acme.get('/2/compliance/unacknowledged')).data, [])
  assert.ok(!(await bob.get('/api/v1/data_holders')).some((one) => one.status_id === made.id))
})

it('of a use that is taken back the author sees who had got posts under it, and who says that they are gone', async () => {
  const [rival, late] = [new Licensee(server.base, await key(server, 'rival', 'basic')), new Licensee(server.base, await key(server, 'late', 'free'))]
  const made = await post(carol, 'searched by acme, mined by rival'); const other = await post(bob, 'of somebody else')
  for (const one of [acme, rival]) await one.get(`/2/tweets/${made.id}`)
  await late.get(`/2/tweets/${other.id}`)
  const entries = () => carol.get('/api/v1/data_holders')
  const names = (entry) => entry.holders.map(({ licensee }) => licensee).sort()
  await agree(carol, ['research', 'commercial', 'training'])
  const [taken, ...rest] = await entries()
  assert.deepEqual([taken.status_id, taken.deleted_at, taken.uses, taken.complete, rest], [null, null, ['search'], true, []])
  assert.ok(taken.withdrawn_at)
  assert.deepEqual(taken.holders.map(({ licensee, acknowledged_at: at }) => [licensee, at]), [['acme', null]])
  await agree(carol)
  await late.get(`/2/tweets/${made.id}`)
  assert.equal((await send('/2/compliance/ack', { event_ids: [taken.id] })).body.data.acknowledged, 1)
  const [acknowledged] = await entries()
  assert.deepEqual(names(acknowledged), ['acme'], 'who got it when it was allowed again is not concerned')
  assert.ok(acknowledged.holders[0].acknowledged_at)
  await carol.delete(`/api/v1/statuses/${made.id}`)
  await agree(carol, ['search', 'research', 'commercial'])
  const edited = await post(carol, 'tpyo'); await carol.put(`/api/v1/statuses/${edited.id}`, { status: 'typo' })
  const [unused, gone, first] = await entries()
  assert.deepEqual([unused.uses, unused.holders], [['training'], []], 'nobody has a licence for it')
  assert.deepEqual([gone.status_id, gone.uses, names(gone)], [made.id, [], ['acme', 'late', 'rival']])
  assert.deepEqual(first, acknowledged, 'also when the post itself is gone')
  assert.deepEqual((await carol.get(`/api/v1/data_holders?limit=1&max_id=${gone.id}`)).map(({ id }) => id), [taken.id])
  assert.deepEqual((await carol.get('/api/v1/data_holders?limit=1')).map(({ id }) => id), [unused.id], 'an edit takes nothing back')
  assert.ok(!(await bob.get('/api/v1/data_holders')).some(({ id }) => id === taken.id))
})

it('ten jobs wait or run at a time, however many are asked for at once', async () => {
  const other = await key(server, 'many jobs', 'free')
  const ask = () => fetch(`${server.base}/2/compliance/jobs`, { method: 'POST', headers: { Authorization: `Bearer ${other}`, 'Content-Type': 'application/json' }, body: JSON.stringify({ type: 'tweets' }) })
  const answers = await Promise.all(Array.from({ length: 16 }, ask))
  const statuses = answers.map((answer) => answer.status)
  assert.deepEqual([statuses.filter((status) => status === 429).length, statuses.filter((status) => status < 300).length], [6, 10], statuses.join())
  assert.match((await answers.find((answer) => answer.status === 429).json()).detail, /10 jobs wait or run/)
})
