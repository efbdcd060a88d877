/** How long hostile edits keep a session waiting, and whether the answers say what was cut. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Rule } from '../../engine/rule.ts';
import { formatBytes } from '../measure.ts';
import { distributionOf } from '../statistics.ts';
import type { Answer } from './answer.ts';
import { ServiceClient } from './client.ts';
import { payloadOf } from './edit.ts';
import { hookCommand, runHook } from './hook-process.ts';
import { type HostileEdit, hostileEdits, HOSTILE_RULE_FILE } from './hostile-edits.ts';
import type { HostileOutcome, HostileRow } from './results.ts';
import type { Scratch } from './scratch.ts';

/** In the small ones the scan is the work, in the large ones also reading and parsing the request. */
const SIZES: readonly number[] = [256 * 1024, 5 * 1024 * 1024];

/**
 * Between two edits: a thread whose time was over has ended by then, and what it left is not worked on yet. Many
 * edits at the same moment are measured by `benchSessions`.
 */
const PAUSE_MS = 400;

export interface HostileOptions {
  /** Its service runs, and was started after `plantHostileRule`. */
  readonly scratch: Scratch;
  /** `rules.json` with the examples, that is the command line's and not the plugin's. */
  readonly rulesFile: string;
  /** Of the contents. */
  readonly sizes?: readonly number[];
  readonly rounds: number;
  readonly serial: Generator<number, never>;
  readonly onRow: (name: string) => void;
}

/** Must be called before the service starts: it reads the file at the first edit. */
export function plantHostileRule({ configDir }: Scratch): void {
  writeFileSync(join(configDir, HOSTILE_RULE_FILE.name), HOSTILE_RULE_FILE.text);
}

export async function benchHostile(options: HostileOptions): Promise<HostileRow[]> {
  const { rulesFile, sizes = SIZES, onRow } = options;
  // Our own build wrote the file.
  const rules = JSON.parse(readFileSync(rulesFile, 'utf8')) as Rule[];
  const client = new ServiceClient(options.scratch);
  const rows: HostileRow[] = [];
  for (const bytes of sizes) {
    for (const edit of hostileEdits(bytes, rules)) {
      const named = { ...edit, name: `${edit.name}, ${formatBytes(bytes)}` };
      onRow(named.name);
      rows.push(await measure(named, client, options));
    }
  }
  return rows;
}

async function measure(
  edit: HostileEdit,
  client: ServiceClient,
  { scratch, rounds, serial }: HostileOptions,
): Promise<HostileRow> {
  const command = hookCommand(scratch.plugin);
  const waits: number[] = [];
  const hooks: number[] = [];
  const outcomes: HostileOutcome[] = [];
  let fallbacks = 0;
  let size = 0;
  for (let round = 0; round < rounds; round++) {
    const body = client.bodyOf(payloadOf(scratch, edit, serial.next().value));
    size = body.length;
    await sleep(PAUSE_MS);
    const begun = performance.now();
    const answer = await client.edit(body);
    waits.push(performance.now() - begun);
    if (answer !== undefined) outcomes.push(outcomeOf(answer));

    const payload = payloadOf(scratch, edit, serial.next().value);
    await sleep(PAUSE_MS);
    const before = scratch.nodeStarts;
    const run = runHook(scratch, command, payload, scratch.watchedEnvironment());
    hooks.push(run.ms);
    outcomes.push(outcomeOf(run));
    if (scratch.nodeStarts > before) fallbacks += 1;
  }
  return {
    name: edit.name,
    bytes: size,
    service: distributionOf(waits),
    hook: distributionOf(hooks),
    outcome: WORST_FIRST.find((outcome) => outcomes.includes(outcome)) ?? 'missed',
    fallbacks,
  };
}

const WORST_FIRST: readonly HostileOutcome[] = ['missed', 'cut', 'told and cut', 'told'];

function outcomeOf({ told, cut }: Answer): HostileOutcome {
  if (told) return cut ? 'told and cut' : 'told';
  return cut ? 'cut' : 'missed';
}
