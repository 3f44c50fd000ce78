import { setTimeout as wait } from 'node:timers/promises'

/** Ends early, without a fuss, where `signal` says so or has said so; leaves nothing behind on it, however often it runs. */
export async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  await wait(milliseconds, undefined, { signal }).catch(() => undefined)
}
