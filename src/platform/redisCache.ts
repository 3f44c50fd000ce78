import { countReads, type Cache, type Entry, type OnRead } from './cache.ts'
import type { RedisConnection } from './redis.ts'
import { defineScript } from './redisScript.ts'

/** ARGV: version, value as JSON, milliseconds. Kept as `<version> <JSON>`; whatever else is found there is replaced. */
const writeScript = defineScript(`
local kept = redis.call('GET', KEYS[1])
if kept then
  local digits, json = string.match(kept, '^(%d+) (.*)$')
  local version, own = tonumber(digits), tonumber(ARGV[2])
  if version and (version > own or version == own and json == 'null' and ARGV[3] ~= 'null') then return 0 end
end
redis.call('SET', KEYS[1], ARGV[2] .. ' ' .. ARGV[3], 'PX', ARGV[4])
return 1
`)

/** Shared by all instances. While Redis does not answer nothing is known and nothing is kept. */
export function createRedisCache(redis: RedisConnection, onRead?: OnRead): Cache {
  return {
    read: (keys) =>
      redis.attempt<(Entry | undefined)[]>(
        async ({ read }) => {
          const found = (await read(keys.map(storedKey))).map(parse)
          countReads(found, onRead)
          return found
        },
        () => {
          onRead?.('error', keys.length)
          return keys.map(() => undefined)
        },
      ),

    async write(key, { version, value }, maxAge) {
      const age = Math.floor(maxAge)
      if (age < 1) return
      await redis.attempt<unknown>(
        ({ run }) => run(writeScript, [storedKey(key)], [version, JSON.stringify(value), age]),
        () => undefined,
      )
    },
  }
}

function storedKey(key: string): string {
  return `cache:${key}`
}

/** What cannot be read is not known. */
function parse(text: string | null): Entry | undefined {
  const [, version, json] = /^(\d+) (.+)$/s.exec(text ?? '') ?? []
  if (version === undefined || json === undefined) return undefined
  try {
    return { version: Number(version), value: JSON.parse(json) as unknown }
  } catch {
    return undefined
  }
}
