/**
 * An investigation: the model asks for parts of the repository until it knows enough, is out of calls, turns,
 * tokens or time, and then answers. Every request goes through `callModel`, with its retries and its purse.
 */
import { callModel, TRANSIENT } from '../call.ts';
import type { Attempt, CallFailure, CallMeans, CallOptions, MakeRequest } from '../call.ts';
import type { Toolbox } from '../tools/toolbox.ts';
import type { ModelReply, ModelRequest, ModelUsage, Turn } from '../transport.ts';
import { ANSWER_NOW } from './prompt.ts';
import { decodeClaims } from './schema.ts';
import type { Claims } from './schema.ts';

export type Said =
  | ({ readonly kind: 'claims' } & Claims)
  | { readonly kind: 'failed'; readonly failure: CallFailure; readonly detail: string };

/** One who looks into a change, with whatever tools. */
export interface Investigator {
  readonly attempts: readonly Attempt[];
  /** Requests that were answered. */
  readonly turns: number;
  /** Of the change that it saw. */
  readonly size: 'full' | 'half';
  run(): Promise<Said>;
  /** Whether a second look has anything to look with. */
  canLookAgain(): boolean;
  /** Goes on with another question after an answer. */
  more(question: string): Promise<Said>;
}

export interface ConversationOptions {
  readonly means: CallMeans;
  /** With tools, and without turns. */
  readonly first: MakeRequest;
  readonly toolbox: Toolbox;
  readonly maxTurns: number;
  /** Prompt tokens of all turns; those from the cache count a tenth, as they cost. */
  readonly maxInputTokens: number;
  /** Of the clock's monotonic time: when it has to answer, and when it has to have answered. */
  readonly answerAt: number;
  readonly until: number;
  readonly onTurn?: (turn: number) => void;
}

type Calls = Extract<ModelReply, { kind: 'calls' }>;
type Step = (Claims & { readonly text: string }) | Calls;

/** So short before it has to answer anyway, a failing endpoint is asked for the answer alone. */
const LAST_RETRY_MS = 8_000;

export class Conversation implements Investigator {
  readonly attempts: Attempt[] = [];
  readonly #options: ConversationOptions;
  readonly #turns: Turn[] = [];
  #shape: CallOptions<Step>['shape'];
  #answered = 0;
  #tokens = 0;
  #isForced = false;

  constructor(options: ConversationOptions) {
    this.#options = options;
  }

  get turns(): number {
    return this.#answered;
  }

  get size(): 'full' | 'half' {
    return this.#shape?.size ?? 'full';
  }

  canLookAgain(): boolean {
    return !this.#mustAnswer() && this.#answered + 2 <= this.#options.maxTurns;
  }

  more(question: string): Promise<Said> {
    this.#turns.push({ role: 'user', results: [], text: question });
    return this.run();
  }

  async run(): Promise<Said> {
    for (;;) {
      const mustAnswer = this.#mustAnswer();
      this.#options.onTurn?.(this.#answered + 1);
      const outcome = await this.#ask(mustAnswer);
      this.attempts.push(...outcome.attempts);
      for (const { usage } of outcome.attempts) this.#tokens += weight(usage);
      if (outcome.kind === 'failed') {
        if (mustAnswer || !this.#endsInvestigation(outcome.failure)) return outcome;
        this.#isForced = true;
        continue;
      }
      this.#shape = outcome.shape;
      this.#answered += 1;
      const step = outcome.value;
      if ('claims' in step) {
        this.#turns.push({ role: 'assistant', blocks: [{ type: 'text', text: step.text }] });
        return { kind: 'claims', claims: step.claims, fates: step.fates };
      }
      const results = await this.#options.toolbox.run(step.calls);
      this.#turns.push({ role: 'assistant', blocks: step.blocks });
      this.#turns.push({ role: 'user', results, text: '' });
    }
  }

  #ask(mustAnswer: boolean): ReturnType<typeof callModel<Step>> {
    const { means, answerAt, until } = this.#options;
    const shape = this.#shape;
    return callModel<Step>({
      ...means,
      deadlineMs: Math.max(0, (mustAnswer ? until : answerAt) - means.clock.monotonic()),
      ...(shape === undefined ? {} : { shape }),
      makeRequest: (size) => this.#request(size, mustAnswer),
      decode(text) {
        const decoded = decodeClaims(text);
        return decoded.ok ? { ok: true, value: { ...decoded.value, text } } : decoded;
      },
      ...(mustAnswer ? {} : { decodeCalls: (reply: Calls) => ({ ok: true, value: reply }) }),
    });
  }

  #request(size: 'full' | 'half', mustAnswer: boolean): ModelRequest | undefined {
    const { first } = this.#options;
    const begin = first(size) ?? (this.#turns.length > 0 ? first('full') : undefined);
    if (begin === undefined) return undefined;
    const turns = size === 'full' ? [...this.#turns] : this.#turns.map(shortened);
    const last = turns.at(-1);
    if (mustAnswer && last?.role === 'user')
      turns[turns.length - 1] = { ...last, text: `${last.text}${ANSWER_NOW}` };
    return { ...begin, turns, mayCallTools: !mustAnswer };
  }

  #mustAnswer(): boolean {
    const { maxTurns, maxInputTokens, toolbox, answerAt, means } = this.#options;
    return (
      this.#isForced ||
      this.#answered + 1 >= maxTurns ||
      toolbox.left === 0 ||
      this.#tokens >= maxInputTokens ||
      means.clock.monotonic() >= answerAt
    );
  }

  /** The time for looking around is over, and the time for the answer is not. */
  #endsInvestigation(failure: CallFailure): boolean {
    const { answerAt, means } = this.#options;
    const left = answerAt - means.clock.monotonic();
    return failure === 'deadline' || (TRANSIENT.has(failure) && left <= LAST_RETRY_MS);
  }
}

/** Results but those of the last turn are what a conversation that is too long can do without. */
function shortened(turn: Turn, index: number, turns: readonly Turn[]): Turn {
  if (turn.role === 'assistant' || index + 1 === turns.length) return turn;
  const results = turn.results.map((result) => ({
    ...result,
    text: '(left out: the conversation is too long. Ask again for what you need.)',
  }));
  return { ...turn, results };
}

function weight(usage: ModelUsage | undefined): number {
  if (usage === undefined) return 0;
  return usage.inputTokens + usage.cacheWriteTokens + usage.cacheReadTokens / 10;
}
