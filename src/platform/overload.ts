/** Tells when this process has more to do than it can. */
export interface Overload {
  isOverloaded(): boolean
  start(): void
  stop(): void
}

interface OverloadOptions {
  /** Milliseconds that the event loop may be late. */
  threshold?: number
  /** Told when it begins and, once there was none for some seconds, that it is over. */
  onChange?: (isOverloaded: boolean) => void
}

/** Milliseconds between two looks: short, so that a service which has caught up accepts again at once. */
const interval = 50
/** What one delay counts at most, so that the longest is forgotten as soon. */
const most = 1000
const calm = 5000

/**
 * By the delay of the event loop: as late as a timer is, as long waits each thing that a request needs. A single long
 * turn, of a garbage collection say, is nothing that refusing would mend; so the lesser of two in a row counts, averaged.
 */
export function createOverload({ threshold = 200, onChange = () => undefined }: OverloadOptions = {}): Overload {
  let average = 0
  let previous = 0
  let due = 0
  let lastTime = -Infinity
  let isTold = false
  let timer: NodeJS.Timeout | undefined

  function look(): void {
    const now = performance.now()
    const late = Math.min(most, Math.max(0, now - due))
    average = (average + Math.min(late, previous)) / 2
    previous = late
    due = now + interval
    timer = setTimeout(look, interval).unref()
    if (average > threshold) lastTime = now
    if (isTold === now - lastTime < calm) return
    isTold = !isTold
    onChange(isTold)
  }

  return {
    isOverloaded: () => average > threshold,
    start() {
      due = performance.now() + interval
      timer = setTimeout(look, interval).unref()
    },
    stop: () => clearTimeout(timer),
  }
}
