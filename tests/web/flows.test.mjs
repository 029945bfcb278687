// What people come for, from making an account to leaving the room: in each way one can be at a browser.
import assert from 'node:assert/strict'
import { signIn } from '../api/lib/browser.mjs'
import { file } from '../api/lib/http.mjs'
import { png } from '../api/lib/png.mjs'
import { password, startWorld, until } from '../api/lib/server.mjs'
import { AS_INIT_HAS_IT } from '../api/lib/settings.mjs'
import { code, early } from '../api/lib/totp.mjs'
import { inAllWays } from './lib/matrix.mjs'

const world = await startWorld({ accounts: ['budi'], env: { ...AS_INIT_HAS_IT } })
const { server, users: { budi } } = world
const bread = await budi.post('/api/v1/statuses', { status: 'Sourdough at seven, as always. #bread' })
const { flow } = await inAllWays(world)
const picture = { name: 'bird.png', mimeType: 'image/png', buffer: Buffer.from(await file(png(64, 48, 1), 'image/png', 'bird.png').arrayBuffer()) }
const own = ({ user }) => user.get(`/api/v1/accounts/${user.id}/statuses`)

async function logOut ({ page, small }) {
  if (small) await page.getByRole('link', { name: 'Menu', exact: true }).click()
  await page.getByRole('button', { name: 'Log out', exact: true }).click()
  await page.locator('.bar').getByRole('link', { name: 'Log in' }).waitFor()
}

flow('one makes an account, and logs in', async (person) => {
  const { page, name } = person
  await person.go('/auth/sign_up')
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByLabel('E-mail address').fill(`${name}@example.net`)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByLabel('I keep to the rules of this server').check()
  await person.press('Make the account')
  await page.getByText('Your account is there.').waitFor()
  await person.go('/login')
  await signIn(page, { username: name })
  await page.locator('.bar .me').waitFor()
  person.user = await server.login(name)
  person.user.id = (await person.user.get('/api/v1/accounts/verify_credentials')).id
})

flow('a second step is set up, and asked for', async (person) => {
  const { page, name } = person
  await person.go('/settings/security')
  const form = page.locator('form').filter({ has: page.getByRole('button', { name: 'Set up the second step' }) })
  await form.locator('input[type="password"]').fill(password)
  await form.getByRole('button').click()
  const secret = await page.locator('.code code').innerText()
  await early()
  await person.fill({ '#code': code(secret, -1) })
  await page.locator('button[type="submit"].main').click()
  await page.locator('.rows code').nth(9).waitFor()
  await logOut(person)
  await person.go('/login')
  await signIn(page, { username: name })
  await person.fill({ '#code': code(secret) })
  await page.locator('button[type="submit"].main').click()
  await page.locator('.bar .me').waitFor()
})

flow('one follows somebody, and thinks again', async (person) => {
  const follows = async () => (await person.user.get(`/api/v1/accounts/relationships?id[]=${budi.id}`))[0].following
  for (const [name, then] of [['Follow', true], ['Unfollow', false], ['Follow', true]]) {
    await person.go('/@budi')
    await person.press(name)
    await until(`${name} is done`, async () => await follows() === then)
  }
  await person.go('/home')
  await person.post('Sourdough at seven').waitFor()
})

flow('a post is written at home, and one with all there is', async (person) => {
  const { page, name } = person
  await person.go('/home')
  await person.fill({ '#text': `short words of ${name}` })
  await person.press('Post')
  await person.at('/home')
  await person.post(`short words of ${name}`).waitFor()
  await person.go('/write')
  await person.fill({ '#text': `a picture by ${name}` })
  await page.locator('input[name=file]').setInputFiles(picture)
  if (!person.scripts) await person.press('Attach it')
  await page.locator('textarea[name="alt[]"]').fill('a bird')
  await page.getByText('Warning, poll, language, time').click()
  await person.fill({ '#warning': 'feathers' })
  await page.locator('#language').selectOption('id')
  await page.locator('select[name=visibility]').selectOption('private')
  await person.press('Post')
  await person.at('/home')
  const [made, short] = await own(person)
  assert.deepEqual([made.spoiler_text, made.language, made.visibility, made.media_attachments.map((m) => m.description)], ['feathers', 'id', 'private', ['a bird']])
  assert.match(short.content, new RegExp(`short words of ${name}`))
})

flow('one answers, and sees it in the thread', async (person) => {
  const { page, name } = person
  await person.go('/home')
  await person.post('Sourdough at seven').getByRole('link', { name: /^Reply/ }).click()
  assert.equal(await page.locator('#text').inputValue(), '@budi ')
  await person.fill({ '#text': `@budi ${name} comes at eight` })
  await person.press('Post')
  await page.waitForURL(new RegExp(`/@budi/${bread.id}#p`))
  await person.post(`${name} comes at eight`).waitFor()
  assert.equal((await own(person))[0].in_reply_to_id, bread.id)
})

flow('a post is changed, shows what it was, and is deleted', async (person) => {
  const { page, user } = person
  const { id } = await user.post('/api/v1/statuses', { status: 'first words' })
  const menu = async () => { await person.go(`/@${person.name}/${id}`); await page.locator('.focus .more > summary').first().click() }
  await menu()
  await page.locator('.focus').getByRole('link', { name: 'Edit' }).click()
  await person.fill({ '#text': 'second words' })
  await person.press('Save the changes')
  await page.waitForURL(new RegExp(`/${id}`))
  await page.locator('.focus .marks a[href$="/history"]').click()
  assert.deepEqual((await page.locator('article .text').allInnerTexts()).map((text) => text.trim()), ['second words', 'first words'])
  await menu()
  await page.locator('.focus .more .more, .focus .more summary', { hasText: 'Delete' }).click()
  await person.press('Yes, delete it')
  await person.at('/home')
  assert.equal((await person.go(`/@${person.name}/${id}`)).status(), 410)
})

flow('a poll is made by one, and answered by another', async (person) => {
  const { page, name } = person
  await person.go('/write')
  await person.fill({ '#text': `which, asks ${name}` })
  await page.getByText('Warning, poll, language, time').click()
  for (const [i, answer] of ['Rye', 'Wheat'].entries()) await page.locator('input[name="option[]"]').nth(i).fill(answer)
  await person.press('Post')
  await person.at('/home')
  assert.deepEqual((await own(person))[0].poll.options.map((option) => option.title), ['Rye', 'Wheat'])
  const asked = await budi.post('/api/v1/statuses', { status: `which loaf, ${name}?`, poll: { options: ['this', 'that'], expires_in: 3600 } })
  await person.go(`/@budi/${asked.id}`)
  await page.getByRole('radio', { name: 'that' }).check()
  await person.press('Vote')
  await page.getByText('your choice').first().waitFor()
  assert.deepEqual((await person.user.get(`/api/v1/statuses/${asked.id}`)).poll.own_votes, [1])
})

flow('favourites, boosts and bookmarks are given, found again and taken back', async (person) => {
  const { page, user } = person
  const state = async () => { const one = await user.get(`/api/v1/statuses/${bread.id}`); return [one.favourited, one.reblogged, one.bookmarked] }
  await person.go(`/@budi/${bread.id}`)
  for (const [i, name] of ['favourite', 'boost', 'bookmark'].entries()) {
    await page.locator(`.focus .act.${name}`).click()
    await until(`${name} is there`, async () => (await state())[i] && await page.locator(`.focus .act.${name}`).getAttribute('aria-pressed') === 'true')
  }
  await person.go('/bookmarks')
  await person.post('Sourdough at seven').locator('.act.bookmark').click()
  await until('it is taken back', async () => !(await state())[2])
  await person.go('/bookmarks')
  assert.match(await person.main(), /Nothing here yet/)
})

flow('people, tags and posts are found', async (person) => {
  const { page } = person
  await person.go('/search')
  await page.locator('main input[name=q]').fill('budi')
  await person.press('Search')
  await page.locator('main').getByRole('link', { name: /budi/ }).first().waitFor()
  await until('a post is found', async () => { await person.go('/search?q=sourdough+from%3Abudi'); return await person.post('Sourdough at seven').count() > 0 })
  await person.go('/search?q=%23bread')
  assert.match(await person.main(), /#bread/)
})

flow('notifications are told, counted and seen', async (person) => {
  const { page, name } = person
  await person.go('/notifications')
  const badge = () => page.locator('.count b').first()
  const before = await own(person)
  await budi.post(`/api/v1/statuses/${before.find((one) => /short words/.test(one.content)).id}/favourite`)
  await budi.post('/api/v1/statuses', { status: `@${name} good morning to you` })
  await until('they are counted', async () => { await person.go('/home'); return await badge().isVisible() && Number(await badge().innerText()) >= 2 })
  await person.go('/notifications')
  assert.match(await person.main(), /budi favourited your post/)
  assert.match(await person.main(), /good morning to you/)
  await person.go('/home')
  assert.equal(await badge().isVisible(), false)
})

flow('a list is made, filled, read and deleted', async (person) => {
  const { page, user } = person
  await person.go('/lists')
  await person.fill({ '#title': 'Town' })
  await person.press('Make the list')
  await person.fill({ '#name': 'budi' })
  await page.locator('main button[value=add]').click()
  await page.waitForLoadState()
  const [{ id }] = await user.get('/api/v1/lists')
  assert.deepEqual((await user.get(`/api/v1/lists/${id}/accounts`)).map((one) => one.username), ['budi'])
  await person.go(`/lists/${id}`)
  await person.post('Sourdough at seven').waitFor()
  await person.go(`/lists/${id}/members`)
  await page.getByText('Delete the list').click()
  await person.press('Yes, delete it')
  assert.deepEqual(await user.get('/api/v1/lists'), [])
})

flow('a filter covers what it names, and is taken away', async (person) => {
  const { page, user } = person
  await person.go('/settings/filters')
  await person.fill({ '#title0': 'No bread', '#keywords0': 'sourdough' })
  await person.press('Make the filter')
  await person.go('/home')
  assert.match(await person.main(), /Filtered: No bread/)
  assert.equal(await page.getByText('Sourdough at seven').first().isVisible(), false)
  await person.go('/settings/filters')
  await page.getByRole('button', { name: /^Delete the filter/ }).click()
  await until('it is gone', async () => (await user.get('/api/v2/filters')).length === 0)
  await person.go('/home')
  await person.post('Sourdough at seven').waitFor()
})

flow('the profile, the defaults and what posts may be licensed for are chosen', async (person) => {
  const { page, user, name } = person
  await person.go('/settings/profile')
  await person.fill({ '#name': `${name} W.`, '#note': 'Counts birds.', 'input[name="label[]"]': 'Town', 'input[name="content[]"]': 'Bandung' })
  await person.press('Save')
  await person.go('/settings/privacy')
  await page.getByRole('checkbox', { name: 'I decide who follows me' }).check()
  await page.locator('#visibility').selectOption('unlisted')
  await person.press('Save')
  const me = await user.get('/api/v1/accounts/verify_credentials')
  assert.deepEqual([me.display_name, me.source.note, me.fields[0].value, me.locked, me.source.privacy], [`${name} W.`, 'Counts birds.', 'Bandung', true, 'unlisted'])
  await person.go('/write')
  assert.equal(await page.locator('select[name=visibility]').inputValue(), 'unlisted')
  await person.go('/settings/data')
  await page.getByRole('checkbox', { name: 'Research', exact: true }).check()
  await person.press('Save my choice')
  await page.getByText(/This is what you chose/).waitFor()
  const { search, research, training, chosen } = await user.get('/api/v1/accounts/data_licence')
  assert.deepEqual({ search, research, training, chosen }, { search: false, research: true, training: false, chosen: true })
})

flow('who logs out has left', async (person) => {
  await person.go('/home')
  await logOut(person)
  await person.go('/home')
  await person.page.locator('input[name=password]').waitFor()
})
