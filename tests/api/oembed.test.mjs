// Posts on other sites: what oEmbed says, and the frame it names, in a browser.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after } from 'node:test'
import { newPage } from './lib/browser.mjs'
import { startWorld } from './lib/server.mjs'

const { it, server, anyone } = await startWorld({ accounts: ['alice', 'bob'] })
const posts = {}
const oembed = (url, more, options) => anyone.get('/api/oembed', { url, ...more }, options)

// A site somewhere else: shows what it was given.
const site = createServer((request, response) => {
  response.setHeader('Content-Type', 'text/html; charset=utf-8')
  response.end(`<!DOCTYPE html><title>elsewhere</title>${site.shown}`)
})
await new Promise((resolve) => site.listen(0, '127.0.0.1', resolve))
after(() => site.close())

async function visit (html) {
  site.shown = html
  const page = await newPage()
  page.problems = []
  page.on('console', (message) => page.problems.push(message.text()))
  await page.goto(`http://127.0.0.1:${site.address().port}/`)
  await page.waitForLoadState('networkidle')
  return page
}

it('somebody posts', async ({ alice }) => {
  await alice.patch('/api/v1/accounts/update_credentials', { display_name: 'Alice & <Co>' })
  for (const visibility of ['public', 'unlisted', 'private', 'direct']) posts[visibility] = await alice.post('/api/v1/statuses', { status: `words that are ${visibility}`, visibility })
})

it('says how to show a post', async () => {
  const embed = await oembed(posts.public.url)
  assert.deepEqual({ ...embed, html: '', height: 0 }, {
    type: 'rich', version: '1.0', author_name: 'Alice & <Co>', author_url: `${server.base}/@alice`, provider_name: server.domain, provider_url: `${server.base}/`,
    cache_age: 86400, html: '', width: 400, height: 0
  })
  assert.match(embed.html, new RegExp(`^<iframe src="${posts.public.url}/embed" srcdoc="[^"]*" [^>]*width="400" height="${embed.height}"`))
  for (const url of [posts.public.uri, `${posts.public.url}/embed`]) assert.deepEqual(await oembed(url), embed)
  assert.match((await oembed(posts.unlisted.url)).html, /iframe/)
})

it('keeps to the size it is asked for', async () => {
  const small = await oembed(posts.public.url, { maxwidth: 220, maxheight: 100 })
  assert.deepEqual([small.width, small.height], [220, 100])
  const free = await oembed(posts.public.url)
  const high = await oembed(posts.public.url, { maxheight: 4000 })
  assert.equal(high.height, free.height)
})

it('long posts get a higher frame', async ({ alice }) => {
  const long = await alice.post('/api/v1/statuses', { status: 'many words '.repeat(40) })
  assert.ok((await oembed(long.url)).height > (await oembed(posts.public.url)).height)
})

it('answers for posts everybody may see, and no others', async ({ alice }) => {
  for (const url of [posts.private.url, posts.direct.url, `${server.base}/@alice/1`, `${server.base}/@alice`, `${server.base}/`, 'https://example.org/@alice/1', 'nonsense']) await anyone.call('GET', '/api/oembed', { query: { url }, status: 404 })
  await anyone.call('GET', '/api/oembed', { status: 422 })
  await alice.call('GET', '/api/oembed', { query: { url: posts.private.url }, status: 404 })
  for (const post of [posts.private, posts.direct]) assert.equal((await fetch(`${post.url}/embed`)).status, 404)
  assert.equal((await fetch(`${server.base}/@bob/${posts.public.id}/embed`)).status, 404)
})

it('pages of posts name it', async () => {
  const html = await (await fetch(posts.public.url, { headers: { Accept: 'text/html' } })).text()
  const [, href] = /<link rel="alternate" type="application\/json\+oembed"[^>]* href="([^"]+)"/.exec(html)
  assert.equal((await (await fetch(href.replaceAll('&amp;', '&'))).json()).html, (await oembed(posts.public.url)).html)
})

it('a browser shows the post in the frame of another site, when the reader agrees, without help of its script', async () => {
  const { html } = await oembed(posts.public.url)
  const page = await visit(html)
  const frame = page.frameLocator('iframe')
  await frame.getByRole('link', { name: 'Accept and continue' }).click()
  assert.match(await frame.locator('article').innerText(), /words that are public/)
  assert.equal(await frame.locator('header.bar').count(), 0)
  assert.deepEqual(page.problems, [])
  const [opened] = await Promise.all([page.context().waitForEvent('page'), frame.locator('.name').click()])
  await opened.waitForLoadState()
  assert.equal(opened.url(), `${server.base}/@alice`)
  await page.context().close()
})

it('other pages are not framed', async () => {
  for (const url of [posts.public.url, `${server.base}/@alice`, `${server.base}/login`]) {
    const page = await visit(`<iframe src="${url}"></iframe>`)
    assert.match(page.problems.join('\n'), /frame-ancestors|X-Frame-Options/)
    await page.context().close()
    const headers = (await fetch(url, { headers: { Accept: 'text/html' } })).headers
    assert.match(headers.get('content-security-policy'), /frame-ancestors 'none'/)
    assert.equal(headers.get('x-frame-options'), 'DENY')
  }
})

it('the framed page sets no cookie and takes no form', async () => {
  const reply = await fetch(`${posts.public.url}/embed`)
  assert.equal(reply.headers.get('set-cookie'), null)
  assert.equal(reply.headers.get('x-frame-options'), null)
  assert.match(reply.headers.get('content-security-policy'), /frame-ancestors \*/)
  assert.match(reply.headers.get('content-security-policy'), /form-action 'none'.*sandbox allow-scripts allow-popups/)
  assert.doesNotMatch(await reply.text(), /<form|<script>/)
})
