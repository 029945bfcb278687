// A browser as an attacker writes one: cookies by hand, forms as they like.
import { exchange, request } from './raw.mjs'

export const field = (html, name) => {
  const tag = (html.match(/<(?:input|button)\b[^>]*>/g) || []).find((one) => one.includes(`name="${name}"`))
  return tag && /value="([^"]*)"/.exec(tag)?.[1]
}

export class Visitor {
  constructor (port, host) {
    this.port = port
    this.host = host
    this.cookies = {}
  }

  async ask (method, target, { form, headers = {}, body } = {}) {
    const all = { ...headers }
    const cookie = Object.entries(this.cookies).map(([name, value]) => `${name}=${value}`).join('; ')
    if (cookie) all.Cookie = cookie
    if (form) all['Content-Type'] = 'application/x-www-form-urlencoded'
    const reply = await exchange(this.port, request(method, target, { host: this.host, headers: all, body: form ? new URLSearchParams(form).toString() : body }))
    for (const line of (reply.headers['set-cookie'] || '').split('\n').filter(Boolean)) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)
      if (value) this.cookies[name] = value
      else delete this.cookies[name]
    }
    return reply
  }

  async csrf (page = '/login') { return field((await this.ask('GET', page)).text, 'authenticity_token') }

  async login (username, password, more = {}) {
    return this.ask('POST', '/login', { form: { authenticity_token: await this.csrf(), username, password, ...more } })
  }
}
