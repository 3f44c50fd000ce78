import { error as validatorErrors } from 'express-openapi-validator'
import { patternRules } from '../../generated/contract.ts'
import { Problem, type Fault } from '../problem.ts'
import { jsonPointer } from './jsonPointer.ts'

const mostFaults = 50
const parts: Record<string, Fault['in']> = {
  body: 'body',
  query: 'query',
  params: 'path',
  path: 'path',
  headers: 'header',
}

interface Finding {
  path: string
  message: string
  errorCode?: string
}

/**
 * What the contract's validator refused, together with the `faults` known before; undefined for any other error. Where
 * both speak of the same parameter the earlier one, which saw it as it was sent, counts.
 */
export function validationProblem(error: unknown, faults: Fault[] = []): Problem | undefined {
  if (!(error instanceof validatorErrors.BadRequest)) return undefined
  const found = (error.errors as Finding[]).map(toFault)
  const fresh = found.filter((fault) => !faults.some((known) => known.in === fault.in && known.name === fault.name))
  return problemOf([...faults, ...fresh])
}

/** The problem that tells of these faults, of as many as one answer has room for. */
export function problemOf(faults: Fault[]): Problem {
  return new Problem('validation-failed', { errors: withoutEchoes(faults).slice(0, mostFaults) })
}

/** The validator's paths read `/body/email`, `/query/limit`; a fault of a whole body reads `/body`. */
function toFault({ path, message, errorCode }: Finding): Fault {
  const [, part = 'body', ...rest] = path.split('/')
  const where = parts[part] ?? 'body'
  const code = kebabCase(errorCode?.replace(/\.openapi\..*$/, '') ?? 'invalid')
  const name = rest.join('/')
  if (code === 'additional-properties') {
    // Its name comes as it was sent. The bodies of this contract are flat, so all of it is one step.
    const place = where === 'body' ? jsonPointer([name]) : { name }
    return { in: where, ...place, code: 'unknown-property', detail: 'is not a property of this request' }
  }
  if (where === 'header') return { in: where, name: headerName(name), code, detail: patternRule(message) ?? message }
  const place = where === 'body' ? { pointer: rest.map((step) => `/${step}`).join('') } : { name }
  return { in: where, ...place, code, detail: patternRule(message) ?? message }
}

/** The validator has them in lower case, the contract as they are usually written. */
function headerName(name: string): string {
  return name.replace(/(?<![a-z])[a-z]/g, (letter) => letter.toUpperCase())
}

/** The contract says in words (`x-rule`) what a pattern wants; nobody should have to read the pattern. */
function patternRule(message: string): string | undefined {
  const pattern = /^must match pattern "(.*)"$/s.exec(message)?.[1]
  return pattern === undefined ? undefined : (patternRules as Record<string, string>)[pattern]
}

/** Alternatives (`oneOf`) report each branch that failed; the same sentence about the same place is said once. */
function withoutEchoes(faults: Fault[]): Fault[] {
  const seen = new Map(faults.map((fault) => [`${fault.in} ${fault.pointer ?? fault.name ?? ''} ${fault.code}`, fault]))
  return [...seen.values()]
}

function kebabCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
