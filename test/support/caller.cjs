// A worker: told to, connects to a port, sends a request at once, says so in shared memory, which whoever is blocked can
// wait for, and tells what it was answered.
const { connect } = require('node:net')
const { parentPort, workerData } = require('node:worker_threads')

parentPort.once('message', () => {
  let received = ''
  const socket = connect(workerData.port, '127.0.0.1')
  socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n', () => {
    Atomics.store(workerData.sent, 0, 1)
    Atomics.notify(workerData.sent, 0)
  })
  socket.on('data', (bytes) => (received += bytes))
  socket.on('error', () => undefined)
  socket.on('close', () => parentPort.postMessage(received))
})
