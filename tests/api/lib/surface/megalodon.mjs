// megalodon: every method on the prototype of its client for Mastodon.
import { createReadStream, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import megalodon from 'megalodon'
import { authorize } from '../browser.mjs'
import { png } from '../png.mjs'
import { outcome } from './scene.mjs'
import { scratch } from '../transfer.mjs'

const { default: generate } = megalodon
const none = 'Mastodon has no such thing: megalodon has it for other software'
export const exempt = {
  getAccountFavourites: none, readNotifications: none, createEmojiReaction: none, deleteEmojiReaction: none, getEmojiReactions: none, getEmojiReaction: none,
  cancel: 'cancels what is under way', urlToAccounts: 'fetches the pages of another method'
}

export function megalodonMethods () {
  const names = new Set()
  for (let at = Object.getPrototypeOf(generate('mastodon', 'http://x.example', 'x')); at && at !== Object.prototype; at = Object.getPrototypeOf(at)) Object.getOwnPropertyNames(at).forEach((name) => names.add(name))
  names.delete('constructor')
  return [...names]
}

const redirect = 'urn:ietf:wg:oauth:2.0:oob'
const keys = { p256dh: 'BEm_a0bdPDhf0SOsrnB2-ategf1hHoCnpXgQsFj5JCkcoMrMt2WHoPfEYOYPzOIs9mZE8ZUaD7VA5vouy0kEkr8=', auth: '8eDyX_uCN0XRhSbY5hs7Hg==' }
const app = (client) => client.registerApp('Whale', { scopes: ['read', 'write', 'follow'] })

// How each is called: its arguments, or a function that calls it. Those without parameters need none.
const args = {
  registerApp: () => ['Whale', { scopes: ['read'] }],
  createApp: () => ['Whale', { scopes: ['read'] }],
  generateAuthUrl: async (m, w, client) => { const a = await app(client); return [a.client_id, a.client_secret, { scope: ['read'] }] },
  fetchAccessToken: async (m, w, client) => { const a = await app(client); return [a.client_id, a.client_secret, (await authorize(a.url.replace(client.baseUrl, w.server.base), { username: 'alice' })).code, redirect] },
  refreshToken: async (m, w, client) => { const a = await app(client); return [a.client_id, a.client_secret, 'none'] },
  revokeToken: async (m, w, client) => { const a = await app(client); return [a.client_id, a.client_secret, 'none'] },
  registerAccount: (m) => { const name = m.name(); return [name, `${name}@example.com`, m.password, true, 'en', null] },
  updateCredentials: () => [{ display_name: 'Alice' }],
  getAccount: (m, w) => [w.bob.id], getAccountStatuses: (m, w) => [w.bob.id], getAccountFollowers: (m, w) => [w.bob.id], getAccountFollowing: (m, w) => [w.bob.id],
  getAccountLists: (m, w) => [w.bob.id], getIdentityProof: (m, w) => [w.bob.id],
  subscribeAccount: async (m) => [await m.person()], unsubscribeAccount: async (m) => [await m.person()], followAccount: async (m) => [await m.person()], unfollowAccount: async (m) => [await m.person()],
  blockAccount: async (m) => [await m.person()], unblockAccount: async (m) => [await m.person()], muteAccount: async (m) => [await m.person(), true], unmuteAccount: async (m) => [await m.person()],
  pinAccount: (m, w) => [w.bob.id], unpinAccount: (m, w) => [w.bob.id], getRelationship: (m, w) => [w.bob.id], getRelationships: (m, w) => [[w.bob.id]], searchAccount: () => ['bob'],
  getBookmarks: () => [], getFavourites: () => [], getMutes: () => [], getBlocks: () => [], getDomainBlocks: () => [],
  blockDomain: (m) => [m.domain()], unblockDomain: (m) => [m.domain()],
  getFilter: async (m) => [await m.oldFilter()], createFilter: (m) => [m.name(), ['home']], updateFilter: async (m) => [await m.oldFilter(), m.name(), ['home']], deleteFilter: async (m) => [await m.oldFilter()],
  report: async (m) => [await m.person(), { comment: 'rude' }],
  getFollowRequests: () => [], acceptFollowRequest: async (m) => [await m.asker()], rejectFollowRequest: async (m) => [await m.asker()], getEndorsements: () => [],
  createFeaturedTag: (m) => [`whale${m.n()}`], deleteFeaturedTag: async (m) => [await m.featuredTag()], getSuggestions: () => [], getTag: () => ['birds'], followTag: () => ['birds'], unfollowTag: () => ['birds'],
  postStatus: () => ['hello'], getStatus: async (m) => [await m.post()], editStatus: async (m) => [await m.post(), { status: 'edited' }], deleteStatus: async (m) => [await m.post()],
  getStatusContext: async (m) => [await m.post()], getStatusSource: async (m) => [await m.post()], getStatusRebloggedBy: async (m) => [await m.post()], getStatusFavouritedBy: async (m) => [await m.post()],
  favouriteStatus: async (m) => [await m.post()], unfavouriteStatus: async (m) => [await m.post()], reblogStatus: async (m) => [await m.post()], unreblogStatus: async (m) => [await m.post()],
  bookmarkStatus: async (m) => [await m.post()], unbookmarkStatus: async (m) => [await m.post()], muteStatus: async (m) => [await m.post()], unmuteStatus: async (m) => [await m.post()],
  pinStatus: async (m) => { const id = await m.post(); m.pinned = id; return [id] }, unpinStatus: async (m) => [m.pinned || await m.post()],
  uploadMedia: () => { const path = join(scratch, 'whale.png'); writeFileSync(path, png(40, 30)); return [createReadStream(path)] }, getMedia: async (m) => [await m.picture()], updateMedia: async (m) => [await m.picture(), { description: 'a whale' }],
  getPoll: async (m) => [await m.poll()], votePoll: async (m) => [await m.poll(), [0]],
  getScheduledStatuses: () => [], getScheduledStatus: async (m) => [await m.scheduled()], scheduleStatus: async (m) => [await m.scheduled(), m.soon()], cancelScheduledStatus: async (m) => [await m.scheduled()],
  getPublicTimeline: () => [], getLocalTimeline: () => [], getTagTimeline: () => ['birds'], getHomeTimeline: () => [], getListTimeline: async (m) => [await m.list()], getConversationTimeline: () => [],
  deleteConversation: async (m) => [await m.conversation()], readConversation: async (m) => [await m.conversation()],
  getList: async (m) => [await m.list()], createList: () => ['a list'], updateList: async (m) => [await m.list(), 'renamed'], deleteList: async (m) => [await m.list()], getAccountsInList: async (m) => [await m.list()],
  addAccountsToList: async (m, w) => [await m.list(), [w.bob.id]], deleteAccountsFromList: async (m, w) => [await m.listWith(), [w.bob.id]],
  getMarkers: () => [['home']], saveMarkers: async (m) => [{ home: { last_read_id: await m.post() } }],
  getNotifications: () => [], getNotification: async (m) => [await m.notification()], dismissNotification: async (m) => [await m.notification()],
  subscribePushNotification: () => [{ endpoint: 'https://push.example/send/2', keys }, { alerts: { mention: true } }], updatePushSubscription: () => [{ alerts: { mention: false } }],
  search: () => ['bob'], getInstanceTrends: () => [], getInstanceDirectory: () => [],
  dismissInstanceAnnouncement: async (m, w) => [(await w.alice.get('/api/v1/announcements'))[0].id],
  addReactionToAnnouncement: async (m, w) => [(await w.alice.get('/api/v1/announcements'))[0].id, '🐋'], removeReactionFromAnnouncement: async (m, w) => [(await w.alice.get('/api/v1/announcements'))[0].id, '🐋'],
  tagSocket: () => ['birds'], listSocket: async (m) => [await m.list()]
}
const answers = { refreshToken: /^40[01]/ } // neither Mastodon nor we give refresh tokens

async function listen (client, name, given, seen) {
  const socket = await client[name](...given)
  await new Promise((resolve, reject) => { socket.on('connect', resolve); socket.on('error', reject) })
  socket.stop()
  socket.removeAllListeners()
  socket.on('error', () => {})
  seen.push({ method: 'GET', path: '/api/v1/streaming', status: 101 }) // it goes where the instance says, not through the proxy
}

export async function runMegalodon ({ base, seen }, world) {
  const client = generate('mastodon', base, world.alice.token)
  const anonymous = generate('mastodon', base)
  const granted = await world.anyone.post('/api/v1/apps', { client_name: 'Whale', redirect_uris: redirect, scopes: 'read write' })
  const { access_token: token } = await world.anyone.post('/oauth/token', { grant_type: 'client_credentials', client_id: granted.client_id, client_secret: granted.client_secret, scope: 'read write' })
  const results = {}
  for (const name of megalodonMethods()) {
    if (exempt[name]) continue
    const said = await outcome(async () => {
      if (!args[name] && client[name].length) throw new Error(`nobody said how to call ${name}`)
      const who = ['registerApp', 'createApp', 'fetchAccessToken'].includes(name) ? anonymous : name === 'registerAccount' ? generate('mastodon', base, token) : client
      const given = args[name] ? await args[name](world.make, world, anonymous) : []
      if (name.endsWith('Socket')) await listen(client, name, given, seen)
      else await who[name](...given)
    })
    results[name] = said !== 'ok' && answers[name]?.test(said) ? 'ok' : said
  }
  return results
}
