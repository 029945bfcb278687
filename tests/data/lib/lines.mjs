// A stream of the data API as its lines, read with fetch alone.
export class Lines {
  constructor (base, token) { this.base = base; this.token = token; this.lines = []; this.waiting = []; this.ended = false }

  async open (path, params = {}) {
    this.abort = new AbortController()
    const query = new URLSearchParams(params).toString()
    const response = await fetch(`${this.base}${path}${query ? '?' + query : ''}`, { headers: { Authorization: `Bearer ${this.token}` }, signal: this.abort.signal })
    this.status = response.status
    this.headers = response.headers
    if (response.status !== 200) { this.body = await response.json(); return this }
    this.read(response.body).catch(() => {}).finally(() => { this.ended = true; this.tell() })
    return this
  }

  async read (body) {
    let rest = ''
    const decoder = new TextDecoder()
    for await (const chunk of body) {
      const parts = (rest + decoder.decode(chunk, { stream: true })).split('\r\n')
      rest = parts.pop()
      for (const part of parts) if (part) this.lines.push(JSON.parse(part))
      this.tell()
    }
  }

  tell () { for (const wake of this.waiting.splice(0)) wake() }

  // The first line that fits, or an error after some seconds.
  async find (fits, seconds = 10) {
    const end = Date.now() + seconds * 1000
    for (;;) {
      const line = this.lines.find(fits)
      if (line) return line
      if (this.ended || this.status !== 200 || Date.now() > end) throw new Error(`no such line (${this.status} ${JSON.stringify(this.body)}) among ${JSON.stringify(this.lines).slice(0, 2000)}`)
      await Promise.race([new Promise((resolve) => this.waiting.push(resolve)), new Promise((resolve) => setTimeout(resolve, 200))])
    }
  }

  ids () { return this.lines.filter((line) => line.data?.id).map((line) => line.data.id) }
  close () { this.abort.abort() }
}
