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
  await page.getByRole('button', { name: /^Unblock/ }).click()
  await page.getByText('There is nothing here yet.').waitFor()

  for (const [path, title, fields] of [
    ['email-domain-blocks', 'Block a mail provider', { domain: 'Spam.example' }],
    ['domain-blocks', 'Block a server', { domain: 'bad.example', private_comment: '+1 reasons' }],
    ['email-blocks', 'Block a mail address', { email: 'Some.Body+x@example.net' }]
  ]) {
    await page.goto(at(`/admin/${path}`))
    await open(title)
    for (const [name, value] of Object.entries(fields)) await page.locator(`#${name}`).fill(value)
    await page.getByRole('button', { name: 'Block', exact: true }).click()
    await page.locator('.sheet').waitFor()
    assert.equal((await column(page, 1)).length, 1, path)
  }
  const [head, row] = parseCsv(await csv(page, at('/admin/domain-blocks?as=csv')))
  assert.equal(row[head.indexOf('private_comment')], '\'+1 reasons')
  assert.equal(row[head.indexOf('severity')], 'Limited: only followers find its people')
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
