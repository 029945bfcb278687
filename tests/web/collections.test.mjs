// Collections of accounts on the pages, without scripts: made, filled, changed, left, deleted; refusals in the reader's language.
import assert from 'node:assert/strict'
import { newPage, signIn } from '../api/lib/browser.mjs'
import { startWorld } from '../api/lib/server.mjs'
import { screenshots, watchedPage } from './lib/eyes.mjs'

const { it, server, users: { sari, budi } } = await startWorld({ accounts: ['sari', 'budi', 'shy'] })
for (const user of [sari, budi]) await user.patch('/api/v1/accounts/update_credentials', { discoverable: true })

async function loggedIn (username, options) {
  const page = await newPage({ javaScriptEnabled: false, ...options })
  await page.goto(`${server.base}/login`)
  await signIn(page, { username })
  await page.waitForURL((url) => url.pathname !== '/login')
  return page
}
const press = (page, name) => page.locator('main').getByRole('button', { name, exact: true }).first().click()
const put = async (page, name, button = 'Put into the collection') => { await page.locator('#acct').fill(name); await press(page, button) }
const refusal = (page) => page.locator('#refusal').innerText()
let path

it('one is made from the profile, filled and changed; what is refused says why and keeps what was typed', async () => {
  const page = await loggedIn('sari')
  await page.goto(`${server.base}/@sari`)
  await page.getByRole('link', { name: 'Collections' }).click()
  await page.locator('#name').fill('Bakers')
  await page.locator('#description').fill('Who bakes <b>well</b>')
  await page.locator('#tag').fill('!!!')
  await press(page, 'Make the collection')
  assert.match(await refusal(page), /Tag is invalid/)
  assert.deepEqual([await page.locator('#name').inputValue(), await page.locator('#description').inputValue()], ['Bakers', 'Who bakes <b>well</b>'])
  await page.goto(`${server.base}/@sari/collections`)
  await page.locator('#name').fill('Bakers')
  await page.locator('#description').fill('Who bakes <b>well</b>')
  await page.locator('#tag').fill('bread')
  await press(page, 'Make the collection')
  path = new URL(page.url()).pathname
  assert.match(await page.locator('main').innerText(), /Bakers[\s\S]*Who bakes <b>well<\/b>[\s\S]*#bread[\s\S]*Nobody is in it yet/)
  await put(page, 'budi')
  assert.match(await page.locator('main ul').innerText(), /@budi/)
  await put(page, 'budi')
  assert.match(await refusal(page), /already/)
  await put(page, 'shy')
  assert.match(await refusal(page), /cannot be added/)
  await put(page, 'nobody')
  assert.match(await refusal(page), /no account of that name/)
  await page.getByText('Change the collection').click()
  await page.locator('#name').fill('Good bakers')
  await press(page, 'Save')
  assert.equal(await page.locator('h1').innerText(), 'Good bakers')
  await page.context().close()
})

it('everybody sees it, nobody else changes it, and who is in it leaves', async () => {
  const visitor = await watchedPage()
  await visitor.goto(`${server.base}/@sari/collections`)
  await visitor.getByRole('link', { name: 'Good bakers' }).click()
  assert.match(await visitor.locator('main ul').innerText(), /@budi/)
  assert.equal(await visitor.locator('main form').count(), 0)
  await screenshots(visitor, 'collection')
  assert.deepEqual(visitor.complaints, [])
  await visitor.context().close()

  const page = await loggedIn('budi')
  await page.goto(server.base + path)
  assert.equal(await page.getByText('Change the collection').count(), 0)
  const token = await page.locator('input[name="authenticity_token"]').first().getAttribute('value')
  const send = async (what, form) => (await page.request.post(`${server.base}${path}${what}`, { form: { authenticity_token: token, ...form }, maxRedirects: 0 })).status()
  for (const [what, form] of [['', { name: 'mine' }], ['/add', { acct: 'shy' }], ['/delete', {}], ['/items/1/remove', {}]]) assert.equal(await send(what, form), 403, what)
  assert.equal((await page.request.post(`${server.base}${path}`, { form: { name: 'mine' }, maxRedirects: 0 })).status(), 422, 'without its field')
  await press(page, 'Leave this collection')
  assert.match(await page.locator('main').innerText(), /Nobody is in it yet/)
  await page.context().close()
})

it('speaks Indonesian, and is deleted', async () => {
  const page = await loggedIn('sari', { locale: 'id-ID' })
  await page.goto(server.base + path)
  await put(page, 'shy', 'Masukkan ke koleksi')
  assert.match(await refusal(page), /tidak dapat dimasukkan/)
  await page.getByText('Hapus koleksi').click()
  await press(page, 'Ya, hapus')
  assert.match(await page.locator('h1').innerText(), /Koleksi/)
  assert.equal((await fetch(server.base + path)).status, 404)
  await page.context().close()
})

it('one sees which collections of others one is in; one that warns is opened by who wants to', async () => {
  const { collection } = await sari.post('/api/v1/collections', { name: 'Night birds', discoverable: true, account_ids: [(await budi.get('/api/v1/accounts/verify_credentials')).id] })
  const owner = await loggedIn('sari')
  await owner.goto(`${server.base}/collections/${collection.id}`)
  await owner.getByText('Change the collection').click()
  await owner.locator('#language').selectOption({ label: 'Indonesian' })
  await owner.getByLabel('Not for everybody to see without a warning').check()
  await press(owner, 'Save')
  const now = (await sari.get(`/api/v1/collections/${collection.id}`)).collection
  assert.deepEqual([now.sensitive, now.language, now.discoverable], [true, 'id', true])
  assert.equal(await owner.locator('.warning').count(), 0, 'its owner knows')
  await owner.getByText('Change the collection').click()
  assert.equal(await owner.locator('#language').inputValue(), 'id')
  const page = await loggedIn('budi')
  await page.goto(`${server.base}/@budi/collections`)
  assert.match(await page.locator('main').innerText(), /Collections you are in\s+Night birds/)
  await page.getByRole('link', { name: 'Night birds' }).click()
  assert.equal(await page.locator('main').getByRole('link', { name: /@budi/ }).isVisible(), false)
  await page.locator('.warning summary').click()
  assert.equal(await page.locator('main').getByRole('link', { name: /@budi/ }).isVisible(), true)
  await press(page, 'Leave this collection')
  await page.goto(`${server.base}/@budi/collections`)
  assert.doesNotMatch(await page.locator('main').innerText(), /Night birds/)
  await owner.goto(`${server.base}/@budi/collections`)
  assert.doesNotMatch(await owner.locator('main').innerText(), /Collections you are in/)
  for (const one of [owner, page]) await one.context().close()
})
