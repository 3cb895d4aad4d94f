// What is held, for benchmarks of memory.

/** Bytes that are held after everything that could be collected was: needs --expose-gc. Throws without it. */
export function heapUsed(): number {
  if (globalThis.gc === undefined) throw new Error('Run it as package.json says: it needs --expose-gc.');
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
}
