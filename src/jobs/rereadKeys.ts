import type { Logger } from '../platform/logger.ts'
import { KeyFault } from '../security/keyFault.ts'
import type { KeyRing } from '../security/keyRing.ts'
import { rereadSeconds } from '../security/keyTimeline.ts'

export interface KeyReader {
  /** Reads the keys now. Never fails: where they cannot be read the log says so and those read before stay in use. */
  reread: () => Promise<void>
  stop(): void
}

/**
 * Reads the keys anew every minute, so that a rotation needs no restart and no word to any instance. By the content, not
 * by the file's time: that goes back where an older file is put in place.
 */
export function startRereadingKeys(keys: KeyRing, logger: Logger): KeyReader {
  async function reread(): Promise<void> {
    try {
      const isChanged = await keys.reread()
      if (isChanged) logger.info({ kid: keys.signingKey().kid }, 'the keys that sign tokens have changed')
    } catch (error) {
      const reason = error instanceof KeyFault ? error.message : 'the keys cannot be read'
      logger.error({ err: error }, `${reason}; those read before stay in use`)
    }
  }
  const timer = setInterval(() => void reread(), rereadSeconds * 1000).unref()
  return { reread, stop: () => clearInterval(timer) }
}
