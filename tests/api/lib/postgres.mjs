// A throw-away PostgreSQL cluster of Debian's package, reachable over a socket in a temporary folder.
import { execFileSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
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

// durable: commits survive a crash of the database, as an operator's would; without, it is only fast.
export function startPostgres ({ durable = false } = {}) {
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
  const fast = durable ? '' : ' -c fsync=off -c synchronous_commit=off -c full_page_writes=off'
  const start = () => run('pg_ctl', ['-D', data, '-w', '-t', '60', '-l', join(home, 'log'), '-o', `-k ${socket} -c listen_addresses=${fast}`, 'start'])
  start()
  run('createdb', ['-h', socket, '-U', 'kicau', 'kicau'])
  return {
    url: `postgresql://kicau@/kicau?host=${encodeURIComponent(socket)}`,
    // Answers the rows of a query as text, columns separated by |.
    query: (sql) => execFileSync(join(bin, 'psql'), ['-h', socket, '-U', 'kicau', '-d', 'kicau', '-qAt', '-v', 'ON_ERROR_STOP=1', '-c', sql], { encoding: 'utf8' }).trim(),
    start,
    // mode: smart, fast, or immediate: without a checkpoint, as in a crash.
    // The postmaster and, on demand, the processes it made.
    signal (name, all = false) {
      const first = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0])
      const parent = (pid) => { try { return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) } catch { return 0 } }
      const children = all ? readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && parent(pid) === first).map(Number) : []
      for (const pid of [first, ...children]) process.kill(pid, name)
    },
    halt (mode = 'immediate') { run('pg_ctl', ['-D', data, '-m', mode, '-w', 'stop']) },
    stop () {
      try { run('pg_ctl', ['-D', data, '-m', 'immediate', 'stop']) } catch {}
      rmSync(home, { recursive: true, force: true })
    }
  }
}
