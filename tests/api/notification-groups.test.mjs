// Notifications in groups, the policy that filters them, and what waits in requests. With masto.js, as an app does it.
import assert from 'node:assert/strict'
import { createRestAPIClient } from 'masto'
import { Socket } from './lib/stream.mjs'
import { startWorld, stranger, until } from './lib/server.mjs'

const { it, server, users } = await startWorld({ accounts: ['alice', 'bob', 'carol', 'dave'] })
const { alice, bob, carol, dave } = users
const masto = createRestAPIClient({ url: server.base, accessToken: alice.token })
const post = (user, status, more) => user.post('/api/v1/statuses', { status, ...more })
const like = (user, { id }) => user.post(`/api/v1/statuses/${id}/favourite`)
const v2 = '/api/v2/notifications'
const groups = async (query) => (await alice.get(v2, query)).notification_groups
const key = '/api/v2/notifications/'
const ids = (list) => list.map((one) => one.id)

it('favourites of one post are one group, of another post and of another kind others', async () => {
  const [one, two] = [await post(alice, 'one'), await post(alice, 'two')]
  for (const user of [bob, carol, dave]) await like(user, one)
  await like(bob, two)
  await bob.post(`/api/v1/statuses/${one.id}/reblog`)
  await post(carol, '@alice hello')
  const list = await groups()
  assert.deepEqual(list.map((g) => [g.type, g.notifications_count, g.sample_account_ids]), [
    ['mention', 1, [carol.id]], ['reblog', 1, [bob.id]], ['favourite', 1, [bob.id]], ['favourite', 3, [dave.id, carol.id, bob.id]]])
  const [mention, , , liked] = list
  assert.match(mention.group_key, /^ungrouped-/)
  assert.equal(liked.status_id, one.id)
  const flat = (await alice.get('/api/v1/notifications')).filter((n) => n.group_key === liked.group_key)
  assert.deepEqual(flat.map((n) => n.account.id), [dave.id, carol.id, bob.id])
  assert.deepEqual([liked.most_recent_notification_id, liked.page_max_id, liked.page_min_id], [Number(flat[0].id), flat[0].id, flat[2].id])
  assert.equal((await alice.get(`${v2}/unread_count`)).count, 4)
  assert.equal((await alice.get('/api/v1/notifications/unread_count')).count, 6)
})

it('each account and post is there once; the others of a group as little as asked', async () => {
  const full = await alice.get(v2)
  assert.deepEqual(ids(full.accounts).sort(), [bob.id, carol.id, dave.id].sort())
  assert.equal(new Set(ids(full.statuses)).size, full.statuses.length)
  assert.equal(full.partial_accounts, undefined)
  const [one] = (await groups()).filter((g) => g.notifications_count === 3)
  const { accounts, partial_accounts: partial, notification_groups: [group] } = await alice.get(v2, { types: ['favourite'], max_id: one.page_max_id, expand_accounts: 'partial_avatars' })
  assert.deepEqual([ids(accounts), ids(partial), group.notifications_count], [[carol.id], [bob.id], 2], 'what is newer than the page is not counted')
  await alice.call('GET', `${v2}?expand_accounts=some`, { status: 422 })
})

it('only the kinds asked for are grouped', async () => {
  const list = await groups({ grouped_types: ['reblog'], types: ['favourite'] })
  assert.deepEqual(list.map((g) => [g.notifications_count, g.group_key.split('-')[0]]), Array(4).fill([1, 'ungrouped']))
  assert.equal((await alice.get(`${v2}/unread_count`, { grouped_types: ['reblog'] })).count, 6)
})

it('pages hold every notification, and a group that goes on comes again', async () => {
  const status = await post(alice, 'long')
  for (let n = 0; n < 12; n++) {
    const user = await stranger(server, 'fan')
    await like(user, status)
    await post(user, `@alice ${n}`)
  }
  const seen = []
  let keys = []
  for await (const page of masto.v2.notifications.list({ limit: 5 })) {
    assert.ok(page.notificationGroups.length <= 5)
    assert.equal(new Set(page.notificationGroups.map((g) => g.groupKey)).size, page.notificationGroups.length)
    for (const g of page.notificationGroups) seen.push([BigInt(g.pageMinId), BigInt(g.pageMaxId)])
    keys = keys.concat(page.notificationGroups.map((g) => g.groupKey))
  }
  const all = (await alice.get('/api/v1/notifications', { limit: 80 })).map((n) => BigInt(n.id))
  assert.ok(all.every((id) => seen.some(([low, high]) => low <= id && id <= high)))
  const liked = (await groups()).find((g) => g.status_id === status.id)
  assert.equal(liked.notifications_count, 12)
  assert.equal(liked.sample_account_ids.length, 8)
  assert.ok(keys.filter((one) => one === liked.group_key).length > 1)
})

it('reading upwards finds the same', async () => {
  const [first] = (await alice.get('/api/v1/notifications', { limit: 80 })).slice(-1)
  const { notification_groups: up } = await alice.get(v2, { min_id: first.id, limit: 4 })
  assert.equal(up.length, 4)
  assert.ok(up.every((g, n) => !n || BigInt(g.page_max_id) < BigInt(up[n - 1].page_max_id)), 'newest first')
  const rest = await alice.get(v2, { min_id: up[0].page_max_id, limit: 80 })
  assert.ok(rest.notification_groups.length > 4)
})

it('one group: who is in it, page by page, and away with it', async () => {
  const group = (await groups()).find((g) => g.notifications_count === 12)
  const [first] = (await alice.get(key + group.group_key)).notification_groups
  assert.equal(first.notifications_count, 12)
  const pages = await alice.pages(`${key}${group.group_key}/accounts`, { limit: 5 })
  assert.deepEqual(pages.map((page) => page.length), [5, 5, 2])
  assert.equal(new Set(ids(pages.flat())).size, 12)
  for (const path of ['', '/accounts']) {
    await bob.call('GET', key + group.group_key + path, { status: 404 })
    await alice.call('GET', `${key}favourite-17${path}`, { status: 404 })
    await alice.call('GET', `${key}nonsense${path}`, { status: 404 })
  }
  await bob.post(`${key}${group.group_key}/dismiss`)
  assert.ok((await groups()).some((g) => g.group_key === group.group_key), 'not by somebody else')
  await alice.post(`${key}${group.group_key}/dismiss`)
  assert.ok(!(await groups()).some((g) => g.group_key === group.group_key))
  assert.equal((await alice.get('/api/v1/notifications', { types: ['favourite'], limit: 80 })).length, 4)
})

it('whom one blocks is gone from the groups, and from their counts', async () => {
  const count = async () => (await groups({ types: ['favourite'] })).map((g) => g.notifications_count)
  assert.deepEqual(await count(), [1, 3])
  await alice.post(`/api/v1/accounts/${carol.id}/block`)
  assert.deepEqual(await count(), [1, 2])
  await alice.post(`/api/v1/accounts/${carol.id}/unblock`)
})

it('the policy: what is filtered waits in a request, what is dropped is gone', async () => {
  const policy = await masto.v2.notifications.policy.fetch()
  assert.deepEqual({ ...policy, summary: null }, { forNotFollowing: 'accept', forNotFollowers: 'accept', forNewAccounts: 'accept', forPrivateMentions: 'filter', forLimitedAccounts: 'filter', forBots: 'accept', summary: null })
  const changed = await masto.v2.notifications.policy.update({ forNotFollowing: 'filter' })
  assert.equal(changed.forNotFollowing, 'filter')
  assert.deepEqual(changed.summary, { pendingRequestsCount: 0, pendingNotificationsCount: 0 })
  const stream = await new Socket(server.base, { token: alice.token, stream: 'user' }).open()
  const noisy = await stranger(server, 'noisy')
  const said = await post(noisy, '@alice buy this')
  await noisy.post(`/api/v1/accounts/${alice.id}/follow`)
  const [request] = await until('the request', async () => { const list = await masto.v1.notifications.requests.list(); return list.length && list })
  assert.deepEqual([request.account.id, request.notificationsCount, request.lastStatus.id], [noisy.id, '2', said.id])
  assert.deepEqual((await masto.v2.notifications.policy.fetch()).summary, { pendingRequestsCount: 1, pendingNotificationsCount: 2 })
  const from = async (query) => (await alice.get('/api/v1/notifications', query)).filter((n) => n.account.id === noisy.id).length
  assert.deepEqual([await from({}), await from({ include_filtered: true }), await from({ account_id: noisy.id })], [0, 2, 2])
  assert.ok(!stream.seen('notification', (n) => n.account.id === noisy.id))
  await bob.call('GET', `/api/v1/notifications/requests/${request.id}`, { status: 404 })
  await bob.call('POST', `/api/v1/notifications/requests/${request.id}/accept`, { status: 404 })
  await masto.v1.notifications.requests.$select(request.id).accept()
  await stream.next('notifications_merged')
  assert.equal((await masto.v1.notifications.requests.merged.fetch()).merged, true)
  assert.deepEqual([await from({}), (await masto.v1.notifications.requests.list()).length], [2, 0])
  await post(noisy, '@alice and this')
  await stream.next('notification', (n) => n.account.id === noisy.id)

  const worse = await stranger(server, 'worse')
  await post(worse, '@alice psst')
  const [other] = await masto.v1.notifications.requests.list()
  await masto.v1.notifications.requests.dismiss({ id: [other.id, '17'] })
  assert.deepEqual([await masto.v1.notifications.requests.list(), await alice.get('/api/v1/notifications', { account_id: worse.id })], [[], []])
  await alice.patch(`${v2}/policy`, { for_not_following: 'drop' })
  await post(worse, '@alice psst again')
  assert.deepEqual(await alice.get('/api/v1/notifications', { account_id: worse.id }), [])
  await alice.call('PATCH', `${v2}/policy`, { json: { for_not_following: 'maybe' }, status: 422 })
  await alice.patch(`${v2}/policy`, { for_not_following: 'accept' })
  stream.close()
})

it('the older form of the policy switches between filtering and not', async () => {
  const v1 = '/api/v1/notifications/policy'
  assert.deepEqual({ ...await alice.patch(v1, { filter_new_accounts: true, filter_private_mentions: false }), summary: null },
    { filter_not_following: false, filter_not_followers: false, filter_new_accounts: true, filter_private_mentions: false, summary: null })
  assert.equal((await alice.get(`${v2}/policy`)).for_new_accounts, 'filter')
  await alice.patch(`${v2}/policy`, { for_new_accounts: 'drop' })
  await alice.patch(v1, { filter_new_accounts: true })
  assert.equal((await alice.get(`${v2}/policy`)).for_new_accounts, 'drop', 'what is stricter stays')
  await alice.put(v1, { filter_new_accounts: false, filter_private_mentions: true })
  assert.deepEqual((await alice.get(`${v2}/policy`)).for_new_accounts, 'accept')
})

it('a private mention of a stranger joins the conversations when it is accepted', async () => {
  const quiet = await stranger(server, 'quiet')
  const { id } = await post(quiet, '@alice between us', { visibility: 'direct' })
  const mine = async () => (await alice.get('/api/v1/conversations')).map((one) => one.last_status.id)
  assert.ok(!(await mine()).includes(id))
  const [request] = await alice.get('/api/v1/notifications/requests')
  assert.equal(request.last_status.id, id)
  await alice.post('/api/v1/notifications/requests/accept', { id: [request.id] })
  assert.ok((await mine()).includes(id))
})
