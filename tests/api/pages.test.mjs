// Walking lists by their Link header: every entry once, none missing, in both directions.
import assert from 'node:assert/strict'
import { startWorld, until } from './lib/server.mjs'

const names = ['alice', 'bob', 'c1', 'c2', 'c3', 'c4', 'c5']
const { it } = await startWorld({ accounts: names })
const fans = names.slice(2)
const ids = []
let list

it('writes 25 posts and the people around them', async (world) => {
  const { alice, bob } = world
  await bob.post(`/api/v1/accounts/${alice.id}/follow`)
  list = await bob.post('/api/v1/lists', { title: 'walk' })
  await bob.post(`/api/v1/lists/${list.id}/accounts`, { account_ids: [alice.id] })
  for (let n = 0; n < 25; n++) ids.unshift((await alice.post('/api/v1/statuses', { status: `post ${n} #walk` })).id)
  // Out of order on purpose: these lists go by when it was done, not by the post's id.
  for (let n = 0; n < 25; n++) {
    const id = ids[(n * 7) % 25]
    await bob.post(`/api/v1/statuses/${id}/favourite`)
    await bob.post(`/api/v1/statuses/${id}/bookmark`)
  }
  for (const fan of fans) {
    await world[fan].post(`/api/v1/accounts/${alice.id}/follow`)
    await world[fan].post(`/api/v1/statuses/${ids[0]}/favourite`)
    await world[fan].post(`/api/v1/statuses/${ids[0]}/reblog`)
    await alice.post(`/api/v1/accounts/${world[fan].id}/follow`)
    await bob.post(`/api/v1/accounts/${world[fan].id}/mute`)
  }
  await until('the home timeline to hold them all', async () => (await bob.get('/api/v1/timelines/home', { limit: 40 })).length >= 25)
})

const lists = {
  home: ['bob', () => '/api/v1/timelines/home', () => ids],
  hashtag: ['anyone', () => '/api/v1/timelines/tag/walk', () => ids],
  public: ['anyone', () => '/api/v1/timelines/public', () => ids],
  list: ['bob', () => `/api/v1/timelines/list/${list.id}`, () => ids],
  account: ['anyone', ({ alice }) => `/api/v1/accounts/${alice.id}/statuses`, () => ids]
}

for (const [name, [viewer, path, expected]] of Object.entries(lists)) {
  it(`${name}: downwards with max_id, upwards with min_id, and since_id`, async (world) => {
    const client = world[viewer]
    const where = path(world)
    const down = await client.pages(where, { limit: 7 })
    assert.ok(down.every((page) => page.length <= 7))
    assert.deepEqual(down.flat().map((s) => s.id), expected())

    const first = await client.call('GET', where, { query: { limit: 7 } })
    assert.match(first.links.next, /[?&]max_id=/)
    assert.match(first.links.prev, /[?&]min_id=/)
    assert.match(first.links.next, /[?&]limit=7/)
    assert.equal((await client.call('GET', first.links.prev)).body.length, 0)

    const up = []
    let bottom = expected()[24]
    for (;;) {
      const page = await client.get(where, { limit: 7, min_id: bottom })
      if (!page.length) break
      up.unshift(...page)
      bottom = page[0].id
    }
    assert.deepEqual(up.map((s) => s.id), expected().slice(0, 24)) // min_id reads upwards, right above it

    const since = await client.get(where, { limit: 7, since_id: expected()[20] })
    assert.deepEqual(since.map((s) => s.id), expected().slice(0, 7)) // since_id reads from the top

    const both = await client.get(where, { limit: 40, since_id: expected()[10], max_id: expected()[2] })
    assert.deepEqual(both.map((s) => s.id), expected().slice(3, 10))
  })
}

for (const name of ['favourites', 'bookmarks']) {
  it(`${name}: the cursor is not the id of a post`, async ({ bob }) => {
    const order = Array.from({ length: 25 }, (_, n) => ids[(n * 7) % 25]).reverse()
    const pages = await bob.pages(`/api/v1/${name}`, { limit: 7 })
    assert.deepEqual(pages.flat().map((s) => s.id), order)
    const first = await bob.call('GET', `/api/v1/${name}`, { query: { limit: 7 } })
    const second = await bob.call('GET', first.links.next)
    assert.deepEqual((await bob.call('GET', second.links.prev)).body.map((s) => s.id), order.slice(0, 7))
  })
}

const people = {
  followers: ({ alice }) => `/api/v1/accounts/${alice.id}/followers`,
  following: ({ alice }) => `/api/v1/accounts/${alice.id}/following`,
  favourited_by: () => `/api/v1/statuses/${ids[0]}/favourited_by`,
  reblogged_by: () => `/api/v1/statuses/${ids[0]}/reblogged_by`,
  mutes: () => '/api/v1/mutes'
}

for (const [name, path] of Object.entries(people)) {
  it(`${name}: every person once`, async (world) => {
    const pages = await world.bob.pages(path(world), { limit: 2 })
    const seen = pages.flat().map((a) => a.username)
    // Whom the viewer mutes is left out of everybody's lists but their own mutes, and pages are filled all the same.
    const own = { followers: ['bob'], favourited_by: ['bob'] }[name] ?? []
    assert.ok(pages.every((page) => page.length <= 2))
    assert.deepEqual([...seen].sort(), name === 'mutes' ? [...fans].sort() : own)
    if (name === 'mutes') return
    const asFan = (await world.anyone.pages(path(world), { limit: 2 })).flat().map((a) => a.username)
    assert.deepEqual([...asFan].sort(), [...own, ...fans].sort())
  })
}

it('notifications: every one once, newest first', async (world) => {
  const { alice } = world
  await until('the notifications', async () => (await alice.pages('/api/v1/notifications', { limit: 40 })).flat().length >= 41)
  const pages = await alice.pages('/api/v1/notifications', { limit: 9 })
  const seen = pages.flat().map((n) => n.id)
  assert.equal(new Set(seen).size, seen.length)
  assert.deepEqual(seen, [...seen].sort((a, b) => b.length - a.length || (a < b ? 1 : -1)))
  assert.ok(pages.every((page) => page.length <= 9))
  const all = (await alice.pages('/api/v1/notifications', { limit: 80 })).flat()
  assert.deepEqual(seen, all.map((n) => n.id))
})

it('limits outside the allowed are brought in, not refused', async ({ anyone }) => {
  assert.ok((await anyone.get('/api/v1/timelines/public', { limit: 1000 })).length <= 40)
  assert.equal((await anyone.get('/api/v1/timelines/public')).length, 20)
})

it('an empty list has no Link to a next page', async ({ c1 }) => {
  const { links, body } = await c1.call('GET', '/api/v1/bookmarks')
  assert.deepEqual(body, [])
  assert.equal(links.next, undefined)
})

it('boosts, replies and media can be left out of an account', async (world) => {
  const { c1, anyone, alice } = world
  await c1.post('/api/v1/statuses', { status: 'own words' })
  await c1.post('/api/v1/statuses', { status: '@alice reply', in_reply_to_id: ids[1] })
  const own = async (query) => (await anyone.get(`/api/v1/accounts/${c1.id}/statuses`, query)).map((s) => s.reblog ? 'boost' : s.in_reply_to_id ? 'reply' : 'own').sort()
  assert.deepEqual(await own(), ['boost', 'own', 'reply'])
  assert.deepEqual(await own({ exclude_reblogs: true }), ['own', 'reply'])
  assert.deepEqual(await own({ exclude_replies: true }), ['boost', 'own'])
  assert.deepEqual(await own({ only_media: true }), [])
  assert.equal((await anyone.get(`/api/v1/accounts/${alice.id}/statuses`, { tagged: 'walk', limit: 40 })).length, 25)
})
