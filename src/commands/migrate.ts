// `npm run migrate`: brings the database up to date and says what was pending. The service does so itself when it
// starts; this is for deployments that migrate first, with the rights to (DATABASE_MIGRATION_URL).
import { openDatabase } from './openDatabase.ts'
import { loadConfig, runCommand } from './runCommand.ts'

await runCommand(async () => {
  const { applied, close } = await openDatabase(loadConfig())
  await close()
  for (const name of applied) console.log(`applied ${name}`)
  console.log('The database is up to date.')
})
