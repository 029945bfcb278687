// Films, animations and sounds: what is kept of them, what is said of it, and what is not kept.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exiftool, ffmpeg, ffprobe, film, h264, packets, shown, sound } from './lib/films.mjs'
import { file } from './lib/http.mjs'
import { png } from './lib/png.mjs'
import { startWorld, until } from './lib/server.mjs'

const { it, server } = await startWorld({ accounts: ['alice', 'bob'] })
const path = (url) => join(server.data, 'media', new URL(url).pathname.replace(/^\/media\//, ''))
const stream = (url, kind) => ffprobe(path(url)).streams.find((one) => one.codec_type === kind)
const near = (a, b, most, words) => assert.ok(Math.abs(a - b) <= most, `${words || ''}: ${a}, not ${b}`)

// Waits as an app does: 202 or 206 while it is converted, then 200 or 422.
async function upload (user, bytes, { name = 'film.mp4', type = 'video/mp4', fields = {}, status = 200, path = '/api/v2/media' } = {}) {
  let reply = await user.call('POST', path, { multipart: { file: file(bytes, type, name), ...fields }, status: 'any' })
  if (reply.status === 202) {
    assert.equal(reply.body.url, null)
    reply = await until('it is converted', async () => {
      const later = await user.call('GET', `/api/v1/media/${reply.body.id}`, { status: 'any' })
      return later.status !== 206 && later
    }, { timeout: 150000 })
  }
  assert.equal(reply.status, status, JSON.stringify(reply.body))
  return reply.body
}

it('the instance says what is taken, and how large', async ({ anyone }) => {
  const { media_attachments: limits } = (await anyone.get('/api/v2/instance')).configuration
  assert.deepEqual([limits.video_size_limit, limits.video_frame_rate_limit, limits.video_matrix_limit], [40 << 20, 120, 3840 * 2160])
  for (const type of ['video/mp4', 'video/webm', 'video/quicktime', 'audio/mpeg', 'audio/ogg', 'audio/flac', 'image/gif']) assert.ok(limits.supported_mime_types.includes(type), type)
  assert.deepEqual((await anyone.get('/api/v1/instance')).configuration.media_attachments, limits)
})

it('a film that browsers play is packed anew and not touched', async ({ alice }) => {
  const bytes = film('a.mp4', { size: '320x180', rate: 25, seconds: 2, args: [...h264, '-c:a', 'aac'] })
  const before = join(server.data, 'before.mp4')
  writeFileSync(before, bytes)
  const media = await upload(alice, bytes, { fields: { description: 'a test card' } })
  assert.equal(media.type, 'video')
  assert.equal(media.description, 'a test card')
  assert.match(media.url, /\.mp4$/)
  assert.match(media.preview_url, /\.(jpg|png)$/)
  const { meta } = media
  assert.deepEqual([meta.width, meta.height, meta.size, meta.fps, meta.audio_encode, meta.audio_bitrate, meta.audio_channels],
    [320, 180, '320x180', 25, 'aac (LC) (mp4a / 0x6134706D)', '44100 Hz', 'mono'])
  assert.deepEqual([meta.original.width, meta.original.height, meta.original.frame_rate], [320, 180, '25/1'])
  near(meta.aspect, 16 / 9, 0.001)
  near(meta.duration, 2, 0.1)
  near(meta.original.duration, 2, 0.1)
  assert.match(meta.length, /^0:00:0[12]\.\d\d$/)
  assert.ok(meta.original.bitrate > 1000)
  assert.deepEqual([meta.small.width, meta.small.height], [320, 180])
  assert.ok(media.blurhash.length > 6)
  assert.equal(shown(path(media.url)), shown(before), 'the same pictures')
  assert.equal(packets(path(media.url), 'a'), packets(before, 'a'), 'the same sound')
  const kept = ffprobe(path(media.url))
  near(meta.original.duration, Number(kept.format.duration), 0.002)
  assert.equal(meta.original.bitrate, Number(kept.format.bit_rate))
  const moov = readFileSync(path(media.url)).indexOf('moov')
  assert.ok(moov > 0 && moov < 200, 'it can be played while it is still coming in')
})

it('other films become H.264 and AAC', async ({ alice }) => {
  const cases = {
    'a.webm': ['video/webm', ['-c:v', 'libvpx', '-c:a', 'libopus']],
    'vp9.webm': ['video/webm', ['-c:v', 'libvpx-vp9', '-cpu-used', '8', '-c:a', 'libvorbis']],
    'a.ogv': ['video/ogg', ['-c:v', 'libtheora', '-c:a', 'libvorbis']],
    'hevc.mp4': ['video/mp4', ['-c:v', 'libx265', '-x265-params', 'log-level=0', '-preset', 'ultrafast', '-c:a', 'aac']],
    '444.mov': ['video/quicktime', ['-c:v', 'libx264', '-pix_fmt', 'yuv444p', '-c:a', 'pcm_s16le']],
    'mp3.mp4': ['video/mp4', [...h264, '-c:a', 'libmp3lame']],
    'six.mp4': ['video/mp4', [...h264, '-c:a', 'aac', '-ac', '6']]
  }
  for (const [name, [type, args]] of Object.entries(cases)) {
    const media = await upload(alice, film(name, { size: '321x179', args: [...args, ...(args.includes('yuv420p') ? ['-vf', 'scale=322:180,setsar=1'] : [])] }), { name, type })
    assert.equal(media.type, 'video', name)
    const picture = stream(media.url, 'video'), sound = stream(media.url, 'audio')
    assert.deepEqual([picture.codec_name, picture.pix_fmt, sound.codec_name], ['h264', 'yuv420p', 'aac'], name)
    assert.ok(sound.channels <= 2, name)
    assert.deepEqual([media.meta.width, media.meta.height], [picture.width, picture.height], name)
    near(media.meta.duration, 1, 0.15, name)
  }
})

it('a large film becomes smaller, and keeps its shape', async ({ alice }) => {
  const media = await upload(alice, film('a.webm', { size: '2560x1440', rate: 10, sound: false, args: ['-c:v', 'libvpx', '-cpu-used', '16', '-deadline', 'realtime', '-b:v', '4M'] }), { type: 'video/webm' })
  assert.deepEqual([media.meta.width, media.meta.height, media.meta.audio_encode], [1920, 1080, undefined])
  assert.ok(media.meta.small.width * media.meta.small.height <= 230400)
})

it('a film that lies on its side stands up, converted or not', async ({ alice }) => {
  const flat = join(server.data, 'flat.mp4')
  writeFileSync(flat, film('a.mp4', { args: [...h264, '-c:a', 'aac'] }))
  const turned = ffmpeg('turned.mp4', '-i', flat, '-c', 'copy', '-metadata:s:v', 'rotate=90')
  const kept = await upload(alice, turned)
  assert.deepEqual([kept.meta.width, kept.meta.height, kept.meta.small.width < kept.meta.small.height], [180, 320, true])
  const hevc = join(server.data, 'hevc.mp4')
  writeFileSync(hevc, film('a.mp4', { args: ['-c:v', 'libx265', '-x265-params', 'log-level=0', '-preset', 'ultrafast', '-c:a', 'aac'] }))
  const made = await upload(alice, ffmpeg('turned.mp4', '-i', hevc, '-c', 'copy', '-metadata:s:v', 'rotate=90'))
  assert.deepEqual([made.meta.width, made.meta.height], [180, 320])
})

it('an animation becomes a silent film, a still GIF a picture', async ({ alice }) => {
  const media = await upload(alice, film('a.gif', { rate: 10, sound: false, args: ['-vf', 'scale=101:75'] }), { name: 'a.gif', type: 'image/gif' })
  assert.equal(media.type, 'gifv')
  assert.match(media.url, /\.mp4$/)
  const { streams } = ffprobe(path(media.url))
  assert.deepEqual(streams.map((one) => [one.codec_name, one.pix_fmt]), [['h264', 'yuv420p']])
  assert.equal(media.meta.fps, 10)
  assert.ok(media.blurhash && media.preview_url)
  const still = await upload(alice, film('a.gif', { sound: false, args: ['-vf', 'scale=101:75', '-frames:v', '1'] }), { name: 'a.gif', type: 'image/gif' })
  assert.deepEqual([still.type, still.meta.original.size], ['image', '101x75'])
})

it('sounds become MP3', async ({ alice }) => {
  const mp3 = sound('a.mp3')
  const cases = { 'a.mp3': mp3, 'a.ogg': sound('a.ogg'), 'a.opus': sound('a.opus'), 'a.wav': sound('a.wav'), 'a.flac': sound('a.flac'), 'a.m4a': sound('a.m4a'), 'a.aac': sound('a.aac') }
  for (const [name, bytes] of Object.entries(cases)) {
    const media = await upload(alice, bytes, { name, type: 'audio/mpeg' })
    assert.deepEqual([media.type, media.preview_url, media.blurhash, media.meta.small, media.meta.audio_encode, media.meta.fps], ['audio', null, null, undefined, 'mp3', undefined], name)
    assert.match(media.url, /\.mp3$/)
    near(media.meta.original.duration, 2, 0.15, name)
    assert.ok(media.meta.original.bitrate > 1000)
    assert.match(media.meta.length, /^0:00:0[12]\.\d\d$/)
    const { streams } = ffprobe(path(media.url))
    assert.deepEqual(streams.map((one) => one.codec_name), ['mp3'], name)
  }
  const before = join(server.data, 'before.mp3')
  writeFileSync(before, mp3)
  assert.equal(packets(path((await upload(alice, mp3)).url), 'a'), packets(before, 'a'), 'MP3 is not converted again')
})

it('where, when and by whom it was made is not kept', async ({ alice }) => {
  const cover = join(server.data, 'cover.png')
  writeFileSync(cover, png(60, 60))
  const secrets = ['-metadata', 'comment=SECRET-1', '-metadata', 'title=SECRET-2', '-metadata', 'artist=SECRET-3', '-metadata:s:a', 'title=SECRET-4', '-metadata:s:a', 'handler_name=SECRET-5']
  const places = ['-metadata', 'location=+52.5163+013.3777/', '-metadata', 'location-eng=+52.5163+013.3777/', '-metadata', 'creation_time=2021-02-03T04:05:06Z', '-movflags', 'use_metadata_tags', '-metadata', 'com.apple.quicktime.location.ISO6709=+52.5163+013.3777/']
  // User data between the frames: what cameras and drones write there.
  const between = ['-bsf:v', 'h264_metadata=sei_user_data=086f3693-b7b3-4f2c-9653-21492feee5b8+SECRET-6']
  const song = join(server.data, 'song.mp3')
  writeFileSync(song, sound('a.mp3', { args: secrets }))
  writeFileSync(join(server.data, 'plain.mp4'), film('a.mp4', { args: [...h264, '-c:a', 'aac', ...secrets] }))
  writeFileSync(join(server.data, 'words.srt'), '1\n00:00:00,000 --> 00:00:01,000\nSECRET-7\n')
  const cases = {
    'packed.mp4': film('a.mp4', { args: [...h264, '-c:a', 'aac', ...secrets, ...places, ...between] }),
    'converted.webm': film('a.webm', { args: ['-c:v', 'libvpx', ...secrets, '-metadata', 'location=+52.5163+013.3777/'] }),
    'song.mp3': ffmpeg('song.mp3', '-i', song, '-i', cover, '-map', '0', '-map', '1', '-c:a', 'copy', '-c:v', 'png', '-disposition:v', 'attached_pic', '-id3v2_version', '3', '-write_id3v1', '1'),
    'subtitled.mp4': ffmpeg('subtitled.mp4', '-i', join(server.data, 'plain.mp4'), '-i', join(server.data, 'words.srt'), '-map', '0', '-map', '1', '-c', 'copy', '-c:s', 'mov_text'),
    'song.flac': sound('a.flac', { args: secrets }),
    'song.m4a': sound('a.m4a', { args: [...secrets, ...places] })
  }
  for (const [name, bytes] of Object.entries(cases)) {
    assert.ok(bytes.includes('SECRET'), `${name}: the test has put it in`)
    const media = await upload(alice, bytes, { name })
    assert.equal(media.type, name.startsWith('song') ? 'audio' : 'video', name)
    for (const url of [media.url, media.preview_url].filter(Boolean)) {
      const kept = readFileSync(path(url)), told = exiftool(path(url))
      assert.ok(!kept.includes('SECRET') && !kept.includes('+52.5') && !kept.includes('+013.3'), `${name}: still in ${url}`)
      assert.doesNotMatch(told, /GPS|SECRET|2021:02:03|52 deg|Artist|Comment|Title/i, name)
    }
  }
})

it('a picture may stand for a film or a sound, from the start or later', async ({ alice, bob, anyone }) => {
  const thumbnail = file(png(300, 200, 2), 'image/png', 'cover.png')
  const song = await upload(alice, sound('a.mp3'), { fields: { thumbnail } })
  assert.match(song.preview_url, /\.(png|jpg)$/)
  assert.deepEqual([song.type, song.meta.small.size, typeof song.blurhash], ['audio', '300x200', 'string'])
  const plain = await upload(alice, film('a.mp4', { args: [...h264, '-c:a', 'aac'] }))
  const { body } = await alice.call('PUT', `/api/v1/media/${plain.id}`, { multipart: { thumbnail, description: 'with a cover' } })
  assert.deepEqual([body.meta.small.size, body.description, body.url], ['300x200', 'with a cover', plain.url])
  assert.notEqual(body.preview_url, plain.preview_url)
  assert.notEqual(body.blurhash, plain.blurhash)
  assert.equal((await fetch(plain.preview_url)).status, 404, 'the old one is gone')
  assert.equal((await fetch(body.preview_url)).status, 200)
  await bob.call('PUT', `/api/v1/media/${plain.id}`, { multipart: { thumbnail }, status: 404 })
  const words = file(Buffer.from('no picture'), 'image/png', 'x.png')
  const refused = await alice.call('PUT', `/api/v1/media/${plain.id}`, { multipart: { thumbnail: words }, status: 422 })
  assert.match(refused.body.error, /not a picture/)
  await alice.call('POST', '/api/v2/media', { multipart: { file: file(sound('a.mp3'), 'audio/mpeg', 'a.mp3'), thumbnail: words }, status: 422 })
  const status = await alice.post('/api/v1/statuses', { status: 'a film', media_ids: [plain.id] })
  assert.deepEqual(status.media_attachments[0], body)
  await alice.call('PUT', `/api/v1/media/${plain.id}`, { multipart: { thumbnail }, status: 422 })
  assert.deepEqual((await anyone.get(`/api/v1/statuses/${status.id}`)).media_attachments, status.media_attachments)
  await alice.call('POST', '/api/v1/statuses', { json: { status: 'both', media_ids: [song.id, (await upload(alice, sound('a.mp3'))).id] }, status: 422 })
})

it('a film that takes longer is 202, then 206, then there; it cannot be posted before', async ({ alice }) => {
  const bytes = film('a.webm', { size: '1280x720', seconds: 6, args: ['-c:v', 'libvpx', '-cpu-used', '16', '-deadline', 'realtime', '-b:v', '4M'] })
  const first = await alice.call('POST', '/api/v2/media', { multipart: { file: file(bytes, 'video/webm', 'a.webm'), thumbnail: file(png(30, 20), 'image/png', 'a.png') } })
  assert.deepEqual([first.status, first.body.url, first.body.type], [202, null, 'video'])
  assert.match(first.body.preview_url, /^http/, 'its thumbnail is there at once')
  await alice.call('GET', `/api/v1/media/${first.body.id}`, { status: 206 })
  const early = await alice.call('POST', '/api/v1/statuses', { json: { status: 'x', media_ids: [first.body.id] }, status: 422 })
  assert.match(early.body.error, /not finished processing/)
  // Pictures do not wait for it.
  const began = Date.now()
  assert.equal((await alice.call('POST', '/api/v2/media', { multipart: { file: file(png(64, 48), 'image/png', 'a.png') } })).status, 200)
  assert.ok(Date.now() - began < 1500)
  const ready = await until('it is converted', async () => { const r = await alice.call('GET', `/api/v1/media/${first.body.id}`); return r.status === 200 && r }, { timeout: 120000 })
  assert.equal(ready.body.preview_url, first.body.preview_url)
  near(ready.body.meta.duration, 6, 0.2)
})

it('a film is sent in the pieces a browser asks for', async ({ alice }) => {
  const { url } = await upload(alice, film('a.mp4', { seconds: 3, args: [...h264, '-c:a', 'aac'] }))
  const whole = readFileSync(path(url))
  const get = async (range) => { const r = await fetch(url, { headers: range ? { Range: range } : {} }); return [r.status, r.headers, Buffer.from(await r.arrayBuffer())] }
  const [status, headers, all] = await get()
  assert.deepEqual([status, headers.get('content-type'), headers.get('accept-ranges'), all.equals(whole)], [200, 'video/mp4', 'bytes', true])
  for (const [range, from, to] of [['bytes=0-', 0, whole.length - 1], ['bytes=0-99', 0, 99], [`bytes=${whole.length - 500}-`, whole.length - 500, whole.length - 1], ['bytes=-64', whole.length - 64, whole.length - 1], ['bytes=1000-999999999', 1000, whole.length - 1]]) {
    const [code, head, part] = await get(range)
    assert.deepEqual([code, head.get('content-range')], [206, `bytes ${from}-${to}/${whole.length}`], range)
    assert.ok(part.equals(whole.subarray(from, to + 1)), range)
  }
  const [beyond, head] = await get(`bytes=${whole.length}-`)
  assert.deepEqual([beyond, head.get('content-range')], [416, `bytes */${whole.length}`])
})

it('what is no film, or too much of one, is refused in words', async ({ alice }) => {
  const good = film('a.mp4', { args: [...h264, '-c:a', 'aac'] })
  const refuse = async (bytes, words, status = 422) => {
    const { error } = await upload(alice, bytes, { status })
    assert.match(error, /^Validation failed: File /)
    assert.match(error, words)
  }
  await refuse(Buffer.concat([good.subarray(0, 40), Buffer.alloc(2000)]), /damaged/)
  await refuse(good.subarray(0, good.length >> 2), /damaged|neither pictures nor sound/)
  await refuse(Buffer.from('RIFF\0\0\0\0WAVEnothing of it', 'latin1'), /damaged|neither pictures nor sound/)
  await refuse(film('a.mp4', { size: '4096x2304', rate: 2, sound: false, args: h264 }), /more pixels/)
  await refuse(film('a.mp4', { size: '64x64', rate: 240, sound: false, args: h264 }), /frames a second/)
  await refuse(film('a.webm', { size: '16x16', rate: 1, seconds: 660, sound: false, args: ['-c:v', 'libvpx'] }), /longer than ten minutes/)
  await refuse(Buffer.from('#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n'), /neither a picture/)
  await refuse(Buffer.concat([good, Buffer.alloc((40 << 20) + 1 - good.length)]), /over 40 MiB/, 413)
})

it('what was uploaded is gone when it is converted, refused or removed', async ({ alice }) => {
  const { readdirSync } = await import('node:fs')
  const names = () => readdirSync(join(server.data, 'media'), { recursive: true }).map(String).filter((name) => name.includes('.'))
  await until('no upload is left', () => !names().some((name) => name.endsWith('.upload')))
  assert.deepEqual(readdirSync(join(server.data, 'tmp')), [])
  const media = await upload(alice, film('a.mp4', { args: [...h264, '-c:a', 'aac'] }))
  const before = names().length
  await alice.delete(`/api/v1/media/${media.id}`)
  assert.equal(names().length, before - 2)
})
