// Moderators say which hashtags, posts and links may be trends, and what may be done with hashtags.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after } from 'node:test'
import { startWorld, sleep, until } from './lib/server.mjs'
import { mastoOf, withPowers } from './lib/staff.mjs'

const names = ['ana', 'ben', 'cho', 'dee', 'eli', 'fay']
const { it, server, users } = await startWorld({
  accounts: [...names, 'mo'], roles: { mo: 'moderator' },
  env: { KICAU_TRENDS_SECONDS: '1', KICAU_PRIVATE_ADDRESSES: 'on', KICAU_LINK_DELAY_SECONDS: '0' }
})
const people = names.map((name) => users[name])
const mo = await withPowers(server, users.mo)
const admin = mastoOf(server, mo).v1.admin
const base = '/api/v1/admin/trends'
const say = (user, status) => user.post('/api/v1/statuses', { status })
const first = (path) => until(path, async () => (await mo.get(path))[0])

const site = createServer((request, response) => { response.setHeader('Content-Type', 'text/html'); response.end(`<title>page ${request.url}</title>`) })
await new Promise((resolve) => site.listen(0, '127.0.0.1', resolve))
after(() => { site.closeAllConnections(); site.close() })
const home = `http://news.localhost:${site.address().port}`

it('only those who manage taxonomies may look and decide, with the scope for it', async ({ ana }) => {
  const ordinary = await server.login('ana', 'read write admin:read admin:write')
  const narrow = await server.login('mo', 'read write')
  for (const user of [ordinary, narrow, ana]) {
    for (const path of ['tags', 'statuses', 'links', 'links/publishers']) {
      await user.call('GET', `${base}/${path}`, { status: 403 })
      await user.call('POST', `${base}/${path}/1/approve`, { json: {}, status: 403 })
      await user.call('POST', `${base}/${path}/1/reject`, { json: {}, status: 403 })
    }
    for (const [method, path] of [['GET', ''], ['GET', '/1'], ['PUT', '/1']]) await user.call(method, `/api/v1/admin/tags${path}`, { json: method === 'PUT' ? {} : undefined, status: 403 })
  }
  for (const path of ['tags', 'statuses', 'links', 'links/publishers']) for (const verb of ['approve', 'reject']) await mo.call('POST', `${base}/${path}/1/${verb}`, { json: {}, status: 404 })
  await mo.call('GET', '/api/v1/admin/tags/1', { status: 404 })
})

it('a hashtag is shown to all when it was approved, and not when it was rejected', async ({ anyone }) => {
  await Promise.all(people.map(async (user) => {
    await user.patch('/api/v1/accounts/update_credentials', { discoverable: true })
    await say(user, '#MerapiSunrise')
  }))
  const tag = await first(`${base}/tags`)
  assert.deepEqual([tag.name.toLowerCase(), tag.requires_review, tag.trendable, tag.usable, tag.history[0].accounts], ['merapisunrise', true, false, true, '6'])
  assert.deepEqual(await anyone.get('/api/v1/trends/tags'), [])
  const approved = await admin.trends.tags.$select(tag.id).approve()
  assert.deepEqual([approved.trendable, approved.requiresReview], [true, false])
  assert.deepEqual((await anyone.get('/api/v1/trends/tags')).map((one) => one.id), [tag.id])
  assert.equal((await admin.trends.tags.$select(tag.id).reject()).trendable, false)
  assert.deepEqual(await anyone.get('/api/v1/trends/tags'), [])
  await sleep(2200)
  assert.deepEqual(await anyone.get('/api/v1/trends/tags'), [], 'the next look remembers it')
  assert.deepEqual((await admin.trends.tags.list()).map((one) => [one.id, one.requiresReview]), [[tag.id, false]])
})

it('a post likewise', async ({ anyone, ana }) => {
  const post = await say(ana, 'everybody likes this')
  for (const user of people.slice(1)) await user.post(`/api/v1/statuses/${post.id}/favourite`)
  const seen = await first(`${base}/statuses`)
  assert.deepEqual([seen.id, seen.requires_review], [post.id, true])
  assert.deepEqual(await anyone.get('/api/v1/trends/statuses'), [])
  assert.equal((await admin.trends.statuses.$select(post.id).approve()).id, post.id)
  assert.deepEqual((await anyone.get('/api/v1/trends/statuses')).map((one) => one.id), [post.id])
  await admin.trends.statuses.$select(post.id).reject()
  assert.deepEqual(await anyone.get('/api/v1/trends/statuses'), [])
})

it('a link likewise, by itself or by its site', async ({ anyone }) => {
  for (const path of ['/one', '/two']) for (const user of people) await say(user, `${home}${path}`)
  await until('both links', async () => (await mo.get(`${base}/links`)).length === 2)
  const [one, two] = (await mo.get(`${base}/links`)).sort((a, b) => a.url < b.url ? -1 : 1)
  assert.deepEqual([one.requires_review, two.requires_review, await anyone.get('/api/v1/trends/links')], [true, true, []])
  const shown = async () => (await anyone.get('/api/v1/trends/links')).map((link) => link.url).sort()
  assert.equal((await admin.trends.links.$select(one.id).approve()).url, one.url)
  assert.deepEqual(await shown(), [one.url])
  await anyone.call('GET', '/api/v1/timelines/link', { query: { url: two.url }, status: 404 })

  const [publisher] = await mo.get(`${base}/links/publishers`)
  assert.deepEqual({ ...publisher, id: '' }, { id: '', domain: 'news.localhost', trendable: null, reviewed_at: null, requested_review_at: null, requires_review: true })
  await admin.trends.links.publishers.$select(publisher.id).approve()
  assert.deepEqual(await shown(), [one.url, two.url])
  assert.equal((await mo.get(`${base}/links`)).find((link) => link.id === two.id).requires_review, false)
  assert.equal((await anyone.get('/api/v1/timelines/link', { url: two.url })).length, 6)
  const rejected = await mo.post(`${base}/links/publishers/${publisher.id}/reject`)
  assert.deepEqual([rejected.trendable, rejected.requires_review, typeof rejected.reviewed_at], [false, false, 'string'])
  assert.deepEqual(await shown(), [one.url], 'what was said of one link stays')
  await sleep(2200)
  assert.deepEqual(await shown(), [one.url])
  assert.deepEqual((await admin.trends.links.publishers.list()).map((site) => site.domain), ['news.localhost'])
})

it('hashtags are listed, and changed', async ({ ana, anyone }) => {
  await say(ana, '#zebra #ZebraCrossing')
  const all = await mo.get('/api/v1/admin/tags')
  assert.deepEqual(all.map((tag) => tag.name.toLowerCase()).filter((name) => name.startsWith('zebra')).sort(), ['zebra', 'zebracrossing'])
  const page = await mo.call('GET', '/api/v1/admin/tags', { query: { limit: 1 } })
  assert.deepEqual([page.body.length, page.body[0].id], [1, all[0].id])
  assert.equal((await mo.call('GET', page.links.next)).body[0].id, all[1].id)
  const tag = all.find((one) => one.name === 'zebra')
  const path = `/api/v1/admin/tags/${tag.id}`
  assert.deepEqual(await mo.get(path), tag)

  assert.equal((await mo.put(path, { display_name: 'ZeBra' })).name, 'ZeBra')
  assert.equal((await anyone.get('/api/v1/tags/zebra')).name, 'ZeBra')
  assert.match((await mo.call('PUT', path, { json: { display_name: 'lion' }, status: 422 })).body.error, /Display name/)

  assert.equal((await mo.put(path, { trendable: true })).trendable, true)
  const found = async () => (await ana.get('/api/v2/search', { q: 'zeb', type: 'hashtags' })).hashtags.map((one) => one.name.toLowerCase()).sort()
  assert.deepEqual(await found(), ['zebra', 'zebracrossing'])
  await mo.put(path, { listable: false })
  assert.deepEqual(await found(), ['zebracrossing'])

  assert.equal((await mo.put(path, { usable: false })).usable, false)
  assert.match((await ana.call('POST', '/api/v1/statuses', { json: { status: 'a #Zebra' }, status: 422 })).body.error, /disallowed hashtag: zebra/)
  await mo.put(path, { usable: true, listable: true })
  await say(ana, 'a #zebra again')
  assert.deepEqual(await found(), ['zebra', 'zebracrossing'])
})
