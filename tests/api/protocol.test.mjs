// Discovery, CORS, errors and what the instance says about itself.
import assert from 'node:assert/strict'
import { request } from 'node:http'
import { startWorld } from './lib/server.mjs'

const { it } = await startWorld({ accounts: ['alice', 'bob'] })
const origin = { Origin: 'https://client.example' }
const people = 3 // alice, bob, and the owner whom init makes

it('NodeInfo: our own name, and what we are compatible with', async ({ anyone, server }) => {
  const { links } = await anyone.get('/.well-known/nodeinfo')
  for (const version of ['2.0', '2.1']) {
    const link = links.find((l) => l.rel === `http://nodeinfo.diaspora.software/ns/schema/${version}`)
    assert.ok(link.href.startsWith(server.base), link.href)
    const info = await anyone.get(new URL(link.href).pathname)
    assert.equal(info.version, version)
    assert.equal(info.software.name, 'kicau')
    assert.equal(info.metadata.upstream.name, 'mastodon')
    assert.equal(info.usage.users.total, people)
  }
  await anyone.get('/nodeinfo/2.0') // Elk goes to this fixed path
})

it('host-meta and WebFinger', async ({ server }) => {
  const meta = await fetch(`${server.base}/.well-known/host-meta`)
  assert.equal(meta.status, 200)
  assert.match(await meta.text(), /\/\.well-known\/webfinger\?resource=\{uri\}/)
  const finger = await fetch(`${server.base}/.well-known/webfinger?resource=acct:alice@${server.domain}`)
  assert.equal(finger.status, 200)
  const { subject, links } = await finger.json()
  assert.equal(subject, `acct:alice@${server.domain}`)
  assert.ok(links.some((l) => l.rel === 'http://webfinger.net/rel/profile-page'))
  assert.ok(links.every((l) => l.rel !== 'self')) // nothing is promised that federation has yet to bring
  assert.equal((await fetch(`${server.base}/.well-known/webfinger?resource=acct:nobody@${server.domain}`)).status, 404)
})

it('both instance documents agree', async ({ anyone, server }) => {
  const v2 = await anyone.get('/api/v2/instance')
  const v1 = await anyone.get('/api/v1/instance')
  assert.match(v2.version, /^4\.\d+\.\d+ \(compatible; kicau /)
  assert.equal(v1.version, v2.version)
  assert.equal(v2.domain, server.domain)
  assert.equal(v1.uri, server.domain)
  assert.equal(v1.title, v2.title)
  assert.equal(v1.urls.streaming_api, v2.configuration.urls.streaming)
  assert.equal(v2.configuration.urls.streaming, server.base.replace(/^http/, 'ws'))
  assert.deepEqual(v1.configuration.statuses, v2.configuration.statuses)
  assert.deepEqual(v2.configuration.statuses, { max_characters: 500, max_media_attachments: 4, characters_reserved_per_url: 23 })
  assert.equal(v2.configuration.polls.max_options, 4)
  assert.equal(v1.stats.user_count, people)
  assert.equal(v2.configuration.translation.enabled, false)
  assert.equal((await fetch(v2.thumbnail.url)).status, 200)
  for (const icon of v2.icon) assert.equal((await fetch(icon.src)).status, 200)
})

const open = ['/api/v1/statuses', '/api/v2/media', '/oauth/token', '/oauth/revoke', '/oauth/userinfo', '/.well-known/webfinger', '/nodeinfo/2.0']

it('CORS: a preflight of any API path is answered, for every client', async ({ anyone }) => {
  for (const path of open) {
    const { status, headers } = await anyone.call('OPTIONS', path, {
      headers: { ...origin, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'authorization,content-type,idempotency-key' }, check: false
    })
    assert.ok([200, 204].includes(status), path)
    assert.equal(headers.get('access-control-allow-origin'), '*', path)
    assert.equal(headers.get('access-control-allow-credentials'), null, path)
    const methods = headers.get('access-control-allow-methods')
    assert.match(methods, path.startsWith('/api/') ? /POST/ : /GET|POST/, path)
    if (path.startsWith('/api/')) for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) assert.ok(methods.includes(method), `${path} ${method}`)
    for (const name of ['authorization', 'content-type', 'idempotency-key']) assert.ok((headers.get('access-control-allow-headers') || '').toLowerCase().includes(name), `${path} ${name}`)
  }
})

it('CORS: replies and errors alike name what a page may read', async ({ alice }) => {
  for (const [path, status] of [['/api/v1/timelines/home', 200], ['/api/v1/statuses/1', 404]]) {
    const { headers } = await alice.call('GET', path, { headers: origin, status })
    assert.equal(headers.get('access-control-allow-origin'), '*')
    const exposed = headers.get('access-control-expose-headers').toLowerCase()
    for (const name of ['link', 'x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'x-request-id', 'mastodon-async-refresh']) assert.ok(exposed.includes(name), name)
  }
})

it('pages with a form are not open to other sites', async ({ server }) => {
  for (const path of ['/oauth/authorize', '/']) {
    const { headers } = await fetch(server.base + path, { headers: origin, redirect: 'manual' })
    assert.equal(headers.get('access-control-allow-origin'), null, path)
  }
})

const error = async (client, method, path, status, text, options) => {
  const { body } = await client.call(method, path, { status, ...options })
  if (text instanceof RegExp) assert.match(body.error, text)
  else assert.equal(body.error, text)
}

it('errors have Mastodon\'s words', async ({ alice, anyone }) => {
  const broken = anyone.as('nonsense')
  await error(anyone, 'GET', '/api/v1/timelines/home', 401, 'The access token is invalid')
  await error(broken, 'GET', '/api/v1/timelines/home', 401, 'The access token is invalid')
  await error(broken, 'GET', '/api/v1/timelines/public', 401, 'The access token is invalid')
  await error(alice, 'GET', '/api/v1/statuses/1', 404, 'Record not found')
  await error(alice, 'GET', '/api/v1/statuses/nonsense', 404, 'Record not found')
  await error(alice, 'GET', '/api/v1/accounts/1', 404, 'Record not found')
  await error(alice, 'GET', '/api/v1/accounts/99999999999999999999999', 404, 'Record not found')
  await error(alice, 'GET', '/api/v1/accounts/lookup', 404, 'Record not found', { query: { acct: 'nobody' } })
  await error(alice, 'POST', '/api/v1/statuses', 422, /^Validation failed: /, { json: {} })
  await error(alice, 'POST', '/api/v1/lists', 422, /^Validation failed: Title can't be blank/, { json: {} })
})

it('a route that does not exist answers 404 in JSON', async ({ alice, server }) => {
  const reply = await fetch(`${server.base}/api/v1/nonsense`, { headers: { Authorization: `Bearer ${alice.token}` } })
  assert.equal(reply.status, 404)
  assert.match(reply.headers.get('content-type'), /json/)
  assert.ok((await reply.json()).error)
})

it('HEAD answers like GET, without a body', async ({ server }) => {
  const reply = await fetch(`${server.base}/api/v2/instance`, { method: 'HEAD' })
  assert.equal(reply.status, 200)
  assert.equal(await reply.text(), '')
})

it('every reply has an X-Request-Id and refuses to be sniffed', async ({ anyone }) => {
  const one = await anyone.call('GET', '/api/v2/instance')
  const two = await anyone.call('GET', '/api/v2/instance')
  assert.ok(one.headers.get('x-request-id'))
  assert.notEqual(one.headers.get('x-request-id'), two.headers.get('x-request-id'))
  assert.equal(one.headers.get('x-content-type-options'), 'nosniff')
  assert.match(one.headers.get('content-type'), /^application\/json; charset=utf-8$/)
})

it('what depends on the token is never kept by a shared cache', async ({ alice }) => {
  for (const path of ['/api/v1/timelines/home', '/api/v1/accounts/verify_credentials', '/api/v1/timelines/public']) {
    const { headers } = await alice.call('GET', path)
    assert.match(headers.get('cache-control') || '', /private|no-store/, path)
  }
})

it('the token may come in the address, as old clients send it', async ({ alice, anyone }) => {
  const { body } = await anyone.call('GET', '/api/v1/accounts/verify_credentials', { query: { access_token: alice.token } })
  assert.equal(body.username, 'alice')
})

it('a connection serves many calls', async ({ server }) => {
  const { Agent } = await import('node:http')
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const once = () => new Promise((resolve, reject) => {
    request(`${server.base}/api/v1/custom_emojis`, { agent }, (reply) => { reply.resume(); reply.on('end', () => resolve(reply.socket)) }).on('error', reject).end()
  })
  const sockets = [await once(), await once(), await once()]
  agent.destroy()
  assert.equal(new Set(sockets).size, 1)
})
