#!/usr/bin/env -S node --max-semi-space-size=64
// The one executable. The room for young objects is larger than Node's own choice: what one journal commit takes would
// otherwise be copied to the old ones, only to be dropped there (a quarter more reads a second, measured).
// The code is TypeScript run from source: Node 22.18 and later strips types itself,
// older versions get tsx. Every process of the service (also the forked ones) starts here.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Tallygate needs Node 20.19 or later; this is ${process.versions.node}.`);
  process.exit(1);
}
if (major < 22 || (major === 22 && minor < 18)) {
  const { register } = await import('tsx/esm/api');
  register();
}
const { main } = await import('./main.ts');
await main(process.argv.slice(2));
