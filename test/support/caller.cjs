// A worker: told to, connects to a port, or takes the connection that it has kept after a first answer, sends a request at
// once, says so in shared memory, which whoever is blocked can wait for, and tells what it was answered.
const { connect } = require('node:net')
const { parentPort, workerData } = require('node:worker_threads')

const request = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n'
const open = () => connect(workerData.port, '127.0.0.1')
const kept = workerData.isKept ? open() : undefined
kept?.write(request)
kept?.once('data', () => parentPort.postMessage('kept'))

parentPort.once('message', () => {
  let received = ''
  const socket = kept ?? open()
  socket.write(request, () => {
    Atomics.store(workerData.sent, 0, 1)
    Atomics.notify(workerData.sent, 0)
  })
  socket.on('data', (bytes) => (received += bytes))
  socket.on('error', () => undefined)
  socket.on('close', () => parentPort.postMessage(received))
})
