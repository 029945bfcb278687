// Reports: made by people, worked on by moderators.
import assert from 'node:assert/strict'
import { checkFetch } from './lib/http.mjs'
import { startWorld } from './lib/server.mjs'
import { mastoOf, withPowers } from './lib/staff.mjs'

const { it, server, users } = await startWorld({ accounts: ['mo', 'max', 'alice', 'bob', 'carol'], roles: { mo: 'moderator', max: 'moderator' } })
checkFetch(server.base)
const mo = await withPowers(server, users.mo)
const admin = mastoOf(server, mo).v1.admin
const path = '/api/v1/admin/reports'
const refused = async (user, fields, status) => (await user.call('POST', '/api/v1/reports', { json: fields, status })).body.error

it('what somebody reports reaches the moderators with the posts, whoever they were meant for', async ({ alice, bob }) => {
  await alice.post(`/api/v1/accounts/${bob.id}/follow`)
  const post = await bob.post('/api/v1/statuses', { status: 'rude words', visibility: 'private' })
  const made = await mastoOf(server, alice).v1.reports.create({ accountId: bob.id, statusIds: [post.id], comment: 'rude', category: 'spam', forward: true })
  assert.deepEqual([made.category, made.comment, made.actionTaken, made.statusIds, made.targetAccount.id, made.forwarded], ['spam', 'rude', false, [post.id], bob.id, false])
  const report = await admin.reports.$select(made.id).fetch()
  assert.deepEqual([report.account.username, report.targetAccount.username, report.statuses.map((one) => one.id), report.assignedAccount, report.actionTakenByAccount, report.rules], ['alice', 'bob', [post.id], null, null, []])
  for (const who of [users.mo, users.max]) {
    const [told] = await who.get('/api/v1/notifications', { types: ['admin.report'] })
    assert.deepEqual([told.account.id, told.report.id, told.report.comment], [alice.id, made.id, 'rude'])
  }
  assert.deepEqual((await bob.get('/api/v1/notifications')).map((one) => one.type), ['follow'], 'the one reported hears nothing')
  const second = await users.carol.post('/api/v1/reports', { account_id: bob.id })
  assert.equal((await users.mo.get('/api/v1/notifications', { types: ['admin.report'] })).length, 1, 'one open report of an account is told of')
  assert.deepEqual((await admin.reports.list()).map((one) => one.id), [second.id, made.id])
  assert.deepEqual((await admin.reports.list({ accountId: alice.id })).map((one) => one.id), [made.id])
  assert.deepEqual((await mo.get(path, { target_account_id: alice.id })), [])
  assert.deepEqual((await mo.get(path, { limit: 1, max_id: second.id })).map((one) => one.id), [made.id])
})

it('what cannot be reported is refused', async ({ alice, bob, carol }) => {
  const secret = await bob.post('/api/v1/statuses', { status: '@carol only you', visibility: 'direct' })
  const own = await alice.post('/api/v1/statuses', { status: 'mine' })
  assert.match(await refused(alice, {}, 422), /Account/)
  await refused(alice, { account_id: '999' }, 404)
  await refused(alice, { account_id: bob.id, status_ids: [secret.id] }, 404)
  await refused(alice, { account_id: bob.id, status_ids: [own.id] }, 404)
  assert.match(await refused(alice, { account_id: bob.id, comment: 'x'.repeat(1001) }, 422), /too long/)
  await refused(alice, { account_id: bob.id, category: 'boring' }, 422)
  assert.match(await refused(alice, { account_id: bob.id, rule_ids: ['77'] }, 422), /[Rr]ules/)
  await refused(alice.as(null), { account_id: bob.id }, 401)
  await refused(alice.as(await server.token('alice', 'read')), { account_id: bob.id }, 403)
  assert.equal((await carol.post('/api/v1/reports', { account_id: bob.id, status_ids: [secret.id] })).status_ids[0], secret.id)
})

it('a report is taken up, left, settled and opened again, and all of it is noted', async ({ alice, bob }) => {
  const { id } = await alice.post('/api/v1/reports', { account_id: bob.id, comment: 'again' })
  const one = admin.reports.$select(id)
  assert.equal((await one.assignToSelf()).assignedAccount.username, 'mo')
  assert.equal((await one.unassign()).assignedAccount, null)
  const settled = await one.resolve()
  assert.deepEqual([settled.actionTaken, settled.actionTakenByAccount.username], [true, 'mo'])
  assert.ok((await admin.reports.list({ resolved: true })).some((report) => report.id === id))
  assert.equal((await one.reopen()).actionTakenByAccount, null)
  assert.equal((await mo.put(`${path}/${id}`, { category: 'legal' })).category, 'legal')
  for (const deed of ['assign_to_self', 'unassign', 'resolve', 'reopen']) await mo.call('POST', `${path}/12345/${deed}`, { status: 404 })
})

it('an action settles the open reports of the account; a warning, the one it is about', async ({ alice, bob, carol }) => {
  const reports = [await alice.post('/api/v1/reports', { account_id: carol.id }), await bob.post('/api/v1/reports', { account_id: carol.id })]
  const open = async () => (await mo.get(path, { target_account_id: carol.id })).map((one) => one.id)
  const act = (fields) => mo.post(`/api/v1/admin/accounts/${carol.id}/action`, fields)
  await act({ type: 'none', text: 'please do not' })
  assert.equal((await open()).length, 2)
  await act({ type: 'none', report_id: reports[0].id, text: 'really' })
  assert.deepEqual(await open(), [reports[1].id])
  await act({ type: 'sensitive' })
  assert.deepEqual(await open(), [])
  assert.deepEqual((await carol.get('/api/v1/notifications', { types: ['moderation_warning'] })).map((one) => [one.moderation_warning.action, one.moderation_warning.text]), [['sensitive', ''], ['none', 'really'], ['none', 'please do not']])
  await act({ type: 'none', text: 'in silence', send_email_notification: false })
  assert.equal((await carol.get('/api/v1/notifications', { types: ['moderation_warning'] })).length, 3)
})
