/** An investigation by a program that has tools of its own and a folder with the commit to look around in. */
import { callModel } from '../call.ts';
import type { Attempt, CallMeans, MakeRequest } from '../call.ts';
import type { Investigator, Said } from './conversation.ts';
import { decodeClaims } from './schema.ts';

export interface OwnToolsOptions {
  readonly means: CallMeans;
  readonly first: MakeRequest;
  readonly folder: string;
  readonly until: number;
}

/** It remembers nothing, so that a second look is told what the first one answered. */
export class OwnTools implements Investigator {
  readonly attempts: Attempt[] = [];
  turns = 0;
  size: 'full' | 'half' = 'full';
  readonly #options: OwnToolsOptions;
  #answer = '';

  constructor(options: OwnToolsOptions) {
    this.#options = options;
  }

  canLookAgain(): boolean {
    const { until, means } = this.#options;
    return until - means.clock.monotonic() > 0;
  }

  run(): Promise<Said> {
    return this.#ask('');
  }

  more(question: string): Promise<Said> {
    return this.#ask(`Your answer so far:\n${this.#answer}\n${question}`);
  }

  async #ask(question: string): Promise<Said> {
    const { means, first, folder, until } = this.#options;
    const outcome = await callModel<{ said: Said; text: string }>({
      ...means,
      deadlineMs: Math.max(0, until - means.clock.monotonic()),
      makeRequest(size) {
        const request = first(size);
        if (request === undefined) return undefined;
        const { tools: _, ...rest } = request;
        return { ...rest, prompt: `${rest.prompt}${question}`, folder };
      },
      decode(text) {
        const decoded = decodeClaims(text);
        if (!decoded.ok) return decoded;
        return { ok: true, value: { said: { kind: 'claims', ...decoded.value }, text } };
      },
    });
    this.attempts.push(...outcome.attempts);
    if (outcome.kind === 'failed') return outcome;
    this.turns += 1;
    this.size = outcome.shape.size;
    this.#answer = outcome.value.text;
    return outcome.value.said;
  }
}
