// The program's own table of routes against the table of entities.
import assert from 'node:assert/strict'
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

// What Mastodon's documentation has and this server does not, and why.
const absent = {
  'GET /api/v1/search': 'removed from Mastodon in 3.0',
  'GET /api/v1/statuses/:/card': 'removed from Mastodon in 3.0'
}

test('every endpoint of Mastodon is there, but those that are named here', async () => {
  const here = new Set((await routes()).map((route) => `${route.method} ${template(route.path)}`))
  assert.deepEqual(all().filter((one) => !here.has(one)).sort(), Object.keys(absent).sort())
})
