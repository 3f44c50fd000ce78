// A worker: told to, connects to a port, sends a request at once, and tells what it was answered.
const { connect } = require('node:net')
const { parentPort, workerData } = require('node:worker_threads')

parentPort.once('message', () => {
  let received = ''
  const socket = connect(workerData, '127.0.0.1')
  socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n')
  socket.on('data', (bytes) => (received += bytes))
  socket.on('error', () => undefined)
  socket.on('close', () => parentPort.postMessage(received))
})
