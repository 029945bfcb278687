// Collections of accounts: made, listed, changed, left; who may be in them, and who is told. With masto.js, as an app
// does it.
import assert from 'node:assert/strict'
import { createRestAPIClient } from 'masto'
import { startWorld, stranger, until } from './lib/server.mjs'
import { staffScopes } from './lib/staff.mjs'

const path = '/api/v1/collections'
const { it, server, users, anyone } = await startWorld({ accounts: ['alice', 'bob', 'carol', 'dave', 'shy', 'moderator'], roles: { moderator: 'moderator' } })
const { alice, bob, carol, dave, shy } = users
for (const user of [alice, bob, carol, dave]) await user.patch('/api/v1/accounts/update_credentials', { discoverable: true })
await shy.patch('/api/v1/accounts/update_credentials', { discoverable: false })

const masto = (user) => createRestAPIClient({ url: server.base, accessToken: user.token })
const make = async (user, name, members = [], more = {}) =>
  (await user.post(path, { name, discoverable: true, account_ids: members.map(({ id }) => id), ...more })).collection
const get = (user, { id }) => user.get(`${path}/${id}`)
const drop = (user, { id }) => user.delete(`${path}/${id}`)
const add = async (user, { id }, member) => (await user.post(`${path}/${id}/items`, { account_id: member.id })).collection_item
const refused = async (status, user, method, where, json) => (await user.call(method, path + where, { json, status })).body.error
const names = async (user, whose, which = 'collections') =>
  (await user.get(`/api/v1/accounts/${whose.id}/${which}`)).collections.map(({ name }) => name)
const members = async (user, one) => (await get(user, one)).collection.items.map((item) => item.account_id)
const told = async (user, type) => (await user.get('/api/v1/notifications', { types: [type] })).map((one) => one.collection.name)
const updates = (user) => told(user, 'collection_update')

it('as an app does it: made, read, changed and deleted', async () => {
  const client = masto(alice).v1
  const { collection } = await client.collections.create({ name: 'Birds', description: 'They sing', language: 'en', tagName: '#Burung', sensitive: false, discoverable: true, accountIds: [bob.id] })
  assert.deepEqual([collection.name, collection.description, collection.language, collection.local, collection.discoverable], ['Birds', 'They sing', 'en', true, true])
  assert.deepEqual([collection.tag.name, collection.itemCount, collection.accountId], ['Burung', 1, alice.id])
  assert.equal((await fetch(collection.url)).status, 200)
  const one = client.collections.$select(collection.id)
  const { collectionItem } = await one.items.create({ accountId: carol.id })
  assert.equal(collectionItem.state, 'accepted')
  const read = await one.fetch()
  assert.deepEqual(read.accounts.map(({ id }) => id), [alice.id, bob.id, carol.id])
  assert.deepEqual(read.collection.items[1], collectionItem)
  const changed = (await one.update({ name: 'Songbirds', tagName: '', language: '' })).collection
  assert.deepEqual([changed.name, changed.description, changed.tag, changed.language, changed.itemCount], ['Songbirds', 'They sing', null, null, 2])
  assert.deepEqual((await client.accounts.$select(alice.id).collections.list()).collections, [changed])
  assert.deepEqual((await masto(carol).v1.accounts.$select(carol.id).inCollections.list()).collections, [changed])
  await one.items.$select(collectionItem.id).remove()
  assert.deepEqual(await members(anyone, collection), [bob.id])
  await masto(bob).v1.collections.$select(collection.id).items.$select(read.collection.items[0].id).revoke()
  assert.deepEqual(await members(anyone, collection), [])
  await one.remove()
  await anyone.call('GET', `${path}/${collection.id}`, { status: 404 })
})

it('everybody reads one by its id; only discoverable ones are listed', async () => {
  const open = await make(alice, 'open')
  const closed = await make(alice, 'closed', [bob], { discoverable: false })
  assert.deepEqual(await names(anyone, alice), ['open'])
  assert.deepEqual(await names(bob, alice), ['open'])
  assert.deepEqual(await names(alice, alice), ['closed', 'open'])
  assert.deepEqual(await names(bob, bob, 'in_collections'), ['closed'], 'who is in it knows')
  assert.equal((await get(anyone, closed)).collection.name, 'closed')
  await alice.call('GET', `/api/v1/accounts/${bob.id}/in_collections`, { status: 403 })
  await anyone.call('GET', `/api/v1/accounts/${bob.id}/in_collections`, { status: 401 })
  const page = await alice.call('GET', `/api/v1/accounts/${alice.id}/collections`, { query: { limit: 1 } })
  assert.equal(page.body.collections[0].name, 'closed')
  assert.match(page.headers.get('link'), /[?&]offset=1>; rel="next"$/)
  const next = await alice.call('GET', `/api/v1/accounts/${alice.id}/collections`, { query: { limit: 1, offset: 1 } })
  assert.equal(next.body.collections[0].name, 'open')
  assert.match(next.headers.get('link'), /[?&]offset=0>; rel="prev"$/)
  await Promise.all([open, closed].map((one) => drop(alice, one)))
})

it('only whose it is changes it', async () => {
  const one = await make(alice, 'hers', [bob])
  const [item] = (await get(alice, one)).collection.items
  for (const [method, where, json] of [['PATCH', '', { name: 'his' }], ['PUT', '', { name: 'his' }], ['DELETE', ''], ['POST', '/items', { account_id: carol.id }], ['DELETE', `/items/${item.id}`]]) {
    await refused(403, carol, method, `/${one.id}${where}`, json)
    await refused(401, anyone, method, `/${one.id}${where}`, json)
    await refused(404, carol, method, `/${item.id}${where}`, json)
  }
  await refused(403, carol, 'POST', `/${one.id}/items/${item.id}/revoke`)
  await refused(403, alice, 'POST', `/${one.id}/items/${item.id}/revoke`)
  await refused(404, bob, 'POST', `/${one.id}/items/${one.id}/revoke`)
  assert.equal((await alice.put(`${path}/${one.id}`, { sensitive: true })).collection.sensitive, true)
  const reader = await server.login('alice', 'read:collections')
  assert.deepEqual(await names(reader, alice), ['hers'])
  await refused(403, reader, 'DELETE', `/${one.id}`)
  await drop(alice, one)
})

it('in it is who may be found, once, and not across a block', async () => {
  const one = await make(alice, 'who')
  const put = (status, { id }) => refused(status, alice, 'POST', `/${one.id}/items`, { account_id: id })
  assert.match(await put(403, shy), /cannot be added/)
  await refused(403, alice, 'POST', '', { name: 'x', account_ids: [bob.id, shy.id] })
  assert.deepEqual(await names(alice, alice), ['who'], 'all or none')
  await put(404, one)
  assert.match(await refused(422, alice, 'POST', `/${one.id}/items`, {}), /account_id/)
  await add(alice, one, bob)
  assert.match(await put(422, bob), /taken/)
  await alice.post(`/api/v1/accounts/${carol.id}/block`)
  await put(403, carol)
  await alice.post(`/api/v1/accounts/${carol.id}/unblock`)
  await carol.post(`/api/v1/accounts/${alice.id}/block`)
  await put(403, carol)
  await carol.post(`/api/v1/accounts/${alice.id}/unblock`)
  await add(alice, one, alice)
  await add(alice, one, carol)
  assert.deepEqual((await get(anyone, one)).accounts.map(({ id }) => id), [alice.id, bob.id, carol.id])
  await drop(alice, one)
})

it('who leaves cannot be put in again', async () => {
  const one = await make(alice, 'left', [bob])
  const [item] = (await get(alice, one)).collection.items
  const where = `/${one.id}/items/${item.id}`
  assert.deepEqual(await bob.post(`${path}${where}/revoke`), {})
  assert.deepEqual(await bob.post(`${path}${where}/revoke`), {})
  const { collection, accounts } = await get(alice, one)
  assert.deepEqual([collection.items, collection.item_count, accounts.length], [[], 0, 1])
  assert.deepEqual(await names(bob, bob, 'in_collections'), [])
  await refused(404, alice, 'DELETE', where)
  assert.match(await refused(422, alice, 'POST', `/${one.id}/items`, { account_id: bob.id }), /taken/)
  await drop(alice, one)
})

it('a block ends being in a collection of the other, both ways', async () => {
  const hers = await make(alice, 'hers', [bob, carol])
  const his = await make(bob, 'his', [alice, carol])
  await carol.post(`/api/v1/accounts/${bob.id}/block`)
  assert.deepEqual(await members(alice, hers), [bob.id, carol.id])
  assert.deepEqual(await members(carol, hers), [carol.id], 'without whom one blocks')
  assert.deepEqual(await members(anyone, his), [alice.id])
  await bob.post(`/api/v1/accounts/${alice.id}/block`)
  assert.deepEqual([await members(anyone, hers), await members(anyone, his)], [[carol.id], []])
  await refused(403, alice, 'GET', `/${his.id}`)
  assert.deepEqual(await names(alice, bob), [])
  assert.equal((await get(anyone, his)).collection.name, 'his')
  await bob.post(`/api/v1/accounts/${alice.id}/unblock`)
  await carol.post(`/api/v1/accounts/${bob.id}/unblock`)
  await refused(422, alice, 'POST', `/${hers.id}/items`, { account_id: bob.id })
  await add(bob, his, alice)
  await drop(alice, hers)
  await drop(bob, his)
})

it('who is put in is told, and of a new name or description', async () => {
  const one = await make(alice, 'news', [dave])
  await add(alice, one, carol)
  for (const user of [dave, carol]) assert.deepEqual(await told(user, 'added_to_collection'), ['news'])
  const [note] = await dave.get('/api/v1/notifications')
  assert.deepEqual([note.type, note.account.id, note.collection.id], ['added_to_collection', alice.id, one.id])
  const grouped = await dave.get('/api/v2/notifications')
  assert.equal(grouped.notification_groups[0].collection.id, one.id)
  const change = (fields) => alice.patch(`${path}/${one.id}`, fields)
  await change({ sensitive: true, name: 'news' })
  assert.deepEqual(await updates(dave), [])
  await change({ description: 'of today' })
  await change({ name: 'newer' })
  assert.deepEqual(await updates(dave), ['newer'], 'the newest only')
  await alice.delete(`${path}/${one.id}/items/${(await get(alice, one)).collection.items[0].id}`)
  assert.deepEqual([await updates(dave), await told(dave, 'added_to_collection')], [[], []])
  await change({ name: 'newest' })
  assert.deepEqual([await updates(dave), await updates(carol)], [[], ['newest']])
  await drop(alice, one)
  assert.deepEqual([await updates(carol), await told(carol, 'added_to_collection')], [[], []])
})

it('an app that does not know collections is told in words, in its language', async () => {
  const one = await make(alice, '<b>', [dave])
  const read = async (where, types, language = 'en') => {
    const { body } = await dave.call('GET', where, { query: types ? { supported_types: types } : {}, headers: { 'Accept-Language': language } })
    return (body.notification_groups || body)[0] || body
  }
  const where = ['/api/v1/notifications', '/api/v2/notifications']
  const [{ id }] = await dave.get(where[0])
  const { notification_groups: [{ group_key: key }] } = await dave.get(where[1])
  for (const place of [...where, `${where[0]}/${id}`, `${where[1]}/${key}`]) {
    const { type, fallback } = await read(place, ['mention', 'follow'])
    assert.equal(type, 'added_to_collection', place)
    assert.deepEqual(fallback, {
      title: `<a href="${alice.url}">@alice</a> put you into a collection`,
      summary: `This app does not show more of it. It is all on the page <a href="${server.base}/notifications">${server.base}/notifications</a>.`,
      details: null
    })
    assert.match((await read(place, ['mention'], 'id')).fallback.title, /memasukkan Anda/)
    for (const types of [['added_to_collection'], undefined]) assert.ok(!('fallback' in await read(place, types)), `${place} ${types}`)
  }
  const { id: post } = await dave.post('/api/v1/statuses', { status: 'kicau' })
  await bob.post(`/api/v1/statuses/${post}/favourite`)
  const newest = await read(where[0], ['mention'])
  assert.deepEqual([newest.type, 'fallback' in newest], ['favourite', false], 'every app knows these')
  await drop(alice, one)
})

it('an account says who may put it into a collection, wherever it is shown', async () => {
  const { id } = await carol.post('/api/v1/statuses', { status: 'featured' })
  const ways = {
    account: async (user) => user.get(`/api/v1/accounts/${carol.id}`),
    post: async (user) => (await user.get(`/api/v1/statuses/${id}`)).account,
    lookup: async (user) => user.get('/api/v1/accounts/lookup', { acct: 'carol' })
  }
  const said = async (user) => {
    const all = await Promise.all(Object.values(ways).map(async (way) => JSON.stringify((await way(user)).feature_approval)))
    assert.equal(new Set(all).size, 1, all.join(' '))
    return JSON.parse(all[0])
  }
  const open = (who) => ({ automatic: ['public'], manual: [], current_user: who })
  assert.deepEqual(await said(alice), open('automatic'))
  assert.deepEqual(await said(anyone), open('denied'))
  assert.deepEqual((await carol.get('/api/v1/accounts/verify_credentials')).feature_approval, open('automatic'))
  await alice.post(`/api/v1/accounts/${carol.id}/mute`)
  assert.deepEqual((await alice.get('/api/v1/mutes'))[0].feature_approval, open('automatic'))
  await alice.post(`/api/v1/accounts/${carol.id}/unmute`)
  await alice.post(`/api/v1/accounts/${carol.id}/block`)
  assert.deepEqual((await ways.account(alice)).feature_approval, open('denied'))
  await alice.post(`/api/v1/accounts/${carol.id}/unblock`)
  assert.deepEqual(await said(alice), open('automatic'))
  await carol.patch('/api/v1/accounts/update_credentials', { discoverable: false })
  assert.deepEqual(await said(alice), { automatic: [], manual: [], current_user: 'denied' })
  await carol.patch('/api/v1/accounts/update_credentials', { discoverable: true })
  assert.deepEqual((await alice.get(`/api/v1/accounts/${shy.id}`)).feature_approval, { automatic: [], manual: [], current_user: 'denied' })
})

it('limits: texts, accounts in one, collections of one', async () => {
  const no = (fields) => refused(422, alice, 'POST', '', { name: 'x', ...fields })
  assert.match(await no({ name: ' ' }), /Name/)
  assert.match(await no({ name: 'é'.repeat(41) }), /maximum is 40/)
  assert.match(await no({ description: 'x'.repeat(101) }), /maximum is 100/)
  assert.match(await no({ language: 'klingon' }), /Language/)
  assert.match(await no({ tag_name: 'no tag' }), /Tag/)
  assert.match(await no({ account_ids: Array(26).fill(bob.id) }), /full/)
  assert.match(await no({ account_ids: [bob.id, bob.id] }), /taken/)
  const crowd = []
  while (crowd.length < 24) crowd.push(await stranger(server))
  for (const user of crowd) await user.patch('/api/v1/accounts/update_credentials', { discoverable: true })
  const full = await make(alice, 'é'.repeat(40), crowd, { description: 'x'.repeat(100) })
  await add(alice, full, bob)
  assert.match(await refused(422, alice, 'POST', `/${full.id}/items`, { account_id: carol.id }), /full/)
  assert.equal((await alice.get('/api/v1/accounts/verify_credentials')).role.collection_limit, 10)
  const more = await Promise.allSettled([...Array(12).keys()].map((n) => make(alice, `number ${n}`)))
  assert.equal(more.filter(({ status }) => status === 'fulfilled').length, 9)
  assert.match(await refused(422, alice, 'POST', '', { name: 'x' }), /maximum number/)
  for (const one of (await alice.get(`/api/v1/accounts/${alice.id}/collections`)).collections) await drop(alice, one)
})

it('who is suspended is in none and has none; who is deleted leaves nothing', async () => {
  const one = await make(alice, 'of all', [bob, dave])
  const his = await make(dave, 'his', [bob])
  const moderator = await server.login('moderator', staffScopes)
  await moderator.post(`/api/v1/admin/accounts/${dave.id}/action`, { type: 'suspend' })
  assert.deepEqual(await members(anyone, one), [bob.id])
  await refused(404, anyone, 'GET', `/${his.id}`)
  assert.deepEqual(await names(bob, bob, 'in_collections'), ['of all'])
  await moderator.post(`/api/v1/admin/accounts/${dave.id}/unsuspend`)
  assert.deepEqual(await names(bob, bob, 'in_collections'), ['his', 'of all'])
  await server.kicau(['account', 'delete', 'dave', '--yes'])
  assert.deepEqual(await told(bob, 'added_to_collection'), ['of all'])
  await until('the rest of dave is gone', async () => (await members(anyone, one)).length === 1)
})
