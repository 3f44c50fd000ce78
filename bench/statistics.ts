export interface Spread {
  median: number
  least: number
  most: number
}

/** Of an odd count the middle one, of an even count the mean of the two in the middle. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  const [low, high] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]]
  if (low === undefined || high === undefined) throw new RangeError('nothing was measured')
  return { median: (low + high) / 2, least: Math.min(...values), most: Math.max(...values) }
}
