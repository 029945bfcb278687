// Somebody is suspended: from then on no endpoint shows anybody anything of them, whoever looks and whatever they ask.
// Moderators see what moderators may. What others wrote stays, and all of it comes back.
import assert from 'node:assert/strict'
import { sleep, until } from '../api/lib/server.mjs'
import { Calls } from './lib/calls.mjs'
import { Fixture, scene } from './lib/fixture.mjs'
import { hangUp, send } from './lib/send.mjs'
import { paths as streamPaths, Watcher } from './lib/watch.mjs'
import { rows } from './lib/rows.mjs'

const world = await scene()
const { it, server, markers, viewers } = world
const fixture = new Fixture(world)
const reads = rows.filter((row) => row.method === 'GET' && !streamPaths[row.path])
const forStaff = /^\/(api\/v\d\/admin|api\/kicau\/v1\/moderation|admin)\//
// Written by others than the author, or nobody's word.
const others = new Set(['answer', 'staff', 'report', 'warning'])
const own = (about) => !others.has(about.kind) && about.place !== 'mail' && about.place !== 'reply'

async function shown () {
  const found = new Map()
  for (const viewer of Object.values(viewers)) {
    if (viewer.name === 'author') continue
    for (const row of reads) {
      if (row.auth === 'session' && viewer.name === 'app') continue
      for (const shot of new Calls(fixture, world.app).of(row)) {
        const reply = await send(server.port, viewer, shot, row.auth === 'session' ? 'text/html' : undefined)
        if (viewer.name === 'moderator' && forStaff.test(shot.path)) continue
        for (const word of markers.seen(reply.text)) if (own(markers.words.get(word)) && !reply.asked.includes(word)) found.set(`${row.path} shows ${viewer.name} ${word}`, shot)
        if (/"username":"author","acct":"author","display_name"/.test(reply.text)) found.set(`${row.path} shows ${viewer.name} the account`, shot)
      }
    }
  }
  return [...found.keys()]
}

// Moderators are told of their own report, and a hashtag is a word that anybody may use. That somebody was mentioned stays
// in what others wrote.
const allowed = (line) => /search shows \w+ zkpublictagkz/.test(line) || /^\/api\/v\d\/(notifications|admin).* shows moderator/.test(line)

it('the scene is set', async () => {
  await fixture.relate()
  await fixture.tell()
  await until('the follower has it', async () => (await world.follower.get('/api/v1/timelines/home')).some((post) => post.id === fixture.posts.private.id))
  assert.ok((await shown()).length > 100, 'the walk finds the author everywhere')
}, { timeout: 280000 })

it('gone from every list, page, thread, search and notification, and from streams', async () => {
  const { moderator, author } = world
  const watchers = Object.values(viewers).filter((viewer) => viewer.name !== 'author').map((viewer) => new Watcher(server.port, viewer, { tags: fixture.tags, lists: [fixture.followersList] }))
  await Promise.all(watchers.map((watcher) => watcher.open()))
  await moderator.post(`/api/v1/admin/accounts/${author.id}/action`, { type: 'suspend' })
  await author.call('GET', '/api/v1/accounts/verify_credentials', { status: 401 })
  assert.deepEqual((await shown()).filter((line) => !allowed(line)), [])
  await author.call('POST', '/api/v1/statuses', { json: { status: 'I am still here' }, status: 401 })
  await sleep(200)
  for (const watcher of watchers) {
    assert.ok(!watcher.frames.some(({ text }) => /zk[a-z]+kz/.test(text) && /"event":"(update|notification)"/.test(text)), 'a stream tells of a suspended account')
    watcher.close()
  }
}, { timeout: 280000 })

it('and all of it is back', async () => {
  const { moderator, author, follower, anyone } = world
  await moderator.post(`/api/v1/admin/accounts/${author.id}/unsuspend`)
  assert.equal((await anyone.get(`/api/v1/statuses/${fixture.posts.public.id}`)).id, fixture.posts.public.id)
  assert.ok((await follower.get('/api/v1/timelines/home')).some((post) => post.id === fixture.posts.private.id))
  assert.ok((await follower.get('/api/v1/lists')).length > 0)
  assert.ok((await shown()).length > 100)
  hangUp()
}, { timeout: 280000 })
