import { PassThrough, Readable } from 'node:stream'
import { askPassword, readPassword } from '../../src/commands/askPassword.ts'

async function ask(...typed: string[]): Promise<{ password: Promise<string>; shown: string }> {
  const [input, output] = [new PassThrough(), new PassThrough()]
  const asked = askPassword({ input, output }).finally(() => output.end())
  asked.catch(() => undefined)
  let shown = ''
  output.on('data', (chunk: Buffer) => {
    shown += chunk.toString()
    if (chunk.toString().endsWith(': ')) input.write(typed.shift() ?? '\x03')
  })
  await asked.catch(() => undefined)
  return { password: asked, shown }
}

describe('askPassword', () => {
  test('asks twice and shows nothing of it', async () => {
    const { password, shown } = await ask('tulips  in May\r', 'tulips  in May\r')
    expect(await password).toBe('tulips  in May')
    expect(shown).toBe('Password: \nOnce more: \n')
  })

  test('two that differ, or Ctrl-C, and nothing was done', async () => {
    await expect((await ask('tulips in May\r', 'tulips in June\r')).password).rejects.toThrow(
      'The two passwords differ.',
    )
    await expect((await ask('\x03')).password).rejects.toThrow('Nothing was done.')
  })
})

describe('readPassword', () => {
  test.each([
    ['tulips in May\n', 'tulips in May'],
    ['tulips in May\r\n', 'tulips in May'],
    [' tulips in May ', ' tulips in May '],
    ['tulips\n\n', 'tulips\n'],
  ])('takes %j but for the end of the last line', async (input, password) => {
    expect(await readPassword(Readable.from([Buffer.from(input)]))).toBe(password)
  })
})
