// The steps of OAuth that do not need a browser.
import { query } from './http.mjs'
import { OOB } from './browser.mjs'
import { allScopes } from './server.mjs'

export const registerApp = (anyone, fields = {}) =>
  anyone.post('/api/v1/apps', { client_name: 'test application', redirect_uris: OOB, scopes: allScopes, ...fields })

export const authorizeUrl = (base, app, fields = {}) => `${base}/oauth/authorize?` + query({
  response_type: 'code', client_id: app.client_id, redirect_uri: OOB, scope: allScopes, ...fields
})

export const tokenRequest = (anyone, app, fields, options) => anyone.call('POST', '/oauth/token', {
  form: { client_id: app.client_id, client_secret: app.client_secret, redirect_uri: OOB, ...fields }, ...options
})

export async function appToken (anyone, app, scope = 'read write') {
  return (await tokenRequest(anyone, app, { grant_type: 'client_credentials', scope })).body.access_token
}
