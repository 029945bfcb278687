// Posts that wait for their time.
import assert from 'node:assert/strict'
import { createRestAPIClient } from 'masto'
import { png } from './lib/png.mjs'
import { sleep, startWorld, until } from './lib/server.mjs'

const { it } = await startWorld({ accounts: ['alice', 'bob', 'carol', 'dave'] })
const path = '/api/v1/scheduled_statuses'
const minutes = (n) => new Date(Date.now() + n * 60000).toISOString()
const schedule = (user, fields, at = minutes(10)) => user.post('/api/v1/statuses', { scheduled_at: at, ...fields })
const refused = async (user, fields) => (await user.call('POST', '/api/v1/statuses', { json: fields, status: 422 })).body.error
const posts = (user, of) => user.get(`/api/v1/accounts/${of.id}/statuses`)

// The time comes sooner than an app may ask for.
const itIsTime = (server, id) => server.sql(`UPDATE scheduled_posts SET at = ${Date.now() - 1000} WHERE id = ${id}`)
const published = (user, of, test) => until('it is posted', async () => (await posts(user, of)).find(test), { timeout: 8000 })

it('a post is scheduled, listed, moved and called off', async ({ alice, bob }) => {
  const at = minutes(10)
  const made = await schedule(alice, { status: 'good morning', spoiler_text: 'early', visibility: 'unlisted', language: 'en', sensitive: true }, at)
  assert.equal(made.scheduled_at, at)
  assert.deepEqual([made.params.text, made.params.spoiler_text, made.params.visibility, made.params.language, made.params.sensitive, made.media_attachments], ['good morning', 'early', 'unlisted', 'en', true, []])
  assert.deepEqual(await posts(alice, alice), [], 'it is not posted yet')
  const second = await schedule(alice, { status: 'good night' }, minutes(20))
  assert.deepEqual((await alice.get(path)).map((one) => one.id), [second.id, made.id])
  const first = await alice.call('GET', `${path}?limit=1`)
  assert.deepEqual(first.body.map((one) => one.id), [second.id])
  assert.match(first.headers.get('link'), new RegExp(`max_id=${second.id}`))
  assert.deepEqual((await alice.get(`${path}?max_id=${second.id}`)).map((one) => one.id), [made.id])
  assert.deepEqual((await alice.get(`${path}?min_id=${made.id}`)).map((one) => one.id), [second.id])
  for (const method of ['GET', 'PUT', 'DELETE']) await bob.call(method, `${path}/${made.id}`, { json: method === 'PUT' ? { scheduled_at: minutes(30) } : undefined, status: 404 })
  const later = minutes(30)
  assert.deepEqual(await alice.put(`${path}/${made.id}`, { scheduled_at: later }), { ...made, scheduled_at: later })
  for (const { id } of [made, second]) assert.deepEqual(await alice.delete(`${path}/${id}`), {})
  await alice.call('GET', `${path}/${made.id}`, { status: 404 })
  assert.deepEqual(await alice.get(path), [])
})

it('what could not be posted is refused at once', async ({ alice }) => {
  const scheduled_at = minutes(10)
  assert.match(await refused(alice, { status: 'soon', scheduled_at: minutes(4) }), /five minutes/)
  assert.match(await refused(alice, { status: '', scheduled_at }), /Text can't be blank/)
  assert.match(await refused(alice, { status: 'x'.repeat(501), scheduled_at }), /limit of 500/)
  assert.match(await refused(alice, { status: 'a poll', poll: { options: ['one'], expires_in: 3600 }, scheduled_at }), /Choices/)
  assert.match(await refused(alice, { status: 'a picture', media_ids: ['1'], scheduled_at }), /media|Media/)
  assert.equal((await alice.call('POST', '/api/v1/statuses', { json: { status: 'when?', scheduled_at: 'noon' }, status: 422 })).status, 422)
  const { id } = await schedule(alice, { status: 'fine' })
  assert.match((await alice.call('PUT', `${path}/${id}`, { json: { scheduled_at: minutes(1) }, status: 422 })).body.error, /five minutes/)
  await alice.delete(`${path}/${id}`)
})

it('what is scheduled for the past is posted', async ({ alice }) => {
  const status = await alice.post('/api/v1/statuses', { status: 'late already', scheduled_at: '2020-01-01T00:00:00.000Z' })
  assert.match(status.content, /late already/)
  await alice.delete(`/api/v1/statuses/${status.id}`)
})

it('it is posted when its time has come: once, whole, with its poll and its answer', async ({ server, alice, bob }) => {
  await alice.post(`/api/v1/accounts/${bob.id}/follow`)
  const parent = await alice.post('/api/v1/statuses', { status: 'when?' })
  const poll = await schedule(bob, { status: '@alice now or later? #time', in_reply_to_id: parent.id, poll: { options: ['now', 'later'], expires_in: 3600, multiple: true } })
  await itIsTime(server, poll.id)
  const status = await published(alice, bob, (one) => /now or later/.test(one.content))
  assert.deepEqual([status.in_reply_to_id, status.poll.options.map((one) => one.title), status.poll.multiple, status.tags.map((one) => one.name), status.mentions.map((one) => one.id)], [parent.id, ['now', 'later'], true, ['time'], [alice.id]])
  assert.ok(Math.abs(Date.parse(status.created_at) - Date.now()) < 20000)
  assert.ok((await alice.get('/api/v1/notifications')).some((one) => one.type === 'mention' && one.status.id === status.id))
  assert.ok((await alice.get('/api/v1/timelines/home')).some((one) => one.id === status.id))
  await bob.call('GET', `${path}/${poll.id}`, { status: 404 })
  await sleep(1500)
  assert.equal((await posts(alice, bob)).filter((one) => /now or later/.test(one.content)).length, 1)
})

it('its pictures are held for it', async ({ server, alice }) => {
  const upload = async () => (await alice.call('POST', '/api/v1/media', { multipart: { file: new Blob([png(40, 30)], { type: 'image/png' }), description: 'a square' } })).body.id
  const media = await upload()
  const made = await schedule(alice, { status: 'with a picture', media_ids: [media] })
  assert.deepEqual(made.media_attachments.map((one) => [one.id, one.description]), [[media, 'a square']])
  assert.match(await refused(alice, { status: 'me first', media_ids: [media] }), /media|Media/)
  assert.match(await refused(alice, { status: 'me too', media_ids: [media], scheduled_at: minutes(10) }), /media|Media/)
  await alice.call('DELETE', `/api/v1/media/${media}`, { status: 422 })
  await itIsTime(server, made.id)
  const status = await published(alice, alice, (one) => /with a picture/.test(one.content))
  assert.deepEqual(status.media_attachments.map((one) => one.id), [media])
  const other = await upload()
  const off = await schedule(alice, { status: 'called off', media_ids: [other] })
  await alice.delete(`${path}/${off.id}`)
  assert.equal((await alice.post('/api/v1/statuses', { status: 'instead', media_ids: [other] })).media_attachments[0].id, other)
})

it('an answer to what is gone becomes a post of its own', async ({ server, alice, bob }) => {
  const parent = await alice.post('/api/v1/statuses', { status: 'soon gone' })
  const made = await schedule(bob, { status: 'nobody there', in_reply_to_id: parent.id })
  await alice.delete(`/api/v1/statuses/${parent.id}`)
  await itIsTime(server, made.id)
  assert.equal((await published(alice, bob, (one) => /nobody there/.test(one.content))).in_reply_to_id, null)
})

it('a repeated call schedules once', async ({ carol }) => {
  const call = () => carol.call('POST', '/api/v1/statuses', { json: { status: 'once', scheduled_at: minutes(10) }, headers: { 'Idempotency-Key': 'morning' } })
  const [one, two] = [await call(), await call()]
  assert.equal(one.body.id, two.body.id)
  assert.equal((await carol.get(path)).length, 1)
  await carol.delete(`${path}/${one.body.id}`)
})

it('25 a day, and no more', async ({ dave }) => {
  const noon = new Date(Date.now() + 3 * 86400000)
  noon.setUTCHours(12, 0, 0, 0)
  for (let n = 0; n < 25; n++) await schedule(dave, { status: `number ${n}` }, new Date(noon.getTime() + n * 1000).toISOString())
  assert.match(await refused(dave, { status: 'one more', scheduled_at: noon.toISOString() }), /25 scheduled posts for one day/)
  await schedule(dave, { status: 'another day' }, new Date(noon.getTime() + 86400000).toISOString())
})

it('masto.js schedules, lists, moves and removes', async ({ server, carol }) => {
  const masto = createRestAPIClient({ url: server.base, accessToken: carol.token })
  const made = await masto.v1.statuses.create({ status: 'from an app', scheduledAt: minutes(10) })
  assert.equal(made.params.text, 'from an app')
  assert.deepEqual((await masto.v1.scheduledStatuses.list()).map((one) => one.id), [made.id])
  const moved = await masto.v1.scheduledStatuses.$select(made.id).update({ scheduledAt: minutes(20) })
  assert.notEqual(moved.scheduledAt, made.scheduledAt)
  await masto.v1.scheduledStatuses.$select(made.id).remove()
  assert.deepEqual(await masto.v1.scheduledStatuses.list(), [])
})

it('a server that was killed posts what was due meanwhile', async ({ server, carol }) => {
  const made = await schedule(carol, { status: 'while you were out' })
  await server.stop('SIGKILL')
  await itIsTime(server, made.id)
  server.exit = undefined
  server.stopping = false
  await server.start()
  await published(carol, carol, (one) => /while you were out/.test(one.content))
  assert.deepEqual(await carol.get(path), [])
})
