// One call as one viewer, kept-alive, and its whole reply as text.
import { Agent, request } from 'node:http'

const agents = new Map()

function encode (fields) {
  const pairs = []
  for (const [name, value] of Object.entries(fields)) {
    const many = Array.isArray(value)
    for (const one of many ? value : [value]) pairs.push([many && !name.endsWith('[]') ? `${name}[]` : name, one])
  }
  return pairs
}

async function bodyOf (pairs) {
  if (!pairs.some(([, value]) => value instanceof Blob)) return [Buffer.from(new URLSearchParams(pairs).toString()), 'application/x-www-form-urlencoded']
  const form = new FormData()
  for (const [name, value] of pairs) form.append(name, value)
  const made = new Response(form)
  return [Buffer.from(await made.arrayBuffer()), made.headers.get('content-type')]
}

export async function send (port, viewer, { row, path, fields }, accept = 'application/json') {
  const pairs = encode(fields)
  const headers = { Accept: accept }
  const page = row.auth === 'session'
  if (!page && viewer.token) headers.Authorization = `Bearer ${viewer.token}`
  if (page && viewer.browser) headers.Cookie = Object.entries(viewer.browser.cookies).map(([name, value]) => `${name}=${value}`).join('; ')
  let target = path
  let body
  if (row.body === 'none') {
    const text = new URLSearchParams(pairs.filter(([, value]) => typeof value === 'string')).toString()
    if (text) target += '?' + text
  } else {
    if (page && viewer.csrf) pairs.push(['authenticity_token', viewer.csrf])
    const [bytes, type] = await bodyOf(pairs)
    body = bytes
    headers['Content-Type'] = type
    headers['Content-Length'] = bytes.length
  }
  if (!agents.has(viewer.name)) agents.set(viewer.name, new Agent({ keepAlive: true, maxSockets: 4 }))
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', agent: agents.get(viewer.name), method: row.method, path: target, headers }, (reply) => {
      const parts = []
      reply.on('data', (part) => parts.push(part))
      reply.on('end', () => {
        const bytes = Buffer.concat(parts)
        const names = Object.entries(reply.headers).filter(([name]) => !['date', 'x-request-id', 'connection', 'keep-alive'].includes(name))
        resolve({ status: reply.statusCode, head: names.map(([name, value]) => `${name}: ${value}`).join('\n'), text: bytes.toString('utf8'), asked: decodeURIComponent(target.replace(/%(?![0-9a-f]{2})/gi, '%25').replace(/\+/g, ' ')) + ' ' + pairs.map((pair) => pair.join(' ')).join(' ') })
      })
      reply.on('error', reject)
    })
    asked.on('error', (error) => reject(new Error(`${row.method} ${target} as ${viewer.name}: ${error.message}`)))
    asked.end(body)
  })
}

export function hangUp () { for (const agent of agents.values()) agent.destroy() }
