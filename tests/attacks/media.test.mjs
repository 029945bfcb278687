// Uploads: pictures that explode, files that are something else, things hidden inside, and what is served of them.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { file } from '../api/lib/http.mjs'
import { sleep, until } from '../api/lib/server.mjs'
import { blankPng, gif, jpeg, noisyPng, pngChunk, pngOf, withSegment, zip } from './lib/pictures.mjs'
import { exchange, request } from './lib/raw.mjs'
import { bounded, rss, startSiege } from './lib/siege.mjs'

const siege = await startSiege({ accounts: ['mallory', 'victim'], growth: 96 << 20 })
const { it, port, server, mallory, victim } = siege
const tmp = join(server.data, 'tmp')
const folder = join(server.data, 'media')

// What became of an upload: {status, body}, waiting while it is converted.
async function upload (bytes, { name = 'picture.png', type = 'image/png', as = mallory, path = '/api/v2/media', fields = {} } = {}) {
  const reply = await as.call('POST', path, { multipart: { file: file(bytes, type, name), ...fields }, status: 'any', check: false })
  if (reply.status !== 202) return reply
  return until('the picture is converted', async () => {
    const later = await as.call('GET', `/api/v1/media/${reply.body.id}`, { status: 'any', check: false })
    return later.status !== 206 && later
  }, { timeout: 40000 })
}

function stored (url) {
  const key = new URL(url).pathname.replace(/^\/media\//, '')
  return readFileSync(join(folder, key))
}

async function refused (name, bytes, options) {
  const began = Date.now()
  const { status, body } = await upload(bytes, options)
  assert.ok([422, 413, 400].includes(status), `${name}: ${status} ${JSON.stringify(body)}`)
  assert.ok(body.error, name)
  assert.doesNotMatch(body.error, /vips|png|gif_|\/tmp|kicau-/i.test(body.error) ? /vips|gif_|\/tmp|kicau-/i : /^$/, name)
  return Date.now() - began
}

it('pictures that unfold into gigabytes are refused by their header', async () => {
  const bombs = {
    '50 000 x 50 000': pngOf(50000, 50000, Buffer.alloc(1000)),
    '2^31 - 1 wide': pngOf(0x7fffffff, 1, Buffer.alloc(1000)),
    '1 x 2^31 - 1': pngOf(1, 0x7fffffff, Buffer.alloc(1000)),
    '2^32 - 1 both': pngOf(0xffffffff, 0xffffffff, Buffer.alloc(1000)),
    '0 x 0': pngOf(0, 0, Buffer.alloc(10)),
    '6 400 x 6 400': blankPng(6400, 6400),
    'a GIF of 1 000 x 1 000 with 50 frames': gif(1000, 1000, 50),
    'a GIF of 100 x 100 with 100 000 frames': gif(100, 100, 100000),
    'a JPEG that says 65 535 x 65 535': (() => { const b = Buffer.from(jpeg); const at = b.indexOf(Buffer.from([0xff, 0xc0])); b.writeUInt16BE(65535, at + 5); b.writeUInt16BE(65535, at + 7); return b })()
  }
  for (const [name, bytes] of Object.entries(bombs)) {
    const took = await refused(name, bytes)
    assert.ok(took < 20000, `${name}: ${took} ms`)
  }
})

it('text that unfolds inside a picture does not', async () => {
  const text = Buffer.concat([Buffer.from('Comment\0\0'), deflateSync(Buffer.alloc(200 << 20), { level: 9 })])
  const profile = Buffer.concat([Buffer.from('icc\0\0'), deflateSync(Buffer.alloc(100 << 20), { level: 9 })])
  for (const [name, chunk] of [['zTXt', text], ['iCCP', profile]]) {
    const began = Date.now()
    const { status } = await upload(blankPng(8, 8, { extra: [pngChunk(name, chunk)] }))
    assert.ok([200, 422].includes(status), `${name}: ${status}`)
    assert.ok(Date.now() - began < 20000)
  }
})

it('many frames are taken only as far as they are cheap', async () => {
  const began = Date.now()
  const { status } = await upload(gif(1, 1, 20000), { name: 'a.gif', type: 'image/gif' })
  assert.ok([200, 422].includes(status), String(status))
  assert.ok(Date.now() - began < 40000, `${Date.now() - began} ms`)
})

it('what is no picture is refused, whatever it is called', async () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><image href="file:///etc/passwd"/></svg>'
  const others = {
    SVG: svg,
    'SVG with a prologue': `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>${svg}`,
    HTML: '<!doctype html><script>alert(1)</script>',
    JavaScript: 'alert(1)',
    PDF: '%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj',
    PostScript: '%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) (r) file',
    'a zip': zip('a.html', '<script>alert(1)</script>'),
    'a program': Buffer.from('\x7fELF\x02\x01\x01', 'latin1'),
    TIFF: Buffer.from('II*\0\x08\0\0\0', 'latin1'),
    BMP: Buffer.from('BM' + '\0'.repeat(60), 'latin1'),
    'a script for ImageMagick': 'push graphic-context\nviewbox 0 0 640 480\nimage over 0,0 0,0 "https://example.com/x"\npop graphic-context',
    'a text of libvips': '# vips image\n',
    'a matrix of libvips': '3 3\n1 1 1\n1 1 1\n1 1 1\n',
    'XBM': '#define x_width 16\n#define x_height 16\nstatic char x_bits[] = {0};',
    'a playlist': '#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n',
    'an empty file': '',
    'one byte': 'x',
    'PNG in name only': '\x89PNG\r\n\x1a\n',
    'GIF in name only': 'GIF89a',
    'GIF that is a script': 'GIF89a=1;alert(1)//',
    'WebP in name only': 'RIFF\0\0\0\0WEBP'
  }
  for (const [what, bytes] of Object.entries(others)) {
    for (const [name, type] of [['x.png', 'image/png'], ['x.svg', 'image/svg+xml'], ['x.html', 'text/html']]) {
      await refused(`${what} as ${name}`, Buffer.from(bytes), { name, type })
    }
  }
  await refused('HTML as an avatar', Buffer.from('<script>'), { path: '/api/v1/media' })
})

it('avatars and headers are read as strictly', async () => {
  for (const field of ['avatar', 'header']) {
    for (const bytes of [pngOf(50000, 50000, Buffer.alloc(10)), Buffer.from('<svg onload="alert(1)"/>'), Buffer.from('x'), gif(1000, 1000, 50)]) {
      await mallory.call('PATCH', '/api/v1/accounts/update_credentials', { multipart: { [field]: file(bytes, 'image/png', 'x.png') }, status: 422 })
    }
  }
})

const SECRET = 'SECRET-INSIDE-4711'
it('nothing that was hidden in a picture is kept: archives, markup, comments, what is behind the end', async () => {
  const markup = Buffer.from(`<script>alert("${SECRET}")</script>`)
  const carriers = {
    'JPEG and ZIP': Buffer.concat([jpeg, zip('evil.html', markup)]),
    'JPEG with a comment': withSegment(jpeg, 0xfe, markup),
    'JPEG with an unknown segment': withSegment(jpeg, 0xef, markup),
    'JPEG with XMP': withSegment(jpeg, 0xe1, Buffer.concat([Buffer.from('http://ns.adobe.com/xap/1.0/\0'), markup])),
    'JPEG with IPTC': withSegment(jpeg, 0xed, Buffer.concat([Buffer.from('Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x40'), markup])),
    'PNG and HTML behind the end': Buffer.concat([blankPng(20, 20), markup]),
    'PNG with text': blankPng(20, 20, { extra: [pngChunk('tEXt', Buffer.concat([Buffer.from('Comment\0'), markup]))] }),
    'PNG with a private chunk': blankPng(20, 20, { extra: [pngChunk('prIv', markup)] }),
    'PNG with EXIF': blankPng(20, 20, { extra: [pngChunk('eXIf', Buffer.concat([Buffer.from('MM\0*\0\0\0\x08\0\0'), markup]))] }),
    'GIF with a comment': Buffer.concat([gif(10, 10, 2).subarray(0, -1), Buffer.from([0x21, 0xfe, markup.length]), markup, Buffer.from([0, 0x3b])])
  }
  for (const [name, bytes] of Object.entries(carriers)) {
    const { status, body } = await upload(bytes)
    if (status !== 200) { assert.equal(status, 422, name); continue }
    for (const url of [body.url, body.preview_url]) {
      const kept = stored(url)
      assert.ok(!kept.includes(SECRET) && !kept.includes('<script') && !kept.includes('PK\x03\x04'), `${name}: still in ${url}`)
      assert.match(url, /\/media\/[0-9a-f]{2}\/[0-9a-f]{32}\.(jpg|png|gif|webp|mp4)$/, 'the name is ours')
    }
  }
})

it('where and when a picture was taken is removed: EXIF, GPS, XMP, the camera\'s thumbnail', async (world, t) => {
  if (!existsSync('/usr/bin/exiftool')) return t.skip('exiftool is not installed (apt install libimage-exiftool-perl)')
  const work = mkdtempSync(join(tmpdir(), 'kicau-exif-'))
  const exif = (args) => execFileSync('exiftool', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  const told = (path) => exif(['-a', '-G1', '-s', '-GPS:all', '-EXIF:all', '-XMP:all', '-IPTC:all', '-Comment', '-Photoshop:all', '-MakerNotes:all', '-ThumbnailImage', path]).trim()
  try {
    for (const [name, bytes] of [['a.jpg', jpeg], ['a.png', blankPng(40, 30)]]) {
      const path = join(work, name)
      writeFileSync(path, bytes)
      writeFileSync(join(work, 'thumb.jpg'), jpeg)
      exif(['-q', '-overwrite_original', '-GPSLatitude=52.51627', '-GPSLatitudeRef=N', '-GPSLongitude=13.37770', '-GPSLongitudeRef=E', `-Artist=${SECRET}`, `-SerialNumber=${SECRET}`,
        `-XMP-dc:Creator=${SECRET}`, '-DateTimeOriginal=2021:02:03 04:05:06', `-Make=${SECRET}`, ...(name.endsWith('jpg') ? [`-IPTC:Keywords=${SECRET}`, `-Comment=${SECRET}`, `-ThumbnailImage<=${join(work, 'thumb.jpg')}`] : []), path])
      assert.match(told(path), /GPSLatitude/, 'the test has put it in')
      const { body } = await upload(readFileSync(path), { name, type: name.endsWith('jpg') ? 'image/jpeg' : 'image/png' })
      for (const url of [body.url, body.preview_url]) {
        const kept = join(work, 'kept.' + url.split('.').pop())
        writeFileSync(kept, stored(url))
        assert.equal(told(kept), '', url)
        assert.ok(!readFileSync(kept).includes(SECRET))
      }
      const me = await mallory.patch('/api/v1/accounts/update_credentials', undefined, { json: undefined, multipart: { avatar: file(readFileSync(path), 'image/jpeg', name) } })
      writeFileSync(join(work, 'avatar.' + me.avatar.split('.').pop()), stored(me.avatar))
      assert.equal(told(join(work, 'avatar.' + me.avatar.split('.').pop())), '')
    }
  } finally { rmSync(work, { recursive: true }) }
})

it('a file name is nobody\'s path', async () => {
  for (const name of ['../../../../../etc/cron.d/x.png', '/etc/passwd', 'C:\\windows\\x.png', 'x\r\nX-Injected: yes.png', '"; rm -rf / #.png', '.', '..', 'a'.repeat(5000) + '.png', 'x.png;[n=-1]', '$(id).png']) {
    const body = Buffer.concat([Buffer.from(`--x\r\nContent-Disposition: form-data; name="file"; filename="${name.replace(/[\r\n"]/g, '_')}"\r\nContent-Type: image/png\r\n\r\n`), blankPng(4, 4), Buffer.from('\r\n--x--\r\n')])
    const reply = await exchange(port, request('POST', '/api/v2/media', { token: mallory.token, headers: { 'Content-Type': 'multipart/form-data; boundary=x' }, body }), { timeout: 20000 })
    assert.ok([200, 202, 400, 422].includes(reply.status), `${name.slice(0, 40)}: ${reply.line}`)
    assert.equal(reply.headers['x-injected'], undefined)
  }
})

it('the details of a picture are checked', async () => {
  for (const focus of ['nan,nan', 'inf,0', '1e400,0', '2,0', '0', '0,0,0', 'x,y', '-0.0.0,1']) {
    const { status } = await upload(blankPng(4, 4), { fields: { focus } })
    assert.equal(status, 422, focus)
  }
  assert.equal((await upload(blankPng(4, 4), { fields: { description: 'x'.repeat(1501) } })).status, 422)
  const reply = await upload(blankPng(4, 4), { fields: { description: '<script>alert(1)</script>', focus: '0.5,-0.5' } })
  assert.equal(reply.body.description, '<script>alert(1)</script>', 'an alt text is text: JSON carries it as it is')
})

it('nobody touches a picture of somebody else', async () => {
  const { body } = await upload(blankPng(9, 9), { as: victim })
  for (const [method, options] of [['GET', {}], ['PUT', { json: { description: 'mine' } }], ['DELETE', {}]]) await mallory.call(method, `/api/v1/media/${body.id}`, { ...options, status: 404 })
  const reply = await mallory.call('POST', '/api/v1/statuses', { json: { status: 'x', media_ids: [body.id] }, status: 'any' })
  assert.ok([404, 422].includes(reply.status), `posting it: ${reply.status}`)
  const still = await victim.get(`/api/v1/media/${body.id}`)
  assert.equal(still.description, null)
})

it('what is served can only be a picture', async () => {
  const { body } = await upload(Buffer.concat([jpeg, Buffer.from('<script>alert(1)</script>')]), { name: 'x.html', type: 'text/html' })
  const { pathname } = new URL(body.url)
  const reply = await exchange(port, request('GET', pathname))
  assert.equal(reply.headers['content-type'], 'image/jpeg')
  assert.equal(reply.headers['x-content-type-options'], 'nosniff')
  assert.match(reply.headers['content-security-policy'], /sandbox/)
  for (const path of [pathname.replace('.jpg', '.html'), pathname.replace('.jpg', '.svg'), pathname.replace('.jpg', ''), pathname + '/x.html', pathname + '%00.html']) {
    const other = await exchange(port, request('GET', path))
    assert.ok([400, 404].includes(other.status), path)
  }
})

it('ranges that lie', async () => {
  const { body } = await upload(jpeg)
  const { pathname } = new URL(body.url)
  const whole = (await exchange(port, request('GET', pathname))).body
  for (const range of ['bytes=0-18446744073709551615', 'bytes=18446744073709551615-', 'bytes=-18446744073709551616', 'bytes=5-1', 'bytes=a-b', 'bytes=' + '0-1,'.repeat(1000) + '0-1', 'lines=0-1', 'bytes=-0', 'bytes=--1']) {
    const reply = await exchange(port, request('GET', pathname, { headers: { Range: range } }))
    assert.ok([200, 206, 416].includes(reply.status), `${range}: ${reply.line}`)
    assert.ok(whole.includes(reply.body), range)
  }
})

it('pictures that are slow to convert hold up nobody else, and there are never many at once', async () => {
  const slow = noisyPng(3200, 3000)
  const count = () => readdirSync('/proc').filter((pid) => /^\d+$/.test(pid)).filter((pid) => {
    try { return readFileSync(`/proc/${pid}/stat`, 'latin1').includes('(kicau-image)') && readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(server.data) } catch { return false }
  }).length
  let most = 0
  const watch = setInterval(() => { most = Math.max(most, count()) }, 100)
  const before = rss(siege.pid)
  const jobs = [
    ...Array.from({ length: 10 }, () => mallory.call('POST', '/api/v1/media', { multipart: { file: file(slow, 'image/png', 'x.png') }, status: 'any', check: false }).catch((error) => error)),
    ...Array.from({ length: 5 }, () => mallory.call('PATCH', '/api/v1/accounts/update_credentials', { multipart: { avatar: file(slow.subarray(0, 7 << 20), 'image/png', 'x.png') }, status: 'any', check: false }).catch((error) => error))
  ]
  await sleep(700)
  const waits = []
  for (let n = 0; n < 20; n++) {
    const began = performance.now()
    await victim.post('/api/v1/statuses', { status: `meanwhile ${n}` })
    waits.push(performance.now() - began)
  }
  await Promise.all(jobs)
  clearInterval(watch)
  bounded(Math.max(...waits), 1500, `a post took ${Math.round(Math.max(...waits))} ms`)
  assert.ok(most <= 6, `${most} pictures were converted at once`)
  bounded(rss(siege.pid) - before, 512 << 20)
}, { timeout: 120000 })

it('nothing is left lying about', async () => {
  await until('the folder of temporary files is empty', () => readdirSync(tmp).length === 0, { timeout: 30000 })
    .catch(() => assert.deepEqual(readdirSync(tmp), []))
})

siege.finish()
