import { createHmac, type KeyObject } from 'node:crypto'
import type { OperationId } from '../../generated/contract.ts'
import type { Tx } from '../db/database.ts'
import { isLockTimeout } from '../db/errors.ts'
import { Problem } from '../problem.ts'
import { findKey, insertKey, lockKey, type IdempotencyKeyRow } from '../queries/idempotencyKeys.ts'
import type { Actor } from '../security/actor.ts'
import type { KeyRing } from '../security/keyRing.ts'
import { networkOf } from '../security/network.ts'
import { hashSecret, sealWith, unsealWith } from '../security/secrets.ts'
import type { Client } from './client.ts'

/** A handler's input, and which handler. A body that is a stream is replaced by what tells it from others. */
export interface NamedRequest {
  operation: OperationId
  path: object
  query: object
  header: { 'Idempotency-Key'?: string }
  body: unknown
  actor: Actor | undefined
  client: Client
}

interface Answer {
  status: number
  headers?: object
  body?: unknown
}

/**
 * Does the work of a request once, however often it is sent under its `Idempotency-Key`, and answers every time what the
 * first was answered; the record of it is written in the transaction of the work. Without a key it is just done. What
 * `work` throws leaves no record. Of two at once the second waits for the first. Who may ask is the caller's to see to.
 *
 * @throws Problem `idempotency-key-reused` where the key came with another request within 24 hours; `conflict` where the
 *   first is still running after the time that locks are waited for.
 */
export async function once<A extends Answer>(
  tx: Tx,
  keys: Pick<KeyRing, 'derive'>,
  request: NamedRequest,
  work: () => Promise<A>,
): Promise<A> {
  const key = request.header['Idempotency-Key']
  if (key === undefined) return work()
  const keyHash = hashKey(bareKey(key), request)
  await lockKey(tx, keyHash).catch((error: unknown) => {
    throw isLockTimeout(error) ? stillRunning(error) : error
  })
  const secrets = secretsOf(request, keys)
  const known = await findKey(tx, keyHash)
  if (known) return replay<A>(known, secrets)
  const answer = await work()
  await insertKey(tx, {
    key_hash: keyHash,
    fingerprint: hashSecret(secrets[0]),
    sealed_answer: sealWith(secrets[0], JSON.stringify(answer)),
  })
  return answer
}

/** The draft's form is a string in quotes, the usual one the same without; they are one key. */
export function bareKey(key: string): string {
  return key.startsWith('"') ? key.slice(1, -1).replace(/\\(.)/g, '$1') : key
}

/** Each person has keys of their own, as has, where nobody is signed in, each network. */
function hashKey(key: string, { operation, actor, client }: NamedRequest): Buffer {
  return hashSecret(JSON.stringify([operation, actor?.id ?? networkOf(client.ip), key]))
}

/**
 * What only this request and the service make together, by each key of the ring: whoever reads the database can neither
 * read the answer nor try passwords.
 */
function secretsOf({ path, query, body }: NamedRequest, keys: Pick<KeyRing, 'derive'>): [string, ...string[]] {
  const text = canonical([path, query, body])
  const [first, ...others] = keys.derive('idempotency keys')
  const sign = (key: KeyObject): string => createHmac('sha256', key).update(text).digest('base64url')
  return [sign(first), ...others.map(sign)]
}

/** The same text for the same values, whatever the order of their properties. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, each: unknown) => {
    const isObject = typeof each === 'object' && each !== null && !Array.isArray(each)
    return isObject ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each
  })
}

function replay<A extends Answer>({ fingerprint, sealed_answer: sealed }: IdempotencyKeyRow, secrets: string[]): A {
  const secret = secrets.find((each) => hashSecret(each).equals(fingerprint))
  if (secret === undefined) {
    throw new Problem('idempotency-key-reused', {
      errors: [{ ...header, code: 'reused', detail: 'came with another request before' }],
    })
  }
  const answer = JSON.parse(unsealWith(secret, sealed)) as A
  return { ...answer, headers: { ...answer.headers, 'Idempotent-Replayed': 'true' } }
}

function stillRunning(cause: unknown): Problem {
  return new Problem('conflict', {
    detail: 'A request with the same Idempotency-Key is still running. Send it again in a moment.',
    errors: [{ ...header, code: 'in-progress', detail: 'belongs to a request that is still running' }],
    cause,
  })
}

const header = { in: 'header', name: 'Idempotency-Key' } as const
