// What the people who run the server announce, as people meet it in a browser: above the posts of home until they have read it,
// and on a page of all; with reactions. With scripts, without, and from memory.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newPage } from '../api/lib/browser.mjs'
import { png } from '../api/lib/png.mjs'
import { password, startWorld, until } from '../api/lib/server.mjs'
import { Visitor } from '../attacks/lib/visitor.mjs'
import { screenshots } from './lib/eyes.mjs'
import { loggedIn } from './lib/staff.mjs'

const { it, server, users } = await startWorld({ accounts: ['sari', 'budi', 'tono', 'wati'], env: { KICAU_TITLE: 'Kampung Kicau' } })
const { budi, wati } = users
const at = (path) => `${server.base}${path}`
const announce = async (text, ...more) => (await server.kicau(['announce', 'add', text, ...more])).trim()
const remove = (id) => server.kicau(['announce', 'remove', id])
const shown = (page) => page.locator('.announcement .text').allInnerTexts()
const pressed = (page, id, emoji) => page.locator(`#a${id} .reaction`, { hasText: emoji }).first().getAttribute('aria-pressed')
const reactions = async (user, id) => (await user.get('/api/v1/announcements', { with_dismissed: true })).find((one) => one.id === id).reactions.map(({ name, count, me }) => [name, count, me])
const unread = async (user) => (await user.get('/api/v1/announcements')).map((one) => one.id)

async function look (page, name) {
  await screenshots(page, name)
  await page.setViewportSize({ width: 1280, height: 900 })
}

const browsers = {}
for (const name of ['budi', 'tono']) {
  browsers[name] = new Visitor(server.port, new URL(server.base).host)
  assert.equal((await browsers[name].login(name, password)).status, 303)
}
const home = async (name, language = 'en') => (await browsers[name].ask('GET', '/home', { headers: { Accept: 'text/html', 'Accept-Language': language } })).text
const queries = async () => Number(/^kicau_db_queries_of_requests_total (\d+)/m.exec(await (await fetch(at('/metrics'))).text())[1])

for (const [name, javaScriptEnabled] of [['sari', true], ['budi', false]]) {
  it(`${javaScriptEnabled ? 'with' : 'without'} scripts: read at home, reacted to, taken back, dismissed, and found again`, async () => {
    const user = users[name]
    const id = await announce('The tram does <i>not</i> come with @tono today. #tram https://example.org/tram', '--starts', '2040-01-01T17:00:00Z', '--ends', '2040-01-02T18:00:00Z')
    const second = await announce('Bread is back')
    await wati.call('PUT', `/api/v1/announcements/${id}/reactions/${encodeURIComponent('🐦')}`)
    const page = await loggedIn(server, name, { javaScriptEnabled })
    await until('both are there', async () => { await page.goto(at('/home')); return (await shown(page)).length === 2 })
    assert.deepEqual(await shown(page), ['Bread is back', 'The tram does <i>not</i> come with @tono today. #tram https://example.org/tram'], 'the newest first')
    assert.match(await page.locator(`#a${id}`).innerText(), /Begins: 1 January 2040, 17:00 UTC\s+Ends: 2 January 2040, 18:00 UTC/)
    if (javaScriptEnabled) await look(page, 'home-announcements')

    const bird = page.locator(`#a${id} .reaction`, { hasText: '🐦' }).first()
    await bird.click()
    await until('it counts', async () => JSON.stringify(await reactions(user, id)) === JSON.stringify([['🐦', 2, true]]))
    assert.match(await bird.innerText(), /2/)
    assert.equal(await pressed(page, id, '🐦'), 'true')
    await page.goto(at('/home'))
    assert.equal(await pressed(page, id, '🐦'), 'true')
    await bird.click()
    await until('it is taken back', async () => JSON.stringify(await reactions(user, id)) === JSON.stringify([['🐦', 1, false]]))
    assert.equal(await pressed(page, id, '🐦'), 'false')
    await page.locator(`#a${id} summary`, { hasText: 'React' }).click()
    if (javaScriptEnabled) await look(page, 'home-announcements-react')
    await page.locator(`#a${id} .usual .reaction`, { hasText: '🎉' }).click()
    await until('another counts', async () => (await reactions(user, id)).some(([emoji, , me]) => emoji === '🎉' && me))

    await page.locator(`#a${id}`).getByRole('button', { name: 'I have read it' }).click()
    await page.locator(`#a${id}`).waitFor({ state: 'detached' })
    assert.deepEqual(await shown(page), ['Bread is back'])
    await until('it is read', async () => !(await unread(user)).includes(id))
    await page.locator(`#a${second}`).getByRole('button', { name: 'I have read it' }).click()
    await until('nothing is left of them', async () => !await page.locator('.announcements').isVisible())
    await page.goto(at('/home'))
    assert.equal(await page.locator('.announcements').count(), 0)

    await page.getByRole('link', { name: 'Announcements' }).first().click()
    assert.equal((await shown(page)).length, 2)
    assert.equal(await page.getByRole('button', { name: 'I have read it' }).count(), 0)
    await page.locator(`#a${id} summary`, { hasText: 'Another emoji' }).click()
    if (javaScriptEnabled) await look(page, 'announcements')
    await page.locator(`#name${id}`).fill('not one')
    await page.locator(`#a${id}`).getByRole('button', { name: 'React with it' }).click()
    await page.getByText('not a recognized emoji').waitFor()
    await page.goto(at('/announcements'))
    await page.locator(`#a${id} summary`, { hasText: 'Another emoji' }).click()
    await page.locator(`#name${id}`).fill(' 🦚 ')
    await page.locator(`#a${id}`).getByRole('button', { name: 'React with it' }).click()
    await page.locator(`#a${id} .reaction`, { hasText: '🦚' }).waitFor()
    assert.deepEqual(await reactions(user, id), [['🐦', 1, false], ['🎉', 1, true], ['🦚', 1, true]])
    await page.context().close()
    for (const one of [id, second]) await remove(one)
  })
}

it('an emoji of this server is a picture; with eight of them no other is offered', async () => {
  const id = await announce('Which bird?')
  writeFileSync(join(server.data, 'myna.png'), png(64, 64, 1))
  await server.kicau(['emoji', 'add', 'myna', join(server.data, 'myna.png')])
  await until('it is known', async () => (await budi.get('/api/v1/custom_emojis')).length === 1)
  for (const name of ['myna', '🐓', '🦆', '🦅', '🦉', '🦜', '🦢', '🦩']) await wati.call('PUT', `/api/v1/announcements/${id}/reactions/${encodeURIComponent(name)}`)
  const page = await loggedIn(server, 'sari')
  await page.goto(at('/announcements'))
  assert.equal(await page.locator('.reaction img.emoji').getAttribute('alt'), ':myna:')
  assert.equal(await page.locator('.reaction').count(), 8)
  assert.equal(await page.locator('.usual').count() + await page.locator('.announcement form').count(), 0)
  await page.getByRole('button', { name: 'I have read it' }).click()
  await page.getByRole('button', { name: 'I have read it' }).waitFor({ state: 'detached' })
  assert.deepEqual(await shown(page), ['Which bird?'], 'on this page it stays')
  await page.context().close()
  await remove(id)
})

it('home costs the database nothing for them, and nobody is shown what was so a moment ago', async () => {
  const free = async (what) => {
    let least = Infinity // it may become a minute older in between, and is drawn once more then
    for (let i = 0; i < 4 && least; i++) {
      const before = await queries()
      for (let n = 0; n < 10; n++) { await home('budi'); await home('tono') }
      least = Math.min(least, await queries() - before)
    }
    assert.equal(least, 0, what)
  }
  for (const name of ['budi', 'tono']) await until('all are gone', async () => !/class="announcement"/.test(await home(name)))
  await free('without any')
  const id = await announce('Seen by two')
  for (const name of ['budi', 'tono']) await until('it is there', async () => /Seen by two/.test(await home(name)))
  await free('with one')
  assert.match(await home('budi', 'id'), /Sudah saya baca/)
  await budi.call('PUT', `/api/v1/announcements/${id}/reactions/${encodeURIComponent('🎉')}`)
  assert.match(await home('budi'), /value="unreact"[\s\S]*?🎉/)
  assert.match(await home('tono'), /🎉<\/span> <span class="n">1/, 'the number is right for the other')
  assert.doesNotMatch(await home('tono'), /value="unreact"/)
  await budi.post(`/api/v1/announcements/${id}/dismiss`)
  assert.doesNotMatch(await home('budi'), /Seen by two/)
  assert.match(await home('tono'), /Seen by two/)
  const part = /<section class="announcements"[\s\S]*?<\/section>/.exec(await home('tono'))[0]
  assert.doesNotMatch(part, /authenticity_token/)
  await remove(id)
  await until('it is taken back', async () => !/Seen by two/.test(await home('tono')))
})

it('many are not all at home, one that ends goes by itself, and who is not logged in is asked to', async () => {
  const ids = []
  for (let i = 1; i <= 5; i++) ids.push(await announce(`Number ${i}`))
  const end = await announce('Soon over', '--ends', new Date(Date.now() + 2500).toISOString())
  await until('it is told', async () => /Soon over/.test(await home('budi')))
  await until('it is over', async () => !/Soon over/.test(await home('budi')))
  assert.deepEqual((await home('budi')).match(/Number \d/g), ['Number 5', 'Number 4', 'Number 3'])
  const all = (await browsers.budi.ask('GET', '/announcements', { headers: { Accept: 'text/html' } })).text
  assert.deepEqual(all.match(/Number \d/g), [5, 4, 3, 2, 1].map((n) => `Number ${n}`))
  const page = await newPage()
  await page.goto(at('/announcements'))
  await page.locator('input[name="password"]').waitFor()
  await page.context().close()
  for (const id of ids) await remove(id)
})
