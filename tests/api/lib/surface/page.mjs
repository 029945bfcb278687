// docs/mastodon-api.md: which real client has reached which endpoint.
import { matcher } from './recorder.mjs'

const left = [/^Pages$/, /^Profiles and posts as pages$/, /^Logging in$/, /^Authorizing applications$/, /^Files$/, /^Server$/]

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
  const shown = rows.filter((row) => !left.some((group) => group.test(row.group)))
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
