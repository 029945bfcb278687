// Notifications of every kind, grouped and not; markers, conversations, filters, search.
import assert from 'node:assert/strict'
import { sleep, startWorld, stranger, until } from './lib/server.mjs'

const { it } = await startWorld({ accounts: ['alice', 'bob', 'carol'] })
const post = (user, status, more) => user.post('/api/v1/statuses', { status, ...more })
const notified = (user, type, test = () => true, query) => until(`a notification "${type}" for ${user.user}`, async () =>
  (await user.get('/api/v1/notifications', query)).find((n) => n.type === type && test(n)))

it('each kind of event says who and what', async ({ alice, bob }) => {
  const status = await post(alice, 'everything happens to this one')
  await bob.post(`/api/v1/statuses/${status.id}/favourite`)
  await bob.post(`/api/v1/statuses/${status.id}/reblog`)
  await bob.post(`/api/v1/accounts/${alice.id}/follow`)
  const reply = await post(bob, '@alice yes', { in_reply_to_id: status.id })
  for (const [type, id] of [['favourite', status.id], ['reblog', status.id], ['mention', reply.id], ['follow']]) {
    const note = await notified(alice, type)
    assert.equal(note.account.id, bob.id)
    assert.equal(note.status?.id, id)
    assert.equal((await alice.get(`/api/v1/notifications/${note.id}`)).id, note.id)
  }
})

it('"status" for those who asked, "update" for those who took part', async ({ alice, bob }) => {
  await bob.post(`/api/v1/accounts/${alice.id}/follow`, { notify: true })
  const status = await post(alice, 'ring the bell')
  await notified(bob, 'status', (n) => n.status.id === status.id)
  await bob.post(`/api/v1/statuses/${status.id}/reblog`)
  await alice.put(`/api/v1/statuses/${status.id}`, { status: 'ring the bell twice' })
  await notified(bob, 'update', (n) => n.status.id === status.id)
})

it('"follow_request" of a locked account', async ({ server, bob }) => {
  const locked = await stranger(server, 'locked')
  await locked.patch('/api/v1/accounts/update_credentials', { locked: true })
  await bob.post(`/api/v1/accounts/${locked.id}/follow`)
  assert.equal((await notified(locked, 'follow_request')).account.id, bob.id)
})

it('nothing for oneself, nothing from those one blocked, gone when undone', async ({ alice, carol }) => {
  const status = await post(alice, 'hmm')
  await alice.post(`/api/v1/statuses/${status.id}/favourite`)
  await carol.post(`/api/v1/statuses/${status.id}/favourite`)
  await notified(alice, 'favourite', (n) => n.account.id === carol.id)
  await carol.post(`/api/v1/statuses/${status.id}/unfavourite`)
  await until('it to go', async () => !(await alice.get('/api/v1/notifications')).some((n) => n.account.id === carol.id && n.type === 'favourite'))
  await alice.post(`/api/v1/accounts/${carol.id}/block`)
  await post(carol, '@alice hey')
  await sleep(300)
  const all = await alice.get('/api/v1/notifications', { limit: 80 })
  assert.ok(!all.some((n) => n.account.id === alice.id || n.account.id === carol.id))
  await alice.post(`/api/v1/accounts/${carol.id}/unblock`)
})

it('types, exclude_types and account_id choose', async ({ alice, bob }) => {
  const kinds = async (query) => [...new Set((await alice.get('/api/v1/notifications', query)).map((n) => n.type))].sort()
  assert.deepEqual(await kinds({ types: ['follow', 'reblog'] }), ['follow', 'reblog'])
  assert.ok(!(await kinds({ exclude_types: ['mention'] })).includes('mention'))
  assert.ok((await alice.get('/api/v1/notifications', { account_id: bob.id })).every((n) => n.account.id === bob.id))
})

it('unread count follows the marker; dismiss and clear', async ({ server, bob }) => {
  const user = await stranger(server)
  for (let n = 0; n < 3; n++) await post(bob, `@${user.user} number ${n}`)
  await until('three', async () => (await user.get('/api/v1/notifications/unread_count')).count === 3)
  const [newest, middle] = await user.get('/api/v1/notifications')
  await user.post('/api/v1/markers', { notifications: { last_read_id: middle.id } })
  assert.equal((await user.get('/api/v1/notifications/unread_count')).count, 1)
  await user.post(`/api/v1/notifications/${newest.id}/dismiss`)
  await user.call('GET', `/api/v1/notifications/${newest.id}`, { status: 404 })
  assert.equal((await user.get('/api/v1/notifications')).length, 2)
  await user.post('/api/v1/notifications/clear')
  assert.deepEqual(await user.get('/api/v1/notifications'), [])
})

it('markers keep a place per timeline, with a version', async ({ server }) => {
  const user = await stranger(server)
  assert.deepEqual(await user.get('/api/v1/markers', { timeline: ['home', 'notifications'] }), {})
  const first = await user.post('/api/v1/markers', { home: { last_read_id: '100' }, notifications: { last_read_id: '7' } })
  assert.deepEqual([first.home.last_read_id, first.notifications.last_read_id], ['100', '7'])
  const second = await user.post('/api/v1/markers', { home: { last_read_id: '200' } })
  assert.ok(second.home.version > first.home.version)
  const kept = await user.get('/api/v1/markers', { timeline: ['home'] })
  assert.deepEqual([Object.keys(kept), kept.home.last_read_id], [['home'], '200'])
  const { body } = await user.call('POST', '/api/v1/markers', { form: 'home[last_read_id]=300' })
  assert.equal(body.home.last_read_id, '300')
})

it('search: people, hashtags, own words, and an address', async ({ alice, bob, anyone }) => {
  const status = await post(alice, 'The kacapiring blooms #Kebun')
  const find = (user, q, more) => user.get('/api/v2/search', { q, ...more })
  assert.ok((await find(bob, 'alic')).accounts.some((a) => a.id === alice.id))
  assert.ok((await find(bob, '#kebu')).hashtags.some((t) => t.name.toLowerCase() === 'kebun'))
  assert.ok((await find(bob, 'kebun', { type: 'hashtags' })).hashtags.length > 0)
  assert.deepEqual((await find(bob, 'kebun', { type: 'hashtags' })).accounts, [])
  await until('the index', async () => (await find(alice, 'kacapiring', { type: 'statuses' })).statuses.some((s) => s.id === status.id))
  assert.deepEqual((await find(bob, status.url, { resolve: true })).statuses.map((s) => s.id), [status.id])
  assert.deepEqual((await find(bob, alice.url, { resolve: true })).accounts.map((a) => a.id), [alice.id])
  assert.ok((await find(anyone, 'alice')).accounts.length > 0)
  await anyone.call('GET', '/api/v2/search', { query: { q: 'x', resolve: true }, status: 401 })
  assert.deepEqual(await find(bob, 'nothing-of-that-name'), { accounts: [], statuses: [], hashtags: [] })
})
