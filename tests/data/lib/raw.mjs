// A stream of the data API on a bare socket, which reads when it is told to: what fetch does by itself is in nobody's hand.
import { connect } from 'node:net'

export class Raw {
  constructor (server, token) { this.server = server; this.token = token; this.chunks = []; this.bytes = this.budget = 0; this.times = []; this.ended = false }

  // Reads nothing before read() or sip() is called.
  open (path, params = {}) {
    const query = new URLSearchParams(params).toString()
    const take = (n, buffer) => {
      this.chunks.push(Buffer.from(buffer.subarray(0, n)))
      this.times.push(Date.now())
      this.bytes += n
      this.budget -= n
      return this.budget > 0
    }
    this.socket = connect({ port: this.server.port, host: '127.0.0.1', onread: { buffer: Buffer.alloc(16384), callback: take } })
    this.socket.pause()
    this.socket.on('error', (error) => { this.error = error })
    this.socket.on('close', () => { this.ended = true })
    this.socket.write(`GET ${path}${query ? '?' + query : ''} HTTP/1.1\r\nHost: ${this.server.domain}\r\nAuthorization: Bearer ${this.token}\r\n\r\n`)
    return this
  }

  read () { this.budget = Infinity; this.socket.resume(); return this }
  close () { this.socket.destroy() }

  // Reads so many bytes and no more, or as many as there are.
  async sip (bytes) {
    this.budget = bytes
    this.socket.resume()
    for (let n = 0; this.budget > 0 && n < 40; n++) await new Promise((resolve) => setTimeout(resolve, 5))
    this.budget = 0
    this.socket.pause()
  }

  // The id of the last post whose line is there, or of none.
  get last () { return this.lines().lines.at(-1)?.data?.id }

  // What has arrived: the status, the body without its chunks (RFC 9112 7.1), and whether its last chunk is there.
  parse () {
    const all = Buffer.concat(this.chunks)
    const head = all.indexOf('\r\n\r\n')
    const body = []
    let at = head + 4
    let whole = false
    while (head >= 0 && at < all.length) {
      const end = all.indexOf('\r\n', at)
      if (end < 0) break
      const size = parseInt(all.subarray(at, end).toString(), 16)
      if (size === 0) { whole = true; break }
      body.push(all.subarray(end + 2, Math.min(end + 2 + size, all.length)))
      at = end + 2 + size + 2
    }
    return { status: Number(all.subarray(9, 12).toString()), body: Buffer.concat(body), whole }
  }

  // Its lines, each with the place behind it; what is behind the last whole one is `rest`.
  lines () {
    const { body } = this.parse()
    const lines = []
    let from = 0
    for (let end; (end = body.indexOf('\r\n', from)) >= 0; from = end + 2) if (end > from) lines.push({ ...JSON.parse(body.subarray(from, end).toString()), upto: end + 2 })
    return { lines, rest: body.subarray(from).toString() }
  }
}
