// Logging in and letting an app in, as a person with a browser sees it. What the app sees is api/oauth.test.mjs.
import assert from 'node:assert/strict'
import { callback, consent, newPage, OOB, signIn } from '../api/lib/browser.mjs'
import { authorizeUrl, registerApp } from '../api/lib/oauth.mjs'
import { startWorld } from '../api/lib/server.mjs'
import { watchedPage } from './lib/eyes.mjs'

const { it, server } = await startWorld({ accounts: ['sari', 'budi'] })
const post = (path, form, headers = {}) => fetch(server.base + path, { method: 'POST', redirect: 'manual', body: new URLSearchParams(form), headers: { Accept: 'text/html', ...headers } })

it('asks in plain words, says who asks and where it leads', async ({ anyone }) => {
  const landing = await callback()
  const app = await registerApp(anyone, { redirect_uris: landing.url, website: 'https://app.example/about', scopes: 'read write:statuses push' })
  const page = await watchedPage()
  await page.goto(authorizeUrl(server.base, app, { redirect_uri: landing.url, scope: 'read write:statuses' }))
  assert.match(await page.locator('main').innerText(), /test application/)
  await signIn(page, { username: 'sari' })
  const main = page.locator('main')
  await main.locator('.scopes').waitFor()
  const words = await main.innerText()
  for (const part of [/test application/, /app\.example/, /see everything you can see/, /post, edit and delete/, /@sari/, /127\.0\.0\.1/]) assert.match(words, part)
  assert.equal(await main.locator('.scopes li').count(), 2)
  await consent(page)
  assert.ok((await landing.arrival).get('code'))
  assert.deepEqual(page.complaints, [])
  landing.close()
  await page.context().close()
})

it('a redirect to a scheme of an app is not stopped by the page', async ({ anyone }) => {
  const uri = 'com.example.app://oauth/back'
  const app = await registerApp(anyone, { redirect_uris: uri })
  const page = await watchedPage()
  await page.goto(authorizeUrl(server.base, app, { redirect_uri: uri, state: 'x' }))
  await signIn(page, { username: 'sari' })
  const answer = page.waitForResponse((r) => r.request().method() === 'POST' && r.url().endsWith('/oauth/authorize'))
  await consent(page)
  const reply = await answer
  assert.equal(reply.status(), 303)
  assert.match(reply.headers().location, /^com\.example\.app:\/\/oauth\/back\?code=[\w-]{43}&state=x$/)
  assert.ok(!page.complaints.some((c) => /Content Security Policy/i.test(c)), page.complaints.join('\n'))
  await page.context().close()
})

it('a wrong password is said, keeps the name, and gives nothing away about names', async () => {
  const page = await newPage()
  const said = []
  for (const username of ['sari', 'nobody-of-that-name']) {
    await page.goto(`${server.base}/login`)
    await signIn(page, { username, password: 'not the password' })
    const alert = page.getByRole('alert')
    await alert.waitFor()
    said.push(await alert.innerText())
    assert.equal(await page.locator('input[name=username]').inputValue(), username)
    assert.equal(await page.locator('input[name=password]').inputValue(), '')
  }
  assert.equal(said[0], said[1])
  assert.match(said[0], /do not fit/)
  await page.context().close()
})

it('no is no, also for an app without an address', async ({ anyone }) => {
  const app = await registerApp(anyone)
  const page = await newPage()
  await page.goto(authorizeUrl(server.base, app))
  await signIn(page, { username: 'sari' })
  await consent(page, 'Deny')
  await page.getByText('has no access').waitFor()
  assert.equal(await page.locator('main code').count(), 0)
  await page.context().close()
})

it('shows the code of an app without an address, and only what looks like one', async ({ anyone }) => {
  const app = await registerApp(anyone)
  const page = await newPage()
  await page.goto(authorizeUrl(server.base, app, { redirect_uri: OOB }))
  await signIn(page, { username: 'sari' })
  await consent(page)
  await page.waitForURL(/\/oauth\/authorize\/native\?code=/)
  assert.match(await page.locator('main code').innerText(), /^[\w-]{43}$/)
  await page.goto(`${server.base}/oauth/authorize/native?code=${encodeURIComponent('Call 555-0100 and say your password')}`)
  assert.ok(!(await page.locator('main').innerText()).includes('555'))
  await page.context().close()
})

it('force_login asks again, and another account may be used', async ({ anyone }) => {
  const app = await registerApp(anyone)
  const page = await newPage()
  await page.goto(`${server.base}/login`)
  await signIn(page, { username: 'sari' })
  await page.waitForURL(`${server.base}/`)
  await page.goto(authorizeUrl(server.base, app))
  assert.match(await page.locator('main').innerText(), /@sari/)
  await page.getByRole('link', { name: 'Use another account' }).click()
  await signIn(page, { username: 'budi' })
  await page.locator('.scopes').waitFor()
  assert.match(await page.locator('main').innerText(), /@budi/)
  await page.context().close()
})

it('errors go back to the app only where it is known', async ({ anyone }) => {
  const app = await registerApp(anyone, { redirect_uris: 'https://app.example/back?x=1', scopes: 'read' })
  const ask = (fields) => fetch(authorizeUrl(server.base, app, { redirect_uri: 'https://app.example/back?x=1', scope: 'read', state: 's', ...fields }), { redirect: 'manual' })
  for (const [fields, error] of [
    [{ response_type: 'token' }, 'unsupported_response_type'],
    [{ response_type: '' }, 'invalid_request'],
    [{ scope: 'write' }, 'invalid_scope'],
    [{ scope: 'nonsense' }, 'invalid_scope'],
    [{ code_challenge: 'x'.repeat(43), code_challenge_method: 'plain' }, 'invalid_request'],
    [{ code_challenge: 'x'.repeat(43) }, 'invalid_request'],
    [{ code_challenge: 'short', code_challenge_method: 'S256' }, 'invalid_request']
  ]) {
    const reply = await ask(fields)
    const to = new URL(reply.headers.get('location'))
    assert.equal(to.origin + to.pathname, 'https://app.example/back', JSON.stringify(fields))
    assert.deepEqual([to.searchParams.get('x'), to.searchParams.get('error'), to.searchParams.get('state')], ['1', error, 's'], JSON.stringify(fields))
  }
  for (const fields of [{ client_id: 'unknown' }, { redirect_uri: 'https://app.example/back' }, { redirect_uri: 'https://app.example/back?x=1&y' }, { redirect_uri: '' }]) {
    const reply = await ask(fields)
    assert.equal(reply.status, 400, JSON.stringify(fields))
    assert.equal(reply.headers.get('location'), null)
  }
})

it('forms of other sites change nothing', async ({ anyone }) => {
  const app = await registerApp(anyone)
  const page = await newPage()
  await page.goto(`${server.base}/login`)
  await signIn(page, { username: 'sari' })
  await page.waitForURL(`${server.base}/`)
  const cookie = (await page.context().cookies()).map((c) => `${c.name}=${c.value}`).join('; ')
  const fields = { response_type: 'code', client_id: app.client_id, redirect_uri: OOB, scope: 'read', decision: 'authorize' }
  for (const csrf of [{}, { authenticity_token: 'x'.repeat(43) }]) {
    const reply = await post('/oauth/authorize', { ...fields, ...csrf }, { Cookie: cookie })
    assert.equal(reply.status, 422)
    assert.equal(reply.headers.get('location'), null)
  }
  assert.equal((await post('/login', { username: 'sari', password: 'correct horse battery staple' })).status, 422)
  assert.equal((await post('/logout', {}, { Cookie: cookie })).status, 422)
  await page.reload()
  assert.match(await page.locator('.bar').innerText(), /@sari/)
  await page.context().close()
})

it('the session cookie is out of reach for scripts and for other sites', async () => {
  const page = await newPage()
  await page.goto(`${server.base}/login`)
  await signIn(page, { username: 'sari' })
  await page.waitForURL(`${server.base}/`)
  const cookie = (await page.context().cookies()).find((c) => c.name === 'kicau_session')
  assert.equal(cookie.httpOnly, true)
  assert.equal(cookie.sameSite, 'Lax')
  assert.equal(cookie.path, '/')
  assert.ok(cookie.expires > Date.now() / 1000 + 29 * 86400)
  await page.context().close()
})

it('logging in never leads to another site', async () => {
  for (const next of ['https://evil.example/', '//evil.example/', '/\\evil.example', 'javascript:alert(1)', '/%0d%0aX: y']) {
    const page = await newPage()
    await page.goto(`${server.base}/login?next=${encodeURIComponent(next)}`)
    await signIn(page, { username: 'sari' })
    await page.waitForURL((url) => url.pathname !== '/login')
    assert.equal(new URL(page.url()).origin, server.base, next)
    await page.context().close()
  }
})
