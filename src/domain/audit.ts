import { v7 as uuidv7 } from 'uuid'
import type { AuditAction } from '../../generated/contract.ts'
import type { Tx } from '../db/database.ts'
import { insertAuditEvents, type NewAuditEvent } from '../queries/auditEvents.ts'
import { keepSubjectKeys, type SubjectKeys } from '../queries/subjectKeys.ts'
import type { Actor } from '../security/actor.ts'
import { createSubjectKey, encryptValues } from '../security/personalValues.ts'
import { divideChanges, originKeyOwner, placeOf, type Changes } from './auditValues.ts'
import type { Client } from './client.ts'

/** Who acts, and from where; the actor is undefined where nobody has signed in. */
export interface Origin {
  actor: Actor | undefined
  client: Client
}

export interface AuditDetails {
  /** Of the event, where something else names it. */
  id?: string
  outcome?: 'success' | 'failure'
  /** The user the event is about. */
  subjectId?: string | undefined
  sessionId?: string | undefined
  /** Old and new value of each changed field; secrets never. Of an event about nobody they stay readable for ever. */
  changes?: Changes
}

/** Writes one event into the transaction of the change, so that neither exists without the other. */
export function audit(tx: Tx, action: AuditAction, origin: Origin, details: AuditDetails): Promise<void> {
  return auditMany(tx, action, origin, [details])
}

/**
 * The same for many changes of one kind: two statements, however many there are (some thousands fit into the time a
 * statement has). Personal values are encrypted under the keys of those they belong to.
 */
export async function auditMany(
  tx: Tx,
  action: AuditAction,
  origin: Origin,
  details: readonly AuditDetails[],
): Promise<void> {
  if (details.length === 0) return
  const drafts = details.map((each) => draft(action, origin, each))
  const owners = drafts.flatMap(({ changesOwner, originOwner }) => [changesOwner, originOwner])
  const proposed: SubjectKeys = new Map()
  for (const owner of owners) if (owner !== undefined) proposed.set(owner, createSubjectKey())
  // Asked for nobody's, too: a refused login must not take another statement where there is such an account.
  const keys = await keepSubjectKeys(tx, proposed)
  await insertAuditEvents(
    tx,
    drafts.map((each) => finish(each, keys)),
  )
}

/**
 * An event about somebody who is still to be made, and will have `key`; to be written with `insertAuditEvents` in that
 * transaction. An address would belong to the actor, whose key is not here, and is left out.
 */
export function eventOfNew(
  action: AuditAction,
  { actor, client }: Origin,
  details: { subjectId: string; changes: Changes },
  key: Buffer,
): NewAuditEvent {
  const origin = { actor, client: { ...client, ip: '', userAgent: undefined } }
  return finish(draft(action, origin, details), new Map([[details.subjectId, key]]))
}

interface Draft {
  event: NewAuditEvent
  personal: Changes
  origin: { ip: string | null; user_agent: string | null }
  /** Whose keys the two are encrypted under; undefined where there is nothing to encrypt, or nobody to encrypt it for. */
  changesOwner: string | undefined
  originOwner: string | undefined
}

function draft(action: AuditAction, { actor, client }: Origin, details: AuditDetails): Draft {
  const { subjectId, changes = {}, outcome = 'success' } = details
  // A connection that was gone before its address was read has none.
  const origin = { ip: client.ip === '' ? null : client.ip, user_agent: client.userAgent ?? null }
  const { named, personal } = subjectId === undefined ? { named: changes, personal: {} } : divideChanges(changes)
  const event = {
    id: details.id ?? uuidv7(),
    action,
    outcome,
    actor_id: actor?.id ?? null,
    actor_role: actor?.role ?? null,
    subject_id: subjectId ?? null,
    session_id: details.sessionId ?? actor?.sessionId ?? null,
    changes: JSON.stringify(named),
    personal_changes: null,
    ...origin,
    personal_origin: null,
    request_id: client.requestId,
    trace_id: client.traceId ?? null,
  }
  const hasOrigin = origin.ip !== null || origin.user_agent !== null
  const changesOwner = Object.keys(personal).length > 0 ? subjectId : undefined
  return { event, personal, origin, changesOwner, originOwner: hasOrigin ? originKeyOwner(event) : undefined }
}

/** What belongs to somebody who is no more is encrypted under a key that nobody keeps: erased from the start. */
function finish({ event, personal, origin, changesOwner, originOwner }: Draft, keys: SubjectKeys): NewAuditEvent {
  const encrypt = (owner: string, part: 'changes' | 'origin', values: object): Buffer =>
    encryptValues(keys.get(owner) ?? createSubjectKey(), placeOf(event.id, part), values)
  return {
    ...event,
    ...(changesOwner === undefined ? {} : { personal_changes: encrypt(changesOwner, 'changes', personal) }),
    ...(originOwner === undefined
      ? {}
      : { ip: null, user_agent: null, personal_origin: encrypt(originOwner, 'origin', origin) }),
  }
}
