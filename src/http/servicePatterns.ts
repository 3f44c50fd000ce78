/**
 * The contract with each `x-pattern`, which is kept from generators of clients, as the `pattern` that it is to the
 * service.
 */
export function withServicePatterns<Document extends object>(document: Document): Document {
  return JSON.parse(JSON.stringify(document), (_key, node: unknown) => {
    if (typeof node !== 'object' || node === null || !('x-pattern' in node)) return node
    const { 'x-pattern': pattern, ...others } = node
    return { ...others, pattern }
  }) as Document
}
