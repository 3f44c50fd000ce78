import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { Problem, type ProblemType } from '../problem.ts'
import { bareMessage } from './bareAnswer.ts'
import { openConnections } from './connections.ts'
import { lingeringClose } from './lingeringClose.ts'
import { isUploading } from './upload.ts'

/** What `node:http` hands over with a request it could not read; `rawPacket` may hold secrets and goes no further. */
interface ClientError extends Error {
  code?: string
  rawPacket?: Buffer
}

/** A request that was refused before there was one to hand on. `code` is Node's name for the cause. */
export interface Refusal {
  type: ProblemType
  status: number
  code: string
  requestId: string
  ip: string | undefined
}

const MAX_REQUEST_LINE = 8192
const REQUEST_LINE_START = /^[A-Z-]{1,20} /

/** Makes the listener for `clientError`: what cannot be read is answered with a problem, reported, and hung up on. */
export function refuseClientErrors(server: Server, report: (refusal: Refusal) => void) {
  const refused = new WeakSet<Socket>()

  return (error: ClientError, socket: Socket): void => {
    // Node says so once for each request, and leaves it to us to hang up.
    if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && isUploading(socket)) return
    // The parser complains again of whatever follows the fault.
    if (refused.has(socket)) return
    refused.add(socket)

    const problem = socket.writable && socket.bytesRead > 0 ? problemOf(error) : undefined
    if (!problem) {
      socket.destroy()
      return
    }
    const requestId = randomUUID()
    report({
      type: problem.type,
      status: problem.status,
      code: error.code ?? 'unknown',
      requestId,
      ip: socket.remoteAddress,
    })

    const { pending = [], newest } = openConnections(server).get(socket) ?? {}
    const broken = newest?.request.complete === false ? newest : undefined
    const earlier = pending.findLast((inFlight) => inFlight !== broken)

    function answer(): void {
      // In the middle of an answer, or after it, these bytes would be taken for something else.
      if (!socket.writable || broken?.response.headersSent) socket.destroy()
      else lingeringClose(socket, () => socket.resume(), bareMessage(problem!, requestId))
    }
    // Requests may be sent without waiting for answers; those before the broken one are answered first.
    if (earlier) earlier.response.once('close', answer)
    else answer()
  }
}

/** `undefined` for a connection that merely broke: there is nobody left to answer. */
function problemOf({ code = '', rawPacket }: ClientError): Problem | undefined {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new Problem('request-timeout')
  if (code === 'HPE_HEADER_OVERFLOW')
    return new Problem(rawPacket && hasLongLine(rawPacket) ? 'uri-too-long' : 'headers-too-large')
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return new Problem('payload-too-large')
  return code.startsWith('HPE_') ? new Problem('malformed-request') : undefined
}

/** The parser counts the request line as a header and does not say which of the two was too long. */
function hasLongLine(packet: Buffer): boolean {
  const start = packet.toString('latin1', 0, MAX_REQUEST_LINE)
  return REQUEST_LINE_START.test(start) && !start.includes('\n')
}
