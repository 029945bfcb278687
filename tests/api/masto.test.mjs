// A whole day with masto.js, the library behind Elk and Phanpy. What it receives is checked through fetch.
import assert from 'node:assert/strict'
import { createOAuthAPIClient, createRestAPIClient, createStreamingAPIClient } from 'masto'
import WebSocket from 'ws'
import { authorize, OOB } from './lib/browser.mjs'
import { authorizeUrl } from './lib/oauth.mjs'
import { checkFetch } from './lib/http.mjs'
import { png } from './lib/png.mjs'
import { allScopes, startWorld, until } from './lib/server.mjs'

const { it, server } = await startWorld({ accounts: ['alice', 'bob'] })
checkFetch(server.base)

const client = (token) => createRestAPIClient({ url: server.base, accessToken: token })
const bob = client((await server.login('bob')).token)
let me
let masto
let accessToken

it('signs in: application, browser, code, token', async () => {
  const anonymous = client()
  const app = await anonymous.v1.apps.create({ clientName: 'masto.js', redirectUris: OOB, scopes: allScopes, website: 'https://masto.example' })
  const { code } = await authorize(authorizeUrl(server.base, { client_id: app.clientId }), { username: 'alice' })
  const token = await createOAuthAPIClient({ url: server.base }).token.create({
    grantType: 'authorization_code', clientId: app.clientId, clientSecret: app.clientSecret, redirectUri: OOB, code, scope: allScopes
  })
  assert.equal(token.tokenType, 'Bearer')
  accessToken = token.accessToken
  masto = client(accessToken)
  me = await masto.v1.accounts.verifyCredentials()
  assert.equal(me.username, 'alice')
  assert.equal((await masto.v1.apps.verifyCredentials()).name, 'masto.js')
})

it('starts as Phanpy and Elk do', async () => {
  const [instance, preferences, home, notifications, markers] = await Promise.all([
    masto.v2.instance.fetch(), masto.v1.preferences.fetch(), masto.v1.timelines.home.list(),
    masto.v1.notifications.list(), masto.v1.markers.fetch({ timeline: ['home', 'notifications'] })])
  assert.equal(instance.domain, server.domain)
  assert.equal(preferences['posting:default:visibility'], 'public')
  assert.deepEqual([home, notifications, markers], [[], [], {}])
  await Promise.all([masto.v1.followRequests.list(), masto.v1.announcements.list(), masto.v1.lists.list(), masto.v1.followedTags.list(),
    masto.v2.filters.list(), masto.v1.customEmojis.list(), masto.v1.conversations.list(), masto.v2.notifications.list(), masto.v2.notifications.policy.fetch()])
})

it('posts, reads, replies, likes, boosts, bookmarks', async () => {
  const status = await masto.v1.statuses.create({ status: 'Hello from masto.js #pagi', language: 'en' })
  assert.equal(status.application.name, 'masto.js')
  assert.equal((await client().v1.statuses.$select(status.id).fetch()).content, status.content)
  const reply = await bob.v1.statuses.create({ status: '@alice welcome', inReplyToId: status.id })
  const context = await masto.v1.statuses.$select(status.id).context.fetch()
  assert.deepEqual(context.descendants.map((s) => s.id), [reply.id])
  const mine = masto.v1.statuses.$select(reply.id)
  assert.equal((await mine.favourite()).favourited, true)
  assert.equal((await mine.bookmark()).bookmarked, true)
  assert.equal((await mine.reblog()).reblog.id, reply.id)
  assert.ok((await masto.v1.favourites.list()).some((s) => s.id === reply.id))
  assert.ok((await masto.v1.bookmarks.list()).some((s) => s.id === reply.id))
  assert.equal((await mine.unfavourite()).favourited, false)
  assert.equal((await mine.unbookmark()).bookmarked, false)
  assert.equal((await mine.unreblog()).reblogged, false)
  assert.ok((await client().v1.timelines.tag.$select('pagi').list()).some((s) => s.id === status.id))
})

it('posts a picture, waiting for it to be ready', async () => {
  const media = await masto.v2.media.create({ file: new Blob([png(200, 100)], { type: 'image/png' }), description: 'stripes' })
  assert.ok(media.url)
  const status = await masto.v1.statuses.create({ status: 'with a picture', mediaIds: [media.id] })
  assert.equal(status.mediaAttachments[0].description, 'stripes')
  assert.equal(status.mediaAttachments[0].meta.original.width, 200)
})

it('asks and votes', async () => {
  const { poll } = await masto.v1.statuses.create({ status: 'poll', poll: { options: ['ya', 'tidak'], expiresIn: 600 } })
  const voted = await bob.v1.polls.$select(poll.id).votes.create({ choices: [0] })
  assert.deepEqual([voted.voted, voted.ownVotes, voted.votesCount], [true, [0], 1])
  assert.equal((await masto.v1.polls.$select(poll.id).fetch()).options[0].votesCount, 1)
})

it('edits, reads the history, deletes and redrafts', async () => {
  const status = await masto.v1.statuses.create({ status: 'befor' })
  const post = masto.v1.statuses.$select(status.id)
  const edited = await post.update({ status: 'before' })
  assert.ok(edited.editedAt)
  assert.equal((await post.history.list()).length, 2)
  assert.equal((await post.source.fetch()).text, 'before')
  const gone = await post.remove()
  assert.equal(gone.text, 'before')
  await assert.rejects(post.fetch(), (error) => error.statusCode === 404 && /Record not found/.test(error.message))
  assert.match((await masto.v1.statuses.create({ status: gone.text + ' and after' })).content, /before and after/)
})

it('follows, lists, mutes, blocks', async () => {
  const other = await masto.v1.accounts.lookup({ acct: 'bob' })
  const account = masto.v1.accounts.$select(other.id)
  assert.equal((await account.follow()).following, true)
  const list = await masto.v1.lists.create({ title: 'masto' })
  await masto.v1.lists.$select(list.id).accounts.create({ accountIds: [other.id] })
  const status = await bob.v1.statuses.create({ status: 'for the list' })
  await until('home and list', async () => {
    const [home, listed] = await Promise.all([masto.v1.timelines.home.list(), masto.v1.timelines.list.$select(list.id).list()])
    return home.some((s) => s.id === status.id) && listed.some((s) => s.id === status.id)
  })
  await masto.v1.lists.$select(list.id).remove()
  assert.equal((await account.mute({ duration: 60 })).muting, true)
  assert.ok((await masto.v1.mutes.list())[0].muteExpiresAt)
  assert.equal((await account.unmute()).muting, false)
  assert.equal((await account.unfollow()).following, false)
  assert.equal((await account.block()).blocking, true)
  assert.equal((await masto.v1.blocks.list())[0].id, other.id)
  assert.equal((await account.unblock()).blocking, false)
  assert.equal((await masto.v1.accounts.relationships.fetch({ id: [other.id] }))[0].blocking, false)
})

it('answers follow requests', async () => {
  await masto.v1.accounts.updateCredentials({ locked: true, displayName: 'Alice', fieldsAttributes: [{ name: 'web', value: 'https://example.com' }] })
  assert.equal((await bob.v1.accounts.$select(me.id).follow()).requested, true)
  const [request] = await masto.v1.followRequests.list()
  assert.equal(request.username, 'bob')
  assert.equal((await masto.v1.followRequests.$select(request.id).authorize()).followedBy, true)
  await masto.v1.accounts.updateCredentials({ locked: false })
})

it('reads notifications and moves its marker', async () => {
  await bob.v1.statuses.create({ status: '@alice look' })
  const list = await until('a mention', async () => {
    const notifications = await masto.v1.notifications.list({ types: ['mention'] })
    return notifications.length && notifications
  })
  const marker = await masto.v1.markers.create({ notifications: { lastReadId: list[0].id } })
  assert.equal(marker.notifications.lastReadId, list[0].id)
  assert.equal((await masto.v1.notifications.unreadCount.fetch()).count, 0)
  assert.ok((await masto.v2.notifications.list()).notificationGroups.length > 0)
})

it('searches', async () => {
  assert.ok((await masto.v2.search.list({ q: 'bob' })).accounts.some((a) => a.username === 'bob'))
  assert.ok((await masto.v2.search.list({ q: '#pagi', type: 'hashtags' })).hashtags.some((t) => t.name === 'pagi'))
  const [status] = await masto.v1.accounts.$select(me.id).statuses.list({ limit: 1 })
  assert.equal((await masto.v2.search.list({ q: status.url, resolve: true })).statuses[0].id, status.id)
})

it('walks pages with its paginator', async () => {
  for (let n = 0; n < 7; n++) await masto.v1.statuses.create({ status: `page ${n} #halaman` })
  const seen = []
  for await (const page of masto.v1.timelines.tag.$select('halaman').list({ limit: 3 })) seen.push(...page.map((s) => s.id))
  assert.equal(seen.length, 7)
  assert.equal(new Set(seen).size, 7)
})

it('streams: user, public, hashtag, list and direct', async () => {
  const other = await masto.v1.accounts.lookup({ acct: 'bob' })
  await masto.v1.accounts.$select(other.id).follow()
  const list = await masto.v1.lists.create({ title: 'streamed' })
  await masto.v1.lists.$select(list.id).accounts.create({ accountIds: [other.id] })
  const { configuration } = await masto.v2.instance.fetch()
  const streaming = createStreamingAPIClient({ streamingApiUrl: configuration.urls.streaming, accessToken, implementation: WebSocket })
  const subscriptions = {
    user: streaming.user.subscribe(),
    public: streaming.public.subscribe(),
    hashtag: streaming.hashtag.subscribe({ tag: 'siaran' }),
    list: streaming.list.subscribe({ list: list.id }),
    direct: streaming.direct.subscribe()
  }
  const heard = Object.fromEntries(Object.keys(subscriptions).map((name) => [name, []]))
  const listening = Object.entries(subscriptions).map(async ([name, subscription]) => {
    for await (const event of subscription) heard[name].push(event)
  })
  try {
    await new Promise((resolve) => setTimeout(resolve, 3000)) // masto.js waits a second before it connects
    const status = await bob.v1.statuses.create({ status: 'on air #siaran' })
    await bob.v1.statuses.create({ status: '@alice between us', visibility: 'direct' })
    await until('all five', () => ['user', 'public', 'hashtag', 'list'].every((name) => heard[name].some((e) => e.event === 'update' && e.payload.id === status.id)) &&
      heard.direct.some((e) => e.event === 'conversation') && heard.user.some((e) => e.event === 'notification'))
  } finally { // or masto.js tries to connect for ever
    for (const subscription of Object.values(subscriptions)) subscription.unsubscribe()
    streaming.close()
    await Promise.race([Promise.allSettled(listening), new Promise((resolve) => setTimeout(resolve, 1000))])
  }
})
