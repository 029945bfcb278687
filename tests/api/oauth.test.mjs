// Applications, the authorize pages, tokens and scopes.
import assert from 'node:assert/strict'
import { authorize, callback, consent, newPage, OOB, pkce, signIn } from './lib/browser.mjs'
import { appToken, authorizeUrl, registerApp, tokenRequest } from './lib/oauth.mjs'
import { allScopes, startWorld, stranger } from './lib/server.mjs'

const { it } = await startWorld({ accounts: ['alice', 'bob'] })

it('registers an application from JSON, a form and a multipart body', async ({ anyone }) => {
  const fields = { client_name: 'one', redirect_uris: OOB, scopes: 'read write:statuses', website: 'https://app.example' }
  for (const kind of ['json', 'form', 'multipart']) {
    const app = (await anyone.call('POST', '/api/v1/apps', { [kind]: fields })).body
    assert.equal(app.name, 'one')
    assert.equal(app.website, 'https://app.example')
    assert.deepEqual(app.redirect_uris, [OOB])
    assert.equal(app.redirect_uri, OOB)
    assert.deepEqual(app.scopes, ['read', 'write:statuses'])
  }
})

it('several redirect addresses may be registered, scopes default to read', async ({ anyone }) => {
  const uris = ['https://app.example/one', 'https://app.example/two']
  const app = await anyone.post('/api/v1/apps', { client_name: 'two', redirect_uris: uris })
  assert.deepEqual(app.redirect_uris, uris)
  assert.equal(app.redirect_uri, uris.join('\n'))
  assert.deepEqual(app.scopes, ['read'])
  const lines = await anyone.post('/api/v1/apps', { client_name: 'two', redirect_uris: uris.join('\n') })
  assert.deepEqual(lines.redirect_uris, uris)
})

it('refuses an application without a name, with unknown scopes or with a bad address', async ({ anyone }) => {
  const good = { client_name: 'x', redirect_uris: OOB }
  for (const bad of [{ client_name: '' }, { scopes: 'read nonsense' }, { redirect_uris: 'javascript:alert(1)' }, { redirect_uris: '' }]) {
    const { body } = await anyone.call('POST', '/api/v1/apps', { json: { ...good, ...bad }, status: 422 })
    assert.match(body.error, /^Validation failed: /, JSON.stringify(bad))
  }
})

it('gives an application a token of its own, which is no user', async ({ anyone }) => {
  const app = await registerApp(anyone)
  const token = await appToken(anyone, app, 'read')
  const client = anyone.as(token, { app: true })
  assert.equal((await client.get('/api/v1/apps/verify_credentials')).name, 'test application')
  const { body } = await client.call('GET', '/api/v1/accounts/verify_credentials', { status: 422 })
  assert.equal(body.error, 'This method requires an authenticated user')
})

it('signs in on a page, asks, and sends the code to the redirect address', async ({ server, anyone }) => {
  const landing = await callback()
  const app = await registerApp(anyone, { redirect_uris: landing.url })
  const { code, state } = await authorize(authorizeUrl(server.base, app, { redirect_uri: landing.url, state: 'a b&c' }), { username: 'alice' }, { landing })
  landing.close()
  assert.equal(state, 'a b&c')
  const { body } = await tokenRequest(anyone, app, { grant_type: 'authorization_code', code, redirect_uri: landing.url })
  assert.deepEqual(body.scope.split(' ').sort(), allScopes.split(' ').sort())
  assert.ok(Math.abs(body.created_at - Date.now() / 1000) < 60)
  const client = anyone.as(body.access_token)
  assert.equal((await client.get('/api/v1/accounts/verify_credentials')).username, 'alice')
  const status = await client.post('/api/v1/statuses', { status: 'from an application' })
  assert.equal(status.application.name, 'test application')

  const again = await tokenRequest(anyone, app, { grant_type: 'authorization_code', code, redirect_uri: landing.url }, { status: 400 })
  assert.equal(again.body.error, 'invalid_grant')
})

it('shows the code on a page, also with the slash that toot writes, and signs in by mail address', async ({ server, anyone, bob }) => {
  const app = await registerApp(anyone)
  const url = authorizeUrl(server.base, app).replace('/authorize?', '/authorize/?')
  const { code } = await authorize(url, { username: bob.email })
  const { body } = await tokenRequest(anyone, app, { grant_type: 'authorization_code', code })
  assert.equal((await anyone.as(body.access_token).get('/api/v1/accounts/verify_credentials')).username, 'bob')
})

it('PKCE: the verifier must fit the challenge', async ({ server, anyone }) => {
  const app = await registerApp(anyone)
  const { verifier, challenge } = pkce()
  const url = authorizeUrl(server.base, app, { code_challenge: challenge, code_challenge_method: 'S256' })
  const page = await newPage()
  const first = await authorize(url, { username: 'alice' }, { page })
  const without = await tokenRequest(anyone, app, { grant_type: 'authorization_code', code: first.code }, { status: 400 })
  assert.match(without.body.error, /invalid_(grant|request)/)
  const second = await authorize(url, null, { page }) // signed in already: only the question is asked
  const wrong = await tokenRequest(anyone, app, { grant_type: 'authorization_code', code: second.code, code_verifier: pkce().verifier }, { status: 400 })
  assert.equal(wrong.body.error, 'invalid_grant')
  const third = await authorize(url, null, { page })
  const { body } = await tokenRequest(anyone, app, { grant_type: 'authorization_code', code: third.code, code_verifier: verifier })
  assert.ok(body.access_token)
  await page.context().close()
})

it('a public client without a secret may redeem a code with PKCE only', async ({ server, anyone }) => {
  const app = await registerApp(anyone)
  const { verifier, challenge } = pkce()
  const { code } = await authorize(authorizeUrl(server.base, app, { code_challenge: challenge, code_challenge_method: 'S256' }), { username: 'alice' })
  const { body, status } = await anyone.call('POST', '/oauth/token', {
    form: { grant_type: 'authorization_code', client_id: app.client_id, redirect_uri: OOB, code, code_verifier: verifier }, status: 'any'
  })
  // Mastodon registers confidential clients only; refusing is as right as accepting, being silent is not.
  assert.ok(status === 200 ? body.access_token : status === 401 && body.error === 'invalid_client')
})

it('a wrong password signs nobody in, and saying no returns access_denied', async ({ server, anyone }) => {
  const landing = await callback()
  const app = await registerApp(anyone, { redirect_uris: landing.url })
  const page = await newPage()
  await page.goto(authorizeUrl(server.base, app, { redirect_uri: landing.url, state: 's' }))
  await signIn(page, { username: 'alice', password: 'wrong' })
  await page.locator('input[name="password"]').waitFor()
  await signIn(page, { username: 'alice' })
  await consent(page, /deny|cancel/i)
  const answer = await landing.arrival
  assert.equal(answer.get('error'), 'access_denied')
  assert.equal(answer.get('state'), 's')
  landing.close()
  await page.context().close()
})

it('never redirects to an address that was not registered', async ({ server, anyone }) => {
  const landing = await callback()
  const app = await registerApp(anyone, { redirect_uris: 'https://app.example/callback' })
  const url = authorizeUrl(server.base, app, { redirect_uri: landing.url })
  const reply = await fetch(url, { redirect: 'manual' })
  assert.ok(!(reply.headers.get('location') || '').startsWith(landing.url))
  const page = await newPage()
  await page.goto(url)
  if (await page.locator('input[name="password"]').count()) await signIn(page, { username: 'alice' })
  assert.ok(!page.url().startsWith(landing.url))
  assert.equal(await page.getByRole('button', { name: /authori[sz]e/i }).count(), 0)
  await page.context().close()
  landing.close()
})

it('asks for no more than the application registered', async ({ server, anyone }) => {
  const app = await registerApp(anyone, { scopes: 'read' })
  const page = await newPage()
  await page.goto(authorizeUrl(server.base, app, { scope: 'read write' }))
  if (await page.locator('input[name="password"]').count()) await signIn(page, { username: 'alice' })
  assert.equal(await page.getByRole('button', { name: /authori[sz]e/i }).count(), 0)
  await page.context().close()
})

it('the authorize page may be opened as a popup, but never inside a frame', async ({ server, anyone }) => {
  const app = await registerApp(anyone)
  const { headers } = await fetch(authorizeUrl(server.base, app))
  assert.notEqual(headers.get('cross-origin-opener-policy'), 'same-origin')
  assert.ok(/frame-ancestors/.test(headers.get('content-security-policy') || '') || headers.get('x-frame-options'))
  assert.match(headers.get('cache-control') || '', /no-store/)
})

it('token errors have the bodies of RFC 6749', async ({ anyone }) => {
  const app = await registerApp(anyone, { scopes: 'read' })
  const errors = [
    [{ grant_type: 'client_credentials', client_secret: 'wrong' }, 401, 'invalid_client'],
    [{ grant_type: 'client_credentials', client_id: 'wrong' }, 401, 'invalid_client'],
    [{ grant_type: 'client_credentials', scope: 'write' }, 400, 'invalid_scope'],
    [{ grant_type: 'authorization_code', code: 'nonsense' }, 400, 'invalid_grant'],
    [{ grant_type: 'nonsense' }, 400, 'unsupported_grant_type'],
    [{}, 400, 'invalid_request']
  ]
  for (const [fields, status, error] of errors) {
    const reply = await tokenRequest(anyone, app, fields, { status })
    assert.equal(reply.body.error, error, JSON.stringify(fields))
  }
})

it('the client may authenticate with HTTP Basic', async ({ anyone }) => {
  const app = await registerApp(anyone)
  const basic = Buffer.from(`${app.client_id}:${app.client_secret}`).toString('base64')
  const { body } = await anyone.call('POST', '/oauth/token', {
    form: { grant_type: 'client_credentials', scope: 'read' }, headers: { Authorization: `Basic ${basic}` }
  })
  assert.equal(body.scope, 'read')
})

it('answers a token with Cache-Control: no-store', async ({ anyone }) => {
  const app = await registerApp(anyone)
  const { headers } = await tokenRequest(anyone, app, { grant_type: 'client_credentials', scope: 'read' })
  assert.match(headers.get('cache-control') || '', /no-store/)
})

it('the password grant is off by default', async ({ anyone }) => {
  const app = await registerApp(anyone)
  const { body } = await tokenRequest(anyone, app, { grant_type: 'password', username: 'alice', password: 'correct horse battery staple' }, { status: 400 })
  assert.equal(body.error, 'unsupported_grant_type')
})

it('a revoked token is dead at once, and revoking again is fine', async ({ server, anyone }) => {
  const app = await registerApp(anyone)
  const { code } = await authorize(authorizeUrl(server.base, app), { username: 'alice' })
  const token = (await tokenRequest(anyone, app, { grant_type: 'authorization_code', code })).body.access_token
  await anyone.as(token).get('/api/v1/timelines/home')
  const other = await registerApp(anyone)
  const form = (a) => ({ client_id: a.client_id, client_secret: a.client_secret, token })
  const foreign = await anyone.call('POST', '/oauth/revoke', { form: form(other), status: 403 })
  assert.equal(foreign.body.error, 'unauthorized_client')
  await anyone.as(token).get('/api/v1/timelines/home')
  await anyone.call('POST', '/oauth/revoke', { form: form(app), status: 200 })
  await anyone.call('POST', '/oauth/revoke', { form: form(app), status: 200 })
  const { body } = await anyone.as(token).call('GET', '/api/v1/timelines/home', { status: 401 })
  assert.match(body.error, /^The access token (was revoked|is invalid)$/)
})

it('granular scopes open exactly their own doors', async ({ server, anyone }) => {
  const user = await stranger(server)
  const doors = {
    'read:accounts': ['GET', '/api/v1/accounts/verify_credentials'],
    'read:statuses': ['GET', '/api/v1/timelines/home'],
    'read:notifications': ['GET', '/api/v1/notifications'],
    'read:lists': ['GET', '/api/v1/lists'],
    'read:filters': ['GET', '/api/v2/filters'],
    'read:bookmarks': ['GET', '/api/v1/bookmarks'],
    'read:favourites': ['GET', '/api/v1/favourites'],
    'read:follows': ['GET', '/api/v1/follow_requests'],
    'read:mutes': ['GET', '/api/v1/mutes'],
    'read:blocks': ['GET', '/api/v1/blocks'],
    'write:statuses': ['POST', '/api/v1/statuses', { status: 'narrow' }],
    'write:lists': ['POST', '/api/v1/lists', { title: 'narrow' }]
  }
  for (const held of Object.keys(doors)) {
    const client = anyone.as(await server.token(user.user, held))
    for (const [scope, [method, path, json]] of Object.entries(doors)) {
      const reply = await client.call(method, path, { json, status: 'any' })
      assert.equal(reply.status, held === scope ? 200 : 403, `${held} on ${method} ${path}`)
      if (held !== scope) assert.equal(reply.body.error, 'This action is outside the authorized scopes')
    }
  }
})

it('the old scope "follow" still lets an application follow, block and mute', async ({ server, anyone, bob }) => {
  const user = await stranger(server)
  const client = anyone.as(await server.token(user.user, 'follow'))
  for (const action of ['follow', 'unfollow', 'mute', 'unmute', 'block', 'unblock']) await client.post(`/api/v1/accounts/${bob.id}/${action}`)
  await client.call('POST', '/api/v1/statuses', { json: { status: 'no' }, status: 403 })
})

it('describes itself as RFC 8414 asks, with addresses that work', async ({ server, anyone }) => {
  const about = await anyone.get('/.well-known/oauth-authorization-server')
  assert.equal(about.issuer.replace(/\/$/, ''), server.base)
  assert.equal(about.app_registration_endpoint, `${server.base}/api/v1/apps`)
  for (const scope of ['read', 'write', 'follow', 'push', 'profile', 'read:statuses', 'write:media']) assert.ok(about.scopes_supported.includes(scope), scope)
  assert.ok(!about.grant_types_supported.includes('password'))
})

it('/oauth/userinfo needs the profile scope', async ({ server, anyone, alice }) => {
  const client = anyone.as(await server.token('alice', 'profile'))
  const claims = await client.get('/oauth/userinfo')
  assert.equal(claims.preferred_username, 'alice')
  assert.equal(claims.profile, alice.url)
  assert.equal((await client.get('/api/v1/accounts/verify_credentials')).username, 'alice')
  await anyone.as(await server.token('alice', 'read:statuses')).call('GET', '/oauth/userinfo', { status: 403 })
})
