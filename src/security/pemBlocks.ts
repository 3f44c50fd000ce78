export interface PemBlock {
  /** The text between the block before and this one (RFC 7468 section 2 allows any). */
  before: string
  pem: string
}

/** The keys of a PEM file, undefined where one begins and does not end. Blocks that are no keys count as text. */
export function keyBlocks(text: string): PemBlock[] | undefined {
  const begun = text.match(/-----BEGIN [A-Z ]*KEY-----/g) ?? []
  const whole = [...text.matchAll(/-----BEGIN ([A-Z ]*KEY)-----(?:(?!-----BEGIN )[^])*?-----END \1-----/g)]
  if (whole.length !== begun.length) return undefined
  let end = 0
  return whole.map((match) => {
    const before = text.slice(end, match.index)
    end = match.index + match[0].length
    return { before, pem: match[0] }
  })
}
