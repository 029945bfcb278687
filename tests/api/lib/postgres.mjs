// A throw-away PostgreSQL cluster of Debian's package, reachable over a socket in a temporary folder.
import { execFileSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

function programs () {
  const root = '/usr/lib/postgresql'
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => b - a) : []
  if (!versions.length) throw new Error('PostgreSQL is not installed (apt install postgresql)')
  return join(root, versions[0], 'bin')
}

const idOf = (user, flag) => Number(execFileSync('id', [flag, user]).toString())

// The server refuses to run as root, so root hands it to another account.
function otherUser () {
  if (process.getuid() !== 0) return null
  for (const name of ['postgres', 'nobody']) {
    try { return { uid: idOf(name, '-u'), gid: idOf(name, '-g') } } catch {}
  }
  throw new Error('neither user postgres nor nobody exists')
}

export function startPostgres () {
  const bin = programs()
  const user = otherUser()
  const home = mkdtempSync(join(tmpdir(), 'kicau-pg-'))
  if (user) chownSync(home, user.uid, user.gid)
  const data = join(home, 'data')
  const run = (program, args) => execFileSync(join(bin, program), args,
    { ...user, cwd: home, env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8', HOME: home }, stdio: ['ignore', 'ignore', 'pipe'] })
  run('initdb', ['-D', data, '-U', 'kicau', '-A', 'trust', '-E', 'UTF8', '--no-sync'])
  // Root must be able to enter the folder of the socket, which the cluster itself keeps closed.
  const socket = join(home, 's')
  mkdirSync(socket)
  if (user) chownSync(socket, user.uid, user.gid)
  run('pg_ctl', ['-D', data, '-w', '-t', '30', '-l', join(home, 'log'), '-o',
    `-k ${socket} -c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off`, 'start'])
  run('createdb', ['-h', socket, '-U', 'kicau', 'kicau'])
  return {
    url: `postgresql://kicau@/kicau?host=${encodeURIComponent(socket)}`,
    stop () {
      try { run('pg_ctl', ['-D', data, '-m', 'immediate', 'stop']) } catch {}
      rmSync(home, { recursive: true, force: true })
    }
  }
}
