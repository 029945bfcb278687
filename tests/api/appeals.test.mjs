// The record of what moderators did, and appeals of those it was done to.
import assert from 'node:assert/strict'
import { password, startWorld, until } from './lib/server.mjs'
import { newPage, signIn } from './lib/browser.mjs'
import { again, withPowers } from './lib/staff.mjs'

const { it, server, users } = await startWorld({ accounts: ['adam', 'mo', 'alice', 'bob', 'carol'], roles: { adam: 'admin', mo: 'moderator' } })
const [adam, mo] = [await withPowers(server, users.adam), await withPowers(server, users.mo)]
const base = '/api/kicau/v1/moderation'
const act = (by, id, type, text = '') => by.post(`/api/v1/admin/accounts/${id}/action`, { type, text })

it('all of it is in the record, and only those who may read it do', async ({ alice, bob }) => {
  const { id } = await bob.post('/api/v1/reports', { account_id: alice.id })
  await act(mo, alice.id, 'silence')
  await mo.post(`/api/v1/admin/accounts/${alice.id}/unsilence`)
  await mo.post(`/api/v1/admin/accounts/${alice.id}/unsilence`)
  await server.kicau(['account', 'warn', 'bob', '--text', 'be kind'])
  const list = await mo.get(`${base}/log`)
  assert.deepEqual(list.map((one) => [one.by?.username ?? null, one.action, one.kind, one.kind === 'report' ? one.target_id : one.label]), [
    [null, 'warn', 'account', 'bob'], ['mo', 'unsilence', 'account', 'alice'], ['mo', 'resolve', 'report', id], ['mo', 'silence', 'account', 'alice']])
  assert.deepEqual((await mo.get(`${base}/log`, { limit: 1, max_id: list[0].id })).map((one) => one.id), [list[1].id])
  assert.match(await server.kicau(['moderation', 'log']), /silence +account \d+ alice/)
  await (await withPowers(server, alice)).call('GET', `${base}/log`, { status: 403 })
  assert.equal((await mo.get(`${base}/warnings`, { account_id: bob.id }))[0].text, 'be kind')
  assert.equal((await bob.get('/api/v1/notifications', { types: ['moderation_warning'] }))[0].moderation_warning.text, 'be kind')
})

it('an appeal against a limit is made over the API, once, and granted', async ({ alice, bob }) => {
  await act(mo, alice.id, 'silence', 'too loud')
  const { moderation_warning: warning } = (await alice.get('/api/v1/notifications', { types: ['moderation_warning'] }))[0]
  const path = `/api/kicau/v1/warnings/${warning.id}/appeal`
  await bob.call('POST', path, { json: { text: 'let her' }, status: 404 })
  await alice.call('POST', path, { json: { text: ' ' }, status: 422 })
  await alice.call('POST', path, { json: { text: 'x'.repeat(2001) }, status: 422 })
  assert.deepEqual((await alice.post(path, { text: 'I was not' })).appeal, { text: 'I was not', state: 'pending' })
  await alice.call('POST', path, { json: { text: 'again' }, status: 422 })
  assert.deepEqual((await adam.get(`${base}/appeals`)).map((one) => [one.id, one.appeal.text]), [[warning.id, 'I was not']])
  await mo.call('GET', `${base}/appeals`, { status: 403 })
  await mo.call('POST', `${base}/appeals/${warning.id}/approve`, { status: 403 })
  await adam.call('POST', `${base}/appeals/123/approve`, { status: 404 })
  assert.equal((await adam.post(`${base}/appeals/${warning.id}/approve`)).appeal.state, 'approved')
  await adam.call('POST', `${base}/appeals/${warning.id}/reject`, { status: 422 })
  assert.equal((await bob.get(`/api/v1/accounts/${alice.id}`)).limited, undefined)
  assert.deepEqual(await adam.get(`${base}/appeals`), [])
})

it('who is suspended appeals on a page, without logging in', async ({ carol }) => {
  await act(mo, carol.id, 'suspend', 'spam, it seems')
  const page = await newPage()
  await page.goto(`${server.base}/login`)
  await signIn(page, { username: 'carol' })
  await page.getByRole('link', { name: /appeal/i }).click()
  const fill = async (secret, text) => {
    await page.locator('input[name=username]').fill('carol')
    await page.locator('input[name=password]').fill(secret)
    await page.locator('textarea').fill(text)
    await page.getByRole('button', { name: 'Send' }).click()
  }
  await fill('wrong', 'hello')
  assert.match(await page.getByRole('alert').innerText(), /do not fit/)
  assert.doesNotMatch(await page.locator('main').innerText(), /spam/)
  await fill(password, '')
  assert.match(await page.locator('main').innerText(), /suspended\.[^]*spam, it seems/)
  await fill(password, 'It was not me')
  assert.match(await page.locator('main').innerText(), /with the moderators[^]*waits for an answer/)
  await fill(password, 'And again')
  assert.match(await page.getByRole('alert').innerText(), /already/)
  assert.deepEqual((await page.context().cookies()).filter((one) => one.name === 'kicau_session'), [])
  await page.context().close()
  const [line] = (await server.kicau(['moderation', 'appeals'])).split('\n')
  assert.match(line, /suspend: It was not me/)
  await server.kicau(['moderation', 'grant', line.split(' ')[0]])
  await until('she is back', async () => (await users.bob.call('GET', `/api/v1/accounts/${carol.id}`, { status: 'any', check: false })).status === 200)
  await again(server, carol)
  assert.equal((await carol.get('/api/v1/accounts/verify_credentials')).id, carol.id)
})

it('it is too late after twenty days', async ({ bob }) => {
  await act(mo, bob.id, 'none', 'long ago')
  const { moderation_warning: warning } = (await bob.get('/api/v1/notifications', { types: ['moderation_warning'] }))[0]
  const sql = `UPDATE warnings SET created_at = created_at - ${21 * 86400000} WHERE id = ${warning.id}`
  const { execFileSync } = await import('node:child_process')
  if (server.postgres) await server.postgres.query(sql)
  else execFileSync('sqlite3', ['-cmd', '.timeout 5000', `${server.data}/kicau.db`, sql])
  assert.match((await bob.call('POST', `/api/kicau/v1/warnings/${warning.id}/appeal`, { json: { text: 'late' }, status: 422 })).body.error, /too late/)
})

it('the command line does what moderators do, and undoes it', async ({ bob, alice }) => {
  for (const [done, undone, field] of [['suspend', 'unsuspend', 'suspended'], ['silence', 'unsilence', 'silenced'], ['sensitive', 'unsensitive', 'sensitized'], ['disable', 'enable', 'disabled']]) {
    await server.kicau(['account', done, 'bob'])
    assert.equal((await mo.get(`/api/v1/admin/accounts/${bob.id}`))[field], true, done)
    if (done === 'suspend') await until('the server knows', async () => (await alice.call('GET', `/api/v1/accounts/${bob.id}`, { status: 'any', check: false })).status === 404)
    await server.kicau(['account', undone, 'bob'])
    assert.equal((await mo.get(`/api/v1/admin/accounts/${bob.id}`))[field], false, undone)
  }
  await until('he is back', async () => (await alice.call('GET', `/api/v1/accounts/${bob.id}`, { status: 'any', check: false })).status === 200)
})

it('rules are made on the command line, shown to everybody, and named in reports', async ({ alice, bob, anyone }) => {
  const id = (await server.kicau(['rule', 'add', 'No shouting', '--hint', 'capital letters'])).trim()
  const other = (await server.kicau(['rule', 'add', 'Be kind'])).trim()
  assert.deepEqual((await anyone.get('/api/v1/instance/rules')).map((one) => [one.id, one.text, one.hint]), [[id, 'No shouting', 'capital letters'], [other, 'Be kind', '']])
  assert.equal((await anyone.get('/api/v2/instance')).rules.length, 2)
  assert.equal((await anyone.get('/api/v1/instance')).rules.length, 2)
  const report = await alice.post('/api/v1/reports', { account_id: bob.id, category: 'spam', rule_ids: [id] })
  assert.deepEqual([report.category, report.rule_ids], ['violation', [id]])
  assert.deepEqual((await mo.get(`/api/v1/admin/reports/${report.id}`)).rules.map((one) => one.text), ['No shouting'])
  assert.deepEqual((await mo.put(`/api/v1/admin/reports/${report.id}`, { rule_ids: [other] })).rules.map((one) => one.text), ['Be kind'])
  await server.kicau(['rule', 'remove', id])
  assert.equal((await anyone.get('/api/v1/instance/rules')).length, 1)
})
