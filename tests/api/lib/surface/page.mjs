// docs/mastodon-api.md: which real client has reached which endpoint.
import { matcher } from './recorder.mjs'

// Clients of Mastodon have nothing to do with pages, the data API, files and the server's own state.
const isTheirs = (row) => row.reply !== 'Page' && !row.path.startsWith('/2/') && !/^(Files|Server)$/.test(row.group)

// runs: {client: {seen, exempt, waiting}}
export function page (rows, runs) {
  const find = matcher(rows)
  const reached = new Map()
  for (const [client, { seen }] of Object.entries(runs)) {
    for (const { method, path, status } of seen) {
      const row = status < 400 || status === 1010 ? find(method, path) : undefined
      if (row) reached.set(row, (reached.get(row) || new Set()).add(client))
    }
  }
  const clients = Object.keys(runs)
  const shown = rows.filter(isTheirs)
  const groups = [...new Set(shown.map((row) => row.group))]
  const lines = ['# Real clients and the API', '',
    'Which client that was written for Mastodon has been answered by which endpoint. Every method the clients have is called in', 'a test (`tests/api/surface.test.mjs`), which finds them by looking at the client; `make client-docs` writes this page.', '',
    `${shown.filter((row) => reached.has(row)).length} of ${shown.length} endpoints are reached by one of them. The others are new to these versions of the clients, or kicau's own.`, '']
  for (const group of groups) {
    lines.push(`## ${group}`, '', `| endpoint | ${clients.join(' | ')} |`, `|---|${clients.map(() => ':-:').join('|')}|`)
    for (const row of shown.filter((one) => one.group === group)) lines.push(`| ${row.method} \`${row.path}\` | ${clients.map((client) => reached.get(row)?.has(client) ? '✓' : '').join(' | ')} |`)
    lines.push('')
  }
  lines.push('## Methods that are not called', '', '| client | method | why |', '|---|---|---|')
  for (const [client, { exempt }] of Object.entries(runs)) for (const [name, why] of Object.entries(exempt || {})) lines.push(`| ${client} | \`${name}\` | ${why} |`)
  lines.push('')
  const waiting = Object.entries(runs).flatMap(([client, run]) => run.waiting.map((name) => `| ${client} | \`${name}\` |`))
  if (waiting.length) lines.push('## Methods that have no answer yet', '', '| client | method |', '|---|---|', ...waiting, '')
  return lines.join('\n')
}
