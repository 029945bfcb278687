// Somebody who knows only Twitter, and reads no documentation: opens the first page and goes on by what stands there, to
// the end, with scripts and without. Everything is found by its words; no address is typed but the first.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after } from 'node:test'
import { newPage } from '../api/lib/browser.mjs'
import { password, startWorld, until } from '../api/lib/server.mjs'
import { AS_INIT_HAS_IT } from '../api/lib/settings.mjs'
import { accessible as looked } from './lib/eyes.mjs'

const { it, server, users: { budi } } = await startWorld({ accounts: ['budi'], env: { ...AS_INIT_HAS_IT } })
await budi.post('/api/v1/statuses', { status: 'Rye and sourdough at seven, as always. #bread' })

// A page of their own, which is another site.
let pasted = ''
const site = createServer((request, response) => response.setHeader('Content-Type', 'text/html; charset=utf-8').end(`<!DOCTYPE html><html lang="en"><title>My page</title><h1>My page</h1>${pasted}`))
await new Promise((resolve) => site.listen(0, '127.0.0.1', resolve))
after(() => { site.close(); site.closeAllConnections() })
const own = `http://${new URL(server.base).hostname === 'localhost' ? '127.0.0.1' : 'localhost'}:${site.address().port}/`

// axe is a script.
const accessible = (page, what) => page.scripts ? looked(page, what) : undefined
const link = (page, name) => page.getByRole('link', { name, exact: true }).first()
const button = (page, name) => page.getByRole('button', { name, exact: true }).first()
const main = (page) => page.locator('main').innerText()

async function joins (page, name) {
  await page.goto(server.base)
  await accessible(page, 'the first page')
  await page.getByRole('link', { name: /make it here/ }).click()
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByLabel('E-mail address').fill(`${name}@example.net`)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByLabel('I keep to the rules of this server').check()
  await button(page, 'Make the account').click()
  await page.getByText('Your account is there.').waitFor()
  await page.locator('main').getByRole('link', { name: 'Log in' }).click()
  await page.locator('input[name="username"]').fill(name)
  await page.locator('input[name="password"]').fill(password)
  await page.locator('main').getByRole('button', { name: 'Log in', exact: true }).click()
  await page.locator('.bar .me').waitFor()
}

async function writes (page, text) {
  await page.getByLabel('What is on your mind?').first().fill(text)
  await button(page, 'Post').click()
  await page.locator('article', { hasText: text }).first().waitFor()
}

async function searches (page, text) {
  await link(page, 'Search').click()
  await page.locator('main input[type="search"], main input[name="q"]').first().fill(text)
  await page.locator('main').getByRole('button', { name: 'Search' }).click()
  await page.waitForURL(/q=/)
}

async function follows (page) {
  await searches(page, 'budi')
  await page.locator('main').getByRole('link', { name: /budi/ }).first().click()
  await button(page, 'Follow').click()
  await button(page, 'Unfollow').waitFor()
}

async function replies (page, name, text) {
  await link(page, 'Home').click()
  const post = page.locator('article', { hasText: 'Rye and sourdough' }).first()
  await post.getByRole('link', { name: /^Reply/ }).click()
  await page.locator('#text').fill(`@budi ${text}`)
  await page.locator('main').getByRole('button', { name: 'Post', exact: true }).click()
  await until('it is answered', async () => (await budi.get('/api/v1/notifications')).some((one) => one.type === 'mention' && one.account.username === name))
}

async function chooses (page, user) {
  await link(page, 'Settings').click()
  await link(page, 'Your posts as data').click()
  assert.deepEqual((await user.get('/api/v1/accounts/data_licence')), { search: false, research: false, commercial: false, training: false, offered: ['search', 'research', 'commercial', 'training'], chosen: false, changed_at: null }, 'nobody has agreed by making an account')
  await page.getByRole('checkbox', { name: 'Training of AI', exact: true }).uncheck()
  assert.equal(await page.getByText('does not offer it').count(), 0)
  await page.getByRole('checkbox', { name: 'Research', exact: true }).check()
  await button(page, 'Save my choice').click()
  await page.getByText(/This is what you chose/).waitFor()
  await accessible(page, 'what posts may be licensed for')
  const { search, research, training, chosen } = await user.get('/api/v1/accounts/data_licence')
  assert.deepEqual({ search, research, training, chosen }, { search: false, research: true, training: false, chosen: true })
}

// What they wrote is found again, opened, and its code copied: the one that fits a page where scripts run or not.
async function embeds (page, text, code) {
  await until('it is found', async () => { await searches(page, text); return await page.locator('article', { hasText: text }).count() > 0 })
  await page.locator('article', { hasText: text }).first().locator('.when').click()
  await page.waitForURL(/\/@\w+\/\d+$/)
  await link(page, 'Embed').click()
  await page.getByRole('heading', { name: 'Show this post on another site' }).waitFor()
  await accessible(page, 'what to copy')
  pasted = await page.getByRole('textbox', { name: code, exact: true }).inputValue()
  const theirs = await page.context().newPage()
  const asked = []
  theirs.on('request', (request) => asked.push(request.url()))
  await theirs.goto(own)
  return { theirs, asked }
}

for (const [name, javaScriptEnabled, code] of [['ayu', true, 'The code'], ['ratna', false, 'Without a script']]) {
  it(`${javaScriptEnabled ? 'with' : 'without'} scripts: signs up, writes, follows, replies, finds it again, chooses, embeds`, async () => {
    const page = await newPage({ javaScriptEnabled })
    page.scripts = javaScriptEnabled
    page.setDefaultTimeout(20000)
    await joins(page, name)
    const text = `The first words of ${name}, and birds`
    await writes(page, text)
    await follows(page)
    await replies(page, name, 'I will come at half past six')
    const user = await server.login(name)
    await chooses(page, user)
    assert.deepEqual((await user.get('/api/v1/timelines/home')).some((post) => post.account.username === 'budi'), true)
    const { theirs, asked } = await embeds(page, text, code)
    const inside = theirs.frameLocator('iframe')
    if (javaScriptEnabled) await theirs.getByRole('button', { name: 'Accept and continue' }).waitFor()
    else await inside.getByRole('link', { name: 'Accept and continue' }).waitFor()
    assert.deepEqual(asked.filter((url) => url.startsWith(server.base)), [], 'nothing is asked of the server before their reader agrees')
    if (javaScriptEnabled) await theirs.getByRole('button', { name: 'Accept and continue' }).click()
    else await inside.getByRole('link', { name: 'Accept and continue' }).click()
    await inside.getByText(text).first().waitFor()
    assert.match(await main(page), /Show this post/)
    await page.context().close()
  }, { timeout: 120000 })
}
