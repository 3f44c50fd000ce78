// node deploy/k8s/schemas.ts SWAGGER CRD… FOLDER: turns Kubernetes' own description of its API, and definitions of custom
// resources, into the JSON schemas that kubeconform reads, one for each kind. A property that is not described is a fault.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

interface Schema {
  type?: string | string[]
  format?: string
  properties?: Record<string, Schema>
  additionalProperties?: Schema | boolean
  required?: string[]
  items?: Schema
  enum?: unknown[]
  $ref?: string
  'x-kubernetes-group-version-kind'?: Kind[]
  'x-kubernetes-int-or-string'?: boolean
  'x-kubernetes-preserve-unknown-fields'?: boolean
}

interface Kind {
  group: string
  version: string
  kind: string
}

interface CustomResource {
  spec: { group: string; names: { kind: string }; versions: { name: string; schema: { openAPIV3Schema: Schema } }[] }
}

const [swagger = '', ...others] = process.argv.slice(2)
const folder = others.pop() ?? ''
const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'))

/** As kubeconform asks for it. */
const fileOf = ({ group, version, kind }: Kind) =>
  [kind, group.split('.')[0], version].filter(Boolean).join('-').toLowerCase() + '.json'

function close(schema: Schema): Schema {
  const { properties, items, additionalProperties: more, ...rest } = schema
  const isObject = properties !== undefined && !schema['x-kubernetes-preserve-unknown-fields']
  return {
    ...rest,
    ...(isNumberToo(schema) ? { type: ['string', 'number'] } : {}),
    ...(schema['x-kubernetes-int-or-string'] ? { type: ['string', 'integer'] } : {}),
    ...(items ? { items: close(items) } : {}),
    ...(properties ? { properties: mapValues(properties, close) } : {}),
    ...(typeof more === 'object'
      ? { additionalProperties: close(more) }
      : isObject
        ? { additionalProperties: false }
        : {}),
  }
}

/** Described as texts, written as numbers where they are some. */
const isNumberToo = ({ format, type }: Schema) => type === 'string' && format === 'int-or-string'

const mapValues = <Value, Result>(record: Record<string, Value>, change: (value: Value) => Result) =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]))

function write(kind: Kind, schema: Schema, definitions: Record<string, Schema> = {}): void {
  const properties = { apiVersion: {}, kind: {}, metadata: {}, ...schema.properties }
  const required = [...new Set(['apiVersion', 'kind', ...(schema.required ?? [])])]
  writeFileSync(join(folder, fileOf(kind)), JSON.stringify({ ...schema, properties, required, definitions }))
}

mkdirSync(folder, { recursive: true })
const { definitions } = read(swagger) as { definitions: Record<string, Schema> }
definitions['io.k8s.apimachinery.pkg.api.resource.Quantity']!.format = 'int-or-string'
const closed = mapValues(definitions, close)

/** Those a definition leans on, itself included. */
function reachable(name: string, found = new Set<string>()): Set<string> {
  if (found.has(name)) return found
  found.add(name)
  for (const [, next = ''] of JSON.stringify(closed[name]).matchAll(/"#\/definitions\/([^"]+)"/g))
    reachable(next, found)
  return found
}

for (const [name, schema] of Object.entries(closed)) {
  const [kind, ...more] = schema['x-kubernetes-group-version-kind'] ?? []
  // Those of many groups are options of requests, not things.
  if (!kind || more.length > 0) continue
  const needed = [...reachable(name)].map((each): [string, Schema] => [each, closed[each]!])
  write(kind, schema, Object.fromEntries(needed))
}

const metadata = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta'
for (const file of others) {
  const { spec } = read(file) as CustomResource
  for (const { name: version, schema } of spec.versions) {
    const body = close(schema.openAPIV3Schema)
    const kind = { group: spec.group, version, kind: spec.names.kind }
    const needed = [...reachable(metadata)].map((each): [string, Schema] => [each, closed[each]!])
    const properties = { ...body.properties, metadata: { $ref: `#/definitions/${metadata}` } }
    write(kind, { ...body, properties }, Object.fromEntries(needed))
  }
}
