// What may be asked of each endpoint under /2/: every parameter that X's document names is taken, and what a row does not
// declare is refused by name instead of being passed over in silence.
import assert from 'node:assert/strict'
import { key, Licensee, startMarket } from './lib/market.mjs'

const { it, server } = await startMarket({ accounts: ['alice'] })
const token = await key(server, 'acme', 'enterprise')
const acme = new Licensee(server.base, token)
const rows = JSON.parse(await server.kicau(['routes', '--json'])).filter(({ path }) => path.startsWith('/2/'))
const address = (path) => path.replace(/:[a-z]+/g, '17')
const call = async (method, path, query, body) => {
  const response = await fetch(`${server.base}${path}?${new URLSearchParams(query)}`, { method, headers: { Authorization: `Bearer ${token}`, ...(body ? { 'Content-Type': 'application/json' } : {}) }, ...(body ? { body: JSON.stringify(body) } : {}) })
  return { status: response.status, type: response.headers.get('content-type'), body: await response.json() }
}
const INVALID = 'https://api.x.com/2/problems/invalid-request'

it('a parameter that an endpoint does not have is refused, and named with those it has, everywhere', async () => {
  assert.ok(rows.filter(({ method }) => method === 'GET').length > 30, 'there are rows')
  for (const { method, path, params } of rows) {
    const { status, type, body } = await call(method, address(path), { foo: 'bär' })
    const known = params.filter((one) => !one.path).map(({ name }) => name)
    assert.equal(status, 400, `${method} ${path}`)
    assert.equal(type, 'application/problem+json', path)
    assert.deepEqual(body, {
      errors: [{ parameters: { foo: ['bär'] }, message: `The query parameter [foo] is not one of [${known.join()}]` }],
      title: 'Invalid Request', detail: 'One or more parameters to your request was invalid.', type: INVALID, status: 400
    }, path)
  }
})

it('a name of the path, one with brackets, and one that is long or full of quotes are refused like any other', async () => {
  for (const name of ['id', 'ids[]', 'tweet.fields[0]', '"},"x":{"', 'a\\', 'é'.repeat(200), '']) {
    const { status, body } = await call('GET', '/2/tweets/17', { [name]: '1' })
    assert.equal(status, 400, name)
    const [shown] = Object.keys(body.errors[0].parameters)
    assert.ok(name.length < 100 ? shown === name : name.startsWith(shown), shown)
  }
  assert.equal((await call('GET', '/2/tweets/17', { 'tweet.fields': 'id' })).status, 200)
})

it('so is a member of a body', async () => {
  for (const { method, path } of rows.filter(({ body }) => body === 'fields')) {
    const { status, body } = await call(method, address(path), {}, { foo: 1 })
    assert.equal(status, 400, path)
    assert.match(body.errors[0].message, /^The body.s member \[foo\] is not one of \[.+\]$/, path)
  }
  assert.equal((await acme.get('/2/compliance/jobs', { type: 'tweets' })).meta.result_count, 0, 'nothing was made')
})
