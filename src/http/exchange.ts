import type { Request, Response } from 'express'
import type { OperationId } from '../../generated/contract.ts'
import type { Client } from '../domain/client.ts'
import type { Fault, Problem } from '../problem.ts'
import type { Actor } from '../security/actor.ts'
import type { Upload } from './upload.ts'

/** What the steps of one request know of it; kept beside the request, not on it. */
export interface Exchange {
  client: Client
  operation?: OperationId
  actor?: Actor
  /** Faults found before the validator ran, to be reported together with its own. */
  faults?: Fault[]
  /** What the request was refused with. */
  problem?: Problem
  /** The media type of a success. */
  accepts?: string
  /** The body, where the operation reads it piece by piece. */
  upload?: Upload<string>
  /** Whether the headers alone are asked for. */
  isHead?: boolean
}

const exchanges = new WeakMap<Request, Exchange>()

export function openExchange(request: Request, client: Client): void {
  exchanges.set(request, { client })
}

export function exchangeOf(request: Request): Exchange {
  const exchange = exchanges.get(request)
  if (!exchange) throw new TypeError('the request was not opened')
  return exchange
}

/** Sends a body that is JSON already; a HEAD request gets the headers alone (Node drops the body). */
export function sendJson(response: Response, status: number, mediaType: string, json: string): void {
  response.statusCode = status
  response.setHeader('Content-Type', mediaType)
  response.setHeader('Content-Length', Buffer.byteLength(json))
  response.end(json)
}
