// A process of its own that migrates: its arguments are the URL and the folder of migrations.
import { migrate } from '../../src/db/migrate.ts'

const [, , url = '', directory] = process.argv
console.log(JSON.stringify(await migrate(url, directory ? { directory } : {})))
