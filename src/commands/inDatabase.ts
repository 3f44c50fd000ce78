import type { Config } from '../config.ts'
import { createContext, type Context } from '../context.ts'
import { openKeys } from '../startup/openKeys.ts'
import { openDatabase } from './openDatabase.ts'

/** Does some work with all that an operation has, on the database of the configuration, and closes what it opened. */
export async function inDatabase<Result>(config: Config, work: (context: Context) => Promise<Result>): Promise<Result> {
  const { url, close } = await openDatabase(config)
  try {
    const context = await createContext(config, { databaseUrl: url, keys: await openKeys(config) })
    return await work(context).finally(() => context[Symbol.asyncDispose]())
  } finally {
    await close()
  }
}
