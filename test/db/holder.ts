// A process of its own that starts the embedded server and stays; `npm start` as far as the database is concerned.
import { startEmbeddedPostgres } from '../../src/db/embedded.ts'

try {
  const server = await startEmbeddedPostgres(process.argv[2] ?? '')
  console.log(JSON.stringify({ url: server.url }))
} catch (error) {
  console.log(JSON.stringify({ name: (error as Error).name, message: (error as Error).message }))
  process.exit(1)
}
