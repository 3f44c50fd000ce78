// A worker: connects to a port again and again, asks once on each connection, and in the end tells what came of it.
const { connect } = require('node:net')
const { parentPort, workerData } = require('node:worker_threads')

const outcomes = {}
const count = (outcome) => (outcomes[outcome] = (outcomes[outcome] ?? 0) + 1)

/** One request on a connection of its own, as a proxy sends it: as soon as the connection is there. */
function ask() {
  return new Promise((resolve) => {
    let received = ''
    let isConnected = false
    const socket = connect(workerData, '127.0.0.1', () => {
      isConnected = true
      socket.write('POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
    })
    socket.on('data', (bytes) => (received += bytes))
    socket.on('error', () => undefined)
    socket.on('close', () =>
      resolve(received.startsWith('HTTP/1.1 200') ? 'answered' : isConnected ? 'cut off' : 'refused'),
    )
  })
}

/** Pauses in between, or the server would have no moment in which nobody connects. */
async function askUntilRefused() {
  for (let outcome = ''; outcome !== 'refused'; count(outcome)) {
    await new Promise((go) => setTimeout(go, 40 * Math.random()))
    outcome = await ask()
  }
}

void Promise.all(Array.from({ length: 10 }, askUntilRefused)).then(() => parentPort.postMessage(outcomes))
