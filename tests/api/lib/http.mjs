// A plain client whose every JSON reply is checked against the table of entities.
import { check } from './check.mjs'
import { entityOf, STREAM } from '../schema/routes.mjs'

// {a: {b: [1, 2]}} becomes a[b][]=1&a[b][]=2, as Rails reads it.
export function flatten (value, prefix = '', pairs = []) {
  for (const [key, item] of Object.entries(value)) {
    const name = prefix ? `${prefix}[${key}]` : key
    if (item === undefined) continue
    if (Array.isArray(item)) {
      for (const one of item) {
        if (one !== null && typeof one === 'object' && !(one instanceof Blob)) flatten(one, `${name}[]`, pairs)
        else pairs.push([`${name}[]`, one])
      }
    } else if (item !== null && typeof item === 'object' && !(item instanceof Blob)) flatten(item, name, pairs)
    else pairs.push([name, item === null ? '' : item])
  }
  return pairs
}

export const query = (fields) => new URLSearchParams(flatten(fields).map(([k, v]) => [k, String(v)])).toString()

export function parseLink (header) {
  const links = {}
  for (const part of (header || '').split(/,\s*(?=<)/)) {
    const found = /^<([^>]+)>;\s*rel="?(\w+)"?/.exec(part.trim())
    if (found) links[found[2]] = found[1]
  }
  return links
}

export function file (bytes, type, name) {
  const blob = new Blob([bytes], { type })
  blob.fileName = name
  return blob
}

function encode (options, headers) {
  if (options.json !== undefined) {
    headers['Content-Type'] = 'application/json'
    return JSON.stringify(options.json)
  }
  if (options.form !== undefined) {
    headers['Content-Type'] = 'application/x-www-form-urlencoded'
    return typeof options.form === 'string' ? options.form : query(options.form)
  }
  if (options.multipart !== undefined) {
    const form = new FormData()
    for (const [name, value] of flatten(options.multipart)) {
      if (value instanceof Blob) form.append(name, value, value.fileName || 'file')
      else form.append(name, String(value))
    }
    return form
  }
  return options.body
}

// Errors under /oauth/ follow RFC 6749, all others Mastodon's {"error": "..."}.
function expected (method, path, status, request, body) {
  if (status < 400) return entityOf(method, path, request, body)
  if (path.startsWith('/oauth/token') || path.startsWith('/oauth/revoke')) return 'OAuthError'
  return 'Error'
}

export function verify (method, path, status, body, { viewer = 'user', request } = {}) {
  const entity = expected(method, path, status, request, body)
  if (entity === STREAM || entity === 'Text') return body
  if (entity === undefined) throw new Error(`${method} ${path} answered ${status} but has no row in schema/routes.mjs`)
  return check(entity, body, { viewer, where: `${method} ${path} → ${status}` })
}

export class Client {
  constructor (base, { token = null, user = null, app = false } = {}) {
    this.base = base
    this.token = token
    this.user = user
    this.app = app // a token of an application without a user sees what an anonymous visitor sees
  }

  as (token, more = {}) { return new Client(this.base, { token, ...more }) }

  // Answers {status, headers, body, links}; `status` in the options is the status it must have (default: any 2xx).
  async call (method, path, options = {}) {
    const target = new URL(path, this.base)
    if (options.query) target.search = query(options.query)
    const headers = { Accept: 'application/json', ...options.headers }
    const token = options.token === undefined ? this.token : options.token
    if (token) headers.Authorization = `Bearer ${token}`
    const body = encode(options, headers)
    const reply = await fetch(target, { method, headers, body, redirect: options.redirect || 'manual', signal: AbortSignal.timeout(20000) })
    const raw = await reply.text()
    const type = reply.headers.get('content-type') || ''
    const json = /\bjson\b/.test(type) ? JSON.parse(raw) : raw
    const wanted = options.status
    const right = wanted === undefined ? reply.ok : wanted === 'any' ? true : reply.status === wanted
    if (!right) throw new Error(`${method} ${target.pathname}${target.search} answered ${reply.status}, not ${wanted || '2xx'}: ${raw.slice(0, 400)}`)
    if (options.check !== false && method !== 'OPTIONS' && method !== 'HEAD') {
      const viewer = token && !this.app ? 'user' : 'anonymous'
      verify(method, target.pathname, reply.status, json, { viewer, request: options })
    }
    return { status: reply.status, headers: reply.headers, body: json, links: parseLink(reply.headers.get('link')) }
  }

  async get (path, fields, options) { return (await this.call('GET', path, { query: fields, ...options })).body }
  async post (path, json, options) { return (await this.call('POST', path, { json: json || {}, ...options })).body }
  async put (path, json, options) { return (await this.call('PUT', path, { json: json || {}, ...options })).body }
  async patch (path, json, options) { return (await this.call('PATCH', path, { json: json || {}, ...options })).body }
  async delete (path, json, options) { return (await this.call('DELETE', path, { ...(json ? { json } : {}), ...options })).body }

  // Every page of a list, following the Link header.
  async pages (path, fields, rel = 'next', most = 50) {
    const pages = []
    let next = `${path}?${query(fields || {})}`
    while (next) {
      if (pages.length === most) throw new Error(`${path}: still another page after ${most}`)
      const reply = await this.call('GET', next)
      if (reply.body.length === 0) break
      pages.push(reply.body)
      next = reply.links[rel]
    }
    return pages
  }
}

// Checks what libraries receive through the global fetch, which their own types do not.
export function checkFetch (base) {
  const original = globalThis.fetch
  globalThis.fetch = async function checked (input, init) {
    const given = input instanceof Request ? input : new Request(input, init)
    const { url, method, headers } = given
    const reply = await original(input instanceof Request ? given : input, init)
    if (url.startsWith(base) && /\bjson\b/.test(reply.headers.get('content-type') || '')) {
      const viewer = headers.get('authorization') ? 'user' : 'anonymous'
      verify(method, new URL(url).pathname, reply.status, await reply.clone().json(), { viewer })
    }
    return reply
  }
  return () => { globalThis.fetch = original }
}
