const steps = 3

/**
 * The result of `work`, or an error with the code `TIMEOUT` after so many milliseconds. They are waited for in steps
 * that each end with a reading of the sockets: a stretch in which this process is busy with other things counts as one
 * step, so that an answer which has long arrived is not taken for one that never came.
 */
export function withTimeLimit<Value>(work: Promise<Value>, milliseconds: number): Promise<Value> {
  return new Promise((resolve, reject) => {
    let left = steps
    const wait = () => setTimeout(() => setImmediate(next), milliseconds / steps)
    const next = () => {
      left -= 1
      if (left === 0) reject(Object.assign(new Error('no answer in time'), { code: 'TIMEOUT' }))
      else if (left > 0) timer = wait()
    }
    let timer = wait()
    const stop = () => {
      left = 0
      clearTimeout(timer)
    }
    work.finally(stop).then(resolve, reject)
  })
}
