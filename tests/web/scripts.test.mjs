// What scripts add for somebody who is logged in: actions at once and back again, new posts behind a button, older ones
// below, drafts, counting. One server, one browser.
import assert from 'node:assert/strict'
import { newPage, signIn } from '../api/lib/browser.mjs'
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

it('what is written counts here as it counts on the server, to the last character', async () => {
  const samples = ['plain words', '  spaces around  ', 'line\n\nbreaks\n', '👩‍👩‍👧 👍🏽 🇮🇩🇮🇩 e\u0301\u0302', 'نص عربي مع تشكيلٌ', '\u202eabc\u202c שלום', 'नमस्ते क्षत्रिय বাংলা', 'ไทย ภาษา', '한국어 \u1112\u1161\u11ab',
    'https://example.com/a/very/long/address?with=a&query=1#and-more', '(https://example.com/a_(b)).', 'http://localhost/no/link/for/the/server', '日本https://example.comを見て', 'https://a.com@b.org https://a.com.org:8080/x, https://xn--a.xn--b/',
    'https://пример.рф/путь https://☃.net/', 'https://example.com/“quoted” "https://example.com"', 'mailhttps://example.com @https://example.com #https://example.com', 'https://example.com:123456/x https://example.com?q=ü&z=!', 'https://example.c https://exa_mple.com/a*b* https://example.com/%20,;',
    '@bob@example.org, and @a.b-c@sub.example.org. x@y@z.org =@q@z.org @u@v@w', '@bob@example.orgé @bob@пример.рф', '#tag #https://example.org', 'https://example.com/' + 'a'.repeat(600)]
  await go('/write')
  const counted = async (text) => { await page.locator('#text').fill(text); return parseInt(await page.locator('.chars').innerText()) }
  const takes = async (text) => { const { status, body } = await alice.call('POST', '/api/v1/statuses', { json: { status: text, visibility: 'direct' }, status: 'any', check: false }); if (status === 200) await alice.delete(`/api/v1/statuses/${body.id}`); return status === 200 }
  const bad = []
  for (const sample of samples) {
    const n = await counted(`${sample.trim()} x`)
    const full = `${sample.trim()} x${'x'.repeat(500 - n)}`
    if (await counted(full) !== 500 || !await takes(full) || await takes(`${full}x`)) bad.push(`${sample.slice(0, 80)}: ${n}`)
  }
  assert.deepEqual(bad, [])
  await page.locator('#text').fill('')
})

it('keys go from post to post', async () => {
  await go('/home')
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  assert.equal(await page.evaluate(() => [...document.querySelectorAll('main article')].indexOf(document.activeElement)), 1)
  await page.keyboard.press('n')
  await page.waitForURL(`${server.base}/write`)
})
