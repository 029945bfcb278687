// What is being written is not lost: by reloads, by the end of the session, in two tabs at once, with scripts and without.
// And a file that did not arrive is offered once more. One server, one browser.
import assert from 'node:assert/strict'
import { newPage, signIn } from '../api/lib/browser.mjs'
import { file } from '../api/lib/http.mjs'
import { png } from '../api/lib/png.mjs'
import { startWorld, until } from '../api/lib/server.mjs'
import { accessible } from './lib/eyes.mjs'
import { csrf, loggedIn } from './lib/staff.mjs'

const { it, server, users: { alice, bob } } = await startWorld({ accounts: ['alice', 'bob'] })
const quoted = await bob.post('/api/v1/statuses', { status: 'to be quoted' })
const image = async (seed, name) => ({ name, mimeType: 'image/png', buffer: Buffer.from(await file(png(64, 48, seed), 'image/png', name).arrayBuffer()) })
const pictures = [await image(1, 'bird.png'), await image(2, 'bread.png')]
const page = await loggedIn(server, 'alice', { viewport: { width: 390, height: 844 } })
const plain = await loggedIn(server, 'alice', { javaScriptEnabled: false })
for (const one of [page, plain]) one.setDefaultTimeout(15000)
const go = (path, on = page) => on.goto(server.base + path)
const post = (on = page) => on.locator('main button[value=post]').click()
const own = () => alice.get(`/api/v1/accounts/${alice.id}/statuses?limit=40`)
const at = new Date(Date.now() + 86400000).toISOString().slice(0, 16)

// All that the form would send, but for what is of this page alone.
const state = (on) => on.locator('form.compose').evaluate((form) => [...new FormData(form)].filter(([name, value]) => typeof value === 'string' && !['authenticity_token', 'key', 'back'].includes(name)))

async function attach (on, picture) {
  const n = await on.locator('textarea[name="alt[]"]').count()
  await on.locator('input[name=file]').setInputFiles(picture)
  if (on === plain) await on.locator('button[value=attach]').click()
  await on.locator('textarea[name="alt[]"]').nth(n).waitFor()
}

async function fillAll (on) {
  await on.locator('details.options > summary').click()
  for (const [name, text] of Object.entries({ text: 'all of it & "more" <b>\n\nof it 👩‍👩‍👧', warning: 'long', at })) await on.locator(`[name=${name}]`).fill(text)
  for (const [name, choice] of Object.entries({ visibility: 'private', language: 'id', quotes: 'nobody', poll_for: '3600' })) await on.locator(`[name=${name}]`).selectOption(choice)
  for (const name of ['sensitive', 'multiple']) await on.locator(`[name=${name}]`).check()
  for (const [i, answer] of [[0, 'Rye'], [1, 'Wheat'], [3, 'None']]) await on.locator('[name="option[]"]').nth(i).fill(answer)
  for (const [i, picture] of pictures.entries()) {
    await attach(on, picture)
    await on.locator('textarea[name="alt[]"]').nth(i).fill(`picture ${i}`)
  }
}

// The session is over on the server, and the browser does not know it.
async function endSession (on) {
  const cookies = await on.context().cookies()
  await on.request.post(`${server.base}/logout`, { form: { authenticity_token: await csrf(on) }, maxRedirects: 0 })
  await on.context().clearCookies()
  await on.context().addCookies(cookies)
}

async function logIn (on) {
  await signIn(on, { username: 'alice' })
  await on.waitForURL(/\/write/)
}

it('everything that was chosen outlives a reload', async () => {
  await go(`/write?quote=${quoted.id}`)
  await fillAll(page)
  const before = await state(page)
  assert.equal(before.filter(([name]) => name === 'media[]').length, 2)
  await page.reload()
  await page.locator('.attached img').nth(1).waitFor()
  assert.deepEqual(await state(page), before)
  assert.equal(await page.locator('details.options').evaluate((d) => d.open), true)
  await go('/write')
  assert.equal(await page.locator('#text').inputValue(), '', 'what is about a post is not there elsewhere')
})

for (const [about, on] of [['with scripts', page], ['without scripts', plain]]) {
  it(`everything outlives the end of the session, ${about}`, async () => {
    await go(`/write?quote=${quoted.id}`, on)
    if (on === plain) await fillAll(on)
    else await on.locator('.attached img').nth(1).waitFor()
    const before = await state(on)
    await endSession(on)
    await post(on)
    await logIn(on)
    assert.deepEqual(await state(on), before)
    for (const i of [0, 1, 3]) await on.locator('[name="option[]"]').nth(i).fill('')
    await on.locator('#at').fill('')
    await post(on)
    await on.waitForURL(`${server.base}/home`)
    const [made] = await own()
    assert.deepEqual([made.spoiler_text, made.visibility, made.language, made.sensitive, made.quote.quoted_status?.id, made.media_attachments.map((m) => m.description)],
      ['long', 'private', 'id', true, quoted.id, ['picture 0', 'picture 1']])
    await go(`/write?quote=${quoted.id}`, on)
    assert.equal(await on.locator('#text').inputValue(), '', 'it is sent, and no draft')
  })

  it(`also more than an address holds, ${about}`, async () => {
    await go('/write', on)
    await on.locator('#text').fill('鳥'.repeat(500))
    await attach(on, pictures[0])
    await on.locator('textarea[name="alt[]"]').fill('パン'.repeat(700))
    const before = await state(on)
    await endSession(on)
    await post(on)
    assert.match(await on.getByRole('alert').innerText(), /still here/)
    assert.equal(await on.locator('#text').inputValue(), '鳥'.repeat(500))
    if (on === page) await accessible(on, 'held')
    const [beside] = await Promise.all([on.context().waitForEvent('page'), on.getByRole('link', { name: 'in a new tab' }).click()])
    await signIn(beside, { username: 'alice' })
    await beside.waitForURL(`${server.base}/home`)
    await beside.close()
    await on.getByRole('button', { name: 'Send it once more' }).click()
    await on.waitForURL(`${server.base}/write`)
    assert.deepEqual(await state(on), before)
    await post(on)
    await on.waitForURL(`${server.base}/home`)
    assert.equal((await own())[0].media_attachments[0].description, 'パン'.repeat(700))
  })
}

it('two tabs have two drafts, and one that was closed is found again', async () => {
  const tabs = [page, await page.context().newPage()]
  for (const [i, tab] of tabs.entries()) {
    await go('/write', tab)
    assert.equal(await tab.locator('#text').inputValue(), '')
    await tab.locator('#text').fill(`tab ${i}`)
  }
  for (const [i, tab] of tabs.entries()) {
    await tab.reload()
    assert.equal(await tab.locator('#text').inputValue(), `tab ${i}`)
  }
  await tabs[1].close()
  await post()
  await page.waitForURL(`${server.base}/home`)
  await until('the closed one is found', async () => { await go('/home'); return await page.locator('#text').inputValue() === 'tab 1' })
  await post()
  await until('it is posted', async () => (await own())[0].content.includes('tab 1'))
  await go('/write')
  assert.equal(await page.locator('#text').inputValue(), '')
  assert.equal((await own()).filter((s) => /tab 0/.test(s.content)).length, 1)
})

it('behind what was posted there is an empty form, and the same words are posted once', async () => {
  await go('/write')
  await page.locator('#text').fill('only once')
  await page.locator('form.compose').evaluate((form) => { for (let i = 0; i < 3; i++) form.requestSubmit(form.querySelector('button[value=post]')) })
  await page.waitForURL(`${server.base}/home`)
  await page.goBack()
  await until('it is empty', async () => await page.locator('#text').inputValue() === '')
  await page.reload()
  assert.equal(await page.locator('#text').inputValue(), '')
  assert.equal((await own()).filter((s) => /only once/.test(s.content)).length, 1)
})

it('words that were changed behind a post are another post, without scripts too', async () => {
  await go('/write', plain)
  await plain.locator('#text').fill('first thought')
  const form = Object.fromEntries(await plain.locator('form.compose input, form.compose select, form.compose textarea').evaluateAll((list) => list.filter((e) => e.type !== 'file' && e.type !== 'checkbox' && e.name !== 'option[]').map((e) => [e.name, e.value])).catch(() => []))
  const fields = { ...form, text: 'first thought', do: 'post' }
  for (const text of ['first thought', 'first thought', 'second thought']) await plain.request.post(`${server.base}/write`, { multipart: { ...fields, text }, maxRedirects: 0 })
  const said = (await own()).map((s) => s.content).filter((content) => /thought/.test(content))
  assert.deepEqual(said.map((s) => s.replace(/<[^>]+>/g, '')), ['second thought', 'first thought'])
})

it('the short form leads to the whole one when there is more than it shows', async () => {
  await go('/write')
  await page.locator('#text').fill('which?')
  await page.locator('details.options > summary').click()
  for (const i of [0, 1]) await page.locator('[name="option[]"]').nth(i).fill(`answer ${i}`)
  await attach(page, pictures[0])
  const before = await state(page)
  await go('/home')
  assert.equal(await page.locator('#text').inputValue(), 'which?')
  assert.equal(await page.locator('main .compose button[value=post]').isVisible(), false)
  await page.locator('#text').press('Control+Enter')
  await page.waitForURL(`${server.base}/write`)
  await page.locator('.attached img').waitFor()
  assert.deepEqual(await state(page), before)
  await page.locator('#text').fill('')
  for (const i of [0, 1]) await page.locator('[name="option[]"]').nth(i).fill('')
  await page.getByRole('button', { name: 'Remove it' }).click()
  await page.locator('.attached').waitFor({ state: 'detached' })
  await page.locator('#text').fill('just words')
  await post()
  await page.waitForURL(`${server.base}/home`)
  assert.equal((await own())[0].poll, null)
})

it('a time that is over posts nothing', async () => {
  await go('/write', plain)
  await plain.locator('#text').fill('too late')
  await plain.locator('details.options > summary').click()
  await plain.locator('#at').fill('2026-01-02T03:04')
  await post(plain)
  assert.match(await plain.getByRole('alert').innerText(), /five minutes/)
  assert.deepEqual([await plain.locator('#text').inputValue(), await plain.locator('#at').inputValue()], ['too late', '2026-01-02T03:04'])
})

// ---- files that do not arrive ----

const ways = {
  chosen: (given) => page.locator('input[name=file]').setInputFiles(given),
  dropped: (given) => hand('drop', 'dataTransfer', given),
  pasted: (given) => hand('paste', 'clipboardData', given)
}

// As the browser does it; text: what else is on the clipboard, by kind.
async function hand (type, name, given, text = {}) {
  const files = given.map((one) => ({ name: one.name, bytes: [...one.buffer] }))
  await page.locator('#text').evaluate((target, { type, name, files, text }) => {
    const data = new DataTransfer()
    for (const { name, bytes } of files) data.items.add(new File([new Uint8Array(bytes)], name, { type: 'image/png' }))
    for (const [kind, words] of Object.entries(text)) data.setData(kind, words)
    const init = { bubbles: true, cancelable: true, [name]: data }
    globalThis.pasted = target.dispatchEvent(type === 'paste' ? new ClipboardEvent(type, init) : new DragEvent(type, init))
  }, { type, name, files, text })
}

const broken = () => page.route('**/write', (route) => route.request().method() === 'POST' ? route.abort() : route.continue())
const failed = page.locator('.unsent li')
const alts = page.locator('textarea[name="alt[]"]')

for (const [way, give] of Object.entries(ways)) {
  it(`a file that was ${way} and did not arrive is there to be tried again, by keyboard`, async () => {
    await go('/write')
    await page.locator('#text').fill(way)
    await broken()
    await give(pictures)
    await failed.nth(1).waitFor()
    assert.deepEqual(await failed.getByRole('alert').allInnerTexts(), pictures.map(({ name }) => `${name}: That did not work, and nothing was changed. Is the network there?`))
    await accessible(page, way)
    await post()
    assert.match(await failed.first().innerText(), /before you post/)
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Try again: bird.png')
    await page.keyboard.press('Enter')
    await until('it failed once more', async () => /Is the network there/.test(await failed.first().innerText()) && !await failed.first().getAttribute('aria-busy'))
    await page.unroute('**/write')
    await page.keyboard.press('Enter')
    await alts.first().waitFor()
    assert.equal(await failed.count(), 1)
    await until('one describes what is there now', () => alts.first().evaluate((field) => field === document.activeElement))
    await page.getByRole('button', { name: 'Remove it: bread.png' }).focus()
    await page.keyboard.press('Enter')
    assert.equal(await failed.count(), 0)
    assert.equal(await page.evaluate(() => document.activeElement.id), 'text')
    await post()
    await page.waitForURL(`${server.base}/home`)
    assert.equal((await own())[0].media_attachments.length, 1)
  })
}

it('the short form has them too, and leads to the whole one when they are there', async () => {
  await go('/home')
  await page.locator('#text').fill('from home')
  await broken()
  await ways.dropped(pictures)
  await failed.nth(1).waitFor()
  await page.unroute('**/write')
  await page.getByRole('button', { name: 'Remove it: bread.png' }).click()
  await page.getByRole('button', { name: 'Try again: bird.png' }).click()
  await page.waitForURL(`${server.base}/write`)
  assert.deepEqual([await page.locator('#text').inputValue(), await alts.count()], ['from home', 1])
  await post()
  await page.waitForURL(`${server.base}/home`)
})

it('nothing is posted without a file that is still on its way, and no fifth is dropped in silence', async () => {
  await go('/write')
  await page.locator('#text').fill('with all of it')
  let letGo
  const held = new Promise((resolve) => { letGo = resolve })
  await page.route('**/write', async (route) => { await held; await route.continue() })
  await ways.pasted([...pictures, ...pictures, { ...pictures[0], name: 'fifth.png' }])
  await post()
  assert.equal(page.url(), `${server.base}/write`)
  letGo()
  await failed.first().waitFor()
  assert.equal(await failed.getByRole('alert').innerText(), 'fifth.png: A post has four files at most.')
  assert.equal(await alts.count(), 4)
  await page.unroute('**/write')
  await page.getByRole('button', { name: 'Remove it: fifth.png' }).click()
  await post()
  await page.waitForURL(`${server.base}/home`)
  assert.equal((await own())[0].media_attachments.length, 4)
  await go('/write')
  await page.locator('#text').fill('with one')
  await ways.chosen(pictures[0])
  await post() // at once
  await page.waitForURL(`${server.base}/home`)
  assert.equal((await own())[0].media_attachments.length, 1)
})

it('of text and pictures that are pasted together nothing is lost, and text is no picture of itself', async () => {
  for (const [text, kept, there] of [[{ 'text/plain': 'words beside it' }, true, 1], [{ 'text/plain': 'bird.png' }, false, 1], [{ 'text/plain': 'from a document', 'text/rtf': '{}' }, true, 0], [{ 'text/html': '<img>' }, false, 1]]) {
    await go('/write')
    await hand('paste', 'clipboardData', [pictures[0]], text)
    assert.equal(await page.evaluate(() => globalThis.pasted), kept, `the browser pastes ${JSON.stringify(text)}`)
    if (there) await alts.first().waitFor()
    assert.equal(await page.locator('form.compose').getAttribute('data-sending') || '0', '0')
    assert.equal(await alts.count(), there)
    if (there) await page.getByRole('button', { name: 'Remove it' }).click()
    await until('it is off', async () => await alts.count() === 0)
    await page.evaluate(() => localStorage.clear())
  }
})

it('who is no longer logged in is told so, and the file is taken after that', async () => {
  const large = { name: 'large.png', mimeType: 'image/png', buffer: Buffer.concat([pictures[0].buffer, Buffer.alloc(200000)]) }
  await go('/write')
  await page.locator('#text').fill('with files')
  await endSession(page)
  await ways.chosen([pictures[0], large])
  await failed.nth(1).waitFor()
  assert.match(await page.locator('.unsent').innerText(), /bird\.png: You are no longer logged in[^]*large\.png: It is larger [^]* or you are no longer logged in/)
  const beside = await page.context().newPage()
  await go('/login', beside)
  await signIn(beside, { username: 'alice' })
  await beside.waitForURL(`${server.base}/`)
  await beside.close()
  for (const { name } of [pictures[0], large]) {
    await page.getByRole('button', { name: `Try again: ${name}` }).click()
    await page.getByRole('button', { name: `Try again: ${name}` }).waitFor({ state: 'detached' })
  }
  await post()
  await page.waitForURL(`${server.base}/home`)
  assert.equal((await own())[0].media_attachments.length, 2)
})

it('without scripts too it is said in words, and loading it again brings back what was written', async () => {
  await go('/write', plain)
  await plain.locator('#text').fill('with a large file')
  await endSession(plain)
  await plain.locator('input[name=file]').setInputFiles({ name: 'large.png', mimeType: 'image/png', buffer: Buffer.alloc(200000) })
  await plain.locator('button[value=attach]').click()
  await plain.getByText('or you are no longer logged in').waitFor()
  const [beside] = await Promise.all([plain.context().waitForEvent('page'), plain.getByRole('link', { name: 'in a new tab' }).click()])
  await signIn(beside, { username: 'alice' })
  await beside.waitForURL(`${server.base}/home`)
  await beside.close()
  await plain.reload()
  assert.equal(await plain.locator('#text').inputValue(), 'with a large file')
})

// ---- hands, eyes and ears ----

it('what is typed about one file stays while another arrives, and so does the cursor', async () => {
  await go('/write')
  await ways.chosen(pictures[0])
  await alts.first().waitFor()
  let letGo
  const held = new Promise((resolve) => { letGo = resolve })
  await page.route('**/write', async (route) => { await held; await route.continue() })
  await ways.dropped([pictures[1]])
  await alts.first().fill('a bird')
  letGo()
  await alts.nth(1).waitFor()
  await page.keyboard.type(', singing')
  assert.deepEqual([await alts.first().inputValue(), await alts.nth(1).inputValue()], ['a bird, singing', ''])
  assert.equal(await page.locator('.arrived').innerText(), 'bread.png: It is attached.')
  assert.deepEqual(await page.locator('.attached label').allTextContents(), ['What does it show? 1', 'What does it show? 2'])
  assert.equal(await page.getByRole('button', { name: 'Remove it 2', exact: true }).count(), 1)
  await accessible(page, 'with two files')
  await page.unroute('**/write')
  await page.evaluate(() => localStorage.clear())
})

it('the return key in a field neither posts nor takes a file off, with scripts and without', async () => {
  for (const on of [page, plain]) {
    const before = (await own()).length
    await go('/write', on)
    await on.locator('#text').fill('not yet')
    await attach(on, pictures[0])
    await on.locator('details.options > summary').click()
    await on.locator('#warning').fill('careful')
    await on.locator('#warning').press('Enter')
    await on.waitForLoadState()
    assert.deepEqual([await on.locator('#text').inputValue(), await on.locator('#warning').inputValue(), await on.locator('.attached li').count()], ['not yet', 'careful', 1])
    assert.equal((await own()).length, before)
  }
  await page.evaluate(() => localStorage.clear())
})

it('a post is written with the keyboard alone', async () => {
  await go('/write', plain)
  await plain.keyboard.type('by keys alone')
  for (let i = 0; i < 9 && await plain.locator('main button.main:focus').count() === 0; i++) await plain.keyboard.press('Tab')
  await plain.keyboard.press('Enter')
  await plain.waitForURL(`${server.base}/home`)
  await go('/write')
  await page.keyboard.type('and by two at once')
  await page.keyboard.press('Control+Enter')
  await page.waitForURL(`${server.base}/home`)
  assert.deepEqual((await own()).slice(0, 2).map((s) => s.content.replace(/<[^>]+>/g, '')), ['and by two at once', 'by keys alone'])
})

it('what an input method composes is counted and kept, and its keys post nothing', async () => {
  await go('/write')
  const cdp = await page.context().newCDPSession(page)
  await page.locator('#text').focus()
  await cdp.send('Input.imeSetComposition', { text: 'にほn', selectionStart: 3, selectionEnd: 3 })
  assert.equal(await page.locator('.chars').innerText(), '3 / 500')
  await page.locator('#text').dispatchEvent('keydown', { key: 'Enter', ctrlKey: true, isComposing: true })
  await cdp.send('Input.insertText', { text: '日本' })
  assert.deepEqual([await page.locator('#text').inputValue(), await page.locator('.chars').innerText()], ['日本', '2 / 500'])
  await page.reload()
  assert.equal(await page.locator('#text').inputValue(), '日本')
  await page.evaluate(() => localStorage.clear())
})

it('text from right to left is shown so in each field, and stays what it is', async () => {
  const words = 'مرحبا بالطيور'
  await go('/write', plain)
  await attach(plain, pictures[0])
  await plain.locator('details.options > summary').click()
  for (const field of ['#text', '#warning', 'textarea[name="alt[]"]']) {
    await plain.locator(field).first().fill(words)
    assert.equal(await plain.locator(field).first().getAttribute('dir'), 'auto', field)
  }
  assert.equal(await plain.locator('[name="option[]"]').first().getAttribute('dir'), 'auto')
  await post(plain)
  await plain.waitForURL(`${server.base}/home`)
  const [made] = await own()
  assert.deepEqual([made.spoiler_text, made.media_attachments[0].description, made.content], [words, words, `<p>${words}</p>`])
})

it('who hears the page is told when the room is nearly used up, and that it is', async () => {
  await go('/write')
  const room = page.locator('.room[role=status]')
  for (const [n, heard, invalid] of [[479, '', null], [480, '480 / 500', null], [485, '480 / 500', null], [501, '501 / 500', 'true'], [10, '', null]]) {
    await page.locator('#text').fill('x'.repeat(n))
    assert.deepEqual([await room.textContent(), await page.locator('#text').getAttribute('aria-invalid')], [heard, invalid], `at ${n}`)
  }
  await page.evaluate(() => localStorage.clear())
})

it('nothing moves for who asked for less motion', async () => {
  const moving = () => page.evaluate(() => [...document.querySelectorAll('*')].filter((one) => [getComputedStyle(one).transitionDuration, getComputedStyle(one).animationDuration].some((time) => parseFloat(time) > 0)).length)
  await go('/write')
  assert.ok(await moving() > 0, 'else this proves nothing')
  await page.emulateMedia({ reducedMotion: 'reduce' })
  assert.equal(await moving(), 0)
  await page.emulateMedia({ reducedMotion: null })
})

it('a post that did not go out is there when one goes back, and nothing is left behind by who logs out', async () => {
  await go('/write')
  await page.locator('#text').fill('into the void')
  await page.locator('select[name=visibility]').selectOption('unlisted')
  await broken()
  await post()
  await until('the browser says that it did not work', async () => !page.url().startsWith(server.base))
  await page.unroute('**/write')
  await go('/write')
  assert.deepEqual([await page.locator('#text').inputValue(), await page.locator('select[name=visibility]').inputValue()], ['into the void', 'unlisted'])
  await page.getByRole('link', { name: 'Menu', exact: true }).click()
  await page.getByRole('button', { name: 'Log out', exact: true }).click()
  await page.locator('.bar').getByRole('link', { name: 'Log in' }).waitFor()
  assert.deepEqual(await page.evaluate(() => [localStorage, sessionStorage].map((one) => Object.keys(one))), [[], []])
})
