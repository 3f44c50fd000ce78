import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import document from '../../../generated/openapi.json' with { type: 'json' }
import type { components } from '../../../generated/openapi.ts'
import { withServicePatterns } from '../../http/servicePatterns.ts'
import { Problem, type Fault } from '../../problem.ts'

export type ImportRow = components['schemas']['UserImportRow']

const mostFaults = 50
const longestPointer = 256

// The very schemas of `createUser`.
const ajv = new Ajv2020({ strict: false, allErrors: true, verbose: true, validateSchema: false })
addFormats.default(ajv, { mode: 'full' })
ajv.addSchema(withServicePatterns(document), 'contract')

let compiled: ValidateFunction<ImportRow> | undefined

/** Compiled for the first row: most processes meet none, and it would be a tenth of their start. */
const validator = () => (compiled ??= ajv.compile<ImportRow>({ $ref: 'contract#/components/schemas/UserImportRow' }))

/** What a row may have. */
export const rowColumns: readonly string[] = Object.keys(document.components.schemas.UserImportRow.properties)

/** Throws `validation-failed`, with every fault, for what does not fit the contract's schema of a row. */
export function checkRow(row: unknown): ImportRow {
  const validate = validator()
  if (validate(row)) return row
  const faults = (validate.errors ?? []).map(toFault)
  throw new Problem('validation-failed', { errors: withoutEchoes(faults).slice(0, mostFaults) })
}

/** The same codes and words as those of a request (`http/validationProblem.ts`). */
function toFault({ instancePath, keyword, params, message = '', parentSchema }: ErrorObject): Fault {
  if (keyword === 'additionalProperties') {
    const detail = 'is not a property of this request'
    return { in: 'body', ...pointer(`/${escape(String(params.additionalProperty))}`), code: 'unknown-property', detail }
  }
  if (keyword === 'required') {
    return { in: 'body', ...pointer(`/${escape(String(params.missingProperty))}`), code: 'required', detail: message }
  }
  const rule = (parentSchema as { 'x-rule'?: string } | undefined)?.['x-rule']
  const isRule = rule !== undefined && ['pattern', 'not'].includes(keyword)
  const code = keyword.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  return { in: 'body', ...pointer(instancePath), code, detail: isRule ? rule : message }
}

function pointer(text: string): { pointer?: string } {
  return text.length > longestPointer ? {} : { pointer: text }
}

/** RFC 6901 section 3. */
function escape(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}

function withoutEchoes(faults: Fault[]): Fault[] {
  return [...new Map(faults.map((fault) => [`${fault.pointer ?? ''} ${fault.code}`, fault])).values()]
}
