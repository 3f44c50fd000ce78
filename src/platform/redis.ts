import { Redis } from 'ioredis'
import { causeOf, isLate, isOutage } from './redisFailure.ts'
import { loadScripts, runScript, type Script } from './redisScript.ts'
import { withTimeLimit } from './timeLimit.ts'

export interface RedisState {
  isUp: boolean
  /** Why it is down: a code such as `TIMEOUT`, `ECONNREFUSED`, `LOADING`, `READONLY` or `OOM`; never a command or an address. */
  cause?: string
}

export interface RedisCommands {
  read: (keys: string[]) => Promise<(string | null)[]>
  run: (script: Script, keys: string[], args: (string | number)[]) => Promise<unknown>
}

export interface RedisConnection {
  /**
   * Runs `work`, which is one command, while Redis is up; once more where Redis refused that as late. Where it is not up,
   * and where the work fails, the fallback answers: this never throws for Redis.
   */
  attempt<Value>(
    work: (commands: RedisCommands) => Promise<Value>,
    fallback: () => Value | Promise<Value>,
  ): Promise<Value>
  state(): RedisState
  close(): void
}

/** Milliseconds that a request waits for Redis, once: then Redis counts as down. */
const patience = 150
/** Milliseconds between two heartbeats: how soon a Redis that is down is used again. */
const heartbeat = 1000

/**
 * Connects without waiting longer than a second, and for ever: whatever happens to Redis, nobody waits for it more than
 * once. A heartbeat in the background finds out that Redis is gone, and alone finds out that it is back.
 * @param onStateChange is told once when Redis goes and once when it returns.
 */
export async function connectRedis(
  url: string,
  { onStateChange }: { onStateChange: (state: RedisState) => void },
): Promise<RedisConnection> {
  const redis = new Redis(url, {
    // The keys of a release that writes them differently get another number.
    keyPrefix: 'user-management:1:',
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 1000,
    disconnectTimeout: 500,
    // Of the handshake; requests wait for `patience`.
    commandTimeout: 1000,
    // A connection that says nothing to five heartbeats is replaced: the machine at its other end may be gone.
    socketTimeout: 5000,
    retryStrategy: (attempts) => Math.min(attempts * 100, 2000),
  })
  let state: RedisState = { isUp: false, cause: 'NOT_CONNECTED' }
  let isKnown = false
  let isBeating = false
  /** What the clock of Redis shows more than ours, in milliseconds; too much by the time a heartbeat takes to get there. */
  let clockOffset = 0
  let connectionError: unknown

  function change(next: RedisState): void {
    const isNews = !isKnown || next.isUp !== state.isUp
    isKnown = true
    state = next
    if (isNews) onStateChange(next)
  }

  async function probe(): Promise<void> {
    if (isBeating) return
    isBeating = true
    if (!state.isUp) void loadScripts(redis).catch(() => undefined)
    const sent = performance.now()
    try {
      // Writes, too, because that is what a replica and a Redis without memory refuse.
      const beat = Promise.all([redis.time(), redis.set('heartbeat', '', 'PX', heartbeat)])
      const [[seconds, microseconds]] = await withTimeLimit(beat, patience)
      clockOffset = Number(seconds) * 1000 + Number(microseconds) / 1000 - sent
      change({ isUp: true })
    } catch (error) {
      change({ isUp: false, cause: redis.status === 'ready' ? causeOf(error) : causeOf(connectionError) })
    } finally {
      isBeating = false
    }
  }

  const commands: RedisCommands = {
    read: (keys) => redis.mget(keys),
    run: (script, keys, args) => {
      const notAfter = Math.ceil(performance.now() + patience + clockOffset)
      return runScript(redis, script, keys, [notAfter, ...args])
    },
  }

  // Told of by the heartbeat that fails for it: a server that is away would fill the log.
  redis.on('error', (error) => (connectionError = error))
  await withTimeLimit(redis.connect(), 1000).catch(() => undefined)
  await probe()
  redis.on('ready', () => void probe())
  const timer = setInterval(() => void probe(), heartbeat).unref()

  return {
    state: () => state,
    async attempt(work, fallback) {
      if (!state.isUp) return fallback()
      const go = () => withTimeLimit(work(commands), patience)
      try {
        // Late, though we are still here: it was this process that had no time to send or to read. Once more, then.
        return await go().catch((error: unknown) => {
          if (isLate(error)) return go()
          throw error
        })
      } catch (error) {
        if (isOutage(error)) change({ isUp: false, cause: causeOf(error) })
        return fallback()
      }
    },
    close() {
      clearInterval(timer)
      isBeating = true
      redis.disconnect()
    },
  }
}
