import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { openUpload } from '../../src/http/upload.ts'
import { listen, open, parseAnswers } from '../support/rawHttp.ts'

const head = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n'
const chunk = '5\r\nhello\r\n'

/** Reads everything and says how much there was. */
const counting: RequestListener = (request, response) => {
  void (async () => {
    let length = 0
    try {
      for await (const piece of openUpload(request, response, 'text/csv').bytes) length += piece.length
      response.end(String(length))
    } catch {
      response.destroy()
    }
  })()
}

describe('an upload', () => {
  test('may take longer than a request may, as long as it moves, and ends its connection', async () => {
    const limits = { requestTimeout: 200, headersTimeout: 200, connectionsCheckingInterval: 20, stallTimeout: 5000 }
    await using server = await listen(counting, limits)
    const connection = open(server.port)
    connection.socket.write(head)
    for (let count = 0; count < 20; count += 1) {
      connection.socket.write(chunk)
      await sleep(30)
    }
    connection.socket.write('0\r\n\r\n')
    await connection.closed
    expect(parseAnswers(connection.received())).toMatchObject([
      { status: 200, headers: { connection: 'close' }, body: '100' },
    ])
  })

  test('that stands still is cut', async () => {
    await using server = await listen(counting, { stallTimeout: 200 })
    const connection = open(server.port)
    connection.socket.write(head + chunk)
    await connection.closed
    expect(connection.received()).toBe('')
  })

  test('any other request that takes as long is refused', async () => {
    const limits = { requestTimeout: 200, headersTimeout: 200, connectionsCheckingInterval: 20, stallTimeout: 5000 }
    await using server = await listen(
      (request, response) => void request.resume().on('end', () => response.end()),
      limits,
    )
    const connection = open(server.port)
    connection.socket.write(head)
    const timer = setInterval(() => connection.socket.write(chunk), 30)
    await connection.closed
    clearInterval(timer)
    expect(parseAnswers(connection.received())).toMatchObject([{ status: 408 }])
  })

  test('is not read before somebody asks for it, and what is left of it ends with the answer', async () => {
    await using server = await listen((request, response) => {
      openUpload(request, response, 'text/csv')
      response.end('enough')
    })
    const connection = open(server.port)
    connection.socket.write(head + chunk)
    await once(connection.socket, 'end')
    expect(parseAnswers(connection.received())).toMatchObject([{ status: 200, body: 'enough' }])
  })
})
