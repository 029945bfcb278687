// Direct posts by conversation.
import assert from 'node:assert/strict'
import { createRestAPIClient } from 'masto'
import { Socket } from './lib/stream.mjs'
import { startWorld, takesAll } from './lib/server.mjs'

const { it, users } = await startWorld({ accounts: ['alice', 'bob', 'carol', 'dave'] })
await Promise.all(Object.values(users).map(takesAll))
const path = '/api/v1/conversations'
const tell = (user, status, more) => user.post('/api/v1/statuses', { status, visibility: 'direct', ...more })
const brief = (list) => list.map((one) => [one.last_status.content.replace(/<[^>]*>/g, ''), one.unread, one.accounts.map((account) => account.acct).sort()])
const clear = async (...users) => { for (const user of users) for (const { id } of await user.get(path)) await user.delete(`${path}/${id}`) }

it('each has the conversations they take part in, the last to change first', async ({ alice, bob, carol }) => {
  const first = await tell(alice, '@bob one')
  await tell(alice, '@bob @carol two')
  assert.deepEqual(brief(await alice.get(path)), [['@bob @carol two', false, ['bob', 'carol']], ['@bob one', false, ['bob']]])
  assert.deepEqual(brief(await bob.get(path)), [['@bob @carol two', true, ['alice', 'carol']], ['@bob one', true, ['alice']]])
  assert.deepEqual(brief(await carol.get(path)), [['@bob @carol two', true, ['alice', 'bob']]])
  await tell(bob, '@alice three', { in_reply_to_id: first.id })
  assert.deepEqual(brief(await alice.get(path)), [['@alice three', true, ['bob']], ['@bob @carol two', false, ['bob', 'carol']]])
  assert.deepEqual(brief(await bob.get(path))[0], ['@alice three', false, ['alice']])
  await alice.post('/api/v1/statuses', { status: '@bob in public' })
  await alice.post('/api/v1/statuses', { status: '@bob for followers', visibility: 'private' })
  assert.equal((await alice.get(path)).length, 2, 'only direct posts are conversations')
})

it('pages go by the newest post', async ({ alice, bob }) => {
  await clear(alice, bob)
  for (const n of [1, 2, 3]) await tell(alice, `@bob page ${n}`)
  const first = await alice.call('GET', `${path}?limit=2`)
  assert.deepEqual(brief(first.body).map(([text]) => text), ['@bob page 3', '@bob page 2'])
  const last = first.body[1].last_status.id
  assert.match(first.headers.get('link'), new RegExp(`max_id=${last}>; rel="next"`))
  assert.deepEqual(brief(await alice.get(`${path}?max_id=${last}`)).map(([text]) => text), ['@bob page 1'])
  assert.deepEqual(brief(await alice.get(`${path}?min_id=${last}&limit=1`)).map(([text]) => text), ['@bob page 3'])
})

it('read, unread, removed; a new post brings it back', async ({ alice, bob, carol }) => {
  await clear(alice, bob)
  const root = await tell(alice, '@bob are you there')
  const [one] = await bob.get(path)
  assert.equal((await bob.post(`${path}/${one.id}/read`)).unread, false)
  assert.equal((await bob.get(path))[0].unread, false)
  assert.equal((await bob.post(`${path}/${one.id}/unread`)).unread, true)
  for (const [method, what] of [['POST', '/read'], ['POST', '/unread'], ['DELETE', '']]) await carol.call(method, `${path}/${one.id}${what}`, { status: 404 })
  assert.deepEqual(await bob.delete(`${path}/${one.id}`), {})
  assert.deepEqual(await bob.get(path), [])
  assert.equal((await alice.get(path)).length, 1, 'it stays with the others')
  assert.equal((await bob.get(`/api/v1/statuses/${root.id}`)).id, root.id, 'and its posts stay')
  await tell(alice, '@bob hello?', { in_reply_to_id: root.id })
  assert.deepEqual(brief(await bob.get(path)), [['@bob hello?', true, ['alice']]])
})

it('a deleted post leaves it, the last one takes it along', async ({ alice, bob }) => {
  await clear(alice, bob)
  const one = await tell(alice, '@bob first')
  const two = await tell(alice, '@bob second', { in_reply_to_id: one.id })
  await alice.delete(`/api/v1/statuses/${two.id}`)
  for (const user of [alice, bob]) assert.equal(brief(await user.get(path))[0][0], '@bob first')
  await alice.delete(`/api/v1/statuses/${one.id}`)
  for (const user of [alice, bob]) assert.deepEqual(await user.get(path), [])
})

it('who is blocked, muted or has muted the thread starts none', async ({ alice, bob, dave }) => {
  await clear(alice, bob, dave)
  await dave.post(`/api/v1/accounts/${alice.id}/block`)
  await alice.call('POST', '/api/v1/statuses', { json: { status: '@dave hey', visibility: 'direct' } })
  assert.deepEqual(await dave.get(path), [])
  await dave.post(`/api/v1/accounts/${alice.id}/unblock`)
  await dave.post(`/api/v1/accounts/${alice.id}/mute`)
  await tell(alice, '@dave hey again')
  assert.deepEqual(await dave.get(path), [])
  await dave.post(`/api/v1/accounts/${alice.id}/unmute`)
  const root = await tell(bob, '@dave listen')
  await dave.post(`/api/v1/statuses/${root.id}/mute`)
  const [one] = await dave.get(path)
  await dave.post(`${path}/${one.id}/read`)
  await tell(bob, '@dave still there?', { in_reply_to_id: root.id })
  assert.deepEqual(brief(await dave.get(path)), [['@dave listen', false, ['bob']]])
})

it('the direct stream tells each of them', async ({ server, alice, bob, carol }) => {
  const open = (user) => new Socket(server.base, { token: user.token, stream: 'direct' }).open()
  const [ours, theirs, others] = [await open(alice), await open(bob), await open(carol)]
  const status = await tell(alice, '@bob psst')
  assert.deepEqual([(await ours.next('conversation')).payload.unread, (await theirs.next('conversation')).payload.unread], [false, true])
  assert.ok(!others.seen('conversation'))
  const { id } = (await bob.get(path))[0]
  await tell(bob, '@alice what?', { in_reply_to_id: status.id })
  const { payload } = await ours.next('conversation')
  assert.deepEqual([payload.id, payload.unread], [id, true])
  for (const stream of [ours, theirs, others]) stream.close()
})

it('masto.js lists, reads and removes', async ({ server, alice, bob }) => {
  await clear(alice, bob)
  await tell(alice, '@bob from an app')
  const masto = createRestAPIClient({ url: server.base, accessToken: bob.token })
  const [one] = await masto.v1.conversations.list()
  assert.equal(one.unread, true)
  assert.equal((await masto.v1.conversations.$select(one.id).read()).unread, false)
  await masto.v1.conversations.$select(one.id).remove()
  assert.deepEqual(await masto.v1.conversations.list(), [])
})
