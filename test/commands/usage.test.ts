import { runCommand } from '../support/command.ts'

test.each(['admin', 'import', 'export'])('npm run %s says how it is used when asked', async (name) => {
  const { code, output, errors } = await runCommand(name, ['--help'], { env: {} })
  expect([code, errors]).toEqual([0, ''])
  expect(output).toMatch(/^Usage: npm run .*\n$/s)
})
