import { randomInt } from 'node:crypto'
import { hash as bcrypt } from '@node-rs/bcrypt'
import { post } from './client.ts'
import { percentile } from './closedLoop.ts'
import { bothCores } from './cores.ts'
import { withClient, type Credentials } from './people.ts'
import { startService } from './servers.ts'
import type { Outcome, Stage } from './stage.ts'
import { table } from './table.ts'

const tries = 200
/** A hash of cost 14 takes a second. */
const dearTries = 30
const atOnce = 2
const limits = { milliseconds: 5, share: 0.1 }

/** Each has accounts of its own, so many that none is tried twice. */
const unlike = ['unknown', 'wrong', 'disabled', 'deleted', 'unverified', 'bcrypt 12', 'bcrypt 14'] as const
type Kind = (typeof unlike)[number]

/**
 * Failed sign-ins of every kind, in turn, on a service with its limits off: whether their times tell one kind from another.
 * Disabled and deleted accounts are tried with their right password, the others with a wrong one.
 */
export async function runOracle(stage: Stage): Promise<Outcome> {
  const { setup, credentials } = stage
  await prepareAccounts(setup.databaseUrl, credentials)
  const service = await stage.keep(startService(setup, { cores: bothCores, env: { RATE_LIMIT_AUTH_PER_MINUTE: '0' } }))
  const refuse = async (kind: Kind, index: number): Promise<number> => {
    const isRight = kind === 'disabled' || kind === 'deleted'
    const body = { username: nameOf(kind, index), password: isRight ? credentials.password : 'not it at all' }
    const before = performance.now()
    const { status } = await post(`${service.base}/v1/auth/login`, body)
    if (status !== 401) throw new Error(`${kind} was answered ${status}`)
    return performance.now() - before
  }
  for (let index = 0; index < 10; index += 1) await refuse('unknown', index)
  const ours = await inTurn(unlike.slice(0, 5), tries, refuse)
  // The first of its kind to be verified tells the service what it costs.
  await refuse('bcrypt 14', dearTries)
  const withDear = await inTurn(['unknown', 'wrong', 'bcrypt 12', 'bcrypt 14'], dearTries, refuse)
  const rows = [...rowsOf(ours, ''), ...rowsOf(withDear, ', among imported hashes')]
  return {
    table: table(
      [
        'a sign-in refused for',
        'tries',
        'p25 ms',
        'median ms',
        'p75 ms',
        `off the first (limit ${limits.milliseconds} ms)`,
      ],
      ...rows,
    ),
    isWithinLimits: [ours, withDear].every(areAlike),
  }
}

type Times = Map<Kind, number[]>

/** In an order of chance: one kind must not always follow the same other one. */
async function inTurn(
  kinds: readonly Kind[],
  count: number,
  refuse: (kind: Kind, index: number) => Promise<number>,
): Promise<Times> {
  const times: Times = new Map(kinds.map((kind) => [kind, []]))
  const turns = kinds.flatMap((kind) =>
    Array.from({ length: count }, (_, index) => ({ kind, index, rank: randomInt(2 ** 47) })),
  )
  turns.sort((one, other) => one.rank - other.rank)
  const work = async (): Promise<void> => {
    for (let turn = turns.pop(); turn; turn = turns.pop()) {
      times.get(turn.kind)?.push(await refuse(turn.kind, turn.index))
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return times
}

function rowsOf(times: Times, remark: string): string[][] {
  const first = medianOf([...times.values()][0])
  return [...times].map(([kind, values]) => [
    kind + remark,
    String(values.length),
    ...[0.25, 0.5, 0.75].map((share) => percentile(values, share).toFixed(1)),
    (medianOf(values) - first).toFixed(1),
  ])
}

function areAlike(times: Times): boolean {
  const medians = [...times.values()].map(medianOf)
  const [least, most] = [Math.min(...medians), Math.max(...medians)]
  return most - least < limits.milliseconds && (most - least) / least < limits.share
}

function medianOf(values: readonly number[] = []): number {
  return percentile(values, 0.5)
}

/** Of the people that can sign in, 200 for each kind; `unknown` are nobody, `unverified` have but registered. */
function nameOf(kind: Kind, index: number): string {
  const position = unlike.indexOf(kind)
  if (kind === 'unknown') return `nobody${index}`
  return kind === 'unverified' ? `newcomer${index}` : `person${position * tries + index + 1}`
}

async function prepareAccounts(databaseUrl: string, { password, passwordHash }: Credentials): Promise<void> {
  const people = (kind: Kind) => [Array.from({ length: tries }, (_, index) => nameOf(kind, index))]
  const where = 'WHERE username = ANY($1)'
  await withClient(databaseUrl, async (client) => {
    await client.query(`UPDATE users SET is_active = false ${where}`, people('disabled'))
    await client.query(`UPDATE users SET deleted_at = now() ${where}`, people('deleted'))
    for (const [kind, cost] of [
      ['bcrypt 12', 12],
      ['bcrypt 14', 14],
    ] as const) {
      await client.query(`UPDATE users SET password_hash = $2 ${where}`, [
        ...people(kind),
        await bcrypt(password, cost),
      ])
    }
    await client.query(
      `INSERT INTO registrations (id, username, email, password_hash, expires_at)
       SELECT gen_random_uuid(), name, name || '@example.com', $2, now() + interval '1 day' FROM unnest($1::text[]) AS name`,
      [...people('unverified'), passwordHash],
    )
  })
}
