// A worker: so many callers, each of whom connects, sends a request, waits for the answer and begins anew, until nobody
// listens any more. Tells each failure that came after a connection was there.
const { connect } = require('node:net')
const { parentPort, workerData } = require('node:worker_threads')

let calling = workerData.callers
let answers = 0
const failures = []

function call() {
  let received = ''
  let isConnected = false
  const socket = connect(workerData.port, '127.0.0.1', () => (isConnected = true))
  socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n')
  socket.on('data', (bytes) => (received += bytes))
  socket.on('error', ({ code }) => isConnected && failures.push(code))
  socket.on('close', () => {
    if (isConnected && !received.startsWith('HTTP/1.1 200 ')) failures.push(`answered ${JSON.stringify(received)}`)
    if (received !== '') answers += 1
    if (isConnected) return call()
    calling -= 1
    if (calling === 0) parentPort.postMessage({ answers, failures })
  })
}

for (let caller = 0; caller < workerData.callers; caller += 1) call()
