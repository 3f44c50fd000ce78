interface Kept<Value> {
  value: Value
  expiresAt: number
}

export interface ExpiringMap<Value> {
  get(key: string): Value | undefined
  /** Keeps the value for `age` milliseconds from now. */
  set(key: string, value: Value, age: number): void
  delete(key: string): void
  readonly size: number
}

/**
 * A map that forgets: what has expired, and beyond `maxEntries` what was written longest ago, so that no flood of keys
 * can fill the memory. `now` is a clock in milliseconds that never goes back.
 */
export function createExpiringMap<Value>(maxEntries: number, now: () => number): ExpiringMap<Value> {
  const entries = new Map<string, Kept<Value>>()

  /** Looks at the two oldest for each one that is added: those that have expired are gone sooner than new ones come. */
  function tidy(): void {
    let looked = 0
    for (const [key, { expiresAt }] of entries) {
      if (expiresAt <= now() || entries.size > maxEntries) entries.delete(key)
      looked += 1
      if (looked === 2) return
    }
  }

  return {
    get(key) {
      const kept = entries.get(key)
      return kept && kept.expiresAt > now() ? kept.value : undefined
    },
    set(key, value, age) {
      entries.delete(key)
      entries.set(key, { value, expiresAt: now() + age })
      tidy()
    },
    delete: (key) => void entries.delete(key),
    get size() {
      return entries.size
    },
  }
}
