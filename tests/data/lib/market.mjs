// A server whose posts are for sale, people on it who agree or do not, and keys of licensees.
import { startWorld } from '../../api/lib/server.mjs'

export const USES = ['search', 'research', 'commercial', 'training']
export const FOR_SALE = { KICAU_DATA_USES: USES.join(',') }

export const agree = (user, uses = USES) => user.patch('/api/v1/accounts/data_licence', Object.fromEntries(USES.map((use) => [use, uses.includes(use)])))

export async function startMarket ({ accounts, env = {}, agreeing = accounts, ...rest }) {
  const world = await startWorld({ accounts, env: { ...FOR_SALE, ...env }, ...rest })
  for (const name of agreeing) await agree(world.users[name])
  return world
}

// A bearer token of a licensee that is made with it.
export const key = async (server, licensee, plan = 'pro') => (await server.kicau(['key', 'create', '--licensee', licensee, '--plan', plan])).trim()

// Calls as one licensee: the parsed body, the status and the headers.
export class Licensee {
  constructor (base, token) { this.base = base; this.token = token }

  async call (path, params = {}, headers = {}) {
    const query = new URLSearchParams(Object.entries(params).map(([k, v]) => [k, String(v)])).toString()
    const response = await fetch(`${this.base}${path}${query ? '?' + query : ''}`, { headers: { Authorization: `Bearer ${this.token}`, ...headers } })
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, body: text ? JSON.parse(text) : null }
  }

  async get (path, params = {}, status = 200) {
    const answer = await this.call(path, params)
    if (answer.status !== status) throw new Error(`GET ${path}: ${answer.status} ${answer.text}`)
    return answer.body
  }
}

export const licensee = async (server, name = 'acme', plan = 'pro') => new Licensee(server.base, await key(server, name, plan))
