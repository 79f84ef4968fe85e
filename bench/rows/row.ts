import type { ListedTool } from '../host.ts';
import type { References } from '../references/bundle.ts';
import type { Row } from '../table.ts';

export interface Context {
  references: References;
  /** Tools that arkeo-mcp lists. */
  tools: readonly ListedTool[];
}

/** Measures one or more lines of the table. */
export type Measurement = (context: Context) => Promise<Row[]>;
