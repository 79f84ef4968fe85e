import * as z from 'zod';
import { ConfigurationError } from './errors.ts';
import { LOG_LEVELS } from './logger.ts';
import { ALL_IN_ONE_PORT, HAZARDS, HOST_APPS, TOOLSETS } from './vocabulary.ts';

/** A switch: present on the command line, or a word such as "true" in a variable. */
const SWITCH = 'switch';
const toggle = z.union([z.boolean(), z.stringbool()]).default(false).meta({ value: SWITCH });
const text = z.string().trim().min(1).max(1000);
const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
const seconds = (standard: number) =>
  z.coerce.number().positive().max(45).default(standard).meta({ value: 'seconds' });
/** "a, b": a list on the command line or in a variable; empty by default. */
const names = z
  .string()
  .transform((list) =>
    list
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  )
  .default([]);
const listOf = <const T extends readonly [string, ...string[]]>(known: T) =>
  names.pipe(z.array(z.enum(known, { error: `one of ${known.join(', ')}` })));
const speed = z.coerce.number().min(0.01).max(10_000).default(1).meta({ value: 'factor' });

/**
 * Every option of the server, once: flag (`--request-timeout`), variable (`ARKEO_REQUEST_TIMEOUT`), default,
 * range, help and the table in the README derive from this schema.
 */
export const configSchema = z.strictObject({
  host: text.default('127.0.0.1').meta({ value: 'name' }).describe('Where the ARKEO application runs.'),
  port: whole(1, 65_535).default(ALL_IN_ONE_PORT).meta({ value: 'port' }).describe('TCP port of its API.'),
  tls: toggle.describe(
    'Connect with TLS, to a TLS terminator in front of the ARKEO, which itself speaks plain TCP.',
  ),
  tlsCa: text.optional().meta({ value: 'file' }).describe('Certificate authority to trust, a PEM file.'),
  simulator: toggle.describe(
    'Operate a built-in simulated ARKEO instead of an instrument; all its answers say so.',
  ),
  simulatorSpeed: speed.describe('How much faster than real time the built-in simulator runs.'),
  connectTimeout: seconds(5).describe('How long to wait for a connection.'),
  requestTimeout: seconds(10).describe(
    'How long to wait for a reply; commands known to take longer have longer.',
  ),
  maxReplyMib: whole(1, 1024).default(256).meta({ value: 'MiB' }).describe('Largest reply that is accepted.'),
  parameterKey: z
    .enum(['auto', 'parameter', 'params'])
    .default('auto')
    .meta({ value: 'key' })
    .describe(
      'Name under which parameters are sent: auto, parameter or params. The oldest software reads params; auto finds out when a routine is opened.',
    ),
  userName: text
    .optional()
    .meta({ value: 'name' })
    .describe(
      'User under whom measurements are filed; otherwise they land under whoever used the ARKEO before.',
    ),
  dataDir: text
    .optional()
    .meta({ value: 'folder' })
    .describe(
      'Where measurements are kept; otherwise arkeo-mcp in Documents on Windows, in the folder for application data elsewhere.',
    ),
  limits: text
    .optional()
    .meta({ value: 'file' })
    .describe('Limits of voltage, current, light and temperature, a JSON file; built-in ones otherwise.'),
  limitsProfile: text
    .default('single_junction')
    .meta({ value: 'name' })
    .describe('Which limits: single_junction, tandem, module, or a profile of the limits file.'),
  confirm: z
    .enum(['hazardous', 'always', 'never'])
    .default('hazardous')
    .meta({ value: 'when' })
    .describe('When a person is asked before something is done: hazardous, always or never.'),
  allow: listOf(HAZARDS)
    .meta({ value: 'hazards' })
    .describe(`Hazards that are allowed without asking, several with commas: ${HAZARDS.join(', ')}.`),
  onExit: z
    .enum(['safe', 'leave'])
    .default('safe')
    .meta({ value: 'what' })
    .describe('What becomes of what this server switched on when it ends: safe (switched off) or leave.'),
  readOnly: toggle.describe('Offer only tools that look, and those that switch off.'),
  toolsets: listOf(TOOLSETS)
    .meta({ value: 'names' })
    .describe(`Offer only these groups of tools, several with commas: ${TOOLSETS.join(', ')}.`),
  excludeTools: names
    .meta({ value: 'tools' })
    .describe('Tools not to offer, several with commas. safe_shutdown always stays.'),
  logLevel: z
    .enum(LOG_LEVELS)
    .default('info')
    .meta({ value: 'level' })
    .describe(`How much is logged to standard error: ${LOG_LEVELS.join(', ')}.`),
  logFile: text.optional().meta({ value: 'file' }).describe('Also log to this file.'),
});
export type Config = z.output<typeof configSchema>;

/** Options of `arkeo-mcp simulate`. */
export const simulateSchema = z.strictObject({
  host: text.default('127.0.0.1').meta({ value: 'address' }).describe('Address to listen on.'),
  port: whole(0, 65_535)
    .default(ALL_IN_ONE_PORT)
    .meta({ value: 'port' })
    .describe('Port to listen on; 0 takes a free one.'),
  seed: whole(0, 2 ** 32 - 1)
    .default(1)
    .meta({ value: 'number' })
    .describe('The same seed gives the same data.'),
  speed: speed.describe('How much faster than real time it runs.'),
  dialect: z
    .enum(['newest', 'oldest'])
    .default('newest')
    .meta({ value: 'age' })
    .describe('Which age of the ARKEO software to speak like: newest or oldest.'),
  fault: text
    .optional()
    .meta({ value: 'faults' })
    .describe(
      'Misbehave: split, delay, cut, garbage, late, wrong-id, http, silent or smu-error, as name[:command][@nth][=seconds], several with commas.',
    ),
});
export type SimulateConfig = z.output<typeof simulateSchema>;

/** Options of `arkeo-mcp setup`, which also takes those of the server. */
export const setupSchema = z.strictObject({
  for: z
    .enum(HOST_APPS)
    .optional()
    .meta({ value: 'app' })
    .describe(
      `Only this MCP host: ${HOST_APPS.join(', ')}. Otherwise Claude Desktop, and for the others what to paste.`,
    ),
  yes: toggle.describe('Write without asking.'),
  remove: toggle.describe('Take the entry out instead.'),
});
export type SetupConfig = z.output<typeof setupSchema>;

interface OptionNames {
  key: string;
  flag: string;
  variable: string;
}

export interface OptionDescription extends OptionNames {
  /** Placeholder for the value in help; undefined for a switch. */
  value: string | undefined;
  description: string;
  /** Default as text; undefined without one. */
  standard: string | undefined;
}

/** The options of a schema, for the command line, its help and the documentation. */
export function describeOptions(schema: z.ZodObject): OptionDescription[] {
  return Object.entries(schema.shape).map(([key, field]) => {
    const meta = z
      .looseObject({ value: z.string(), description: z.string() })
      .parse(z.globalRegistry.get(field));
    const standard = z.union([z.string(), z.number()]).safeParse(z.safeParse(field, undefined).data);
    return {
      ...namesOf(key),
      value: meta.value === SWITCH ? undefined : meta.value,
      description: meta.description,
      standard: standard.success ? String(standard.data) : undefined,
    };
  });
}

/**
 * Reads the options: the command line before the environment. An empty value, and an unfilled placeholder that
 * a host left, such as `${user_config.host}`, count as unset. Throws ConfigurationError.
 */
export function readOptions<S extends z.ZodObject>(
  schema: S,
  flags: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string | undefined>>,
): z.output<S> {
  const options = Object.keys(schema.shape).map(namesOf);
  const given = givenOptions(schema, flags, environment);
  const parsed = schema.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => {
    const option = options.find(({ key }) => key === path[0]);
    const value = given.get(String(path[0]));
    return `${option?.flag ?? ''} (${option?.variable ?? ''}) cannot be ${JSON.stringify(value)}: ${message}`;
  });
  throw new ConfigurationError(problems.join('; '), 'arkeo-mcp --help lists the options and their values.');
}

/** Options that are set, by key, as they were given: the command line before the environment. */
export function givenOptions(
  schema: z.ZodObject,
  flags: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string | undefined>>,
): Map<string, unknown> {
  return new Map(
    Object.keys(schema.shape)
      .map(namesOf)
      .flatMap(({ key, variable }) => {
        const value = [flags[key], environment[variable]].find((candidate) => !isUnset(candidate));
        return value === undefined ? [] : [[key, value] as const];
      }),
  );
}

/**
 * Converts flags to variables, for a server that is started later and from elsewhere: files and folders become
 * absolute paths. Unset flags are left out. Throws ConfigurationError.
 */
export function asVariables(
  schema: z.ZodObject,
  flags: Readonly<Record<string, unknown>>,
  absolute: (path: string) => string,
): Record<string, string> {
  readOptions(schema, flags, {});
  const given = givenOptions(schema, flags, {});
  const variables = describeOptions(schema).flatMap(({ key, value, variable }) => {
    if (!given.has(key)) return [];
    const word = String(given.get(key)).trim();
    return [[variable, value === 'file' || value === 'folder' ? absolute(word) : word] as const];
  });
  return Object.fromEntries(variables);
}

function namesOf(key: string): OptionNames {
  return {
    key,
    flag: `--${words(key).join('-')}`,
    variable: `ARKEO_${words(key).join('_').toUpperCase()}`,
  };
}

function isUnset(value: unknown): boolean {
  return (
    value === undefined ||
    (typeof value === 'string' && (value.trim() === '' || /^\$\{.*\}$/.test(value.trim())))
  );
}

function words(key: string): string[] {
  return key.split(/(?=[A-Z])/).map((word) => word.toLowerCase());
}
