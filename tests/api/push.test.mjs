// Web Push: subscribing, what is sent to whom, and push services that fail. The service is a real HTTP server, and opens
// what it gets with http_ece.
import assert from 'node:assert/strict'
import { after } from 'node:test'
import { sleep, startWorld, stranger, until } from './lib/server.mjs'
import { PushService } from './lib/push.mjs'
import { PRIVATE_ADDRESSES } from './lib/settings.mjs'

const { it, anyone } = await startWorld({ accounts: ['alice', 'bob', 'carol'], env: PRIVATE_ADDRESSES })
const service = await new PushService().start()
after(() => service.stop())
const path = '/api/v1/push/subscription'
const post = (user, status, more) => user.post('/api/v1/statuses', { status, ...more })
let count = 0
const fresh = () => service.app(`app${++count}`)
// Somebody of their own, with an app that has subscribed.
async function subscriber (server, options) {
  const user = await stranger(server, 'reader')
  const app = fresh()
  await app.subscribe(user, options)
  return { user, app }
}

it('a token has one subscription, that can be read, changed and ended', async ({ alice }) => {
  await alice.call('GET', path, { status: 404 })
  await alice.call('PUT', path, { json: { data: { alerts: { mention: true } } }, status: 404 })
  const app = fresh()
  const made = await alice.post(path, { subscription: app.subscription(), data: { alerts: { mention: true, poll: 'on', reblog: false }, policy: 'followed' } })
  assert.equal(made.endpoint, app.endpoint)
  assert.equal(made.standard, false)
  assert.equal(made.policy, 'followed')
  assert.equal(made.server_key, (await anyone.get('/api/v2/instance')).configuration.vapid.public_key)
  const on = (subscription) => Object.keys(subscription.alerts).filter((name) => subscription.alerts[name]).sort()
  assert.deepEqual(on(made), ['mention', 'poll'])
  assert.deepEqual(await alice.get(path), made)
  const changed = await alice.put(path, { data: { alerts: { follow: true, 'admin.sign_up': true } }, policy: 'follower' })
  assert.deepEqual(on(changed), ['admin.sign_up', 'follow'])
  assert.equal(changed.policy, 'follower')
  assert.equal(changed.id, made.id)
  const other = fresh()
  const again = await alice.post(path, { subscription: other.subscription({ standard: true }) })
  assert.notEqual(again.id, made.id)
  assert.equal(again.standard, true)
  assert.deepEqual(on(again), [])
  assert.equal(again.policy, 'all')
  assert.deepEqual(await alice.get(path), again)
  assert.deepEqual(await alice.delete(path), {})
  assert.deepEqual(await alice.delete(path), {})
  await alice.call('GET', path, { status: 404 })
})

it('each token has its own, and needs the scope', async ({ server, alice }) => {
  const second = alice.as(await server.token('alice'))
  const [one, two] = [fresh(), fresh()]
  await one.subscribe(alice)
  await two.subscribe(second)
  assert.equal((await alice.get(path)).endpoint, one.endpoint)
  assert.equal((await second.get(path)).endpoint, two.endpoint)
  await alice.delete(path)
  await second.delete(path)
  const narrow = alice.as(await server.token('alice', 'read write'))
  for (const method of ['GET', 'POST', 'PUT', 'DELETE']) await narrow.call(method, path, { status: 403 })
  await anyone.call('GET', path, { status: 401 })
})

it('what is no address or no key is refused', async ({ alice }) => {
  const app = fresh()
  const bad = [
    { ...app.subscription(), endpoint: 'ftp://push.example/' },
    { ...app.subscription(), endpoint: 'https://user:secret@push.example/' },
    { ...app.subscription(), endpoint: 'nowhere' },
    { ...app.subscription(), endpoint: `https://push.example/${'x'.repeat(2000)}` },
    { ...app.subscription(), keys: { ...app.keys, auth: 'AAAA' } },
    { ...app.subscription(), keys: { ...app.keys, p256dh: app.keys.auth } },
    { ...app.subscription(), keys: { ...app.keys, p256dh: Buffer.alloc(65, 4).toString('base64') } },
    { ...app.subscription(), keys: {} },
    {}
  ]
  for (const subscription of bad) await alice.call('POST', path, { json: { subscription }, status: 422 })
  await alice.call('POST', path, { json: { subscription: app.subscription(), data: { policy: 'some' } }, status: 422 })
  await alice.call('GET', path, { status: 404 })
})

for (const standard of [true, false]) {
  it(`what is pushed is what Mastodon pushes (${standard ? 'RFC 8291' : 'the draft before it'})`, async ({ server, bob }) => {
    const { user, app } = await subscriber(server, { standard })
    await bob.patch('/api/v1/accounts/update_credentials', { display_name: 'Bob "the" <b>' })
    const status = await post(bob, `@${user.user} good morning,\n\n&c. <i>`)
    const { payload, headers } = await app.next('a mention')
    const [note] = await user.get('/api/v1/notifications')
    assert.deepEqual(payload, {
      access_token: app.token,
      preferred_locale: 'en',
      notification_id: Number(note.id),
      notification_type: 'mention',
      icon: status.account.avatar_static,
      title: 'Bob "the" <b> mentioned you',
      body: `@${user.user} good morning, &c. <i>`
    })
    // A number that JavaScript reads, and asks for, digit by digit.
    assert.equal(String(payload.notification_id), note.id)
    assert.equal((await user.as(payload.access_token).get(`/api/v1/notifications/${payload.notification_id}`)).status.id, status.id)
    assert.equal(headers['content-encoding'], standard ? 'aes128gcm' : 'aesgcm')
    assert.equal(headers.urgency, 'normal')
    assert.ok(Number(headers.ttl) > 172700 && Number(headers.ttl) <= 172800)
    assert.match(headers['user-agent'], /^kicau\//)
    assert.equal(headers.cookie, undefined)
  })
}

it('every type, as far as it was asked for', async ({ server, bob }) => {
  const { user, app } = await subscriber(server)
  const status = await post(user, 'everything happens to this one')
  const happen = async () => {
    await bob.post(`/api/v1/accounts/${user.id}/follow`)
    await bob.post(`/api/v1/statuses/${status.id}/favourite`)
    await bob.post(`/api/v1/statuses/${status.id}/reblog`)
    await post(bob, `@${user.user} hm`)
  }
  await happen()
  const words = { follow: /follows you$/, favourite: /favourited your post$/, reblog: /boosted your post$/, mention: /mentioned you$/ }
  for (const type in words) {
    const { payload } = await app.next(type, (one) => one.notification_type === type)
    assert.match(payload.title, words[type])
    if (type === 'reblog') assert.equal(payload.body, 'everything happens to this one')
  }
  await user.post(`/api/v1/accounts/${bob.id}/follow`, { notify: true })
  const told = await post(bob, 'told to who asked')
  assert.equal((await app.next('status', (one) => one.notification_type === 'status')).payload.body, 'told to who asked')
  await user.post(`/api/v1/statuses/${told.id}/reblog`)
  await bob.put(`/api/v1/statuses/${told.id}`, { status: 'edited' })
  assert.equal((await app.next('update', (one) => one.notification_type === 'update')).payload.body, 'edited')
  await user.put(path, { data: { alerts: { mention: true } } })
  await bob.post(`/api/v1/statuses/${status.id}/unfavourite`)
  await bob.post(`/api/v1/statuses/${status.id}/favourite`)
  await post(bob, `@${user.user} only this`)
  await app.next('the mention', (one) => one.body.endsWith('only this'))
  assert.deepEqual(app.received, [])
})

it('a long post is cut, a warning stands for the text', async ({ server, bob }) => {
  const { user, app } = await subscriber(server, { standard: true })
  await post(bob, `@${user.user} ${'鳥'.repeat(400)}`)
  const long = (await app.next('the long one')).payload.body
  assert.equal([...long].length, 141)
  assert.ok(long.endsWith('鳥…'))
  await post(bob, `@${user.user} the butler`, { spoiler_text: 'who did it' })
  assert.equal((await app.next('the warned one')).payload.body, 'who did it')
})

it('policies: all, followed, follower, none', async ({ server, bob }) => {
  const { user, app } = await subscriber(server)
  const pushed = async (policy) => {
    await user.put(path, { data: { alerts: { mention: true }, policy } })
    const { id } = await post(bob, `@${user.user} ${policy} ${++count}`)
    await until('the notification', async () => (await user.get('/api/v1/notifications')).some((n) => n.status?.id === id))
    await sleep(1500)
    return app.received.splice(0).length
  }
  assert.deepEqual([await pushed('all'), await pushed('followed'), await pushed('follower'), await pushed('none')], [1, 0, 0, 0])
  await user.post(`/api/v1/accounts/${bob.id}/follow`)
  assert.deepEqual([await pushed('followed'), await pushed('follower')], [1, 0])
  await bob.post(`/api/v1/accounts/${user.id}/follow`)
  await user.post(`/api/v1/accounts/${bob.id}/unfollow`)
  app.received.splice(0)
  assert.deepEqual([await pushed('followed'), await pushed('follower')], [0, 1])
})

it('nothing of whom or what one does not want to hear', async ({ server, bob, carol }) => {
  const { user, app } = await subscriber(server)
  await user.post(`/api/v1/accounts/${carol.id}/mute`)
  const muted = await post(user, 'a thread to leave')
  await user.post(`/api/v1/statuses/${muted.id}/mute`)
  await user.post('/api/v2/filters', { title: 'x', context: ['notifications'], filter_action: 'hide', keywords_attributes: [{ keyword: 'turnip' }] })
  await user.post('/api/v2/filters', { title: 'y', context: ['notifications'], filter_action: 'warn', keywords_attributes: [{ keyword: 'radish' }] })
  await post(carol, `@${user.user} from somebody muted`)
  await post(bob, `@${user.user} in a muted thread`, { in_reply_to_id: muted.id })
  await post(bob, `@${user.user} a turnip`)
  const gone = await post(bob, `@${user.user} gone at once`)
  await bob.delete(`/api/v1/statuses/${gone.id}`)
  await post(bob, `@${user.user} a radish`)
  await app.next('what is only warned of', (one) => one.body.endsWith('a radish'))
  await user.patch('/api/v2/notifications/policy', { for_not_following: 'filter' })
  await post(bob, `@${user.user} from somebody filtered`)
  await user.patch('/api/v2/notifications/policy', { for_not_following: 'accept' })
  await user.post(`/api/v1/accounts/${bob.id}/block`)
  await post(bob, `@${user.user} from somebody blocked`)
  await sleep(1500)
  assert.deepEqual(app.received.map((one) => one.payload.body).filter((body) => !body.endsWith('gone at once')), [])
})

it('ends with the token', async ({ server, bob }) => {
  const { user, app } = await subscriber(server)
  const other = fresh()
  await other.subscribe(user.as(await server.token(user.user)))
  await post(bob, `@${user.user} both`)
  await app.next('one')
  await other.next('two')
  const [line] = (await server.kicau(['token', 'list', '--account', user.user])).split('\n').filter((one) => /^\d/.test(one)) // the older
  await server.kicau(['token', 'revoke', line.split(' ')[0]])
  await until('the token to be revoked', async () => (await fetch(server.base + path, { headers: { Authorization: `Bearer ${app.token}` } })).status === 401)
  await post(bob, `@${user.user} one`)
  await other.next('what goes on')
  assert.deepEqual(app.received, [])
})

for (const status of [404, 410, 403]) {
  it(`${status} ends the subscription`, async ({ server, bob }) => {
    const { user, app } = await subscriber(server)
    app.answer = () => [status]
    await post(bob, `@${user.user} hello?`)
    await until('the subscription to be gone', async () => (await fetch(server.base + path, { headers: { Authorization: `Bearer ${user.token}` } })).status === 404)
    assert.equal(app.attempts, 1)
  })
}

it('a service that fails is tried again', async ({ server, bob }) => {
  const { user, app } = await subscriber(server)
  app.answer = () => app.attempts < 2 ? [503] : [201]
  await post(bob, `@${user.user} once more`)
  assert.equal((await app.next('the second attempt')).payload.notification_type, 'mention')
  assert.equal(app.attempts, 2)
})

it('a burst arrives whole, each once, and soon', async ({ server, bob }) => {
  const readers = []
  for (let n = 0; n < 20; n++) readers.push(await subscriber(server, { standard: n % 2 === 0 }))
  for (const { app } of readers) app.answer = () => [201]
  const text = readers.map(({ user }) => `@${user.user}`).join(' ')
  const begin = Date.now()
  for (let n = 0; n < 15; n++) await post(bob, `${text} ${n}`)
  await until('300 pushes', () => readers.every(({ app }) => app.received.length >= 15), { timeout: 30000 })
  assert.ok(Date.now() - begin < 15000, `${Date.now() - begin} ms`)
  await sleep(500)
  for (const { app } of readers) assert.equal(new Set(app.received.map((one) => one.payload.notification_id)).size, app.received.length)
  assert.equal(readers.reduce((sum, { app }) => sum + app.received.length, 0), 300)
})

it('a service that hangs holds up nobody', async ({ server, bob }) => {
  const silent = await new PushService().start()
  silent.origin = silent.origin.replace('localhost', '127.0.0.1') // another place
  after(() => silent.stop())
  const hanging = []
  for (let n = 0; n < 20; n++) {
    const user = await stranger(server, 'hung')
    const app = silent.app(`hung${n}`)
    app.answer = () => [0]
    await app.subscribe(user)
    hanging.push({ user, app })
  }
  const { user, app } = await subscriber(server)
  for (let round = 0; round < 3; round++) for (const one of hanging) await post(bob, `@${one.user.user} ${round}`)
  await until('some to hang', () => hanging.some((one) => one.app.attempts))
  const begin = Date.now()
  await post(bob, `@${user.user} in time`)
  await app.next('while others hang')
  assert.ok(Date.now() - begin < 4000, `${Date.now() - begin} ms`)
  assert.ok(silent.hung.size <= 16, `${silent.hung.size} at the hanging service at once`)
})

it('addresses and tokens are in no log', async ({ server }) => {
  const log = server.log.join('')
  assert.ok(log.includes('a push subscription is removed'))
  assert.ok(!log.includes('/send/'))
  for (const app of service.apps.values()) if (app.token) assert.ok(!log.includes(app.token))
})
