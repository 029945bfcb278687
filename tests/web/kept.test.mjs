// Pages for visitors come from memory: what they cost the database, and that nothing is shown longer than it may be.
import assert from 'node:assert/strict'
import { startTown } from './lib/town.mjs'
import { until } from '../api/lib/server.mjs'

const { it, server, posts, sari, budi } = await startTown()

const html = { Accept: 'text/html', 'Accept-Language': 'en' }
const get = (url, headers = {}, more = {}) => fetch(new URL(url, server.base), { headers: { ...html, ...headers }, redirect: 'manual', ...more })
const text = async (url, headers) => (await get(url, headers)).text()
const queries = async () => Number(/^kicau_db_queries_of_requests_total (\d+)/m.exec(await (await fetch(`${server.base}/metrics`)).text())[1])

async function cost (look) {
  const before = await queries()
  for (let n = 0; n < 25; n++) await look(n)
  return await queries() - before
}

it('the database is not asked for a page that somebody has looked at', async () => {
  // Fresh posts say how many minutes old they are: a page may have to be drawn once more in between.
  const free = async (look) => { for (let i = 0; i < 3; i++) if (await cost(look) === 0) return true }
  for (const url of [posts.root.url, '/@sari', '/@sari/with_replies', `${posts.picture.url}/embed?theme=dark&lang=id`]) {
    await get(url)
    assert.ok(await free(async (n) => assert.equal((await get(`${url}${url.includes('?') ? '&' : '?'}utm_source=${n}`)).status, 200)), url)
  }
  assert.ok(await cost(() => get('/public')) > 0, 'it is counted')
})

it('a browser that has it is told so, and a page is kept for who it is the same for', async () => {
  const first = await get(posts.root.url)
  const etag = first.headers.get('etag')
  const body = await first.text()
  assert.match(first.headers.get('vary'), /Cookie, Accept-Language/)
  assert.equal(first.headers.get('cache-control'), 'no-cache')
  assert.equal(first.headers.get('set-cookie'), null)
  const again = await get(posts.root.url)
  assert.deepEqual([again.headers.get('etag'), again.headers.get('content-security-policy'), await again.text()], [etag, first.headers.get('content-security-policy'), body])
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`]) {
    const same = await get(posts.root.url, { 'If-None-Match': known })
    assert.deepEqual([same.status, same.headers.get('etag'), await same.text()], [304, etag, ''])
  }
  assert.equal((await get(posts.root.url, {}, { method: 'HEAD' })).headers.get('content-length'), String(Buffer.byteLength(body)))
  const other = await get(posts.root.url, { 'Accept-Language': 'id' })
  assert.match(await other.text(), /<html lang="id"/)
  assert.notEqual(other.headers.get('etag'), etag)
  assert.match(await text(posts.root.url, { Cookie: 'kicau_theme=dark' }), /data-theme="dark"/)
  assert.doesNotMatch(await text(posts.root.url), /data-theme/)
})

it('what is changed or deleted is so at once', async () => {
  const post = await sari.post('/api/v1/statuses', { status: 'the first words' })
  const { id } = await budi.post('/api/v1/statuses', { status: '@sari the answer', in_reply_to_id: post.id })
  const both = async () => `${await text(post.url)}${await text('/@sari')}${await text(`${post.url}/embed`)}`
  assert.match(await both(), /the first words[\s\S]*the answer/)
  await sari.put(`/api/v1/statuses/${post.id}`, { status: 'the second words' })
  assert.doesNotMatch(await both(), /the first words/)
  assert.match(await both(), /the second words[\s\S]*the second words[\s\S]*the second words/)
  await budi.put(`/api/v1/statuses/${id}`, { status: '@sari another answer' })
  assert.match(await text(post.url), /another answer/)
  await budi.delete(`/api/v1/statuses/${id}`)
  assert.doesNotMatch(await text(post.url), /another answer/)
  await sari.delete(`/api/v1/statuses/${post.id}`)
  assert.doesNotMatch(await both(), /the second words/)
  for (const url of [post.url, `${post.url}/embed`]) assert.equal((await get(url)).status, 410)
})

it('a profile follows its owner: new posts, pins, name, and keeping out of search engines', async () => {
  await text('/@sari')
  const post = await sari.post('/api/v1/statuses', { status: 'fresh from the field' })
  assert.match(await text('/@sari'), /fresh from the field/)
  await sari.post(`/api/v1/statuses/${post.id}/pin`)
  assert.match(await text('/@sari'), /class="post pinned"[\s\S]*fresh from the field/)
  await sari.patch('/api/v1/accounts/update_credentials', { display_name: 'Sari W.' })
  for (const url of ['/@sari', posts.picture.url, posts.answer.url]) assert.match(await text(url), /Sari W\./, url)
  for (const indexable of [true, false]) {
    await sari.patch('/api/v1/accounts/update_credentials', { indexable })
    for (const url of ['/@sari', posts.picture.url]) assert.equal(/<meta name="robots" content="noindex"/.test(await text(url)), !indexable, url)
  }
})

it('numbers and new replies come a few seconds later, for everybody at once', async () => {
  await text(posts.picture.url)
  await sari.post(`/api/v1/statuses/${posts.picture.id}/favourite`)
  await budi.post('/api/v1/statuses', { status: '@sari late, but here', in_reply_to_id: posts.picture.id })
  await until('both are there', async () => /2 <span[^>]*>favourites<[\s\S]*late, but here/.test(await text(posts.picture.url)))
})

it('many at once are all answered while it is drawn anew', async () => {
  await budi.put(`/api/v1/statuses/${posts.answer.id}`, { status: '@sari I did, at four' })
  const replies = await Promise.all(Array.from({ length: 200 }, () => get(posts.answer.url)))
  for (const reply of replies) assert.match(await reply.text(), /at four/)
})

it('of somebody suspended nothing is left anywhere, and it comes back with them', async () => {
  const pages = ['/@budi', posts.script.url, posts.root.url, `${posts.poll.url}/embed`]
  for (const url of pages) assert.match(await text(url), /@budi/, url)
  await server.kicau(['account', 'suspend', 'budi'])
  await until('the server has heard of it', async () => (await get('/@budi')).status === 410)
  for (const url of pages) assert.doesNotMatch(await text(url), /Bread|always up at five|at four|Sourdough|<b>bold/, url)
  assert.ok([404, 410].includes((await get(posts.script.url)).status))
  await server.kicau(['account', 'unsuspend', 'budi'])
  await until('the server has heard of that too', async () => (await get('/@budi')).status === 200)
  assert.match(await text(posts.root.url), /@budi/)
})

it('search engines are told of those who want to be found, and of nobody else', async () => {
  await sari.patch('/api/v1/accounts/update_credentials', { indexable: true })
  const map = /^Sitemap: (.*)$/m.exec(await text('/robots.txt'))[1]
  const index = await text(map)
  assert.match(index, /^<\?xml version="1.0" encoding="UTF-8"\?>\n<sitemapindex xmlns="http:\/\/www.sitemaps.org\/schemas\/sitemap\/0.9"><sitemap><loc>/)
  const urls = [...(await text(/<loc>([^<]*)/.exec(index)[1])).matchAll(/<url><loc>([^<]*)<\/loc><lastmod>[-:.0-9TZ]*<\/lastmod>/g)].map((m) => m[1])
  assert.deepEqual(urls, [`${server.base}/@sari`])
  assert.equal(await text(`/sitemap/accounts.xml?behind=${(1n << 62n)}`).then((xml) => /<url>/.test(xml)), false)
})
