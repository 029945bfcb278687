// What became of a post, and what one is told of it, in a browser: who boosted and favourited it, who quotes it; what one does
// with an author from a post's menu; notifications by kind, dismissed one by one and all at once. Without JavaScript and with.
import assert from 'node:assert/strict'
import { newPage } from '../api/lib/browser.mjs'
import { startWorld, until } from '../api/lib/server.mjs'
import { screenshots } from './lib/eyes.mjs'
import { lookedAt, plainPage, press } from './lib/person.mjs'

const { it, server, users } = await startWorld({ accounts: ['sari', 'budi', 'tono', 'ibu', 'made'] })
const { sari, budi, tono, ibu, made } = users
const page = await plainPage(server, 'sari')
const main = page.locator('main')
const text = async (path) => { if (path) await page.goto(server.base + path); return main.innerText() }
const told = () => sari.get('/api/v1/notifications')
const birds = await sari.post('/api/v1/statuses', { status: 'Two mynas on the wire' })
const at = `/@sari/${birds.id}`

it('who boosted, favourited and quotes a post is behind its numbers, without those one does not want to see', async () => {
  await sari.post(`/api/v1/accounts/${made.id}/mute`)
  for (const user of [budi, tono, ibu, made]) await user.post(`/api/v1/statuses/${birds.id}/favourite`)
  await budi.post(`/api/v1/statuses/${birds.id}/reblog`)
  const quote = await ibu.post('/api/v1/statuses', { status: 'Birds again', quoted_status_id: birds.id })
  await until('all are told', async () => (await told()).length === 5)
  await page.goto(server.base + at)
  await page.getByRole('link', { name: '4 favourites' }).click()
  assert.equal(page.url(), `${server.base}${at}/favourites`)
  assert.deepEqual((await page.locator('.people .handle').allInnerTexts()).sort(), ['@budi', '@ibu', '@tono'])
  assert.match(await text(), /Two mynas on the wire/)
  await main.getByRole('link', { name: 'Boosts', exact: true }).click()
  assert.deepEqual(await page.locator('.people .handle').allInnerTexts(), ['@budi'])
  await press(page.locator('li', { hasText: '@budi' }), 'Follow')
  assert.equal((await sari.get(`/api/v1/accounts/relationships?id[]=${budi.id}`))[0].following, true)
  await page.goto(server.base + at)
  await page.getByRole('link', { name: '1 quote' }).click()
  assert.match(await text(), /Who quotes this post[\s\S]*Birds again/)
  assert.equal((await page.goto(`${server.base}/@budi/${birds.id}/boosts`)).status(), 404, 'under a name that is not its author\'s')
  assert.equal((await page.goto(`${server.base}/@ibu/${quote.id}/favourites`)).status(), 200)
  assert.match(await text(), /Nobody yet/)
})

it('visitors are asked to log in, and see the numbers without links', async () => {
  const visitor = await newPage()
  await visitor.goto(server.base + at)
  assert.match(await visitor.locator('.marks').innerText(), /4\s+favourites/)
  assert.equal(await visitor.locator('.marks a[href$=favourites]').count(), 0)
  await visitor.goto(`${server.base}${at}/favourites`)
  await visitor.locator('input[name=password]').waitFor()
  await visitor.context().close()
})

it('who is in a notification beyond the first names is a press away', async () => {
  const row = page.locator('.told', { hasText: 'favourited your post' })
  await page.goto(`${server.base}/notifications`)
  assert.match(await row.innerText(), /\+ 1 other/)
  await row.getByRole('link', { name: '1 other' }).click()
  assert.equal(page.url(), `${server.base}${at}/favourites`)
})

it('notifications by kind', async () => {
  await tono.post(`/api/v1/accounts/${sari.id}/follow`)
  const poll = await sari.post(`/api/v1/accounts/${budi.id}/follow`, { notify: true }).then(() => budi.post('/api/v1/statuses', { status: 'Rye at seven' }))
  await sari.patch('/api/v1/accounts/update_credentials', { discoverable: true })
  const { collection } = await budi.post('/api/v1/collections', { name: 'Birders', discoverable: true, account_ids: [sari.id] })
  await until('all are told', async () => (await told()).length === 8)
  const kinds = { mentions: /quoted you/, reactions: /favourited your post[\s\S]*|boosted your post/, followers: /follows you/, posts: /Rye at seven/ }
  for (const [kind, words] of Object.entries(kinds)) {
    const shown = await text(`/notifications/${kind}`)
    assert.match(shown, words, kind)
    for (const [other, not] of Object.entries(kinds)) if (other !== kind && other !== 'reactions') assert.doesNotMatch(shown, not, `${other} among ${kind}`)
  }
  await page.goto(`${server.base}/notifications`)
  await page.getByRole('link', { name: 'put you into a collection' }).click()
  assert.equal(page.url(), `${server.base}/collections/${collection.id}`)
  assert.ok(poll.id)
})

it('they look as they should, in both themes and on a phone', async () => {
  const eyes = await lookedAt(server, 'sari')
  for (const [name, path] of Object.entries({ told: '/notifications', favourites: `${at}/favourites`, quotes: `${at}/quotes`, reactions: at })) {
    await eyes.goto(server.base + path)
    await screenshots(eyes, `known-${name}`)
  }
  const menu = eyes.locator('.post.focus + *, .post', { hasText: 'Rye at seven' }).first()
  await eyes.goto(`${server.base}/home`)
  await menu.locator('.more > summary').click()
  await menu.locator('.more details summary').first().click()
  await screenshots(eyes, 'known-post-menu')
  assert.deepEqual(eyes.complaints, [])
  await eyes.context().close()
}, { timeout: 120000 })

it('one is dismissed, with its whole group, and the others stay; with scripts it goes where it stands', async () => {
  const before = (await told()).length
  await page.goto(`${server.base}/notifications`)
  await press(page.locator('.told', { hasText: 'favourited your post' }), 'Dismiss')
  assert.equal(page.url(), `${server.base}/notifications`)
  assert.equal((await told()).length, before - 3, 'three people')
  assert.equal((await told()).some((one) => one.type === 'favourite'), false)
  await press(page.locator('.told', { hasText: 'quoted you' }), 'Dismiss')
  assert.equal((await told()).length, before - 4)
  const eyes = await lookedAt(server, 'sari')
  await eyes.goto(`${server.base}/notifications`)
  await eyes.locator('.told', { hasText: 'boosted your post' }).getByRole('button', { name: 'Dismiss' }).click()
  await until('it is gone', async () => (await eyes.locator('.told', { hasText: 'boosted your post' }).count()) === 0)
  await until('for good', async () => !(await told()).some((one) => one.type === 'reblog'))
  assert.equal(eyes.url(), `${server.base}/notifications`)
  await eyes.context().close()
})

it('and all of them, after one was asked', async () => {
  assert.notEqual((await told()).length, 0)
  await page.goto(`${server.base}/notifications`)
  await page.locator('.clearing summary').click()
  await press(main, 'Yes, forget all of them')
  assert.deepEqual(await told(), [])
  assert.match(await text(), /Nothing here yet/)
  assert.equal(await page.locator('.clearing').count(), 0)
})

it('who wrote a post is muted or blocked from its menu', async () => {
  const relation = async () => (await sari.get(`/api/v1/accounts/relationships?id[]=${budi.id}`))[0]
  const menu = async () => { await page.goto(`${server.base}/@budi`); const post = page.locator('.post', { hasText: 'Rye at seven' }); await post.locator('.more > summary').first().click(); return post }
  await press(await menu(), 'Mute @budi')
  assert.equal(page.url(), `${server.base}/@budi`)
  assert.equal((await relation()).muting, true)
  await sari.post(`/api/v1/accounts/${budi.id}/unmute`)
  const post = await menu()
  assert.equal(await post.getByRole('button', { name: 'Yes, block' }).isVisible(), false)
  await post.getByText('Block @budi').click()
  await press(post, 'Yes, block')
  assert.equal((await relation()).blocking, true)
  await page.goto(server.base + at)
  await page.locator('.post.focus .more > summary').first().click()
  assert.equal(await page.getByRole('button', { name: 'Mute @sari' }).count(), 0, 'not oneself')
})
