// Writing, reading, editing and deleting posts.
import assert from 'node:assert/strict'
import { file } from './lib/http.mjs'
import { png } from './lib/png.mjs'
import { sleep, startWorld, stranger, until } from './lib/server.mjs'

const { it } = await startWorld({ accounts: ['alice', 'bob', 'carol'] })
const post = (user, status, more) => user.post('/api/v1/statuses', { status, ...more })
const read = (user, id) => user.get(`/api/v1/statuses/${id}`)
const act = (user, id, verb, json) => user.post(`/api/v1/statuses/${id}/${verb}`, json)
const invalid = async (user, json) => {
  const { body } = await user.call('POST', '/api/v1/statuses', { json, status: 422 })
  assert.match(body.error, /^Validation failed: /, JSON.stringify(json).slice(0, 100))
  return body.error
}

it('a new post has its defaults', async ({ alice, anyone }) => {
  const status = await post(alice, 'hello world', { language: 'en' })
  assert.equal(status.visibility, 'public')
  assert.equal(status.language, 'en')
  assert.equal(status.content, '<p>hello world</p>')
  assert.equal(status.account.id, alice.id)
  assert.ok(Math.abs(Date.parse(status.created_at) - Date.now()) < 10000)
  assert.deepEqual([status.favourited, status.reblogged, status.bookmarked, status.muted, status.pinned], [false, false, false, false, false])
  assert.equal((await read(anyone, status.id)).content, status.content)
  assert.equal((await fetch(status.url)).status, 200)
})

it('counts 500 characters as Mastodon does', async ({ alice }) => {
  await post(alice, 'x'.repeat(500))
  await post(alice, '🐘'.repeat(500))
  await post(alice, '👩‍👩‍👧‍👦'.repeat(500)) // a family is one character
  assert.match(await invalid(alice, { status: 'x'.repeat(501) }), /character limit of 500 exceeded/)
  await post(alice, 'x'.repeat(476) + ' https://example.com/' + 'y'.repeat(200)) // any link is 23
  await invalid(alice, { status: 'x'.repeat(477) + ' https://example.com/' + 'y'.repeat(200) })
  await post(alice, 'x'.repeat(493) + ' @alice@a-rather-long-name.example') // the host of a mention is free
  await invalid(alice, { status: 'x'.repeat(494) + ' @alice@a-rather-long-name.example' })
  await invalid(alice, { status: 'x'.repeat(400), spoiler_text: 'y'.repeat(101) })
  await post(alice, 'x'.repeat(400), { spoiler_text: 'y'.repeat(100) })
})

it('refuses nothing at all', async ({ alice }) => {
  assert.match(await invalid(alice, { status: '' }), /Text can't be blank/)
  await invalid(alice, { status: '   \n ' })
  await invalid(alice, {})
})

it('a content warning makes a post sensitive', async ({ alice }) => {
  const status = await post(alice, 'inside', { spoiler_text: 'outside' })
  assert.equal(status.spoiler_text, 'outside')
  assert.equal(status.sensitive, true)
  assert.equal((await post(alice, 'plain', { sensitive: true })).sensitive, true)
})

it('Idempotency-Key: a post whose picture is attached by now is answered, too', async ({ alice }) => {
  const { body: { id } } = await alice.call('POST', '/api/v2/media', { multipart: { file: file(png(8, 8), 'image/png', 'a.png') } })
  await until('the picture', async () => (await alice.call('GET', `/api/v1/media/${id}`, { status: 'any', check: false })).status === 200)
  const call = (key, status) => alice.call('POST', '/api/v1/statuses', { json: { status: 'with a picture', media_ids: [id] }, headers: { 'Idempotency-Key': key }, status })
  const first = (await call('picture', 200)).body
  assert.equal((await call('picture', 200)).body.id, first.id)
  await call('another', 422)
  const { body: { id: other } } = await alice.call('POST', '/api/v2/media', { multipart: { file: file(png(9, 9), 'image/png', 'b.png') } })
  await until('the other', async () => (await alice.call('GET', `/api/v1/media/${other}`, { status: 'any', check: false })).status === 200)
  const later = () => alice.call('POST', '/api/v1/statuses', { json: { status: 'later', media_ids: [other], scheduled_at: new Date(Date.now() + 3600e3).toISOString() }, headers: { 'Idempotency-Key': 'later' } })
  assert.equal((await later()).body.id, (await later()).body.id)
})

it('Idempotency-Key: the same key answers the same post, even in a race', async ({ alice, bob }) => {
  const key = { 'Idempotency-Key': `key-${Date.now()}` }
  const send = (user) => user.call('POST', '/api/v1/statuses', { json: { status: 'once' }, headers: key })
  const first = (await send(alice)).body
  assert.equal((await send(alice)).body.id, first.id)
  assert.notEqual((await send(bob)).body.id, first.id)
  const race = { 'Idempotency-Key': `race-${Date.now()}` }
  const ids = await Promise.all(Array.from({ length: 6 }, async () =>
    (await alice.call('POST', '/api/v1/statuses', { json: { status: 'race' }, headers: race })).body.id))
  assert.equal(new Set(ids).size, 1)
})

it('replies form a thread', async ({ alice, bob, carol, anyone }) => {
  const root = await post(alice, 'root')
  const one = await post(bob, '@alice one', { in_reply_to_id: root.id })
  const two = await post(carol, '@bob two', { in_reply_to_id: one.id })
  const side = await post(alice, 'side', { in_reply_to_id: root.id })
  assert.equal(one.in_reply_to_id, root.id)
  assert.equal(one.in_reply_to_account_id, alice.id)
  assert.deepEqual(one.mentions.map((m) => m.acct), ['alice'])
  const middle = await anyone.get(`/api/v1/statuses/${one.id}/context`)
  assert.deepEqual(middle.ancestors.map((s) => s.id), [root.id])
  assert.deepEqual(middle.descendants.map((s) => s.id), [two.id])
  const top = await alice.get(`/api/v1/statuses/${root.id}/context`)
  assert.deepEqual(top.descendants.map((s) => s.id).sort(), [one.id, two.id, side.id].sort())
  assert.equal((await read(anyone, root.id)).replies_count, 2)
  const { body } = await alice.call('POST', '/api/v1/statuses', { json: { status: 'to nowhere', in_reply_to_id: '1' }, status: 404 })
  assert.match(body.error, /Record not found|The post you are trying to reply to/)
})

it('favourites and bookmarks: counted once, listed, undone', async ({ alice, bob, carol, anyone }) => {
  const status = await post(alice, 'like me')
  for (const user of [bob, bob, carol]) assert.equal((await act(user, status.id, 'favourite')).favourited, true)
  assert.equal((await read(anyone, status.id)).favourites_count, 2)
  assert.deepEqual((await anyone.get(`/api/v1/statuses/${status.id}/favourited_by`)).map((a) => a.username).sort(), ['bob', 'carol'])
  assert.ok((await bob.get('/api/v1/favourites')).some((s) => s.id === status.id && s.favourited))
  assert.equal((await act(bob, status.id, 'unfavourite')).favourited, false)
  assert.equal((await act(bob, status.id, 'unfavourite')).favourited, false)
  assert.equal((await read(anyone, status.id)).favourites_count, 1)
  assert.equal((await act(bob, status.id, 'bookmark')).bookmarked, true)
  assert.ok((await bob.get('/api/v1/bookmarks')).some((s) => s.id === status.id))
  assert.equal((await act(bob, status.id, 'unbookmark')).bookmarked, false)
  assert.ok(!(await bob.get('/api/v1/bookmarks')).some((s) => s.id === status.id))
})

it('a boost wraps the post, is one per person and can be undone', async ({ alice, bob, anyone }) => {
  const status = await post(alice, 'boost me')
  const boost = await act(bob, status.id, 'reblog')
  assert.notEqual(boost.id, status.id)
  assert.equal(boost.account.id, bob.id)
  assert.equal(boost.reblog.id, status.id)
  assert.equal(boost.reblog.reblogged, true)
  assert.equal((await act(bob, status.id, 'reblog')).id, boost.id)
  assert.equal((await act(bob, boost.id, 'favourite')).favourited, true) // acting on a boost acts on the post
  const seen = await read(bob, status.id)
  assert.deepEqual([seen.reblogs_count, seen.reblogged, seen.favourites_count], [1, true, 1])
  assert.deepEqual((await anyone.get(`/api/v1/statuses/${status.id}/reblogged_by`)).map((a) => a.id), [bob.id])
  assert.equal((await act(bob, status.id, 'unreblog')).reblogged, false)
  assert.equal((await read(anyone, status.id)).reblogs_count, 0)
  await read(anyone, boost.id).then(() => assert.fail('the boost is still there'), () => {})
})

it('private posts are boosted by their author only, direct ones by nobody', async ({ alice, bob }) => {
  await bob.post(`/api/v1/accounts/${alice.id}/follow`)
  const hidden = await post(alice, 'for followers', { visibility: 'private' })
  await bob.call('POST', `/api/v1/statuses/${hidden.id}/reblog`, { json: {}, status: 'any' }).then(({ status }) => assert.ok([403, 404, 422].includes(status), `${status}`))
  assert.equal((await act(alice, hidden.id, 'reblog')).reblog.id, hidden.id)
  const direct = await post(alice, '@bob psst', { visibility: 'direct' })
  const refused = await alice.call('POST', `/api/v1/statuses/${direct.id}/reblog`, { json: {}, status: 'any' })
  assert.ok([403, 404, 422].includes(refused.status))
  await bob.post(`/api/v1/accounts/${alice.id}/unfollow`)
})

it('an edit keeps its history and its source', async ({ alice, bob, anyone }) => {
  const status = await post(alice, 'first #draft', { spoiler_text: 'cw', language: 'en' })
  assert.deepEqual(await alice.get(`/api/v1/statuses/${status.id}/source`), { id: status.id, text: 'first #draft', spoiler_text: 'cw' })
  const before = await anyone.get(`/api/v1/statuses/${status.id}/history`)
  assert.equal(before.length, 1)
  await sleep(5)
  const edited = await alice.put(`/api/v1/statuses/${status.id}`, { status: 'second **try**', spoiler_text: '' })
  assert.equal(edited.id, status.id)
  assert.ok(Date.parse(edited.edited_at) >= Date.parse(edited.created_at))
  assert.equal(edited.created_at, status.created_at)
  assert.match(edited.content, /second \*\*try\*\*/)
  assert.deepEqual(edited.tags, [])
  const history = await anyone.get(`/api/v1/statuses/${status.id}/history`)
  assert.equal(history.length, 2)
  assert.match(history[0].content, /first/)
  assert.equal(history[0].spoiler_text, 'cw')
  assert.match(history[1].content, /second/)
  assert.equal(history[0].created_at, status.created_at)
  await bob.call('PUT', `/api/v1/statuses/${status.id}`, { json: { status: 'mine now' }, status: 404 })
  await anyone.call('GET', `/api/v1/statuses/${status.id}/source`, { status: 401 })
  await alice.call('PUT', `/api/v1/statuses/${status.id}`, { json: { status: '' }, status: 422 })
})

it('deleting answers the source, so that it can be written again', async ({ alice, bob, anyone }) => {
  const status = await post(alice, 'typo hree @bob', { spoiler_text: 'w' })
  await bob.call('DELETE', `/api/v1/statuses/${status.id}`, { status: 404 })
  const gone = await alice.delete(`/api/v1/statuses/${status.id}`)
  assert.equal(gone.text, 'typo hree @bob')
  assert.equal(gone.spoiler_text, 'w')
  await anyone.call('GET', `/api/v1/statuses/${status.id}`, { status: 404 })
  await alice.call('DELETE', `/api/v1/statuses/${status.id}`, { status: 404 })
  const again = await post(alice, gone.text.replace('hree', 'here'), { spoiler_text: gone.spoiler_text })
  assert.match(again.content, /typo here/)
})

it('pins: own posts only, at most five, shown with pinned=true', async ({ server, bob }) => {
  const alice = await stranger(server)
  const ids = []
  for (let n = 0; n < 6; n++) ids.push((await post(alice, `pin ${n}`)).id)
  for (const id of ids.slice(0, 5)) assert.equal((await act(alice, id, 'pin')).pinned, true)
  const many = await alice.call('POST', `/api/v1/statuses/${ids[5]}/pin`, { json: {}, status: 422 })
  assert.match(many.body.error, /^Validation failed: .*maximum number/)
  const foreign = await bob.call('POST', `/api/v1/statuses/${ids[0]}/pin`, { json: {}, status: 422 })
  assert.match(foreign.body.error, /^Validation failed: Someone else's post cannot be pinned/)
  assert.deepEqual((await bob.get(`/api/v1/accounts/${alice.id}/statuses`, { pinned: true })).map((s) => s.id), ids.slice(0, 5).reverse())
  assert.equal((await act(alice, ids[0], 'unpin')).pinned, false)
})

it('a muted thread stays silent', async ({ alice, bob }) => {
  const root = await post(alice, 'quiet please')
  assert.equal((await act(alice, root.id, 'mute')).muted, true)
  await post(bob, '@alice are you there?', { in_reply_to_id: root.id })
  await sleep(300)
  const mentions = await alice.get('/api/v1/notifications', { types: ['mention'] })
  assert.ok(!mentions.some((n) => /are you there/.test(n.status.content)))
  assert.equal((await act(alice, root.id, 'unmute')).muted, false)
})

it('polls: made, voted in, closed', async ({ alice, bob, carol, anyone }) => {
  const status = await post(alice, 'tea or coffee?', { poll: { options: ['tea', 'coffee', 'water'], expires_in: 300 } })
  const { poll } = status
  assert.deepEqual(poll.options.map((o) => o.title), ['tea', 'coffee', 'water'])
  assert.deepEqual([poll.expired, poll.multiple, poll.votes_count], [false, false, 0])
  assert.ok(Math.abs(Date.parse(poll.expires_at) - Date.now() - 300000) < 10000)
  assert.equal(poll.voted, true, 'the author counts as having voted')
  assert.deepEqual(poll.own_votes, [])
  const vote = (user, choices, status) => user.call('POST', `/api/v1/polls/${poll.id}/votes`, { json: { choices }, status })
  const voted = (await vote(bob, [1])).body
  assert.deepEqual([voted.voted, voted.own_votes, voted.options[1].votes_count], [true, [1], 1])
  assert.match((await vote(bob, [0], 422)).body.error, /already voted/)
  await vote(carol, [7], 422)
  await vote(carol, [0, 1], 422)
  await vote(alice, [0], 422)
  assert.equal((await anyone.get(`/api/v1/polls/${poll.id}`)).votes_count, 1)
})

it('polls: several choices and hidden totals', async ({ alice, bob, carol }) => {
  const open = await post(alice, 'pick many', { poll: { options: ['a', 'b', 'c'], expires_in: 300, multiple: true } })
  const voted = await bob.post(`/api/v1/polls/${open.poll.id}/votes`, { choices: [0, 2] })
  assert.deepEqual(voted.own_votes.sort(), [0, 2])
  assert.deepEqual([voted.votes_count, voted.voters_count], [2, 1])
  const closed = await post(alice, 'secret', { poll: { options: ['a', 'b'], expires_in: 300, hide_totals: true } })
  await bob.post(`/api/v1/polls/${closed.poll.id}/votes`, { choices: [0] })
  const seen = await carol.get(`/api/v1/polls/${closed.poll.id}`)
  assert.deepEqual(seen.options.map((o) => o.votes_count), [null, null])
})

it('polls: the limits of a poll', async ({ alice }) => {
  const poll = (fields) => invalid(alice, { status: 'poll', poll: { options: ['a', 'b'], expires_in: 300, ...fields } })
  await poll({ options: ['only one'] })
  await poll({ options: ['a', 'b', 'c', 'd', 'e'] })
  await poll({ options: ['a', 'a'] })
  await poll({ options: ['a', 'x'.repeat(51)] })
  await poll({ expires_in: 60 })
  await poll({ expires_in: 99999999 })
})

it('several posts at once, in any order, without those one may not see', async ({ alice, bob }) => {
  const open = await post(alice, 'open')
  const closed = await post(alice, 'closed', { visibility: 'direct' })
  const list = await bob.get('/api/v1/statuses', { id: [open.id, closed.id, '1'] })
  assert.deepEqual(list.map((s) => s.id), [open.id])
  const accounts = await bob.get('/api/v1/accounts', { id: [alice.id, '1'] })
  assert.deepEqual(accounts.map((a) => a.id), [alice.id])
})

it('the count of posts is right in every answer', async ({ server, anyone }) => {
  const writer = await stranger(server, 'counting')
  const count = async () => (await anyone.get(`/api/v1/accounts/${writer.id}`)).statuses_count
  assert.equal(await count(), 0)
  for (let n = 1; n <= 3; n++) {
    const status = await post(writer, `number ${n}`)
    assert.equal(status.account.statuses_count, n)
    assert.equal(await count(), n)
    assert.equal((await anyone.get(`/api/v1/accounts/${writer.id}`)).last_status_at, new Date().toISOString().slice(0, 10))
  }
  const many = await Promise.all(Array.from({ length: 20 }, (_, n) => post(writer, `at once ${n}`)))
  assert.equal(await count(), 23)
  await writer.delete(`/api/v1/statuses/${many[0].id}`)
  assert.equal(await count(), 22)
  assert.equal((await post(writer, 'after')).account.statuses_count, 23)
})
