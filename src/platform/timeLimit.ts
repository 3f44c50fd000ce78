/**
 * The result of `work`, or an error with the code `TIMEOUT` after so many milliseconds. An answer that has arrived while
 * the event loop was busy still counts: Node runs timers before it reads sockets, so the verdict waits for one reading.
 */
export function withTimeLimit<Value>(work: Promise<Value>, milliseconds: number): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => setImmediate(() => reject(timeout())), milliseconds)
    void work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

function timeout(): Error {
  return Object.assign(new Error('no answer in time'), { code: 'TIMEOUT' })
}
