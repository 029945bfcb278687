// Moderators of a test's server, and what they do most.
import { createRestAPIClient } from 'masto'
import { allScopes } from './server.mjs'

export const staffScopes = `${allScopes} admin:read admin:write`

// The same person with a token that may moderate, as far as their role goes.
export async function withPowers (server, user) {
  const client = user.as(await server.token(user.user, staffScopes), { user: user.user })
  client.id = user.id
  return client
}

export const mastoOf = (server, client) => createRestAPIClient({ url: server.base, accessToken: client.token })

// Suspended people lose their tokens; back again they need a new one.
export async function again (server, user) {
  user.token = await server.token(user.user)
}
