// Plans, licensees and keys over the administrators' API.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { startWorld, until } from '../api/lib/server.mjs'
import { withPowers } from '../api/lib/staff.mjs'

const { it, server, users } = await startWorld({ accounts: ['adam', 'mo', 'alice'], roles: { adam: 'admin', mo: 'moderator' } })
const adam = await withPowers(server, users.adam)
const mo = await withPowers(server, users.mo)
const base = '/api/v1/admin/kicau'
const ask = (token) => fetch(`${server.base}/2/licence`, { headers: { Authorization: `Bearer ${token}` } })

it('is for those who may manage data', async () => {
  for (const who of [mo, users.alice, users.adam]) {
    await who.call('GET', `${base}/plans`, { status: 403 })
    await who.call('POST', `${base}/licensees`, { json: { name: 'x', plan: 'free' }, status: 403 })
  }
})

it('shows plans, and sets their versions', async () => {
  assert.deepEqual((await adam.get(`${base}/plans`)).map((plan) => plan.name), ['basic', 'enterprise', 'free', 'pay-per-use', 'pro', 'research'])
  const { body: next } = await adam.call('PUT', `${base}/plans/basic`, { json: { terms: { included: 11000, uses: ['commercial', 'search'] } } })
  assert.deepEqual([next.version, next.included, next.uses], [2, 11000, ['search', 'commercial']])
  assert.equal((await adam.get(`${base}/plans/basic`, { version: 1 })).included, 10000)
  await adam.call('GET', `${base}/plans/gold`, { status: 404 })
  for (const [terms, words] of [[{ colour: 'red' }, /no field "colour"/], [{ included: '5' }, /not a whole number/], [{ included: -1 }, /from 0 to/], [{ uses: [] }, /uses is empty/]]) {
    assert.match((await adam.call('PUT', `${base}/plans/basic`, { json: { terms }, status: 422 })).body.error, words)
  }
})

it('keeps licensees and their keys, and a record of it', async () => {
  const one = await adam.post(`${base}/licensees`, { name: 'Acme', email: 'data@acme.example', plan: 'basic' })
  await adam.call('POST', `${base}/licensees`, { json: { name: 'Acme', plan: 'basic' }, status: 409 })
  await adam.call('POST', `${base}/licensees`, { json: { name: 'Other', plan: 'gold' }, status: 404 })
  const key = await adam.post(`${base}/licensees/${one.id}/keys`, { app: 'reader' })
  assert.equal((await ask(key.token)).status, 200)
  assert.deepEqual((await adam.get(`${base}/licensees/${one.id}/keys`)).map((k) => [k.id, k.hint, k.token]), [[key.id, key.token.slice(-4), undefined]])
  const next = await adam.post(`${base}/keys/${key.id}/rotate`, {})
  assert.deepEqual([(await ask(key.token)).status, (await ask(next.token)).status], [401, 200], 'at once')
  assert.ok((await adam.post(`${base}/licensees/${one.id}/suspend`)).suspended_at)
  assert.equal((await ask(next.token)).status, 403)
  assert.equal((await adam.post(`${base}/licensees/${one.id}/unsuspend`)).suspended_at, null)
  assert.equal((await adam.call('PUT', `${base}/licensees/${one.id}`, { json: { plan: 'pro' } })).body.plan, 'pro')
  assert.equal((await (await ask(next.token)).json()).data.plan.name, 'pro')
  assert.equal((await adam.call('DELETE', `${base}/keys/${next.id}`)).body.state, 'revoked')
  assert.equal((await ask(next.token)).status, 401)
  assert.deepEqual((await adam.get(`${base}/licensees`)).map((l) => [l.id, l.keys]), [[one.id, 0]])
  for (const path of ['licensees/5', 'licensees/5/keys']) await adam.call('GET', `${base}/${path}`, { status: 404 })
})

it('shows what is withheld, gives other keys, and reveals none that decides', async () => {
  const one = await adam.post(`${base}/licensees`, { name: 'Held', plan: 'pro' })
  const [first] = await adam.get(`${base}/withholding/${one.id}`)
  assert.deepEqual([first.licensee_id, first.generation, first.ppm, first.from_id, first.until_id, first.key, first.salt], [one.id, 1, 0, '0', null, null, null])
  const next = await adam.post(`${base}/withholding/${one.id}/rotate`, { ppm: 20000 })
  assert.deepEqual([next.generation, next.ppm, next.state, next.key], [2, 20000, 'to come', null])
  assert.ok(next.committed >= 0, 'it is in the ledger by now')
  assert.deepEqual((await adam.get(`${base}/withholding/${one.id}`)).map((g) => [g.generation, g.state, g.until_id]), [[1, 'decides', next.from_id], [2, 'to come', null]])
  for (const [path, json, status] of [[`${one.id}/rotate`, {}, 409], [`${one.id}/reveal`, { generation: 1 }, 409], ['everybody/reveal', { generation: 1 }, 409], [`${one.id}/reveal`, { generation: 9 }, 404],
    [`${one.id}/reveal`, {}, 422], [`${one.id}/rotate`, { ppm: 500001 }, 422], ['5/rotate', {}, 404], ['x/rotate', {}, 404]]) await adam.call('POST', `${base}/withholding/${path}`, { json, status })
  assert.ok((await adam.get(`${base}/withholding`)).some((g) => g.licensee_id === '0' && g.ppm === 0))
  const everybody = await adam.post(`${base}/withholding/everybody/rotate`)
  assert.deepEqual([everybody.licensee_id, everybody.ppm], ['0', 0])
  for (const who of [mo, users.alice, users.adam]) {
    await who.call('GET', `${base}/withholding`, { status: 403 })
    await who.call('POST', `${base}/withholding/everybody/rotate`, { status: 403 })
  }
  const log = await server.kicau(['moderation', 'log'])
  assert.match(log, new RegExp(`${users.adam.id} +rotate +withholding_key ${one.id} Held, generation 2`))
})

it('a key that decided once is revealed, and is what was committed to', async () => {
  const [{ licensee_id: id }] = (await adam.get(`${base}/withholding`)).filter((g) => g.generation === 2 && g.licensee_id !== '0')
  const begun = String(BigInt(Date.now() - 1000) << 16n)
  await server.sql(`UPDATE withhold_keys SET from_id = ${begun} WHERE licensee_id = ${id} AND generation = 2`)
  const told = await adam.post(`${base}/withholding/${id}/reveal`, { generation: 1 })
  assert.deepEqual([told.state, told.revealed >= 0], ['revealed', true])
  const proof = JSON.parse(await until('a checkpoint with it', () => server.kicau(['ledger', 'prove', String(told.committed)]).catch(() => null), { timeout: 30000 }))
  const said = JSON.parse(Buffer.from(proof.opened.data, 'base64'))
  assert.equal(said.commitment, createHash('sha256').update(Buffer.from(told.key + told.salt, 'hex')).digest('hex'))
  assert.deepEqual(await adam.post(`${base}/withholding/${id}/reveal`, { generation: 1 }), told, 'once')
})
