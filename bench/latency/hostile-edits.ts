/**
 * Edits that are made to keep a checker busy. Each has one real finding, so that an answer without a word is
 * a wrong one: either the finding is told or that not everything was looked at.
 */
import type { Rule } from '../../engine/rule.ts';
import type { Edit } from './edit.ts';

export interface HostileEdit extends Edit {
  readonly name: string;
}

/** A rule in the Python plugin's format whose automaton doubles with each step; see `hostileRuleFile`. */
const EXPLOSION = '[ab]*a[ab]{12}c';
/** A custom rule file for the user's configuration folder. */
export const HOSTILE_RULE_FILE: Readonly<{ name: string; text: string }> = {
  name: 'security-patterns.json',
  text: JSON.stringify({
    patterns: [{ rule_name: 'explosion', regex: EXPLOSION, reminder: 'A made-up rule.' }],
  }),
};

const FINDING = 'eval(userInput);';

/** `bytes` is about the size of each content; `rules` are the built-in ones, with their examples. */
export function hostileEdits(bytes: number, rules: readonly Rule[]): HostileEdit[] {
  const near = nearMisses(rules);
  const ts = (name: string, content: string, original?: string): HostileEdit => ({
    name,
    content,
    path: `src/${name.replaceAll(/\W+/g, '-')}.ts`,
    ...(original === undefined ? {} : { original }),
  });
  const fill = (unit: string): string => unit.repeat(Math.ceil(bytes / Buffer.byteLength(unit)));
  return [
    ts('near misses', `${fill(`${near}\n`)}\n${FINDING}\n`),
    ts('near misses, one line', `${fill(`${near.replaceAll('\n', ' ')} `)} ${FINDING}`),
    ts('words, one line', `${fill('value items index return ')} ; ${FINDING}`),
    ts('findings in every line', fill(`${FINDING}\n`)),
    ts(
      'the same text before',
      `${fill(`${FINDING}\n`)}new Function(userInput)();\n`,
      fill(`${FINDING}\n`),
    ),
    ts('open brackets', `${FINDING}\n${fill('eval([{(')}`),
    ts('nested brackets', `${FINDING}\n${nested(bytes)}`),
    ts('open template literals', `${FINDING}\n${fill('`${')}`),
    ts('open comment', `${FINDING}\n/*${fill(' eval(x) *')}`),
    ts('quotes', `${FINDING}\n${fill(`'"\`\\`)}`),
    ts('regular expressions', `${FINDING}\n${fill('a = /[/(]/ / b /* */ / c;\n')}`),
    ts('four-byte characters', `${fill('\u{1f600}')}\n${FINDING}\n`),
    ts('lone surrogates', `${FINDING}\n${fill('\udc00eval')}`),
    ts('exploding automaton', `${FINDING}\n${explosion(bytes)}`),
    {
      name: 'shell, open heredocs',
      path: 'run.sh',
      content: `export NODE_TLS_REJECT_UNAUTHORIZED=0\n${fill('cat <<A <<B $(( `\n')}`,
    },
    {
      name: 'python, near misses',
      path: 'run.py',
      content: `eval(user_input)\n${fill('exec; os.system; pickle. """ f"{\n')}`,
    },
    {
      name: 'markup',
      path: 'page.html',
      content: `<script>${FINDING}</script>${fill('<script><!-- <style>{{ ')}`,
    },
    { name: 'notebook, many cells', path: 'many.ipynb', content: notebook(bytes, 40) },
    { name: 'notebook, one cell', path: 'one.ipynb', content: notebook(bytes, bytes) },
    { name: 'notebook, deep', path: 'deep.ipynb', content: deepNotebook(bytes) },
  ];
}

/** Parts of the rules' own examples that hold their literals and stop short of a match. */
function nearMisses(rules: readonly Rule[]): string {
  const parts = rules.flatMap(({ examples }) => {
    const code = examples.match[0]?.code;
    return code === undefined ? [] : [code.slice(0, Math.ceil(code.length * 0.8)).trim()];
  });
  return parts.join('\n');
}

function nested(bytes: number): string {
  const half = bytes >> 1;
  return `${'('.repeat(half)}${')'.repeat(half)}`;
}

/** A text in which every position may still become a match. */
function explosion(bytes: number): string {
  let state = 1;
  const letters = Array.from({ length: bytes }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >> 16) & 1 ? 'a' : 'b';
  });
  return letters.join('');
}

/** Code cells of `cellBytes`; the finding is in the first. */
function notebook(bytes: number, cellBytes: number): string {
  const line = 'os.popen; eval\n';
  const source = line.repeat(Math.max(1, Math.round(cellBytes / line.length)));
  const cell = (text: string): unknown => ({
    cell_type: 'code',
    execution_count: null,
    metadata: {},
    outputs: [],
    source: [text],
  });
  const size = JSON.stringify(cell(source)).length;
  const cells = Array.from({ length: Math.ceil(bytes / size) }, () => cell(source));
  return JSON.stringify({
    cells: [cell('eval(user_input)\n'), ...cells],
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5,
  });
}

/** Metadata as deep as the text is long, behind a cell with the finding. */
function deepNotebook(bytes: number): string {
  const half = bytes >> 1;
  const cell = '{"cell_type":"code","metadata":{},"outputs":[],"source":["eval(user_input)\\n"]}';
  return `{"cells":[${cell}],"metadata":{"x":${'['.repeat(half)}${']'.repeat(half)}},"nbformat":4}`;
}
