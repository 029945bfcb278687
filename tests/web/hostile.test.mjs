// Markup that runs scripts elsewhere, in everything somebody can write, on every page a reader opens. The browser is told
// to ignore the pages' policy: what keeps the scripts from running here is only how the pages are written.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { file } from '../api/lib/http.mjs'
import { newPage, signIn } from '../api/lib/browser.mjs'
import { png } from '../api/lib/png.mjs'
import { startWorld, until } from '../api/lib/server.mjs'
import { rows } from '../visibility/lib/rows.mjs'

const vectors = [
  '<script>ran()</script>', '"><script>ran()</script>', "'><script>ran()</script>", '</title><script>ran()</script>', '</textarea><script>ran()</script>', '</style><script>ran()</script>', '</script><script>ran()</script>',
  '<img src=x onerror=ran()>', '<img/src=x/onerror=ran()>', '"><img src=x onerror=ran()>', '<img src="x`" `<script>ran()</script>"` `>', '<image src=x onerror=ran()>', '<img src=1 href=1 onerror="ran()">',
  '<svg onload=ran()>', '<svg/onload=ran()>', '<svg><script>ran()</script></svg>', '<svg><animate onbegin=ran() attributeName=x dur=1s>', '<svg><a xlink:href="javascript:ran()"><text y=9>x</text></a>', '<svg><set attributeName=href to=javascript:ran()>',
  '<math><mtext><table><mglyph><style><img src=x onerror=ran()>', '<math href="javascript:ran()">x</math>', '<noscript><p title="</noscript><img src=x onerror=ran()>">', '<form><math><mtext></form><form><mglyph><style></math><img src onerror=ran()>',
  '<body onload=ran()>', '<iframe src=javascript:ran()>', '<iframe srcdoc="<script>parent.ran()</script>">', '<object data=javascript:ran()>', '<embed src=javascript:ran()>', '<video><source onerror=ran()>', '<audio src=x onerror=ran()>',
  '<details open ontoggle=ran()>', '<input autofocus onfocus=ran()>', '<select autofocus onfocus=ran()>', '<marquee onstart=ran()>', '<a href=javascript:ran()>x</a>', '<a href="jav&#x09;ascript:ran()">x</a>', '<a href="&#106;avascript:ran()">x</a>',
  '" autofocus onfocus=ran() x="', "' autofocus onfocus=ran() x='", '` onmouseover=ran() x=`', '"onmouseover="ran()', ' onfocus=ran() autofocus tabindex=1 ', '" style=animation-name:x onanimationstart=ran() x="',
  'javascript:ran()', 'javascript:/*--></title></style></textarea></script><svg/onload=ran()>//', 'data:text/html,<script>ran()</script>', '&lt;script&gt;ran()&lt;/script&gt;', '&#60;script&#62;ran()&#60;/script&#62;', '\\u003cscript\\u003eran()\\u003c/script\\u003e', '%3Cscript%3Eran()%3C/script%3E',
  '<!--><script>ran()</script>', '<![CDATA[><script>ran()</script>]]>', '<<script>ran()//<</script>', '<scr<script>ipt>ran()</scr</script>ipt>', '<sCrIpT>ran()</sCrIpT>', '<script src=data:,ran()></script>', '<template><script>ran()</script></template>', '<base href=javascript:ran()//>',
  '<meta http-equiv=refresh content="0;url=javascript:ran()">', '<link rel=stylesheet href=data:,*{} onload=ran()>', '{{constructor.constructor("ran()")()}}', '${ran()}', '[x](javascript:ran())', '<x onpointerrawupdate=ran() style=position:fixed;inset:0>', '\u2028</script><script>ran()</script>', '＜script＞ran()＜/script＞', '<\u0001script>ran()</script>',
  '<xss id=x tabindex=1 onactivate=ran()>', '<button popovertarget=x>x</button><input popover id=x onbeforetoggle=ran()>', '<style>@keyframes x{}</style><xss style="animation-name:x" onanimationend="ran()">'
]

const { it, server, reader, mallory } = await startWorld({ accounts: ['reader', 'mallory'] })
const fit = (text, most) => [...text].slice(0, most).join('')
const written = { posts: [] }
let page

async function picture (description) {
  const { body } = await mallory.call('POST', '/api/v2/media', { multipart: { file: file(png(8, 8, 1), 'image/png', 'a.png'), description } })
  await until('the picture is ready', async () => (await mallory.call('GET', `/api/v1/media/${body.id}`, { status: 'any', check: false })).status === 200)
  return body.id
}

const isHostile = (vector) => vector.replace(/\s+/g, ' ').trim()

it('is written everywhere', async () => {
  await mallory.post(`/api/v1/accounts/${reader.id}/follow`)
  await reader.post(`/api/v1/accounts/${mallory.id}/follow`)
  for (let i = 0; i < vectors.length; i++) {
    const vector = vectors[i]
    const more = i % 3 === 0 ? { media_ids: [await picture(vector)] } : i % 3 === 1 ? { poll: { options: [fit(vector, 50), `${fit(vector, 48)}!`], expires_in: 3600 } } : {}
    const visibility = i % 5 === 4 ? 'direct' : 'public'
    written.posts.push(await mallory.post('/api/v1/statuses', { status: `@reader ${vector} https://example.com/?q=${encodeURIComponent(vector)}&${vector}`, spoiler_text: i % 2 ? vector : '', visibility, ...more }))
    if (i < 40) await reader.post('/api/v1/lists', { title: `${i} ${vector}` })
    if (i < 40) await reader.post('/api/v2/filters', { title: vector, context: ['home'], filter_action: 'warn', keywords_attributes: [{ keyword: `${i} ${fit(vector, 60)}` }] })
    await reader.call('POST', '/api/v1/apps', { form: { client_name: fit(vector, 60), redirect_uris: 'urn:ietf:wg:oauth:2.0:oob', scopes: 'read' }, status: 'any', check: false })
  }
  for (const post of written.posts.slice(0, 20)) {
    for (const act of ['bookmark', 'favourite']) await reader.post(`/api/v1/statuses/${post.id}/${act}`)
  }
  const { id } = written.posts[2]
  await mallory.put(`/api/v1/statuses/${id}`, { status: vectors[0], spoiler_text: vectors[7] })
  await mallory.put(`/api/v1/statuses/${id}`, { status: vectors[1], spoiler_text: vectors[13] })
  await reader.post('/api/v1/statuses', { status: 'a quote', quoted_status_id: written.posts[0].id })
  await reader.post('/api/v1/statuses', { status: vectors[3], scheduled_at: new Date(Date.now() + 3600000).toISOString() })
  written.collection = (await mallory.post('/api/v1/collections', { name: fit(vectors[0], 40), description: fit(vectors[7], 100), discoverable: true })).collection.id
  const plain = vectors.filter((vector) => /^[^\0-\x08\x0b-\x1f]+$/.test(vector)) // what a command can be given
  writeFileSync(join(server.data, 'text'), plain.join('\n\n'))
  for (const kind of ['about', 'privacy', 'terms']) await server.kicau(['document', 'write', kind, join(server.data, 'text')])
  for (const vector of plain.slice(0, 20)) await server.kicau(['rule', 'add', vector, '--hint', vector])
  for (const vector of plain.slice(0, 20)) await server.kicau(['announce', 'add', vector])
  written.list = (await reader.get('/api/v1/lists'))[0].id
  await reader.post(`/api/v1/lists/${written.list}/accounts`, { account_ids: [mallory.id] })
}, { timeout: 280000 })

// Whatever a handler waits for happens to every element.
const poke = () => {
  const bad = []
  for (const node of document.querySelectorAll('*')) {
    for (const { name, value } of node.attributes) {
      const leads = /^(href|src|action|formaction|data|xlink:href|to)$/i.test(name) && /^\s*javascript:/i.test(value.replace(/[\t\n\r]/g, ''))
      if (leads || /^on/i.test(name) || name === 'srcdoc') bad.push(`${node.outerHTML.slice(0, 200)}: ${name}`)
    }
    for (const type of ['mouseover', 'pointerenter', 'focus', 'toggle', 'animationstart', 'load', 'error']) node.dispatchEvent(new Event(type))
  }
  return bad
}

async function look (path) {
  const reply = await page.goto(server.base + path)
  assert.ok(reply.status() < 500, `${path} answered ${reply.status()}`)
  if (!/html/.test(reply.headers()['content-type'] || '')) return ''
  const bad = await page.evaluate(poke)
  assert.deepEqual(bad, [], path)
  assert.equal(await page.evaluate(() => globalThis.hits), 0, `a script of somebody ran on ${path}`)
  return isHostile(await page.evaluate(() => document.body.textContent))
}

const fills = () => ({ name: 'mallory', id: written.posts[2].id, file: 'follows.csv', code: 'A'.repeat(16), key: 'x', date: new Date().toISOString().slice(0, 10), number: 'I000001' })
const own = { '/tags/:name': 'birds', '/tags/:name.rss': 'birds', '/tags/:name.atom': 'birds' }
const skip = /^\/(api|2|oauth|nodeinfo|\.well-known|stream|media|metrics|health|assets|auth|settings\/transfer\/:file)/

it('and runs nowhere: every page, as one who follows its writer', async () => {
  page = await newPage({ bypassCSP: true, javaScriptEnabled: true })
  await page.addInitScript(() => { globalThis.hits = 0; globalThis.ran = () => { globalThis.hits++ } })
  page.on('dialog', (dialog) => assert.fail(`a dialog: ${dialog.message()}`))
  await page.goto(`${server.base}/login`)
  await signIn(page, { username: 'reader' })
  await page.waitForURL((url) => !url.pathname.startsWith('/login'))
  await page.evaluate(() => document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=ran()>'))
  await page.waitForFunction(() => globalThis.hits > 0) // or this test would see nothing
  assert.equal((await page.evaluate(poke)).length, 1)
  const paths = rows.filter((row) => row.method === 'GET' && !skip.test(row.path)).map((row) => {
    const values = { ...fills(), name: own[row.path] || 'mallory' }
    if (row.path.startsWith('/lists/')) values.id = written.list
    if (row.path.startsWith('/collections/')) values.id = written.collection
    return row.path.replace(/:(\w+)\*?/g, (_, name) => values[name] ?? assert.fail(`${row.path}: what is ${name}?`))
  })
  assert.ok(paths.length > 35, `${paths.length} pages`)
  const shown = new Map()
  for (const path of paths) shown.set(path, await look(path))
  for (const path of ['/home', '/public', '/@mallory', '/notifications', '/bookmarks', '/favourites', '/lists', '/settings/filters', '/scheduled', '/announcements', '/about', '/privacy-policy', '/terms-of-service', `/@mallory/${written.posts[2].id}/history`]) {
    assert.ok(vectors.some((vector) => shown.get(path).includes(isHostile(vector))), `${path} shows none of it: the test looks at nothing`)
  }
}, { timeout: 280000 })

it('nor on each post, its answer form, or a search for it', async () => {
  const shown = []
  for (let i = 0; i < vectors.length; i += 3) {
    const { id } = written.posts[i]
    shown.push(await look(`/@mallory/${id}`))
    await look(`/write?reply=${id}&text=${encodeURIComponent(vectors[i])}&warning=${encodeURIComponent(vectors[i])}`)
    await look(`/search?q=${encodeURIComponent(vectors[i])}`)
  }
  assert.ok(shown.every((text, i) => vectors[3 * i].includes('\u0001') || text.includes(isHostile(vectors[3 * i]).replace(/\\u2028/g, ' '))), 'each post says what was written')
}, { timeout: 280000 })

it('nor on a profile of which every word is hostile', async () => {
  for (let i = 0; i + 1 < vectors.length; i += 2) {
    const [one, other] = vectors.slice(i, i + 2)
    const fields = [{ name: one, value: other }, { name: other, value: one }, { name: 'x', value: `https://example.com/${one}` }]
    await mallory.patch('/api/v1/accounts/update_credentials', undefined, { json: { display_name: fit(i % 4 ? one : other, 30), note: `${one} ${other}`, fields_attributes: fields } })
    await look('/@mallory')
  }
}, { timeout: 280000 })

it('nor in what arrives while one reads', async () => {
  await page.goto(`${server.base}/home`)
  for (const vector of vectors.slice(0, 20)) await mallory.post('/api/v1/statuses', { status: `news ${vector}`, spoiler_text: vector })
  const bar = page.getByRole('button', { name: /new post|posts/i }).or(page.getByRole('link', { name: /new post/i })).first()
  await bar.click()
  await page.getByText(isHostile(`news ${vectors[0]}`)).first().waitFor({ state: 'attached' })
  assert.deepEqual(await page.evaluate(poke), [])
  assert.equal(await page.evaluate(() => globalThis.hits), 0)
  await page.context().close()
}, { timeout: 280000 })
