// Follows, requests, blocks, mutes, notes, lists, looking people up.
import assert from 'node:assert/strict'
import { sleep, startWorld, stranger, until } from './lib/server.mjs'

const { it } = await startWorld({ accounts: ['alice', 'bob', 'carol'] })
const to = (user, other, verb, json) => user.post(`/api/v1/accounts/${other.id}/${verb}`, json)
const relation = async (user, other) => (await user.get('/api/v1/accounts/relationships', { id: [other.id] }))[0]
const home = async (user) => (await user.get('/api/v1/timelines/home')).map((s) => s.id)
const post = (user, status, more) => user.post('/api/v1/statuses', { status, ...more })

it('following and unfollowing, with the counts on both sides', async ({ alice, bob, anyone }) => {
  const after = await to(bob, alice, 'follow')
  assert.deepEqual([after.following, after.showing_reblogs, after.notifying, after.requested], [true, true, false, false])
  assert.equal((await to(bob, alice, 'follow')).following, true)
  assert.equal((await relation(alice, bob)).followed_by, true)
  assert.equal((await anyone.get(`/api/v1/accounts/${alice.id}`)).followers_count, 1)
  assert.equal((await anyone.get(`/api/v1/accounts/${bob.id}`)).following_count, 1)
  const status = await post(alice, 'to my followers')
  await until('the post to reach home', async () => (await home(bob)).includes(status.id))
  const languages = Array.from({ length: 900 }, () => 'en')
  const changed = await to(bob, alice, 'follow', { reblogs: false, notify: true, languages })
  assert.deepEqual([changed.showing_reblogs, changed.notifying, changed.languages], [false, true, ['en']])
  assert.equal((await to(bob, alice, 'unfollow')).following, false)
  assert.ok(!(await home(bob)).includes(status.id), 'unfollowing empties home')
  assert.equal((await anyone.get(`/api/v1/accounts/${alice.id}`)).followers_count, 0)
})

it('boosts of a followed person reach home unless they are turned off', async ({ server, alice, carol }) => {
  const reader = await stranger(server)
  await to(reader, alice, 'follow')
  const status = await post(carol, 'worth a boost')
  const boost = await alice.post(`/api/v1/statuses/${status.id}/reblog`)
  await until('the boost', async () => (await home(reader)).includes(boost.id))
  await to(reader, alice, 'follow', { reblogs: false })
  await alice.post(`/api/v1/statuses/${status.id}/unreblog`)
  const again = await alice.post(`/api/v1/statuses/${status.id}/reblog`)
  await sleep(300)
  assert.ok(!(await home(reader)).includes(again.id))
})

it('nobody follows, blocks or mutes themselves', async ({ alice }) => {
  await alice.call('POST', `/api/v1/accounts/${alice.id}/follow`, { json: {}, status: 404 })
  for (const verb of ['block', 'mute']) { // answered, and nothing happens
    const { blocking, muting } = await alice.post(`/api/v1/accounts/${alice.id}/${verb}`)
    assert.deepEqual([blocking, muting], [false, false])
  }
})

it('a locked account is asked first', async ({ server, bob, carol }) => {
  const locked = await stranger(server, 'locked')
  await locked.patch('/api/v1/accounts/update_credentials', { locked: true })
  const asked = await to(bob, locked, 'follow')
  assert.deepEqual([asked.following, asked.requested], [false, true])
  assert.equal((await relation(locked, bob)).requested_by, true)
  await to(carol, locked, 'follow')
  assert.deepEqual((await locked.get('/api/v1/follow_requests')).map((a) => a.username).sort(), ['bob', 'carol'])
  assert.equal((await locked.get('/api/v1/accounts/verify_credentials')).source.follow_requests_count, 2)
  const yes = await locked.post(`/api/v1/follow_requests/${bob.id}/authorize`)
  assert.equal(yes.followed_by, true)
  assert.equal((await relation(bob, locked)).following, true)
  const no = await locked.post(`/api/v1/follow_requests/${carol.id}/reject`)
  assert.equal(no.followed_by, false)
  assert.deepEqual([(await relation(carol, locked)).following, (await relation(carol, locked)).requested], [false, false])
  await locked.call('POST', `/api/v1/follow_requests/${carol.id}/authorize`, { json: {}, status: 404 })
  await to(carol, locked, 'follow')
  assert.equal((await to(carol, locked, 'unfollow')).requested, false)
  assert.deepEqual(await locked.get('/api/v1/follow_requests'), [])
  assert.equal((await to(locked, bob, 'remove_from_followers')).followed_by, false)
})

it('a block ends the follow both ways', async ({ server, alice }) => {
  const other = await stranger(server)
  await to(other, alice, 'follow')
  await to(alice, other, 'follow')
  const blocked = await to(alice, other, 'block')
  assert.deepEqual([blocked.blocking, blocked.following, blocked.followed_by], [true, false, false])
  assert.ok((await alice.get('/api/v1/blocks')).some((a) => a.id === other.id))
  assert.equal((await relation(other, alice)).blocked_by, true)
  assert.equal((await to(alice, other, 'unblock')).blocking, false)
  assert.equal((await relation(other, alice)).following, false)
})

it('a mute hides posts and notifications, or posts only', async ({ server, alice }) => {
  const noisy = await stranger(server)
  await to(alice, noisy, 'follow')
  const muted = await to(alice, noisy, 'mute')
  assert.deepEqual([muted.muting, muted.muting_notifications, muted.muting_expires_at, muted.following], [true, true, null, true])
  const status = await post(noisy, '@alice listen!')
  await sleep(300)
  assert.ok(!(await home(alice)).includes(status.id))
  assert.ok(!(await alice.get('/api/v1/notifications')).some((n) => n.status?.id === status.id))
  const [entry] = await alice.get('/api/v1/mutes')
  assert.equal(entry.mute_expires_at, null)
  assert.equal((await to(alice, noisy, 'mute', { notifications: false })).muting_notifications, false)
  const second = await post(noisy, '@alice again')
  await until('the notification', async () => (await alice.get('/api/v1/notifications')).some((n) => n.status?.id === second.id))
  assert.equal((await to(alice, noisy, 'unmute')).muting, false)
})

it('a mute with a duration ends by itself', async ({ server, alice }) => {
  const noisy = await stranger(server)
  const muted = await to(alice, noisy, 'mute', { duration: 2 })
  assert.ok(Math.abs(Date.parse(muted.muting_expires_at) - Date.now() - 2000) < 1500)
  assert.ok((await alice.get('/api/v1/mutes')).find((a) => a.id === noisy.id).mute_expires_at)
  await until('the mute to end', async () => !(await relation(alice, noisy)).muting, { timeout: 8000, every: 250 })
  assert.ok(!(await alice.get('/api/v1/mutes')).some((a) => a.id === noisy.id))
})

it('a private note about someone', async ({ alice, bob }) => {
  assert.equal((await to(alice, bob, 'note', { comment: 'met at the market' })).note, 'met at the market')
  assert.equal((await relation(alice, bob)).note, 'met at the market')
  assert.equal((await relation(bob, alice)).note, '')
  assert.equal((await to(alice, bob, 'note', { comment: '' })).note, '')
})

it('relationships answer in any number, and skip whom they do not know', async ({ alice, bob, carol }) => {
  const list = await alice.get('/api/v1/accounts/relationships', { id: [bob.id, carol.id, '1'] })
  assert.deepEqual(list.map((r) => r.id).sort(), [bob.id, carol.id].sort())
  assert.equal((await alice.call('GET', `/api/v1/accounts/relationships?id=${bob.id}`)).body.length, 1)
})

it('lookup and search for people', async ({ alice, server, anyone }) => {
  assert.equal((await anyone.get('/api/v1/accounts/lookup', { acct: 'ALICE' })).id, alice.id)
  assert.equal((await anyone.get('/api/v1/accounts/lookup', { acct: `alice@${server.domain}` })).id, alice.id)
  for (const q of ['alic', '@alice', `alice@${server.domain}`]) {
    assert.ok((await alice.get('/api/v1/accounts/search', { q })).some((a) => a.username === 'alice'), q)
  }
  await anyone.call('GET', '/api/v1/accounts/search', { query: { q: 'a' }, status: 401 })
})

it('hidden follows are counted, not listed', async ({ server, alice, bob }) => {
  const shy = await stranger(server, 'shy')
  await to(shy, alice, 'follow')
  const me = await shy.patch('/api/v1/accounts/update_credentials', { hide_collections: true })
  assert.equal(me.hide_collections, true)
  assert.deepEqual(await bob.get(`/api/v1/accounts/${shy.id}/following`), [])
  assert.equal((await shy.get(`/api/v1/accounts/${shy.id}/following`)).length, 1)
})

it('lists: made, filled, read, changed, thrown away', async ({ server, alice, bob }) => {
  const owner = await stranger(server)
  const list = await owner.post('/api/v1/lists', { title: 'Friends', replies_policy: 'none', exclusive: false })
  assert.deepEqual([list.title, list.replies_policy, list.exclusive], ['Friends', 'none', false])
  assert.equal((await owner.put(`/api/v1/lists/${list.id}`, { title: 'Close friends', replies_policy: 'list' })).title, 'Close friends')
  const add = (ids, status) => owner.call('POST', `/api/v1/lists/${list.id}/accounts`, { json: { account_ids: ids }, status })
  await add([alice.id], 404) // only people one follows
  await to(owner, alice, 'follow')
  await to(owner, bob, 'follow')
  await add([alice.id])
  await add([alice.id], 422)
  assert.deepEqual((await owner.get(`/api/v1/lists/${list.id}/accounts`)).map((a) => a.id), [alice.id])
  assert.deepEqual((await owner.get(`/api/v1/accounts/${alice.id}/lists`)).map((l) => l.id), [list.id])
  const inside = await post(alice, 'in the list')
  const outside = await post(bob, 'not in the list')
  const shown = await until('the list', async () => {
    const ids = (await owner.get(`/api/v1/timelines/list/${list.id}`)).map((s) => s.id)
    return ids.includes(inside.id) && ids
  })
  assert.ok(!shown.includes(outside.id))
  await alice.call('GET', `/api/v1/lists/${list.id}`, { status: 404 })
  await alice.call('GET', `/api/v1/timelines/list/${list.id}`, { status: 404 })
  await owner.delete(`/api/v1/lists/${list.id}/accounts`, { account_ids: [alice.id] })
  assert.deepEqual(await owner.get(`/api/v1/lists/${list.id}/accounts`), [])
  await owner.delete(`/api/v1/lists/${list.id}`)
  assert.deepEqual(await owner.get('/api/v1/lists'), [])
})

it('an exclusive list keeps its people out of home', async ({ server, alice }) => {
  const owner = await stranger(server)
  await to(owner, alice, 'follow')
  const list = await owner.post('/api/v1/lists', { title: 'Apart', exclusive: true })
  await owner.post(`/api/v1/lists/${list.id}/accounts`, { account_ids: [alice.id] })
  const status = await post(alice, 'apart')
  await until('the list', async () => (await owner.get(`/api/v1/timelines/list/${list.id}`)).some((s) => s.id === status.id))
  assert.ok(!(await home(owner)).includes(status.id))
})

it('familiar followers: whom I follow that follows them', async ({ server, alice }) => {
  const [one, two] = [await stranger(server), await stranger(server)]
  await to(one, two, 'follow')
  await to(two, alice, 'follow')
  const [entry] = await one.get('/api/v1/accounts/familiar_followers', { id: [alice.id] })
  assert.equal(entry.id, alice.id)
  assert.deepEqual(entry.accounts.map((a) => a.id), [two.id])
})

it('of a follow and a block at the same time the block stands', async ({ server, alice }) => {
  const other = await stranger(server)
  for (let i = 0; i < 25; i++) {
    await to(alice, other, 'unblock')
    await Promise.all([to(other, alice, 'follow').catch(() => {}), to(alice, other, 'block')])
    const between = await relation(alice, other)
    assert.deepEqual([between.blocking, between.followed_by], [true, false], `round ${i}`)
  }
})

it('servers that one blocks for oneself are a list, in lower case, page by page', async ({ alice, bob }) => {
  const path = '/api/v1/domain_blocks'
  for (const domain of ['One.example', 'two.example', 'three.example', 'two.example']) await alice.post(path, { domain })
  assert.deepEqual(await alice.get(path), ['three.example', 'two.example', 'one.example'])
  assert.deepEqual(await alice.pages(path, { limit: 2 }), [['three.example', 'two.example'], ['one.example']])
  assert.deepEqual(await bob.get(path), [])
  await alice.call('DELETE', path, { json: { domain: 'TWO.example' } })
  await alice.call('DELETE', path, { json: { domain: 'nobody.example' } })
  assert.deepEqual(await alice.get(path), ['three.example', 'one.example'])
  for (const domain of ['', 'a b', 'https://x.example/', 'x.example/path', 'u@x.example', 'x'.repeat(300), '[::1]']) {
    await alice.call('POST', path, { json: { domain }, status: 422 })
  }
})

it('what the block of a server would end is told before: nothing, as nobody is of another server', async ({ alice, bob, anyone }) => {
  const path = '/api/v1/domain_blocks/preview'
  await alice.post(`/api/v1/accounts/${bob.id}/follow`)
  for (const domain of ['far.example', new URL(alice.url).host, 'no name']) {
    assert.deepEqual(await alice.get(path, { domain }), { following_count: 0, followers_count: 0 })
  }
  await alice.call('GET', path, { status: 422 })
  await anyone.call('GET', path, { query: { domain: 'far.example' }, status: 401 })
})
