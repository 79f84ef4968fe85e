import * as z from 'zod';
import { type Command, toolName } from '../command.ts';
import { markdownTable } from '../../text/markdown-table.ts';
import type { RoutineDefinition, SettingsForm } from './routine.ts';

/** One field of a settings form. */
export interface SettingRow {
  /** Keys from the outside in, as the instrument writes them. */
  path: string[];
  unit: string;
  /** JSON of a typical value; empty where there is none. */
  typical: string;
  /** Allowed values in words; empty where anything goes. */
  allowed: string;
  description: string;
}

/** Everything we know of a routine, as Markdown: for a model, a person, and the documentation alike. */
export function describeRoutine(routine: RoutineDefinition): string {
  const {
    name,
    title,
    aliases,
    measures,
    lifecycle,
    collectWhileRunning,
    duration,
    pitfalls,
    columns,
    commands,
  } = routine;
  const lasts = {
    finite: 'It ends by itself.',
    until_stopped: 'It runs until it is stopped.',
    acquire: 'It works while Ready, through its custom commands.',
  }[lifecycle];
  return [
    `# ${name}: ${title}`,
    measures,
    `Duration: ${duration}. ${lasts}${collectWhileRunning === true ? ' Its data has to be fetched while it runs: it holds only the latest part.' : ''}`,
    ...(aliases.length > 0 ? [`Also known as ${aliases.join(', ')}.`] : []),
    '## Settings',
    ...(routine.settings.length > 0
      ? routine.settings.map(describeForm)
      : ['Not documented: read them with `routine_get_settings` and change only values.']),
    '## Result',
    columns.length > 0
      ? markdownTable(
          ['column', 'unit', 'meaning'],
          columns.map((column) => [column.name, column.unit, column.meaning]),
        )
      : 'Passed on as the instrument sends it.',
    '## Custom commands',
    commands.length > 0
      ? markdownTable(
          ['tool', 'command', 'what it does'],
          commands.map((command) => commandRow(command)),
        )
      : 'None.',
    '## What goes wrong',
    pitfalls.length > 0 ? pitfalls.map((pitfall) => `- ${pitfall}`).join('\n') : 'Nothing is documented.',
  ].join('\n\n');
}

function describeForm({ name, schema }: SettingsForm): string {
  const rows = settingRows(schema).map(({ path, unit, typical, allowed, description }) => [
    `\`${path.join(' › ')}\``,
    unit,
    typical === '' ? '' : `\`${typical}\``,
    allowed,
    description,
  ]);
  return `Form: ${name}.\n\n${rows.length > 0 ? markdownTable(['setting', 'unit', 'typical', 'allowed', 'meaning'], rows) : 'No settings.'}`;
}

function commandRow(command: Command): string[] {
  return [`\`${toolName(command)}\``, command.name, command.description];
}

const node = z.looseObject({
  unit: z.string().default(''),
  typical: z.unknown().optional(),
  description: z.string().default(''),
  type: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
});

/** The fields of a settings form, in the order of the form. */
export function settingRows(schema: z.ZodObject): SettingRow[] {
  const walk = (raw: unknown, path: string[]): SettingRow[] => {
    const { properties, unit, typical, description, ...rest } = node.parse(raw);
    if (properties !== undefined)
      return Object.entries(properties).flatMap(([key, inner]) => walk(inner, [...path, key]));
    return [
      {
        path,
        unit,
        typical: typical === undefined ? '' : JSON.stringify(typical),
        allowed: allowedValues(rest),
        description,
      },
    ];
  };
  return walk(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), []);
}

function allowedValues({
  enum: values,
  minimum,
  maximum,
  exclusiveMinimum,
}: Partial<z.output<typeof node>>): string {
  if (values !== undefined) return values.map((value) => `\`${String(value)}\``).join(', ');
  const bound = (limit: number | undefined): number | undefined =>
    limit === undefined || Math.abs(limit) === Number.MAX_SAFE_INTEGER ? undefined : limit;
  const [low, above, high] = [bound(minimum), bound(exclusiveMinimum), bound(maximum)];
  if (low !== undefined && high !== undefined) return `${low} to ${high}`;
  const parts = [
    ...(low === undefined ? [] : [`from ${low}`]),
    ...(above === undefined ? [] : [`above ${above}`]),
    ...(high === undefined ? [] : [`up to ${high}`]),
  ];
  return parts.join(', ');
}
