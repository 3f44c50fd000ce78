/** The errors by which a server that is there says that it cannot serve (the first word of its answer); the last is ours. */
const refusals = /^(LOADING|BUSY|MISCONF|OOM|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|NOAUTH|WRONGPASS|NOPERM|LATE)\b/

/** Whether Redis as a whole is of no use, not only this one command. */
export function isOutage(error: unknown): boolean {
  return !isReply(error) || refusals.test(error.message)
}

/** Whether Redis found a script of ours too late to carry it out (redisScript.ts): nothing of it has happened. */
export function isLate(error: unknown): boolean {
  return isReply(error) && error.message.startsWith('LATE')
}

/** A code for logs and metrics. Messages may quote commands and addresses, so nothing of them but the code is kept. */
export function causeOf(error: unknown): string {
  if (isReply(error)) return /^[A-Z]+\b/.exec(error.message)?.[0] ?? 'ERR'
  const code = (error as { code?: unknown } | undefined)?.code
  return typeof code === 'string' ? code : 'NOT_CONNECTED'
}

/** An error that Redis answered with, which begins with a code. */
export function isReply(error: unknown): error is Error {
  return (error as Error | undefined)?.name === 'ReplyError'
}
