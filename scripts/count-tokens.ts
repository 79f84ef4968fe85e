/** Prints the number of tokens that a model has to read, with their budgets. Fails if a budget is exceeded. */
import { countTokens } from './token-costs.ts';

const rows = await countTokens();
console.log('o200k tokens                        are   may be');
for (const { what, tokens, budget } of rows)
  console.log(
    `${what.padEnd(34)} ${String(tokens).padStart(5)}   ${String(budget).padStart(6)}${tokens > budget ? '  OVER' : ''}`,
  );
if (rows.some(({ tokens, budget }) => tokens > budget)) process.exitCode = 1;
