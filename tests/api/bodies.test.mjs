// The same fields as JSON, as a form and as multipart; pictures.
import assert from 'node:assert/strict'
import { file } from './lib/http.mjs'
import { firstPixel, png } from './lib/png.mjs'
import { startWorld, until } from './lib/server.mjs'

const { it } = await startWorld({ accounts: ['alice', 'bob'] })
const kinds = ['json', 'form', 'multipart']
const picture = (seed = 1, width = 64, height = 48) => file(png(width, height, seed), 'image/png', 'picture.png')

async function upload (user, fields = {}, path = '/api/v2/media') {
  const { body, status } = await user.call('POST', path, { multipart: { file: picture(), ...fields } })
  if (status === 202) {
    assert.equal(body.url, null)
    return until('the picture', async () => {
      const reply = await user.call('GET', `/api/v1/media/${body.id}`)
      return reply.status === 200 && reply.body
    })
  }
  assert.equal(status, 200)
  return body
}

for (const kind of kinds) {
  it(`posts, polls and pictures as ${kind}`, async ({ alice }) => {
    const send = async (fields) => (await alice.call('POST', '/api/v1/statuses', { [kind]: fields })).body
    const media = [await upload(alice), await upload(alice)]
    const status = await send({ status: `as ${kind}`, media_ids: media.map((m) => m.id), visibility: 'unlisted', sensitive: true, spoiler_text: 'cw' })
    assert.deepEqual(status.media_attachments.map((m) => m.id), media.map((m) => m.id))
    assert.deepEqual([status.visibility, status.sensitive, status.spoiler_text], ['unlisted', true, 'cw'])
    const { poll } = await send({ status: 'poll', poll: { options: ['one', 'two'], expires_in: 600, multiple: true } })
    assert.deepEqual([poll.options.map((o) => o.title), poll.multiple], [['one', 'two'], true])
  })

  it(`profile, privacy and fields as ${kind}`, async ({ alice }) => {
    const send = async (fields) => (await alice.call('PATCH', '/api/v1/accounts/update_credentials', { [kind]: fields })).body
    const me = await send({ display_name: `Alice ${kind}`, note: 'note', bot: true, locked: false, discoverable: true, source: { privacy: 'unlisted', sensitive: true, language: 'id' }, fields_attributes: { 0: { name: 'a', value: '1' }, 1: { name: 'b', value: '2' } } })
    assert.equal(me.display_name, `Alice ${kind}`)
    assert.deepEqual(me.source.fields.map((f) => [f.name, f.value]), [['a', '1'], ['b', '2']])
    assert.deepEqual([me.source.privacy, me.source.sensitive, me.source.language, me.bot, me.discoverable], ['unlisted', true, 'id', true, true])
    const preferences = await alice.get('/api/v1/preferences')
    assert.deepEqual([preferences['posting:default:visibility'], preferences['posting:default:sensitive'], preferences['posting:default:language']], ['unlisted', true, 'id'])
    const back = await send({ bot: false, source: { privacy: 'public', sensitive: false, language: '' }, fields_attributes: { 0: { name: '', value: '' } } })
    assert.deepEqual([back.bot, back.source.privacy, back.source.sensitive], [false, 'public', false])
  })
}

it('fields as an array of objects in JSON, as some clients send them', async ({ alice }) => {
  const me = await alice.patch('/api/v1/accounts/update_credentials', { fields_attributes: [{ name: 'x', value: 'y' }] })
  assert.deepEqual(me.source.fields.map((f) => f.name), ['x'])
})

it('parameters in the query of a POST count too, and booleans may be 0, 1, true, false', async ({ alice }) => {
  const { body } = await alice.call('POST', '/api/v1/statuses', { query: { status: 'by query', sensitive: 1 } })
  assert.match(body.content, /by query/)
  assert.equal(body.sensitive, true)
  assert.equal((await alice.post('/api/v1/statuses', { status: 'x', sensitive: 'false' })).sensitive, false)
})

it('a picture keeps its colours', async ({ alice }) => {
  const media = await upload(alice, { file: picture(2) })
  const stored = Buffer.from(await (await fetch(media.url)).arrayBuffer())
  assert.deepEqual(firstPixel(stored), firstPixel(png(64, 48, 2)))
})

it('a picture has its size, its preview, its blurhash, its focus and its words', async ({ alice, anyone }) => {
  const media = await upload(alice, { description: 'a gradient', focus: '-0.5,0.25', file: picture(3, 640, 480) })
  assert.equal(media.type, 'image')
  assert.equal(media.description, 'a gradient')
  assert.deepEqual([media.meta.original.width, media.meta.original.height, media.meta.original.size], [640, 480, '640x480'])
  assert.ok(Math.abs(media.meta.original.aspect - 4 / 3) < 0.01)
  assert.ok(media.meta.small.width > 0 && media.meta.small.width <= 640)
  assert.deepEqual(media.meta.focus, { x: -0.5, y: 0.25 })
  assert.ok(media.blurhash.length >= 6)
  for (const address of [media.url, media.preview_url]) {
    const reply = await fetch(address)
    assert.equal(reply.status, 200)
    assert.match(reply.headers.get('content-type'), /^image\//)
  }
  const changed = (await alice.call('PUT', `/api/v1/media/${media.id}`, { json: { description: 'other words', focus: '0,0' } })).body
  assert.deepEqual([changed.description, changed.meta.focus], ['other words', { x: 0, y: 0 }])
  const status = await alice.post('/api/v1/statuses', { status: '', media_ids: [media.id] })
  assert.equal(status.media_attachments[0].description, 'other words')
  assert.equal((await anyone.get(`/api/v1/accounts/${alice.id}/statuses`, { only_media: true }))[0].id, status.id)
})

it('/api/v1/media answers when the picture is ready', async ({ alice }) => {
  const { body, status } = await alice.call('POST', '/api/v1/media', { multipart: { file: picture(2) } })
  assert.equal(status, 200)
  assert.ok(body.url)
})

it('no more than four pictures, none of other people, none twice, none that is no picture', async ({ alice, bob }) => {
  const ids = []
  for (let n = 0; n < 5; n++) ids.push((await upload(alice)).id)
  const refuse = async (user, fields, status = 422) => (await user.call('POST', '/api/v1/statuses', { json: { status: 'x', ...fields }, status })).body.error
  assert.match(await refuse(alice, { media_ids: ids }), /4 files/)
  await refuse(bob, { media_ids: ids.slice(0, 1) })
  await alice.post('/api/v1/statuses', { status: 'x', media_ids: ids.slice(0, 1) })
  await refuse(alice, { media_ids: ids.slice(0, 1) })
  await alice.call('POST', '/api/v2/media', { multipart: { file: file(Buffer.from('not a picture'), 'image/png', 'a.png') }, status: 422 })
  await alice.call('POST', '/api/v2/media', { multipart: { file: file(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'image/svg+xml', 'a.svg') }, status: 422 })
  await alice.call('POST', '/api/v2/media', { multipart: { description: 'no file' }, status: 'any' }).then(({ status }) => assert.ok([400, 422].includes(status)))
  await bob.call('GET', `/api/v1/media/${ids[1]}`, { status: 404 })
})

it('avatar and header are uploaded, shown and taken away', async ({ alice }) => {
  const before = await alice.get('/api/v1/accounts/verify_credentials')
  const { body } = await alice.call('PATCH', '/api/v1/accounts/update_credentials', { multipart: { avatar: picture(4, 120, 120), header: picture(5, 300, 100) } })
  assert.notEqual(body.avatar, before.avatar)
  assert.equal((await fetch(body.avatar)).status, 200)
  assert.equal((await fetch(body.header_static)).status, 200)
  const bare = await alice.delete('/api/v1/profile/avatar')
  assert.notEqual(bare.avatar, body.avatar)
  assert.equal((await alice.delete('/api/v1/profile/header')).header, before.header)
})

it('delete and redraft keeps the picture usable', async ({ alice }) => {
  const media = await upload(alice)
  const status = await alice.post('/api/v1/statuses', { status: 'wrnog', media_ids: [media.id] })
  const gone = await alice.delete(`/api/v1/statuses/${status.id}`)
  assert.equal(gone.media_attachments[0].id, media.id)
  const again = await alice.post('/api/v1/statuses', { status: 'right', media_ids: [media.id] })
  assert.equal(again.media_attachments[0].id, media.id)
  assert.equal((await fetch(again.media_attachments[0].url)).status, 200)
})

it('an edit can change the words of a picture', async ({ alice }) => {
  const media = await upload(alice, { description: 'before' })
  const status = await alice.post('/api/v1/statuses', { status: 'pic', media_ids: [media.id] })
  const edited = await alice.put(`/api/v1/statuses/${status.id}`, { status: 'pic', media_ids: [media.id], media_attributes: [{ id: media.id, description: 'after' }] })
  assert.equal(edited.media_attachments[0].description, 'after')
})

it('a broken body is refused and hurts nobody', async ({ alice }) => {
  const send = (type, body) => alice.call('POST', '/api/v1/statuses', { body, headers: { 'Content-Type': type }, status: 'any' })
  for (const [type, body] of [['application/json', '{"status": '], ['application/json', '[1,2]'], ['multipart/form-data; boundary=x', '--x\r\nnonsense'], ['multipart/form-data', 'no boundary']]) {
    const { status } = await send(type, body)
    assert.ok([400, 415, 422].includes(status), `${type} ${body}: ${status}`)
  }
  await alice.post('/api/v1/statuses', { status: 'still alive' })
})
