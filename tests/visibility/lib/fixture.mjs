// The scene: an author with posts of every kind, and everybody who stands to them in another way. Each text holds a
// word of its own, and each hidden thing has an id that is remembered.
import { blankPng } from '../../attacks/lib/pictures.mjs'
import { Visitor } from '../../attacks/lib/visitor.mjs'
import { password, sleep, startWorld, stranger, takesAll } from '../../api/lib/server.mjs'
import { appToken, registerApp } from '../../api/lib/oauth.mjs'
import { staffScopes } from '../../api/lib/staff.mjs'
import { Markers } from './oracle.mjs'

export const people = ['author', 'stranger', 'follower', 'blocked', 'muted', 'muting', 'mentioned', 'moderator']

export async function scene () {
  const markers = new Markers()
  const mail = markers.word('own', 'mail')
  const world = await startWorld({ accounts: people, roles: { moderator: 'admin' }, env: { KICAU_REGISTRATIONS: 'open', KICAU_LOG_LEVEL: 'warn' } })
  const { server, anyone } = world
  world.witness = await server.account('witness', { email: `${mail}@example.com` })
  const app = await registerApp(anyone)
  world.moderator.token = await server.token('moderator', staffScopes)
  const viewers = { anonymous: { name: 'anonymous' }, app: { name: 'app', token: await appToken(anyone, app) } }
  for (const name of people) {
    const browser = new Visitor(server.port, new URL(server.base).host)
    await browser.login(name, password)
    viewers[name] = { name, token: world[name].token, id: world[name].id, browser }
  }
  return { ...world, markers, viewers, app }
}

const rules = ['not_following', 'not_followers', 'new_accounts', 'private_mentions', 'limited_accounts', 'bots']
export const acceptAll = Object.fromEntries(rules.map((rule) => [`for_${rule}`, 'accept']))
const publicKinds = ['public', 'unlisted', 'private', 'direct']

export class Fixture {
  constructor (world) {
    Object.assign(this, { world, markers: world.markers, posts: {}, media: {}, others: {} })
  }

  get tags () { return publicKinds.map((kind) => `zk${kind}tagkz`) }

  // Relations, and what has to be there before anybody listens.
  async relate () {
    const { author, follower, blocked, muted, muting, stranger } = this.world
    await follower.post(`/api/v1/accounts/${author.id}/follow`)
    await blocked.post(`/api/v1/accounts/${author.id}/follow`)
    await author.patch('/api/v1/accounts/update_credentials', { locked: true })
    await author.post(`/api/v1/accounts/${blocked.id}/block`)
    await author.post(`/api/v1/accounts/${muted.id}/mute`)
    await muting.post(`/api/v1/accounts/${author.id}/mute`)
    await author.post(`/api/v1/accounts/${follower.id}/follow`)
    await author.post(`/api/v1/accounts/${stranger.id}/note`, { comment: this.markers.word('own', 'note') })
    const list = await author.post('/api/v1/lists', { title: this.markers.word('own', 'list') })
    await author.post(`/api/v1/lists/${list.id}/accounts`, { account_ids: [follower.id] })
    this.others.list = this.markers.id(list.id, 'own')
    const filter = await author.post('/api/v2/filters', { title: this.markers.word('own', 'filter'), context: ['public'], keywords_attributes: [{ keyword: this.markers.word('own', 'keyword') }] })
    this.others.filter = this.markers.id(filter.id, 'own')
    this.others.keyword = this.markers.id(filter.keywords[0].id, 'own')
    const later = await author.post('/api/v1/statuses', { status: this.markers.word('own', 'later'), scheduled_at: new Date(Date.now() + 3600000).toISOString() })
    this.others.later = this.markers.id(later.id, 'own')
    this.others.announcement = (await this.world.server.kicau(['announce', 'add', 'to everybody'])).trim()
    await this.moderate()
    await this.collect()
    const own = await follower.post('/api/v1/lists', { title: 'people' })
    await follower.post(`/api/v1/lists/${own.id}/accounts`, { account_ids: [author.id] })
    this.followersList = own.id
  }

  // What only staff knows of, and a warning with the answer of who was warned.
  async moderate () {
    const { moderator, stranger } = this.world
    const blocks = { domain_allows: { domain: 'a.example' }, domain_blocks: { domain: 'b.example', private_comment: this.markers.word('staff', 'comment') }, email_domain_blocks: { domain: 'c.example' }, ip_blocks: { ip: '192.0.2.0/24', severity: 'sign_up_block' }, canonical_email_blocks: { email: 'somebody@d.example' } }
    for (const [what, fields] of Object.entries(blocks)) this.others[what] = this.markers.id((await moderator.post(`/api/v1/admin/${what}`, fields)).id, 'staff')
    await moderator.post(`/api/v1/admin/accounts/${stranger.id}/action`, { type: 'none', text: this.markers.word('warning', 'text') })
    const [told] = await stranger.get('/api/v1/notifications', { types: ['moderation_warning'] })
    await stranger.post(`/api/kicau/v1/warnings/${told.moderation_warning.id}/appeal`, { text: this.markers.word('warning', 'appeal') })
    this.others.warning = this.markers.id(told.moderation_warning.id, 'warning')
  }

  async upload (kind, place, more) {
    const { author } = this.world
    const reply = await author.call('POST', '/api/v1/media', { multipart: { file: new Blob([blankPng(8, 8)], { type: 'image/png' }), description: this.markers.word(kind, place, more) } })
    this.markers.id(reply.body.id, kind, more)
    return reply.body
  }

  async post (name, kind, fields, more = {}, by = this.world.author) {
    const post = await by.post('/api/v1/statuses', fields)
    this.posts[name] = post
    this.markers.id(post.id, kind, more)
    return post
  }

  // Text, warning, tag and picture; then edited, so that a version with other words lies in the history.
  async picture (kind) {
    const { author } = this.world
    const word = (place, more) => this.markers.word(kind, place, more)
    const media = this.media[kind] = await this.upload(kind, 'oldalt')
    const to = kind === 'direct' ? '@mentioned ' : ''
    const post = await this.post(kind, kind, { status: `${to}${word('oldtext')} #${word('tag')}`, spoiler_text: word('oldwarning'), visibility: kind, media_ids: [media.id] })
    await author.put(`/api/v1/statuses/${post.id}`, { status: `${to}${word('text')} #${word('tag')}`, spoiler_text: word('warning'), media_ids: [media.id], media_attributes: [{ id: media.id, description: word('alt') }] })
  }

  async poll (kind) {
    const { author } = this.world
    const word = (place) => this.markers.word(kind, place)
    const to = kind === 'direct' ? '@mentioned ' : ''
    const post = await this.post(`${kind}poll`, kind, { status: `${to}${word('question')}`, visibility: kind, poll: { options: [word('oldoption'), 'no'], expires_in: 86400 } })
    await author.put(`/api/v1/statuses/${post.id}`, { status: `${to}${word('question')}`, poll: { options: [word('option'), 'no'], expires_in: 86400 } })
  }

  async deleted (kind) {
    const to = kind === 'direct' ? '@mentioned ' : ''
    const media = await this.upload(kind, 'alt', { gone: true, kept: true })
    const post = await this.post(`${kind}gone`, kind, { status: `${to}${this.markers.word(kind, 'text', { gone: true })}`, spoiler_text: this.markers.word(kind, 'warning', { gone: true }), visibility: kind, media_ids: [media.id] }, { gone: true })
    await sleep(150) // streams have told of it by then, or would find it gone
    await this.world.author.delete(`/api/v1/statuses/${post.id}`)
  }

  // Somebody's notification waits for the author's decision.
  async ask () {
    const { author, server } = this.world
    await author.patch('/api/v2/notifications/policy', { ...acceptAll, for_new_accounts: 'filter' })
    const noisy = await stranger(server, 'noisy')
    await noisy.post('/api/v1/statuses', { status: '@author look here' })
    this.others.request = this.markers.id((await author.get('/api/v1/notifications/requests'))[0].id, 'own')
    await author.patch('/api/v2/notifications/policy', acceptAll)
  }

  // The author and somebody who is mentioned, each in a collection of the other: one for the owner to change, one to leave.
  async collect () {
    const { author, mentioned } = this.world
    for (const [owner, member, collection, item] of [[author, mentioned, 'collection', 'item'], [mentioned, author, 'place', 'placeItem']]) {
      await member.patch('/api/v1/accounts/update_credentials', { discoverable: true })
      await owner.post(`/api/v1/accounts/${member.id}/unblock`)
      const { collections } = await owner.get(`/api/v1/accounts/${owner.id}/collections`)
      for (const { id } of collections) await owner.delete(`/api/v1/collections/${id}`)
      const made = (await owner.post('/api/v1/collections', { name: 'walk', account_ids: [member.id] })).collection
      Object.assign(this.others, { [collection]: made.id, [item]: made.items[0].id })
    }
  }

  async quote () {
    const { author, follower } = this.world
    const { id } = this.posts.public
    await author.put(`/api/v1/statuses/${id}/interaction_policy`, { quote_approval_policy: 'public' })
    this.posts.quoting = await follower.post('/api/v1/statuses', { status: 'a quote', visibility: 'public', quoted_status_id: id })
  }

  async tell () {
    const { author, follower, mentioned } = this.world
    await Promise.all([author, mentioned].map(takesAll))
    const word = (...of) => this.markers.word(...of)
    for (const kind of publicKinds) {
      await this.picture(kind)
      await this.poll(kind)
      await this.deleted(kind)
    }
    const { posts } = this
    await this.post('mentioning', 'mentioning', { status: `@mentioned ${word('mentioning', 'text')}`, spoiler_text: word('mentioning', 'warning'), visibility: 'private' })
    await this.post('own', 'own', { status: word('own', 'text'), visibility: 'direct' })
    this.media.own = await this.upload('own', 'alt')
    await this.post('thread', 'private', { status: word('private', 'thread'), visibility: 'private', in_reply_to_id: posts.public.id })
    await this.post('reply', 'direct', { status: `@author ${word('direct', 'reply')}`, visibility: 'direct', in_reply_to_id: posts.public.id }, {}, mentioned)
    await this.post('answer', 'answer', { status: `@author ${word('answer', 'text')}`, visibility: 'private', in_reply_to_id: posts.private.id }, {}, follower)
    const boost = await author.post(`/api/v1/statuses/${posts.private.id}/reblog`)
    this.posts.boost = boost
    this.markers.id(boost.id, 'private')
    await author.post(`/api/v1/statuses/${posts.unlisted.id}/reblog`)
    await follower.post(`/api/v1/statuses/${posts.public.id}/reblog`)
    await author.post(`/api/v1/statuses/${posts.public.id}/pin`)
    await author.post(`/api/v1/statuses/${posts.private.id}/pin`)
    for (const [user, post] of [[follower, 'private'], [mentioned, 'direct'], [author, 'own'], [follower, 'public']]) {
      for (const action of ['favourite', 'bookmark']) await user.post(`/api/v1/statuses/${posts[post].id}/${action}`)
    }
    await this.quote()
    await this.ask()
    await follower.post(`/api/v1/polls/${posts.privatepoll.id}/votes`, { choices: [0] })
    const report = await follower.post('/api/v1/reports', { account_id: author.id, status_ids: [posts.private.id], comment: word('report', 'comment') })
    this.others.report = this.markers.id(report.id, 'report')
    const [newest] = await author.get('/api/v1/notifications')
    this.others.notification = this.markers.id(newest.id, 'own')
    this.groupKeys = (await author.get('/api/v2/notifications')).notification_groups.map((group) => group.group_key)
  }

  // Every id there is, and one that nobody has.
  get ids () {
    const all = Object.values(this.posts).map((post) => post.id)
    all.push(...Object.values(this.media).map((one) => one.id), ...Object.values(this.others), this.world.author.id, this.world.stranger.id, this.world.mentioned.id)
    return [...new Set(all)]
  }

  get nobody () { return String(BigInt(this.posts.public.id) + 12345n) }
}
