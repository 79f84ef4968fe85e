import { countTokens } from '../../scripts/token-costs.ts';
import { exactly } from '../table.ts';
import type { Measurement } from './row.ts';

/** Number of tokens that a model has to read. */
export const tokens: Measurement = async () =>
  (await countTokens()).map(({ what, tokens: count, budget }) => ({
    what: `tokens: ${what}`,
    ours: `${count} tokens`,
    reference: '',
    figure: exactly(count),
    unit: 'tokens',
    budget,
  }));
