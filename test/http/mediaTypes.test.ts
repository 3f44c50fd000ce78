import express, { type Request } from 'express'
import { demandAcceptable, demandSupported } from '../../src/http/mediaTypes.ts'
import { Problem } from '../../src/problem.ts'

const json = ['application/json']
const file = ['application/x-ndjson', 'text/csv']
const patch = ['application/json', 'application/merge-patch+json']

function requestWith(headers: Record<string, string>): Request {
  const request = Object.create(express.request) as Request
  request.headers = headers
  return request
}

function problemOf(act: () => void): string | undefined {
  try {
    act()
    return undefined
  } catch (error) {
    return error instanceof Problem ? error.type : String(error)
  }
}

describe('demandAcceptable', () => {
  const outcome = (headers: Record<string, string>) => problemOf(() => demandAcceptable(requestWith(headers), json))

  test.each([
    ['application/json'],
    ['*/*'],
    ['application/*'],
    ['text/html, application/json;q=0.1'],
    ['text/html;q=0.9, */*;q=0.1'],
    ['APPLICATION/JSON'],
    ['application/json; charset=utf-8'],
  ])('%s is satisfied by JSON', (accept) => {
    expect(outcome({ accept })).toBeUndefined()
  })

  test('whoever does not say takes anything', () => {
    expect(outcome({})).toBeUndefined()
  })

  test.each([
    ['text/html'],
    ['application/xml;q=0.5'],
    ['application/json;q=0'],
    ['*/*;q=0'],
    ['application/problem+json'],
  ])('%s is not', (accept) => {
    expect(outcome({ accept })).toBe('not-acceptable')
  })

  test.each([
    ['*/*', 'application/x-ndjson'],
    ['text/csv', 'text/csv'],
    ['text/csv; charset=utf-8', 'text/csv'],
    ['application/x-ndjson;charset=utf-8;q=0.5, text/csv;q=0', 'application/x-ndjson'],
    ['text/html, application/x-ndjson; charset=UTF-8', 'application/x-ndjson'],
    ['text/*', 'text/csv'],
    ['application/x-ndjson;q=0.5, text/csv', 'text/csv'],
    ['application/x-ndjson;q=0, */*', 'text/csv'],
  ])('of several on offer %s gets %s', (accept, expected) => {
    expect(demandAcceptable(requestWith({ accept }), ['application/x-ndjson', 'text/csv'])).toBe(expected)
  })
})

describe('demandSupported', () => {
  function outcome(type: string | undefined, supported: string[]): string | undefined {
    const request = requestWith(type === undefined ? {} : { 'content-type': type })
    return problemOf(() => demandSupported(request, supported)) ?? request.headers['content-type']
  }

  test.each([
    ['application/json'],
    ['application/json; charset=utf-8'],
    ['application/json;charset="UTF-8"'],
    ['Application/JSON ; Charset=UTF-8'],
    ['application/json;'],
  ])('%s is JSON, and the type alone is left', (type) => {
    expect(outcome(type, json)).toBe('application/json')
  })

  test('a merge patch is taken where the contract names it', () => {
    expect(outcome('application/merge-patch+json', patch)).toBe('application/merge-patch+json')
    expect(outcome('application/merge-patch+json', json)).toBe('unsupported-media-type')
  })

  test.each(['text/csv; header=present', 'text/csv;charset=utf-8;header=present', 'Text/CSV; Header="present"'])(
    '%s is CSV as it is taken: RFC 4180 has a parameter for the line that names the columns',
    (type) => expect(outcome(type, file)).toBe('text/csv'),
  )

  test('CSV without that line is refused, and who sends it told why; other types have no such parameter', () => {
    const refused = () => demandSupported(requestWith({ 'content-type': 'text/csv; header=absent' }), file)
    expect(refused).toThrow(
      expect.objectContaining({
        type: 'unsupported-media-type',
        detail: expect.stringContaining('the first line of a CSV file names its columns') as string,
      }) as Error,
    )
    expect(outcome('application/x-ndjson; header=present', file)).toBe('unsupported-media-type')
    expect(outcome('application/json; header=present', json)).toBe('unsupported-media-type')
  })

  test.each([
    [undefined],
    [''],
    ['text/plain'],
    ['application/jsonx'],
    ['application/json, text/plain'],
    ['application/json; charset=utf-7'],
    ['application/json; charset=utf-16'],
    ['application/json; charset=latin1'],
    ['application/json; boundary=x'],
    ['multipart/form-data; boundary=x'],
    ['application/json-patch+json'],
  ])('%s is refused', (type) => {
    expect(outcome(type, patch)).toBe('unsupported-media-type')
  })
})
