// Importing and exporting over the API, and readers of the files that nobody here wrote: Python's.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { file } from './http.mjs'
import { binary, until } from './server.mjs'

export const scratch = mkdtempSync(join(tmpdir(), 'kicau-transfer-'))
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }))

export async function download (who, path) {
  const reply = await fetch(new URL(path, who.base), { headers: { Authorization: `Bearer ${who.token}` } })
  return { status: reply.status, type: reply.headers.get('content-type'), name: /filename="([^"]+)"/.exec(reply.headers.get('content-disposition') || '')?.[1], bytes: Buffer.from(await reply.arrayBuffer()) }
}

export function python (code, ...args) {
  return execFileSync('/usr/bin/python3', ['-c', code, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 })
}

export function csvRows (bytes) {
  const path = join(scratch, 'rows.csv')
  writeFileSync(path, bytes)
  return JSON.parse(python('import csv, json, sys; print(json.dumps(list(csv.reader(open(sys.argv[1], newline="", encoding="utf-8"), strict=True))))', path))
}

export const send = (who, kind, bytes, fields = {}) =>
  who.call('POST', '/api/kicau/v1/imports', { multipart: { kind, ...fields, file: file(bytes, 'application/octet-stream', 'file') } }).then((reply) => reply.body)

// Its row when it has ended, with the problems under `list`.
export async function ended (who, id) {
  const done = await until(`import ${id} ends`, async () => {
    const now = await who.get(`/api/kicau/v1/imports/${id}`)
    return ['finished', 'failed'].includes(now.state) && now
  }, { timeout: 50000 })
  done.list = await who.get(`/api/kicau/v1/imports/${id}/problems`, { limit: 500 })
  return done
}

export const take = async (who, kind, bytes, fields) => ended(who, (await send(who, kind, bytes, fields)).id)

export function kicau (server, args, options = {}) {
  const done = spawnSync(binary, [...args, '--data', server.data], { encoding: 'utf8', env: { ...process.env, ...server.env }, timeout: 60000, maxBuffer: 1 << 28, ...options })
  return { code: done.status, out: done.stdout, err: done.stderr }
}
