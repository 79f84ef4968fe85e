import { within } from '../measurement/arguments/numbers.ts';

/** A call that waits ends by itself before any host cuts it. */
const MAX_WAIT_S = 50;

/** How long a call may wait for what goes on without it, in s. */
export const waitSeconds = within(0, MAX_WAIT_S).default(20).describe(`Up to ${MAX_WAIT_S}.`);
