// The program's own table of routes against the table of entities, and against Mastodon's documentation.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { run } from './lib/server.mjs'
import { all, has, template } from './schema/routes.mjs'

const routes = async () => JSON.parse(await run(['routes', '--json']))

test('every versioned route under /api/ has a reply that is checked', async () => {
  const list = await routes()
  assert.ok(list.length > 100, `only ${list.length} routes`)
  const unknown = list.filter((r) => r.path.startsWith('/api/v') && r.method !== 'OPTIONS' && r.method !== 'HEAD')
    .filter((r) => !has(r.method, r.path)).map((r) => `${r.method} ${r.path}`)
  assert.deepEqual(unknown, [])
})

test('every route names its method, path, scope and reply', async () => {
  for (const route of await routes()) {
    assert.match(route.method, /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/)
    assert.match(route.path, /^\//)
    assert.ok('scope' in route, `${route.path} has no scope`)
    assert.ok('reply' in route, `${route.path} has no reply`)
  }
})

test('no route is listed twice', async () => {
  const names = (await routes()).map((r) => `${r.method} ${r.path}`)
  assert.deepEqual(names.filter((name, at) => names.indexOf(name) !== at), [])
})

test('no reply is described of a route that is not there', async () => {
  const here = new Set((await routes()).map((route) => `${route.method} ${template(route.path)}`))
  assert.deepEqual(all().filter((one) => !here.has(one)), [])
})

// What Mastodon's documentation has and this server does not, and why.
const misprint = 'a misprint: it is /api/v1/accounts/:id/…, which is served'
const alpha = 'kept in the documentation "for historical purposes only": it is /api/v2/notifications now'
const absent = {
  'GET /api/v1/:/collections': misprint,
  'GET /api/v1/:/in_collections': misprint,
  'GET /api/v2_alpha/notifications': alpha,
  'GET /api/v2_alpha/notifications/:': alpha,
  'GET /api/v2_alpha/notifications/unread_count': alpha,
  'POST /api/v2_alpha/notifications/:/dismiss': alpha,
  'GET /api/proofs': 'removed from Mastodon in 3.5, with Keybase',
  'GET /api/v1/search': 'removed from Mastodon in 3.0',
  'GET /api/v1/statuses/:/card': 'removed from Mastodon in 3.0'
}

test("every endpoint of Mastodon's documentation is there, but those that are named here", async () => {
  const text = readFileSync(new URL('schema/mastodon-endpoints.txt', import.meta.url), 'utf8')
  const documented = text.split('\n').filter((line) => line && !line.startsWith('#')).map((line) => line.split(' '))
  assert.ok(documented.length > 250, `only ${documented.length} endpoints`)
  const here = new Set((await routes()).map((route) => `${route.method} ${template(route.path)}`))
  const missing = documented.map(([method, path]) => `${method} ${template(path)}`).filter((one) => !here.has(one))
  assert.deepEqual([...new Set(missing)].sort(), Object.keys(absent).sort())
})
