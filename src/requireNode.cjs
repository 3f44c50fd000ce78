// Loaded before every command (`node -r`), in syntax that any Node understands: an older one cannot run TypeScript as
// it stands, and the crash that follows explains nothing.
if (Number(process.versions.node.split('.')[0]) < 24) {
  process.stderr.write(
    'user-management-api needs Node 24, and this is Node ' +
      process.versions.node +
      '. "npm ci" brings Node 24 along ' +
      'where it can; for this platform it could not: install it from https://nodejs.org and try again.\n',
  )
  process.exit(1)
}
