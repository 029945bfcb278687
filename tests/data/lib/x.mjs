// X's own way to ours: an agent for clients that know only https://api.x.com. They are not changed in any way; the
// connection alone goes to the server under test, without TLS.
import { Agent } from 'node:http'
import { connect } from 'node:net'

export class ToServer extends Agent {
  constructor (server) { super({ keepAlive: false }); this.server = server; this.protocol = 'https:'; this.defaultPort = 443 }
  createConnection () { return connect(this.server.port, '127.0.0.1') }
}
