// What an anonymous visitor is shown, and what not. (The fourth person is the owner that `kicau init` made.)
import assert from 'node:assert/strict'
import { newPage, signIn } from '../api/lib/browser.mjs'
import { until } from '../api/lib/server.mjs'
import { screenshots, watchedPage } from './lib/eyes.mjs'
import { SCRIPT, startTown } from './lib/town.mjs'

const { it, server, posts, sari, budi, mute, anyone } = await startTown()
const get = (path, headers = {}) => fetch(server.base + path, { redirect: 'manual', headers: { Accept: 'text/html', ...headers } })
const text = async (path) => (await get(path)).text()

async function open (path) {
  const page = await watchedPage()
  page.reply = await page.goto(server.base + path)
  return page
}

it('the first page says what this is, how to join, and what is new', async () => {
  const page = await open('/')
  assert.equal(await page.title(), 'Kampung Kicau')
  const main = page.locator('main')
  assert.match(await main.innerText(), /birds, bread/)
  assert.match(await main.innerText(), /4 people/)
  assert.match(await main.innerText(), new RegExp(server.domain.replace('.', '\\.')))
  assert.equal(await page.locator('article').count(), 20)
  assert.match(await page.locator('article').first().innerText(), /Selamat pagi/)
  assert.deepEqual(page.complaints, [])
  await page.context().close()
})

it('every page of the feed can be turned to, forwards and back', async () => {
  const page = await open('/')
  const seen = new Set()
  for (;;) {
    for (const link of await page.locator('article .when').all()) seen.add(await link.getAttribute('href'))
    const older = page.locator('.turns a[rel=next]')
    if (!await older.count()) break
    await older.click()
  }
  for (const name of ['n1', 'n25', 'root', 'picture']) assert.ok([...seen].some((href) => href.endsWith(posts[name].id)), name)
  for (const name of ['quiet', 'unlisted', 'secret']) assert.ok(![...seen].some((href) => href.endsWith(posts[name].id)), name)
  await page.locator('.turns a[rel=prev]').click()
  assert.ok(await page.locator('article').count() > 0)
  await page.context().close()
})

it('a profile has its note, fields, counts, pinned post and tabs', async () => {
  const page = await open('/@sari')
  const head = page.locator('.profile')
  assert.equal(await head.locator('h1').innerText(), 'Sari Wulandari')
  assert.match(await head.innerText(), new RegExp(`@sari@${server.domain}`))
  assert.equal(await head.locator('dt').first().innerText(), 'Pronouns')
  assert.match(await head.locator('dd a').getAttribute('rel'), /\bme\b/)
  assert.match(await page.locator('.pinned').innerText(), /Selamat pagi/)
  assert.ok(!(await page.locator('main').innerText()).includes('of course you are'))
  await page.getByRole('link', { name: 'With replies' }).click()
  assert.match(await page.locator('main').innerText(), /of course you are/)
  await page.getByRole('link', { name: 'Media' }).click()
  assert.equal(await page.locator('article').count(), 2)
  await page.context().close()
})

it('only followers see what is for followers, and nobody a direct post', async () => {
  for (const path of ['/@sari', '/@sari/with_replies', '/', '/public', '/public/local']) {
    const body = await text(path)
    assert.ok(!body.includes('only for those who follow me'), path)
    assert.ok(!body.includes('a private word'), path)
  }
  for (const name of ['quiet', 'secret']) assert.equal((await get(`/@sari/${posts[name].id}`)).status, 404, name)
  assert.equal((await get(`/@sari/${posts.unlisted.id}`)).status, 200)
  assert.ok(!(await text(`/@sari/${posts.root.id}`)).includes('a private word'))
})

it('who is logged in sees as that person', async () => {
  const page = await newPage()
  await page.goto(`${server.base}/login`)
  await signIn(page, { username: 'budi' })
  await page.waitForURL(`${server.base}/`)
  await page.goto(`${server.base}/@sari/${posts.secret.id}`)
  assert.match(await page.locator('.focus').innerText(), /a private word/)
  assert.match(await page.locator('.bar').innerText(), /@budi/)
  await page.getByRole('button', { name: 'Log out' }).click()
  await page.waitForURL(`${server.base}/`)
  assert.equal((await page.goto(`${server.base}/@sari/${posts.secret.id}`)).status(), 404)
  await page.context().close()
})

it('a post stands in its thread, with a language and a time', async () => {
  const page = await open(`/@sari/${posts.answer2.id}`)
  const all = await page.locator('article .text').allInnerTexts()
  assert.deepEqual(all.map((t) => t.trim()), ['Selamat pagi! Who heard the kutilang at five?', '@sari I did. I am always up at five.', '@budi of course you are', '@sari somebody has to bake'])
  assert.equal(await page.locator('.ancestor .text').first().getAttribute('lang'), 'id')
  assert.equal(await page.locator('.focus time').getAttribute('datetime'), posts.answer2.created_at)
  assert.equal(await page.locator('link[rel=canonical]').getAttribute('href'), `${server.base}/@sari/${posts.answer2.id}`)
  assert.deepEqual(page.complaints, [])
  await page.context().close()
})

it('a post under another name, and a boost, lead to the post itself', async () => {
  const reply = await get(`/@budi/${posts.root.id}`)
  assert.equal(reply.status, 302)
  assert.equal(reply.headers.get('location'), `/@sari/${posts.root.id}`)
})

it('what is behind a warning is opened by the reader', async () => {
  const page = await open(`/@sari/${posts.warned.id}`)
  const secret = page.getByText('The villain is the heron.')
  assert.equal(await secret.isVisible(), false)
  await page.getByText('Ends of films').click()
  assert.equal(await secret.isVisible(), true)
  assert.equal(await page.locator('meta[property="og:description"]').getAttribute('content'), 'Ends of films')
  await page.context().close()
})

it('a sensitive picture is covered until it is opened, and keeps its words', async () => {
  const page = await open(`/@sari/${posts.covered.id}`)
  const picture = page.getByAltText('A mouse, very dead')
  assert.equal(await picture.isVisible(), false)
  await page.locator('.cover summary').first().click()
  assert.equal(await picture.isVisible(), true)
  assert.ok(await picture.evaluate((img) => img.decode().then(() => img.naturalWidth > 0)))
  assert.doesNotMatch(await page.locator('meta[property="og:image"]').getAttribute('content'), /\/media\//)
  assert.deepEqual(page.complaints, [])
  await page.context().close()
})

it('a poll shows how it stands, an edited post that it was edited', async () => {
  const poll = await (await open(`/@budi/${posts.poll.id}`)).locator('.poll').innerText()
  assert.match(poll, /100 %\s+Sourdough/)
  assert.match(poll, /1 person voted · (59 minutes|1 hour) left/)
  assert.match(await text(`/@sari/${posts.unlisted.id}`), /edited /)
})

it('nothing anybody writes becomes part of the page', async () => {
  for (const path of [`/@budi/${posts.script.id}`, '/@budi', `/tags/${encodeURIComponent('bread')}`, `/login?next=${encodeURIComponent('"><script>')}`]) {
    const page = await open(path)
    assert.notEqual(await page.title(), 'broken into', path)
    assert.equal(await page.locator('script').count(), 0, path)
    await page.context().close()
  }
  assert.ok((await text('/@budi')).includes(SCRIPT.replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')))
})

it('a tag has a page, whatever the case it is written in', async () => {
  const page = await open('/tags/BREAD')
  assert.match(await page.locator('h1').innerText(), /#bread/i)
  assert.equal(await page.locator('article').count(), 20)
  await page.context().close()
})

it('a strict policy goes with every page, also with errors', async () => {
  for (const path of ['/', '/@sari', '/about', '/login', '/nowhere', '/@nobody', '/tags/bread', '/@sari/1']) {
    const reply = await get(path)
    const policy = reply.headers.get('content-security-policy')
    assert.match(policy, /default-src 'none'/, path)
    assert.doesNotMatch(policy, /unsafe|script-src/, path)
    assert.match(policy, /frame-ancestors 'none'/, path)
    assert.equal(reply.headers.get('x-content-type-options'), 'nosniff', path)
    assert.match(reply.headers.get('content-type'), /^text\/html/, path)
  }
})

it('what is not there, or gone, is said in words', async () => {
  assert.equal((await get('/@nobody')).status, 404)
  assert.match(await text('/@nobody'), /Nothing here/)
  assert.equal((await get('/nowhere/at/all')).status, 404)
  assert.match(await (await get('/nowhere/at/all')).text(), /<h1>/)
})

it('a post that was there for everybody is gone; one that was not never was', async () => {
  const write = (fields) => sari.post('/api/v1/statuses', { status: 'here for a minute', ...fields })
  const [shown, quiet, unlisted] = [await write({}), await write({ visibility: 'private' }), await write({ visibility: 'unlisted' })]
  const boost = await sari.post(`/api/v1/statuses/${quiet.id}/reblog`)
  const ways = ['', '/embed', '/embed/code', '/snapshot', '/history']
  for (const way of ways) assert.equal((await get(`/@sari/${shown.id}${way}`)).status, 200, way)
  await sari.post(`/api/v1/statuses/${quiet.id}/unreblog`)
  for (const { id } of [shown, quiet, unlisted]) await sari.delete(`/api/v1/statuses/${id}`)
  for (const way of ways) {
    for (const { id } of [shown, unlisted]) assert.equal((await get(`/@sari/${id}${way}`)).status, 410, way)
    for (const id of [quiet.id, boost.id, 7]) assert.equal((await get(`/@sari/${id}${way}`)).status, 404, `${id}${way}`)
    for (const { id } of [shown, unlisted]) assert.equal((await get(`/@budi/${id}${way}`)).status, 404, `another's name ${way}`)
  }
  assert.equal(await text(`/@sari/${quiet.id}`), await text('/@sari/7'), 'nothing tells a private post from none')
  await anyone.call('GET', `/api/v1/statuses/${shown.id}`, { status: 404 })
  const page = await open(`/@sari/${shown.id}`)
  assert.match(await page.locator('main').innerText(), /Gone[\s\S]*This post was deleted/)
  await screenshots(page, 'gone-post')
  await page.context().close()
  assert.match(await (await get(`/@sari/${shown.id}`, { 'Accept-Language': 'id' })).text(), /Kiriman ini dihapus/)
})

it('whose author has left is gone, with every post there may have been', async () => {
  const post = await mute.post('/api/v1/statuses', { status: 'soon gone' })
  await server.kicau(['account', 'suspend', 'mute'])
  for (const path of ['/@mute', `/@mute/${post.id}`, `/@mute/${post.id}/embed`, '/@mute/7']) {
    await until(`${path} is gone`, async () => (await get(path)).status === 410)
    assert.match(await text(path), /This account is not here any more/)
  }
})

it('robots.txt keeps crawlers off the API', async () => {
  const reply = await get('/robots.txt')
  assert.match(reply.headers.get('content-type'), /^text\/plain/)
  assert.match(await reply.text(), /User-agent: \*[\s\S]*Disallow: \/api\//)
})

it('the style is kept by browsers for good, under an address that changes with it', async () => {
  const href = /href="(\/assets\/style\.css\?v=[0-9a-f]+)"/.exec(await text('/'))[1]
  const reply = await get(href)
  assert.equal(reply.status, 200)
  assert.match(reply.headers.get('cache-control'), /immutable/)
})

it('a quote shows what it quotes, or says that it does not', async () => {
  const write = (user, fields) => user.post('/api/v1/statuses', { visibility: 'unlisted', ...fields })
  const quoted = await write(sari, { status: 'worth repeating' })
  const quoting = await write(budi, { status: 'see here', quoted_status_id: quoted.id })
  const path = new URL(quoting.url).pathname
  const page = await open(path)
  const quote = page.locator('.focus .quoted')
  assert.match(await quote.innerText(), /@sari[\s\S]*worth repeating/)
  assert.equal(await quote.locator('a.name').getAttribute('href'), new URL(quoted.url).pathname)
  await sari.delete(`/api/v1/statuses/${quoted.id}`)
  await page.reload()
  assert.match(await quote.innerText(), /not shown here/)
  assert.deepEqual(page.complaints, [])
  await page.context().close()
})
