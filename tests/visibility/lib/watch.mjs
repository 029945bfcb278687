// Ears on every stream: one WebSocket with every subscription and one event stream for each path, for each viewer.
import { request } from 'node:http'
import WebSocket from 'ws'

export const streams = ['user', 'user:notification', 'public', 'public:local', 'public:remote', 'public:media', 'public:local:media', 'hashtag', 'hashtag:local', 'list', 'direct']
// Path of an event stream → name of its stream. The walk fails when the server has another.
export const paths = {
  '/api/v1/streaming/user': 'user',
  '/api/v1/streaming/user/notification': 'user:notification',
  '/api/v1/streaming/public': 'public',
  '/api/v1/streaming/public/local': 'public:local',
  '/api/v1/streaming/public/remote': 'public:remote',
  '/api/v1/streaming/hashtag': 'hashtag',
  '/api/v1/streaming/hashtag/local': 'hashtag:local',
  '/api/v1/streaming/list': 'list',
  '/api/v1/streaming/direct': 'direct',
  '/stream/user': 'user',
  '/stream/user/notification': 'user:notification',
  '/stream/public': 'public',
  '/stream/public/local': 'public:local',
  '/stream/hashtag': 'hashtag',
  '/stream/list': 'list'
}

// Pages are known by their session.
function credentials (viewer, path) {
  if (path.startsWith('/stream/')) return viewer.browser ? { Cookie: Object.entries(viewer.browser.cookies).map((pair) => pair.join('=')).join('; ') } : {}
  return viewer.token ? { Authorization: `Bearer ${viewer.token}` } : {}
}

export class Watcher {
  constructor (port, viewer, { tags, lists }) {
    this.frames = [] // {stream, text}
    this.refused = 0
    this.closers = []
    this.openings = []
    this.socket(port, viewer, tags, lists)
    for (const [path, stream] of Object.entries(paths)) {
      const values = stream.startsWith('hashtag') ? tags.map((tag) => `?tag=${tag}`) : stream === 'list' ? lists.map((list) => `?list=${list}`) : ['']
      for (const value of values) this.events(port, viewer, path + value, stream)
    }
  }

  socket (port, viewer, tags, lists) {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/api/v1/streaming`, { headers: viewer.token ? { Authorization: `Bearer ${viewer.token}` } : {} })
    this.openings.push(new Promise((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('error', reject)
    }).then(() => {
      for (const stream of streams) {
        for (const more of stream.startsWith('hashtag') ? tags.map((tag) => ({ tag })) : stream === 'list' ? lists.map((list) => ({ list })) : [{}]) {
          socket.send(JSON.stringify({ type: 'subscribe', stream, ...more }))
        }
      }
    }))
    socket.on('error', () => {})
    socket.on('message', (data) => {
      const message = JSON.parse(data.toString())
      if (message.error) { this.refused++; return }
      this.frames.push({ stream: message.stream[0], text: `${message.event} ${message.payload}` })
    })
    this.closers.push(() => socket.terminate())
  }

  events (port, viewer, target, stream) {
    this.openings.push(new Promise((resolve, reject) => {
      const asked = request({ port, host: '127.0.0.1', path: target, headers: credentials(viewer, target) }, (reply) => {
        resolve()
        if (reply.statusCode !== 200) { this.refused++; reply.resume(); return }
        reply.setEncoding('utf8')
        let rest = ''
        reply.on('data', (part) => {
          const blocks = (rest + part).split('\n\n')
          rest = blocks.pop()
          for (const text of blocks) if (!text.startsWith(':')) this.frames.push({ stream, text })
        })
        reply.on('error', () => {})
      })
      asked.on('error', reject)
      asked.end()
      this.closers.push(() => asked.destroy())
    }))
  }

  open () { return Promise.all(this.openings) }
  close () { for (const close of this.closers) close() }
}
