// Every method of masto.js's clients, found in the type declarations of the package that is installed.
// "v1.statuses.$select.fetch" → {path, params: names of required parameters, optional}
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import ts from 'typescript'

const root = dirname(createRequire(import.meta.url).resolve('masto/package.json'))

function methodsOf (declarations) {
  const file = join(root, 'dist/esm/mastodon', declarations)
  const program = ts.createProgram([file], { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, target: ts.ScriptTarget.ES2022, skipLibCheck: true, strict: true })
  const checker = program.getTypeChecker()
  const client = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file))).find((one) => one.name === 'Client')
  const methods = []

  function requiredFields (symbol, at) {
    const type = checker.getTypeOfSymbolAtLocation(symbol, at)
    const declaration = symbol.valueDeclaration
    if (declaration?.questionToken || declaration?.initializer) return null
    const parts = type.isUnion() ? type.types : [type]
    return parts[0].getProperties().filter((one) => !(one.flags & ts.SymbolFlags.Optional)).map((one) => one.name)
  }

  function walk (type, path, at, depth) {
    if (depth > 8) throw new Error(`${path.join('.')}: too deep`)
    for (const property of type.getProperties()) {
      if (property.name.startsWith('__@')) continue // well-known symbols
      const node = property.valueDeclaration || property.declarations?.[0] || at
      const own = checker.getTypeOfSymbolAtLocation(property, node)
      const [call] = own.getCallSignatures()
      if (!call) { walk(own, [...path, property.name], node, depth + 1); continue }
      if (property.name === '$select') { walk(call.getReturnType(), [...path, '$select'], node, depth + 1); continue }
      const [first] = call.getParameters()
      const required = first ? requiredFields(first, node) : null
      methods.push({ path: [...path, property.name].join('.'), needs: required })
    }
  }
  walk(checker.getDeclaredTypeOfSymbol(client), [], client.declarations[0], 0)
  return methods
}

export const mastoMethods = () => methodsOf('rest/client.d.ts')
// "user.notification.subscribe"
export const mastoStreams = () => methodsOf('streaming/client.d.ts').map(({ path }) => path).filter((path) => path.endsWith('.subscribe'))
