import type { CallToolResult, InputRequiredResult } from '@modelcontextprotocol/server';
import { ArkeoError, InputError, InternalError, MeasurementError, type Outcome } from '../errors.ts';
import { plain } from '../text/quote.ts';
import type { Caller } from '../safety/caller.ts';
import { ConfirmationRequired } from '../safety/confirmation.ts';
import type { Consent } from './consent.ts';
import { type AnswerForm, markOf, renderAnswer } from '../tools/answer/answer-form.ts';
import type { Answer, Prose, Tool, ToolCall, ToolContext } from '../tools/define-tool.ts';
import { readArguments } from './read-arguments.ts';
import { protoMember, wrongArguments } from './wrong-arguments.ts';

/** Many hosts cut a call at 60 s: dialling, queueing and waiting for the reply together stay below. */
const CALL_LIMIT_MS = 55_000;
/** Characters of an answer's text; nothing an instrument says may flood the conversation. */
const MAX_TEXT = 30_000;
/** Key under which programs find the facts of a failure. */
export const ERROR_META_KEY = 'arkeo-mcp/error';

const OUTCOMES: Record<Outcome, string> = {
  not_sent: 'not_sent (nothing was sent; the instrument is as it was)',
  refused: 'refused (the instrument said no)',
  unknown: 'unknown (sent, but no usable answer; it may or may not have happened)',
  local: 'local (it failed on this computer; the instrument has nothing to do with it)',
};

/** Context of a call from the host. */
export interface HostCall {
  /** Caller that asks: `Caller.id`. */
  caller: string;
  /** Aborts when the host gives the call up. */
  signal: AbortSignal;
  progress?: ToolCall['progress'] | undefined;
  /** Answer of the person about this call; for a host that cannot ask, without an answer. */
  consent?: Consent | undefined;
}

/** Validates, runs and answers: the only place where a tool's failure becomes an answer. */
export async function runTool(
  tool: Tool,
  rawArgs: unknown,
  context: ToolContext,
  { caller: id, signal: hostSignal, progress = () => undefined, consent }: HostCall,
): Promise<CallToolResult | InputRequiredResult> {
  // An AbortSignal made by AbortSignal.any or AbortSignal.timeout can be collected before it fires on Node 20.
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(hostSignal.reason);
  const timer = setTimeout(onAbort, CALL_LIMIT_MS);
  hostSignal.addEventListener('abort', onAbort);
  if (hostSignal.aborted) onAbort();
  const notes = new Set<string>();
  try {
    const read = readArguments(tool, rawArgs);
    const hidden = read.success ? (protoMember(rawArgs) ?? protoMember(read.args)) : undefined;
    if (hidden !== undefined)
      throw new InputError(`${tool.name}: ${plain(hidden, 60)}: __proto__ can be no name of a value`, {
        hint: 'Leave it out.',
      });
    if (!read.success) throw wrongArguments(tool, read.error, read.given);
    const { args } = read;
    if (consent?.refused !== undefined) throw notAgreed(tool.name, consent.refused);
    const caller = callerOf(id, tool, args, consent, notes);
    for (const note of read.notes) notes.add(note);
    if (consent?.agreement !== undefined) notes.add(consent.agreement);
    const call: ToolCall = { ...context, caller, signal: controller.signal, progress };
    return await context.callers.run(caller, async () => {
      const kind = tool.takesEnergyOut?.(args) === true ? 'safety' : tool.kind;
      context.guard.requireCallAgreement(caller, kind, args);
      return tool.output === undefined
        ? proseResult(await tool.run(args, call), caller.notes)
        : factsResult(tool.output, await tool.run(args, call), caller.notes);
    });
  } catch (error) {
    if (error instanceof ConfirmationRequired && consent?.canAsk === true) return await consent.ask(error);
    const simulated = typeof context.connection.status().simulator === 'string';
    return errorResult(error instanceof ArkeoError ? error : new InternalError(error), simulated, notes);
  } finally {
    clearTimeout(timer);
    hostSignal.removeEventListener('abort', onAbort);
  }
}

function proseResult({ text, simulated, attachments = [] }: Prose, notes: Caller['notes']): CallToolResult {
  const lines = [markOf(simulated) + text, ...[...notes].map((note) => `Note: ${note}`)];
  return { content: [{ type: 'text', text: cut(lines.join('\n')) }, ...attachments] };
}

function factsResult(
  form: AnswerForm,
  { said, attachments = [] }: Answer,
  notes: Caller['notes'],
): CallToolResult {
  const { text, structured } = renderAnswer(form, said, notes);
  return { content: [{ type: 'text', text: cut(text) }, ...attachments], structuredContent: structured };
}

function callerOf(
  id: string,
  tool: Tool,
  args: Readonly<Record<string, unknown>>,
  consent: Consent | undefined,
  notes: Caller['notes'],
): Caller {
  const { device_name: device, take_over: takeOver } = args;
  return {
    id,
    tool: tool.name,
    host: consent?.host,
    device: typeof device === 'string' ? device : undefined,
    takeOver: takeOver === true,
    agreed: consent?.agreed ?? new Set(),
    notes,
  };
}

function notAgreed(tool: string, why: string): InputError {
  return new InputError(`${tool} was not done: ${why}`, {
    code: 'not_agreed',
    hint: 'Tell the person. Call again only if the person brings it up. Nothing was sent.',
  });
}

function cut(text: string): string {
  return text.length <= MAX_TEXT
    ? text
    : `${text.slice(0, MAX_TEXT)}\n(cut: ${text.length - MAX_TEXT} more characters)`;
}

/**
 * Words the outcome. If a measurement did not start, `not_sent` is said of its command only: the message tells what was
 * done before.
 */
function describeOutcome(error: ArkeoError): string {
  const { outcome, target, command } = error;
  return error instanceof MeasurementError && outcome === 'not_sent' && command !== undefined
    ? `not_sent (${target === undefined ? '' : `${target}.`}${command} was not sent)`
    : OUTCOMES[outcome];
}

/**
 * The first block carries everything, since some hosts show only that. There is no structuredContent: hosts on the older
 * SDK refuse one that does not match the tool's output schema.
 */
function errorResult(error: ArkeoError, simulated: boolean, notes: Iterable<string>): CallToolResult {
  const { code, message, hint, outcome, target, command } = error;
  const about = [target, command].filter((name) => name !== undefined).join('.');
  const text = [
    `${markOf(simulated)}ERROR ${code}: ${message}`,
    ...[...notes].map((note) => `Note: ${note}`),
    `Outcome: ${describeOutcome(error)}.`,
    ...(about === '' || message.includes(about) ? [] : [`Command: ${about}.`]),
    `Next: ${hint}`,
  ].join('\n');
  return {
    isError: true,
    content: [{ type: 'text', text }],
    _meta: {
      [ERROR_META_KEY]: {
        code,
        message,
        hint,
        outcome,
        target: target ?? null,
        command: command ?? null,
        notes: [...notes],
        simulated,
      },
    },
  };
}
