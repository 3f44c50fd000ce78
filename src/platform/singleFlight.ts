/** Lets callers who want the same thing at the same time share one load: `share(key, load)`. */
export function createSingleFlight<Value>(): (key: string, load: () => Promise<Value>) => Promise<Value> {
  const underWay = new Map<string, Promise<Value>>()
  return (key, load) => {
    const shared = underWay.get(key)
    if (shared) return shared
    const loading = load().finally(() => underWay.delete(key))
    underWay.set(key, loading)
    return loading
  }
}
