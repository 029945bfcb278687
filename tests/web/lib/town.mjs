// A small town of posts for the pages: a thread, a poll, a picture under a cover, a warning, boosts, a long feed.
import { png } from '../../api/lib/png.mjs'
import { file } from '../../api/lib/http.mjs'
import { startWorld, until } from '../../api/lib/server.mjs'

export const SCRIPT = '<script>document.title="broken into"</script>'

async function picture (user, seed, description) {
  const { id } = await user.call('POST', '/api/v2/media', { multipart: { file: file(png(640, 420, seed), 'image/png', 'a.png'), description } }).then((r) => r.body)
  await until('the picture is ready', async () => (await user.call('GET', `/api/v1/media/${id}`, { status: 'any', check: false })).status === 200)
  return id
}

export async function startTown (env = {}) {
  const world = await startWorld({
    accounts: ['sari', 'budi', 'mute'],
    env: { KICAU_TITLE: 'Kampung Kicau', KICAU_DESCRIPTION: 'A small town on the net: birds, bread, and the tram that never comes.', KICAU_CONTACT_EMAIL: 'town@example.com', ...env }
  })
  const { sari, budi } = world
  await sari.patch('/api/v1/accounts/update_credentials', {
    display_name: 'Sari Wulandari', note: 'Counts birds in the rice fields before breakfast.\n\nPhotographs, #birds and the odd complaint about buses.',
    fields_attributes: [{ name: 'Pronouns', value: 'she/her' }, { name: 'Website', value: 'https://sari.example/birds' }]
  })
  await budi.patch('/api/v1/accounts/update_credentials', { display_name: 'Budi <script>x()</script>', note: SCRIPT, bot: true, locked: true })

  const posts = {}
  const write = async (name, user, fields) => { posts[name] = await user.post('/api/v1/statuses', fields) }
  await write('quiet', sari, { status: 'only for those who follow me', visibility: 'private' })
  for (let i = 1; i <= 25; i++) await write(`n${i}`, budi, { status: `Bread number ${i} is out of the oven. #bread` })
  await write('unlisted', sari, { status: 'not shouted', visibility: 'unlisted' })
  await write('script', budi, { status: `Look: ${SCRIPT} and <b>bold</b>`, spoiler_text: '' })
  await write('warned', sari, { status: 'The villain is the heron.', spoiler_text: 'Ends of films' })
  await write('covered', sari, { status: 'What the cat brought home', media_ids: [await picture(sari, 3, 'A mouse, very dead')], sensitive: true })
  await write('picture', sari, { status: 'Two mynas on the wire this morning, singing at each other as if paid for it. More at https://sari.example/birds/mynas-on-the-wire #birds', media_ids: [await picture(sari, 1, 'Two white birds on a wire')], language: 'en' })
  await write('poll', budi, { status: 'Which loaf tomorrow?', poll: { options: ['Rye', 'Sourdough', 'None of these, thank you'], expires_in: 3600 } })
  await write('root', sari, { status: 'Selamat pagi! Who heard the kutilang at five?', language: 'id' })
  await write('answer', budi, { status: '@sari I did. I am always up at five.', in_reply_to_id: posts.root.id })
  await write('answer2', sari, { status: '@budi of course you are', in_reply_to_id: posts.answer.id })
  await write('secret', sari, { status: '@budi a private word', in_reply_to_id: posts.answer.id, visibility: 'direct' })
  await write('answer3', budi, { status: '@sari somebody has to bake', in_reply_to_id: posts.answer2.id })

  await sari.post(`/api/v1/polls/${posts.poll.poll.id}/votes`, { choices: [1] })
  await budi.post(`/api/v1/statuses/${posts.picture.id}/reblog`)
  await budi.post(`/api/v1/statuses/${posts.picture.id}/favourite`)
  await sari.post(`/api/v1/statuses/${posts.root.id}/pin`)
  await sari.put(`/api/v1/statuses/${posts.unlisted.id}`, { status: 'not shouted, but corrected' })
  return { ...world, posts }
}
