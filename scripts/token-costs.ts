import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import * as z from 'zod';
import { allInOne } from '../src/instrument/all-in-one.ts';
import { toolsFor } from '../src/tools/index.ts';
import { startSession } from './session.ts';

const BUDGET = { all: 12_000, workflow: 5000, tool: 600, jv: 600, instructions: 500, prompt: 350 };

export interface TokenCost {
  what: string;
  tokens: number;
  budget: number;
}

/**
 * Counts the o200k tokens that a model has to read: name, description and input schema of each tool, and the
 * text and the structured content of an answer.
 */
export async function countTokens(): Promise<TokenCost[]> {
  const data = mkdtempSync(path.join(tmpdir(), 'arkeo-mcp-tokens-'));
  const { client, tool } = await startSession([
    '--simulator-speed',
    '20',
    '--log-level',
    'warn',
    '--data-dir',
    data,
  ]);

  const count = (value: unknown): number =>
    encode(typeof value === 'string' ? value : JSON.stringify(value)).length;

  const { tools } = await client.listTools();
  const costs = tools.map(({ name, description, inputSchema }) => ({
    name,
    tokens: count({ name, description, inputSchema }),
    workflow: toolsFor(allInOne).find((known) => known.name === name)?.toolset === 'workflow',
  }));
  const sum = (chosen: typeof costs): number => chosen.reduce((total, { tokens }) => total + tokens, 0);
  const dearest = costs.toSorted((a, b) => b.tokens - a.tokens);

  const prompts = await Promise.all(
    (await client.listPrompts()).prompts.map(async ({ name }) => {
      const { messages } = await client.getPrompt({ name });
      const texts = messages.map(({ content }) => (content.type === 'text' ? content.text : ''));
      return { name, tokens: count(texts.join('\n')) };
    }),
  );
  const [longest] = prompts.toSorted((a, b) => b.tokens - a.tokens);
  if (longest === undefined) throw new Error('there are no prompts');

  const answer = await tool(
    'measure_jv',
    { device_name: 'Cell A', area_cm2: 0.1, light_source: '12_led' },
    z.unknown(),
  );
  const text = count(answer.text);
  const structured = count(answer.structured);

  const instructions = client.getInstructions() ?? '';
  await client.close();
  rmSync(data, { recursive: true, force: true });

  const rows: [what: string, tokens: number, budget: number][] = [
    [`all ${tools.length} tools`, sum(costs), BUDGET.all],
    ['workflow tools', sum(costs.filter(({ workflow }) => workflow)), BUDGET.workflow],
    ...dearest.slice(0, 5).map(({ name, tokens }): [string, number, number] => [name, tokens, BUDGET.tool]),
    ['server instructions', count(instructions), BUDGET.instructions],
    [`longest prompt, ${longest.name}`, longest.tokens, BUDGET.prompt],
    ['answer of measure_jv, text', text, BUDGET.jv],
    ['answer of measure_jv, structured', structured, BUDGET.jv],
  ];
  return rows.map(([what, tokens, budget]) => ({ what, tokens, budget }));
}
