// A server that ends, well or badly, while a film is being converted.
import assert from 'node:assert/strict'
import { Converter, processes } from '../attacks/lib/converters.mjs'
import { film } from './lib/films.mjs'
import { file } from './lib/http.mjs'
import { startWorld, until } from './lib/server.mjs'

const converter = new Converter()
const { it } = await startWorld({ accounts: ['alice'], env: { PATH: converter.path } })
const webm = film('a.webm', { args: ['-c:v', 'libvpx', '-c:a', 'libvorbis'] })

for (const signal of ['SIGTERM', 'SIGKILL']) {
  it(`${signal} ends the conversion with the server, and the next start takes it up again`, async ({ alice, server }) => {
    converter.does('sleep 300')
    const { body } = await alice.call('POST', '/api/v2/media', { multipart: { file: file(webm, 'video/webm', 'a.webm') }, status: 202 })
    await until('it is being converted', () => processes(converter.folder).length > 0)
    const began = Date.now()
    await server.stop(signal)
    assert.ok(Date.now() - began < 4000, `the server took ${Date.now() - began} ms to end`)
    await until('nobody is left', () => processes(converter.folder).length === 0 && processes(server.data + '/').length === 0)
    converter.does('')
    server.exit = undefined
    server.stopping = false
    await server.start()
    const ready = await until('it is converted', async () => {
      const reply = await alice.call('GET', `/api/v1/media/${body.id}`)
      return reply.status === 200 && reply.body
    }, { timeout: 40000 })
    assert.equal(ready.type, 'video')
  })
}
