// Cards under posts with a link: what a page says of itself, asked for by the server.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after } from 'node:test'
import { png } from './lib/png.mjs'
import { sleep, startWorld, until } from './lib/server.mjs'
import { EventStream } from './lib/stream.mjs'

const names = ['alice', 'bob', 'cho', 'dee', 'eli', 'fay']
const { it, server, users } = await startWorld({
  accounts: names,
  env: { KICAU_PRIVATE_ADDRESSES: 'on', KICAU_LINK_DELAY_SECONDS: '0', KICAU_TRENDS_SECONDS: '1', KICAU_TRENDS_WITHOUT_REVIEW: 'on' }
})

// The site: pages by path, and what it was asked.
const pages = {}
const asked = []
const site = createServer((request, response) => {
  asked.push(request)
  const [path] = request.url.split('?')
  const page = pages[path]
  if (typeof page === 'function') return page(request, response)
  if (page === undefined) { response.statusCode = 404; return response.end('no') }
  response.setHeader('Content-Type', page.type || 'text/html; charset=utf-8')
  response.end(page.body ?? page)
})
await new Promise((resolve) => site.listen(0, '127.0.0.1', resolve))
after(() => { site.closeAllConnections(); site.close() })
const home = `http://news.localhost:${site.address().port}` // *.localhost is this machine (RFC 6761 6.3)
const times = (path) => asked.filter((request) => request.url.split('?')[0] === path).length

const say = (user, status, more) => user.post('/api/v1/statuses', { status, ...more })
const get = (user, post) => user.get(`/api/v1/statuses/${post.id}`)
const card = (user, post) => until(`the card of ${post.id}`, async () => (await get(user, post)).card)
const looked = async (path, n = 1) => { await until(`${path} to be asked for`, () => times(path) >= n); await sleep(500) }

it('Open Graph becomes a card with a picture, and streams hear of it', async ({ alice, bob }) => {
  pages['/story'] = `<!DOCTYPE html><html lang="id"><head><title>plain</title><meta property="og:title" content="Birds &amp; bread"><meta property="og:description" content="All about them">
    <meta property="og:site_name" content="Kampung"><meta property="og:image" content="/bird.png"><meta property="og:image:alt" content="a bird"><meta name="author" content="Sari">
    <meta property="article:published_time" content="2026-05-06T07:08:09Z"></head><body>`
  pages['/bird.png'] = { type: 'image/png', body: png(1200, 630) }
  await bob.post(`/api/v1/accounts/${alice.id}/follow`)
  const stream = await new EventStream(server.base, 'user', { token: bob.token }).open()
  const post = await say(alice, `read this ${home}/story#part and ${home}/other`)
  assert.equal(post.card, null)
  const made = await card(bob, post)
  const { image, blurhash, ...rest } = made
  assert.deepEqual(rest, {
    url: `${home}/story`, title: 'Birds & bread', description: 'All about them', language: 'id', type: 'link', author_name: 'Sari', author_url: '', provider_name: 'Kampung', provider_url: '',
    html: '', width: 661, height: 347, image_description: 'a bird', embed_url: '', published_at: '2026-05-06T07:08:09.000Z', missing_attribution: null, authors: [{ name: 'Sari', url: '', account: null }]
  })
  assert.match(blurhash, /^.{20,}$/)
  assert.match(image, new RegExp(`^${server.base}/media/`))
  assert.equal((await fetch(image)).headers.get('content-type'), 'image/jpeg')
  const update = await stream.next('status.update', (status) => status.id === post.id)
  assert.equal(update.payload.card.title, 'Birds & bread')
  stream.close()
  assert.equal(update.payload.edited_at, null, 'a card is no edit')
  assert.equal(times('/other'), 0, 'the first link alone')
  assert.match(asked[0].headers['user-agent'], /kicau/)
})

it('an author is named who has named the site, and nobody else', async ({ alice, bob }) => {
  pages['/written'] = '<title>written</title><meta name="author" content="Bob B."><meta name="fediverse:creator" content="@bob">'
  pages['/claimed'] = pages['/written'].replace('@bob', '@alice')
  pages['/full'] = pages['/written'].replace('@bob', `@bob@${server.domain}`)
  const domains = async (list) => (await bob.patch('/api/v1/accounts/update_credentials', { attribution_domains: list })).source.attribution_domains
  assert.deepEqual(await domains(['https://LOCALHOST.example/x', '*.news.localhost', '', 'news.localhost']), ['localhost.example', 'news.localhost'])
  assert.match((await bob.call('PATCH', '/api/v1/accounts/update_credentials', { json: { attribution_domains: ['not a domain'] }, status: 422 })).body.error, /invalid domain/)
  assert.deepEqual((await bob.get('/api/v1/profile')).attribution_domains, ['localhost.example', 'news.localhost'])
  for (const path of ['/written', '/full']) {
    const [author] = (await card(alice, await say(alice, `${home}${path}`))).authors
    assert.deepEqual([author.name, author.account.id], ['Bob B.', bob.id])
  }
  assert.deepEqual((await card(alice, await say(alice, `${home}/claimed`))).authors, [{ name: 'Bob B.', url: '', account: null }])
  assert.deepEqual(await domains([]), [])
})

it('a boost shows it on the post', async ({ bob, alice }) => {
  const post = (await alice.get(`/api/v1/accounts/${alice.id}/statuses`)).find((one) => one.card?.title === 'Birds & bread')
  const boost = await bob.post(`/api/v1/statuses/${post.id}/reblog`)
  assert.equal(boost.card, null)
  assert.equal(boost.reblog.card.title, 'Birds & bread')
})

it('posts share it, and the site is asked once', async ({ bob }) => {
  const before = times('/story')
  const made = await card(bob, await say(bob, `me too ${home}/story`))
  assert.equal(made.title, 'Birds & bread')
  assert.equal(times('/story'), before)
})

it('a page may call itself by another address of its site, not of another', async ({ alice }) => {
  pages['/long'] = '<title>long</title><link rel="canonical" href="/short">'
  pages['/thief'] = '<title>thief</title><link rel="canonical" href="https://bank.example/">'
  assert.equal((await card(alice, await say(alice, `${home}/long?utm=1`))).url, `${home}/short`)
  assert.equal((await card(alice, await say(alice, `${home}/thief`))).url, `${home}/thief`)
})

it('other encodings, and pages larger than what is read', async ({ alice }) => {
  pages['/latin'] = { type: 'text/html; charset=iso-8859-1', body: Buffer.from('<title>caf\xe9</title>', 'latin1') }
  pages['/large'] = { body: '<title>large</title>' + ' '.repeat(3 << 20) }
  assert.equal((await card(alice, await say(alice, `${home}/latin`))).title, 'café')
  assert.equal((await card(alice, await say(alice, `${home}/large`))).title, 'large')
})

it('a video is a frame of ours around what the site names; its own HTML is never taken', async ({ alice }) => {
  pages['/watch'] = `<title>page</title><link rel="alternate" type="application/json+oembed" href="${home}/oembed?x=1">`
  pages['/oembed'] = { type: 'application/json', body: JSON.stringify({ type: 'video', version: '1.0', title: 'A film', author_name: 'Ana', author_url: `${home}/ana`, provider_name: 'Films', provider_url: home, width: 480, height: 270, thumbnail_url: `${home}/bird.png`, html: '<script>alert(1)</script><iframe src="https://video.example/e/1?a=1&amp;b=2" onload="x()" width="1" height="1"></iframe>' }) }
  const made = await card(alice, await say(alice, `${home}/watch`))
  assert.deepEqual([made.type, made.title, made.author_name, made.author_url, made.provider_name, made.width, made.height], ['video', 'A film', 'Ana', `${home}/ana`, 'Films', 480, 270])
  assert.match(made.html, /^<iframe src="https:\/\/video\.example\/e\/1\?a=1&amp;b=2" width="480" height="270" sandbox="[^"]*" [^>]*><\/iframe>$/)
  assert.ok(made.image)
})

it('a photo has its address; what is "rich" is an ordinary link', async ({ alice }) => {
  pages['/photo'] = `<title>page</title><link rel="alternate" type="application/json+oembed" href="/oembed-photo">`
  pages['/oembed-photo'] = { type: 'application/json', body: JSON.stringify({ type: 'photo', title: 'A bird', url: `${home}/bird.png`, width: '1200', height: 630 }) }
  const photo = await card(alice, await say(alice, `${home}/photo`))
  assert.deepEqual([photo.type, photo.embed_url, photo.width, photo.height], ['photo', `${home}/bird.png`, 1200, 630])
  pages['/rich'] = `<title>page</title><link rel="alternate" type="application/json+oembed" href="/oembed-rich">`
  pages['/oembed-rich'] = { type: 'application/json', body: JSON.stringify({ type: 'rich', title: 'rich', html: '<b>x</b>', width: 1, height: 1 }) }
  const rich = await card(alice, await say(alice, `${home}/rich`))
  assert.deepEqual([rich.type, rich.title, rich.html], ['link', 'page', ''])
})

it('a picture that is none leaves the card without', async ({ alice }) => {
  pages['/fake'] = '<title>fake</title><meta property="og:image" content="/fake.png">'
  pages['/fake.png'] = { type: 'image/png', body: '<svg onload="x()"/>' }
  const made = await card(alice, await say(alice, `${home}/fake`))
  assert.deepEqual([made.image, made.blurhash, made.width], [null, null, 0])
})

it('no card: files, errors, pages without a title, endless ones, our own', async ({ alice }) => {
  pages['/file'] = { type: 'application/pdf', body: '%PDF' }
  pages['/untitled'] = '<p>words'
  pages['/loop'] = (request, response) => { response.writeHead(302, { Location: '/loop' }); response.end() }
  const without = []
  for (const path of ['/file', '/missing', '/untitled', '/loop']) {
    without.push(await say(alice, `${home}${path}`))
    await looked(path)
  }
  without.push(await say(alice, `${server.base}/about`))
  without.push(await say(alice, `careful ${home}/warned`, { spoiler_text: 'a warning' }))
  await sleep(1500)
  for (const post of without) assert.equal((await get(alice, post)).card, null)
  assert.equal(times('/warned'), 0)
  const before = times('/missing')
  await say(alice, `again ${home}/missing`)
  await sleep(1500)
  assert.equal(times('/missing'), before, 'what led to nothing is not asked for again at once')
})

it('another link gets another card; without one there is none', async ({ alice }) => {
  pages['/one'] = '<title>one</title>'
  pages['/two'] = '<title>two</title>'
  const post = await say(alice, `${home}/one`)
  assert.equal((await card(alice, post)).title, 'one')
  const edited = await alice.put(`/api/v1/statuses/${post.id}`, { status: `better: ${home}/two` })
  assert.equal(edited.card, null)
  assert.equal((await card(alice, post)).title, 'two')
  const words = await alice.put(`/api/v1/statuses/${post.id}`, { status: `the same ${home}/two` })
  assert.equal(words.card.title, 'two')
  assert.equal((await alice.put(`/api/v1/statuses/${post.id}`, { status: 'none' })).card, null)
})

it('a page that changed is asked for again after two weeks', async ({ alice }) => {
  const { execFileSync } = await import('node:child_process')
  const { join } = await import('node:path')
  const first = await say(alice, `${home}/one`)
  await card(alice, first)
  pages['/one'] = '<title>one, again</title><meta property="og:image" content="/bird.png">'
  const sql = `UPDATE preview_links SET looked_at = looked_at - ${15 * 86400000}`
  if (server.postgres) server.postgres.query(sql)
  else execFileSync('sqlite3', ['-cmd', '.timeout 5000', join(server.data, 'kicau.db'), sql])
  assert.equal((await card(alice, await say(alice, `${home}/one`))).title, 'one, again')
})

it('a link that many people post is a trend, with a timeline of its posts', async (world) => {
  const { anyone, alice } = world
  pages['/news'] = '<title>News</title>'
  await anyone.call('GET', '/api/v1/timelines/link', { query: { url: `${home}/news` }, status: 404 })
  for (const name of names) await users[name].patch('/api/v1/accounts/update_credentials', { discoverable: true })
  const posts = await Promise.all(names.map((name) => say(users[name], `have you seen ${home}/news ?`)))
  const hidden = await say(alice, `quietly ${home}/news`, { visibility: 'unlisted' })
  await Promise.all([...posts, hidden].map((post) => card(alice, post)))
  const [trend] = await until('the trend', async () => { const all = await anyone.get('/api/v1/trends/links'); return all.length && all })
  assert.deepEqual([trend.url, trend.title, trend.history[0].accounts], [`${home}/news`, 'News', '6'])
  const ids = posts.map((post) => post.id).sort().reverse()
  assert.deepEqual((await anyone.get('/api/v1/timelines/link', { url: trend.url })).map((post) => post.id), ids)
  const page = await anyone.call('GET', '/api/v1/timelines/link', { query: { url: trend.url, limit: 4 } })
  assert.deepEqual(page.body.map((post) => post.id), ids.slice(0, 4))
  assert.deepEqual((await anyone.call('GET', page.links.next)).body.map((post) => post.id), ids.slice(4))
  assert.deepEqual((await anyone.get('/api/v1/timelines/link', { url: trend.url, min_id: ids[3], limit: 2 })).map((post) => post.id), ids.slice(1, 3))
  await users[names[0]].delete(`/api/v1/statuses/${posts[0].id}`)
  assert.ok(!(await anyone.get('/api/v1/timelines/link', { url: trend.url })).some((post) => post.id === posts[0].id))
})

it('the sites heard no cookie, no referrer and no name', () => {
  for (const { headers } of asked) for (const name of ['cookie', 'referer', 'authorization', 'from']) assert.equal(headers[name], undefined)
})
