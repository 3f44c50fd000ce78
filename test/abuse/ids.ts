/** Every row of the abuse list. */
export const complete = `
  01 02 03 05 06 07 09 10 11 13 14 15 17 18 19 21 22 23 25 26 27 29 30 31 33 34 35 37 38 39 41 42 43
  45 46 47 49 50 51 53 54 55 57 58 59 61 62 63 65 66 67 69 70 71 73 74 75 77 78 79 81 82 83 85 86 87
  89 90 91 93 94 95 97 98 99 101 102 103 105 106 107 109 110 111 113 114 115 117 118 119
`
  .trim()
  .split(/\s+/)
  .map((number) => `ABU-${number}`)

export const notYet: Record<string, string> = {
  'ABU-27': 'search',
  'ABU-87': 'filters by time',
  'ABU-109': 'audit events',
  'ABU-110': 'audit events',
  'ABU-114': 'exports',
}
