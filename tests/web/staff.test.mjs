// The pages of those who run the server: who sees which, tables that sort, filter, page and become CSV, and what moderators do.
import assert from 'node:assert/strict'
import { newPage, signIn } from '../api/lib/browser.mjs'
import { password, startWorld } from '../api/lib/server.mjs'
import { APPROVAL, OPEN_REGISTRATION } from '../api/lib/settings.mjs'
import { accessible, screenshots } from './lib/eyes.mjs'
import { column, csrf, csv, heads, loggedIn, parseCsv, staffRows } from './lib/staff.mjs'

const { it, server } = await startWorld({
  accounts: ['olga', 'adi', 'mira', 'uma', 'rude'],
  roles: { olga: 'owner', adi: 'admin', mira: 'moderator' },
  env: { ...APPROVAL, ...OPEN_REGISTRATION, KICAU_TITLE: 'Kampung Kicau' }
})
const at = (path) => `${server.base}${path}`
const NOBODY = '9000000000000000000'
const filled = (path) => path.replace(/:\w+/g, NOBODY)
const hostile = { waits1: '=cmd|\' /C calc\'!A0', waits2: '<script>document.title="broken"</script>', waits3: 'a "quote", and\na line', waits4: '\u202egnp.exe @SUM(1)' }

it('what a role may not do it neither sees nor sends', async () => {
  const permissions = { mira: 0x51c, adi: 0xefffc | 1 << 30, olga: 0x1fffff | 1 << 30, uma: 0x10000 }
  assert.ok(staffRows.length > 10)
  for (const [name, has] of Object.entries(permissions)) {
    const page = await loggedIn(server, name)
    const token = await csrf(page)
    const may = (row) => (has & row.permissions) === row.permissions
    await page.goto(at('/home'))
    assert.equal(await page.locator('.rail a[href="/admin"]').count(), name === 'uma' ? 0 : 1)
    for (const row of staffRows) {
      assert.ok(row.permissions, `${row.path} is for everybody`)
      const url = at(filled(row.path))
      const options = { maxRedirects: 0 }
      const reply = row.method === 'GET' ? await page.request.get(url, options) : await page.request.post(url, { ...options, form: { authenticity_token: token } })
      if (may(row)) assert.ok(![401, 403].includes(reply.status()) && reply.status() < 500, `${name} ${row.method} ${row.path}: ${reply.status()}`)
      else assert.equal(reply.status(), 403, `${name} ${row.method} ${row.path}`)
      if (!may(row) || row.method !== 'GET' || reply.status() !== 200) continue
      const html = await reply.text()
      for (const other of staffRows.filter((other) => !may(other) && !/:/.test(other.path))) assert.ok(!html.includes(`="${other.path}"`), `${name} sees ${other.path} on ${row.path}`)
    }
    await page.context().close()
  }
})

it('who is not logged in is led to the form; a form without its field is refused', async () => {
  const guest = await newPage()
  await guest.goto(at('/admin/accounts'))
  assert.equal(new URL(guest.url()).pathname, '/login')
  await signIn(guest, { username: 'mira' })
  await guest.locator('h1', { hasText: 'Accounts' }).waitFor()
  for (const row of staffRows.filter((row) => row.method === 'POST')) {
    const reply = await guest.request.post(at(filled(row.path)), { form: { back: '/admin' }, maxRedirects: 0 })
    assert.ok([403, 422].includes(reply.status()), `${row.path}: ${reply.status()}`)
  }
  await guest.context().clearCookies()
  const reply = await guest.request.post(at(`/admin/accounts/${NOBODY}/approve`), { maxRedirects: 0 })
  assert.ok(reply.status() >= 400 || reply.status() === 303, `${reply.status()}`)
  await guest.context().close()
})

it('sign-ups wait, with hostile words, and are let in or turned away', async ({ anyone }) => {
  const guest = await newPage()
  for (const [name, reason] of Object.entries(hostile)) {
    await guest.goto(at('/auth/sign_up'))
    for (const [field, value] of Object.entries({ username: name, email: `${name}@example.net`, password, reason })) await guest.locator(`[name="${field}"]`).fill(value)
    await guest.locator('[name="agreement"]').check()
    await guest.locator('button[type="submit"]').click()
    await guest.locator('h1', { hasText: 'Welcome' }).waitFor()
  }
  await guest.context().close()
  const page = await loggedIn(server, 'mira')
  await page.goto(at('/admin/sign-ups'))
  await screenshots(page, 'staff-sign-ups')
  assert.deepEqual(await column(page, 1), ['@waits4', '@waits3', '@waits2', '@waits1'])
  assert.notEqual(await page.title(), 'broken')
  const rows = parseCsv(await csv(page, at('/admin/sign-ups?as=csv&sort=username')))
  assert.deepEqual(rows[0].slice(0, 3), ['username', 'email', 'reason'])
  assert.deepEqual(rows.slice(1).map((row) => row[0]), ['\'@waits1', '\'@waits2', '\'@waits3', '\'@waits4'])
  assert.deepEqual(rows.slice(1).map((row) => row[2]), [`'${hostile.waits1}`, hostile.waits2, hostile.waits3.replace('\n', '\r\n'), hostile.waits4])

  const row = (name) => page.locator('tr', { hasText: `${name}@example.net` })
  await row('waits1').getByRole('button', { name: /^Let in/ }).click()
  await row('waits1').waitFor({ state: 'detached' })
  assert.equal((await anyone.get('/api/v1/accounts/lookup?acct=waits1')).username, 'waits1')
  await row('waits2').locator('summary').click()
  await row('waits2').getByRole('button', { name: /^Yes: Turn away/ }).click()
  await row('waits2').waitFor({ state: 'detached' })
  await page.context().close()
})

it('tables sort, filter, search and page, with scripts off', async () => {
  const page = await loggedIn(server, 'mira', { javaScriptEnabled: false })
  await page.locator('.rail a[href="/admin"]').click()
  await page.locator('h1', { hasText: 'Overview' }).waitFor()
  await page.getByRole('link', { name: 'People', exact: true }).click()
  await page.locator('h1', { hasText: 'Accounts' }).waitFor()
  assert.deepEqual((await heads(page)).slice(0, 2), ['Name', 'E-mail address'])
  await page.locator('.sheet thead').getByRole('link', { name: 'Name' }).click()
  const names = await column(page, 1)
  assert.deepEqual(names, [...names].sort())
  assert.equal(await page.locator('th[aria-sort="ascending"]').innerText(), 'Name')
  await page.locator('.sheet thead').getByRole('link', { name: 'Name' }).click()
  assert.deepEqual(await column(page, 1), [...names].reverse())
  await page.locator('#by-role').selectOption('admin')
  await page.getByRole('button', { name: 'Show', exact: true }).click()
  assert.deepEqual(await column(page, 1), ['@adi'])
  await page.goto(at('/admin/accounts?q=RUDE'))
  assert.deepEqual(await column(page, 1), ['@rude'])
  await page.goto(at('/admin/accounts?q=nothing-of-it'))
  await page.getByText('Nothing here fits.').waitFor()
  await page.goto(at('/admin/accounts?ip=nonsense'))
  assert.match(await page.locator('main').innerText(), /That did not work/)
  await page.context().close()
})

it('a report is taken up, acted on, appealed against, and it all stands in the record', async ({ uma, rude, mira, adi }) => {
  const post = await rude.post('/api/v1/statuses', { status: 'you are all <b>fools</b>', visibility: 'private' })
  await rude.post('/api/v1/statuses', { status: 'in public too' })
  await uma.post('/api/v1/accounts/' + rude.id + '/follow')
  const open = await rude.post('/api/v1/statuses', { status: 'rude words in public' })
  await uma.post('/api/v1/reports', { account_id: rude.id, status_ids: [open.id], comment: '=HYPERLINK("http://evil.example","click")', category: 'other' })
  const page = await loggedIn(server, 'mira')
  await page.goto(at('/admin'))
  await screenshots(page, 'staff-overview')
  await page.getByRole('link', { name: 'Open reports' }).click()
  await screenshots(page, 'staff-reports')
  assert.match(await csv(page, at('/admin/reports?as=csv')), /"'=HYPERLINK\(""http:\/\/evil\.example"",""click""\)"/)
  await page.locator('.sheet tbody').getByRole('link', { name: '@rude' }).click()
  await page.locator('h1', { hasText: 'Report' }).waitFor()
  assert.match(await page.locator('.feed').innerText(), /rude words in public/)
  assert.ok(!(await page.locator('main').innerText()).includes('fools'), post.id)
  await screenshots(page, 'staff-report')
  assert.equal(await page.getByText('Change which rules it breaks').count(), 0, 'there are no rules yet')
  const owner = await loggedIn(server, 'olga')
  const theirs = await csrf(owner)
  for (const rule of ['No <b>shouting</b>', 'Be kind']) assert.equal((await owner.request.post(at('/admin/rules'), { form: { text: rule, authenticity_token: theirs }, maxRedirects: 0 })).status(), 303)
  await owner.context().close()
  await page.reload()
  await page.getByText('Change which rules it breaks').click()
  await page.getByLabel('No <b>shouting</b>').check()
  await page.locator('details[open]').getByRole('button', { name: 'Save' }).click()
  assert.match(await page.locator('main').innerText(), /Against the rules[\s\S]*No <b>shouting<\/b>/)
  await page.getByText('Change which rules it breaks').click()
  assert.deepEqual([await page.getByLabel('No <b>shouting</b>').isChecked(), await page.getByLabel('Be kind').isChecked()], [true, false])
  await accessible(page, 'a report with rules')
  await page.getByRole('button', { name: 'Take it up' }).click()
  await page.getByRole('button', { name: 'Leave it to others' }).waitFor()
  await page.locator('summary', { hasText: 'Warn or limit this account' }).click()
  await page.locator('#type').selectOption('silence')
  await page.locator('#text').fill('Please be kind.')
  await page.getByRole('button', { name: 'Do it' }).click()
  await page.getByRole('button', { name: 'Open it again' }).waitFor()

  await page.goto(at(`/admin/accounts/${rude.id}`))
  assert.match(await page.locator('main').innerText(), /limited/)
  assert.match(await page.locator('main').innerText(), /Please be kind\./)
  await screenshots(page, 'staff-account')
  const [warning] = await mira.as(await server.token('mira', 'admin:read')).get(`/api/kicau/v1/moderation/warnings?account_id=${rude.id}`)
  await rude.post(`/api/kicau/v1/warnings/${warning.id}/appeal`, { text: 'It was a joke.' })
  await page.context().close()

  const admin = await loggedIn(server, 'adi')
  await admin.goto(at('/admin/appeals'))
  await screenshots(admin, 'staff-appeals')
  await admin.getByRole('button', { name: /^Grant/ }).click()
  await admin.getByText('No appeal waits.').waitFor()
  await admin.goto(at('/admin/record'))
  const log = await adi.as(await server.token('adi', 'admin:read')).get('/api/kicau/v1/moderation/log')
  assert.deepEqual((await column(admin, 3)).slice(0, log.length), log.map((entry) => entry.action))
  await screenshots(admin, 'staff-record')
  await admin.goto(at(`/admin/accounts/${(await adi.get('/api/v1/accounts/lookup?acct=olga')).id}`))
  assert.equal(await admin.locator('main form').count(), 0, 'nobody acts on those above')
  const token = await csrf(admin)
  const olga = (await adi.get('/api/v1/accounts/lookup?acct=olga')).id
  const reply = await admin.request.post(at(`/admin/accounts/${olga}/action`), { form: { authenticity_token: token, type: 'suspend' }, maxRedirects: 0 })
  assert.equal(reply.status(), 403)
  await admin.context().close()
})

it('suspends and gives back; too many words are asked for once more and are not lost', async ({ rude }) => {
  const page = await loggedIn(server, 'adi')
  await page.goto(at(`/admin/accounts/${rude.id}`))
  await page.locator('summary', { hasText: 'Warn or limit this account' }).click()
  await page.locator('#type').selectOption('suspend')
  await page.locator('#text').fill('x'.repeat(2001))
  await page.getByRole('button', { name: 'Do it' }).click()
  assert.match(await page.locator('#refusal').innerText(), /too long/)
  assert.equal((await page.locator('#text').inputValue()).length, 2001)
  assert.equal(await page.locator('#type').inputValue(), 'suspend')
  await accessible(page, 'a refused form')
  await page.locator('#text').fill('Enough.')
  await page.getByRole('button', { name: 'Do it' }).click()
  await page.getByRole('button', { name: 'End the suspension' }).click()
  await page.getByRole('button', { name: 'End the suspension' }).waitFor({ state: 'detached' })
  assert.equal(new URL(page.url()).pathname, `/admin/accounts/${rude.id}`)
  await page.context().close()
})

it('speaks Indonesian', async () => {
  const page = await loggedIn(server, 'mira', { locale: 'id-ID' })
  await page.goto(at('/admin'))
  await page.locator('h1', { hasText: 'Ikhtisar' }).waitFor()
  await page.context().close()
})
