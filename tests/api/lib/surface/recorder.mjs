// A proxy before the server, one port for each client: it notes what the client asked and what was answered.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { connect } from 'node:net'
import { join } from 'node:path'
import { scratch } from '../transfer.mjs'

// A certificate for localhost, its own authority.
export function selfSigned () {
  const folder = mkdtempSync(join(scratch, 'tls-'))
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(folder, name))
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'], { stdio: 'ignore' })
  return { key: readFileSync(key), cert: readFileSync(cert), path: cert }
}

export async function recorder (server, { tls = false } = {}) {
  const signed = tls && selfSigned()
  const seen = [] // {method, path, status}
  const serve = (incoming, outgoing) => {
    const path = new URL(incoming.url, 'http://x').pathname
    const passed = request({ host: '127.0.0.1', port: server.port, method: incoming.method, path: incoming.url, headers: { ...incoming.headers, host: `localhost:${server.port}` } }, (reply) => {
      seen.push({ method: incoming.method, path, status: reply.statusCode })
      outgoing.writeHead(reply.statusCode, reply.headers)
      reply.on('error', () => outgoing.destroy())
      reply.pipe(outgoing)
      outgoing.on('close', () => reply.destroy())
    })
    passed.on('error', () => outgoing.destroy())
    incoming.pipe(passed)
  }
  const proxy = signed ? createTlsServer(signed, serve) : createServer(serve)
  proxy.on('upgrade', (incoming, socket, head) => {
    const onward = connect(server.port, '127.0.0.1', () => {
      const lines = [`${incoming.method} ${incoming.url} HTTP/1.1`]
      for (let i = 0; i < incoming.rawHeaders.length; i += 2) lines.push(`${incoming.rawHeaders[i]}: ${incoming.rawHeaders[i + 1]}`)
      onward.write(lines.join('\r\n') + '\r\n\r\n')
      onward.write(head)
      onward.once('data', (first) => seen.push({ method: incoming.method, path: new URL(incoming.url, 'http://x').pathname, status: Number(String(first).slice(9, 12)) }))
      onward.pipe(socket).pipe(onward)
    })
    onward.on('error', () => socket.destroy())
    socket.on('error', () => onward.destroy())
  })
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  proxy.unref()
  return { base: signed ? `https://localhost:${proxy.address().port}` : `http://127.0.0.1:${proxy.address().port}`, certificate: signed?.path, seen, close () { proxy.closeAllConnections?.(); proxy.close() } }
}

// Which row of the program's table answers a path: literal pieces before parameters, as the program matches.
export function matcher (rows) {
  const table = rows.map((row) => ({ row, pieces: row.path.split('/') }))
  return (method, path) => {
    const pieces = path.replace(/\/$/, '').split('/')
    const fits = table.filter(({ row, pieces: wanted }) => row.method === method && (wanted.at(-1).endsWith('*') ? pieces.length >= wanted.length : pieces.length === wanted.length) &&
      wanted.every((piece, i) => piece.startsWith(':') || piece === pieces[i]))
    fits.sort((a, b) => a.pieces.filter((piece) => piece.startsWith(':')).length - b.pieces.filter((piece) => piece.startsWith(':')).length)
    return fits[0]?.row
  }
}
