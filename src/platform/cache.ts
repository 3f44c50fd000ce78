import { createExpiringMap } from './expiringMap.ts'

/** A value with the version it belongs to; `null` says that there is nothing any more (a tombstone). */
export interface Entry {
  version: number
  value: unknown
}

/** A versioned cache. It may forget at any time, and never answers an older version once a newer one was written. */
export interface Cache {
  /** In the order of the keys; undefined for what is not known. A cache that fails knows nothing. */
  read(keys: string[]): Promise<(Entry | undefined)[]>
  /**
   * Keeps the entry for `maxAge` milliseconds unless a newer version is there, or the tombstone of this one. Take off
   * what has passed since the value was read, or a slow reader brings back what an expired newer version had replaced.
   */
  write(key: string, entry: Entry, maxAge: number): Promise<void>
}

/** Told how the look-up of so many keys went; an error is a cache that did not answer. */
export type OnRead = (result: 'hit' | 'miss' | 'error', keys: number) => void

/** In the process, `maxEntries` at most: the oldest go first. */
export function createMemoryCache({ maxEntries, onRead }: { maxEntries: number; onRead?: OnRead }): Cache {
  const entries = createExpiringMap<Entry>(maxEntries, () => performance.now())
  return {
    read(keys) {
      const found = keys.map((key) => entries.get(key))
      countReads(found, onRead)
      return Promise.resolve(found)
    },
    write(key, entry, maxAge) {
      const kept = entries.get(key)
      if (!kept || !outranks(kept, entry)) entries.set(key, entry, maxAge)
      return Promise.resolve()
    },
  }
}

export function countReads(found: readonly (Entry | undefined)[], onRead?: OnRead): void {
  const hits = found.filter((entry) => entry !== undefined).length
  onRead?.('hit', hits)
  onRead?.('miss', found.length - hits)
}

function outranks(kept: Entry, entry: Entry): boolean {
  return kept.version > entry.version || (kept.version === entry.version && kept.value === null && entry.value !== null)
}
