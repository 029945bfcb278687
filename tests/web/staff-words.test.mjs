// What those who run the server keep out and say to everybody, and what they let be a trend.
import assert from 'node:assert/strict'
import { png } from '../api/lib/png.mjs'
import { startWorld } from '../api/lib/server.mjs'
import { screenshots } from './lib/eyes.mjs'
import { column, csrf, csv, loggedIn, parseCsv } from './lib/staff.mjs'

const { it, server } = await startWorld({ accounts: ['olga', 'uma'], roles: { olga: 'owner' }, env: { KICAU_TITLE: 'Kampung Kicau' } })
const at = (path) => `${server.base}${path}`
let page

async function open (title) {
  await page.locator('summary', { hasText: title }).click()
}

it('blocks networks, providers, addresses and servers, and lets them go', async () => {
  page = await loggedIn(server, 'olga')
  await page.goto(at('/admin/ip-blocks'))
  await open('Block a network')
  await page.locator('#ip').fill('nonsense')
  await page.locator('#comment').fill('spam & <b>more</b>')
  await page.locator('#days').fill('30')
  await page.getByRole('button', { name: 'Block', exact: true }).click()
  assert.match(await page.locator('#refusal').innerText(), /IP is invalid/)
  assert.equal(await page.locator('#comment').inputValue(), 'spam & <b>more</b>')
  await page.locator('#ip').fill('127.0.0.0/8')
  await page.locator('#severity').selectOption('no_access')
  await page.getByRole('button', { name: 'Block', exact: true }).click()
  assert.match(await page.locator('#refusal').innerText(), /where you are yourself/)
  await page.locator('#ip').fill('192.0.2.77/24')
  await page.getByRole('button', { name: 'Block', exact: true }).click()
  assert.deepEqual(await column(page, 1), ['192.0.2.0/24'])
  await screenshots(page, 'staff-networks')
  await page.getByRole('link', { name: '192.0.2.0/24' }).click()
  await open('Change how it is blocked')
  assert.deepEqual(await page.locator('#severity, #comment, #days').evaluateAll((all) => all.map((one) => one.value)), ['no_access', 'spam & <b>more</b>', '30'])
  await page.locator('#severity').selectOption('sign_up_block')
  await page.locator('#comment').fill('changed')
  await page.locator('#days').fill('')
  await page.getByRole('button', { name: 'Save' }).click()
  await open('Change how it is blocked')
  assert.deepEqual(await page.locator('#severity, #comment, #days').evaluateAll((all) => all.map((one) => one.value)), ['sign_up_block', 'changed', ''])
  await screenshots(page, 'staff-network')
  await page.goto(at('/admin/ip-blocks'))
  assert.deepEqual([await column(page, 2), await column(page, 3), await column(page, 4)], [['Nobody signs up from there'], ['changed'], ['']])
  await page.getByRole('button', { name: /^Unblock/ }).click()
  await page.getByText('There is nothing here yet.').waitFor()

  for (const [path, title, fields] of [
    ['email-domain-blocks', 'Block a mail provider', { domain: 'Spam.example' }],
    ['domain-blocks', 'Block a server', { domain: 'bad.example', private_comment: '+1 reasons' }],
    ['domain-allows', 'Allow a server', { domain: 'Good.example' }],
    ['email-blocks', 'Block a mail address', { email: 'Some.Body+x@example.net' }]
  ]) {
    await page.goto(at(`/admin/${path}`))
    await open(title)
    for (const [name, value] of Object.entries(fields)) await page.locator(`#${name}`).fill(value)
    await page.getByRole('button', { name: /^(Block|Allow)$/ }).click()
    await page.locator('.sheet').waitFor()
    assert.equal((await column(page, 1)).length, 1, path)
  }
  const [head, row] = parseCsv(await csv(page, at('/admin/domain-blocks?as=csv')))
  assert.equal(row[head.indexOf('private_comment')], '\'+1 reasons')
  assert.equal(row[head.indexOf('severity')], 'Limited: only followers find its people')

  await page.goto(at('/admin/domain-blocks'))
  await page.getByRole('link', { name: 'bad.example' }).click()
  await open('Change how it is blocked')
  await page.locator('#severity').selectOption('suspend')
  await page.getByLabel('Take no media from there').check()
  await page.locator('#public_comment').fill('"><script>x()</script>')
  await page.getByRole('button', { name: 'Save' }).click()
  await open('Change how it is blocked')
  assert.equal(await page.getByLabel('Take no media from there').isChecked(), true)
  assert.equal(await page.locator('#private_comment').inputValue(), '+1 reasons')
  await screenshots(page, 'staff-server')
  const [, changed] = parseCsv(await csv(page, at('/admin/domain-blocks?as=csv')))
  assert.deepEqual(changed.slice(0, 6), ['bad.example', 'Blocked: nothing comes from there', 'yes', '', '\'+1 reasons', '"><script>x()</script>'])
  await page.goto(at('/admin/domain-allows'))
  await screenshots(page, 'staff-allows')
  await page.getByRole('button', { name: /^Allow no longer/ }).click()
  await page.getByText('There is nothing here yet.').waitFor()
})

it('the check of the books says what it looked at', async () => {
  await page.goto(at('/admin/books'))
  assert.match(await page.locator('main').innerText(), /The books are right\.[\s\S]*Entries looked at[\s\S]*kicau ledger verify/)
  await screenshots(page, 'staff-books')
})

it('announces, sets rules and writes terms; all of it stands in the record', async ({ anyone, uma }) => {
  await page.goto(at('/admin/announcements'))
  await open('Say something to everybody')
  await page.locator('#text').fill('The tram does not come <today>.')
  await page.locator('#ends_at').fill('2000-01-01')
  await page.getByRole('button', { name: 'Announce it' }).click()
  assert.match(await page.locator('#refusal').innerText(), /end before it begins/)
  await page.locator('#ends_at').fill('2098-01-01')
  await page.getByRole('button', { name: 'Announce it' }).click()
  await page.locator('.sheet').waitFor()
  assert.match((await uma.get('/api/v1/announcements'))[0].content, /The tram does not come &lt;today&gt;/)
  await screenshots(page, 'staff-announcements')

  await page.goto(at('/admin/rules'))
  for (const rule of ['Be kind', 'No spam']) {
    await open('A new rule')
    await page.locator('#text').fill(rule)
    await page.getByRole('button', { name: 'Add the rule' }).click()
    await page.locator('.sheet', { hasText: rule }).waitFor()
  }
  await page.locator('tr', { hasText: 'No spam' }).locator('summary').click()
  await page.getByRole('button', { name: /^Yes: Take away/ }).click()
  await page.locator('tr', { hasText: 'No spam' }).waitFor({ state: 'detached' })
  assert.deepEqual((await anyone.get('/api/v1/instance/rules')).map((rule) => rule.text), ['Be kind'])

  await page.goto(at('/admin/documents'))
  await open('Write a text')
  await page.locator('#kind').selectOption('terms')
  await page.locator('#text').fill('One.\n\nTwo.')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.locator('.sheet').waitFor()
  assert.match((await anyone.get('/api/v1/instance/terms_of_service')).content, /<p>One\.<\/p>/)
  await page.goto(at('/admin/record'))
  const done = await column(page, 4)
  for (const kind of ['announcement', 'rule', 'document', 'ip_block', 'domain_block']) assert.ok(done.includes(kind), `${kind} in ${done}`)
})

it('adds an emoji and takes it away', async ({ anyone }) => {
  await page.goto(at('/admin/emojis'))
  await open('A new emoji')
  await page.locator('#shortcode').fill('bad name')
  await page.locator('#picture').setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.from(png(64, 64, 1)) })
  await page.getByRole('button', { name: 'Add the emoji' }).click()
  assert.match(await page.locator('#refusal').innerText(), /shortcode/)
  await page.locator('#shortcode').fill('myna')
  await page.locator('#picture').setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.from(png(64, 64, 1)) })
  await page.getByRole('button', { name: 'Add the emoji' }).click()
  await page.locator('.sheet').waitFor()
  await screenshots(page, 'staff-emojis')
  assert.deepEqual((await anyone.get('/api/v1/custom_emojis')).map((emoji) => emoji.shortcode), ['myna'])
  await page.locator('tr', { hasText: 'myna' }).locator('summary').click()
  await page.getByRole('button', { name: /^Yes: Take away/ }).click()
  await page.getByText('There is nothing here yet.').waitFor()
  assert.deepEqual(await anyone.get('/api/v1/custom_emojis'), [])
})

it('says what may be done with a hashtag, and whether it may be a trend', async ({ uma, anyone }) => {
  await uma.post('/api/v1/statuses', { status: 'Birds! #jalakbali' })
  await page.goto(at('/admin/tags'))
  await page.getByRole('link', { name: 'jalakbali' }).click()
  await open('What may be done with it')
  await page.locator('input[name="listable"]').uncheck()
  await page.locator('#display_name').fill('JalakBali')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.locator('h1', { hasText: 'Hashtag' }).waitFor()
  assert.equal((await anyone.get('/api/v1/tags/jalakbali')).name, 'JalakBali')
  await page.goto(at('/admin/tags?q=jalak'))
  assert.deepEqual(await column(page, 3), [''])
  for (const part of ['tags', 'posts', 'links', 'sites']) assert.equal((await page.goto(at(`/admin/trends/${part}`))).status(), 200)
  const id = new URL(await page.goto(at('/admin/tags')).then(() => page.getByRole('link', { name: 'jalakbali' }).getAttribute('href')), server.base).pathname.split('/').pop()
  const reply = await page.request.post(at(`/admin/trends/tags/${id}/reject`), { form: { authenticity_token: await csrf(page), back: '/admin/trends/tags' } })
  assert.equal(new URL(reply.url()).pathname, '/admin/trends/tags')
  await page.goto(at('/admin/tags'))
  assert.deepEqual(await column(page, 4), ['not shown'])
  await page.context().close()
})

it('more rows than one window are paged, and all in the file that the filter lets through', async () => {
  const many = 1100
  const page = await loggedIn(server, 'olga')
  await page.goto(at('/admin/email-blocks'))
  const token = await csrf(page)
  const block = (n) => page.request.post(at('/admin/email-blocks'), { form: { email: `someone${n}@spam.example`, authenticity_token: token }, maxRedirects: 0 })
  for (let i = 0; i < many; i += 20) for (const reply of await Promise.all(Array.from({ length: 20 }, (_, k) => block(i + k)))) assert.equal(reply.status(), 303)
  const [head, ...rows] = parseCsv(await csv(page, at('/admin/email-blocks?as=csv')))
  assert.deepEqual([head, rows.length], [['hash'], many + 1])
  const hashes = rows.map((row) => row[0])
  assert.equal(new Set(hashes).size, many + 1)
  const wanted = hashes.filter((hash) => hash.includes('ab'))
  const [, ...found] = parseCsv(await csv(page, at('/admin/email-blocks?as=csv&q=ab&sort=hash')))
  assert.deepEqual(found.map((row) => row[0]), wanted.sort())
  assert.ok(wanted.length > 50)

  // The same by turning pages: a window of 1000, then the older ones.
  const seen = []
  await page.goto(at('/admin/email-blocks'))
  for (;;) {
    seen.push(...await column(page, 1))
    const next = page.locator('.turns a[rel=next]')
    if (!await next.count()) break
    await next.click()
  }
  assert.deepEqual(seen, hashes)
  await page.context().close()
}, { timeout: 120000 })
