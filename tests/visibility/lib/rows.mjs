// The rows of all endpoints people and their apps may call, as `kicau routes` has them. What goes out to licensees is
// another world, with keys of its own: it is walked in tests/data/.
import { execFileSync } from 'node:child_process'
import { binary } from '../../api/lib/server.mjs'

export const rows = JSON.parse(execFileSync(binary, ['routes', '--json'], { encoding: 'utf8', maxBuffer: 1 << 26 }))
  .filter((row) => row.auth !== 'licensee' && !row.path.startsWith('/2/'))
