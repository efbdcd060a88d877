/** Time of an edit inside the service, by size of the content and number of rules. */
import { benchText, syntheticRules } from '../corpus.ts';
import { distributionOf, inTurn } from '../statistics.ts';
import { ServiceClient } from './client.ts';
import { payloadOf } from './edit.ts';
import type { RequestRow, TextKind } from './results.ts';
import { replaceRules } from './rule-pack.ts';
import { Scratch } from './scratch.ts';
import { Service } from './service.ts';
import { warmUp } from './warm-up.ts';

export const SIZES: readonly number[] = [1, 10, 100, 1024, 5120].map((kb) => kb * 1024);
export const RULE_COUNTS: readonly number[] = [25, 100, 250, 1000];
const TEXTS: readonly TextKind[] = ['clean', 'mixed'];
/** Larger edits vary less, and take longer. */
const SMALL_BYTES = 100 * 1024;

export interface RequestOptions {
  /** The built plugin. */
  readonly plugin: string;
  readonly rounds: number;
  readonly sizes?: readonly number[];
  readonly ruleCounts?: readonly number[];
  readonly signal: AbortSignal;
  readonly onRow: (rules: number, bytes: number) => void;
}

/** Each number of rules has a service of its own. Throws when an answer is wrong. */
export async function benchRequests(options: RequestOptions): Promise<RequestRow[]> {
  const { plugin, sizes = SIZES, ruleCounts = RULE_COUNTS, signal } = options;
  const rows: RequestRow[] = [];
  for (const rules of ruleCounts) {
    const scratch = new Scratch(plugin);
    try {
      const synthetic = syntheticRules(rules);
      replaceRules(scratch.plugin, synthetic);
      const service = await Service.start(scratch, signal);
      await warmUp(scratch);
      const client = new ServiceClient(scratch);
      try {
        for (const bytes of sizes) {
          for (const text of TEXTS) {
            options.onRow(rules, bytes);
            const content = benchText(text, synthetic, bytes);
            const row = { text, bytes, rules };
            rows.push(await measure(row, content, scratch, client, roundsFor(options, bytes)));
          }
        }
      } finally {
        await service.stop();
      }
    } finally {
      scratch.remove();
    }
  }
  return rows;
}

function roundsFor({ rounds }: RequestOptions, bytes: number): number {
  return Math.max(Math.min(rounds, 7), Math.round(rounds * Math.min(1, SMALL_BYTES / bytes)));
}

async function measure(
  row: Pick<RequestRow, 'text' | 'bytes' | 'rules'>,
  content: Uint8Array,
  scratch: Scratch,
  client: ServiceClient,
  rounds: number,
): Promise<RequestRow> {
  const { text, bytes, rules } = row;
  const code = Buffer.from(content).toString();
  // A session each: an edit must not find what the one before left for later.
  const session = `${text}-${bytes}`;
  const bodies = Array.from({ length: rounds + 3 }, (_, index) => {
    const edit = { path: `src/${session}-${index}.txt`, content: code };
    return client.bodyOf(payloadOf(scratch, edit, bytes * 1000 + index));
  });
  let cut = 0;
  let refused = 0;
  const times: number[] = [];
  const ask = async (): Promise<void> => {
    const body = bodies.pop();
    if (body === undefined) throw new Error('no bodies left');
    const answer = await client.edit(body);
    if (answer === undefined) {
      refused += 1;
      return;
    }
    times.push(answer.ms);
    if (answer.cut) cut += 1;
    const expected = text === 'mixed';
    if (!answer.cut && answer.told !== expected)
      throw new Error(
        `${rules} rules, ${bytes} bytes, ${text}: told ${answer.told}, cut ${answer.cut}; expected told ${expected}`,
      );
  };
  const loop = (): void => {
    if (sumOf(content) < 0) throw new Error('the sum is negative');
  };
  for (let warmUp = 0; warmUp < 3; warmUp++) {
    await ask();
    loop();
  }
  cut = 0;
  refused = 0;
  times.length = 0;
  const [, loops = []] = await inTurn(rounds, [ask, loop]);
  if (times.length === 0) throw new Error(`${rules} rules, ${bytes} bytes: no answer`);
  const [ms, control] = [distributionOf(times), distributionOf(loops)];
  return { ...row, ms, loop: control, ratio: ms.p50 / control.p50, cut, refused };
}

/** The control: the least that looking at each byte costs in this language. */
function sumOf(bytes: Uint8Array): number {
  let sum = 0;
  for (let index = 0; index < bytes.length; index++) sum = (sum + (bytes[index] ?? 0)) | 0;
  return sum & 0x7fffffff;
}
