// What may not sign up, or come at all; and other servers.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { checkFetch } from './lib/http.mjs'
import { appToken, registerApp } from './lib/oauth.mjs'
import { startWorld, stranger, until } from './lib/server.mjs'
import { OPEN_REGISTRATION } from './lib/settings.mjs'
import { again, mastoOf, withPowers } from './lib/staff.mjs'

// Behind a proxy, so that people come from different addresses.
const { it, server, users, anyone } = await startWorld({ accounts: ['adam', 'mo', 'alice'], roles: { adam: 'admin', mo: 'moderator' }, env: { ...OPEN_REGISTRATION, KICAU_TRUSTED_PROXIES: '127.0.0.1' } })
checkFetch(server.base)
const adam = await withPowers(server, users.adam)
const mo = await withPowers(server, users.mo)
const admin = mastoOf(server, adam).v1.admin
const base = '/api/v1/admin'
const app = anyone.as(await appToken(anyone, await registerApp(anyone), 'read write follow'), { app: true })

let count = 0
function signUp ({ email, ip = '203.0.113.5', status = 200 } = {}) {
  const username = `newcomer${++count}`
  return app.call('POST', '/api/v1/accounts', { json: { username, email: email || `${username}@example.net`, password: 'a very long secret', agreement: true, locale: 'en' }, headers: { 'X-Forwarded-For': ip }, status })
}
const hashOf = (text) => createHash('sha256').update(text).digest('hex')

it('moderators of the lowest role may not touch any of it', async () => {
  for (const what of ['domain_allows', 'domain_blocks', 'email_domain_blocks', 'ip_blocks', 'canonical_email_blocks']) {
    await mo.call('GET', `${base}/${what}`, { status: 403 })
    await mo.call('POST', `${base}/${what}`, { json: { domain: 'x.example', ip: '192.0.2.1', email: 'a@b.c' }, status: 403 })
    assert.deepEqual(await adam.get(`${base}/${what}`), [])
    for (const method of ['GET', 'DELETE']) await adam.call(method, `${base}/${what}/12345`, { status: 404 })
  }
})

it('servers are allowed and blocked, changed and let go', async () => {
  const allowed = await admin.domainAllows.create({ domain: ' Friends.Example. ' })
  assert.equal(allowed.domain, 'friends.example')
  assert.equal((await admin.domainAllows.create({ domain: 'friends.example' })).id, allowed.id)
  assert.deepEqual([(await admin.domainAllows.list()).length, (await admin.domainAllows.$select(allowed.id).fetch()).id], [1, allowed.id])
  await admin.domainAllows.$select(allowed.id).remove()
  assert.deepEqual(await admin.domainAllows.list(), [])
  const blocked = await admin.domainBlocks.create({ domain: 'bad.example', severity: 'suspend', rejectMedia: true, publicComment: 'spam', privateComment: 'ask mo', obfuscate: true })
  assert.deepEqual([blocked.domain, blocked.severity, blocked.rejectMedia, blocked.rejectReports, blocked.publicComment, blocked.privateComment, blocked.obfuscate, blocked.digest], ['bad.example', 'suspend', true, false, 'spam', 'ask mo', true, hashOf('bad.example')])
  assert.match((await adam.call('POST', `${base}/domain_blocks`, { json: { domain: 'BAD.example' }, status: 422 })).body.error, /already been taken/)
  const changed = await admin.domainBlocks.$select(blocked.id).update({ severity: 'noop', rejectReports: true })
  assert.deepEqual([changed.severity, changed.rejectMedia, changed.rejectReports, changed.publicComment], ['noop', true, true, 'spam'])
  assert.equal((await admin.domainBlocks.list())[0].id, blocked.id)
  await admin.domainBlocks.$select(blocked.id).remove()
  assert.equal((await adam.post(`${base}/domain_blocks`, { domain: 'bad.example' })).severity, 'silence')
  for (const domain of ['', '.', 'a b', 'x..y', 'http://x', '-', 'x'.repeat(254)]) await adam.call('POST', `${base}/domain_blocks`, { json: { domain }, status: 422 })
})

it('nobody signs up with a blocked mail provider, or anything below it; who tried is counted', async () => {
  const block = await admin.emailDomainBlocks.create({ domain: 'Trash.example' })
  for (const email of ['a@trash.example', 'b@TRASH.example', 'c@deep.down.trash.example']) {
    const { body } = await signUp({ email, status: 422 })
    assert.deepEqual(body.details.email.map((one) => one.error), ['ERR_BLOCKED'])
  }
  await signUp({ email: 'd@trash.example', ip: '203.0.113.9', status: 422 })
  await signUp({ email: 'e@nottrash.example' })
  const [today, yesterday] = (await admin.emailDomainBlocks.$select(block.id).fetch()).history
  assert.deepEqual([today.uses, today.accounts, yesterday.uses], ['4', '2', '0'])
  assert.equal((await admin.emailDomainBlocks.list()).length, 1)
  await admin.emailDomainBlocks.$select(block.id).remove()
  await signUp({ email: 'f@trash.example' })
  await adam.post(`${base}/email_domain_blocks`, { domain: 'odd.example', allow_with_approval: true })
  await adam.call('POST', `${base}/email_domain_blocks`, { json: { domain: 'odd.example' }, status: 422 })
  await signUp({ email: 'g@odd.example' })
  assert.deepEqual((await adam.get(`${base}/accounts`, { pending: true })).map((one) => one.email), ['g@odd.example'])
})

it('from a blocked network one does not sign up, waits, or does nothing at all', async () => {
  const block = await admin.ipBlocks.create({ ip: '198.51.100.77/24', severity: 'sign_up_requires_approval', comment: 'a school' })
  assert.deepEqual([block.ip, block.severity, block.comment, block.expiresAt], ['198.51.100.0/24', 'sign_up_requires_approval', 'a school', null])
  await signUp({ ip: '198.51.100.3', email: 'pupil@example.net' })
  assert.ok((await adam.get(`${base}/accounts`, { pending: true, ip: '198.51.100.0/25' })).some((one) => one.email === 'pupil@example.net'))
  await admin.ipBlocks.$select(block.id).update({ severity: 'sign_up_block' })
  assert.equal((await signUp({ ip: '198.51.100.3', status: 403 })).body.error, 'This action is not allowed')
  await signUp({ ip: '198.51.101.3' })
  const from = async (ip) => (await fetch(`${server.base}/api/v2/instance`, { headers: { 'X-Forwarded-For': ip } })).status
  assert.equal(await from('198.51.100.3'), 200)
  await adam.put(`${base}/ip_blocks/${block.id}`, { severity: 'no_access', expires_in: 3600 })
  assert.deepEqual([await from('198.51.100.3'), await from('198.51.100.255'), await from('198.51.101.1')], [403, 403, 200])
  assert.equal((await fetch(`${server.base}/about`, { headers: { 'X-Forwarded-For': '198.51.100.3' } })).status, 403)
  await admin.ipBlocks.$select(block.id).remove()
  assert.equal(await from('198.51.100.3'), 200)
  const six = await adam.post(`${base}/ip_blocks`, { ip: '2001:db8::1', severity: 'no_access' })
  assert.equal(six.ip, '2001:db8::1/128')
  assert.deepEqual([await from('2001:db8::1'), await from('2001:db8::2')], [403, 200])
  await adam.call('POST', `${base}/ip_blocks`, { json: { ip: '2001:db8::1/128', severity: 'no_access' }, status: 422 })
  for (const ip of ['', 'here', '1.2.3', '1.2.3.4/33', '1.2.3.4,5.6.7.8', '::/129']) await adam.call('POST', `${base}/ip_blocks`, { json: { ip, severity: 'no_access' }, status: 422 })
  const own = await adam.call('POST', `${base}/ip_blocks`, { json: { ip: '127.0.0.0/8', severity: 'no_access' }, status: 422 })
  assert.match(own.body.error, /where you are/)
  await adam.call('POST', `${base}/ip_blocks`, { json: { ip: '0.0.0.0/0', severity: 'no_access' }, status: 422 })
  await adam.call('POST', `${base}/ip_blocks`, { json: { ip: '192.0.2.1', severity: 'whatever' }, status: 422 })
})

it('a mail address stays out in whatever way it is written, and a suspension keeps its own out', async ({ alice }) => {
  const made = await admin.canonicalEmailBlocks.create({ email: 'Some.One+tag@Example.org' })
  assert.equal(made.canonicalEmailHash, hashOf('someone@example.org'))
  assert.deepEqual((await admin.canonicalEmailBlocks.test({ email: 's.o.m.e.o.n.e@example.org' })).map((one) => one.id), [made.id])
  assert.deepEqual(await adam.post(`${base}/canonical_email_blocks/test`, { email: 'else@example.org' }), [])
  const { body } = await signUp({ email: 'someone+again@example.org', status: 422 })
  assert.deepEqual(body.details.email.map((one) => one.error), ['ERR_TAKEN'])
  await adam.call('POST', `${base}/canonical_email_blocks`, { json: { canonical_email_hash: made.canonicalEmailHash }, status: 422 })
  await adam.call('POST', `${base}/canonical_email_blocks`, { json: { canonical_email_hash: 'beef' }, status: 422 })
  await adam.call('POST', `${base}/canonical_email_blocks`, { json: { email: 'nobody' }, status: 422 })
  await admin.canonicalEmailBlocks.$select(made.id).remove()
  await signUp({ email: 'someone+again@example.org' })
  await adam.post(`${base}/accounts/${alice.id}/action`, { type: 'suspend' })
  assert.equal((await signUp({ email: 'a.l.i.c.e+2@example.com', status: 422 })).body.details.email[0].error, 'ERR_TAKEN')
  await adam.post(`${base}/accounts/${alice.id}/unsuspend`)
  await again(server, alice)
  assert.deepEqual(await adam.get(`${base}/canonical_email_blocks`), [])
  await signUp({ email: 'a.l.i.c.e+2@example.com' })
})

it('a block that has ended lets people in', async () => {
  const block = await adam.post(`${base}/ip_blocks`, { ip: '192.0.2.0/24', severity: 'sign_up_block', expires_in: 60 })
  await signUp({ ip: '192.0.2.8', status: 403 })
  const sql = `UPDATE ip_blocks SET expires_at = ${Date.now() - 1000} WHERE id = ${block.id}`
  if (server.postgres) await server.postgres.query(sql)
  else execFileSync('sqlite3', ['-cmd', '.timeout 5000', join(server.data, 'kicau.db'), sql])
  await signUp({ ip: '192.0.2.8' })
})

it('what somebody is kept out with is kept when their account is deleted', async () => {
  const guest = await stranger(server)
  await adam.post(`${base}/accounts/${guest.id}/action`, { type: 'suspend' })
  const [block] = await adam.get(`${base}/canonical_email_blocks`)
  await adam.delete(`${base}/accounts/${guest.id}`)
  await until('it is deleted', async () => (await adam.get(`${base}/accounts/${guest.id}`)).email === null)
  assert.equal((await adam.get(`${base}/canonical_email_blocks/${block.id}`)).id, block.id)
})
