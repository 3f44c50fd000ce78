/**
 * Lets callers who want the same thing at the same time share one load: `share(key, load)`. One that began `maxAge`
 * milliseconds ago or earlier is not joined any more: what it will answer may be that old.
 */
export function createSingleFlight<Value>(maxAge: number): (key: string, load: () => Promise<Value>) => Promise<Value> {
  const underWay = new Map<string, { began: number; loading: Promise<Value> }>()
  return (key, load) => {
    const shared = underWay.get(key)
    if (shared && performance.now() - shared.began < maxAge) return shared.loading
    const began = performance.now()
    const loading = load().finally(() => {
      if (underWay.get(key)?.loading === loading) underWay.delete(key)
    })
    underWay.set(key, { began, loading })
    return loading
  }
}
