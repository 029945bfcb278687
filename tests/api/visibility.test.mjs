// Who sees which post: every kind of post against every kind of viewer, through every door.
import assert from 'node:assert/strict'
import { startWorld } from './lib/server.mjs'

const { it } = await startWorld({ accounts: ['alice', 'follower', 'mentioned', 'stranger', 'blocked'] })
const kinds = ['public', 'unlisted', 'private', 'direct']
const posts = {}

const rules = { // who may read a post with this visibility; it always mentions one account
  public: ['alice', 'follower', 'mentioned', 'stranger', 'anyone'],
  unlisted: ['alice', 'follower', 'mentioned', 'stranger', 'anyone'],
  private: ['alice', 'follower', 'mentioned'],
  direct: ['alice', 'mentioned']
}
const viewers = ['alice', 'follower', 'mentioned', 'stranger', 'blocked', 'anyone']

it('sets the scene', async ({ alice, follower, blocked, mentioned }) => {
  await follower.post(`/api/v1/accounts/${alice.id}/follow`)
  await blocked.post(`/api/v1/accounts/${alice.id}/follow`)
  for (const kind of kinds) {
    posts[kind] = await alice.post('/api/v1/statuses', { status: `${kind} for @mentioned #seen`, visibility: kind })
    assert.equal(posts[kind].visibility, kind)
  }
  posts.reply = await mentioned.post('/api/v1/statuses', { status: '@alice secret reply', visibility: 'direct', in_reply_to_id: posts.public.id })
  await alice.post(`/api/v1/accounts/${blocked.id}/block`)
})

for (const kind of kinds) {
  it(`${kind}: read, context, history and lists of people`, async (world) => {
    for (const name of viewers) {
      const sees = rules[kind].includes(name)
      for (const path of ['', '/context', '/history', '/favourited_by', '/reblogged_by']) {
        const { status } = await world[name].call('GET', `/api/v1/statuses/${posts[kind].id}${path}`, { status: 'any' })
        assert.equal(status, sees ? 200 : 404, `${name} GET ${path || 'the post'}`)
      }
    }
  })

  it(`${kind}: no action for those who may not read`, async (world) => {
    for (const name of viewers) {
      if (name === 'anyone' || name === 'alice' || rules[kind].includes(name)) continue
      for (const verb of ['favourite', 'reblog', 'bookmark']) {
        const { status } = await world[name].call('POST', `/api/v1/statuses/${posts[kind].id}/${verb}`, { json: {}, status: 'any' })
        assert.ok([403, 404].includes(status), `${name} ${verb}: ${status}`)
      }
      const { status } = await world[name].call('POST', '/api/v1/statuses', { json: { status: 'x', in_reply_to_id: posts[kind].id }, status: 'any' })
      assert.ok([403, 404].includes(status), `${name} reply: ${status}`)
    }
  })
}

it('an account lists only what its reader may see', async (world) => {
  const { alice } = world
  for (const name of viewers) {
    const reply = await world[name].call('GET', `/api/v1/accounts/${alice.id}/statuses`, { status: 'any' })
    const ids = reply.status === 200 ? reply.body.map((s) => s.id) : []
    for (const kind of kinds) {
      const sees = rules[kind].includes(name)
      // Mastodon shows a mentioned reader direct posts and follower posts here too; what counts is that nobody else does.
      if (!sees) assert.ok(!ids.includes(posts[kind].id), `${name} sees ${kind}`)
      else if (kind !== 'direct' && name !== 'mentioned') assert.ok(ids.includes(posts[kind].id), `${name} misses ${kind}`)
    }
  }
})

it('public timelines, hashtags and search hold public posts only', async (world) => {
  const { alice } = world
  for (const name of viewers) {
    for (const path of ['/api/v1/timelines/public', '/api/v1/timelines/tag/seen']) {
      const ids = (await world[name].get(path)).map((s) => s.id)
      if (name !== 'blocked') assert.ok(ids.includes(posts.public.id), `${name} ${path}`)
      for (const kind of ['unlisted', 'private', 'direct']) assert.ok(!ids.includes(posts[kind].id), `${name} ${path} ${kind}`)
    }
  }
  const blocked = (await world.blocked.get('/api/v1/timelines/public')).map((s) => s.account.id)
  assert.ok(!blocked.includes(alice.id))
  for (const name of ['stranger', 'blocked']) {
    const { statuses } = await world[name].get('/api/v2/search', { q: 'mentioned', type: 'statuses' })
    for (const kind of ['unlisted', 'private', 'direct']) assert.ok(!statuses.some((s) => s.id === posts[kind].id), `${name} finds ${kind}`)
  }
})

it('home holds what one follows, and what is for oneself', async ({ follower, stranger, blocked, mentioned, alice }) => {
  const ids = async (user) => (await user.get('/api/v1/timelines/home', { limit: 40 })).map((s) => s.id)
  const of = await ids(follower)
  for (const kind of ['public', 'unlisted', 'private']) assert.ok(of.includes(posts[kind].id), kind)
  assert.ok(!of.includes(posts.direct.id))
  assert.equal((await ids(stranger)).filter((id) => Object.values(posts).some((p) => p.id === id)).length, 0)
  assert.equal((await ids(blocked)).filter((id) => Object.values(posts).some((p) => p.id === id)).length, 0)
  assert.ok((await ids(alice)).includes(posts.private.id))
  assert.ok(!(await ids(mentioned)).includes(posts.private.id))
})

it('a direct reply is hidden inside an open thread', async ({ alice, mentioned, stranger, anyone }) => {
  const below = async (viewer) => (await viewer.get(`/api/v1/statuses/${posts.public.id}/context`)).descendants.map((s) => s.id)
  for (const viewer of [alice, mentioned]) assert.ok((await below(viewer)).includes(posts.reply.id))
  for (const viewer of [stranger, anyone]) assert.ok(!(await below(viewer)).includes(posts.reply.id))
})

it('a private post does not leak through its media, page or object', async ({ alice }) => {
  for (const kind of ['private', 'direct']) {
    for (const address of [posts[kind].url, posts[kind].uri]) {
      for (const accept of ['text/html', 'application/activity+json']) {
        const reply = await fetch(address, { headers: { Accept: accept }, redirect: 'manual' })
        const text = await reply.text()
        assert.ok(!text.includes(`${kind} for`), `${address} as ${accept} shows the post (${reply.status})`)
      }
    }
  }
  assert.ok(alice)
})

it('after a block nothing of the other is reachable by following again', async ({ alice, blocked }) => {
  const { status, body } = await blocked.call('POST', `/api/v1/accounts/${alice.id}/follow`, { json: {}, status: 403 })
  assert.equal(status, 403)
  assert.equal(body.error, 'This action is not allowed')
  const [relation] = await blocked.get('/api/v1/accounts/relationships', { id: [alice.id] })
  assert.deepEqual([relation.following, relation.blocked_by], [false, true])
})
