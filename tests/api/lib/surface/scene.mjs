// What the methods of the clients are called about: made anew for each call where a call uses it up.
import { createServer } from 'node:http'
import { file } from '../http.mjs'
import { appToken, registerApp } from '../oauth.mjs'
import { png } from '../png.mjs'
import { OPEN_REGISTRATION } from '../settings.mjs'
import { password, startWorld, stranger, takesAll, until } from '../server.mjs'

export const scopes = 'read write follow push admin:read admin:write'

export async function scene () {
  const world = await startWorld({ accounts: ['alice', 'bob', 'carol'], roles: { alice: 'owner' }, env: { ...OPEN_REGISTRATION, KICAU_PRIVATE_ADDRESSES: 'on', KICAU_LINK_DELAY_SECONDS: '0', KICAU_TRENDS_SECONDS: '1', KICAU_TRENDS_WITHOUT_REVIEW: 'on' } })
  const { server, bob, carol } = world
  const alice = await server.login('alice', scopes)
  alice.id = world.alice.id
  await alice.patch('/api/v1/accounts/update_credentials', { locked: true, discoverable: true })
  await bob.patch('/api/v1/accounts/update_credentials', { discoverable: true })
  await takesAll(alice)
  await alice.post(`/api/v1/accounts/${bob.id}/follow`)
  await bob.post(`/api/v1/accounts/${alice.id}/follow`)
  await alice.post(`/api/v1/follow_requests/${bob.id}/authorize`)
  for (let k = 0; k < 6; k++) await server.kicau(['announce', 'add', `hear hear ${k}`]) // each client dismisses one
  let n = 0
  let waits
  let trend // the same link for all who ask
  const make = {
    n: () => ++n,
    person: async () => (await stranger(server, 'person')).id,
    // Whose mail address is of a domain that waits for a moderator.
    waiting: async () => {
      waits ||= alice.post('/api/v1/admin/email_domain_blocks', { domain: 'waits.example', allow_with_approval: true })
      await waits
      const client = world.anyone.as(await appToken(world.anyone, await registerApp(world.anyone), 'read write'), { app: true })
      const username = `waiting${++n}`
      await client.post('/api/v1/accounts', { username, email: `${username}@waits.example`, password, agreement: true, locale: 'en' })
      return (await alice.get('/api/v1/admin/accounts', { pending: true, username }))[0].id
    },
    name: () => `fresh${++n}`,
    post: async (fields = {}) => (await alice.post('/api/v1/statuses', { status: `post ${++n}`, ...fields })).id,
    others: async (fields = {}) => (await bob.post('/api/v1/statuses', { status: `post of bob ${++n}`, ...fields })).id,
    poll: async () => (await bob.post('/api/v1/statuses', { status: `poll ${++n}`, poll: { options: ['a', 'b'], expires_in: 3600 } })).poll.id,
    list: async () => (await alice.post('/api/v1/lists', { title: `list ${++n}` })).id,
    listWith: async () => { const id = await make.list(); await alice.post(`/api/v1/lists/${id}/accounts`, { account_ids: [bob.id] }); return id },
    asker: async () => { const who = await stranger(server, 'asker'); await who.post(`/api/v1/accounts/${alice.id}/follow`); return who.id },
    follower: async () => { const who = await stranger(server, 'follower'); await who.post(`/api/v1/accounts/${alice.id}/follow`); await alice.post(`/api/v1/follow_requests/${who.id}/authorize`); return who.id },
    notification: async () => { await carol.post('/api/v1/statuses', { status: `@alice hello ${++n}` }); return (await alice.get('/api/v1/notifications', { limit: 1 }))[0].id },
    group: async () => { const post = await make.post(); await bob.post(`/api/v1/statuses/${post}/favourite`); return (await alice.get('/api/v2/notifications', { limit: 1 })).notification_groups[0].group_key },
    picture: async () => (await alice.call('POST', '/api/v2/media', { multipart: { file: file(png(40, 30), 'image/png', 'a.png') } })).body.id,
    filter: async () => (await alice.post('/api/v2/filters', { title: `filter ${++n}`, context: ['home'], keywords_attributes: [{ keyword: `word${n}` }] })).id,
    keyword: async () => (await alice.post(`/api/v2/filters/${await make.filter()}/keywords`, { keyword: `more${++n}` })).id,
    filterStatus: async () => (await alice.post(`/api/v2/filters/${await make.filter()}/statuses`, { status_id: await make.post() })).id,
    oldFilter: async () => (await alice.post('/api/v1/filters', { phrase: `phrase${++n}`, context: ['home'] })).id,
    scheduled: async () => (await alice.post('/api/v1/statuses', { status: `later ${++n}`, scheduled_at: new Date(Date.now() + 3600e3).toISOString() })).id,
    conversation: async () => { await carol.post('/api/v1/statuses', { status: `@alice psst ${++n}`, visibility: 'direct' }); return (await alice.get('/api/v1/conversations'))[0].id },
    featuredTag: async () => (await alice.post('/api/v1/featured_tags', { name: `feat${++n}` })).id,
    request: async () => {
      await alice.patch('/api/v2/notifications/policy', { for_not_following: 'filter' })
      const who = await stranger(server, 'noisy')
      await who.post('/api/v1/statuses', { status: `@alice look ${++n}` })
      const [one] = await alice.get('/api/v1/notifications/requests')
      await alice.patch('/api/v2/notifications/policy', { for_not_following: 'accept' })
      return one.id
    },
    report: async () => { const who = await make.person(); await bob.post('/api/v1/reports', { account_id: who, comment: 'rude' }); return (await alice.get('/api/v1/admin/reports'))[0].id },
    collection: async (owner) => (await owner.post('/api/v1/collections', { name: `collection ${++n}`, description: 'x', sensitive: false, discoverable: false })).collection.id,
    admin: async (what, fields) => (await alice.post(`/api/v1/admin/${what}`, fields)).id,
    trend: () => (trend ||= trendingLink(server, alice)),
    trendingLink: async () => (await make.trend()).id,
    trendingUrl: async () => { const { id } = await make.trend(); return (await alice.post(`/api/v1/admin/trends/links/${id}/approve`)).url },
    domain: () => `d${++n}.example`,
    soon: () => new Date(Date.now() + 7200e3).toISOString(),
    day: (back) => new Date(Date.now() - back * 86400e3).toISOString().slice(0, 10),
    password
  }
  return { ...world, alice, make }
}

// A page on this machine that so many people link to that it is a trend: Trends::Link as moderators see it.
async function trendingLink (server, alice) {
  const site = createServer((request, response) => { response.setHeader('Content-Type', 'text/html'); response.end('<title>news</title>') })
  await new Promise((resolve) => site.listen(0, '127.0.0.1', resolve))
  site.unref()
  for (let k = 0; k < 5; k++) {
    const reader = await stranger(server, 'reader')
    await reader.patch('/api/v1/accounts/update_credentials', { discoverable: true })
    await reader.post('/api/v1/statuses', { status: `read http://news.localhost:${site.address().port}/` })
  }
  const [link] = await until('the trend', async () => { const links = await alice.get('/api/v1/admin/trends/links'); return links.length && links })
  return link
}

// Runs one call and says what became of it: 'ok', or the first line of what went wrong.
export async function outcome (fn) {
  let timer
  try {
    await Promise.race([fn(), new Promise((_, reject) => { timer = setTimeout(() => reject(new Error('took more than 20 s')), 20000) })])
    return 'ok'
  } catch (error) {
    return String(error?.response?.status ? `${error.response.status} ${JSON.stringify(error.response.data)}` : error?.message || error).split('\n').slice(0, 2).join(' ').slice(0, 200)
  } finally { clearTimeout(timer) }
}
