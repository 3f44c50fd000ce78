import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { readConfig } from '../../src/config.ts'
import { describeConfig, exampleFile, settingsTable } from '../../src/config/document.ts'

describe('the documents', () => {
  const file = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8')

  test('.env.example is what the table of settings says', () => {
    expect(file).toBe(exampleFile())
    expect(file.match(/^#[A-Z0-9_]+=/gm)).toHaveLength(describeConfig().length)
  })

  test('.env.example changes nothing as it stands', () => {
    expect(parseEnv(file)).toEqual({})
  })

  test('.env.example shows the real defaults', () => {
    const shown = parseEnv(file.replace(/^#(?=[A-Z0-9_]+=)/gm, ''))
    expect(Object.keys(shown).sort()).toEqual(
      describeConfig()
        .map(({ name }) => name)
        .sort(),
    )
    const password = { ADMIN_PASSWORD: 'SecurePass123!' }
    const plain = readConfig(password)
    // Named is chosen, though it be the default.
    const metrics = { ...plain.metrics, isPortChosen: true }
    expect(readConfig({ ...shown, ...password })).toEqual({ ...plain, metrics })
  })

  test('the table has a row of three cells for every setting', () => {
    const rows = settingsTable().trimEnd().split('\n').slice(2)
    expect(rows).toHaveLength(describeConfig().length)
    for (const row of rows) expect(row.split('|')).toHaveLength(5)
    expect(rows).toContain('| `PORT` | `8000` | Port to listen on; 0 takes a free one |')
    expect(rows.join()).toContain('| `JWT_SECRET` | – |')
  })
})
