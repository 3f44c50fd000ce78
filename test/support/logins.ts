import type { Api } from './api.ts'
import type { Answer } from './checkAnswer.ts'
import type { TestDatabase } from './database.ts'

let lastAddress = 0

/** An address that nobody has come from before. */
export function newAddress(): string {
  lastAddress += 1
  return `198.51.${(lastAddress >> 8) & 255}.${lastAddress & 255}`
}

export const sameAddress = '203.0.113.9'

interface Attempt {
  /** As a trusted proxy tells it; a new address where it is left out. */
  from?: string
  /** Wrong where it is left out. */
  secret?: string
}

/** Signs in through a proxy, which the instance has to trust (`TRUST_PROXY: '1'`). */
export function logIn(api: Api, identifier: string, { from = newAddress(), secret = 'not it at all' }: Attempt) {
  const body = { identifier, password: secret }
  return api.send('POST', '/v1/auth/login', { body, headers: { 'x-forwarded-for': from } })
}

export function statusesOf(answers: Answer[]): number[] {
  return answers.map(({ status }) => status)
}

/** All at once. */
export function times<Result>(count: number, make: (round: number) => Promise<Result>): Promise<Result[]> {
  return Promise.all(Array.from({ length: count }, (_, round) => make(round)))
}

/** `"auth";r=0;t=42` as its parts. */
export function parseLimit(field: string | undefined): { name: string; numbers: Record<string, number> } {
  const [name = '', ...parameters] = (field ?? '').split(';')
  expect(name).toMatch(/^"[a-z]+"$/)
  for (const parameter of parameters) expect(parameter).toMatch(/^[a-z]=\d{1,15}$/)
  const numbers = Object.fromEntries(parameters.map((each) => [each[0]!, Number(each.slice(2))]))
  return { name, numbers }
}

/** A 429 whose fields agree. Answers the seconds to wait. */
export function expectRefused(answer: Answer | undefined): number {
  expect(answer).toMatchObject({ status: 429, body: { type: '/problems/rate-limited' } })
  const seconds = answer!.headers['retry-after']!
  expect(seconds).toMatch(/^[1-9]\d*$/)
  expect(parseLimit(answer!.headers.ratelimit).numbers).toEqual({ r: 0, t: Number(seconds) })
  return Number(seconds)
}

/** How many failed sign-ins were looked at: each of them is an event, those that were refused unseen are none. */
export async function countEvaluated(database: TestDatabase): Promise<number> {
  return (await database.query("SELECT 1 FROM audit_events WHERE action = 'login.failed'")).length
}
