// Which answers a list shows, in its timeline and over its stream: to people one follows, to people on it, or none.
import assert from 'node:assert/strict'
import { Socket } from './lib/stream.mjs'
import { startWorld } from './lib/server.mjs'

const { it } = await startWorld({ accounts: ['reader', 'member', 'other', 'friend', 'stranger'] })
const post = (user, status, more) => user.post('/api/v1/statuses', { status, ...more })

for (const [policy, wanted] of [
  ['followed', ['to the reader', 'to a member', 'to a friend', 'to oneself']],
  ['list', ['to the reader', 'to a member', 'to oneself']],
  ['none', ['to oneself']]
]) {
  it(`replies_policy ${policy}`, async ({ server, reader, member, other, friend, stranger }) => {
    for (const one of [member, other, friend]) await reader.post(`/api/v1/accounts/${one.id}/follow`)
    const list = await reader.post('/api/v1/lists', { title: policy, replies_policy: policy })
    await reader.post(`/api/v1/lists/${list.id}/accounts`, { account_ids: [member.id, other.id] })
    const stream = await new Socket(server.base, { token: reader.token, stream: 'list', list: list.id }).open()
    const answers = new Map()
    for (const [name, user] of [['to the reader', reader], ['to a member', other], ['to a friend', friend], ['to a stranger', stranger], ['to oneself', member]]) {
      const parent = await post(user, `something ${name}`)
      answers.set((await post(member, `answer ${name}`, { in_reply_to_id: parent.id })).id, name)
    }
    const last = await post(member, 'no answer')
    await stream.next('update', (one) => one.id === last.id)
    const streamed = stream.events.filter((one) => one.event === 'update' && answers.has(one.payload.id)).map((one) => answers.get(one.payload.id))
    const read = (await reader.get(`/api/v1/timelines/list/${list.id}`)).filter((one) => answers.has(one.id)).map((one) => answers.get(one.id))
    assert.deepEqual(read.sort(), [...wanted].sort(), 'the timeline')
    assert.deepEqual(streamed.sort(), [...wanted].sort(), 'the stream')
    stream.close()
    await reader.delete(`/api/v1/lists/${list.id}`)
  })
}
