// Following hashtags: their public posts come home.
import assert from 'node:assert/strict'
import { createRestAPIClient } from 'masto'
import { Socket } from './lib/stream.mjs'
import { sleep, startWorld } from './lib/server.mjs'

const { it } = await startWorld({ accounts: ['alice', 'bob', 'carol', 'dave'] })
const post = (user, status, more) => user.post('/api/v1/statuses', { status, ...more })
const home = async (user, query = '') => (await user.get(`/api/v1/timelines/home${query}`)).map((one) => one.id)
const follow = (user, name) => user.post(`/api/v1/tags/${encodeURIComponent(name)}/follow`)
const unfollow = (user, name) => user.post(`/api/v1/tags/${encodeURIComponent(name)}/unfollow`)

it('a hashtag is followed, listed and left again', async ({ alice, bob, anyone }) => {
  assert.equal((await follow(alice, 'Gardening')).following, true)
  assert.equal((await follow(alice, '#gardening')).following, true, 'again, in another case')
  await follow(alice, 'たこ')
  assert.deepEqual((await alice.get('/api/v1/followed_tags')).map((one) => [one.name.toLowerCase(), one.following]), [['たこ', true], ['gardening', true]])
  assert.equal((await alice.get('/api/v1/tags/gardening')).following, true)
  assert.equal((await bob.get('/api/v1/tags/gardening')).following, false)
  assert.ok(!('following' in await anyone.get('/api/v1/tags/gardening')))
  const first = await alice.call('GET', '/api/v1/followed_tags?limit=1')
  assert.deepEqual(first.body.map((one) => one.name), ['たこ'])
  const next = new URL(/<([^>]*)>; rel="next"/.exec(first.headers.get('link'))[1])
  assert.deepEqual((await alice.get(next.pathname + next.search)).map((one) => one.name), ['gardening'])
  for (const name of ['gardening', 'たこ']) assert.equal((await unfollow(alice, name)).following, false)
  assert.equal((await unfollow(alice, 'gardening')).following, false)
  assert.deepEqual(await alice.get('/api/v1/followed_tags'), [])
  await alice.call('POST', '/api/v1/tags/12345/follow', { status: 404 })
})

it('public posts with it come home, once; nothing else does', async ({ alice, bob, carol, dave }) => {
  const before = await post(bob, 'older #trains')
  await alice.post(`/api/v1/accounts/${carol.id}/follow`)
  await follow(alice, 'trains')
  await follow(alice, 'boats')
  const one = await post(bob, 'a #Trains spotter')
  const answer = await post(dave, 'me too #trains', { in_reply_to_id: one.id })
  const both = await post(bob, '#trains and #boats')
  const friend = await post(carol, 'a friend on #trains')
  const own = await post(alice, 'my #trains')
  for (const visibility of ['unlisted', 'private', 'direct']) await post(bob, `hidden #trains ${visibility}`, { visibility })
  await post(bob, 'no tag at all')
  await bob.post(`/api/v1/statuses/${own.id}/reblog`)
  assert.deepEqual(await home(alice), [own, friend, both, answer, one, before].map((status) => status.id))
  assert.ok(!(await home(dave)).includes(one.id), 'those who do not follow it do not get it')
  const pages = [await home(alice, '?limit=2')]
  for (let n = 0; n < 3; n++) pages.push(await home(alice, `?limit=2&max_id=${pages.at(-1).at(-1)}`))
  assert.deepEqual(pages.flat(), [own, friend, both, answer, one, before].map((status) => status.id))
  assert.deepEqual(await home(alice, `?min_id=${before.id}&limit=2`), [answer.id, one.id])
  await bob.delete(`/api/v1/statuses/${one.id}`)
  await bob.put(`/api/v1/statuses/${both.id}`, { status: 'neither any more' })
  assert.deepEqual(await home(alice), [own, friend, answer, before].map((status) => status.id))
  for (const name of ['trains', 'boats']) await unfollow(alice, name)
  assert.deepEqual(await home(alice), [own.id, friend.id])
})

it('blocks, mutes, silence and filters hold', async ({ server, alice, bob, dave }) => {
  await follow(alice, 'kites')
  const of = async (user) => { const { id } = await post(user, 'high #kites'); return (await home(alice)).includes(id) }
  assert.ok(await of(bob))
  await alice.post(`/api/v1/accounts/${bob.id}/mute`)
  assert.ok(!await of(bob))
  await alice.post(`/api/v1/accounts/${bob.id}/unmute`)
  await dave.post(`/api/v1/accounts/${alice.id}/block`)
  assert.ok(!await of(dave), 'of somebody who blocks one')
  await dave.post(`/api/v1/accounts/${alice.id}/unblock`)
  const filter = await alice.post('/api/v2/filters', { title: 'high', context: ['home'], filter_action: 'hide', keywords_attributes: [{ keyword: 'high' }] })
  assert.ok(!await of(bob))
  await alice.delete(`/api/v2/filters/${filter.id}`)
  assert.ok(await of(bob))
  await unfollow(alice, 'kites')
})

it('the user stream brings them', async ({ server, alice, bob, carol }) => {
  await follow(alice, 'rain')
  const open = (user) => new Socket(server.base, { token: user.token, stream: 'user' }).open()
  const [mine, others] = [await open(alice), await open(carol)]
  const status = await post(bob, 'much #rain')
  assert.equal((await mine.next('update', (one) => one.id === status.id)).payload.id, status.id)
  const hidden = await post(bob, 'secret #rain', { visibility: 'private' })
  await alice.post(`/api/v1/accounts/${bob.id}/follow`)
  const both = await post(bob, 'followed both ways #rain')
  await mine.next('update', (one) => one.id === both.id)
  await sleep(300)
  assert.ok(!mine.seen('update', (one) => [hidden.id, both.id].includes(one.id)), 'once, and nothing private')
  assert.ok(!others.seen('update', (one) => one.id === status.id))
  await alice.post(`/api/v1/accounts/${bob.id}/unfollow`)
  for (const stream of [mine, others]) stream.close()
  await unfollow(alice, 'rain')
})

it('the user stream hears of the deletion, once', async ({ server, alice, bob, carol }) => {
  await follow(alice, 'tekukur')
  const open = (user) => new Socket(server.base, { token: user.token, stream: 'user' }).open()
  const [mine, others] = [await open(alice), await open(carol)]
  const gone = await post(bob, 'coo #tekukur')
  await mine.next('update', (one) => one.id === gone.id)
  await bob.delete(`/api/v1/statuses/${gone.id}`)
  await mine.next('delete', (id) => id === gone.id)
  const last = await post(bob, 'last #tekukur')
  await mine.next('update', (one) => one.id === last.id)
  assert.ok(!mine.seen('delete', (id) => id === gone.id), 'once')
  assert.ok(!others.seen('delete', (id) => id === gone.id), 'not those who follow no hashtag')
  for (const stream of [mine, others]) stream.close()
  await unfollow(alice, 'tekukur')
})

it('100, and no more', async ({ dave }) => {
  for (let n = 0; n < 100; n++) await follow(dave, `tag${n}x`)
  assert.match((await dave.call('POST', '/api/v1/tags/onemore/follow', { status: 422 })).body.error, /100 hashtags/)
  assert.equal((await follow(dave, 'tag7x')).following, true)
  assert.equal((await dave.get('/api/v1/followed_tags?limit=200')).length, 100)
  await home(dave)
})

it('masto.js follows and lists', async ({ server, carol }) => {
  const masto = createRestAPIClient({ url: server.base, accessToken: carol.token })
  assert.equal((await masto.v1.tags.$select('apps').follow()).following, true)
  assert.deepEqual((await masto.v1.followedTags.list()).map((one) => one.name), ['apps'])
  assert.equal((await masto.v1.tags.$select('apps').unfollow()).following, false)
})
