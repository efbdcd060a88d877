/** Whoever answers, the host reads the same bytes. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { edit, multiEdit, notebook, notebookFile, write } from '../payloads.ts';
import { serviceWorld } from './service-world.ts';

const world = serviceWorld();

const LOAD = 'import yaml\ndata = yaml.load(f)\n';
const EVAL = 'const value = eval(text);\nel.innerHTML = text;\n';

const PAYLOADS: readonly (readonly [string, unknown])[] = [
  ['a new file', write('a.py', LOAD, null)],
  ['a file that was there', write('b.py', LOAD, 'import yaml\n')],
  ['a file that had it already', write('c.py', `x = 1\n${LOAD}`, LOAD)],
  ['a response that does not tell', write('d.py', LOAD)],
  ['an edit', edit('e.py', ['pass', LOAD], 'pass\n')],
  ['an edit without the file', edit('f.py', ['pass', LOAD])],
  ['every place', edit('g.js', ['x()', 'eval(y)'], 'x()\nx()\nx()\n', true)],
  [
    'several edits',
    multiEdit(
      'h.py',
      [
        ['pass', LOAD],
        ['x', 'y'],
      ],
      { originalFile: 'pass\nx\n' },
    ),
  ],
  ['several problems', write('i.js', EVAL.repeat(3), null)],
  ['a cell', notebook(LOAD, { original_file: notebookFile('x = 1\n') })],
  ['a cell of prose', notebook(LOAD, {}, 'markdown')],
  ['text beyond ASCII', write('ü-文.py', `# Größe 🙂 \u2028\n${LOAD}`, null)],
  ['a lone surrogate', write('j.js', '"\udc00"; eval(x)\n', null)],
  [
    'a workflow',
    write('.github/workflows/a.yml', 'run: echo ${{ github.event.issue.title }}\n', null),
  ],
  ['no file path', write('', LOAD, null)],
  ['another event', { hook_event_name: 'PreToolUse' }],
  ['an empty object', {}],
  ['a list', []],
];

describe('through the service and without it', () => {
  it('every edit of the recorded session, and every form of payload', async () => {
    const file = resolve(import.meta.dirname, '../../../hooks/demo-session.json');
    const text = readFileSync(file, 'utf8').replaceAll('{{ROOT}}', world.copy.root);
    const session = JSON.parse(text) as { label: string; payload: unknown }[];
    const all = [
      ...session.map(({ label, payload }) => [label, payload] as const),
      ...PAYLOADS,
      ...PAYLOADS,
    ];
    await world.startService();
    const alone = { SG_SERVICE: '0', SECURITY_WARNINGS_STATE_DIR: join(world.home, 'alone') };
    const [served, own]: [string[], string[]] = [[], []];
    let asked = 0;
    for (const [label, payload] of all) {
      const run = await world.send(payload);
      own.push(`${label}: ${(await world.send(payload, { env: alone })).stdout}`);
      // Not in time on a busy machine: what it says is compared elsewhere.
      served.push(
        run.notice?.includes('incomplete') === true
          ? (own.at(-1) ?? '')
          : `${label}: ${run.stdout}`,
      );
      asked += 1;
    }
    expect(served).toEqual(own);
    expect(own.filter((each) => each.includes('additionalContext')).length).toBeGreaterThan(10);
    expect((await world.status()).edits.answered).toBeGreaterThan(asked / 2);
  });

  it.each([
    ['nothing', ''],
    ['white space', '\n \n'],
    ['a cut object', '{"hook_event_name":"PostToolUse","tool_na'],
    ['two objects', '{}{}'],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x80])],
    ['a nested list', '['.repeat(100_000)],
  ])('odd input: %s', async (_name, input) => {
    await world.startService();
    const env = { HOME: world.home, SG_SERVICE: undefined };
    const { stdout, stderr } = await world.copy.run(input, { env });
    expect(stdout + stderr).toBe('');
  });
});
