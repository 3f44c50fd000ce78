import { createHmac } from 'node:crypto'
import type { Context } from '../context.ts'
import { inTransaction } from '../db/transaction.ts'
import { deletePepper, insertPepper, isPepperInUse, listPeppers } from '../queries/passwordPeppers.ts'
import type { Pepper } from '../security/hashSecrets.ts'
import { StartupError } from '../startupError.ts'

/**
 * Compares the peppers at hand with those that hashes in the database were made with, and remembers new ones. Throws a
 * `StartupError` where one is missing or is not the one it was.
 */
export async function checkPeppers({ db, peppers }: Pick<Context, 'db' | 'peppers'>): Promise<void> {
  await inTransaction(db, async (tx) => {
    for (const pepper of peppers) await insertPepper(tx, pepper.id, proofOf(pepper))
    for (const known of await listPeppers(tx)) {
      const pepper = peppers.find(({ id }) => id === known.id)
      if (pepper && !proofOf(pepper).equals(known.proof)) {
        throw new StartupError(
          `PASSWORD_PEPPER_FILE has another secret under the id "${known.id}" than the one password hashes were made with.`,
        )
      }
      if (pepper) continue
      if (await isPepperInUse(tx, known.id)) {
        throw new StartupError(
          `PASSWORD_PEPPER_FILE lacks the pepper "${known.id}", which password hashes in the database need.`,
        )
      }
      await deletePepper(tx, known.id)
    }
  })
}

function proofOf({ key }: Pepper): Buffer {
  return createHmac('sha256', key).update('password pepper').digest()
}
