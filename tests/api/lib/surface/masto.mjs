// masto.js: every method its declarations have.
import { createRestAPIClient, createStreamingAPIClient } from 'masto'
import WebSocket from 'ws'
import { png } from '../png.mjs'
import { mastoMethods, mastoStreams } from './masto-methods.mjs'
import { until } from '../server.mjs'
import { outcome } from './scene.mjs'

export const exempt = {
  'v1.statuses.$select.translate': 'translation: this server has none',
  'v1.statuses.$select.card.fetch': 'taken out of Mastodon in 3.0',
  'v1.search.list': 'taken out of Mastodon in 3.0'
}

const picture = () => new Blob([png(40, 30)], { type: 'image/png' })
const subscription = { endpoint: 'https://push.example/send/1', keys: { p256dh: 'BEm_a0bdPDhf0SOsrnB2-ategf1hHoCnpXgQsFj5JCkcoMrMt2WHoPfEYOYPzOIs9mZE8ZUaD7VA5vouy0kEkr8=', auth: '8eDyX_uCN0XRhSbY5hs7Hg==' } }

// The ids of a path's $select, by what stands before it.
const ids = {
  'v1.annualReports': () => '2025',
  'v1.admin.accounts': (m, w, path) => /approve|reject/.test(path) ? m.waiting() : m.person(),
  'v1.admin.canonicalEmailBlocks': (m) => m.admin('canonical_email_blocks', { email: `${m.name()}@example.com` }),
  'v1.admin.domainAllows': (m) => m.admin('domain_allows', { domain: m.domain() }),
  'v1.admin.domainBlocks': (m) => m.admin('domain_blocks', { domain: m.domain() }),
  'v1.admin.emailDomainBlocks': (m) => m.admin('email_domain_blocks', { domain: m.domain() }),
  'v1.admin.ipBlocks': (m) => m.admin('ip_blocks', { ip: `198.51.100.${m.n() % 250}/32`, severity: 'no_access' }),
  'v1.admin.reports': (m) => m.report(),
  'v1.admin.trends.links': (m) => m.trendingLink(),
  'v1.admin.trends.links.publishers': async (m, w) => { await m.trendingLink(); return (await w.alice.get('/api/v1/admin/trends/links/publishers'))[0].id },
  'v1.admin.trends.statuses': (m) => m.others(),
  'v1.admin.trends.tags': async (m, w) => { await m.post({ status: '#probe' }); return (await w.alice.get('/api/v1/admin/tags'))[0].id },
  'v1.accounts': (m, w, path) => /followers\.list|removeFrom/i.test(path) ? m.follower() : /inCollections/.test(path) ? w.alice.id : /pin|endorse$/i.test(path) ? w.bob.id : m.person(),
  'v1.collections': (m, w, path) => m.collection(/revoke/.test(path) ? w.bob : w.alice),
  'v1.collections.$select.items': async (m, w, path, [id]) => { const [owner, member] = /revoke/.test(path) ? [w.bob, w.alice] : [w.alice, w.bob]; return (await owner.post(`/api/v1/collections/${id}/items`, { account_id: member.id })).collection_item.id },
  'v1.announcements': async (m, w) => (await w.alice.get('/api/v1/announcements'))[0].id,
  'v1.announcements.$select.reactions': () => '👍',
  'v1.conversations': (m) => m.conversation(),
  'v1.featuredTags': (m) => m.featuredTag(),
  'v1.filters': (m) => m.oldFilter(),
  'v1.followRequests': (m) => m.asker(),
  'v1.lists': (m, w, path) => /accounts\.remove/.test(path) ? m.listWith() : m.list(),
  'v1.media': (m) => m.picture(),
  'v1.notifications': (m) => m.notification(),
  'v1.notifications.requests': (m) => m.request(),
  'v1.polls': (m) => m.poll(),
  'v1.scheduledStatuses': (m) => m.scheduled(),
  'v1.statuses': (m) => m.post(),
  'v1.timelines.tag': () => 'birds',
  'v1.timelines.list': (m) => m.list(),
  'v1.suggestions': (m) => m.person(),
  'v1.tags': (m) => `tag${m.n()}`,
  'v2.filters': (m) => m.filter(),
  'v2.filters.keywords': (m) => m.keyword(),
  'v2.filters.statuses': (m) => m.filterStatus(),
  'v2.notifications': (m) => m.group()
}

const day = (m) => ({ startAt: m.day(6), endAt: m.day(0) })
const args = {
  'v1.admin.accounts.$select.action.create': () => [{ type: 'none', text: 'hello' }],
  'v1.admin.canonicalEmailBlocks.test': () => [{ email: 'a@example.com' }],
  'v1.admin.canonicalEmailBlocks.create': (m) => [{ email: `${m.name()}@example.com` }],
  'v1.admin.dimensions.create': (m) => [{ keys: ['languages', 'sources', 'servers', 'space_usage', 'software_versions'], ...day(m) }],
  'v1.admin.domainAllows.create': (m) => [{ domain: m.domain() }],
  'v1.admin.domainBlocks.create': (m) => [{ domain: m.domain() }],
  'v1.admin.domainBlocks.$select.update': () => [{ severity: 'silence' }],
  'v1.admin.emailDomainBlocks.create': (m) => [{ domain: m.domain() }],
  'v1.admin.ipBlocks.create': (m) => [{ ip: `203.0.113.${m.n() % 250}/32`, severity: 'no_access' }],
  'v1.admin.ipBlocks.$select.update': () => [{ severity: 'sign_up_block' }],
  'v1.admin.measures.create': (m) => [{ keys: ['active_users', 'new_users', 'interactions', 'opened_reports', 'resolved_reports'], ...day(m) }],
  'v1.admin.retention.create': (m) => [{ frequency: 'day', ...day(m) }],
  'v1.accounts.$select.note.create': () => [{ comment: 'a note' }],
  'v1.accounts.relationships.fetch': (m, w) => [{ id: [w.bob.id] }],
  'v1.accounts.search.list': () => [{ q: 'bob' }],
  'v1.accounts.familiarFollowers.fetch': (m, w) => [{ id: [w.bob.id] }],
  'v1.accounts.fetch': (m, w) => [{ id: [w.bob.id] }],
  'v1.accounts.lookup': () => [{ acct: 'bob' }],
  'v1.accounts.create': (m) => { const name = m.name(); return [{ username: name, email: `${name}@example.com`, password: m.password, agreement: true, locale: 'en' }] },
  'v1.accounts.updateCredentials': () => [{ displayName: 'Alice' }],
  'v1.collections.$select.items.create': (m, w) => [{ accountId: w.bob.id }],
  'v1.collections.$select.update': () => [{ name: 'renamed' }],
  'v1.collections.create': (m) => [{ name: m.name(), description: 'x', sensitive: false, discoverable: false }],
  'v1.apps.create': () => [{ clientName: 'masto.js', redirectUris: 'urn:ietf:wg:oauth:2.0:oob', scopes: 'read' }],
  'v1.domainBlocks.create': (m) => [{ domain: m.domain() }],
  'v1.domainBlocks.remove': (m) => [{ domain: m.domain() }],
  'v1.featuredTags.create': (m) => [{ name: `named${m.n()}` }],
  'v1.filters.create': (m) => [{ phrase: `p${m.n()}`, context: ['home'] }],
  'v1.filters.$select.update': (m) => [{ phrase: `p${m.n()}`, context: ['home'] }],
  'v1.lists.create': () => [{ title: 'a list' }],
  'v1.lists.$select.update': () => [{ title: 'renamed' }],
  'v1.lists.$select.accounts.create': (m, w) => [{ accountIds: [w.bob.id] }],
  'v1.lists.$select.accounts.remove': (m, w) => [{ accountIds: [w.bob.id] }],
  'v1.markers.fetch': () => [{ timeline: ['home'] }],
  'v1.markers.create': async (m) => [{ home: { lastReadId: await m.post() } }],
  'v1.media.create': () => [{ file: picture() }],
  'v2.media.create': () => [{ file: picture() }],
  'v1.media.$select.update': () => [{ description: 'a bird' }],
  'v1.notifications.requests.accept': async (m) => [{ id: [await m.request()] }],
  'v1.notifications.requests.dismiss': async (m) => [{ id: [await m.request()] }],
  'v1.polls.$select.votes.create': () => [{ choices: [0] }],
  'v1.reports.create': async (m) => [{ accountId: await m.person(), comment: 'rude' }],
  'v1.scheduledStatuses.$select.update': (m) => [{ scheduledAt: m.soon() }],
  'v2.search.list': () => [{ q: 'bob' }],
  'v1.statuses.$select.update': () => [{ status: 'edited' }],
  'v1.statuses.fetch': async (m) => [{ id: [await m.post()] }],
  'v1.statuses.create': () => [{ status: 'hello' }],
  'v1.suggestions.$select.remove': () => [],
  'v1.timelines.link.list': async (m) => [{ url: await m.trendingUrl() }],
  'v1.push.subscription.create': () => [{ subscription, policy: 'all', data: { alerts: { mention: true } } }],
  'v1.push.subscription.update': () => [{ policy: 'followed', data: { alerts: { mention: false } } }],
  'v1.profile.update': () => [{ displayName: 'Alice' }],
  'v2.filters.create': (m) => [{ title: m.name(), context: ['home'] }],
  'v2.filters.$select.update': () => [{ title: 'renamed' }],
  'v2.filters.$select.keywords.create': (m) => [{ keyword: m.name() }],
  'v2.filters.keywords.$select.update': (m) => [{ keyword: m.name() }],
  'v2.filters.$select.statuses.create': async (m) => [{ statusId: await m.post() }],
  'v2.notifications.policy.update': () => [{ forNotFollowing: 'accept' }]
}

// What the answer may be instead of success, where the state of the scene says so.
const answers = {
  'v1.emails.confirmations.create': /confirm/i, // hers is confirmed already
  'v1.annualReports.$select.fetch': /no annual reports/, // nobody has one
  'v1.annualReports.$select.read': /no annual reports/
}

async function call (client, path, needs, world) {
  const m = world.make
  const chosen = []
  let at = client
  const pieces = path.split('.')
  for (let i = 0; i < pieces.length - 1; i++) {
    if (pieces[i] !== '$select') { at = at[pieces[i]]; continue }
    const before = pieces.slice(0, i).join('.')
    if (!ids[before]) throw new Error(`nobody said what ${before}.$select() is called with`)
    chosen.push(await ids[before](m, world, path, chosen))
    at = at.$select(chosen.at(-1))
  }
  if (needs && needs.length && !args[path]) throw new Error(`nobody said how to call ${path}(${needs})`)
  return at[pieces.at(-1)](...(args[path] ? await args[path](m, world) : []))
}

async function stream ({ base, seen }, world, path) {
  for (const one of seen) if (one.status === 101) one.status = 1010 // of an earlier one
  const client = createStreamingAPIClient({ streamingApiUrl: `${base.replace('http', 'ws')}/api/v1/streaming`, accessToken: world.alice.token, implementation: WebSocket })
  const where = path.split('.').slice(0, -1).reduce((at, piece) => at[piece], client)
  const given = path.startsWith('hashtag') ? [{ tag: 'birds' }] : path.startsWith('list') ? [{ list: await world.make.list() }] : []
  const subscription = where.subscribe(...given)
  const events = subscription[Symbol.asyncIterator]()
  const first = events.next()
  await until('the socket is open', async () => seen.some((one) => one.status === 101), { every: 10 })
  client.close()
  await first.catch(() => {})
}

export async function runMasto (proxy, world) {
  const { base } = proxy
  const client = createRestAPIClient({ url: base, accessToken: world.alice.token, timeout: 15000 })
  const app = await world.anyone.post('/api/v1/apps', { client_name: 'masto.js', redirect_uris: 'urn:ietf:wg:oauth:2.0:oob', scopes: 'read write' })
  const { access_token: appToken } = await world.anyone.post('/oauth/token', { grant_type: 'client_credentials', client_id: app.client_id, client_secret: app.client_secret, scope: 'read write' })
  const asApp = createRestAPIClient({ url: base, accessToken: appToken, timeout: 15000 })
  const results = {}
  for (const { path, needs } of mastoMethods()) {
    if (exempt[path]) continue
    const said = await outcome(() => call(path === 'v1.accounts.create' ? asApp : client, path, needs, world))
    results[path] = said !== 'ok' && answers[path]?.test(said) ? 'ok' : said
  }
  for (const path of mastoStreams()) results[`streaming.${path}`] = await outcome(() => stream(proxy, world, path))
  return results
}
