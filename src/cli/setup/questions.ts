import { configSchema, givenOptions } from '../../config.ts';

/** Asks a person for one line; undefined if the person left instead of answering. */
export type Ask = (question: string) => Promise<string | undefined>;

type Flags = Readonly<Record<string, unknown>>;

/** True if the options name an instrument. */
export function namesInstrument(
  flags: Flags,
  environment: Readonly<Record<string, string | undefined>> = {},
): boolean {
  const given = givenOptions(configSchema, flags, environment);
  return ['host', 'port', 'simulator'].some((key) => given.has(key));
}

/** Asks a first-time user for everything that the flags leave open. Undefined if nobody answered. */
export async function askForInstrument(flags: Flags, ask: Ask): Promise<Flags | undefined> {
  const answered: Record<string, unknown> = { ...flags };
  if (!namesInstrument(flags)) {
    const address = await ask(
      'Name or IP address of the PC that runs the ARKEO application, or Enter for the built-in simulator: ',
    );
    if (address === undefined) return undefined;
    if (address.trim() === '') answered['simulator'] = true;
    else answered['host'] = address.trim();
  }
  if (answered['simulator'] === undefined && answered['readOnly'] === undefined) {
    const lookOnly = await agree(
      ask,
      'Only look and switch off at first, and change nothing (read-only)?',
      true,
    );
    if (lookOnly === undefined) return undefined;
    if (lookOnly) answered['readOnly'] = true;
  }
  return answered;
}

/** Asks until the answer is yes or no; Enter means the proposed one. Undefined if nobody answered. */
export async function agree(ask: Ask, question: string, proposed: boolean): Promise<boolean | undefined> {
  for (;;) {
    const answer = await ask(`${question} [${proposed ? 'Y/n' : 'y/N'}] `);
    if (answer === undefined) return undefined;
    const word = answer.trim().toLowerCase();
    if (word === '') return proposed;
    if (['y', 'yes'].includes(word)) return true;
    if (['n', 'no'].includes(word)) return false;
  }
}
