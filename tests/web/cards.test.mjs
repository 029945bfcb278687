// Cards of links on the pages: one link with the page's own words and a picture that this server keeps.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after } from 'node:test'
import { newPage } from '../api/lib/browser.mjs'
import { file } from '../api/lib/http.mjs'
import { png } from '../api/lib/png.mjs'
import { startWorld, until } from '../api/lib/server.mjs'
import { screenshots, watchedPage } from './lib/eyes.mjs'

const { it, server } = await startWorld({ accounts: ['sari'], env: { KICAU_PRIVATE_ADDRESSES: 'on', KICAU_LINK_DELAY_SECONDS: '0' } })
const page = (more) => `<title>Birds &lt;b&gt; &amp; bread</title><meta property="og:site_name" content="Kampung">
  <meta property="og:description" content="All about them, and more">${more}`
const pages = {
  '/story': page('<meta property="og:image" content="/bird.png"><meta property="og:image:alt" content="a &quot;bird&quot;">'),
  '/plain': page('').replace(/<meta property="og:site_name"[^>]*>/, ''),
  '/bird.png': png(1200, 630)
}
const site = createServer((request, response) => {
  const body = pages[request.url]
  response.setHeader('Content-Type', request.url.endsWith('png') ? 'image/png' : 'text/html; charset=utf-8')
  response.end(body)
})
await new Promise((resolve) => site.listen(0, '127.0.0.1', resolve))
after(() => { site.closeAllConnections(); site.close() })
const home = `http://news.localhost:${site.address().port}`

async function say (user, path, fields = {}) {
  const status = await user.post('/api/v1/statuses', { status: `read ${home}${path}`, ...fields })
  await until('its card', async () => (await user.get(`/api/v1/statuses/${status.id}`)).card)
  return user.get(`/api/v1/statuses/${status.id}`)
}

it('a card is drawn with its picture, in lists and on the post itself', async ({ sari }) => {
  const status = await say(sari, '/story')
  for (const url of [status.url, `${server.base}/@sari`]) {
    const browser = await watchedPage()
    await browser.goto(url)
    const card = browser.locator('article a.link-card')
    assert.deepEqual([await card.getAttribute('href'), await card.getAttribute('rel')], [`${home}/story`, 'noopener nofollow'])
    assert.deepEqual(await card.locator('.about > span').allInnerTexts(), ['Kampung', 'Birds <b> & bread', 'All about them, and more'])
    const picture = card.locator('img')
    assert.deepEqual(await picture.evaluate((img) => [img.alt, img.loading, img.src, img.width > 0]), ['a "bird"', 'lazy', status.card.image, true])
    await until('the picture is there', () => picture.evaluate((img) => img.naturalWidth > 0))
    if (url === status.url) await screenshots(browser, 'card')
    assert.deepEqual(browser.complaints, [])
    await browser.context().close()
  }
})

it('without a picture it is words alone; what is covered stays covered; media go before it', async ({ sari }) => {
  const open = async (status) => { const browser = await newPage(); await browser.goto(status.url); return browser }
  const plain = await open(await say(sari, '/plain'))
  assert.equal(await plain.locator('a.link-card img').count(), 0)
  assert.match(await plain.locator('a.link-card .hint').first().innerText(), /news\.localhost/)
  const covered = await open(await say(sari, '/story', { sensitive: true }))
  assert.deepEqual([await covered.locator('a.link-card').count(), await covered.locator('a.link-card img').count()], [1, 0])
  const { id } = (await sari.call('POST', '/api/v2/media', { multipart: { file: file(png(40, 30), 'image/png', 'x.png') } })).body
  await until('it is ready', async () => (await sari.call('GET', `/api/v1/media/${id}`, { status: 'any' })).status === 200)
  const pictured = await open(await say(sari, '/story', { media_ids: [id] }))
  assert.equal(await pictured.locator('a.link-card').count(), 0)
  for (const one of [plain, covered, pictured]) await one.context().close()
})
