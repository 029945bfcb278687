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

it('grouped: many likes of one post are one entry', async ({ server, alice, bob, carol }) => {
  const user = await stranger(server)
  const status = await post(user, 'popular')
  for (const fan of [alice, bob, carol]) await fan.post(`/api/v1/statuses/${status.id}/favourite`)
  await post(alice, `@${user.user} congratulations`)
  const page = await until('four events', async () => {
    const result = await user.get('/api/v2/notifications')
    return result.notification_groups.reduce((sum, g) => sum + g.notifications_count, 0) === 4 && result
  })
  assert.equal(page.notification_groups.length, 2)
  const group = page.notification_groups.find((g) => g.type === 'favourite')
  assert.deepEqual([group.notifications_count, group.status_id], [3, status.id])
  assert.deepEqual(group.sample_account_ids, [carol.id, bob.id, alice.id])
  for (const id of group.sample_account_ids) assert.ok(page.accounts.some((a) => a.id === id))
  assert.ok(page.statuses.some((s) => s.id === status.id))
  assert.equal((await user.get(`/api/v2/notifications/${group.group_key}/accounts`)).length, 3)
  assert.equal((await user.get(`/api/v2/notifications/${group.group_key}`)).notification_groups[0].group_key, group.group_key)
  assert.equal((await user.get('/api/v2/notifications/unread_count')).count, 2)
  assert.ok((await user.get('/api/v1/notifications')).every((n) => n.group_key))
  const partial = await user.get('/api/v2/notifications', { expand_accounts: 'partial_avatars' })
  assert.ok(partial.partial_accounts.length > 0)
  await user.post(`/api/v2/notifications/${group.group_key}/dismiss`)
  assert.equal((await user.get('/api/v2/notifications')).notification_groups.length, 1)
})

it('policy: strangers are kept apart until accepted', async ({ server }) => {
  const [user, other] = [await stranger(server), await stranger(server)]
  const policy = await user.patch('/api/v2/notifications/policy', { for_not_following: 'filter' })
  assert.equal(policy.for_not_following, 'filter')
  await post(other, `@${user.user} do you know me?`)
  const [request] = await until('a request', async () => {
    const list = await user.get('/api/v1/notifications/requests')
    return list.length && list
  })
  assert.equal(request.account.id, other.id)
  assert.deepEqual(await user.get('/api/v1/notifications'), [])
  assert.equal((await user.get('/api/v2/notifications/policy')).summary.pending_requests_count, 1)
  await user.post(`/api/v1/notifications/requests/${request.id}/accept`)
  await notified(user, 'mention')
  await user.get('/api/v1/notifications/requests/merged')
  assert.deepEqual(await user.get('/api/v1/notifications/requests'), [])
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

it('a direct post opens a conversation, unread until read', async ({ server, bob }) => {
  const user = await stranger(server)
  const first = await post(bob, `@${user.user} hello`, { visibility: 'direct' })
  const [talk] = await until('a conversation', async () => {
    const list = await user.get('/api/v1/conversations')
    return list.length && list
  })
  assert.equal(talk.unread, true)
  assert.deepEqual(talk.accounts.map((a) => a.id), [bob.id])
  assert.equal(talk.last_status.id, first.id)
  assert.equal((await user.post(`/api/v1/conversations/${talk.id}/read`)).unread, false)
  const answer = await post(user, '@bob hello yourself', { visibility: 'direct', in_reply_to_id: first.id })
  await until('the same conversation', async () => (await user.get('/api/v1/conversations'))[0].last_status.id === answer.id)
  assert.equal((await user.get('/api/v1/conversations')).length, 1)
  await bob.call('POST', `/api/v1/conversations/${talk.id}/read`, { json: {}, status: 404 })
  await user.delete(`/api/v1/conversations/${talk.id}`)
  assert.deepEqual(await user.get('/api/v1/conversations'), [])
  await user.get(`/api/v1/statuses/${answer.id}`)
})

it('filters: made, matched, hiding or warning, in both versions of the API', async ({ server, bob }) => {
  const user = await stranger(server)
  const filter = await user.post('/api/v2/filters', {
    title: 'Fruit', context: ['home', 'public'], filter_action: 'warn', expires_in: 3600,
    keywords_attributes: [{ keyword: 'durian', whole_word: true }, { keyword: 'salak', whole_word: false }]
  })
  assert.deepEqual(filter.keywords.map((k) => k.keyword), ['durian', 'salak'])
  assert.ok(Date.parse(filter.expires_at) > Date.now() + 3000000)
  const status = await post(bob, 'I like Durian very much')
  const seen = async () => (await user.get('/api/v1/timelines/public')).find((s) => s.id === status.id)
  const [result] = (await seen()).filtered
  assert.equal(result.filter.id, filter.id)
  assert.deepEqual(result.keyword_matches.map((w) => w.toLowerCase()), ['durian'])
  const plain = await post(bob, 'durians are many') // whole word only
  assert.deepEqual((await user.get(`/api/v1/statuses/${plain.id}`)).filtered, [])
  const keyword = await user.post(`/api/v2/filters/${filter.id}/keywords`, { keyword: 'many', whole_word: true })
  assert.equal((await user.put(`/api/v2/filters/keywords/${keyword.id}`, { keyword: 'lots' })).keyword, 'lots')
  await user.delete(`/api/v2/filters/keywords/${keyword.id}`)
  const held = await user.post(`/api/v2/filters/${filter.id}/statuses`, { status_id: plain.id })
  assert.equal(held.status_id, plain.id)
  assert.deepEqual((await user.get('/api/v1/timelines/public')).find((s) => s.id === plain.id).filtered[0].status_matches, [plain.id])
  assert.equal((await user.put(`/api/v2/filters/${filter.id}`, { filter_action: 'hide' })).filter_action, 'hide')
  const old = await user.get('/api/v1/filters')
  assert.deepEqual(old.map((f) => f.phrase).sort(), ['durian', 'salak'])
  assert.equal(old[0].irreversible, true)
  const made = await user.post('/api/v1/filters', { phrase: 'jengkol', context: ['home'], whole_word: true })
  assert.equal((await user.put(`/api/v1/filters/${made.id}`, { phrase: 'petai', context: ['home'] })).phrase, 'petai')
  await user.delete(`/api/v1/filters/${made.id}`)
  await user.delete(`/api/v2/filters/${filter.id}`)
  assert.deepEqual(await user.get('/api/v2/filters'), [])
  assert.deepEqual((await seen()).filtered, [])
  await user.call('POST', '/api/v2/filters', { json: { title: '', context: [] }, status: 422 })
  await user.call('POST', '/api/v2/filters', { json: { title: 'x', context: ['nowhere'] }, status: 422 })
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

it('push: a subscription per token', async ({ server }) => {
  const user = await stranger(server)
  await user.call('GET', '/api/v1/push/subscription', { status: 404 })
  const subscription = {
    endpoint: 'https://push.example/send/abc', standard: true,
    keys: { p256dh: 'BEm_a0bdPDhf0SOsrnB2-ategf1hHoCnpXgQsFj5JCkcoMrMt2WHoPfEYOYPzOIs9mZE8ZUaD7VA5vouy0kEkr8=', auth: 'eH_C8rq2raXqlcBVDa1gLg==' }
  }
  const made = await user.post('/api/v1/push/subscription', { subscription, data: { alerts: { mention: true }, policy: 'followed' } })
  assert.deepEqual([made.endpoint, made.alerts.mention, made.alerts.poll], [subscription.endpoint, true, false])
  const { configuration } = await user.get('/api/v2/instance')
  assert.equal(made.server_key, configuration.vapid.public_key)
  const changed = await user.put('/api/v1/push/subscription', { data: { alerts: { mention: false, poll: true } } })
  assert.deepEqual([changed.alerts.mention, changed.alerts.poll], [false, true])
  await user.delete('/api/v1/push/subscription')
  await user.call('GET', '/api/v1/push/subscription', { status: 404 })
})
