import { promises } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';

type Operation = (...args: unknown[]) => Promise<unknown>;

/** What open files can do: the object on which Node keeps it. */
export async function fileHandles(): Promise<object> {
  const handle = await promises.open(tmpdir(), 'r').catch(async () => promises.open(process.execPath, 'r'));
  await handle.close();
  const prototype: object = Object.getPrototypeOf(handle);
  return prototype;
}

/**
 * Puts something of ours in the place of a file operation of Node, for all modules, as a full disk or a virus scanner
 * would. Returns what puts it back.
 */
export function replace(
  object: object,
  name: string,
  ours: (original: Operation, ...args: unknown[]) => Promise<unknown>,
): () => void {
  const original: Operation = Reflect.get(object, name);
  const put = (operation: Operation): void => {
    Reflect.set(object, name, operation);
    syncBuiltinESMExports();
  };
  put(async function operation(this: unknown, ...args: unknown[]) {
    return ours(async (...changed) => Reflect.apply(original, this, changed), ...args);
  });
  return () => put(original);
}
