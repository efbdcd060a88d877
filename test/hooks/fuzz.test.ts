import { expect, it } from 'vitest';
import { answerText } from '../../hooks/boundary.ts';
import { createRandom, mutate } from './mutate.ts';
import { edit, multiEdit, notebook, notebookFile, write } from './payloads.ts';
import type { Payload } from './payloads.ts';
import { createWorld, spoken } from './support.ts';

const RUNS = Number(process.env['SG_FUZZ_RUNS'] ?? 20_000);
const BAD = 'data = yaml.load(f)\n';

const SEEDS: readonly Payload[] = [
  write('a.py', BAD, null),
  write('a.py', `${BAD}${BAD}`, BAD),
  write('.github/workflows/a.yml', 'run: echo ${{ github.event.issue.title }}', 'on: push'),
  edit('a.py', ['x', BAD], 'a\nx\n'),
  edit('a.tsx', ['x', 'eval(y)'], 'x x x', true),
  edit('a.py', ['x', BAD]),
  multiEdit(
    'a.py',
    [
      ['x', 'y'],
      ['y', 'yaml.load(y)'],
    ],
    { originalFile: 'a\nx\n' },
  ),
  notebook(BAD, { original_file: notebookFile('x'), updated_file: notebookFile(BAD) }),
  {
    ...edit('a.py', ['x', BAD]),
    tool_response: { structuredPatch: [{ newStart: 3, lines: [' a', `+${BAD}`] }] },
  },
];

it(`answers ${RUNS} damaged payloads with nothing or one JSON object`, async () => {
  let world = createWorld();
  const random = createRandom(20_260);
  const seen = { silent: 0, spoke: 0, failed: 0 };
  for (let run = 0; run < RUNS; run++) {
    // A fresh session state now and then, or everything would have been told.
    if (run % 500 === 0) world = createWorld();
    const text = mutate(random.pick(SEEDS), random);
    const before = world.logged.length;
    const answer = await answerText(text, world.deps);
    try {
      const { context } = spoken(answer);
      seen[context === undefined ? 'silent' : 'spoke'] += 1;
    } catch (error) {
      throw new Error(`run ${run}: ${text.slice(0, 2000)}`, { cause: error });
    }
    for (const { event, fields } of world.logged.slice(before)) {
      if (event !== 'failed') continue;
      seen.failed += 1;
      // Damage is expected to be found where the payload is decoded, not by a crash further in.
      expect(fields, text.slice(0, 2000)).toMatchObject({ reason: 'the payload is not JSON' });
    }
  }
  expect(seen.spoke).toBeGreaterThan(RUNS / 100);
  expect(seen.silent).toBeGreaterThan(RUNS / 10);
  expect(seen.failed).toBeGreaterThan(RUNS / 100);
}, 1_800_000);
