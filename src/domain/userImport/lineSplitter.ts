import { Problem } from '../../problem.ts'

/** Far more than any row needs: the longest password hash has 1024 characters. */
export const longestLine = 65_536

const LF = 0x0a
const CR = 0x0d

/** One line of a file that is not empty. */
export interface Line {
  /** Counted from 1. */
  number: number
  /** Where the next line begins, in bytes from the start of the file. */
  end: number
  /** Without its end; undefined where it has more than 64 KiB. */
  bytes: Buffer | undefined
}

/** A place between two lines. */
export interface Position {
  bytes: number
  line: number
}

/**
 * Cuts a file that comes in pieces into lines. However long a line, no more than one piece and 64 KiB are kept. Throws the
 * problem of a whole file where it is UTF-16; a byte order mark of UTF-8 is left out.
 */
export class LineSplitter {
  #at: number
  #line: number
  #begun: Buffer[] = []
  #begunLength = 0

  /** `position`: where the first piece begins. */
  constructor({ bytes, line }: Position) {
    this.#at = bytes
    this.#line = line
  }

  /** Everything up to here is in the lines that were given out, save a line that has only begun. */
  get position(): Position {
    return { bytes: this.#at - this.#begunLength, line: this.#line }
  }

  *push(piece: Buffer): Generator<Line> {
    let from = this.#at === 0 ? this.#skipMark(piece) : 0
    for (let to = piece.indexOf(LF, from); to !== -1; to = piece.indexOf(LF, from)) {
      const line = this.#finish(piece.subarray(from, to), 1)
      from = to + 1
      if (line) yield line
    }
    this.#begin(piece.subarray(from))
  }

  /** The last line, where the file does not end with the end of one. */
  *end(): Generator<Line> {
    if (this.#begunLength === 0) return
    const line = this.#finish(Buffer.alloc(0), 0)
    if (line) yield line
  }

  #skipMark(piece: Buffer): number {
    const isUtf16 = [0xfeff, 0xfffe].includes(piece.length > 1 ? piece.readUInt16BE(0) : 0)
    // Without a mark: every other byte of ASCII text is zero.
    if (isUtf16 || piece.subarray(0, 2).includes(0)) {
      throw new Problem('validation-failed', {
        detail: 'The file is not in UTF-8 but, it seems, in UTF-16: save it as UTF-8.',
        errors: [{ in: 'body', pointer: '', code: 'encoding', detail: 'must be UTF-8' }],
      })
    }
    const mark = piece.length > 2 && piece.readUIntBE(0, 3) === 0xefbbbf ? 3 : 0
    this.#at += mark
    return mark
  }

  #begin(bytes: Buffer): void {
    this.#at += bytes.length
    this.#begunLength += bytes.length
    if (this.#begunLength > longestLine + 1) this.#begun = []
    else if (bytes.length > 0) this.#begun.push(bytes)
  }

  #finish(rest: Buffer, endLength: 0 | 1): Line | undefined {
    const length = this.#begunLength + rest.length
    const whole = this.#begun.length === 0 ? rest : Buffer.concat([...this.#begun, rest])
    this.#at += rest.length + endLength
    this.#line += 1
    this.#begun = []
    this.#begunLength = 0
    const line = { number: this.#line, end: this.#at }
    if (length > longestLine + 1) return { ...line, bytes: undefined }
    const bytes = whole.at(-1) === CR ? whole.subarray(0, -1) : whole
    if (bytes.length === 0) return undefined
    return { ...line, bytes: bytes.length > longestLine ? undefined : bytes }
  }
}
