// Paths that want out: of /media, of /assets, of the rules of an endpoint.
import assert from 'node:assert/strict'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exchange, request } from './lib/raw.mjs'
import { startSiege } from './lib/siege.mjs'

const siege = await startSiege({ accounts: ['alice', 'mallory'] })
const { it, port, server, alice, mallory } = siege
const get = (path, options) => exchange(port, request('GET', path, options))

const ups = ['..', '%2e%2e', '.%2e', '%2E.', '%252e%252e', '%c0%ae%c0%ae', '%e0%80%ae%e0%80%ae', '..%00', '..%0d', '...', '....', '..;', '%2e%2e%2f', '..%2f', '..%5c', '..\\', '%u002e%u002e', '\uff0e\uff0e']
const targets = ['kicau.db', 'kicau.db-wal', 'lock', 'kicau.conf', 'etc/passwd', 'proc/self/environ']

it('no way leads out of /media and /assets', async () => {
  const bad = []
  for (const root of ['/media', '/assets', '/media/ab', '/assets/x', '']) {
    for (const up of ups) {
      for (const target of targets) {
        for (const path of [`${root}/${up}/${target}`, `${root}/${Array(8).fill(up).join('/')}/${target}`, `${root}${up}/${target}`]) bad.push(encodeURI(path).replaceAll('%25', '%'))
      }
    }
    for (const tail of ['//etc/passwd', '/%2fetc%2fpasswd', '/file:///etc/passwd', '/.', '/..', '/%00', '/\\etc\\passwd', '//', '///', '/%2e', '/./style.css/../../x', '/style.css%00.png', '/style.css/', '//style.css', '/STYLE.CSS', '/con', '/~root', '/*', '/{a,b}']) bad.push(root + tail)
  }
  let at = 0
  const work = async () => {
    for (;;) {
      const path = bad[at++]
      if (path === undefined) return
      const reply = await get(path)
      assert.ok(reply, path)
      assert.doesNotMatch(reply.text, /root:.*:0:0:|SQLite format 3|PATH=/, path)
      assert.ok((reply.status >= 400 && reply.status < 500) || path.replace(/\/+$/, '') === '' || path === '/assets/style.css/' || reply.status === 303 || reply.status === 302 || reply.status === 301, `${path}: ${reply.line}`)
      if (reply.headers.location) assert.doesNotMatch(reply.headers.location, /^\/\/|^\/\\|:\/\/(?!localhost)/, path)
    }
  }
  await Promise.all([work(), work(), work(), work()])
})

it('a link in the folder of media is not followed, and a folder is no file', async () => {
  const folder = join(server.data, 'media', 'aa')
  mkdirSync(folder, { recursive: true })
  const key = 'a'.repeat(32)
  symlinkSync('/etc/passwd', join(folder, `${key}.jpg`))
  mkdirSync(join(folder, `${key}.png`))
  writeFileSync(join(folder, `${key}.upload`), '<script>alert(1)</script>')
  for (const ext of ['jpg', 'png']) {
    const reply = await get(`/media/aa/${key}.${ext}`)
    assert.ok(reply.status >= 400, `${ext}: ${reply.line}`)
    assert.doesNotMatch(reply.text, /root:/)
  }
  const upload = await get(`/media/aa/${key}.upload`)
  if (upload.status === 200) assert.equal(upload.headers['content-disposition'], 'attachment')
  assert.match(upload.headers['content-type'], /octet-stream|json/)
})

it('assets answer conditions and versions without being fooled', async () => {
  const fine = await get('/assets/style.css')
  assert.equal(fine.status, 200)
  for (const path of ['/assets/style.css?v=../../etc/passwd', '/assets/style.css?v=%00', '/assets/style%2ecss', '/%61ssets/style.css']) {
    const reply = await get(path)
    assert.ok([200, 400, 404].includes(reply.status), path)
    if (reply.status === 200) assert.equal(reply.text, fine.text)
  }
  assert.equal((await get('/assets/style.css', { headers: { 'If-None-Match': fine.headers.etag } })).status, 304)
  for (const tag of ['"x"', '*'.repeat(5000), '"' + '\\"'.repeat(1000), 'W/' + fine.headers.etag]) assert.ok([200, 304].includes((await get('/assets/style.css', { headers: { 'If-None-Match': tag } })).status), tag.slice(0, 20))
})

it('an endpoint is what its path says, however it is written', async () => {
  const post = await alice.post('/api/v1/statuses', { status: 'mine alone', visibility: 'direct' })
  for (const path of [`/api/v1/statuses/${post.id}`, `/api/v1//statuses/${post.id}`, `/api/v1/statuses//${post.id}`, `/api/v1/./statuses/${post.id}`, `/api/v1/x/../statuses/${post.id}`, `/api/v1/statuses/${post.id}/`, `/api/v1/statuses/${post.id}//`, `/api/v1/statuses/%3${post.id[0]}${post.id.slice(1)}`,
    `/api/v1/statuses/${post.id}%20`, `/api/v1/statuses/${post.id};x`, `/api/v1/statuses/+${post.id}`, `/api/v1/statuses/0${post.id}`, `/api/v1/statuses/${post.id}.json`, `/API/v1/statuses/${post.id}`, `/api/v1/statuses/${post.id}%2fcontext`, `/api/v1/statuses/${post.id}%00`, `/api%2fv1%2fstatuses%2f${post.id}`]) {
    for (const options of [{}, { token: mallory.token }]) {
      const reply = await get(path, options)
      assert.ok(reply.status >= 400 && reply.status < 500, `${path}: ${reply.line}`)
      assert.doesNotMatch(reply.text, /mine alone/, path)
    }
  }
})

it('another method, or a header that names one, does not get around anything', async () => {
  const post = await alice.post('/api/v1/statuses', { status: 'stays' })
  for (const headers of [{ 'X-HTTP-Method-Override': 'DELETE' }, { 'X-Method-Override': 'DELETE' }, { 'X-HTTP-Method': 'DELETE' }]) {
    await exchange(port, request('POST', `/api/v1/statuses/${post.id}`, { token: alice.token, headers }))
    await exchange(port, request('GET', `/api/v1/statuses/${post.id}?_method=DELETE`, { token: alice.token, headers }))
  }
  for (const method of ['HEAD', 'OPTIONS', 'TRACE', 'DELETE', 'PUT', 'PATCH', 'get', 'Delete']) {
    const reply = await exchange(port, request(method, `/api/v1/statuses/${post.id}`, { token: mallory.token }), { head: method === 'HEAD' })
    assert.ok(reply.status < 500, method)
  }
  assert.equal((await alice.get(`/api/v1/statuses/${post.id}`)).content, '<p>stays</p>')
})

it('headers that claim where a request comes from are not believed', async () => {
  for (const headers of [{ 'X-Forwarded-For': '127.0.0.1' }, { 'X-Real-IP': '127.0.0.1' }, { Forwarded: 'for=127.0.0.1' }, { 'X-Original-URL': '/metrics' }, { 'X-Rewrite-URL': '/metrics' }, { 'X-Accel-Redirect': '/etc/passwd' }, { 'X-Sendfile': '/etc/passwd' }]) {
    const reply = await get('/api/v1/custom_emojis', { headers })
    assert.equal(reply.text, '[]')
  }
})

siege.finish()
