// check('Status', json) throws, naming the field, when a reply is not what Mastodon would send.
import Ajv from 'ajv/dist/2020.js'
import { definitions } from '../schema/entities.mjs'

const root = 'https://schema.test/entities'
const sets = new Map()

function set (viewer) {
  if (!sets.has(viewer)) {
    const ajv = new Ajv({ allErrors: true, strict: false, verbose: true })
    ajv.addSchema({ $id: root, $defs: definitions(viewer) })
    sets.set(viewer, { ajv, compiled: new Map() })
  }
  return sets.get(viewer)
}

export const entities = Object.keys(definitions('user'))

function validator (name, viewer) {
  const { ajv, compiled } = set(viewer)
  if (!compiled.has(name)) {
    const [, array, entity, maybe] = /^(\[?)(\w+)\]?(\??)$/.exec(name)
    const ref = { $ref: `${root}#/$defs/${entity}` }
    compiled.set(name, ajv.compile(array ? { type: 'array', items: ref } : maybe ? { anyOf: [{ type: 'null' }, ref] } : ref))
  }
  return compiled.get(name)
}

function describe (error) {
  const where = error.instancePath || '/'
  const got = JSON.stringify(error.data)
  const value = got === undefined ? 'nothing' : got.length > 120 ? got.slice(0, 117) + '...' : got
  switch (error.keyword) {
    case 'additionalProperties': return `${where}: unknown field "${error.params.additionalProperty}"`
    case 'required': return `${where}: missing field "${error.params.missingProperty}"`
    case 'enum': return `${where}: ${value} is none of ${JSON.stringify(error.params.allowedValues)}`
    default: return `${where}: ${error.message}, got ${value}`
  }
}

// The deepest complaints say most; "if", "anyOf" and "must be null" only repeat them.
function explain (errors) {
  const useful = errors.filter((e) => !['if', 'anyOf', '$ref'].includes(e.keyword) && e.params.type !== 'null')
  const lines = [...new Set((useful.length ? useful : errors).map(describe))]
  return lines.sort((a, b) => b.split('/').length - a.split('/').length).slice(0, 12)
}

export class WrongShape extends Error {
  constructor (name, lines, where) {
    super(`not a ${name}${where ? ` (${where})` : ''}:\n  ${lines.join('\n  ')}`)
    this.name = 'WrongShape'
  }
}

export function check (name, json, { viewer = 'user', where = '' } = {}) {
  const validate = validator(name, viewer)
  if (!validate(json)) throw new WrongShape(name, explain(validate.errors), where)
  return json
}
