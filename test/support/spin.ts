/** Keeps the thread busy. */
export function spin(milliseconds: number): void {
  for (const end = performance.now() + milliseconds; performance.now() < end;);
}
