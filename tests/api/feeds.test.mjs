// RSS and Atom, as a feed reader reads them: Python's feedparser, as Debian ships it.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { png } from './lib/png.mjs'
import { startWorld } from './lib/server.mjs'

const { it, server } = await startWorld({ accounts: ['alice', 'bob', 'gone'] })
const parser = join(dirname(fileURLToPath(import.meta.url)), 'python/feed.py')
const versions = { rss: 'rss20', atom: 'atom10' }

async function read (path, options) {
  const reply = await fetch(server.base + path, { redirect: 'manual', ...options })
  return { status: reply.status, type: reply.headers.get('content-type'), headers: reply.headers, text: await reply.text() }
}

async function feed (path) {
  const { status, type, text } = await read(path)
  assert.equal(status, 200, text)
  const kind = path.split('.').pop()
  assert.equal(type, `application/${kind}+xml; charset=utf-8`)
  const parsed = JSON.parse(execFileSync('/usr/bin/python3', ['-B', parser, type, server.base + path], { input: text }))
  assert.equal(parsed.bozo, '', 'well-formed and understood')
  assert.equal(parsed.version, versions[kind])
  assert.deepEqual(parsed.feed.links.filter((link) => link.rel === 'self').map((link) => link.href), [server.base + path])
  return parsed
}

const posts = {}

it('somebody posts', async ({ alice, bob }) => {
  await alice.patch('/api/v1/accounts/update_credentials', { display_name: 'Alice & <Co>', note: 'hello' })
  const upload = async (name) => (await alice.call('POST', '/api/v1/media', { multipart: { file: new Blob([png(40, 30)], { type: 'image/png' }), description: name } })).body
  posts.first = await alice.post('/api/v1/statuses', { status: 'Hello <world> & \u{1F44D} #Feeds https://example.org/?a=1&b=2', language: 'en' })
  posts.warned = await alice.post('/api/v1/statuses', { status: 'the end', spoiler_text: 'about "a film"', sensitive: true })
  posts.poll = await alice.post('/api/v1/statuses', { status: 'tea?', poll: { options: ['yes & no', '<b>'], expires_in: 3600 } })
  posts.media = await Promise.all([upload('a square'), upload('another')])
  posts.pictures = await alice.post('/api/v1/statuses', { status: '', media_ids: posts.media.map((one) => one.id) })
  for (const visibility of ['unlisted', 'private', 'direct']) await alice.post('/api/v1/statuses', { status: `hidden #feeds ${visibility}`, visibility })
  const other = await bob.post('/api/v1/statuses', { status: 'by bob #feeds' })
  posts.bob = other
  await alice.post(`/api/v1/statuses/${other.id}/reblog`)
  await alice.post('/api/v1/statuses', { status: '@bob an answer', in_reply_to_id: other.id })
})

for (const kind of ['rss', 'atom']) {
  it(`the ${kind} feed of an account`, async ({ alice }) => {
    const { feed: head, entries } = await feed(`/@alice.${kind}`)
    assert.equal(head.title, 'Alice & <Co>')
    assert.match(head.subtitle, new RegExp(`@alice@${server.domain}`))
    assert.equal(head.link, alice.url)
    assert.match(head.image?.href || head.logo || head.image?.url, /\/assets\/avatar\.png/)
    assert.deepEqual(entries.map((one) => one.link), [posts.pictures, posts.poll, posts.warned, posts.first].map((post) => post.url), 'public posts alone, newest first; no answers, no boosts')
    assert.equal(new Set(entries.map((one) => one.id)).size, 4)
    const [pictures, poll, warned, first] = entries
    const html = (entry) => entry.content ? entry.content[0].value : entry.summary
    assert.match(html(first), /^<p>Hello &lt;world&gt; &amp; \u{1F44D} .*Feeds.*example\.org\/\?a=1&amp;b=2/u)
    assert.match(first.title, /^Hello <world> & \u{1F44D} #Feeds/u)
    assert.deepEqual(first.tags.map((tag) => tag.term), ['feeds'])
    assert.equal(Date.UTC(...first.published_parsed.slice(0, 6).map((n, i) => i === 1 ? n - 1 : n)), Math.floor(Date.parse(posts.first.created_at) / 1000) * 1000)
    assert.equal(warned.title, 'about "a film"')
    assert.match(html(warned), /about &quot;a film&quot;|about "a film"/)
    assert.match(html(poll), /<li>yes &amp; no<\/li><li>&lt;b&gt;<\/li>/)
    const files = kind === 'rss' ? pictures.media_content : pictures.enclosures.map((one) => ({ ...one, url: one.href }))
    assert.deepEqual(files.map((one) => [one.url, one.type]), posts.media.map((one) => [one.url, 'image/png']))
    const size = (await (await fetch(pictures.enclosures[0].href)).arrayBuffer()).byteLength
    assert.equal(Number(pictures.enclosures[0].length), size)
    assert.equal(pictures.enclosures.length, kind === 'rss' ? 1 : 2)
    if (kind === 'atom') assert.match(head.author, /Alice/)
  })

  it(`the ${kind} feed of a hashtag`, async () => {
    const { feed: head, entries } = await feed(`/tags/FEEDS.${kind}`)
    assert.equal(head.title, '#Feeds')
    assert.equal(head.link, `${server.base}/tags/FEEDS`)
    assert.deepEqual(entries.map((one) => one.link), [posts.bob, posts.first].map((post) => post.url))
    assert.match(entries[0].author, /bob/)
    assert.match(entries[1].author, /[Aa]lice/)
    assert.deepEqual((await feed(`/tags/nobodyusesit.${kind}`)).entries, [])
  })
}

it('pages tell where their feeds are', async () => {
  for (const path of ['/@alice', '/tags/feeds']) {
    const { text } = await read(path)
    const links = [...text.matchAll(/<link rel="alternate" type="([^"]+)"[^>]* href="([^"]+)"/g)].map(([, type, href]) => [type, href])
    assert.deepEqual(links, [['application/rss+xml', `${path}.rss`], ['application/atom+xml', `${path}.atom`]])
    for (const [, href] of links) await feed(href)
  }
})

it('who asks again is told that nothing changed, until something does', async ({ alice }) => {
  const first = await read('/@alice.rss')
  const headers = { 'If-None-Match': first.headers.get('etag') }
  assert.match(first.headers.get('cache-control'), /public, max-age=\d+/)
  const again = await read('/@alice.rss', { headers })
  assert.deepEqual([again.status, again.text], [304, ''])
  posts.later = await alice.post('/api/v1/statuses', { status: 'something new' })
  assert.equal((await read('/@alice.rss', { headers })).status, 200)
  assert.equal((await feed('/@alice.rss')).entries[0].link, posts.later.url)
})

it('an edited post is newer, a deleted one is not there', async ({ alice }) => {
  const edited = await alice.put(`/api/v1/statuses/${posts.first.id}`, { status: 'changed words #feeds' })
  const find = async () => (await feed('/@alice.atom')).entries.find((one) => one.link === posts.first.url)
  const [at, updated] = [(await find()).updated_parsed, Date.parse(edited.edited_at)]
  assert.equal(Date.UTC(...at.slice(0, 6).map((n, i) => i === 1 ? n - 1 : n)), Math.floor(updated / 1000) * 1000)
  assert.match((await find()).content[0].value, /changed words/)
  await alice.delete(`/api/v1/statuses/${posts.first.id}`)
  assert.equal(await find(), undefined)
  assert.deepEqual((await feed('/tags/feeds.rss')).entries.map((one) => one.link), [posts.bob.url])
})

it('a page full of unlisted posts does not hide the public ones behind it', async ({ bob }) => {
  for (let n = 0; n < 25; n++) await bob.post('/api/v1/statuses', { status: `quiet ${n}`, visibility: 'unlisted' })
  assert.deepEqual((await feed('/@bob.rss')).entries.map((one) => one.link), [posts.bob.url])
})

it('characters that XML cannot hold do no harm', async ({ bob }) => {
  await bob.post('/api/v1/statuses', { status: 'odd \u0001\u000b\ufffe ]]> <![CDATA[ &amp; end' })
  const [entry] = (await feed('/@bob.rss')).entries
  assert.match(entry.summary, /odd.*\]\]&gt; &lt;!\[CDATA\[ &amp;amp; end/)
})

it('who is not here has no feed', async ({ gone }) => {
  assert.equal((await read('/@nobody.rss')).status, 404)
  assert.equal((await read('/tags/%20.rss')).status, 404)
  assert.equal((await read('/@gone.atom')).status, 200)
  await server.kicau(['account', 'delete', 'gone', '--yes'])
  assert.equal((await read('/@gone.atom')).status, 410)
  assert.ok(gone.id)
})
