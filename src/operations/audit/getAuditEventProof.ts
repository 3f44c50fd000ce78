import type { Context } from '../../context.ts'
import { sealStatement } from '../../domain/sealStatement.ts'
import type { Input, Output } from '../../http/operation.ts'
import { Problem } from '../../problem.ts'
import { findRow, latestRowFormat } from '../../queries/auditRows.ts'
import { findSealOf } from '../../queries/auditSeals.ts'
import { divideLeaves, pathOf } from '../../security/merkleTree.ts'
import { publicKeyPem } from '../../security/sealKey.ts'

/** Only what is stored, nothing checked: whoever asks does that. */
export async function getAuditEventProof(
  { path }: Input<'getAuditEventProof'>,
  { db }: Context,
): Promise<Output<'getAuditEventProof'>> {
  const event = await findRow(db, latestRowFormat, path.event_id)
  if (!event) throw new Problem('not-found')
  const seal = await findSealOf(db, event)
  if (!seal) throw new Problem('not-found', { detail: 'The event is not sealed yet. Ask again in some seconds.' })
  const row = seal.row_format === latestRowFormat ? event : await findRow(db, seal.row_format, event.id)
  const leaves = divideLeaves(seal.leaf_hashes)
  const index = seal.position - 1
  const hexadecimal = (bytes: Buffer | undefined): string => bytes?.toString('hex') ?? ''
  return {
    status: 200,
    body: {
      event_id: event.id,
      row: row?.row ?? event.row,
      leaf_hash: hexadecimal(leaves[index]),
      index,
      count: seal.event_count,
      path: pathOf(leaves, index).map(({ side, hash }) => ({ side, hash: hexadecimal(hash) })),
      root: hexadecimal(seal.root),
      seal: Number(seal.number),
      statement: sealStatement(seal),
      hash: hexadecimal(seal.hash),
      signature: seal.signature.toString('base64'),
      public_key: publicKeyPem(seal.public_key),
    },
  }
}
