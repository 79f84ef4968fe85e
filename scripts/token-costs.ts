import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { tools as registry } from '../src/tools/index.ts';

const BUDGET = { all: 12_000, workflow: 5000, tool: 600, jv: 500, instructions: 500 };

export interface TokenCost {
  what: string;
  tokens: number;
  budget: number;
}

/**
 * What the built server costs a model to read, in o200k tokens: name, description and input schema of each tool, and
 * the text and the structured content of an answer.
 */
export async function countTokens(): Promise<TokenCost[]> {
  const data = mkdtempSync(path.join(tmpdir(), 'arkeo-mcp-tokens-'));
  const client = new Client({ name: 'arkeo-mcp tokens', version: '1' });
  const server = fileURLToPath(new URL('../dist/index.js', import.meta.url));
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [server, '--simulator', '--simulator-speed', '20', '--log-level', 'warn', '--data-dir', data],
      stderr: 'inherit',
    }),
  );

  const count = (value: unknown): number =>
    encode(typeof value === 'string' ? value : JSON.stringify(value)).length;

  const { tools } = await client.listTools();
  const costs = tools.map(({ name, description, inputSchema }) => ({
    name,
    tokens: count({ name, description, inputSchema }),
    workflow: registry.find((tool) => tool.name === name)?.toolset === 'workflow',
  }));
  const sum = (chosen: typeof costs): number => chosen.reduce((total, { tokens }) => total + tokens, 0);
  const dearest = costs.toSorted((a, b) => b.tokens - a.tokens);

  const answer = await client.callTool({
    name: 'measure_jv',
    arguments: { device_name: 'Cell A', area_cm2: 0.1, light_source: '12_led' },
  });
  if (answer.isError === true) throw new Error(JSON.stringify(answer.content));
  const text = count(answer.content.map((part) => (part.type === 'text' ? part.text : '')).join('\n'));
  const structured = count(answer.structuredContent);

  const instructions = client.getInstructions() ?? '';
  await client.close();
  rmSync(data, { recursive: true, force: true });

  const rows: [what: string, tokens: number, budget: number][] = [
    [`all ${tools.length} tools`, sum(costs), BUDGET.all],
    ['workflow tools', sum(costs.filter(({ workflow }) => workflow)), BUDGET.workflow],
    ...dearest.slice(0, 5).map(({ name, tokens }): [string, number, number] => [name, tokens, BUDGET.tool]),
    ['server instructions', count(instructions), BUDGET.instructions],
    ['answer of measure_jv, text', text, BUDGET.jv],
    ['answer of measure_jv, structured', structured, BUDGET.jv],
  ];
  return rows.map(([what, tokens, budget]) => ({ what, tokens, budget }));
}
