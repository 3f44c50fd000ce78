import { createExpiringMap } from './expiringMap.ts'
import type { RedisConnection } from './redis.ts'
import { defineScript } from './redisScript.ts'

/** Times are milliseconds. */
export interface Backoff {
  /** From so many failures in a row on, each is followed by a delay. */
  free: number
  /** After the first of them; it doubles with each further one. */
  firstDelay: number
  longestDelay: number
  /** After so many no further attempt is made until the count is forgotten. */
  most: number
  /** How long fewer than three failures are remembered: names that somebody makes up by the million do not stay. */
  shortMemory: number
  longMemory: number
}

export interface Begun {
  /** Milliseconds until an attempt may be made; 0: go on. */
  wait: number
  /** Failures in a row before this attempt. */
  failures: number
  /** Counted as a failure beforehand, so that of many attempts at once only one gets through. */
  isCounted: boolean
}

export interface FailureCounter {
  begin(key: string): Promise<Begun>
  fail(key: string): Promise<void>
  clear(key: string): Promise<void>
}

interface Count {
  failures: number
  notBefore: number
}

const maxKeys = 100_000

/** Counts failures in a row: in Redis, together with all instances, and alone in this process where Redis fails. */
export function createFailureCounter(
  backoff: Backoff,
  redis?: RedisConnection,
  now: () => number = () => performance.now(),
): FailureCounter {
  const { free, firstDelay, longestDelay, most, shortMemory, longMemory } = backoff
  const counts = createExpiringMap<Count>(maxKeys, now)
  const numbers = [free, firstDelay, longestDelay, most, shortMemory, longMemory]

  function countAlone(key: string, failures: number): void {
    const delay = delayAfter(failures, backoff)
    counts.set(key, { failures, notBefore: now() + delay }, failures < 3 ? shortMemory : longMemory)
  }

  function beginAlone(key: string): Begun {
    const { failures, notBefore } = counts.get(key) ?? { failures: 0, notBefore: 0 }
    const wait = Math.max(0, Math.ceil(notBefore - now()))
    const isCounted = wait === 0 && failures >= free - 1
    if (isCounted) countAlone(key, failures + 1)
    return { wait, failures, isCounted }
  }

  function failAlone(key: string): void {
    countAlone(key, (counts.get(key)?.failures ?? 0) + 1)
  }

  const together = async <Answer>(script: typeof beginScript, key: string, alone: () => Answer): Promise<unknown> =>
    redis ? redis.attempt<unknown>(({ run }) => run(script, [`failures:${key}`], numbers), alone) : alone()

  return {
    async begin(key) {
      const answer = await together(beginScript, key, () => beginAlone(key))
      if (!Array.isArray(answer)) return answer as Begun
      const [wait, failures, counted] = answer as [number, number, number]
      return { wait, failures, isCounted: counted === 1 }
    },
    fail: async (key) => void (await together(failScript, key, () => failAlone(key))),
    async clear(key) {
      counts.delete(key)
      await together(clearScript, key, () => undefined)
    },
  }
}

/** How long after so many failures in a row the next attempt has to wait. `counting` below does the same in Redis. */
function delayAfter(failures: number, { free, firstDelay, longestDelay, most, longMemory }: Backoff): number {
  if (failures >= most) return longMemory
  return failures < free ? 0 : Math.min(firstDelay * 2 ** (failures - free), longestDelay)
}

const counting = `
local free, firstDelay, longestDelay = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local most, shortMemory, longMemory = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local failures, notBefore = 0, 0
local kept = redis.call('GET', KEYS[1])
if kept then failures, notBefore = unpack(cmsgpack.unpack(kept)) end
local function count()
  local after, delay = failures + 1, 0
  if after >= most then delay = longMemory
  elseif after >= free then delay = math.min(firstDelay * 2 ^ (after - free), longestDelay) end
  redis.call('SET', KEYS[1], cmsgpack.pack({after, now + delay}), 'PX', after < 3 and shortMemory or longMemory)
end
`

/** In Lua what the functions above do alone; a test compares the two. */
export const twin = {
  begin: `${counting}
local wait = math.max(0, notBefore - now)
if wait > 0 or failures < free - 1 then return {wait, failures, 0} end
count()
return {0, failures, 1}
`,
  fail: `${counting} count()`,
}

const beginScript = defineScript(twin.begin)
const failScript = defineScript(twin.fail)
const clearScript = defineScript(`redis.call('DEL', KEYS[1])`)
