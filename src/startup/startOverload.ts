import type { Logger } from '../platform/logger.ts'
import { createOverload, type Overload } from '../platform/overload.ts'

/** Begins to look whether there is too much to do, and keeps the log informed. */
export function startOverload(logger: Logger): Overload {
  const overload = createOverload({
    onChange: (isOverloaded) => {
      if (isOverloaded) logger.warn('there is more to do than can be done: new requests are answered 503')
      else logger.info('what there is to do can be done again')
    },
  })
  overload.start()
  return overload
}
