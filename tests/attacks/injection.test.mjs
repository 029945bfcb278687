// Markup, lines and quotes in every text a person or an app can set: they stay text, in pages and in the API.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { OOB } from '../api/lib/browser.mjs'
import { query } from '../api/lib/http.mjs'
import { password } from '../api/lib/server.mjs'
import { assertContent, assertTame, tags } from './lib/markup.mjs'
import { blankPng } from './lib/pictures.mjs'
import { exchange, request } from './lib/raw.mjs'
import { startSiege } from './lib/siege.mjs'
import { Visitor } from './lib/visitor.mjs'

const siege = await startSiege({ accounts: ['mallory', 'reader'] })
const { it, port, server, mallory, reader, anyone } = siege
const host = new URL(server.base).host

const payloads = [
  '<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "'><svg onload=alert(1)>", '</title><script>alert(1)</script>', '</script><script>alert(1)</script>', '<a href="javascript:alert(1)">x</a>',
  '<iframe srcdoc="x">', '&lt;script&gt;alert(1)&lt;/script&gt;', '<<script>alert(1)//<</script>', '<img/src/onerror=alert(1)>', '`onmouseover=alert(1)', '" autofocus onfocus=alert(1) x="', '<!--<script>', ']]><x>', '<p style="x:expression(1)">',
  '<base href=//evil.example>', '<meta http-equiv=refresh content=0>', '\u0000<script>'.replace('\u0000', '\u0001'), '{{constructor.constructor("alert(1)")()}}', '<sCrIpT sRc=//evil.example>', '<b>&amp;<i>', '\u2028\u2029</textarea><x>'
]
const hidden = (text, payload) => !text.includes(payload) || !/[<"']/.test(payload)

// `shows`: what a page must hold, escaped, or the test looks at nothing.
const escape = (text) => text.replace(/[&<>"']/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[c])
async function pages (paths, { as, shows } = {}) {
  for (const path of paths) {
    const reply = as ? await as.ask('GET', path) : await exchange(port, request('GET', path, { host }))
    assert.ok(reply.status < 500, `${path}: ${reply.line}`)
    if (!/html/.test(reply.headers['content-type'] || '')) continue
    assertTame(reply.text, path)
    if (shows) assert.ok(escape(reply.text.replace(/&(lt|gt|amp|quot|#39);/g, (all, name) => ({ lt: '<', gt: '>', amp: '&', quot: '"', '#39': "'" })[name])).includes(escape(shows)), `${path} does not show ${shows}`)
    assert.match(reply.headers['content-security-policy'], /default-src 'none'/, path)
    assert.doesNotMatch(reply.headers['content-security-policy'], /script-src[^;]*(unsafe|\*|https?:)/, path)
    assert.doesNotMatch(reply.text, /<script>alert|<img src=x|<svg onload=alert|<iframe srcdoc|<base href=\/\//, path)
  }
}

it('the reader of markup in these tests sees what there is to see', () => {
  const seen = tags('<p class=a b>x</p><IMG/src="x"/onerror=\'y\'><script src=/assets/x.js><b onclick=1></script><a\nhref="&#106;avascript:1">')
  assert.deepEqual(seen.map((tag) => tag.name), ['p', 'img', 'script', 'a'])
  assert.deepEqual(seen[1].attributes, { src: 'x', onerror: 'y' })
  for (const bad of ['<img src=x onerror=y>', '<a href="&#106;avascript:1">', '<a href="java\nscript:1">', '<svg/onload=x>', '<script>x</script>', '<x style=y>', '<base href=x>']) assert.throws(() => assertTame(bad, 'x'), bad)
})

it('display name, biography and fields', async () => {
  for (const payload of payloads) {
    const fits = (text, most) => [...text].slice(0, most).join('')
    const me = await mallory.patch('/api/v1/accounts/update_credentials', undefined, { json: { display_name: fits(payload, 30), note: payload, fields_attributes: [{ name: payload, value: payload }, { name: 'x', value: `https://example.com/${payload}` }, { name: 'y', value: 'javascript:alert(1)' }] } })
    assertContent(me.note, `note of ${payload}`)
    for (const { value } of me.fields) assertContent(value, `field of ${payload}`)
    assert.equal(me.source.note, payload)
    await pages(['/@mallory', '/@mallory/with_replies', '/@mallory/media'], { shows: fits(payload, 20) })
    await pages(['/public'])
  }
})

it('text, warning, tags, mentions, links, polls and alt text of a post', async () => {
  for (const payload of payloads) {
    const upload = (await mallory.call('POST', '/api/v1/media', { multipart: { file: new Blob([blankPng(8, 8)], { type: 'image/png' }), description: payload } })).body
    const posts = [
      await mallory.post('/api/v1/statuses', { status: `${payload} #tag${payload} @reader${payload} https://example.com/${payload} https://example.com/?a=${payload}&b='"><`, spoiler_text: payload, media_ids: [upload.id] }),
      await mallory.post('/api/v1/statuses', { status: `vote ${payload}`, poll: { options: [payload.slice(0, 50), 'other'], expires_in: 3600 } })
    ]
    for (const post of posts) {
      assertContent(post.content, `content of ${payload}`)
      assert.ok(hidden(post.content, payload), `${post.content} of ${payload}`)
      const edited = await mallory.put(`/api/v1/statuses/${post.id}`, { status: `edited ${payload}`, spoiler_text: payload })
      assertContent(edited.content, `edited content of ${payload}`)
      for (const version of await reader.get(`/api/v1/statuses/${post.id}/history`)) assertContent(version.content, 'history')
      await pages([new URL(post.url).pathname], { shows: payload })
      await pages(['/@mallory'])
    }
  }
  await pages(['/public', '/public/local', '/', '/about'])
})

it('links only lead to the web', async () => {
  for (const link of ['javascript:alert(1)', 'JAVASCRIPT://example.com/%0aalert(1)', 'data:text/html,<script>', 'vbscript:x', 'file:///etc/passwd', 'https:javascript:alert(1)', 'http://', 'https://"onmouseover=alert(1)', 'https://example.com/"onmouseover="alert(1)', 'https://exa\u202emple.com/x', 'https://user:pass@example.com/', 'ftp://x', 'xmpp:x', 'https://example.com\\@evil.example']) {
    const post = await mallory.post('/api/v1/statuses', { status: `see ${link} there` })
    assertContent(post.content, link)
    assert.doesNotMatch(post.content, /href="(?!https?:\/\/)/, link)
    await pages([new URL(post.url).pathname])
  }
})

it('tags, names and ids in addresses', async () => {
  for (const payload of [...payloads, '%3Cscript%3Ealert(1)%3C/script%3E', '\r\nX-Injected: yes']) {
    const part = encodeURIComponent(payload)
    await pages([`/tags/${part}`, `/@${part}`, `/@mallory/${part}`, `/@mallory?max_id=${part}`, `/public?max_id=${part}`, `/${part}`, `/login?next=${part}`, `/oauth/authorize/native?code=${part}`, `/oauth/authorize?client_id=${part}&redirect_uri=${part}&scope=${part}&state=${part}`, `/auth/${part}`])
    const links = await exchange(port, request('GET', `/api/v1/timelines/public?limit=1&x=${part}&${part}=1`, { token: reader.token }))
    assert.equal(links.headers['x-injected'], undefined)
    assert.doesNotMatch(links.headers.link || '', /[<>"][^,;]*script>/)
  }
})

it('what is typed into the login form comes back as text', async () => {
  for (const payload of payloads) {
    const browser = new Visitor(port, host)
    const reply = await browser.login(payload, payload, { next: payload })
    assert.equal(reply.status, 422)
    assertTame(reply.text, `login as ${payload}`)
    assert.ok(!reply.headers.location)
  }
})

it('names of applications, on the page that asks and on posts', async () => {
  const browser = new Visitor(port, host)
  await browser.login('reader', password)
  let seen = 0
  for (const payload of payloads.filter((one) => [...one].length <= 60)) {
    const app = await anyone.post('/api/v1/apps', { client_name: payload, redirect_uris: OOB, scopes: 'read write' }, { status: 'any', check: false })
    if (!app.client_id) continue
    seen++
    for (const as of [browser, new Visitor(port, host)]) await pages(['/oauth/authorize?' + query({ response_type: 'code', client_id: app.client_id, redirect_uri: OOB, scope: 'read', state: payload })], { as, shows: payload })
  }
  assert.ok(seen > 10)
})

it('short codes of emojis are letters, digits and _', async () => {
  const picture = join(server.data, 'emoji.png')
  writeFileSync(picture, blankPng(16, 16))
  await server.kicau(['emoji', 'add', 'good_one', picture])
  for (const payload of ['"><script>', 'a b', 'a:b', '../x', "x'y", '', 'é', 'a'.repeat(300)]) await assert.rejects(server.kicau(['emoji', 'add', payload, picture]), payload)
  const post = await mallory.post('/api/v1/statuses', { status: ':"><script>: :<b>: :nosuch: :a"onload="x:' })
  assertContent(post.content, 'emoji')
  assert.deepEqual(post.emojis, [])
})

it('titles of lists, notes about people, and other private texts stay text', async () => {
  for (const payload of payloads) {
    const list = await mallory.post('/api/v1/lists', { title: payload })
    assert.equal(list.title, payload)
    await mallory.delete(`/api/v1/lists/${list.id}`)
    const relation = await mallory.post(`/api/v1/accounts/${reader.id}/note`, { comment: payload })
    assert.equal(relation.note, payload)
  }
})

it('JSON replies are never read as HTML', async () => {
  for (const path of ['/api/v1/timelines/public', '/api/v1/accounts/lookup?acct=mallory', '/api/v1/statuses/<script>', '/api/v1/%3Cscript%3Ealert(1)%3C/script%3E']) {
    const reply = await exchange(port, request('GET', encodeURI(path), { headers: { Accept: 'text/html' } }))
    assert.match(reply.headers['content-type'], /^application\/json/, path)
    assert.equal(reply.headers['x-content-type-options'], 'nosniff', path)
  }
})

it('lines in values make no headers, nowhere', async () => {
  const evil = 'x\r\nX-Injected: yes\r\n\r\n<script>'
  for (const [method, path, body] of [
    ['GET', `/login?next=${encodeURIComponent(evil)}`], ['GET', `/api/v1/accounts/search?q=${encodeURIComponent(evil)}`], ['GET', `/tags/${encodeURIComponent(evil)}`], ['GET', `/@${encodeURIComponent(evil)}`],
    ['POST', '/api/v1/statuses', JSON.stringify({ status: evil, language: evil, visibility: evil })], ['POST', '/api/v1/lists', JSON.stringify({ title: evil })], ['PATCH', '/api/v1/accounts/update_credentials', JSON.stringify({ display_name: evil, note: evil })]
  ]) {
    const reply = await exchange(port, request(method, path, { token: mallory.token, headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'x', 'X-Request-Id': 'evil"id' }, body }))
    assert.ok(!/^x-injected/im.test(reply.head), path)
    assert.ok(reply.status < 500, path)
    assert.ok(!reply.head.includes('evil"id'))
  }
})

siege.finish()
