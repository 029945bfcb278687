// What the people who run the server ask and promise - rules, what it is at length, privacy, terms - as somebody meets it who
// thinks of joining: on the page about it, at the foot of each page, and where one signs up.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newPage } from '../api/lib/browser.mjs'
import { password, until } from '../api/lib/server.mjs'
import { OPEN_REGISTRATION } from '../api/lib/settings.mjs'
import { screenshots } from './lib/eyes.mjs'
import { SCRIPT, startTown } from './lib/town.mjs'

const { it, server, anyone } = await startTown({ ...OPEN_REGISTRATION })
const at = (path) => `${server.base}${path}`
const day = (ahead) => new Date(Date.now() + ahead * 86400e3).toISOString().slice(0, 10)
const get = (path, headers = {}) => fetch(at(path), { headers: { Accept: 'text/html', 'Accept-Language': 'en', ...headers } })
const text = async (path) => (await get(path)).text()
const queries = async () => Number(/^kicau_db_queries_of_requests_total (\d+)/m.exec(await (await fetch(at('/metrics'))).text())[1])
const papers = (page) => page.locator('.foot .papers a').allInnerTexts()
const reads = (page) => page.locator('main').innerText()

async function write (kind, words, ...more) {
  writeFileSync(join(server.data, 'text'), words)
  await server.kicau(['document', 'write', kind, join(server.data, 'text'), ...more])
}

it('nothing is linked to that nobody has written, and its address says that there is nothing', async () => {
  for (const path of ['/privacy-policy', '/terms-of-service', `/terms-of-service/${day(0)}`, '/terms-of-service/soon']) assert.equal((await get(path)).status, 404, path)
  const page = await newPage()
  await page.goto(at('/about'))
  assert.deepEqual(await papers(page), ['About this server'])
  assert.doesNotMatch(await reads(page), /Rules/)
  const { configuration: { urls } } = await anyone.get('/api/v2/instance')
  assert.deepEqual([urls.about, urls.privacy_policy, urls.terms_of_service], [at('/about'), null, null])
  await page.context().close()
})

it('once written, each page leads to them, also those that were kept; and an app is told where they are', async () => {
  assert.doesNotMatch(await text('/@sari'), /privacy-policy/)
  await write('about', 'A town for who gets up early.\n\nMore at https://sari.example/birds')
  await write('privacy', `We keep little: ${SCRIPT}\n\nWrite to us.`)
  await write('terms', 'First come, first served.', '--from', day(-400))
  await write('terms', 'Who sings may stay.', '--from', day(-3))
  await server.kicau(['rule', 'add', 'Be kind', '--hint', 'Also before breakfast.'])
  await server.kicau(['rule', 'add', SCRIPT])
  for (const path of ['/@sari', '/about']) await until(path, async () => /privacy-policy[\s\S]*terms-of-service/.test(await text(path)))
  const page = await newPage()
  await page.goto(at('/@sari'))
  assert.deepEqual(await papers(page), ['About this server', 'Privacy policy', 'Terms of service'])
  await page.locator('.foot').getByRole('link', { name: 'About this server' }).click()
  const about = await reads(page)
  assert.match(about, /A town for who gets up early\.[\s\S]*Rules[\s\S]*Be kind[\s\S]*Also before breakfast\./)
  assert.deepEqual(await page.locator('.rules li strong').allInnerTexts(), ['Be kind', SCRIPT])
  await screenshots(page, 'about-rules')
  await page.locator('.foot').getByRole('link', { name: 'Privacy policy' }).click()
  assert.match(await reads(page), /Privacy policy[\s\S]*We keep little: <script>/)
  assert.equal(await page.title(), 'Privacy policy · Kampung Kicau')
  await screenshots(page, 'privacy-policy')
  await page.locator('.foot').getByRole('link', { name: 'Terms of service' }).click()
  assert.match(await reads(page), new RegExp(`They hold since ${day(-3)}\\.[\\s\\S]*Who sings may stay\\.`))
  const { configuration: { urls } } = await anyone.get('/api/v2/instance')
  assert.deepEqual([urls.privacy_policy, urls.terms_of_service], [at('/privacy-policy'), at('/terms-of-service')])
  await page.context().close()
})

it('terms of another day have an address, and are announced', async () => {
  await write('terms', 'Who sings in tune may stay.', '--from', day(30))
  const page = await newPage()
  await until('the next version is known', async () => { await page.goto(at('/terms-of-service')); return /Another version/.test(await reads(page)) })
  assert.match(await reads(page), /Who sings may stay/)
  await screenshots(page, 'terms')
  await page.getByRole('link', { name: `Another version holds from ${day(30)} on.` }).click()
  assert.equal(new URL(page.url()).pathname, `/terms-of-service/${day(30)}`)
  assert.match(await reads(page), new RegExp(`They hold from ${day(30)} on\\.[\\s\\S]*in tune`))
  await page.goto(at(`/terms-of-service/${day(-400)}`))
  assert.match(await reads(page), /First come/)
  assert.equal((await get(`/terms-of-service/${day(-399)}`)).status, 404)
  await page.context().close()
})

it('visitors are given them from memory, with an ETag', async () => {
  for (const path of ['/about', '/privacy-policy', '/terms-of-service', `/terms-of-service/${day(30)}`]) {
    const etag = (await get(path)).headers.get('etag')
    assert.ok(etag, path)
    assert.equal((await get(path, { 'If-None-Match': etag })).status, 304, path)
    let least = Infinity // the numbers of the page about it are five seconds late at most: it may be drawn once in between
    for (let i = 0; i < 3 && least; i++) {
      const before = await queries()
      for (let n = 0; n < 10; n++) await text(path)
      least = Math.min(least, await queries() - before)
    }
    assert.equal(least, 0, path)
  }
})

for (const javaScriptEnabled of [true, false]) {
  it(`who signs up reads the rules beside the box, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async () => {
    const page = await newPage({ javaScriptEnabled })
    await page.goto(at('/auth/sign_up'))
    assert.deepEqual(await page.locator('form .rules li strong').allInnerTexts(), ['Be kind', SCRIPT])
    assert.deepEqual(await page.locator('form .papers a').evaluateAll((all) => all.map((one) => one.getAttribute('href'))), ['/about', '/privacy-policy', '/terms-of-service'])
    if (javaScriptEnabled) await screenshots(page, 'sign-up-rules')
    const name = javaScriptEnabled ? 'tono' : 'wati'
    await page.getByLabel('Name', { exact: true }).fill(name)
    await page.getByLabel('E-mail address').fill(`${name}@example.net`)
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByLabel('I keep to the rules of this server').check()
    await page.getByRole('button', { name: 'Make the account' }).click()
    await page.getByText('Your account is there.').waitFor()
    await page.context().close()
  })
}

it('what is taken away is gone from every page', async () => {
  for (const kind of ['about', 'privacy', 'terms']) await server.kicau(['document', 'remove', kind])
  await until('the links are gone', async () => !/privacy-policy|terms-of-service/.test(await text('/@sari')))
  for (const path of ['/privacy-policy', '/terms-of-service', `/terms-of-service/${day(30)}`]) assert.equal((await get(path)).status, 404, path)
  assert.doesNotMatch(await text('/about'), /early/)
})
