// Keys of licensees: which are taken, what they allow, and how much was read under them.
import assert from 'node:assert/strict'
import { TwitterApi } from 'twitter-api-v2'
import { sleep, startWorld } from '../api/lib/server.mjs'
import { ToServer } from './lib/x.mjs'

const { it, server } = await startWorld({ accounts: ['alice'] })
const kicau = async (...args) => (await server.kicau(args)).trim()
const keyOf = (name, ...more) => kicau('key', 'create', '--licensee', name, '--plan', 'basic', ...more)
const listed = async (name) => (await kicau('key', 'list', '--licensee', name, '--json')).split('\n').map((line) => JSON.parse(line))

async function call (token, path = '/2/licence', { method = 'GET', headers = {}, ...more } = {}) {
  const reply = await fetch(server.base + path, { method, headers: { ...(token ? { Authorization: `Bearer ${token}` } : {}), ...headers }, ...more })
  return { status: reply.status, body: await reply.json(), headers: reply.headers }
}
const refused = async (token, detail, status = 401) => {
  const { status: got, body } = await call(token)
  assert.equal(got, status)
  assert.equal(body.status, status)
  assert.match(body.detail, detail)
  return body
}
const lastDigit = (token) => token.slice(0, -1) + (token.endsWith('x') ? 'y' : 'x')

it('says what a key allows', async () => {
  const { body: { data } } = await call(await keyOf('Acme', '--project', 'Weather', '--app', 'storms'))
  assert.deepEqual([data.licensee, data.project, data.app, data.expires_at], ['Acme', 'Weather', 'storms', null])
  assert.deepEqual([data.plan.name, data.plan.version, data.plan.included, data.plan.uses], ['basic', 1, 10000, ['commercial']])
})

it('refuses keys that are wrong, revoked, expired, or somebody else\'s kind of token', async () => {
  const token = await keyOf('Wrong')
  await refused('', /key is needed/)
  await refused('nonsense', /no such key/)
  await refused(lastDigit(token), /no such key/)
  await refused(await server.token('alice'), /no such key/)
  const asUser = await fetch(server.base + '/api/v1/accounts/verify_credentials', { headers: { Authorization: `Bearer ${token}` } })
  assert.equal(asUser.status, 401, 'a licensee is no person')
  assert.equal((await call(token)).status, 200)
  await kicau('key', 'revoke', (await listed('Wrong'))[0].id)
  await sleep(1000)
  await refused(token, /revoked/)
})

it('takes both keys while a rotation lasts', async () => {
  const old = await keyOf('Rotating')
  const [{ id }] = await listed('Rotating')
  const fresh = await kicau('key', 'rotate', id, '--overlap', '1h')
  for (const token of [old, fresh]) assert.equal((await call(token)).status, 200)
  const next = await kicau('key', 'rotate', (await listed('Rotating'))[0].id)
  await sleep(1000)
  await refused(fresh, /expired/)
  assert.equal((await call(next)).status, 200)
  const mine = await call(next)
  assert.equal(mine.body.data.app, 'default')
})

it('refuses the keys of who is suspended, until that ends', async () => {
  const token = await keyOf('Sorry')
  assert.equal((await call(token)).status, 200)
  await kicau('licensee', 'suspend', 'Sorry')
  await sleep(1000)
  await refused(token, /suspended/, 403)
  await kicau('licensee', 'restore', 'Sorry')
  await sleep(1000)
  assert.equal((await call(token)).status, 200)
})

it('follows a plan that changes within a second', async () => {
  const token = await keyOf('Growing')
  assert.equal((await call(token)).body.data.plan.name, 'basic')
  await kicau('licensee', 'set-plan', 'Growing', 'pro')
  await sleep(1000)
  assert.equal((await call(token)).body.data.plan.name, 'pro')
  await kicau('plan', 'set', 'pro', 'included=2000000')
  await sleep(1000)
  const { plan } = (await call(token)).body.data
  assert.deepEqual([plan.version, plan.included], [2, 2_000_000])
})

it('remembers when a key was used', async () => {
  const token = await keyOf('Used')
  assert.equal((await listed('Used'))[0].last_used_at, null)
  await call(token)
  await sleep(300)
  assert.ok(Math.abs(Date.parse((await listed('Used'))[0].last_used_at) - Date.now()) < 10e3)
})

it('tells usage in X\'s shape', async () => {
  const token = await keyOf('Reader')
  const client = new TwitterApi(token, { httpAgent: new ToServer(server) })
  const plain = await client.v2.usage()
  assert.deepEqual(Object.keys(plain.data).sort(), ['cap_reset_day', 'project_cap', 'project_id', 'project_usage'])
  assert.deepEqual([plain.data.project_cap, plain.data.project_usage], ['10000', '0'])
  assert.ok(plain.data.cap_reset_day >= 1 && plain.data.cap_reset_day <= 31)
  const full = await client.v2.usage({ days: 90, 'usage.fields': ['daily_project_usage', 'daily_client_app_usage'] })
  assert.deepEqual([full.data.daily_project_usage.usage, full.data.daily_client_app_usage], [[], []])
  assert.deepEqual(full.kicau.days, [])
  assert.equal((await call(token, '/2/usage/tweets?days=91')).status, 400)
  assert.match((await call(token, '/2/usage/tweets?usage.fields=colour')).body.errors[0].message, /colour/)
})

it('lets clients of X log in as they do there', async () => {
  const token = await keyOf('Twice')
  const [{ id, app_id: app }] = await listed('Twice')
  for (const appKey of [id, app]) {
    const client = await new TwitterApi({ appKey, appSecret: token }, { httpAgent: new ToServer(server) }).appLogin()
    assert.equal((await client.v2.usage()).data.project_cap, '10000')
  }
  const other = await keyOf('Third')
  const basic = (key, secret) => ({ method: 'POST', headers: { Authorization: 'Basic ' + Buffer.from(`${key}:${secret}`).toString('base64'), 'Content-Type': 'application/x-www-form-urlencoded' } })
  for (const [key, secret] of [[id, lastDigit(token)], [id, other], ['', token], ['1', token]]) {
    const { status, body } = await call('', '/oauth2/token', { ...basic(key, secret), body: 'grant_type=client_credentials' })
    assert.deepEqual([status, body.errors[0].code], [403, 99])
  }
  assert.equal((await call('', '/oauth2/token', { ...basic(id, token), body: 'grant_type=password' })).status, 403)
  assert.equal((await call('', '/oauth2/invalidate_token', { ...basic(id, token), body: `access_token=${other}` })).status, 403)
  assert.deepEqual((await call('', '/oauth2/invalidate_token', { ...basic(id, token), body: `access_token=${token}` })).body, { access_token: token })
  await refused(token, /revoked/)
  assert.equal((await call(other)).status, 200)
})

it('has the terms in the ledger before anything goes out under them, and opens its own records alone', async () => {
  const [token, other] = [await keyOf('Careful'), await keyOf('Curious')]
  const { licensee_id: licensee, terms } = (await call(token)).body.data
  let mine
  for (let index = 0; index < 100 && !mine; index++) {
    const { status, body } = await call(token, `/2/receipts/${index}`)
    if (status !== 200) assert.equal(status, 404)
    else if (body.data.kind === 'terms') mine = body.data
    else assert.equal(body.data.kind, 'statement')
  }
  assert.deepEqual([mine.kind, mine.terms, mine.cost_micro, mine.items], ['terms', terms, 0, []])
  const text = JSON.parse(mine.text)
  assert.deepEqual([text.licensee, text.plan, text.version], [licensee, 'basic', 1])
  assert.match(text.sha256, /^[0-9a-f]{64}$/)
  assert.ok(Buffer.from(mine.record, 'base64url').includes(mine.text))
  assert.equal(Buffer.from(mine.salt, 'base64url').length, 16)
  for (const path of [`/2/receipts/${mine.index}`, '/2/receipts/99999999', '/2/receipts/-1', '/2/receipts/x']) assert.equal((await call(other, path)).status, 404)
})

it('says what reading would cost', async () => {
  const quote = async (token, fields) => (await call(token, '/2/quote', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(fields) })).body.data
  const token = await keyOf('Asking')
  const some = await quote(token, { posts: 100 })
  assert.deepEqual([some.allowed, some.cost_micro, some.month_remaining, some.balance_micro], [true, 0, 10000, null])
  const many = await quote(token, { posts: 10001 })
  assert.equal(many.allowed, false)
  assert.deepEqual([many.refusal.what, many.refusal.limit, many.refusal.used], ['posts', 10000, 0])
  const payg = await kicau('key', 'create', '--licensee', 'Prepaid', '--plan', 'pay-per-use')
  const dear = await quote(payg, { posts: 1000, users: 10 })
  assert.deepEqual([dear.allowed, dear.balance_micro], [false, 0])
})
