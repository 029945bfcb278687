// Bytes over a socket, exactly as written, and the replies that come back.
import { connect } from 'node:net'

function takeChunked (bytes, at) {
  const parts = []
  for (;;) {
    const end = bytes.indexOf('\r\n', at, 'latin1')
    if (end < 0) return null
    const size = parseInt(bytes.toString('latin1', at, end), 16)
    if (bytes.length < end + 2 + size + 2) return null
    if (size === 0) return { body: Buffer.concat(parts), next: end + 4 }
    parts.push(bytes.subarray(end + 2, end + 2 + size))
    at = end + 2 + size + 2
  }
}

// The first whole reply in bytes, or null. `head`: what was asked with HEAD has no body.
function takeReply (bytes, ended, head) {
  const end = bytes.indexOf('\r\n\r\n', 0, 'latin1')
  if (end < 0) return null
  const [line, ...lines] = bytes.toString('latin1', 0, end).split('\r\n')
  const [, version, status] = /^(HTTP\/\d\.\d) (\d{3})/.exec(line) || []
  const headers = {}
  for (const one of lines) {
    const colon = one.indexOf(':')
    const name = one.slice(0, colon).toLowerCase()
    const value = one.slice(colon + 1).trim()
    headers[name] = name in headers ? `${headers[name]}\n${value}` : value
  }
  const reply = { line, version, status: Number(status), headers, head: bytes.toString('latin1', 0, end), body: Buffer.alloc(0) }
  let next = end + 4
  if (status === '100') return { reply, next }
  if (!head && status !== '101' && status !== '204' && status !== '304') {
    if (headers['transfer-encoding'] === 'chunked') {
      const taken = takeChunked(bytes, next)
      if (!taken) return null
      reply.body = taken.body
      next = taken.next
    } else if (headers['content-length'] !== undefined) {
      const size = Number(headers['content-length'])
      if (bytes.length < next + size) return null
      reply.body = bytes.subarray(next, next + size)
      next += size
    } else if (ended) {
      reply.body = bytes.subarray(next)
      next = bytes.length
    } else return null
  }
  reply.text = reply.body.toString()
  return { reply, next }
}

export class Wire {
  constructor (port, host = '127.0.0.1') {
    this.bytes = Buffer.alloc(0)
    this.all = []
    this.ended = false
    this.socket = connect(port, host)
    this.socket.setNoDelay(true)
    this.waiting = new Set()
    const wake = () => { for (const f of [...this.waiting]) f() }
    this.socket.on('data', (part) => { this.bytes = Buffer.concat([this.bytes, part]); wake() })
    this.socket.on('error', (error) => { this.error = error })
    this.closed = new Promise((resolve) => {
      const over = () => { this.ended = true; wake(); resolve() }
      this.socket.on('close', over)
      this.socket.on('end', over)
    })
  }

  // Resolves when the kernel took the bytes; a server that closes meanwhile is no error here.
  write (bytes) {
    if (this.socket.destroyed || !this.socket.writable) return Promise.resolve(false)
    return new Promise((resolve) => this.socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes, (error) => resolve(!error)))
  }

  // The next reply; null when the connection ended without one. Interim replies (100) are passed over.
  reply ({ timeout = 8000, head = false } = {}) {
    return new Promise((resolve, reject) => {
      const done = (value) => { clearTimeout(timer); this.waiting.delete(look); resolve(value) }
      const look = () => {
        for (;;) {
          const taken = takeReply(this.bytes, this.ended, head)
          if (!taken) break
          this.bytes = this.bytes.subarray(taken.next)
          if (taken.reply.status === 100) continue
          return done(taken.reply)
        }
        if (this.ended) done(null)
      }
      const timer = setTimeout(() => {
        this.waiting.delete(look)
        reject(new Error(`no reply within ${timeout} ms; so far: ${JSON.stringify(this.bytes.toString('latin1').slice(0, 200))}`))
      }, timeout)
      this.waiting.add(look)
      look()
    })
  }

  async isClosed (timeout = 4000) {
    let timer
    const late = new Promise((resolve) => { timer = setTimeout(() => resolve(false), timeout) })
    const closed = await Promise.race([this.closed.then(() => true), late])
    clearTimeout(timer)
    return closed
  }

  close () { this.socket.destroy() }
}

export async function exchange (port, bytes, options) {
  const wire = new Wire(port)
  try {
    await wire.write(bytes)
    return await wire.reply(options)
  } finally { wire.close() }
}

// A request as it should be written, to be bent by the caller.
export function request (method, target, { headers = {}, body = '', host = 'localhost', token } = {}) {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body)
  const lines = [`${method} ${target} HTTP/1.1`, `Host: ${host}`]
  if (token) lines.push(`Authorization: Bearer ${token}`)
  if (bytes.length || !['GET', 'HEAD'].includes(method)) lines.push(`Content-Length: ${bytes.length}`)
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`)
  return Buffer.concat([Buffer.from(lines.join('\r\n') + '\r\n\r\n', 'latin1'), bytes])
}
