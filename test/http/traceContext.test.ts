import { traceIdOf } from '../../src/http/traceContext.ts'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const parentId = '00f067aa0ba902b7'

describe('traceIdOf', () => {
  test.each([
    ['the one version there is', `00-${traceId}-${parentId}-01`],
    ['not sampled', `00-${traceId}-${parentId}-00`],
    ['a later version', `01-${traceId}-${parentId}-01`],
    ['a later version with more in it', `cc-${traceId}-${parentId}-01-what-the-future-brings`],
  ])('takes the id: %s', (_case, traceparent) => {
    expect(traceIdOf(traceparent)).toBe(traceId)
  })

  // W3C Trace Context, section 3.2.2: what must be ignored.
  test.each([
    ['nothing', undefined],
    ['an empty field', ''],
    ['the forbidden version', `ff-${traceId}-${parentId}-01`],
    ['more than version 00 has', `00-${traceId}-${parentId}-01-more`],
    ['a trailing hyphen', `00-${traceId}-${parentId}-01-`],
    ['capitals', `00-${traceId.toUpperCase()}-${parentId}-01`],
    ['a trace of zeros', `00-${'0'.repeat(32)}-${parentId}-01`],
    ['a parent of zeros', `00-${traceId}-${'0'.repeat(16)}-01`],
    ['a short trace', `00-${traceId.slice(1)}-${parentId}-01`],
    ['no flags', `00-${traceId}-${parentId}`],
    ['other characters', `00-${traceId.replace('4', 'g')}-${parentId}-01`],
    ['a line break behind it', `00-${traceId}-${parentId}-01\n`],
    ['endless text', `cc-${traceId}-${parentId}-01-${'x'.repeat(500)}`],
    ['two fields', [`00-${traceId}-${parentId}-01`]],
  ])('ignores %s', (_case, traceparent) => {
    expect(traceIdOf(traceparent)).toBeUndefined()
  })
})
