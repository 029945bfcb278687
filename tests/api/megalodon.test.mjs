// The same day with megalodon, the library behind Whalebird. What it receives is checked through its own axios.
import assert from 'node:assert/strict'
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import megalodon from 'megalodon'
import { authorize } from './lib/browser.mjs'
import { verify } from './lib/http.mjs'
import { png } from './lib/png.mjs'
import { startWorld, until } from './lib/server.mjs'

const { default: generate, detector } = megalodon
const { it, server, bob } = await startWorld({ accounts: ['alice', 'bob'] })

const axios = createRequire(createRequire(import.meta.url).resolve('megalodon'))('axios')
axios.interceptors.response.use((reply) => {
  const url = new URL(reply.config.url, server.base)
  const viewer = reply.config.headers?.Authorization ? 'user' : 'anonymous'
  if (url.href.startsWith(server.base)) verify(reply.config.method.toUpperCase(), url.pathname, reply.status, JSON.parse(JSON.stringify(reply.data)), { viewer })
  return reply
})

const folder = mkdtempSync(join(tmpdir(), 'kicau-megalodon-'))
after(() => rmSync(folder, { recursive: true, force: true }))

let client
let me
const second = generate('mastodon', server.base, bob.token)

it('detects a server it can speak to', async () => {
  assert.equal(await detector(server.base), 'mastodon')
})

it('registers, sends the person to the page it made, redeems the code', async () => {
  const anonymous = generate('mastodon', server.base)
  const app = await anonymous.registerApp('Whale', { scopes: ['read', 'write', 'follow'] })
  const { code } = await authorize(app.url, { username: 'alice' })
  const token = await anonymous.fetchAccessToken(app.client_id, app.client_secret, code)
  client = generate('mastodon', server.base, token.accessToken || token.access_token)
  me = (await client.verifyAccountCredentials()).data
  assert.equal(me.username, 'alice')
  assert.equal((await client.verifyAppCredentials()).data.name, 'Whale')
})

it('starts up', async () => {
  const { data } = await client.getInstance()
  assert.equal(data.uri, server.domain)
  assert.equal(data.configuration.statuses.max_characters, 500)
  for (const call of ['getHomeTimeline', 'getNotifications', 'getLists', 'getFilters', 'getInstanceCustomEmojis', 'getInstanceAnnouncements',
    'getPreferences', 'getFollowRequests', 'getMutes', 'getBlocks', 'getBookmarks', 'getFavourites', 'getDomainBlocks', 'getFollowedTags',
    'getEndorsements', 'getFeaturedTags', 'getScheduledStatuses', 'getConversationTimeline', 'getSuggestions', 'getInstancePeers',
    'getInstanceTrends', 'getInstanceDirectory', 'getInstanceActivity']) {
    assert.equal((await client[call]()).status, 200, call)
  }
})

it('posts, replies, likes, boosts, bookmarks', async () => {
  const { data: status } = await client.postStatus('hello from megalodon #paus', { visibility: 'public', language: 'en' })
  const { data: reply } = await second.postStatus('@alice hi', { in_reply_to_id: status.id })
  assert.deepEqual((await client.getStatusContext(status.id)).data.descendants.map((s) => s.id), [reply.id])
  assert.equal((await client.favouriteStatus(reply.id)).data.favourited, true)
  assert.equal((await client.bookmarkStatus(reply.id)).data.bookmarked, true)
  assert.equal((await client.reblogStatus(reply.id)).data.reblog.id, reply.id)
  assert.equal((await client.getStatusFavouritedBy(reply.id)).data[0].id, me.id)
  assert.equal((await client.getStatusRebloggedBy(reply.id)).data[0].id, me.id)
  assert.equal((await client.unfavouriteStatus(reply.id)).data.favourited, false)
  assert.equal((await client.unbookmarkStatus(reply.id)).data.bookmarked, false)
  assert.equal((await client.unreblogStatus(reply.id)).data.reblogged, false)
  assert.equal((await client.pinStatus(status.id)).data.pinned, true)
  assert.equal((await client.unpinStatus(status.id)).data.pinned, false)
  assert.equal((await client.muteStatus(status.id)).data.muted, true)
  assert.equal((await client.unmuteStatus(status.id)).data.muted, false)
})

it('uploads a picture and waits for it', async () => {
  const path = join(folder, 'picture.png')
  writeFileSync(path, png(90, 60))
  const { data } = await client.uploadMedia(createReadStream(path), { description: 'from a file', focus: '0.1,0.2' })
  const media = await until('the picture', async () => {
    const reply = await client.getMedia(data.id)
    return reply.status === 200 && reply.data
  })
  assert.equal(media.description, 'from a file')
  const { data: status } = await client.postStatus('picture', { media_ids: [media.id] })
  assert.equal(status.media_attachments[0].id, media.id)
})

it('asks and votes', async () => {
  const { data: status } = await client.postStatus('poll', { poll: { options: ['a', 'b'], expires_in: 600, multiple: true } })
  const { data } = await second.votePoll(status.poll.id, [0, 1])
  assert.equal(data.voted, true)
  assert.equal((await client.getPoll(status.poll.id)).data.votes_count, 2)
})

it('edits, reads the source, deletes', async () => {
  const { data: status } = await client.postStatus('one')
  const { data: edited } = await client.editStatus(status.id, { status: 'two' })
  assert.match(edited.content, /two/)
  assert.equal((await client.getStatusSource(status.id)).data.text, 'two')
  await client.deleteStatus(status.id)
  await assert.rejects(client.getStatus(status.id), (error) => error.response.status === 404)
})

it('follows, lists, mutes, blocks, requests', async () => {
  const { data: [other] } = await client.searchAccount('bob')
  assert.equal((await client.followAccount(other.id)).data.following, true)
  const { data: list } = await client.createList('whales')
  await client.addAccountsToList(list.id, [other.id])
  assert.equal((await client.getAccountsInList(list.id)).data[0].id, other.id)
  assert.equal((await client.getListTimeline(list.id)).status, 200)
  await client.deleteAccountsFromList(list.id, [other.id])
  await client.deleteList(list.id)
  assert.equal((await client.muteAccount(other.id, true)).data.muting, true)
  assert.equal((await client.unmuteAccount(other.id)).data.muting, false)
  assert.equal((await client.unfollowAccount(other.id)).data.following, false)
  assert.equal((await client.blockAccount(other.id)).data.blocking, true)
  assert.equal((await client.unblockAccount(other.id)).data.blocking, false)
  await client.updateCredentials({ locked: true, note: 'a whale' })
  assert.equal((await second.followAccount(me.id)).data.requested, true)
  assert.equal((await client.acceptFollowRequest(other.id)).data.followed_by, true)
  await client.updateCredentials({ locked: false })
  assert.equal((await client.getRelationships([other.id])).data[0].followed_by, true)
})

it('notifications and markers', async () => {
  await second.postStatus('@alice attention')
  const { data: notes } = await until('a mention', async () => {
    const reply = await client.getNotifications({ exclude_types: ['follow'] })
    return reply.data.some((n) => n.type === 'mention') && reply
  })
  await client.saveMarkers({ notifications: { last_read_id: notes[0].id } })
  assert.equal((await client.getMarkers(['notifications'])).data.notifications.last_read_id, notes[0].id)
  await client.dismissNotification(notes[0].id)
  await client.dismissNotifications()
})

it('searches and reads timelines', async () => {
  const { data } = await client.search('paus', { type: 'hashtags' })
  assert.ok(data.hashtags.some((t) => t.name === 'paus'))
  assert.ok((await client.getTagTimeline('paus')).data.length > 0)
  assert.ok((await client.getPublicTimeline()).data.length > 0)
  assert.ok((await client.getLocalTimeline()).data.length > 0)
  assert.ok((await client.getAccountStatuses(me.id)).data.length > 0)
})

it('streams, at the address with a slash that it uses', async () => {
  const { data: [other] } = await client.searchAccount('bob')
  await client.followAccount(other.id)
  const sockets = { user: client.userSocket(), public: client.publicSocket(), local: client.localSocket(), tag: client.tagSocket('paus'), direct: client.directSocket() }
  const heard = []
  try {
    await Promise.all(Object.entries(sockets).map(([name, socket]) => new Promise((resolve, reject) => {
      socket.on('connect', resolve)
      socket.on('error', () => reject(new Error(`no ${name} socket`)))
      socket.on('parser-error', reject)
      for (const event of ['update', 'status_update', 'notification', 'conversation', 'delete']) socket.on(event, (payload) => heard.push([name, event, payload]))
    })))
    const { data: status } = await second.postStatus('@alice everywhere #paus')
    await second.postStatus('@alice quietly', { visibility: 'direct' })
    const has = (name, event, test = () => true) => heard.some(([n, e, payload]) => n === name && e === event && test(payload))
    await until('every socket', () => ['user', 'public', 'local', 'tag'].every((name) => has(name, 'update', (s) => s.id === status.id)) &&
      has('user', 'notification') && has('direct', 'conversation'))
    await second.editStatus(status.id, { status: '@alice edited #paus' })
    await until('the edit', () => has('user', 'status_update', (s) => s.id === status.id))
    await second.deleteStatus(status.id)
    await until('the deletion', () => has('user', 'delete', (id) => id === status.id))
  } finally { for (const socket of Object.values(sockets)) socket.stop() }
})

it('revokes its token', async () => {
  const anonymous = generate('mastodon', server.base)
  const app = await anonymous.registerApp('Short', { scopes: ['read'] })
  const { code } = await authorize(app.url, { username: 'alice' })
  const token = await anonymous.fetchAccessToken(app.client_id, app.client_secret, code)
  const short = token.accessToken || token.access_token
  await anonymous.revokeToken(app.client_id, app.client_secret, short)
  await assert.rejects(generate('mastodon', server.base, short).verifyAccountCredentials(), (error) => error.response.status === 401)
})
