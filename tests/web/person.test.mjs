// The pages of somebody who is logged in: people, notifications, search, lists, filters, settings; in both languages, in
// both themes and on a phone, with axe. One server, one browser, JavaScript on where it is not said otherwise.
import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import { signIn } from '../api/lib/browser.mjs'
import { startWorld, until } from '../api/lib/server.mjs'
import { screenshots, watchedPage } from './lib/eyes.mjs'

const { it, server, users: { sari, budi } } = await startWorld({ accounts: ['sari', 'budi', 'tono'] })
const ids = Object.fromEntries(await Promise.all(['sari', 'budi', 'tono'].map(async (name) => [name, (await sari.get(`/api/v1/accounts/lookup?acct=${name}`)).id])))
await budi.post(`/api/v1/accounts/${ids.sari}/follow`)
const bread = await budi.post('/api/v1/statuses', { status: 'Sourdough at seven. #bread' })
await sari.post(`/api/v1/accounts/${ids.budi}/follow`) // else what budi writes to her alone is filtered
const birds = await sari.post('/api/v1/statuses', { status: 'Kutilang on the wire #birds' })
await budi.post(`/api/v1/statuses/${birds.id}/favourite`)
await budi.post('/api/v1/statuses', { status: '@sari just between us', visibility: 'direct' })

const page = await watchedPage()
await page.setViewportSize({ width: 1280, height: 900 })
await page.goto(`${server.base}/login`)
await signIn(page, { username: 'sari' })
await page.waitForURL(`${server.base}/`)
const go = async (path) => { await page.setViewportSize({ width: 1280, height: 900 }); return page.goto(server.base + path) }
const text = () => page.locator('main').innerText()
const save = async (name) => { await page.getByRole('button', { name, exact: true }).first().click(); await page.waitForLoadState() }
const quiet = () => { assert.deepEqual(page.complaints, []); page.complaints.length = 0 }

it('every page is as it should be, in both themes and on a phone', async () => {
  const { id: list } = await sari.post('/api/v1/lists', { title: 'Bakers' })
  const pages = { home: '/home', notifications: '/notifications', conversations: '/conversations', search: '/search', write: `/write?reply=${bread.id}`, lists: '/lists', members: `/lists/${list}/members`, requests: '/follow_requests', report: `/report?account=${ids.budi}&post=${bread.id}`, 'settings-profile': '/settings/profile', 'settings-privacy': '/settings/privacy', 'settings-filters': '/settings/filters', 'settings-look': '/settings/look', 'settings-transfer': '/settings/transfer', 'profile-known': '/@budi', 'thread-known': `/@budi/${bread.id}` }
  for (const [name, path] of Object.entries(pages)) {
    assert.equal((await go(path)).status(), 200, path)
    await screenshots(page, `known-${name}`)
  }
  quiet()
}, { timeout: 240000 })

it('following, and taking it back; who follows whom', async () => {
  await go('/@tono')
  await save('Follow')
  await until('it is done', async () => (await sari.get(`/api/v1/accounts/relationships?id[]=${ids.tono}`))[0].following)
  await page.getByRole('button', { name: 'Unfollow' }).click()
  await page.getByRole('button', { name: 'Follow', exact: true }).waitFor()
  await go('/@budi')
  await page.locator('.figures a', { hasText: 'follower' }).click()
  assert.match(await text(), /@sari/)
  await go('/home')
  assert.match(await text(), /Sourdough at seven/)
})

it('notifications are told, grouped, and seen', async () => {
  await go('/home')
  assert.equal(await page.locator('.rail .count').isVisible(), false, 'seen a moment ago')
  await budi.post(`/api/v1/statuses/${birds.id}/reblog`)
  await go('/home')
  assert.match(await page.locator('.rail .count').innerText(), /1/)
  await go('/notifications')
  assert.match(await text(), /budi favourited your post/)
  assert.match(await text(), /budi boosted your post/)
  assert.match(await text(), /just between us/)
  await go('/notifications/mentions')
  assert.doesNotMatch(await text(), /favourited/)
})

it('a conversation is read and taken off', async () => {
  await go('/conversations')
  assert.match(await text(), /just between us/)
  await save('Mark as read')
  assert.equal((await sari.get('/api/v1/conversations'))[0].unread, false)
  await save('Remove from here')
  assert.match(await text(), /No conversations yet/)
})

it('people, tags and posts are found, with operators', async () => {
  await go('/search?q=budi')
  assert.match(await text(), /@budi/)
  await sari.post(`/api/v1/statuses/${bread.id}/bookmark`)
  await until('it is found', async () => { await go('/search?q=sourdough+from%3Abudi'); return /Sourdough at seven/.test(await text()) })
  await go('/search?q=sourdough+from%3Atono')
  assert.doesNotMatch(await text(), /Sourdough at seven/)
  await go('/search?q=in%3Alibrary+from%3Abudi')
  assert.match(await text(), /Sourdough at seven/)
  await go('/search?q=-from%3Abudi+-from%3Ame')
  assert.doesNotMatch(await text(), /Sourdough at seven/)
  await page.getByText('How to narrow it down').click()
  assert.match(await text(), /-has:poll/)
  await go('/search?q=%23bread')
  assert.match(await text(), /#bread/)
})

it('a list is made, filled, read and deleted', async () => {
  await go('/lists')
  await page.locator('#title').fill('Town')
  await save('Make the list')
  await page.locator('#name').fill('budi')
  await page.locator('main button[value=add]').click()
  await page.waitForLoadState()
  assert.match(await text(), /@budi/)
  const { id } = (await sari.get('/api/v1/lists')).find((list) => list.title === 'Town')
  assert.deepEqual((await sari.get(`/api/v1/lists/${id}/accounts`)).map((a) => a.username), ['budi'])
  await page.locator('#name').fill('tono')
  await page.locator('main button[value=add]').click()
  assert.match(await page.getByRole('alert').innerText(), /You follow nobody of that name/)
  await page.getByText('Delete the list').click()
  await save('Yes, delete it')
  assert.equal((await sari.get('/api/v1/lists')).some((list) => list.id === id), false)
})

it('a filter hides where it says, and what it warns of is covered', async () => {
  await go('/settings/filters')
  await page.locator('#title0').fill('No bread')
  await page.locator('#keywords0').fill('sourdough')
  await save('Make the filter')
  await go('/home')
  assert.match(await text(), /Filtered: No bread/)
  assert.equal(await page.getByText('Sourdough at seven').isVisible(), false)
  await go('/settings/filters')
  await page.locator('main li summary').first().click()
  await page.locator('main li select[name=action]').selectOption('hide')
  await save('Save')
  await go('/home')
  assert.equal(await page.getByText('Sourdough at seven').count(), 0)
  await go('/settings/filters')
  await page.getByRole('button', { name: /^Delete the filter/ }).click()
  await page.waitForLoadState()
  assert.deepEqual(await sari.get('/api/v2/filters'), [])
})

it('the profile and the defaults are changed', async () => {
  await go('/settings/profile')
  await page.locator('#name').fill('Sari W.')
  await page.locator('#note').fill('Counts birds.')
  await page.locator('input[name="label[]"]').first().fill('Town')
  await page.locator('input[name="content[]"]').first().fill('Bandung')
  await save('Save')
  await go('/settings/privacy')
  await page.getByRole('checkbox', { name: 'I decide who follows me' }).check()
  await page.locator('#visibility').selectOption('unlisted')
  await save('Save')
  const me = await sari.get('/api/v1/accounts/verify_credentials')
  assert.deepEqual([me.display_name, me.source.note, me.fields[0].value, me.locked, me.source.privacy], ['Sari W.', 'Counts birds.', 'Bandung', true, 'unlisted'])
  await go('/write')
  assert.equal(await page.locator('select[name=visibility]').inputValue(), 'unlisted')
})

it('who asks is let in', async ({ tono }) => {
  await tono.post(`/api/v1/accounts/${ids.sari}/follow`)
  await go('/follow_requests')
  await save('Let them follow')
  await until('they follow', async () => (await tono.get(`/api/v1/accounts/relationships?id[]=${ids.sari}`))[0].following)
})

it('a report reaches the moderators', async () => {
  await go(`/report?account=${ids.budi}&post=${bread.id}`)
  await page.locator('#comment').fill('too much bread')
  await save('Send the report')
  assert.match(await text(), /The moderators have your report/)
})

it('lists are downloaded', async () => {
  const reply = await page.request.get(`${server.base}/settings/transfer/follows.csv`)
  assert.match(await reply.text(), /budi/)
})

it('pages speak Indonesian, and are dark, when one says so', async () => {
  await go('/settings/look')
  await page.locator('#language').selectOption('id')
  await page.locator('#theme').selectOption('dark')
  await save('Save')
  assert.equal(await page.locator('html').getAttribute('lang'), 'id')
  assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark')
  const english = /\b(the|your|posts|what|this|nobody|write|people)\b/i
  for (const path of ['/home', '/notifications', '/search', '/lists', '/settings/privacy', '/settings/filters', '/@sari', '/about', '/write']) {
    await go(path)
    for (const part of ['.rail', 'main h1', 'main form', 'main .tabs']) for (const words of await page.locator(part).allInnerTexts()) assert.doesNotMatch(words, english, `${path} ${part}`)
  }
  await go('/settings/look')
  await page.locator('#language').selectOption('auto')
  await page.locator('#theme').selectOption('auto')
  await page.locator('main button.main').click()
  await page.waitForLoadState()
  assert.equal(await page.locator('html').getAttribute('lang'), 'en')
})

it('a home weighs little', async () => {
  const weights = []
  const weigh = (reply) => { if (!/\/(media|stream)\//.test(reply.url())) weights.push(reply.body().then((body) => gzipSync(body).length)) }
  page.on('response', weigh)
  await go('/home')
  await page.waitForLoadState('load')
  page.off('response', weigh)
  const all = (await Promise.all(weights)).reduce((a, b) => a + b, 0)
  assert.ok(weights.length > 5 && all <= 60 * 1024, `${weights.length} files, ${all} bytes`)
})
