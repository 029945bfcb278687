// A person in front of the authorize page: headless Chromium signs in and consents.
import { createHash, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { after } from 'node:test'
import { chromium } from 'playwright-core'
import { password as usualPassword } from './server.mjs'

export const OOB = 'urn:ietf:wg:oauth:2.0:oob'

const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage']

let browser
after(async () => { if (browser) await (await browser).close() })

async function launch () {
  browser ||= chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', headless: true, args: flags })
  return browser
}

const PATIENCE = 45000 // ms; a machine that does much else at once is slow

export async function newPage (options = {}) {
  const context = await (await launch()).newContext({ locale: 'en-US', ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE)
  return page
}

export function pkce () {
  const verifier = randomBytes(32).toString('base64url')
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') }
}

// A redirect target that remembers where the browser was sent.
export async function callback () {
  let arrived
  const arrival = new Promise((resolve) => { arrived = resolve })
  const listener = createServer((request, reply) => {
    const url = new URL(request.url, 'http://127.0.0.1')
    reply.end('<!doctype html><title>done</title>')
    if (url.pathname === '/callback') arrived(url.searchParams)
  })
  await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve))
  listener.unref()
  return {
    url: `http://127.0.0.1:${listener.address().port}/callback`,
    arrival,
    close () { listener.closeAllConnections?.(); listener.close() }
  }
}

export async function signIn (page, { username, password = usualPassword }) {
  const secret = page.locator('input[name="password"]')
  await secret.waitFor()
  const form = page.locator('form').filter({ has: secret })
  await form.locator('input[name="username"], input[name="email"]').first().fill(username)
  await secret.fill(password)
  await form.locator('button[type="submit"], input[type="submit"], button:not([type])').first().click()
}

export const consent = (page, choice = /authori[sz]e/i) => page.getByRole('button', { name: choice }).first().click()

async function shownCode (page) {
  await page.waitForURL((url) => url.searchParams.has('code') || /\/native/.test(url.pathname))
  const place = page.locator('[data-oauth-code], .oauth-code, code, input[readonly]').first()
  await place.waitFor()
  const tag = await place.evaluate((node) => node.tagName)
  return (tag === 'INPUT' ? await place.inputValue() : await place.innerText()).trim()
}

// Answers the code; `page` may be one that is signed in already.
export async function authorize (url, who, { page, landing } = {}) {
  const own = page || await newPage()
  try {
    await own.goto(String(url))
    if (who) await signIn(own, who)
    await consent(own)
    if (!landing) return { code: await shownCode(own) }
    let timer
    const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`the browser never came back; it is at ${own.url()}`)), PATIENCE) })
    try { return Object.fromEntries(await Promise.race([landing.arrival, late])) } finally { clearTimeout(timer) }
  } finally { if (!page) await own.context().close() }
}
