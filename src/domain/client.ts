/** Where a request came from, as the log and the audit trail name it. */
export interface Client {
  ip: string
  userAgent: string | undefined
  requestId: string
  traceId: string | undefined
}
