// Events over WebSocket and over server-sent events.
import assert from 'node:assert/strict'
import { EventStream, Socket } from './lib/stream.mjs'
import { sleep, startWorld, stranger, until } from './lib/server.mjs'

const { it } = await startWorld({ accounts: ['alice', 'bob'] })
const post = (user, status, more) => user.post('/api/v1/statuses', { status, ...more })
const is = (id) => (status) => status.id === id

// A stream may need a moment between "open" and its first event; sending until one arrives would hide lost events,
// so each test waits for the subscription by itself: the server registers it before it answers 101 or 200.
const socket = (server, user, fields) => new Socket(server.base, { token: user?.token, ...fields }).open()
const events = (server, user, path, query) => new EventStream(server.base, path, { token: user?.token, query }).open()

for (const tokenIn of ['query', 'protocol', 'header']) {
  it(`WebSocket: the token in the ${tokenIn}`, async ({ server, alice }) => {
    const stream = await socket(server, alice, { stream: 'user', tokenIn })
    if (tokenIn === 'protocol') assert.equal(stream.socket.protocol, alice.token)
    const status = await post(alice, `token in the ${tokenIn}`)
    const event = await stream.next('update', is(status.id))
    assert.deepEqual(event.stream, ['user'])
    stream.close()
  })
}

it('WebSocket: without a token, or with a bad one, nobody gets in', async ({ server, anyone }) => {
  for (const token of [undefined, 'nonsense']) {
    await assert.rejects(new Socket(server.base, { token, stream: 'user' }).open(), { status: 401 })
  }
  const narrow = anyone.as(await server.token('alice', 'write'))
  await assert.rejects(socket(server, narrow, { stream: 'user' }).then((stream) => stream.next('update', undefined, { timeout: 500 })))
})

it('user: posts of people followed, edits, deletions, notifications', async ({ server, alice, bob }) => {
  await bob.post(`/api/v1/accounts/${alice.id}/follow`)
  const stream = await socket(server, bob, { stream: 'user' })
  const status = await post(alice, 'hello stream')
  assert.match((await stream.next('update', is(status.id))).payload.content, /hello stream/)
  await alice.put(`/api/v1/statuses/${status.id}`, { status: 'hello again' })
  assert.match((await stream.next('status.update', is(status.id))).payload.content, /hello again/)
  await alice.delete(`/api/v1/statuses/${status.id}`)
  assert.equal((await stream.next('delete', (id) => id === status.id)).payload, status.id)
  const mention = await post(alice, '@bob ping')
  const note = (await stream.next('notification', (n) => n.type === 'mention')).payload
  assert.equal(note.status.id, mention.id)
  const hidden = await post(alice, '@alice to myself', { visibility: 'direct' })
  const shown = await post(alice, 'for followers', { visibility: 'private' })
  await stream.next('update', is(shown.id))
  assert.ok(!stream.seen('update', is(hidden.id)))
  stream.close()
})

it('user:notification holds notifications only', async ({ server, alice, bob }) => {
  const stream = await socket(server, bob, { stream: 'user:notification' })
  await post(alice, 'a post')
  await post(alice, '@bob a mention')
  const event = await stream.next('notification')
  assert.equal(event.payload.type, 'mention')
  assert.ok(!stream.seen('update'))
  stream.close()
})

it('public and public:local: public posts, nothing else', async ({ server, alice, bob }) => {
  const everything = await socket(server, bob, { stream: 'public' })
  const local = await socket(server, bob, { stream: 'public:local' })
  const remote = await socket(server, bob, { stream: 'public:remote' })
  const media = await socket(server, bob, { stream: 'public:media' })
  const hidden = []
  for (const visibility of ['unlisted', 'private', 'direct']) hidden.push((await post(alice, visibility, { visibility })).id)
  const status = await post(alice, 'for all')
  for (const stream of [everything, local]) {
    await stream.next('update', is(status.id))
    assert.ok(!stream.seen('update', (s) => hidden.includes(s.id)))
  }
  for (const stream of [remote, media]) assert.ok(!stream.seen('update'))
  await alice.delete(`/api/v1/statuses/${status.id}`)
  await everything.next('delete', (id) => id === status.id)
  for (const stream of [everything, local, remote, media]) stream.close()
})

it('hashtag and list', async ({ server, alice, bob }) => {
  await bob.post(`/api/v1/accounts/${alice.id}/follow`)
  const list = await bob.post('/api/v1/lists', { title: 'streamed' })
  await bob.post(`/api/v1/lists/${list.id}/accounts`, { account_ids: [alice.id] })
  const tag = await socket(server, bob, { stream: 'hashtag', tag: 'Jalak' })
  const listed = await socket(server, bob, { stream: 'list', list: list.id })
  const plain = await post(alice, 'no tag here')
  const tagged = await post(alice, 'a #jalak!')
  const event = await tag.next('update', is(tagged.id))
  assert.equal(event.stream[0], 'hashtag')
  assert.equal(event.stream[1].toLowerCase(), 'jalak')
  assert.ok(!tag.seen('update', is(plain.id)))
  assert.deepEqual((await listed.next('update', is(plain.id))).stream, ['list', list.id])
  await listed.next('update', is(tagged.id))
  const foreign = await socket(server, alice, {})
  foreign.subscribe('list', { list: list.id })
  await until('an error', () => foreign.errors.length > 0)
  for (const stream of [tag, listed, foreign]) stream.close()
})

it('direct: conversations', async ({ server, alice, bob }) => {
  const stream = await socket(server, bob, { stream: 'direct' })
  const status = await post(alice, '@bob between us', { visibility: 'direct' })
  const { payload } = await stream.next('conversation')
  assert.equal(payload.last_status.id, status.id)
  assert.equal(payload.unread, true)
  stream.close()
})

it('many streams on one socket: subscribe, unsubscribe, errors', async ({ server, alice }) => {
  const stream = await socket(server, alice)
  stream.subscribe('public')
  stream.subscribe('hashtag', { tag: 'satu' })
  stream.subscribe('user')
  stream.subscribe('nonsense')
  await until('an error for nonsense', () => stream.errors.length > 0)
  assert.equal(stream.errors[0].status, 400)
  const status = await post(alice, 'on #satu')
  const seen = []
  for (let n = 0; n < 3; n++) seen.push((await stream.next('update', is(status.id))).stream[0])
  assert.deepEqual(seen.sort(), ['hashtag', 'public', 'user'])
  stream.unsubscribe('public')
  stream.unsubscribe('hashtag', { tag: 'satu' })
  await sleep(200)
  const next = await post(alice, 'again on #satu')
  assert.deepEqual((await stream.next('update', is(next.id))).stream, ['user'])
  await sleep(200)
  assert.ok(!stream.seen('update', is(next.id)))
  stream.socket.send('not json')
  stream.socket.send('{"type":"subscribe"}')
  await sleep(100)
  assert.equal(stream.socket.readyState, 1, 'nonsense does not close the socket')
  stream.close()
})

it('the server answers pings', async ({ server, alice }) => {
  const stream = await socket(server, alice, { stream: 'user' })
  const pong = new Promise((resolve) => stream.socket.once('pong', resolve))
  stream.socket.ping('x')
  assert.equal((await pong).toString(), 'x')
  stream.close()
})

it('a revoked token loses its streams', async ({ server, anyone }) => {
  const { appToken, registerApp } = await import('./lib/oauth.mjs')
  const app = await registerApp(anyone)
  const token = await appToken(anyone, app, 'read')
  const stream = new Socket(server.base, { token, stream: 'public' })
  const opened = await stream.open().catch(() => null) // an application alone may be refused, as Mastodon does
  if (!opened) return
  await anyone.call('POST', '/oauth/revoke', { form: { client_id: app.client_id, client_secret: app.client_secret, token } })
  await Promise.race([stream.closed, sleep(5000).then(() => assert.fail('still open'))])
})

it('nobody hears from a person they block or mute', async ({ server, alice }) => {
  const user = await stranger(server)
  await user.post(`/api/v1/accounts/${alice.id}/mute`)
  const stream = await socket(server, user, { stream: 'public' })
  const status = await post(alice, '@' + user.user + ' psst')
  await sleep(400)
  assert.ok(!stream.seen('update', is(status.id)))
  stream.close()
})

// A post that names or answers somebody: what the page of a timeline leaves out, its stream leaves out.
for (const relation of ['mute', 'block', 'is blocked by']) {
  it(`streams and timelines leave out the same: the reader and the one a post involves: ${relation}`, async ({ server, alice }) => {
    const [reader, other] = [await stranger(server, 'reader'), await stranger(server, 'other')]
    const list = await reader.post('/api/v1/lists', { title: 'agree', replies_policy: 'followed' })
    for (const { id } of [alice, other]) await reader.post(`/api/v1/accounts/${id}/follow`)
    await reader.post(`/api/v1/lists/${list.id}/accounts`, { account_ids: [alice.id] })
    if (relation === 'is blocked by') await other.post(`/api/v1/accounts/${reader.id}/block`)
    else await reader.post(`/api/v1/accounts/${other.id}/${relation}`)
    const tag = `sama${reader.id}`
    const pages = {
      user: '/api/v1/timelines/home',
      list: `/api/v1/timelines/list/${list.id}`,
      public: '/api/v1/timelines/public',
      hashtag: `/api/v1/timelines/tag/${tag}`
    }
    const streams = {}
    for (const stream of Object.keys(pages)) {
      streams[stream] = await socket(server, reader, { stream, ...(stream === 'list' && { list: list.id }), ...(stream === 'hashtag' && { tag }) })
    }
    const asked = await post(other, 'what?')
    const posts = {
      'of nobody': await post(alice, `plain #${tag}`),
      mention: await post(alice, `@${other.user} look #${tag}`),
      answer: await post(alice, `so it is #${tag}`, { in_reply_to_id: asked.id }),
      'mention of the reader': await post(alice, `@${reader.user} look #${tag}`),
      direct: await post(alice, `@${reader.user} psst`, { visibility: 'direct' })
    }
    const last = await post(alice, `the last #${tag}`)
    for (const [stream, path] of Object.entries(pages)) {
      await streams[stream].next('update', is(last.id))
      const page = (await reader.get(path)).map((status) => status.id)
      for (const [what, { id }] of Object.entries(posts)) {
        assert.equal(streams[stream].seen('update', is(id)), page.includes(id), `${what} in ${stream}`)
      }
      assert.ok(page.includes(posts['of nobody'].id))
      if (stream !== 'public') assert.equal(page.includes(posts.mention.id), stream === 'hashtag')
      streams[stream].close()
    }
  })
}

for (const [path, query] of [['user'], ['public'], ['public/local'], ['hashtag', { tag: 'dua' }], ['hashtag/local', { tag: 'dua' }]]) {
  it(`server-sent events: ${path}`, async ({ server, alice }) => {
    const stream = await events(server, alice, path, query)
    assert.equal(stream.status, 200)
    assert.match(stream.type, /^text\/event-stream/)
    const status = await post(alice, `by ${path} #dua`)
    await stream.next('update', is(status.id))
    await alice.put(`/api/v1/statuses/${status.id}`, { status: `edited #dua ${path}` })
    await stream.next('status.update', is(status.id))
    await alice.delete(`/api/v1/statuses/${status.id}`)
    await stream.next('delete', (id) => id === status.id)
    stream.close()
  })
}

it('server-sent events: notifications, lists, direct', async ({ server, alice, bob }) => {
  const list = await bob.post('/api/v1/lists', { title: 'sse' })
  await bob.post(`/api/v1/accounts/${alice.id}/follow`)
  await bob.post(`/api/v1/lists/${list.id}/accounts`, { account_ids: [alice.id] })
  const notes = await events(server, bob, 'user/notification')
  const listed = await events(server, bob, 'list', { list: list.id })
  const direct = await events(server, bob, 'direct')
  const status = await post(alice, '@bob in a list')
  await notes.next('notification', (n) => n.status?.id === status.id)
  await listed.next('update', is(status.id))
  await post(alice, '@bob only us', { visibility: 'direct' })
  await direct.next('conversation')
  for (const stream of [notes, listed, direct]) stream.close()
})

it('server-sent events: refusals', async ({ server, alice }) => {
  assert.equal((await events(server, null, 'user')).status, 401)
  assert.equal((await events(server, alice, 'nonsense')).status, 404)
  assert.ok([400, 422].includes((await events(server, alice, 'hashtag')).status))
})

it('events arrive quickly, also with a hundred listeners', async ({ server, alice, bob }) => {
  const streams = await Promise.all(Array.from({ length: 100 }, () => socket(server, bob, { stream: 'public' })))
  const start = Date.now()
  const status = await post(alice, 'to a hundred')
  await Promise.all(streams.map((stream) => stream.next('update', is(status.id))))
  assert.ok(Date.now() - start < 3000, `${Date.now() - start} ms`)
  for (const stream of streams) stream.close()
})
