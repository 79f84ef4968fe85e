/**
 * Measures every budget: prints a table of every row and its reference in the same run.
 *
 *   npm run bench                  all rows, about four minutes
 *   npm run bench -- parse start   these rows only
 *   npm run bench -- --write       all rows, also written to bench/results.md
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startArkeo } from './host.ts';
import { describeLoad, describeMachine } from './machine.ts';
import { bundleReferences } from './references/bundle.ts';
import { call } from './rows/call.ts';
import { jv } from './rows/jv.ts';
import { memory } from './rows/memory.ts';
import { parse } from './rows/parse.ts';
import { pieces } from './rows/pieces.ts';
import type { Measurement } from './rows/row.ts';
import { shutdown } from './rows/shutdown.ts';
import { start } from './rows/start.ts';
import { tokens } from './rows/tokens.ts';
import { isOver, type Row, table } from './table.ts';

const MEASUREMENTS: Record<string, Measurement> = {
  call,
  start,
  parse,
  pieces,
  tokens,
  jv,
  shutdown,
  memory,
};
const RESULTS = fileURLToPath(new URL('results.md', import.meta.url));

const names = process.argv.slice(2).filter((argument) => argument !== '--write');
const write = process.argv.includes('--write');
const unknown = names.filter((name) => MEASUREMENTS[name] === undefined);
if (unknown.length > 0 || (write && names.length > 0)) {
  console.error(`npm run bench -- [--write] or [${Object.keys(MEASUREMENTS).join('] [')}]`);
  process.exit(2);
}

const began = performance.now();
const machine = describeMachine();
const host = await startArkeo();
const tools = await host.listTools();
await host.close();
const references = bundleReferences(tools);
const rows: Row[] = [];
try {
  const context = { references: await references, tools };
  for (const [name, measurement] of Object.entries(MEASUREMENTS)) {
    if (names.length > 0 && !names.includes(name)) continue;
    console.error(`${name} …`);
    rows.push(...(await measurement(context)));
  }
} finally {
  (await references).remove();
}

const report = [
  ...machine.map((line) => `- ${line}`),
  `- load after: ${describeLoad()}; the run took ${((performance.now() - began) / 1000).toFixed(0)} s`,
  '',
  table(rows),
].join('\n');
console.log(report);
if (write)
  writeFileSync(
    RESULTS,
    `# Results\n\nWritten by \`npm run bench -- --write\`. Meaning of the rows, and reasons why one is over its budget: [README.md](README.md).\n\n${report}\n`,
  );
if (rows.some(isOver)) process.exitCode = 1;
