// Films, animations and sounds on the pages: a browser shows their picture first, and plays them.
import assert from 'node:assert/strict'
import { film, h264, sound } from '../api/lib/films.mjs'
import { file } from '../api/lib/http.mjs'
import { png } from '../api/lib/png.mjs'
import { startWorld, until } from '../api/lib/server.mjs'
import { accessible, watchedPage } from './lib/eyes.mjs'

const { it } = await startWorld({ accounts: ['sari'] })

async function post (user, bytes, type, more = {}, fields = {}) {
  const { id } = (await user.call('POST', '/api/v2/media', { multipart: { file: file(bytes, type, 'x'), ...more } })).body
  await until('it is converted', async () => (await user.call('GET', `/api/v1/media/${id}`, { status: 'any' })).status === 200, { timeout: 40000 })
  return user.post('/api/v1/statuses', { status: 'look', media_ids: [id], ...fields })
}

async function open (status) {
  const page = await watchedPage()
  await page.goto(status.url)
  return page
}

// Starts it, and says how far it came.
const play = (element) => element.evaluate(async (media) => {
  media.muted = true
  await media.play()
  await new Promise((resolve) => media.addEventListener('timeupdate', () => media.currentTime > 0 && resolve()))
  return { time: media.currentTime, duration: media.duration, width: media.videoWidth, height: media.videoHeight }
})

it('a film has its picture, its words and controls, and plays', async ({ sari }) => {
  const status = await post(sari, film('a.mp4', { seconds: 2, args: [...h264, '-c:a', 'aac'] }), 'video/mp4', { description: 'A test card that counts' })
  const page = await open(status)
  const video = page.locator('article video')
  const [media] = status.media_attachments
  assert.deepEqual(await video.evaluate((v) => [v.controls, v.loop, v.muted, v.autoplay, v.preload, v.poster, v.currentSrc || v.src, v.width, v.height, v.getAttribute('aria-label')]),
    [true, false, false, false, 'none', media.preview_url, media.url, 320, 180, 'A test card that counts'])
  const played = await play(video)
  assert.deepEqual([played.width, played.height], [320, 180])
  assert.ok(played.duration > 1.9 && played.duration < 2.2)
  await accessible(page, 'a film')
  assert.deepEqual(page.complaints, [])
  await page.context().close()
})

it('an animation goes round in silence', async ({ sari }) => {
  const page = await open(await post(sari, film('a.gif', { sound: false, rate: 10 }), 'image/gif'))
  const video = page.locator('article video')
  assert.deepEqual(await video.evaluate((v) => [v.loop, v.muted, v.controls]), [true, true, true])
  assert.ok((await play(video)).width > 0)
  assert.deepEqual(page.complaints, [])
  await page.context().close()
})

it('a sound plays, under its picture when it has one', async ({ sari }) => {
  const status = await post(sari, sound('a.ogg'), 'audio/ogg', { thumbnail: file(png(300, 200), 'image/png', 'cover.png'), description: 'A tone' })
  const page = await open(status)
  const audio = page.locator('article audio')
  assert.deepEqual(await audio.evaluate((a) => [a.controls, a.preload, a.getAttribute('aria-label')]), [true, 'none', 'A tone'])
  assert.ok((await play(audio)).duration > 1.8)
  const cover = page.locator('article figure img')
  assert.deepEqual(await cover.evaluate(async (img) => { await img.decode(); return [img.src, img.naturalWidth, img.alt] }), [status.media_attachments[0].preview_url, 300, ''])
  await accessible(page, 'a sound')
  assert.deepEqual(page.complaints, [])
  await page.context().close()
})

it('a sensitive film lies under a cover', async ({ sari }) => {
  const page = await open(await post(sari, film('a.mp4', { args: [...h264, '-c:a', 'aac'] }), 'video/mp4', {}, { sensitive: true }))
  const video = page.locator('article video')
  assert.equal(await video.isVisible(), false)
  await page.locator('article details.cover > summary').click()
  assert.equal(await video.isVisible(), true)
  await page.context().close()
})
