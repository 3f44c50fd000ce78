const question = 'jest-light-runner-get-worker-data'

interface WorkerData {
  type: 'jest-light-runner-worker-data'
}

function isWorkerData(message: unknown): message is WorkerData {
  return (message as WorkerData | null)?.type === 'jest-light-runner-worker-data'
}

/**
 * Loaded before everything else by each process that runs tests. When the first of them asks what to do, the runner
 * tells all of them, once; who is still loading has no ears yet, would ask in vain and wait for ever. So the answer is
 * kept until it is asked for.
 */
function keepWorkerData(send: NonNullable<typeof process.send>): void {
  let kept: WorkerData | undefined
  process.on('message', (message) => {
    if (isWorkerData(message)) kept = message
  })
  process.send = (message: unknown, ...others: never[]): boolean => {
    if (message !== question || kept === undefined) return send(message, ...others)
    const answer = kept
    setImmediate(() => process.emit('message', answer, undefined))
    return true
  }
}

if (process.send) keepWorkerData(process.send.bind(process))
// The runner ends its processes with a signal; what tests have started and left is ended on `exit`.
process.once('SIGTERM', () => process.exit())
