// Readers of both streaming transports. Every event's payload is checked as it arrives.
import WebSocket from 'ws'
import { check } from './check.mjs'
import { until } from './server.mjs'

const payloads = {
  update: 'Status',
  'status.update': 'Status',
  notification: 'Notification',
  conversation: 'Conversation',
  announcement: 'Announcement'
}

export function readEvent (event, payload, where) {
  if (event === 'delete' || event === 'announcement.delete') {
    if (!/^\d+$/.test(payload)) throw new Error(`${where}: ${event} must carry an id, got ${payload}`)
    return payload
  }
  const entity = payloads[event]
  if (!entity) return payload === undefined || payload === 'undefined' ? undefined : payload
  if (typeof payload !== 'string') throw new Error(`${where}: the payload of ${event} must be a string of JSON`)
  return check(entity, JSON.parse(payload), { viewer: 'stream', where: `${where} event ${event}` })
}

class Reader {
  constructor () {
    this.events = []
    this.failure = null
  }

  take (event, payload, stream) {
    try {
      this.events.push({ event, stream, payload: readEvent(event, payload, this.where) })
    } catch (error) { this.failure = error }
  }

  // Waits for an event, and removes it.
  async next (event, test = () => true, options) {
    return until(`event ${event} on ${this.where}; so far ${this.events.map((e) => e.event).join(', ') || 'none'}`, () => {
      if (this.failure) { options = { timeout: 0 }; throw this.failure }
      const at = this.events.findIndex((e) => e.event === event && test(e.payload, e))
      return at < 0 ? null : this.events.splice(at, 1)[0]
    }, { timeout: 8000, every: 20, ...options }).catch((error) => { throw this.failure || error })
  }

  seen (event, test = () => true) { return this.events.some((e) => e.event === event && test(e.payload)) }
}

const opened = new Set()
process.once('exit', () => { for (const reader of opened) reader.close() })

export class Socket extends Reader {
  // options: {token, stream, tag, list, tokenIn: 'query' | 'protocol' | 'header'}
  constructor (base, { token, tokenIn = 'query', ...fields } = {}) {
    super()
    const url = new URL('/api/v1/streaming', base.replace(/^http/, 'ws'))
    for (const [key, value] of Object.entries(fields)) url.searchParams.set(key, value)
    if (token && tokenIn === 'query') url.searchParams.set('access_token', token)
    const headers = token && tokenIn === 'header' ? { Authorization: `Bearer ${token}` } : {}
    this.where = `WebSocket ${fields.stream || 'without a stream'}`
    this.socket = new WebSocket(url, tokenIn === 'protocol' && token ? [token] : [], { headers })
    this.errors = []
    opened.add(this)
    this.opening = new Promise((resolve, reject) => {
      this.socket.once('open', resolve)
      this.socket.once('error', reject)
      this.socket.once('unexpected-response', (_, reply) => {
        let body = ''
        reply.on('data', (part) => { body += part })
        reply.on('end', () => { const error = new Error(`refused with ${reply.statusCode}`); error.status = reply.statusCode; error.body = body; reject(error) })
      })
    })
    this.opening.catch(() => {})
    this.closed = new Promise((resolve) => this.socket.once('close', (code) => { opened.delete(this); resolve(code) }))
    this.socket.on('error', () => {})
    this.socket.on('message', (data) => {
      const message = JSON.parse(data.toString())
      if (message.error) this.errors.push(message)
      else if (!Array.isArray(message.stream)) this.failure = new Error(`${this.where}: "stream" must be an array in ${data}`)
      else this.take(message.event, message.payload, message.stream)
    })
  }

  async open () { await this.opening; return this }
  subscribe (stream, more = {}) { this.socket.send(JSON.stringify({ type: 'subscribe', stream, ...more })) }
  unsubscribe (stream, more = {}) { this.socket.send(JSON.stringify({ type: 'unsubscribe', stream, ...more })) }
  close () { this.socket.terminate(); opened.delete(this) }
}

export class EventStream extends Reader {
  constructor (base, path, { token, query = {} } = {}) {
    super()
    this.where = `event stream ${path}`
    this.abort = new AbortController()
    const url = new URL(`/api/v1/streaming/${path}`, base)
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value)
    this.url = url
    this.headers = { Accept: 'text/event-stream', ...(token ? { Authorization: `Bearer ${token}` } : {}) }
    opened.add(this)
  }

  async open () {
    const reply = await fetch(this.url, { headers: this.headers, signal: this.abort.signal })
    this.status = reply.status
    this.type = reply.headers.get('content-type') || ''
    if (reply.status !== 200) { this.close(); return this }
    this.reading = this.read(reply.body)
    return this
  }

  async read (body) {
    const decoder = new TextDecoder()
    let rest = ''
    let event = ''
    let data = []
    try {
      for await (const part of body) {
        const lines = (rest + decoder.decode(part, { stream: true })).split(/\r?\n/)
        rest = lines.pop()
        for (const line of lines) {
          if (line.startsWith(':')) this.heartbeat = true
          else if (line.startsWith('event:')) event = line.slice(6).trim()
          else if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''))
          else if (line === '' && event) { this.take(event, data.join('\n')); event = ''; data = [] }
        }
      }
    } catch (error) { if (!this.abort.signal.aborted) this.failure = error }
  }

  close () { this.abort.abort(); opened.delete(this) }
}
