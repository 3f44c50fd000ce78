export interface ExpiringMap<Value> {
  /** Undefined from the moment the value expires. */
  get(key: string): Value | undefined
  /** `expiresAt` in milliseconds since 1970. */
  set(key: string, value: Value, expiresAt: number): void
}

/** Holds `capacity` values at most: the one that came first makes room for the next. */
export function createExpiringMap<Value>(capacity: number): ExpiringMap<Value> {
  const entries = new Map<string, { value: Value; expiresAt: number }>()
  return {
    get(key) {
      const entry = entries.get(key)
      if (!entry) return undefined
      if (Date.now() < entry.expiresAt) return entry.value
      entries.delete(key)
      return undefined
    },
    set(key, value, expiresAt) {
      const [first] = entries.keys()
      if (first !== undefined && entries.size >= capacity) entries.delete(first)
      entries.set(key, { value, expiresAt })
    },
  }
}
