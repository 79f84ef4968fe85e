import { afterEach } from 'vitest';

/** Closes what a test opened, last first, whatever became of the test. Call it once per file. */
export function closesAfterEach(): <T extends { close: () => unknown }>(thing: T) => T {
  const open: { close: () => unknown }[] = [];
  afterEach(async () => {
    for (const thing of open.splice(0).reverse()) await thing.close();
  });
  return (thing) => {
    open.push(thing);
    return thing;
  };
}
