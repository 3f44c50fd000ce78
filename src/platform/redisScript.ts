import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'
import { isReply } from './redisFailure.ts'

export interface Script {
  source: string
  /** By which Redis knows it once it has seen it. */
  sha: string
}

/**
 * What every script begins with: the time of Redis, by which all instances count, and a guard. A command that lay in a
 * frozen Redis, or on the way to it, must not be carried out after its sender has gone on without it.
 */
const preamble = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if now > tonumber(ARGV[1]) then return redis.error_reply('LATE the sender has gone on') end
`

const known: Script[] = []

/** A script of ours. Its body finds the time in milliseconds as `now` and its arguments from `ARGV[2]` on. */
export function defineScript(body: string): Script {
  const source = preamble + body
  const script = { source, sha: createHash('sha1').update(source).digest('hex') }
  known.push(script)
  return script
}

/** Redis forgets them at a restart. */
export async function loadScripts(redis: Redis): Promise<void> {
  await Promise.all(known.map(({ source }) => redis.script('LOAD', source)))
}

/** Sends the name of the script alone, and the whole where Redis does not know it although it was loaded. */
export async function runScript(
  redis: Redis,
  { source, sha }: Script,
  keys: string[],
  args: (string | number)[],
): Promise<unknown> {
  try {
    return await redis.evalsha(sha, keys.length, ...keys, ...args)
  } catch (error) {
    if (!isReply(error) || !error.message.startsWith('NOSCRIPT')) throw error
    return redis.eval(source, keys.length, ...keys, ...args)
  }
}
