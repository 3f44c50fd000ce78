import { isUtf8 } from 'node:buffer'
import { Problem, type Fault } from '../problem.ts'
import { readEscape } from './jsonEscape.ts'
import { jsonPointer } from './jsonPointer.ts'

const MAX_DEPTH = 20
const MAX_FAULTS = 50
const FORBIDDEN_NAMES = new Set(['__proto__', 'constructor', 'prototype'])
const SIMPLE_NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c

/**
 * Reads one JSON text (RFC 8259) as I-JSON asks for it (RFC 7493): valid UTF-8 without a byte order mark, no name twice
 * in an object, no lone surrogate, no number beyond ±(2^53−1), at most 20 levels deep.
 *
 * @throws Problem `malformed-json` at the first fault, with its place but never its text;
 *   `validation-failed` with every member whose name could reach an object's prototype.
 */
export function parseStrictJson(bytes: Uint8Array): unknown {
  if (bytes.length === 0) throw new Problem('malformed-json', { detail: 'The body is empty.' })
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    throw new Problem('malformed-json', { detail: 'The body begins with a byte order mark.' })
  }
  if (!isUtf8(bytes)) throw new Problem('malformed-json', { detail: 'The body is not valid UTF-8.' })
  return new JsonReader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()).document()
}

/** A class and not closures: one is made per request, and its methods are compiled once. */
class JsonReader {
  private readonly text: string
  private readonly path: (string | number)[] = []
  private readonly faults: Fault[] = []
  private at = 0
  private depth = 0

  constructor(text: string) {
    this.text = text
  }

  document(): unknown {
    const value = this.value()
    if (this.at < this.text.length) this.refuse('the text goes on after the value')
    if (this.faults.length > 0) {
      throw new Problem('validation-failed', {
        detail: 'The body has members with forbidden names.',
        errors: this.faults,
      })
    }
    return value
  }

  /** Leaves the reader at the next character that is not white space. */
  private value(): unknown {
    this.skipSpace()
    let value: unknown
    switch (this.text.charCodeAt(this.at)) {
      case QUOTE:
        value = this.string()
        break
      case 0x7b:
        value = this.object()
        break
      case 0x5b:
        value = this.array()
        break
      case 0x74:
        value = this.word('true', true)
        break
      case 0x66:
        value = this.word('false', false)
        break
      case 0x6e:
        value = this.word('null', null)
        break
      default:
        value = this.number()
    }
    this.skipSpace()
    return value
  }

  private object(): Record<string, unknown> {
    const object: Record<string, unknown> = {}
    this.enter()
    if (this.closes(0x7d)) return object
    do {
      this.skipSpace()
      const start = this.at
      if (this.text.charCodeAt(start) !== QUOTE) this.refuse('a name in double quotes is expected')
      const name = this.string()
      this.path[this.depth - 1] = name
      // Nearly every name is new, and then the cheaper question suffices; an inherited one needs the second.
      if (object[name] !== undefined && Object.hasOwn(object, name)) this.refuseDuplicate(start)
      this.skipSpace()
      if (this.text.charCodeAt(this.at) !== 0x3a) this.refuse('a colon is expected')
      this.at++
      const value = this.value()
      if (FORBIDDEN_NAMES.has(name)) this.noteForbiddenName()
      else object[name] = value
    } while (this.continues(0x7d, 'a comma or a closing brace is expected'))
    return object
  }

  private array(): unknown[] {
    const array: unknown[] = []
    this.enter()
    if (this.closes(0x5d)) return array
    do {
      this.path[this.depth - 1] = array.length
      array.push(this.value())
    } while (this.continues(0x5d, 'a comma or a closing bracket is expected'))
    return array
  }

  private string(): string {
    let from = ++this.at
    let read = ''
    for (;;) {
      const code = this.text.charCodeAt(this.at)
      if (code === QUOTE) return read + this.text.slice(from, this.at++)
      if (code === BACKSLASH) {
        const escape = readEscape(this.text, this.at)
        if (typeof escape === 'string') this.refuse(escape)
        read += this.text.slice(from, this.at) + escape.read
        from = this.at += escape.length
      } else if (code >= 0x20) this.at++
      // Beyond the end the code is NaN, which no comparison holds for.
      else this.refuse(code < 0x20 ? 'a control character must be escaped' : 'the string does not end')
    }
  }

  private number(): number {
    SIMPLE_NUMBER.lastIndex = this.at
    if (!SIMPLE_NUMBER.test(this.text)) this.refuse('a value is expected')
    const value = Number(this.text.slice(this.at, SIMPLE_NUMBER.lastIndex))
    if (Math.abs(value) > Number.MAX_SAFE_INTEGER) this.refuse('the number is too large to be kept exactly')
    this.at = SIMPLE_NUMBER.lastIndex
    return value
  }

  private word<Value>(word: string, value: Value): Value {
    if (!this.text.startsWith(word, this.at)) this.refuse('a value is expected')
    this.at += word.length
    return value
  }

  private enter(): void {
    if (++this.depth > MAX_DEPTH) this.refuse(`the nesting is deeper than ${MAX_DEPTH} levels`)
    this.at++
  }

  private closes(bracket: number): boolean {
    this.skipSpace()
    if (this.text.charCodeAt(this.at) !== bracket) return false
    this.depth--
    this.at++
    return true
  }

  private continues(bracket: number, expectation: string): boolean {
    if (this.closes(bracket)) return false
    if (this.text.charCodeAt(this.at) !== COMMA) this.refuse(expectation)
    this.at++
    return true
  }

  private skipSpace(): void {
    let code = this.text.charCodeAt(this.at)
    while (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) code = this.text.charCodeAt(++this.at)
  }

  private noteForbiddenName(): void {
    if (this.faults.length < MAX_FAULTS) this.faults.push(this.fault('forbidden-name', 'This name is not allowed.'))
  }

  private refuseDuplicate(start: number): never {
    this.at = start
    this.refuse('the name appears twice in one object', [
      this.fault('duplicate-name', 'The name appears twice in one object.'),
    ])
  }

  private fault(code: string, detail: string): Fault {
    return { in: 'body', ...jsonPointer(this.path.slice(0, this.depth)), code, detail }
  }

  private refuse(reason: string, errors?: Fault[]): never {
    const lines = this.text.slice(0, this.at).split(/\r\n|\n|\r/)
    const detail = `Line ${lines.length}, column ${[...lines.at(-1)!].length + 1}: ${reason}.`
    throw new Problem('malformed-json', { detail, ...(errors && { errors }) })
  }
}
