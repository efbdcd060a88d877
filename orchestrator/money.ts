/** What calls cost. Prices are of a day, from a source; a model without one costs an unknown amount. */
import type { Attempt } from './call.ts';
import type { Usage } from './finding.ts';
import type { ModelRequest, ModelUsage } from './transport.ts';

/** US dollars per million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  /** Prompts above `tokens` cost more. */
  readonly above?: { readonly tokens: number; readonly input: number; readonly output: number };
}

/** Model names as they begin, the longest that fits counts. */
export interface PriceTable {
  /** ISO date of the prices. */
  readonly date: string;
  readonly source: string;
  readonly models: Readonly<Record<string, Price>>;
}

/** Cache reads at a tenth and cache writes at five quarters of the input's price. */
function price(input: number, output: number, above?: Price['above']): Price {
  const base = { input, output, cacheRead: input * 0.1, cacheWrite: input * 1.25 };
  return above === undefined ? base : { ...base, above };
}

export const PRICES: PriceTable = {
  date: '2026-11-01',
  source: 'model list in the types of @anthropic-ai/sdk 1.11',
  models: {
    'claude-fable-5-1': price(10, 50),
    'claude-opus-5-5': price(4, 20),
    'claude-sonnet-5-5': price(2, 10),
    'claude-haiku-5-5': price(0.1, 0.5, { tokens: 100_000, input: 0.5, output: 2.5 }),
    'claude-opus-4-7': price(5, 25),
    'claude-opus-4-6': price(15, 75),
    'claude-sonnet-4-6': price(3, 15),
    'claude-haiku-4-5': price(1, 5),
  },
};

/** Names by which the user's own program knows its newest models; priced as the newest that the table has. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['opus', 'claude-opus-5-5'],
  ['sonnet', 'claude-sonnet-5-5'],
  ['haiku', 'claude-haiku-5-5'],
]);

/** Price of a model in any provider's form of its name: `us.anthropic.claude-…-v1:0`, `claude-…@20261021`. */
export function priceOf(model: string, table: PriceTable = PRICES): Price | undefined {
  const full = ALIASES.get(model) ?? model;
  const at = full.indexOf('claude-');
  if (at < 0) return undefined;
  const name = full.slice(at);
  const known = Object.keys(table.models)
    .filter((prefix) => name.startsWith(prefix) && !/^[0-9]/.test(name.slice(prefix.length)))
    .sort((a, b) => b.length - a.length)[0];
  return known === undefined ? undefined : table.models[known];
}

/** US dollars; undefined for a model without a price. */
export function costOf(
  model: string,
  usage: ModelUsage,
  table: PriceTable = PRICES,
): number | undefined {
  const found = priceOf(model, table);
  if (found === undefined) return undefined;
  const prompt = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
  const { above } = found;
  const long = above !== undefined && prompt > above.tokens ? above : undefined;
  return (
    (usage.inputTokens * (long?.input ?? found.input) +
      usage.outputTokens * (long?.output ?? found.output) +
      usage.cacheReadTokens * found.cacheRead +
      usage.cacheWriteTokens * found.cacheWrite) /
    1e6
  );
}

/** English and code have three to four characters a token; the low end, so that a hold is not too small. */
const CHARACTERS_PER_TOKEN = 3;

/** What a child that looks around by itself reads in all its turns together. */
const OWN_TOOLS_TOKENS = 400_000;

/** The most that a request can use. */
export function boundOf({
  system,
  prompt,
  maxTokens,
  tools = [],
  turns = [],
  folder,
}: ModelRequest): ModelUsage {
  const more = [...tools, ...turns].reduce((sum, part) => sum + JSON.stringify(part).length, 0);
  const own = folder === undefined ? 0 : OWN_TOOLS_TOKENS;
  return {
    inputTokens: own + Math.ceil((system.length + prompt.length + more) / CHARACTERS_PER_TOKEN),
    outputTokens: maxTokens,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
  };
}

/** The sum of a review's calls; undefined when none was made. */
export function usageOf(
  attempts: readonly Attempt[],
  table: PriceTable = PRICES,
): Usage | undefined {
  const last = attempts.at(-1);
  if (last === undefined) return undefined;
  const used = attempts.flatMap(({ usage, model }) =>
    usage === undefined ? [] : [{ usage, model }],
  );
  const sum = (field: keyof ModelUsage): number =>
    used.reduce((total, { usage }) => total + usage[field], 0);
  const costs = used.map(({ usage, model }) => costOf(model, usage, table));
  return {
    calls: attempts.length,
    inputTokens: sum('inputTokens'),
    outputTokens: sum('outputTokens'),
    cacheReadTokens: sum('cacheReadTokens'),
    cacheWriteTokens: sum('cacheWriteTokens'),
    costUsd: costs.some((cost) => cost === undefined)
      ? undefined
      : costs.reduce<number>((total, cost) => total + (cost ?? 0), 0),
    model: last.model,
  };
}
