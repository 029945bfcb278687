// Posts on other sites: a publisher somewhere else pastes what the page of a post gives, and a reader is asked first. What
// Chromium asks the network for is the judge.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { after } from 'node:test'
import { gzipSync } from 'node:zlib'
import { chromium } from 'playwright-core'
import { newPage, signIn } from '../api/lib/browser.mjs'
import { until } from '../api/lib/server.mjs'
import { accessible, screenshots, watchedPage } from './lib/eyes.mjs'
import { startTown } from './lib/town.mjs'

const { it, server, posts, sari, budi, anyone } = await startTown()
const script = readFileSync(new URL('../../assets/embed.js', import.meta.url))
const host = new URL(server.base).host

// The publisher: another origin, and another site too, since its host has another name.
const site = createServer((request, response) => {
  if (request.url === '/embed.js') return response.setHeader('Content-Type', 'text/javascript').end(script)
  response.setHeader('Content-Type', 'text/html; charset=utf-8')
  if (site.policy) response.setHeader('Content-Security-Policy', site.policy)
  response.end(`<!DOCTYPE html><html lang="${site.lang}"><title>A newspaper</title><body style="${site.style}"><main><h1>News</h1>${site.body}<p id="behind">And so on.</p></main></body></html>`)
})
await new Promise((resolve) => site.listen(0, '127.0.0.1', resolve))
after(() => { site.close(); site.closeAllConnections() })
const away = `http://${host.startsWith('127') ? 'localhost' : '127.0.0.1'}:${site.address().port}/`
if (!host.startsWith('127')) assert.match(host, /^localhost/)

async function publish (body, { lang = 'en', style = '', policy = '', on = watchedPage } = {}) {
  Object.assign(site, { body, lang, style, policy })
  const page = await on()
  page.asked = []
  page.context().on('request', async (request) => page.asked.push({ url: request.url(), headers: await request.allHeaders().catch(() => ({})) }))
  await page.addInitScript(() => {
    globalThis.jumps = []
    new PerformanceObserver((list) => list.getEntries().forEach((e) => e.hadRecentInput || globalThis.jumps.push([e.value, ...e.sources.map((s) => [s.node?.nodeName, s.node?.className, JSON.stringify(s.previousRect), JSON.stringify(s.currentRect)].join(' '))].join('\n')))).observe({ type: 'layout-shift', buffered: true })
  })
  await page.goto(away)
  await page.waitForLoadState('networkidle')
  return page
}

const ours = (page) => page.asked.filter(({ url }) => !url.startsWith(away) && !url.startsWith('data:'))
const stored = (page) => page.evaluate(async () => [...Object.keys(localStorage), ...Object.keys(sessionStorage), ...(await indexedDB.databases()).map((d) => d.name), document.cookie].filter(Boolean))

async function silent (page) {
  assert.deepEqual(ours(page), [], 'something was asked for before the reader agreed')
  assert.ok(page.asked.every(({ url }) => url === away || url === `${away}embed.js` || url === `${away}favicon.ico`), JSON.stringify(page.asked))
  assert.deepEqual(await stored(page), [])
  assert.deepEqual(await page.context().cookies(), [])
}

async function codes (post, open = newPage) {
  const page = await open()
  await page.goto(post.url)
  await page.getByRole('link', { name: 'Embed', exact: true }).click()
  const values = await page.locator('textarea.code').evaluateAll((all) => all.map((one) => one.value))
  assert.equal(values.length, 5)
  const [whole, beside, frame, asking, text] = values
  return { whole, beside, frame, asking, text, page }
}

const frameOf = (page, nth = 0) => page.locator('blockquote.kicau-embed').nth(nth).locator('iframe').contentFrame()
const framed = (page, nth = 0) => page.locator('blockquote.kicau-embed').nth(nth).locator('iframe')

it('the page of a post gives the code, shows what readers see, and copies', async () => {
  const { page } = await codes(posts.picture, watchedPage)
  await screenshots(page, 'embed-code')
  const { page: again } = await codes(posts.picture, watchedPage)
  await again.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await again.getByRole('button', { name: 'Copy' }).first().click()
  await again.getByRole('button', { name: 'Copied' }).waitFor()
  assert.equal(await again.evaluate(() => navigator.clipboard.readText()), await again.locator('textarea.code').first().inputValue())
  await again.getByRole('button', { name: 'Accept and continue' }).click()
  await frameOf(again).getByText('Two mynas on the wire').waitFor()
  for (const one of [page, again]) {
    assert.deepEqual(one.complaints, [])
    await one.context().close()
  }
})

it('silence, then what the reader agreed to: nothing jumps, nothing is stored, nobody is told where', async () => {
  const { whole, page: code } = await codes(posts.picture)
  await code.context().close()
  const page = await publish(whole, { style: 'background: #fff' })
  await silent(page)
  const box = page.locator('blockquote.kicau-embed')
  const asks = await box.locator('.ask').innerText()
  assert.match(asks, new RegExp(`Sari Wulandari \\(@sari@${host}\\)[\\s\\S]*loaded from ${host}: the text, a picture\\.[\\s\\S]*no cookie`))
  assert.ok(!(await page.content()).includes('Two mynas'), 'its words are not there before')
  await screenshots(page, 'embed-asks')
  await page.setViewportSize({ width: 1000, height: 900 })

  const before = await page.locator('#behind').boundingBox()
  await page.getByRole('button', { name: 'Accept and continue' }).click()
  const frame = frameOf(page)
  await frame.getByText('Two mynas on the wire').waitFor()
  assert.ok(await frame.getByAltText('Two white birds on a wire').evaluate((img) => img.decode().then(() => img.naturalWidth > 0)))
  await until('the frame is as high as the post', () => frame.locator('html').evaluate((html) => html.scrollHeight <= innerHeight))
  const behind = await page.locator('#behind').boundingBox()
  assert.ok(behind.y >= before.y, 'what is behind never moves up')
  assert.deepEqual(await page.evaluate(() => globalThis.jumps), [])
  assert.deepEqual(await stored(page), [])
  assert.deepEqual(await page.context().cookies(), [])
  assert.equal(await frame.locator('html').evaluate(() => { try { return typeof localStorage } catch (e) { return e.name } }), 'SecurityError')
  const asked = ours(page)
  assert.ok(asked.length >= 3)
  for (const { url, headers } of asked) {
    assert.ok(url.startsWith(`${server.base}/`), url)
    assert.equal(headers.cookie, undefined, url)
    assert.ok(!(headers.referer || '').includes(new URL(away).host), `${url} ${headers.referer}`)
  }
  assert.deepEqual(page.complaints.filter((text) => !/favicon/.test(text)), [])
  await page.screenshot({ path: new URL('../../build/screenshots/embed-shown-light.png', import.meta.url).pathname, fullPage: true })

  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByRole('button', { name: 'Accept and continue' }).waitFor()
  assert.equal(await framed(page).count(), 0)
  await page.context().close()
})

it('always for this site is for all of its posts, is remembered, and is undone', async () => {
  const [one, two] = [await codes(posts.root), await codes(posts.poll)]
  const page = await publish(one.whole + two.whole)
  await silent(page)
  assert.match(await page.locator('blockquote').nth(1).locator('.ask').innerText(), /the text, a poll\./)
  await page.getByRole('button', { name: 'Always for this site' }).first().click()
  await frameOf(page, 0).getByText('Who heard the kutilang').waitFor()
  await frameOf(page, 1).getByText('Sourdough').waitFor()
  assert.deepEqual(await stored(page), [`kicau-embed ${host}`])
  await page.reload()
  await frameOf(page, 0).getByText('Who heard the kutilang').waitFor()
  assert.deepEqual(await page.evaluate(() => globalThis.jumps), [])
  await page.getByRole('button', { name: 'Undo' }).first().click()
  await page.getByRole('button', { name: 'Accept and continue' }).nth(1).waitFor()
  assert.deepEqual(await stored(page), [])
  page.asked = []
  await page.reload()
  await page.waitForLoadState('networkidle')
  await silent(page)
  for (const { context } of [page, one.page, two.page].map((p) => ({ context: p.context() }))) await context.close()
})

it('speaks the language of the page around, and wears its colours', async () => {
  const { whole, page: code } = await codes(posts.root)
  await code.context().close()
  const page = await publish(whole, { lang: 'id', style: 'background: #101418; color: #eee' })
  const box = page.locator('blockquote.kicau-embed')
  assert.match(await box.locator('.ask').innerText(), /Jika Anda setuju, kiriman ini dimuat dari [\s\S]*Terima dan lanjutkan[\s\S]*Selalu untuk situs ini/)
  assert.ok(await box.locator('.ask.dark').count())
  await accessible(page, 'an embed that asks, dark')
  await page.screenshot({ path: new URL('../../build/screenshots/embed-asks-dark-id.png', import.meta.url).pathname, fullPage: true })
  await page.getByRole('button', { name: 'Terima dan lanjutkan' }).click()
  const frame = frameOf(page)
  await frame.getByText('Who heard the kutilang').waitFor()
  assert.equal(await frame.getByRole('link', { name: 'Baca percakapannya' }).getAttribute('href'), posts.root.url)
  assert.deepEqual(await frame.locator('html').evaluate((html) => [html.lang, html.dataset.theme]), ['id', 'dark'])
  await page.screenshot({ path: new URL('../../build/screenshots/embed-shown-dark.png', import.meta.url).pathname, fullPage: true })
  await page.evaluate(() => { document.body.style.background = '#fff' })
  await until('it is light again', () => frame.locator('html').evaluate((html) => html.dataset.theme === 'light'))
  await page.context().close()
})

it('works under a strict policy, with the script among the site\'s own files', async () => {
  const { beside, page: code } = await codes(posts.root)
  await code.context().close()
  const page = await publish(beside, { policy: `default-src 'none'; script-src 'self'; frame-src ${server.base}` })
  await silent(page)
  await page.getByRole('button', { name: 'Accept and continue' }).click()
  await frameOf(page).getByText('Who heard the kutilang').waitFor()
  assert.deepEqual(page.complaints.filter((text) => !/style="|inline style|favicon/.test(text)), [])
  await page.context().close()
})

it('works where cookies of third parties are blocked', async () => {
  const { whole, page: code } = await codes(posts.root)
  await code.context().close()
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage', '--test-third-party-cookie-phaseout'] })
  const page = await publish(whole, { on: () => browser.newPage() })
  await page.getByRole('button', { name: 'Always for this site' }).click()
  await frameOf(page).getByText('Who heard the kutilang').waitFor()
  await page.reload()
  await frameOf(page).getByText('Who heard the kutilang').waitFor()
  await browser.close()
})

it('a frame alone asks too, and needs no script', async () => {
  const { frame: code, page: from } = await codes(posts.picture)
  await from.context().close()
  const page = await publish(code, { policy: `default-src 'none'; style-src 'unsafe-inline'; frame-src ${server.base}` })
  await silent(page)
  const frame = page.frameLocator('iframe')
  assert.match(await frame.locator('body').innerText(), /Sari Wulandari[\s\S]*the text, a picture[\s\S]*Accept and continue/)
  await page.screenshot({ path: new URL('../../build/screenshots/embed-frame-alone.png', import.meta.url).pathname, fullPage: true })
  await frame.getByRole('link', { name: 'Accept and continue' }).click()
  await frame.getByText('Two mynas on the wire').waitFor()
  assert.deepEqual(await page.context().cookies(), [])
  await page.context().close()
})

const quiet = (browser) => async () => {
  const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage()
  page.on('response', async (reply) => { if (await reply.headerValue('set-cookie')) page.given = await reply.headerValue('set-cookie') })
  return page
}
async function elsewhere (look, ...more) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage', ...more] })
  try { await look(browser) } finally { await browser.close() }
}
const press = (page, name) => page.frameLocator('iframe').getByRole('button', { name, exact: true }).click()
const shown = (page, words) => page.frameLocator('iframe').getByText(words).first().waitFor()

it('a frame with a memory asks without a cookie, remembers "always" for that site alone, and forgets, all without scripts', async () => {
  const { asking, page: from } = await codes(posts.root)
  await from.context().close()
  const policy = `default-src 'none'; frame-src ${server.base}`
  await elsewhere((browser) => remembers(browser, asking, policy), '--test-third-party-cookie-phaseout')
})

async function remembers (browser, asking, policy) {
  const page = await publish(asking, { policy, on: quiet(browser) })
  await shown(page, 'Sari Wulandari')
  assert.match(await page.frameLocator('iframe').locator('body').innerText(), /loaded from [\s\S]*: the text\.[\s\S]*Accept and continue[\s\S]*Always for this site/)
  for (const { url, headers } of ours(page)) {
    assert.match(url, /\/embed\/ask\?lang=en$|\/assets\//, 'the question, and how it looks')
    assert.equal(headers.cookie, undefined)
    assert.ok(!(headers.referer || '').startsWith(away), `${url} is told where`)
  }
  assert.equal(page.given, undefined)
  assert.deepEqual(await page.context().cookies(), [])
  await page.screenshot({ path: new URL('../../build/screenshots/embed-frame-asks.png', import.meta.url).pathname, fullPage: true })

  await press(page, 'Accept and continue')
  await shown(page, 'Who heard the kutilang')
  assert.equal(page.given, undefined, 'once is not remembered')
  await page.reload()
  await press(page, 'Always for this site')
  await shown(page, 'Who heard the kutilang')
  assert.match(page.given, /^kicau_embed=always; .*Secure; SameSite=None; Partitioned; Max-Age=34560000$/)
  const [cookie, ...more] = await page.context().cookies()
  assert.deepEqual([cookie.name, cookie.value, cookie.httpOnly, more.length], ['kicau_embed', 'always', true, 0])
  await page.reload()
  await shown(page, 'Who heard the kutilang')

  // Another site of other people asks on its own.
  const other = await page.context().newPage()
  await other.goto(`http://elsewhere.localhost:${site.address().port}/`)
  await shown(other, 'If you agree')
  await other.close()

  await page.screenshot({ path: new URL('../../build/screenshots/embed-frame-always.png', import.meta.url).pathname, fullPage: true })
  await press(page, 'Ask me again on this site')
  await shown(page, 'If you agree')
  assert.match(page.given, /Max-Age=0$/)
  assert.deepEqual(await page.context().cookies(), [])
  await page.reload()
  await shown(page, 'If you agree')
}

it('where a browser keeps no cookie, it is said, and the post is shown', async () => {
  const reply = await fetch(`${posts.root.url}/embed/ask?lang=id`, { method: 'POST', body: new URLSearchParams({ choice: 'always' }) })
  assert.match(reply.url, /asked=refused/)
  assert.match(await reply.text(), /Who heard the kutilang[\s\S]*Peramban Anda tidak mengizinkan/)
  assert.equal((await fetch(`${posts.root.url}/embed/ask`, { method: 'POST', body: new URLSearchParams({ choice: 'maybe' }) })).status, 422)
  for (const name of ['quiet', 'secret']) assert.equal((await fetch(`${posts[name].url}/embed/ask`)).status, 404)
  for (const cookie of ['', 'kicau_embed=always']) {
    const first = await fetch(`${posts.root.url}/embed/ask`, { headers: { cookie }, redirect: 'manual' })
    assert.equal(first.status, cookie ? 303 : 200, 'what is kept in memory is not for who has chosen')
  }
})

it('a question in the frame is as it should be, in both themes and languages', async () => {
  for (const [lang, words] of [['en', 'Always for this site'], ['id', 'Selalu untuk situs ini']]) {
    const page = await watchedPage()
    await page.goto(`${posts.picture.url}/embed/ask?lang=${lang}`)
    await page.getByRole('button', { name: words }).waitFor()
    await screenshots(page, `embed-question-${lang}`)
    await page.goto(`${posts.picture.url}/embed?asked=always&lang=${lang}`)
    await screenshots(page, `embed-always-${lang}`)
    await page.context().close()
  }
})

it('a snapshot is text: it loads nothing, and a server sees when it changes or is gone', async () => {
  const post = await sari.post('/api/v1/statuses', { status: 'as it was #birds' })
  const { text, page: code } = await codes(post)
  await code.context().close()
  const page = await publish(text)
  await silent(page)
  assert.match(await page.locator('blockquote').innerText(), /as it was #birds[\s\S]*Sari Wulandari/)
  assert.equal(await page.locator('blockquote img, blockquote script, blockquote iframe').count(), 0)
  await page.context().close()

  const where = `${post.url}/snapshot`
  const first = await fetch(where)
  const etag = first.headers.get('etag')
  assert.equal(await first.text(), text)
  assert.equal((await fetch(where, { headers: { 'If-None-Match': etag } })).status, 304)
  await sari.put(`/api/v1/statuses/${post.id}`, { status: 'as it is' })
  const second = await fetch(where, { headers: { 'If-None-Match': etag } })
  assert.match(await second.text(), /as it is/)
  assert.match(await (await fetch(`${posts.warned.url}/snapshot`)).text(), /<details><summary dir="auto">Ends of films/)
  assert.match(await (await fetch(`${posts.poll.url}/snapshot`)).text(), /Sourdough: 1 of 1/)
  assert.match(await (await fetch(`${posts.picture.url}/snapshot?lang=id`)).text(), /Gambar atau berkas: Two white birds/)
  await sari.delete(`/api/v1/statuses/${post.id}`)
  assert.equal((await fetch(where)).status, 410)
})

it('a post that was deleted says so, in the frame and in its size', async () => {
  const post = await sari.post('/api/v1/statuses', { status: 'here for a minute' })
  const { whole, page: code } = await codes(post)
  await code.context().close()
  await sari.delete(`/api/v1/statuses/${post.id}`)
  const page = await publish(whole)
  await page.getByRole('button', { name: 'Accept and continue' }).click()
  await frameOf(page).getByText('This post is not here any more').waitFor()
  assert.ok(await frameOf(page).locator('html').evaluate((html) => html.scrollHeight <= innerHeight))
  await page.screenshot({ path: new URL('../../build/screenshots/embed-gone.png', import.meta.url).pathname, fullPage: true })
  await frameOf(page).getByText('This post was deleted').waitFor()
  assert.equal((await fetch(`${post.url}/embed`)).status, 410)
  await page.context().close()
})

it('what is not for everybody is shown by no way, not even to who may see it', async () => {
  const page = await newPage()
  await page.goto(`${server.base}/login`)
  await signIn(page, { username: 'sari' })
  await page.waitForURL(`${server.base}/`)
  for (const name of ['quiet', 'secret']) {
    await page.goto(posts[name].url)
    assert.equal(await page.getByRole('link', { name: 'Embed', exact: true }).count(), 0)
    for (const way of ['embed', 'embed/code', 'snapshot']) {
      const reply = await page.request.get(`${posts[name].url}/${way}`)
      assert.equal(reply.status(), 404, `${name} ${way}`)
      assert.doesNotMatch(await reply.text(), /for those who follow|a private word/)
    }
    await anyone.call('GET', '/api/oembed', { query: { url: posts[name].url }, status: 404 })
  }
  await page.context().close()
})

it('names that are code, or turn the text around, stay names', async () => {
  const post = await budi.post('/api/v1/statuses', { status: 'see above' })
  await budi.patch('/api/v1/accounts/update_credentials', { display_name: '"><script>x()</script>\u202e<b>' })
  const { whole, frame, text, page: code } = await codes(post)
  await code.context().close()
  const page = await publish(whole + frame + text)
  await silent(page)
  assert.ok((await page.locator('.ask .by').innerText()).includes('"><script>x()</script>'))
  assert.deepEqual(page.complaints.filter((line) => !/favicon/.test(line)), [])
  await page.context().close()
})

it('the script is small', () => {
  assert.ok(gzipSync(script, { level: 6 }).length <= 4000)
})
