/** The latency suite: the plugin's edit hook with its resident service, in a scratch home. */
import type { BenchContext, SuiteOutcome } from '../context.ts';
import { serials } from './edit.ts';
import { benchHostile, plantHostileRule } from './hostile.ts';
import { measuresOf } from './measures.ts';
import { memoryOf } from './memory.ts';
import {
  printHostile,
  printMemory,
  printProcesses,
  printRequests,
  printSessions,
} from './print.ts';
import { benchProcesses } from './processes.ts';
import { benchRequests } from './requests.ts';
import type { HostileRow, LatencyResults, MemoryRow } from './results.ts';
import { Scratch } from './scratch.ts';
import { Service } from './service.ts';
import { benchSessions } from './sessions.ts';
import { warmUp } from './warm-up.ts';

/** Enough for a 99th percentile that is not the worst one alone. */
const ROUNDS = 120;
/** What the service uses when the setting is absent. */
const DEADLINE_MS = 50;

export async function runLatency(context: BenchContext): Promise<SuiteOutcome<LatencyResults>> {
  const { assets, rounds = ROUNDS, progress, say, signal } = context;
  if (process.platform === 'win32')
    throw new Error('the latency suite starts the hook through sh and asks over a Unix socket');
  const built = await benchBuiltIn(context, rounds);
  const requests = await benchRequests({
    plugin: assets.plugin,
    rounds,
    signal,
    onRow: (rules, bytes) => progress(`latency: ${rules} rules, ${bytes >> 10} KB`),
  });
  await say(printRequests(requests));
  const hostile = await benchHostileAlone(context, Math.max(2, Math.ceil(rounds / 40)));
  await say(printHostile(hostile.rows, built.service));
  const results: LatencyResults = {
    ...built,
    requests,
    hostile: hostile.rows,
    memory: [...built.memory, hostile.memory],
  };
  await say(printMemory(results));
  return { results, measures: measuresOf(results) };
}

/** Everything about the plugin as it is built, with one service throughout. */
async function benchBuiltIn(
  { assets, progress, say, signal }: BenchContext,
  rounds: number,
): Promise<Omit<LatencyResults, 'requests' | 'hostile'>> {
  return withService(assets.plugin, signal, async (scratch, service) => {
    const serial = serials();
    const { version, rules, workers } = await service.status();
    const cutAtStart = await warmUp(scratch);
    const memory: MemoryRow[] = [await memoryOf(service, 'started')];
    const processes = await benchProcesses(scratch, service, rounds, serial, (round) =>
      progress(`latency: processes, round ${round + 1} of ${rounds}`),
    );
    await say(printProcesses(processes));
    memory.push(await memoryOf(service, 'after single edits'));
    // The 95th percentile of some hundred edits: a moment in which the machine does something else is not all of it.
    const bursts = Math.max(2, Math.ceil(rounds / 4));
    const onRound = (round: number): void =>
      progress(`latency: sessions, round ${round + 1} of ${bursts}`);
    const sessions = await benchSessions(scratch, { rounds: bursts, signal, onRound }, serial);
    await say(printSessions(sessions));
    memory.push(await memoryOf(service, 'after sessions at once'));
    const { startMs } = service;
    return {
      service: { version, rules, workers, startMs, cutAtStart, deadlineMs: DEADLINE_MS },
      processes,
      sessions,
      memory,
    };
  });
}

async function benchHostileAlone(
  { assets, progress, signal }: BenchContext,
  rounds: number,
): Promise<{ rows: HostileRow[]; memory: MemoryRow }> {
  const work = async (scratch: Scratch, service: Service) => {
    await warmUp(scratch);
    const rows = await benchHostile({
      scratch,
      rulesFile: assets.rules,
      rounds,
      serial: serials(),
      onRow: (name) => progress(`latency: hostile edits, ${name}`),
    });
    return { rows, memory: await memoryOf(service, 'after hostile edits') };
  };
  return withService(assets.plugin, signal, work, plantHostileRule);
}

async function withService<T>(
  plugin: string,
  signal: AbortSignal,
  work: (scratch: Scratch, service: Service) => Promise<T>,
  prepare: (scratch: Scratch) => void = () => undefined,
): Promise<T> {
  const scratch = new Scratch(plugin);
  try {
    prepare(scratch);
    const service = await Service.start(scratch, signal);
    try {
      return await work(scratch, service);
    } finally {
      await service.stop();
    }
  } finally {
    scratch.remove();
  }
}
