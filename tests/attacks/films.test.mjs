// Files that are no films, films that are made to hurt, and converters that hang, die or grow over them.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { film, ffmpeg, ffprobe, h264, sound } from '../api/lib/films.mjs'
import { file } from '../api/lib/http.mjs'
import { sleep, until } from '../api/lib/server.mjs'
import { Converter, processes } from './lib/converters.mjs'
import { exchange, request } from './lib/raw.mjs'
import { bounded, sanitized, startSiege } from './lib/siege.mjs'

const converter = new Converter()
const siege = await startSiege({ accounts: ['mallory', 'victim'], growth: 96 << 20, env: { PATH: converter.path } })
const { it, port, server, mallory, victim } = siege
const stored = (url) => join(server.data, 'media', new URL(url).pathname.replace(/^\/media\//, ''))

// What became of an upload: {status, body, took}.
async function upload (bytes, { name = 'film.mp4', type = 'video/mp4', as = mallory, most = 60000 } = {}) {
  const began = Date.now()
  const reply = await as.call('POST', '/api/v2/media', { multipart: { file: file(bytes, type, name) }, status: 'any', check: false })
  const end = reply.status !== 202
    ? reply
    : await until(`${name} is converted`, async () => {
      const later = await as.call('GET', `/api/v1/media/${reply.body.id}`, { status: 'any', check: false })
      return later.status !== 206 && later
    }, { timeout: most })
  return { status: end.status, body: end.body, took: Date.now() - began }
}

async function refused (name, bytes, words = /./, options) {
  const { status, body, took } = await upload(bytes, { name, ...options })
  assert.ok([413, 422].includes(status), `${name}: ${status} ${JSON.stringify(body)}`)
  assert.match(body.error, words, name)
  assert.doesNotMatch(body.error, /\/tmp|kicau-|libav|x264/i)
  return took
}

const mp4 = film('a.mp4', { args: [...h264, '-c:a', 'aac'] })
const webm = film('a.webm', { args: ['-c:v', 'libvpx', '-c:a', 'libvorbis'] })
const box = (name, body) => { const head = Buffer.alloc(8); head.writeUInt32BE(body.length + 8); head.write(name, 4, 'latin1'); return Buffer.concat([head, body]) }
const ftyp = box('ftyp', Buffer.from('isom\0\0\x02\0isomiso2avc1mp41', 'latin1'))

it('what ffmpeg would read beside films is not given to it', async () => {
  const others = {
    'a playlist': '#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10.0,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n',
    'a list of files': 'ffconcat version 1.0\nfile /etc/passwd\n',
    'a session': 'v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5000 RTP/AVP 96\n',
    'a manifest': '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period><BaseURL>file:///etc/passwd</BaseURL></Period></MPD>',
    AVI: Buffer.from('RIFF\x24\0\0\0AVI LIST', 'latin1'),
    FLV: Buffer.from('FLV\x01\x05\0\0\0\x09', 'latin1'),
    ASF: Buffer.from('3026b2758e66cf11a6d900aa0062ce6c', 'hex'),
    'MPEG-TS': Buffer.alloc(188 * 20, 0x47),
    Y4M: 'YUV4MPEG2 W16 H16 F25:1\nFRAME\n' + 'x'.repeat(384),
    subtitles: '1\n00:00:00,000 --> 00:00:01,000\nx\n'
  }
  for (const [name, bytes] of Object.entries(others)) {
    for (const type of ['video/mp4', 'audio/mpeg']) await refused(name, Buffer.from(bytes), /neither a picture/, { type })
  }
})

it('films that are damaged, nested, or lie about themselves hurt nobody', async () => {
  const nested = (depth) => { let b = Buffer.alloc(0); for (let n = 0; n < depth; n++) b = box(n % 2 ? 'moov' : 'trak', b); return b }
  const lying = (name, at, value) => { const b = Buffer.from(mp4); const i = b.indexOf(name, 0, 'latin1'); value.copy(b, i + at); return b }
  const wide = Buffer.from([0xff, 0xff, 0xff, 0xff])
  const files = {
    'a name and nothing': ftyp,
    'boxes in boxes': Buffer.concat([ftyp, nested(20000)]),
    'a box of 4 GiB': Buffer.concat([ftyp, Buffer.from('ffffffff6d6f6f76', 'hex'), Buffer.alloc(100)]),
    'a box of 2^64': Buffer.concat([ftyp, Buffer.from('000000016d646174ffffffffffffffff', 'hex'), Buffer.alloc(100)]),
    'an endless EBML': Buffer.from('1a45dfa301ffffffffffffff18538067' + '01ffffffffffffff'.repeat(50), 'hex'),
    'pages of Ogg that belong to nothing': Buffer.concat(Array.from({ length: 2000 }, (_, n) => Buffer.concat([Buffer.from('OggS\0\x02', 'latin1'), Buffer.alloc(8), Buffer.from([n & 255, n >> 8, 0, 0]), Buffer.alloc(8), Buffer.from([1, 255]), Buffer.alloc(255)]))),
    'a WAV of 2^32 channels': Buffer.concat([Buffer.from('RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0\x01\0\xff\xff', 'latin1'), wide, wide, Buffer.from('\xff\xff\x20\0data\xff\xff\xff\xff', 'latin1'), Buffer.alloc(1000)]),
    'a FLAC that is all header': Buffer.concat([Buffer.from('fLaC\x80\xff\xff\xff', 'latin1'), Buffer.alloc(1000, 0xff)]),
    'an ID3 tag of 256 MiB': Buffer.concat([Buffer.from('ID3\x04\0\0\x7f\x7f\x7f\x7f', 'latin1'), Buffer.alloc(1000)]),
    'a GIF of 65 535 x 65 535': Buffer.concat([Buffer.from('GIF89a\xff\xff\xff\xff\x80\0\0', 'latin1'), Buffer.alloc(6), Buffer.from('!\xf9\x04\0\x05\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0'.repeat(3) + ';', 'latin1')])
  }
  for (const [name, bytes] of Object.entries(files)) bounded(await refused(name, bytes), 15000, name)
  const tolerated = {
    'as long as a century': lying('mvhd', 20, wide),
    'as wide as it can say': lying('avc1', 28, wide),
    'of 2^32 - 1 samples': lying('stsz', 12, wide),
    'with all samples in one chunk': lying('stsc', 16, wide),
    'without a time scale': lying('mdhd', 16, Buffer.alloc(4))
  }
  for (const [name, bytes] of Object.entries(tolerated)) {
    const { status, took } = await upload(bytes, { name })
    assert.ok([200, 422].includes(status), `${name}: ${status}`)
    bounded(took, 20000, name)
  }
}, { timeout: 180000 })

it('noise in a good file does not reach the server', async () => {
  let x = 4711
  const random = (n) => { x = (Math.imul(x, 1103515245) + 12345) & 0x7fffffff; return (x >>> 8) % n }
  for (const [name, bytes] of Object.entries({ 'a.mp4': mp4, 'a.webm': webm, 'a.ogg': sound('a.ogg'), 'a.mp3': sound('a.mp3'), 'a.flac': sound('a.flac') })) {
    for (let round = 0; round < 4; round++) {
      const noisy = Buffer.from(bytes)
      for (let n = 0; n < 4 ** round; n++) noisy[32 + random(noisy.length - 32)] = random(256)
      const { status, body } = await upload(noisy, { name })
      assert.ok([200, 422].includes(status), `${name}: ${status} ${JSON.stringify(body)}`)
    }
  }
}, { timeout: 180000 })

it('what is kept is a film and nothing else: no page, no archive, no second file', async () => {
  const markup = Buffer.from('<script>alert("SECRET-4711")</script>PK\x03\x04')
  const carriers = { before: Buffer.concat([ftyp, box('free', markup), mp4.subarray(ftyp.length)]), behind: Buffer.concat([mp4, box('free', markup)]), loose: Buffer.concat([mp4, markup]), user: Buffer.concat([mp4, box('udta', box('name', markup))]) }
  for (const [name, bytes] of Object.entries(carriers)) {
    const { status, body } = await upload(bytes, { name: `${name}.html`, type: 'text/html' })
    if (status !== 200) { assert.equal(status, 422, name); continue }
    const kept = readFileSync(stored(body.url))
    assert.ok(!kept.includes('SECRET') && !kept.includes('<script') && !kept.includes('PK\x03\x04'), name)
    const reply = await exchange(port, request('GET', new URL(body.url).pathname))
    assert.deepEqual([reply.headers['content-type'], reply.headers['x-content-type-options']], ['video/mp4', 'nosniff'])
    assert.match(reply.headers['content-security-policy'], /sandbox/)
  }
})

it('a film cannot have other files read or addresses called', async () => {
  let calls = 0
  const listener = createServer((socket) => { calls++; socket.destroy() })
  await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const at = listener.address().port
  const url = Buffer.from(`http://127.0.0.1:${at}/x.mov\0`, 'latin1')
  const self = mp4.indexOf(Buffer.from('url \0\0\0\x01', 'latin1'))
  assert.ok(self > 0)
  // The data are said to be elsewhere. The box does not grow, so the address is cut: what counts is that nobody looks.
  const away = Buffer.from(mp4)
  away[self + 7] = 0
  await upload(away, { name: 'away' })
  await upload(Buffer.concat([ftyp, box('moov', box('rmra', box('rmda', box('rdrf', Buffer.concat([Buffer.from('\0\0\0\0url \0\0\0\x20', 'latin1'), url])))))]), { name: 'reference' })
  // And were it taken over: a converter that tries has no network. (Here there is one, or this would show nothing.)
  const call = `exec 3<>/dev/tcp/127.0.0.1/${at}`
  assert.equal(calls, 0)
  execFileSync('bash', ['-c', call])
  await until('the call is heard', () => calls === 1)
  converter.does(`bash -c '${call}' && exit 0; exit 9`)
  await refused('a converter that calls', webm, /damaged/)
  converter.does('')
  await sleep(200)
  assert.equal(calls, 1)
  listener.close()
})

it('a converter that was taken over reads and changes nothing of the server', async (world, t) => {
  const landlock = Number(execFileSync('python3', ['-c', 'import ctypes; print(ctypes.CDLL(None).syscall(444, None, 0, 1))'], { encoding: 'utf8' }))
  if (sanitized || landlock < 1) return t.skip('this kernel or this build has no Landlock')
  const proof = join(server.data, 'tmp', 'proof'), { data } = server
  const media = readdirSync(join(data, 'media'), { recursive: true }).map(String).find((name) => name.endsWith('.mp4'))
  const reads = [`${data}/kicau.db`, `${data}/media/${media}`, '/etc/passwd', `/proc/${siege.pid}/environ`, '/proc/self/environ']
  const writes = [`${data}/kicau.db`, `${data}/kicau.conf`, `${data}/media/${media}`, '/tmp/kicau-was-here']
  converter.does(`{
    echo began
    for f in ${reads.join(' ')}; do cat "$f" > /dev/null && echo "read $f"; done
    for f in ${data} ${data}/media /tmp /etc /proc; do ls "$f" > /dev/null && echo "listed $f"; done
    for f in ${writes.join(' ')}; do (: >> "$f") && echo "changed $f"; done
    rm -f ${data}/media/${media} ${data}/kicau.db && echo removed
  } > ${proof} 2> /dev/null; exit 1`)
  await refused('a converter that was taken over', webm, /damaged/)
  converter.does('')
  assert.equal(readFileSync(proof, 'utf8'), 'began\n')
  assert.ok(readFileSync(join(data, 'media', media)).length > 0)
  rmSync(proof)
})

it('a converter that hangs, dies, grows or writes without end is ended, and the upload says so', async () => {
  const cases = [
    ['kill -SEGV $$', /broke down/], ['kill -ABRT $$', /broke down/], ['exit 1', /damaged/], ['exec tail /dev/zero', /damaged|takes too much/],
    ['exec cat /dev/zero > "$out"', /takes too much|damaged/], ['exec yes', /broke down/], ['sleep 300 & exit 1', /damaged/], ['exit 0', /damaged/],
    ['printf rubbish > "$out"; exit 0', /damaged/]
  ]
  for (const [what, words] of cases) {
    converter.does(what)
    bounded(await refused(what, webm, words), 20000, what)
  }
  converter.does('sleep 300')
  const took = await refused('a converter that hangs', webm, /takes too much/, { most: 80000 })
  bounded(took, 60000, `${took} ms`)
  converter.does('')
  assert.equal((await upload(webm)).status, 200, 'the next film is converted as ever')
  await until('what they started is gone', () => processes(converter.folder).length === 0 && processes(server.data + '/').filter((pid) => Number(pid) !== siege.pid).length === 0)
}, { timeout: 240000 })

it('films that are slow to convert hold up nobody else, and there is one at a time', async () => {
  const slow = film('slow.webm', { size: '1280x720', seconds: 3, args: ['-c:v', 'libvpx', '-cpu-used', '16', '-deadline', 'realtime', '-b:v', '2M'] })
  let most = 0
  const watch = setInterval(() => { most = Math.max(most, processes(server.data + '/').filter((pid) => { try { return readFileSync(`/proc/${pid}/comm`, 'latin1').startsWith('ffmpeg') } catch { return false } }).length) }, 50)
  const jobs = Array.from({ length: 4 }, () => upload(slow, { name: 'a.webm', most: 110000 }))
  await sleep(500)
  const waits = []
  for (let n = 0; n < 20; n++) {
    const began = performance.now()
    await victim.post('/api/v1/statuses', { status: `meanwhile ${n}` })
    waits.push(performance.now() - began)
  }
  const done = await Promise.all(jobs)
  clearInterval(watch)
  assert.deepEqual(done.map((one) => one.status), [200, 200, 200, 200])
  bounded(Math.max(...waits), 1500, `a post took ${Math.round(Math.max(...waits))} ms`)
  assert.equal(most, 1, `${most} films were converted at once`)
}, { timeout: 180000 })

it('an animation of very many frames costs no more than its pixels', async () => {
  const many = ffmpeg('many.gif', '-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=50:duration=40')
  const { status, body, took } = await upload(many, { name: 'many.gif', type: 'image/gif' })
  assert.equal(status, 200)
  assert.equal(ffprobe(stored(body.url)).streams[0].codec_name, 'h264')
  bounded(took, 30000)
  await refused('a GIF of 4 000 x 3 000 with ten frames', ffmpeg('large.gif', '-f', 'lavfi', '-i', 'color=size=4000x3000:rate=10:duration=1'), /40 megapixels/, { type: 'image/gif' })
})

it('nothing is left lying about', async () => {
  await until('the folder of temporary files is empty', () => readdirSync(join(server.data, 'tmp')).length === 0, { timeout: 30000 })
  assert.deepEqual(readdirSync(join(server.data, 'media'), { recursive: true }).map(String).filter((name) => name.endsWith('.upload')), [])
})

siege.finish()
