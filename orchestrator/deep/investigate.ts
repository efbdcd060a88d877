/** The agent's way to candidates: investigate, check, and look again when little was found. */
import type { Attempt, CallFailure, CallMeans } from '../call.ts';
import type { Skipped } from '../change.ts';
import { dedupe } from '../dedupe.ts';
import type { Fate } from '../earlier.ts';
import type { ReviewPlan } from '../review.ts';
import type { Toolbox } from '../tools/toolbox.ts';
import type { CommitTexts } from '../tools/texts.ts';
import type { ModelRequest } from '../transport.ts';
import { checkClaims } from './check.ts';
import type { Candidate, CheckedClaims, CheckTools } from './check.ts';
import { Conversation } from './conversation.ts';
import type { Investigator, Said } from './conversation.ts';
import { OwnTools } from './own-tools.ts';
import { LOOK_AGAIN } from './prompt.ts';
import { tally } from '../record.ts';
import type { Stage, StageName } from '../record.ts';

/** A folder with the commit for a program that has tools of its own. */
export type Checkout =
  | {
      readonly ok: true;
      readonly folder: string;
      /** What is in the commit and not in the folder. */
      readonly left: readonly Skipped[];
      remove(): Promise<void>;
    }
  | { readonly ok: false; readonly reason: string };

export interface InvestigateOptions {
  readonly plan: Extract<ReviewPlan, { kind: 'send' }>;
  readonly means: CallMeans;
  readonly toolbox: Toolbox;
  readonly check: CheckTools;
  readonly known: ReadonlySet<string>;
  readonly maxTurns: number;
  readonly maxInputTokens: number;
  readonly secondLook: boolean;
  /** Of the clock's monotonic time. */
  readonly answerAt: number;
  readonly until: number;
  readonly checkout?: (texts: CommitTexts) => Promise<Checkout>;
  readonly onTurn?: (turn: number) => void;
}

interface Told {
  readonly stages: readonly Stage[];
  readonly attempts: readonly Attempt[];
  readonly left: readonly Skipped[];
}

export type Investigated = Told &
  (
    | {
        readonly kind: 'candidates';
        readonly candidates: readonly Candidate[];
        readonly suspect: ReadonlySet<string>;
        /** Of either look. */
        readonly fates: readonly Fate[];
        readonly size: 'full' | 'half';
      }
    | { readonly kind: 'failed'; readonly failure: CallFailure; readonly detail: string }
  );

/** More than so many candidates are a sign that the change was looked through. */
const FEW = 2;

export async function investigate(options: InvestigateOptions): Promise<Investigated> {
  const { means, toolbox, checkout } = options;
  if (means.transports[0]?.hasOwnTools !== true)
    return new Looks(options).run((model) => conversationOf(options, model));
  const made =
    checkout === undefined
      ? ({ ok: false, reason: 'there is no folder to look around in' } as const)
      : await checkout(toolbox.texts);
  if (!made.ok)
    return {
      kind: 'failed',
      failure: 'server',
      detail: made.reason,
      stages: [],
      attempts: [],
      left: [],
    };
  try {
    const { plan, until } = options;
    const { folder, left } = made;
    const ended = await new Looks(options).run(
      (model) => new OwnTools({ means, first: firstOf(plan, model), folder, until }),
    );
    return { ...ended, left };
  } finally {
    await made.remove();
  }
}

function conversationOf(options: InvestigateOptions, model: string | undefined): Investigator {
  // Whoever declined is not asked again with its own words by another model.
  const { otherModel: _, ...means } = options.means;
  return new Conversation({ ...options, means, first: firstOf(options.plan, model) });
}

type First = (size: 'full' | 'half') => ModelRequest | undefined;

/** The same request at every turn: its markers are part of the beginning that turns share. */
function firstOf(plan: InvestigateOptions['plan'], model: string | undefined): First {
  const made = new Map<string, ModelRequest | undefined>();
  return (size) => {
    if (!made.has(size)) made.set(size, plan.request(size));
    const request = made.get(size);
    return request === undefined || model === undefined ? request : { ...request, model };
  };
}

class Looks {
  readonly #options: InvestigateOptions;
  readonly #stages: Stage[] = [];
  readonly #attempts: Attempt[] = [];

  constructor(options: InvestigateOptions) {
    this.#options = options;
  }

  async run(open: (model: string | undefined) => Investigator): Promise<Investigated> {
    const { otherModel } = this.#options.means;
    let one = open(undefined);
    let said = await this.#look('investigate', one, () => one.run());
    // Not in the same conversation, which is what it refused.
    if (said.kind === 'failed' && said.failure === 'refusal' && otherModel !== undefined) {
      one = open(otherModel);
      said = await this.#look('investigate', one, () => one.run());
    }
    const told = { stages: this.#stages, attempts: this.#attempts, left: [] };
    if (said.kind === 'failed') return { ...said, ...told };
    const first = await this.#checked(said);
    const more = this.#isWorthMore(first, one)
      ? await this.#look('second-look', one, () => one.more(LOOK_AGAIN))
      : undefined;
    // A second look that fails takes nothing away from the first.
    const second = more?.kind === 'claims' ? await this.#checked(more) : undefined;
    const all = [...first.candidates, ...(second?.candidates ?? [])];
    const kept = new Set(
      dedupe(
        all.map(({ finding }) => finding),
        this.#options.known,
      ),
    );
    return {
      kind: 'candidates',
      candidates: all.filter(({ finding }) => kept.has(finding)),
      suspect: new Set([...first.suspect, ...(second?.suspect ?? [])]),
      fates: [...said.fates, ...(more?.kind === 'claims' ? more.fates : [])],
      size: one.size,
      ...told,
    };
  }

  #isWorthMore({ candidates }: CheckedClaims, one: Investigator): boolean {
    const isFew = candidates.length > 0 && candidates.length <= FEW;
    return this.#options.secondLook && isFew && one.canLookAgain();
  }

  async #look(name: StageName, one: Investigator, ask: () => Promise<Said>): Promise<Said> {
    const { plan, means, toolbox } = this.#options;
    const begun = means.clock.monotonic();
    const before = { turns: one.turns, calls: toolbox.use.calls, sent: one.attempts.length };
    const said = await ask();
    this.#attempts.push(...one.attempts.slice(before.sent));
    this.#stages.push({
      name,
      in: plan.pack(one.size).files.length,
      out: said.kind === 'claims' ? said.claims.length : 0,
      counts: { turns: one.turns - before.turns, toolCalls: toolbox.use.calls - before.calls },
      milliseconds: means.clock.monotonic() - begun,
      ...(said.kind === 'failed' ? { failed: said.failure } : {}),
    });
    return said;
  }

  async #checked({ claims }: Extract<Said, { kind: 'claims' }>): Promise<CheckedClaims> {
    const { check, means } = this.#options;
    const begun = means.clock.monotonic();
    const checked = await checkClaims(claims, check);
    this.#stages.push({
      name: 'check',
      in: claims.length,
      out: checked.candidates.length,
      counts: tally(checked.dropped),
      milliseconds: means.clock.monotonic() - begun,
    });
    return checked;
  }
}
