import { type Setup, setUp, succeeded } from './helpers.ts';

export interface OldestSetup extends Setup {
  /** The data of a request that must succeed, sent as the first pages have it. */
  ask: (target: string, command: string, params?: object) => Promise<unknown>;
}

/** A simulator of the oldest software whose time stands still until the test lets it pass. */
async function setUpOldest(): Promise<OldestSetup> {
  const setup = await setUp({ dialect: 'oldest' });
  return {
    ...setup,
    ask: async (target, command, params = {}) =>
      succeeded(await setup.client.ask(target, command, { params })).data,
  };
}

/** The same with a routine open and Ready. */
export async function openOldest(routine: string): Promise<OldestSetup> {
  const setup = await setUpOldest();
  await setup.ask('MAIN', 'StartRoutine', { routine });
  setup.clock.pass(2);
  return setup;
}
