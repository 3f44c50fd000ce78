/** Times in milliseconds, each from when a client began its work. */
export interface Load {
  requests: number
  seconds: number
  p50: number
  p99: number
}

/** So many clients, each beginning again when it is done, for some seconds. What one of them throws is thrown. */
export async function keepBusy(clients: number, seconds: number, work: () => Promise<void>): Promise<Load> {
  const latencies: number[] = []
  const start = performance.now()
  const keepWorking = async (): Promise<void> => {
    while (performance.now() - start < seconds * 1000) {
      const before = performance.now()
      await work()
      latencies.push(performance.now() - before)
    }
  }
  await Promise.all(Array.from({ length: clients }, keepWorking))
  return {
    requests: latencies.length,
    seconds: (performance.now() - start) / 1000,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
  }
}

/** The value that a share of the others, from 0 to 1, does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? NaN
}
