import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { declaredResponses, faultsOf, findOperation, problemSchema, resolve } from './contract.ts'

export interface Answer {
  status: number
  /** Names in lower case. */
  headers: Record<string, string>
  text: string
  /** The parsed JSON, where it is JSON. */
  body: never
}

/** Clients act upon these, so that none may come as a surprise. */
const telling = [
  ...['ratelimit', 'ratelimit-policy', 'retry-after', 'www-authenticate', 'location', 'link'],
  ...['accept', 'accept-encoding', 'accept-patch'],
]
const always = ['x-request-id', 'cache-control', 'x-content-type-options', 'content-security-policy', 'referrer-policy']

/**
 * Holds an answer against the contract and throws what is wrong with it: an undeclared status, type, body or header,
 * or one of the headers that every answer carries. Remembers that the operation gave this status.
 */
export function checkAnswer(method: string, path: string, answer: Answer): void {
  const faults = [...missingHeaders(answer), ...contractFaults(method, path, answer)]
  if (faults.length === 0) return
  throw new Error(
    `${method} ${path} answered ${answer.status} against the contract:\n  ${faults.join('\n  ')}\n${answer.text}`,
  )
}

function missingHeaders({ headers }: Answer): string[] {
  return always.filter((name) => headers[name] === undefined).map((name) => `no ${name}`)
}

function contractFaults(method: string, path: string, answer: Answer): string[] {
  const { status, headers, text, body } = answer
  const mediaType = headers['content-type']?.replace(/; charset=utf-8$/, '')
  const id = findOperation(method, path)
  const isProblem = mediaType === 'application/problem+json'
  if (id === undefined) return status >= 400 ? problemFaults(isProblem, body) : []
  const declared = declaredResponses(id)[status]
  // A path that exists answers other methods and broken requests, too.
  if (!declared)
    return [405, 408, 414, 431].includes(status) ? problemFaults(isProblem, body) : [`status ${status} is not declared`]
  remember(id, status)
  const required = Object.entries(declared.headers ?? {}).filter(
    ([, header]) => resolve<{ required?: boolean }>(header).required,
  )
  const faults = required.filter(([name]) => headers[name.toLowerCase()] === undefined).map(([name]) => `no ${name}`)
  const named = Object.keys(declared.headers ?? {}).map((name) => name.toLowerCase())
  const surprises = telling.filter((name) => headers[name] !== undefined && !named.includes(name))
  faults.push(...surprises.map((name) => `${name} is not declared`))
  if (method === 'HEAD') return faults
  if (!declared.content) return text === '' ? faults : [...faults, 'a body where none is declared']
  const content = mediaType === undefined ? undefined : declared.content[mediaType]
  return content ? [...faults, ...faultsOf(content.schema, body)] : [...faults, `type ${mediaType} is not declared`]
}

function problemFaults(isProblem: boolean, body: unknown): string[] {
  return isProblem ? faultsOf(problemSchema, body) : ['not a problem']
}

function remember(id: string, status: number): void {
  const folder = process.env.TEST_RECORD_FOLDER
  if (folder === undefined) return
  appendFileSync(join(folder, `answers-${process.pid}.txt`), `${id} ${status}\n`)
}
