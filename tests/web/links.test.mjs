// Pages that many people link to, on the page of what is talked about, in a browser without JavaScript.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after } from 'node:test'
import { startWorld, until } from '../api/lib/server.mjs'
import { screenshots } from './lib/eyes.mjs'
import { lookedAt, plainPage } from './lib/person.mjs'

const names = ['ana', 'ben', 'cho', 'dee', 'eli', 'fay']
const { it, server, users } = await startWorld({ accounts: names, env: { KICAU_PRIVATE_ADDRESSES: 'on', KICAU_LINK_DELAY_SECONDS: '0', KICAU_TRENDS_SECONDS: '1', KICAU_TRENDS_WITHOUT_REVIEW: 'on' } })
const site = createServer((request, response) => {
  response.setHeader('Content-Type', 'text/html; charset=utf-8')
  response.end(`<title>Birds &lt;b&gt; &amp; bread</title><meta property="og:site_name" content="Kampung"><meta property="og:description" content="All about them">`)
})
await new Promise((resolve) => site.listen(0, '127.0.0.1', resolve))
after(() => { site.closeAllConnections(); site.close() })
const story = `http://news.localhost:${site.address().port}/story`
const page = await plainPage(server, 'ana')

it('is not there while nobody links to anything', async () => {
  await page.goto(`${server.base}/search`)
  assert.equal(await page.getByText('Pages people link to').count(), 0)
})

it('shows the page with its words, its address and how often it was posted', async ({ anyone }) => {
  for (const name of names) await users[name].patch('/api/v1/accounts/update_credentials', { discoverable: true })
  for (const name of names) await users[name].post('/api/v1/statuses', { status: `read ${story}` })
  await until('the trend', async () => (await anyone.get('/api/v1/trends/links')).some((link) => link.history[0].uses === '6'))
  await page.goto(`${server.base}/search`)
  const card = page.locator('.links a.link-card')
  assert.deepEqual([await card.count(), await card.getAttribute('href'), await card.getAttribute('rel')], [1, story, 'noopener nofollow'])
  assert.match(await page.locator('.links li').innerText(), /Kampung[\s\S]*Birds <b> & bread[\s\S]*All about them[\s\S]*6 posts this week/)
  const eyes = await lookedAt(server, 'ana')
  await eyes.goto(`${server.base}/search`)
  await screenshots(eyes, 'known-links')
  assert.deepEqual(eyes.complaints, [])
  await eyes.context().close()
})
