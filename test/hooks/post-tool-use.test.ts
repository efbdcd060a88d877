import { describe, expect, it } from 'vitest';
import { edit, multiEdit, notebook, notebookFile, payload, write } from './payloads.ts';
import type { Payload } from './payloads.ts';
import { createWorld, ROOT, spoken } from './support.ts';

const BAD = 'data = yaml.load(f)\n';
const SAFE = 'data = yaml.load(f, Loader=yaml.SafeLoader)\n';

/** Where the message places the finding, `undefined` when nothing is said. */
async function placeOf(sent: Payload): Promise<string | undefined> {
  const { context } = spoken(await createWorld().send(sent));
  return context === undefined ? undefined : /^1\. (.*?): Title of/m.exec(context)?.[1];
}

describe('reports what the edit introduced', () => {
  const table: [name: string, sent: Payload, place: string][] = [
    ['Write of a new file', write('a.py', `import yaml\n${BAD}`, null), 'a.py:2'],
    ['Write, original not told', write('a.py', BAD), 'a.py:1'],
    ['Write over a clean file', write('a.py', `x = 1\n${BAD}`, 'x = 1\n'), 'a.py:2'],
    ['Write that adds a twin', write('a.py', `${BAD}x\n${BAD}`, BAD), 'a.py:3'],
    ['Write with CRLF', write('a.py', 'x\r\ny\r\ndata = yaml.load(f)\r\n', null), 'a.py:3'],
    ['Write with a BOM', write('a.py', `\ufeff${BAD}`, null), 'a.py:1'],
    ['Write in a subfolder', write('src/deep/a.py', BAD, null), 'src/deep/a.py:1'],
    [
      'Write of a workflow',
      write('.github/workflows/a.yml', '${{ github.event.issue.title }}', null),
      '.github/workflows/a.yml:1',
    ],
    ['Edit', edit('a.py', ['x = 2\n', BAD], 'x = 1\nx = 2\n'), 'a.py:2'],
    [
      'Edit that joins two halves',
      edit('a.py', ['yaml.lo_ad', 'yaml.load'], 'x\nyaml.lo_ad(f)\n'),
      'a.py:2',
    ],
    [
      'Edit that removes the safe loader',
      edit('a.py', [', Loader=yaml.SafeLoader', ''], SAFE),
      'a.py:1',
    ],
    [
      'Edit of all',
      edit('a.py', ['safe_load(', 'load('], 'yaml.safe_load(a)\nyaml.safe_load(b)\n', true),
      'a.py:1 (also line 2)',
    ],
    [
      'Edit of the first only',
      edit('a.py', ['safe_load(', 'load('], 'yaml.safe_load(a)\nyaml.safe_load(b)\n'),
      'a.py:1',
    ],
    ['Edit that creates a file', edit('a.py', ['', BAD], null), 'a.py:1'],
    ['Edit that fills an empty file', edit('a.py', ['', BAD], ''), 'a.py:1'],
    ['Edit of a CRLF file', edit('a.py', ['x\ny\n', `x\n${BAD}`], 'a\r\nx\r\ny\r\n'), 'a.py:3'],
    [
      'Edit with $& in the new text',
      edit('a.js', ['1', '"$&$1$`" + eval(x)'], 'let a = 1\n'),
      'a.js:1',
    ],
    ['Edit without the original', edit('a.py', ['x', BAD]), 'a.py (in the edited part)'],
    [
      'Edit of text that is not there',
      edit('a.py', ['nowhere', BAD], 'x = 1\n'),
      'a.py (in the edited part)',
    ],
    [
      'MultiEdit',
      multiEdit(
        'a.py',
        [
          ['x', 'y'],
          ['y', 'yaml.load(y)'],
        ],
        { originalFile: 'a\nx\n' },
      ),
      'a.py:2',
    ],
    [
      'MultiEdit, older name of the original',
      multiEdit('a.py', [['x', 'yaml.load(y)']], {
        originalFileContents: 'a\nx\n',
      }),
      'a.py:2',
    ],
    [
      'MultiEdit without a response',
      multiEdit(
        'a.py',
        [
          ['x', 'y'],
          ['x', BAD],
        ],
        {},
      ),
      'a.py (in the edited part)',
    ],
    [
      'NotebookEdit',
      notebook(BAD, {
        original_file: notebookFile('x = 1\n'),
        updated_file: notebookFile(BAD),
      }),
      'a.ipynb, cell 1 line 1',
    ],
    [
      'NotebookEdit, the cell as one string',
      notebook(BAD, {
        updated_file: JSON.stringify({ cells: [{ source: `x\n${BAD}` }] }),
      }),
      'a.ipynb, cell 1 line 2',
    ],
    [
      'NotebookEdit, behind a string open in another cell',
      notebook(BAD, {
        updated_file: notebookFile('"' + '""', BAD, '"' + '""'),
      }),
      'a.ipynb, cell 2 line 1',
    ],
    ['NotebookEdit, source only', notebook(BAD, {}), 'a.ipynb (in the edited part)'],
  ];
  it.each(table)('%s', async (_name, sent, place) => {
    expect(await placeOf(sent)).toBe(place);
  });

  it('reads the snake case form of a response', async () => {
    const sent = payload(
      'Edit',
      { file_path: `${ROOT}/a.py`, old_string: 'x\n', new_string: BAD },
      {
        file_path: `${ROOT}/a.py`,
        old_string: 'x\n',
        new_string: BAD,
        original_file: 'a\nx\n',
      },
    );
    expect(await placeOf(sent)).toBe('a.py:2');
  });

  it("uses the host's patch where the original is missing", async () => {
    const sent = edit('a.py', ['x', BAD]);
    sent['tool_response'] = {
      filePath: `${ROOT}/a.py`,
      structuredPatch: [
        {
          oldStart: 40,
          newStart: 40,
          lines: [' a', '-x', `+${BAD.trimEnd()}`, ' b'],
        },
        { oldStart: 90, newStart: 90, lines: [' yaml.load(old)', '-x', '+y'] },
      ],
    };
    expect(await placeOf(sent)).toBe('a.py:41');
  });

  it('takes the text that the file had where the model wrote other quotation marks', async () => {
    const sent = edit('a.py', ['“x”', BAD], 'a\n"x"\n');
    sent['tool_response'] = {
      filePath: `${ROOT}/a.py`,
      oldString: '"x"\n',
      newString: BAD,
      originalFile: 'a\n"x"\n',
    };
    expect(await placeOf(sent)).toBe('a.py:2');
  });

  it('speaks to subagents too', async () => {
    const sent = {
      ...write('a.py', BAD, null),
      agent_id: 'a1',
      agent_type: 'general-purpose',
    };
    expect(await placeOf(sent)).toBe('a.py:1');
  });

  it('names a file outside the project by its whole path', async () => {
    const sent = payload('Write', { file_path: '/elsewhere/a.py', content: BAD }, {});
    expect(await placeOf(sent)).toBe('/elsewhere/a.py:1');
  });

  it('resolves a relative path against the payload cwd', async () => {
    const sent = payload('Write', { file_path: 'a.py', content: BAD }, {}, { cwd: `${ROOT}/sub` });
    expect(await placeOf(sent)).toBe('sub/a.py:1');
  });
});

describe('says nothing', () => {
  const table: [name: string, sent: unknown][] = [
    ['clean code', write('a.py', 'x = 1\n', null)],
    ['a near miss', write('a.py', SAFE, null)],
    ['a comment', write('a.py', '# yaml.load(f) is unsafe\n', null)],
    ['another language', write('a.md', 'Do not use yaml.load(f) or eval(x).', null)],
    ['what was there before', write('a.py', `x = 1\n${BAD}`, BAD)],
    ['what moved', write('a.py', `x = 1\n\n\n    ${BAD}`, `${BAD}x = 1\n`)],
    ['an edit beside it', edit('a.py', ['x = 1', 'x = 2'], `x = 1\n${BAD}`)],
    ['an edit that removes it', edit('a.py', [BAD, ''], `x\n${BAD}`)],
    ['a fragment that had it before', edit('a.py', [`a ${BAD}`, `b\n a ${BAD}`])],
    [
      'a suppression with a reason',
      write('a.py', 'yaml.load(f)  # sg-ignore: py-load -- trusted file\n', null),
    ],
    [
      'a file that another suppression is for',
      write('a.py', 'x = 1  # sg-ignore: other -- old\n', null),
    ],
    ['a notebook cell in markdown', notebook('yaml.load(f)', {}, 'markdown')],
    ['another tool', payload('Bash', { command: 'eval(x)' }, {})],
    ['another event', { ...write('a.py', BAD, null), hook_event_name: 'PreToolUse' }],
    ['a failed edit', payload('Edit', { file_path: `${ROOT}/a.py` }, 'Error: not found')],
    ['no input', payload('Write', {}, {})],
    ['a path with a NUL', payload('Write', { file_path: 'a\0.py', content: BAD }, {})],
    [
      'a plan of the host',
      payload('Write', { file_path: '/home/ada/.claude/plans/p.py', content: BAD }, {}),
    ],
    [
      'a plan, not normalised',
      payload('Write', { file_path: '/home/ada/x/../.claude//plans/d/p.py', content: BAD }, {}),
    ],
    [
      'our own state',
      payload('Write', { file_path: '/home/ada/.claude/security/x.py', content: BAD }, {}),
    ],
    ['a list', []],
    ['null', null],
    ['text', 'yaml.load('],
  ];
  it.each(table)('%s', async (_name, sent) => {
    expect((await createWorld().send(sent)).stdout).toBe('');
  });

  it.each([
    ['the switch', { SECURITY_GUIDANCE_DISABLE: 'yes' }],
    ['the older switch', { ENABLE_SECURITY_REMINDER: '0' }],
    ['the switch of this layer', { ENABLE_PATTERN_RULES: '0' }],
  ])('when %s is off', async (_name, env) => {
    expect((await createWorld({ env }).send(write('a.py', BAD, null))).stdout).toBe('');
  });

  it('does speak about a folder that only begins like the plans folder', async () => {
    const sent = payload(
      'Write',
      { file_path: '/home/ada/.claude/plans-old/p.py', content: BAD },
      {},
    );
    expect(spoken(await createWorld().send(sent)).context).toBeDefined();
  });
});

describe('once a file, rule and session', () => {
  it('tells a second edit nothing, another file and another session again', async () => {
    const world = createWorld();
    const told = async (sent: Payload): Promise<boolean> =>
      spoken(await world.send(sent)).context !== undefined;
    expect(await told(write('a.py', BAD, null))).toBe(true);
    expect(await told(write('a.py', BAD, null))).toBe(false);
    expect(await told(write('b.py', BAD, null))).toBe(true);
    expect(await told({ ...write('a.py', BAD, null), session_id: 's-2' })).toBe(true);
  });

  it('goes by the remote session id where there is one', async () => {
    const world = createWorld({ env: { CLAUDE_CODE_REMOTE_SESSION_ID: 'r' } });
    await world.send(write('a.py', BAD, null));
    const again = await world.send({
      ...write('a.py', BAD, null),
      session_id: 's-2',
    });
    expect(again.stdout).toBe('');
  });
});

describe('problems of custom rule files', () => {
  it('go to the user once a session, beside what the model is told', async () => {
    const world = createWorld({
      problems: ['.claude/security-patterns.yaml:3:5 has no regex'],
    });
    const first = spoken(await world.send(write('a.py', BAD, null)));
    expect(first.notice).toContain('security-patterns.yaml:3:5');
    expect(first.context).toContain('py-load');
    expect((await world.send(write('c.py', 'x = 1', null))).stdout).toBe('');
  });
});

it('loads RE2 only where what stands around a literal lets a pattern match', async () => {
  const world = createWorld();
  await world.send(write('a.py', 'x = 1\nyaml.loaded = 1\n'.repeat(1000), null));
  expect(world.loads()).toBe(0);
  await world.send(write('c.py', 'yaml.load(f)\n', null));
  expect(world.loads()).toBe(1);
});

it('logs what was told, and never the code', async () => {
  const world = createWorld();
  await world.send(write('a.py', 'secret_name = yaml.load(f)\n', null));
  await world.send(payload('Write', { file_path: 7, content: 'secret_name' }, {}));
  expect(world.logged).toEqual([
    { event: 'told', fields: { file: 'a.py', rules: 'py-load' } },
    {
      event: 'skipped',
      fields: { reason: 'tool_input.file_path: got number, expected a path' },
    },
  ]);
});
