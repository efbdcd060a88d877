/** Whole-process time of an edit: with the service and without it, clean and with a finding. */
import { spawnSync } from 'node:child_process';
import { ascending, distributionOf, inTurn, ratiosOf } from '../statistics.ts';
import type { Answer } from './answer.ts';
import { type Edit, payloadOf } from './edit.ts';
import { hookCommand, runHook } from './hook-process.ts';
import { type ProcessRow, rounded } from './results.ts';
import type { Scratch } from './scratch.ts';
import type { Service } from './service.ts';

const CLEAN: Edit = {
  path: 'src/sum.ts',
  content: 'export const sum = (a: number, b: number): number => a + b;\n',
};
export const FINDING: Edit = {
  path: 'src/run.ts',
  content: 'export const run = (code: string): unknown => eval(code);\n',
};

interface Subject {
  readonly name: string;
  readonly role: ProcessRow['role'];
  readonly run: () => Answer | undefined;
}

/**
 * The controls and the hook four times, in turn, all of them in the same environment but for one control in the
 * user's own: a variable such as NODE_EXTRA_CA_CERTS makes Node.js start several times slower. Throws when an
 * answer is wrong or not the service's.
 */
export async function benchProcesses(
  scratch: Scratch,
  service: Service,
  rounds: number,
  serial: Generator<number, never>,
  onRound: (round: number) => void,
): Promise<ProcessRow[]> {
  const command = hookCommand(scratch.plugin);
  const hook = (role: 'warm' | 'cold', kind: string, edit: Edit, told: boolean): Subject => {
    const name = `${role} ${kind}`;
    const environment = scratch.environment(role === 'cold' ? { SG_SERVICE: '0' } : {});
    return {
      name,
      role,
      run: () => {
        const payload = payloadOf(scratch, edit, serial.next().value);
        const answer = runHook(scratch, command, payload, environment);
        if (!answer.cut && answer.told !== told)
          throw new Error(`${name}: told ${answer.told}; expected told ${told}`);
        return answer;
      },
    };
  };
  const subjects: Subject[] = [
    control('sh -c :', 'sh', ['-c', ':'], scratch.environment()),
    control('node -e 0', process.execPath, ['-e', '0'], scratch.environment()),
    control('node -e 0, own environment', process.execPath, ['-e', '0'], process.env),
    hook('warm', 'clean', CLEAN, false),
    hook('warm', 'finding', FINDING, true),
    hook('cold', 'clean', CLEAN, false),
    hook('cold', 'finding', FINDING, true),
  ];
  // Before any time counts: every answer is right, and the service has warmed up.
  for (const { run } of subjects) run();
  for (let warmUp = 0; warmUp < 10; warmUp++)
    for (const { role, run } of subjects) if (role === 'warm') run();

  const before = (await service.status()).edits;
  const cuts = subjects.map(() => 0);
  const series = await inTurn(
    rounds,
    subjects.map(({ run }, index) => () => {
      if (run()?.cut === true) cuts[index] = (cuts[index] ?? 0) + 1;
    }),
    onRound,
  );
  const after = (await service.status()).edits;
  const warm = subjects.flatMap(({ role }, index) => (role === 'warm' ? (cuts[index] ?? 0) : []));
  const cut = warm.reduce((sum, each) => sum + each, 0);
  expectCount('answered', after.answered - before.answered, 2 * rounds);
  expectCount('incomplete', after.incomplete - before.incomplete, cut);
  if (cut === 0) expectCount('told', after.told - before.told, rounds);
  return rowsOf(subjects, series, cuts);
}

function control(
  name: string,
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Subject {
  return {
    name,
    role: 'control',
    run: () => {
      spawnSync(file, args, { env });
      return undefined;
    },
  };
}

function expectCount(what: string, got: number, expected: number): void {
  if (got !== expected)
    throw new Error(
      `the service's own count of edits ${what} rose by ${got} during the warm runs, expected ${expected}: not the service answered, or not only these edits`,
    );
}

/** Ratios are to the second row. */
function rowsOf(
  subjects: readonly Subject[],
  series: readonly (readonly number[])[],
  cuts: readonly number[],
): ProcessRow[] {
  const row = rowAgainst(series[1] ?? []);
  return subjects.map(({ name, role }, index) => row(name, role, series[index] ?? [], cuts[index]));
}

/** Makes rows of times whose ratios are to `control`. */
export function rowAgainst(
  control: readonly number[],
): (name: string, role: ProcessRow['role'], times: readonly number[], cut?: number) => ProcessRow {
  const reference = distributionOf(control);
  return (name, role, times, cut = 0) => {
    const ms = distributionOf(times);
    const samples = rounded(ascending(times));
    return { name, role, ms, ratio: ratiosOf(ms, reference), cut, samples };
  };
}
