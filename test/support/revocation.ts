import { setTimeout as sleep } from 'node:timers/promises'
import { inTransaction } from '../../src/db/transaction.ts'
import { issueMailToken } from '../../src/domain/mailToken.ts'
import type { Api, Sent } from './api.ts'
import { addPerson, password, signIn, type SignedIn } from './people.ts'

/** Two instances on one database. */
export interface Pair {
  a: Api
  b: Api
  admin: SignedIn
}

interface Victim {
  id: string
  /** The one that is to be refused. */
  token: string
  sessionId: string
  /** Of another session of the same person. */
  otherToken: string
  resetToken: string
}

const change = { current_password: password, new_password: 'eleven calm otters' }
const chosen = { new_password: change.new_password }

type Request = [method: string, path: string, sent: Sent]

/** Everything after which a moderator's access token may no longer list the users. */
const acts = {
  logout: ({ token }) => ['POST', '/v1/auth/logout', { token }],
  endMySession: ({ sessionId, otherToken: token }) => ['DELETE', `/v1/auth/sessions/${sessionId}`, { token }],
  endMyOtherSessions: ({ otherToken: token }) => ['DELETE', '/v1/auth/sessions', { token }],
  endUserSessions: ({ id }, token) => ['DELETE', `/v1/users/${id}/sessions`, { token }],
  deactivate: ({ id }, token) => ['PATCH', `/v1/users/${id}`, { token, body: { is_active: false } }],
  delete: ({ id }, token) => ['DELETE', `/v1/users/${id}`, { token }],
  demote: ({ id }, token) => ['PATCH', `/v1/users/${id}`, { token, body: { role: 'user' } }],
  changePassword: ({ otherToken: token }) => ['PUT', '/v1/auth/password', { token, body: change }],
  resetPassword: ({ resetToken: token }) => ['POST', '/v1/auth/password/reset', { body: { ...chosen, token } }],
  setUserPassword: ({ id }, token) => ['PUT', `/v1/users/${id}/password`, { token, body: chosen }],
} satisfies Record<string, (victim: Victim, adminToken: string) => Request>

export type Act = keyof typeof acts
export const allActs = Object.keys(acts) as Act[]

interface Seen {
  sentAt: number
  status: number
}

export interface Outcome {
  act: Act
  instance: 'a' | 'b'
  /** Milliseconds from the answer to the act until the last request was sent that was still accepted; 0 where none was. */
  acceptedFor: number
  /** The statuses of all requests, each once, in the order of their first appearance. */
  statuses: number[]
}

/** When things break and mend, around the acts. */
export interface Fault {
  before?: () => Promise<unknown>
  /** At once after the acts. */
  after?: () => Promise<unknown>
  /** Some 300 ms after the acts. */
  later?: () => Promise<unknown>
}

/**
 * Lets each act happen on instance A to somebody of its own, while that person's token is in use on both instances every
 * 50 ms: from before the act until 1.5 seconds after the last thing that happened.
 */
export async function revoke(pair: Pair, names: Act[], { before, after, later }: Fault = {}): Promise<Outcome[]> {
  using watches = watchTogether()
  const watched = await Promise.all(
    names.map(async (act) => {
      const victim = await addVictim(pair.a)
      const [a, b] = await Promise.all([pair.a, pair.b].map((api) => watches.watch(api, victim.token)))
      return { act, victim, a: a!, b: b! }
    }),
  )
  await sleep(200)
  await before?.()
  const ended = await Promise.all(
    watched.map(async ({ act, victim }) => {
      const status = await send(pair.a, acts[act](victim, pair.admin.token))
      const answeredAt = performance.now()
      if (status >= 300) throw new Error(`${act} was answered ${status}`)
      return answeredAt
    }),
  )
  await after?.()
  if (later) {
    await sleep(300)
    await later()
  }
  await sleep(1500)
  watches.stop()
  const outcomes = watched.flatMap(({ act, a, b }, index) =>
    (['a', 'b'] as const).map(async (instance) => {
      const seen = await { a, b }[instance].seen
      const accepted = seen.filter(({ status }) => status === 200).map(({ sentAt }) => sentAt)
      const acceptedFor = Math.max(0, (accepted.at(-1) ?? 0) - ended[index]!)
      return { act, instance, acceptedFor, statuses: [...new Set(seen.map(({ status }) => status))] }
    }),
  )
  return Promise.all(outcomes)
}

/** Whether the instance counted Redis as down at some time: a machine that is busy enough lets that happen by itself. */
export function hasLostRedis({ log }: Api): boolean {
  return log.some(({ msg }) => String(msg).startsWith('Redis does not answer'))
}

async function addVictim(api: Api): Promise<Victim> {
  const { id, username, email } = await addPerson(api, { role: 'moderator' })
  const [{ token }, other] = [await signIn(api, username), await signIn(api, username)]
  const reset = { purpose: 'password-reset' as const, userId: id, email }
  const { sid } = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { sid: string }
  return {
    id,
    token,
    sessionId: sid,
    otherToken: other.token,
    resetToken: await inTransaction(api.context.db, (tx) => issueMailToken(tx, reset)),
  }
}

/** Uses the token for something that depends on nothing but its session and the role of its user. */
export function use(api: Api, token: string): Promise<number> {
  return send(api, ['GET', '/v1/users?limit=1', { token }])
}

/** Without the checks of `api.send`, which would blur the time of the answer. */
async function send({ url }: Api, [method, path, { token = '', body }]: Request): Promise<number> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const answer = await fetch(url + path, { method, headers, body: body === undefined ? null : JSON.stringify(body) })
  await answer.arrayBuffer()
  return answer.status
}

/** Whatever becomes of the one who watches, nobody goes on looking after it. */
function watchTogether() {
  let isOn = true
  const stop = (): void => void (isOn = false)

  /** Begins with an answer: on a busy machine the first one may take longer than any pause before the act. */
  async function watch(api: Api, token: string): Promise<{ seen: Promise<Seen[]> }> {
    const seen: Seen[] = []
    async function look(): Promise<void> {
      const sentAt = performance.now()
      seen.push({ sentAt, status: await use(api, token) })
    }
    async function go(): Promise<Seen[]> {
      for (; isOn; await sleep(50)) await look()
      return seen
    }
    await look()
    const going = go()
    going.catch(() => undefined)
    return { seen: going }
  }

  return { watch, stop, [Symbol.dispose]: stop }
}
