import { randomBytes, randomUUID } from 'node:crypto';
import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  createRequestStateCodec,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';
import * as z from 'zod';
import { plain, quote } from '../text/quote.ts';
import type { ConfirmationRequired } from '../safety/confirmation.ts';
import { canonicalJson } from '../text/canonical-json.ts';

/** Subject of a question: sealed, and handed back with the answer. */
interface Asked {
  /** The tool with its exact arguments. */
  call: string;
  /** Keys that a yes agrees to, this round and those before. */
  keys: string[];
  /** `--allow` and the hazards asked about, for a host that answers by itself. */
  option: string;
  /** Unix time, ms. */
  askedAt: number;
  nonce: string;
}

/** A person cannot read and answer a question faster than this. */
const READING_MS = 700;

const ANSWER = 'agree';
const VALID_SECONDS = 300;
/** Characters of a question. */
const MAX_QUESTION = 1500;
const form = z.object({ agree: z.boolean().meta({ title: 'Yes, do it' }) });

/** Answer of the person about one call, and how to ask. */
export interface Consent {
  /** The host, as it names itself. */
  host: string | undefined;
  /** The host can ask its user. */
  canAsk: boolean;
  /** Keys of the questions to which the person said yes. */
  agreed: ReadonlySet<string>;
  /** When the person said yes, and through which host, as a sentence; undefined without a yes. */
  agreement: string | undefined;
  /** The person was asked and did not say yes: declined, cancelled, box not ticked, or too late. */
  refused: string | undefined;
  ask(required: ConfirmationRequired): Promise<InputRequiredResult>;
}

/** The questions of this process to the person. An answer is bound to the exact call, and valid once. */
export class Consents {
  readonly #codec = createRequestStateCodec<Asked>({ key: randomBytes(32), ttlSeconds: VALID_SECONDS });
  readonly #used = new Set<string>();
  readonly #hostName = readOnce(hostName);
  readonly #canElicit = readOnce(canElicit);
  readonly #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** For the SDK: who sends a state of ours must have got it from us. */
  readonly verify: ReturnType<typeof createRequestStateCodec<Asked>>['verify'] = (...args) =>
    this.#codec.verify(...args);

  of(server: McpServer, { mcpReq }: ServerContext, tool: string, args: unknown): Consent {
    const call = (): string => `${tool} ${canonicalJson(args)}`;
    const answered = this.#answer(mcpReq, call);
    const agreed = typeof answered === 'string' ? [] : answered;
    const agreedAt = agreed.length === 0 ? undefined : this.#now().toISOString();
    // On the 2025 protocol only the connection knows who the host is.
    const said = envelope(mcpReq);
    // oxlint-disable-next-line typescript/no-deprecated
    const client = said[CLIENT_INFO_META_KEY] ?? server.server.getClientVersion();
    // oxlint-disable-next-line typescript/no-deprecated
    const able = said[CLIENT_CAPABILITIES_META_KEY] ?? server.server.getClientCapabilities();
    const host = this.#hostName(client);
    return {
      host,
      canAsk: this.#canElicit(able),
      agreed: new Set(agreed),
      agreement:
        agreedAt === undefined
          ? undefined
          : `the person agreed at ${agreedAt}, asked by ${host === undefined ? 'the host' : quote(host)}`,
      refused: typeof answered === 'string' ? answered : undefined,
      ask: async ({ questions, keys, option }) =>
        inputRequired({
          inputRequests: {
            [ANSWER]: inputRequired.elicit({
              message: `${plain(`${tool}: ${questions.map(({ text }) => text).join('; ')}`, MAX_QUESTION)}. Allow it, this once?`,
              requestedSchema: form,
            }),
          },
          requestState: await this.#codec.mint({
            call: call(),
            keys: [...agreed, ...keys],
            option,
            askedAt: this.#now().getTime(),
            nonce: randomUUID(),
          }),
        }),
    };
  }

  /** The keys agreed to, or why there is no agreement. */
  #answer(mcpReq: ServerContext['mcpReq'], call: () => string): string[] | string {
    const view = inputResponse(mcpReq.inputResponses, ANSWER);
    if (view.kind === 'missing') return [];
    const state = mcpReq.requestState<Asked>();
    if (state?.call !== call()) return 'the answer belongs to another call';
    if (this.#used.has(state.nonce)) return 'the answer was used already';
    this.#used.add(state.nonce);
    const tookMs = this.#now().getTime() - state.askedAt;
    if (view.kind === 'elicit' && view.action !== 'accept')
      return tookMs < READING_MS
        ? `the host answered ${view.action} by itself, ${(tookMs / 1000).toFixed(2)} s after the question, which is faster than anyone reads: the question was not shown to a person. Whoever runs the server can allow it beforehand with ${state.option}`
        : `the person chose ${view.action}`;
    const content = acceptedContent(mcpReq.inputResponses, ANSWER, form);
    return content?.agree === true ? state.keys : 'the box was not ticked';
  }
}

const capabilities = z.looseObject({
  elicitation: z.looseObject({ form: z.unknown().optional(), url: z.unknown().optional() }).optional(),
});

/** `elicitation: {}` means forms. */
function canElicit(said: unknown): boolean {
  const elicitation = capabilities.safeParse(said).data?.elicitation;
  return elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined);
}

const clientInfo = z.looseObject({ name: z.string(), version: z.string().default('') });

function hostName(said: unknown): string | undefined {
  const info = clientInfo.safeParse(said).data;
  return info === undefined ? undefined : `${info.name} ${info.version}`.trim();
}

/** On the 2025 protocol a host says once for the connection what it says with each call on the newer one. */
function readOnce<T>(read: (said: unknown) => T): (said: unknown) => T {
  const known = new WeakMap<object, { read: T }>();
  return (said) => {
    if (typeof said !== 'object' || said === null) return read(said);
    const remembered = known.get(said) ?? { read: read(said) };
    known.set(said, remembered);
    return remembered.read;
  };
}

const members = z.record(z.string(), z.unknown());

function envelope(mcpReq: ServerContext['mcpReq']): Readonly<Record<string, unknown>> {
  // The 2025 protocol has none, and to find that out by a failed parse costs more than all the rest.
  if (mcpReq.envelope === undefined) return {};
  return members.safeParse(mcpReq.envelope).data ?? {};
}
