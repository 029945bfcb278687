// The server's own OpenAPI document as the judge of its answers: of each answer the status has to be documented, the headers
// and the content have to be what is said there, and no object may hold more than its schema names.
import assert from 'node:assert/strict'
import Ajv2020 from 'ajv/dist/2020.js'

const FORMATS = {
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/,
  date: /^\d{4}-\d\d-\d\d$/,
  uri: (text) => URL.canParse(text),
  int64: { type: 'number', validate: Number.isSafeInteger }
}

function close (schema) {
  if (Array.isArray(schema)) return schema.map(close)
  if (schema === null || typeof schema !== 'object') return schema
  const closed = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, close(value)]))
  return closed.type === 'object' && closed.properties && typeof closed.properties === 'object' && !('additionalProperties' in closed) ? { ...closed, additionalProperties: false } : closed
}

export class Judge {
  constructor (document) {
    this.document = document
    this.ajv = new Ajv2020({ strict: false, allErrors: true, formats: FORMATS })
    this.ajv.addSchema({ ...close({ components: document.components, paths: document.paths }), $id: 'kicau' })
    this.seen = new Set()
    this.paths = Object.keys(document.paths).filter((path) => path.startsWith('/2/')).map((path) => ({ path, fits: new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{[^}]+\}/g, '([^/]+)')}$`), variables: path.split('{').length }))
      .sort((a, b) => a.variables - b.variables)
  }

  resolve (object) { return object.$ref ? object.$ref.slice(2).split('/').reduce((at, key) => at[key], this.document) : object }

  validator (...keys) { return this.ajv.compile({ $ref: `kicau#/${keys.map((key) => encodeURIComponent(String(key).replace(/~/g, '~0').replace(/\//g, '~1'))).join('/')}` }) }

  // One answer: what is wrong with it is thrown.
  answer (method, path, { status, headers, body }) {
    const found = this.paths.find(({ fits }) => fits.test(path))
    const what = `${method} ${path} ${status}`
    assert.ok(found, `${what}: no such path in the document`)
    const operation = this.document.paths[found.path][method.toLowerCase()]
    const code = String(status) in operation.responses ? String(status) : 'default'
    assert.ok(code !== 'default' || status >= 400, `${what}: this status is not documented`)
    const response = this.resolve(operation.responses[code])
    this.headers(what, response, headers)
    this.seen.add(`${method} ${found.path} ${status}`)
    if (status === 304) return assert.ok(!body, what)
    const type = headers.get('content-type').split(';')[0]
    assert.ok(type in response.content, `${what}: ${type} is not documented`)
    if (!/[/+]json$/.test(type)) return
    const [place, key] = operation.responses[code].$ref ? operation.responses[code].$ref.split('/').slice(-2) : []
    const valid = key
      ? this.validator('components', place, key, 'content', type, 'schema')
      : this.validator('paths', found.path, method.toLowerCase(), 'responses', code, 'content', type, 'schema')
    for (const one of /^Lines of JSON/.test(response.description) ? [body].flat() : [body]) {
      assert.ok(valid(one), `${what}: ${JSON.stringify(valid.errors)}\n${JSON.stringify(one).slice(0, 3000)}`)
    }
  }

  headers (what, response, headers) {
    for (const [name, ref] of Object.entries(response.headers ?? {})) {
      const { required, schema } = this.resolve(ref)
      const value = headers.get(name)
      assert.ok(value !== null || !required, `${what}: the header ${name} is missing`)
      if (value !== null && schema.type === 'integer') assert.match(value, /^-?\d+$/, `${what}: ${name}`)
    }
    for (const [name] of headers) {
      if (/^(kicau-|x-rate-limit-|retry-after|etag)/.test(name) && response.headers) assert.ok(Object.keys(response.headers).some((one) => one.toLowerCase() === name), `${what}: ${name} is not documented`)
    }
  }
}
