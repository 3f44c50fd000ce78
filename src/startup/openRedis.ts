import type { Logger } from '../platform/logger.ts'
import { connectRedis, type RedisConnection } from '../platform/redis.ts'

/** Connects where there is a `REDIS_URL`, whether or not Redis answers, and keeps the log informed. */
export async function openRedis(url: string | undefined, logger: Logger): Promise<RedisConnection | undefined> {
  if (url === undefined) return undefined
  return connectRedis(url, {
    onStateChange: ({ isUp, cause }) => {
      if (isUp) logger.info('Redis answers: cache and limits are shared')
      else logger.warn({ cause }, 'Redis does not answer: this instance limits by itself and reads from the database')
    },
  })
}
