import { createInterface } from 'node:readline/promises'
import { text } from 'node:stream/consumers'
import { Writable } from 'node:stream'
import { CommandError } from './runCommand.ts'

interface Terminal {
  input: NodeJS.ReadableStream
  output: NodeJS.WritableStream
}

/** Asks for a new password twice. What is typed is never shown. */
export async function askPassword({ input, output }: Terminal): Promise<string> {
  const silence = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input, output: silence, terminal: true })
  const ask = async (question: string): Promise<string> => {
    const answer = lines.question('')
    output.write(question)
    try {
      return await answer
    } catch (cause) {
      throw new CommandError('Nothing was done.', { cause })
    } finally {
      output.write('\n')
    }
  }
  try {
    const password = await ask('Password: ')
    if (password === (await ask('Once more: '))) return password
    throw new CommandError('The two passwords differ.')
  } finally {
    lines.close()
  }
}

/** All of the input, less the end of its last line. */
export async function readPassword(input: NodeJS.ReadableStream): Promise<string> {
  return (await text(input)).replace(/\r?\n$/, '')
}
