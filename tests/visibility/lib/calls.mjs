// How to call every endpoint: from its row alone, with the ids and words of the scene in every slot. What is not known
// here throws, so that a new endpoint cannot slip past the walk.
import { OOB } from '../../api/lib/browser.mjs'
import { blankPng } from '../../attacks/lib/pictures.mjs'
import { paths as streamPaths } from './watch.mjs'

const cursors = new Set(['max_id', 'since_id', 'min_id'])
const picture = new Blob([blankPng(4, 4)], { type: 'image/png' })
// An app's, from the example of RFC 8291.
const pushKeys = { p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4', auth: 'BTBZMqHH6r4Tts7J_aSIgg' }
const soon = () => new Date(Date.now() + 600000).toISOString()

// Text parameters by name: [value when another parameter is tried, …values to try].
function texts (fixture, app) {
  const { tags, markers, posts, world } = fixture
  const words = [...markers.words.keys()]
  const halves = tags.map((tag) => tag.slice(0, -2)) // finding a tag by its beginning tells that it exists
  const links = Object.values(posts).map((post) => post.url)
  const plain = ['walk']
  const others = Object.fromEntries(['accounts', 'media_attachments', 'reports', 'statuses', 'follows', 'followers', 'languages'].map((what) => [`instance_${what}[domain]`, ['example.org']]))
  return {
    ...others, sort: ['-created_at'], hint: plain, from: ['2027-01-01'], starts_at: ['2098-01-01'], changes: ['included=1'], number: ['I000001'], shortcode: ['walk'], category: plain, ends_at: ['2099-01-01'], warning: plain, at: ['nonsense'], key: ['walk'], back: ['/about'], keywords: plain, parts: plain, sites: ['walk.example'], avatar_shows: plain, header_shows: plain, frequency: ['day', 'month'], 'usage.fields': ['daily_project_usage'], access_token: ['x'], plan: ['free'], project: ['walk'], app: ['walk'],
    new_password: ['another long secret'], challenge: ['A'.repeat(43)], credential: ['AAAA'], client_data: ['AAAA'], auth_data: ['AAAA'], signature: ['AAAA'],
    confirmation_token: ['A'.repeat(43)], email_token: ['A'.repeat(43)], reset_password_token: ['A'.repeat(43)], max_uses: ['2'], days: ['3'],
    amount: ['1'], reference: plain, q: ['author', ...words, ...halves, ...tags.map((tag) => '#' + tag), ...links], acct: ['author'], resource: [`acct:author@${world.server.domain}`, world.author.url, ...links],
    tagged: tags, tag: tags, url: links, username: ['author'], password: ['wrong'], status: plain, spoiler_text: plain, language: ['en'], display_name: plain, note: plain, comment: plain, title: plain, name: ['walk'], description: plain,
    avatar_description: plain, header_description: plain, focus: ['0,0'], 'source[language]': ['en'], domain: ['example.org'], by_domain: ['example.org'], ip: ['127.0.0.1'], private_comment: plain, public_comment: plain, canonical_email_hash: ['beef'], text: plain, email: ['walk@example.org'], locale: ['en'], reason: plain, date_of_birth: ['1990-01-01'], invite_code: plain,
    client_name: plain, keyword: plain, phrase: plain, tag_name: ['walk'], expires_in: ['3600'], website: ['https://example.org/'], scopes: ['read'], scope: ['read'], grant_type: ['client_credentials', 'authorization_code', 'password'], client_id: [app.client_id], client_secret: [app.client_secret],
    redirect_uri: [OOB], code: ['A'.repeat(43)], code_verifier: ['A'.repeat(43)], token: ['A'.repeat(43)], state: plain, response_type: ['code'], code_challenge: ['A'.repeat(43)], code_challenge_method: ['S256'], decision: ['deny', 'authorize'],
    kind: ['follows', 'bookmarks'], lang: ['id'], theme: ['dark'], platform: ['ios'], seed: ['1'], environment: ['production'], 'subscription[endpoint]': ['https://push.example/walk'], 'subscription[keys][p256dh]': [pushKeys.p256dh], 'subscription[keys][auth]': [pushKeys.auth], next: ['/about'], v: ['1'], expand_accounts: ['full', 'partial_avatars'], for_not_following: ['accept'], for_not_followers: ['accept'], for_new_accounts: ['accept'], for_private_mentions: ['accept'], for_limited_accounts: ['accept']
  }
}

const numbers = ['active_users', 'new_users', 'interactions', 'opened_reports', 'resolved_reports', 'languages', 'sources', 'servers', 'space_usage', 'software_versions'] // what takes no subject
const lists = (fixture) => ({
  'keys[]': numbers,   'any[]': fixture.tags, 'all[]': fixture.tags, 'none[]': ['x'], 'types[]': ['mention'], 'supported_types[]': ['mention'], 'exclude_types[]': ['follow'], 'grouped_types[]': ['favourite', 'reblog'], 'languages[]': ['en'], 'role_ids[]': ['1', '-99'], 'context[]': ['home', 'thread'], 'timeline[]': ['home', 'notifications'],
  'option[]': ['a', 'b'], 'alt[]': ['walk'], 'label[]': ['a'], 'content[]': ['b'], 'where[]': ['home', 'thread'],
  'poll[options]': ['a', 'b'], 'attribution_domains[]': ['example.org'], redirect_uris: [OOB]
})

const trees = { terms: { 'terms[included]': '1' }, keywords_attributes: { 'keywords_attributes[][keyword]': 'walk' }, fields_attributes: { 'fields_attributes[0][name]': 'a', 'fields_attributes[0][value]': 'b' }, media_attributes: (fixture) => ({ 'media_attributes[][id]': fixture.media.private.id, 'media_attributes[][description]': 'walk' }) }

// Names in paths.
const pathTexts = (fixture) => ({
  index: ['0', '1'], number: ['2026-000001'], tile: ['0/000', 'entries/000.p/1'], file: ['follows.csv', 'followers.csv', 'bookmarks.csv', 'lists.csv', 'filters.json'], tag: fixture.tags, name: fixture.tags, date: ['2024-01-01'], group_key: [...fixture.groupKeys, `ungrouped-${fixture.others.notification}`, 'nonsense'],
  key: Object.values(fixture.media).flatMap((one) => [one.url, one.preview_url].filter(Boolean).map((url) => new URL(url).pathname.slice('/media/'.length)))
})
const ownPathTexts = { '/admin/documents/:kind': ['about'], '/admin/emojis/:shortcode': ['walk'], '/admin/plans/:name': ['free'], '/admin/invoices/:number': ['I000001'], '/api/v1_alpha/async_refreshes/:id': ['x'], ...Object.fromEntries(['', '/state', '/read', '/generate'].map((rest) => [`/api/v1/annual_reports/:year${rest}`, ['2025']])), '/invite/:code': ['A'.repeat(16)], '/api/v1/announcements/:id/reactions/:name': ['\u{1F44D}'], '/api/v1/admin/kicau/plans/:name': ['free'], ...Object.fromEntries(['', '/rotate', '/reveal'].map((deed) => [`/api/v1/admin/kicau/withholding/:licensee${deed}`, ['everybody']])), '/@:name': ['author', 'mentioned'], '/assets/:name': ['style.css'] }

// Parameters that only make sense together.
let count = 0
const always = ({ world }, app) => {
  const client = { client_id: app.client_id, client_secret: app.client_secret }
  const authorize = { response_type: 'code', client_id: app.client_id, redirect_uri: OOB, scope: 'read' }
  return {
    'POST /admin/domain-blocks': { domain: 'page.example' },
    'POST /admin/email-domain-blocks': { domain: 'page.example' },
    'POST /admin/email-blocks': { email: 'page@example.org' },
    'POST /admin/ip-blocks': { ip: '198.51.100.7' },
    'POST /admin/licensees': { name: 'page', plan: 'free' },
    'POST /api/v1/statuses': { status: 'walk', visibility: 'private' },
    'PUT /api/v1/statuses/:id': { status: 'walk' },
    'POST /api/v1/polls/:id/votes': { 'choices[]': '1' },
    'POST /act/vote/:id': { 'choices[]': '1' },
    'POST /act/announcement/:id/react': { name: '\u{1F44D}' },
    'POST /write': { text: 'walk', warning: 'walk', visibility: 'private' },
    'POST /lists': { title: 'walk' },
    'POST /lists/:id': { title: 'walk' },
    'POST /lists/:id/members': { account: world.follower.id, do: 'add' },
    'POST /collections': { name: 'walk' },
    'POST /collections/:id': { name: 'walk' },
    'POST /settings/filters': { title: 'walk', keywords: 'walk', 'where[]': ['home'] },
    'POST /api/v1/lists/:id/accounts': { 'account_ids[]': [world.follower.id] },
    'DELETE /api/v1/lists/:id/accounts': { 'account_ids[]': [world.follower.id] },
    'POST /api/v1/collections/:id/items': { account_id: world.author.id },
    'POST /api/v1/accounts': { username: () => `walk${++count}`, email: () => `walk${count}@example.org`, password: 'correct horse battery', agreement: 'true', locale: 'en' },
    'POST /auth/sign_up': { username: () => `walk${++count}`, email: () => `walk${count}@example.org`, password: 'correct horse battery', agreement: 'true' },
    'POST /api/v1/apps': { client_name: 'walk', redirect_uris: [OOB] },
    'POST /oauth/token': { grant_type: 'client_credentials', scope: 'read', ...client },
    'POST /oauth/revoke': { token: 'A'.repeat(43), ...client },
    'GET /oauth/authorize': authorize,
    'POST /oauth/authorize': { ...authorize, decision: 'authorize' }
  }
}
const never = new Set(['scheduled_at', 'locked', 'hidden', 'hide_collections', 'bot', 'sensitive', 'source[privacy]', 'source[sensitive]', 'resolve'])

export class Calls {
  constructor (fixture, app) {
    this.fixture = fixture
    this.texts = texts(fixture, app)
    this.lists = lists(fixture)
    this.paths = pathTexts(fixture)
    this.always = always(fixture, app)
  }

  unknown (row, param) { throw new Error(`the walk does not know how to call ${row.method} ${row.path}: parameter "${param.name}" (${param.type})`) }

  pathValues (row, param) {
    if (['id', 'post id', 'account id'].includes(param.type)) return [...this.fixture.ids, this.fixture.nobody]
    const own = Object.entries(ownPathTexts).find(([prefix]) => row.path.startsWith(prefix))
    const values = own ? own[1] : this.paths[param.name]
    return values || this.unknown(row, param)
  }

  // What to try in one parameter that is not in the path: [[fields, subject]…].
  values (row, param) {
    const { name, type } = param
    const { fixture } = this
    const one = (value) => ({ [name]: value })
    if (cursors.has(name) || /last_read_id/.test(name)) return [fixture.posts.private.id, fixture.posts.direct.id, '9000000000000000000'].map((id) => [one(id)])
    switch (type) {
      case 'id': case 'post id': case 'account id': return [...fixture.ids, fixture.nobody].map((id) => [one(id), id])
      case 'ids': return [[one(fixture.ids)], ...[...fixture.ids, fixture.nobody].map((id) => [one([id]), id])]
      case 'string': return (this.texts[name] || this.unknown(row, param)).map((value) => [one(value)])
      case 'strings': return [[one(this.lists[name] || this.unknown(row, param))]]
      case 'choice': return param.choices.map((value) => [one(value)])
      case 'boolean': return [[one('true')]]
      case 'integer': return [[one(name === 'poll[expires_in]' ? '3600' : name === 'offset' ? '0' : name === 'duration' ? '0' : '40')]]
      case 'integers': return [[one(['0'])]]
      case 'time': return [[one(soon())]]
      case 'file': return [[one(picture)]]
      case 'nested': return [[typeof trees[name] === 'function' ? trees[name](fixture) : trees[name] || this.unknown(row, param)]]
      default: return this.unknown(row, param)
    }
  }

  fixed (row) {
    const fields = { ...this.always[`${row.method} ${row.path}`] }
    for (const [name, value] of Object.entries(fields)) if (typeof value === 'function') fields[name] = value()
    for (const param of row.params) {
      if (param.path || param.name in fields) continue
      if (param.required) Object.assign(fields, this.values(row, param)[0][0])
      if (param.name === 'limit') fields.limit = String(Math.min(40, param.max || 40))
    }
    return fields
  }

  // [{row, path, fields, subject, slot}]: subject is the id that was put into the slot.
  of (row) {
    if (streamPaths[row.path] || row.path === '/api/v1/streaming') return [] // the watchers listen there
    const inPath = row.params.filter((param) => param.path)
    const fill = (values) => row.path.replace(/:(\w+)\*?/g, (_, name) => values[name].split('/').map(encodeURIComponent).join('/'))
    const shots = []
    const byId = inPath.find((param) => /id$/.test(param.type))
    let sets = [{}]
    for (const param of inPath) sets = sets.flatMap((set) => this.pathValues(row, param).map((value) => ({ ...set, [param.name]: value })))
    for (const set of sets) shots.push({ row, path: fill(set), fields: this.fixed(row), subject: byId && set[byId.name], slot: byId && byId.name })
    const usual = { ...sets[0], ...(byId && { [byId.name]: byId.type === 'account id' ? this.fixture.world.author.id : this.fixture.posts.public.id }) }
    for (const param of row.params) {
      if (param.path || never.has(param.name)) continue
      for (const [fields, subject] of this.values(row, param)) shots.push({ row, path: fill(usual), fields: { ...this.fixed(row), ...fields }, subject, slot: param.name })
    }
    return shots
  }
}
