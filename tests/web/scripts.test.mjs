// What scripts add for somebody who is logged in: actions at once and back again, new posts behind a button, older ones
// below, drafts, counting. One server, one browser.
import assert from 'node:assert/strict'
import { newPage, signIn } from '../api/lib/browser.mjs'
import { file } from '../api/lib/http.mjs'
import { png } from '../api/lib/png.mjs'
import { startWorld, until } from '../api/lib/server.mjs'
import { accessible } from './lib/eyes.mjs'

const { it, server, users: { alice, bob } } = await startWorld({ accounts: ['alice', 'bob'] })
await alice.post(`/api/v1/accounts/${(await alice.get('/api/v1/accounts/lookup?acct=bob')).id}/follow`)
for (let i = 1; i <= 45; i++) await bob.post('/api/v1/statuses', { status: `line ${i}.` })
const page = await newPage()
await page.goto(`${server.base}/login`)
await signIn(page, { username: 'alice' })
await page.waitForURL(`${server.base}/`)
const go = (path) => page.goto(server.base + path)
const article = (words) => page.locator('article', { hasText: words })

it('a press is shown at once, and taken back with a message when it is refused', async () => {
  await go('/home')
  const star = article('line 45.').locator('.act.favourite')
  await star.click()
  assert.equal(await star.getAttribute('aria-pressed'), 'true')
  assert.equal(await star.locator('.n').innerText(), '1')
  const { id } = (await alice.get('/api/v1/timelines/home'))[0]
  await until('the server has it', async () => (await alice.get(`/api/v1/statuses/${id}`)).favourited)
  assert.equal(page.url(), `${server.base}/home`)
  await page.route('**/act/post/*', (route) => route.abort())
  await article('line 44.').locator('.act.favourite').click()
  await page.locator('.toast').waitFor()
  assert.equal(await article('line 44.').locator('.act.favourite').getAttribute('aria-pressed'), 'false')
  await page.unroute('**/act/post/*')
})

it('new posts wait behind a button, and what one reads does not move', async () => {
  await go('/home')
  await article('line 40.').scrollIntoViewIfNeeded()
  const at = () => article('line 40.').evaluate((node) => Math.round(node.getBoundingClientRect().top))
  const before = await at()
  await until('the bar is there', async () => {
    await bob.post('/api/v1/statuses', { status: 'fresh bread' })
    return page.locator('.fresh').isVisible()
  }, { timeout: 20000, every: 1000 })
  assert.equal(await at(), before)
  assert.equal(await article('fresh bread').count(), 0)
  await page.locator('.fresh').click()
  await article('fresh bread').first().waitFor()
})

it('so they do on every other timeline, each with its own posts', async () => {
  const { id } = await alice.post('/api/v1/lists', { title: 'Bakers' })
  await alice.post(`/api/v1/lists/${id}/accounts`, { account_ids: [(await alice.get('/api/v1/accounts/lookup?acct=bob')).id] })
  let n = 0
  for (const path of ['/public', '/public/local', `/lists/${id}`, '/tags/%E1%B8%83read', '/tags/birds']) {
    const ask = page.waitForRequest(/\/stream\//)
    await go(path)
    const heard = await (await ask).response() // the stream is open: what is written from now on comes by it
    assert.equal(heard.status(), 200, path)
    const word = `news${++n}`
    await alice.post('/api/v1/statuses', { status: `of myself, without a tag ${word}`, visibility: 'unlisted' })
    await bob.post('/api/v1/statuses', { status: `${word} #\u1e03read #birds` })
    await page.locator('.fresh', { hasText: '(1)' }).waitFor()
    assert.equal(await article(word).count(), 0, 'nothing moves by itself')
    await page.locator('.fresh').click()
    await article(`${word} #`).first().waitFor()
    assert.equal(await page.locator('.fresh').isVisible(), false, path)
    assert.equal(await article(`a tag ${word}`).count(), 0, path)
    await accessible(page, path)
  }
  // On a page further back nothing arrives; the newest is a link away.
  await go('/public?max_id=9000000000000000000')
  assert.equal(await page.locator('[data-live]').count(), 0)
})

it('older posts come by themselves, and the address follows', async () => {
  await go('/home')
  await until('the first line is there', async () => {
    await page.mouse.wheel(0, 4000)
    return await article('line 1.').count() > 0
  }, { timeout: 20000, every: 300 })
  assert.match(page.url(), /max_id=/)
  const seen = await page.locator('article').evaluateAll((list) => list.map((one) => one.id))
  assert.equal(new Set(seen).size, seen.length)
})

it('a draft outlives a reload, is counted as the server counts, and is gone when it was sent', async () => {
  await go('/write')
  const text = 'https://example.com/a/very/long/address/that/counts/as/twenty-three @bob@example.org 👩‍👩‍👧'
  await page.locator('#text').fill(text)
  assert.equal(await page.locator('.chars').innerText(), `${23 + 1 + 4 + 1 + 1} / 500`)
  await page.reload()
  assert.equal(await page.locator('#text').inputValue(), text)
  await page.locator('main button[value=post]').click()
  await page.waitForURL(`${server.base}/home`)
  await go('/write')
  assert.equal(await page.locator('#text').inputValue(), '')
})

it('a file that is dropped is attached', async () => {
  await go('/write')
  await page.locator('#text').fill('dropped')
  const bytes = [...new Uint8Array(await file(png(40, 30, 2), 'image/png', 'a.png').arrayBuffer())]
  const data = await page.evaluateHandle((bytes) => {
    const transfer = new DataTransfer()
    transfer.items.add(new File([new Uint8Array(bytes)], 'a.png', { type: 'image/png' }))
    return transfer
  }, bytes)
  await page.locator('form.compose').dispatchEvent('drop', { dataTransfer: data })
  await page.locator('textarea[name="alt[]"]').waitFor()
  assert.equal(await page.locator('#text').inputValue(), 'dropped')
})

it('keys go from post to post', async () => {
  await go('/home')
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  assert.equal(await page.evaluate(() => [...document.querySelectorAll('main article')].indexOf(document.activeElement)), 1)
  await page.keyboard.press('n')
  await page.waitForURL(`${server.base}/write`)
})
