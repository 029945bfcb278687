// Mastodon.py and toot, as Debian ships them.
import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { png } from '../png.mjs'
import { password, sleep, until } from '../server.mjs'
import { scratch } from '../transfer.mjs'
import { outcome } from './scene.mjs'

const here = dirname(fileURLToPath(import.meta.url))

const run = (program, args, env, timeout = 120000) => new Promise((resolve, reject) => {
  execFile(program, args, { env: { ...process.env, ...env, PYTHONDONTWRITEBYTECODE: '1', LC_ALL: 'C.UTF-8' }, timeout, maxBuffer: 1 << 26 }, (error, out, err) => error ? reject(new Error(`${args.join(' ')}: ${error.message.split('\n')[0]} ${err.slice(-600)}${out.slice(-300)}`)) : resolve(out))
})
const several = async (n, make) => { const made = []; for (let i = 0; i < n; i++) made.push(await make()); return made }

export async function runMastodonPy ({ base, seen }, world) {
  const { make, alice, bob, carol, anyone } = world
  const picture = join(scratch, 'snake.png')
  writeFileSync(picture, png(40, 30))
  const app = await anyone.post('/api/v1/apps', { client_name: 'snake', redirect_uris: 'urn:ietf:wg:oauth:2.0:oob', scopes: 'read write follow push' })
  const { access_token: token } = await anyone.post('/oauth/token', { grant_type: 'client_credentials', client_id: app.client_id, client_secret: app.client_secret, scope: 'read write' })
  const { access_token: spare } = await anyone.post('/oauth/token', { grant_type: 'client_credentials', client_id: app.client_id, client_secret: app.client_secret, scope: 'read write' })
  const out = await run('/usr/bin/python3', [join(here, '../../python/surface.py')], {
    KICAU_URL: base, KICAU_TOKEN_ALICE: alice.token, KICAU_TOKEN_BOB: bob.token, KICAU_TOKEN_CAROL: carol.token, KICAU_TOKEN_APP: token, KICAU_TOKEN_SPARE: spare, KICAU_CLIENT_ID: app.client_id, KICAU_CLIENT_SECRET: app.client_secret,
    KICAU_PASSWORD: password, KICAU_PICTURE: picture, KICAU_PEOPLE: JSON.stringify(await several(24, make.person)), KICAU_ASKERS: JSON.stringify(await several(2, make.asker)), KICAU_WAITING: JSON.stringify(await several(2, make.waiting)), KICAU_FOLLOWERS: JSON.stringify(await several(1, make.follower))
  })
  const said = JSON.parse(out)
  seen.length = 0 // through the proxy went what prepared the calls, too; it noted its own
  seen.push(...said.seen)
  return said
}

// toot signs in by its configuration file; its screen is read from tmux.
export async function runToot ({ base, certificate, seen }, world) {
  const folder = join(scratch, 'toot-home')
  const host = new URL(base).host
  const user = `alice@${host}`
  mkdirSync(join(folder, 'toot'), { recursive: true })
  writeFileSync(join(folder, 'toot', 'config.json'), JSON.stringify({ apps: { [host]: { instance: host, base_url: base, client_id: 'x', client_secret: 'x' } }, users: { [user]: { instance: host, username: 'alice', access_token: world.alice.token } }, active_user: user }))
  const env = { XDG_CONFIG_HOME: folder, REQUESTS_CA_BUNDLE: certificate } // the terminal's client insists on https
  const toot = (...args) => run('/usr/bin/toot', [...args, '--no-color'], env, 30000)
  const post = await world.make.others()
  const commands = {
    whoami: [], post: ['hello from toot'], timeline: ['--once'], 'timeline --public': ['--public', '--once'], 'timeline --tag': ['--tag', 'birds', '--once'], bookmarks: ['--once'], thread: [post], favourite: [post], unfavourite: [post], reblog: [post], reblogged_by: [post], unreblog: [post],
    bookmark: [post], unbookmark: [post], notifications: [], search: ['bob'], whois: ['bob'], following: ['alice'], followers: ['alice'], follow: ['carol'], unfollow: ['carol'], mute: ['carol'], unmute: ['carol'], muted: [], block: ['carol'], unblock: ['carol'], blocked: [],
    tags_followed: [], instance: [host]
  }
  const results = {}
  for (const [name, args] of Object.entries(commands)) results[name] = await outcome(async () => { const out = await toot(name.split(' ')[0], ...args); if (/Traceback|rror:/.test(out)) throw new Error(out.slice(0, 200)) })
  results.tui = await outcome(() => tui(env, world, seen))
  return results
}

async function tui (env, world, seen) {
  const text = `seen in the terminal ${world.make.n()}`
  await world.bob.post('/api/v1/statuses', { status: text })
  const tmux = (...args) => execFileSync('tmux', ['-L', `kicau-${process.pid}`, ...args], { encoding: 'utf8', env: { ...process.env, ...env, LC_ALL: 'C.UTF-8', TERM: 'xterm-256color', TMUX: '' } })
  tmux('-f', '/dev/null', 'new-session', '-d', '-x', '140', '-y', '45', '/usr/bin/toot tui; sleep 30')
  let screen = ''
  try {
    await until('the home timeline is on the screen', async () => { screen = tmux('capture-pane', '-p'); return screen.includes(text) && screen.includes('bob@') }, { timeout: 18000, every: 200 })
    for (let before = -1; before !== seen.length;) { before = seen.length; await sleep(700) } // what it asks for behind that
    tmux('send-keys', 'q')
  } catch (error) { throw new Error(`${error.message}: ${screen.replace(/\s+/g, ' ').slice(0, 150)}`) } finally { try { tmux('kill-server') } catch { /* it has ended */ } }
}
