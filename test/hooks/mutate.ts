/** Damages payloads at random, the same way for the same seed. */
import type { Payload } from './payloads.ts';

export interface Random {
  /** An integer from 0 to `below` - 1. */
  int(below: number): number;
  pick<T>(from: readonly T[]): T;
}

/** A 32-bit xorshift: small, and equal on every machine. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0 || 1;
  const int = (below: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % below;
  };
  return {
    int,
    pick(from) {
      const value = from[int(from.length)];
      if (value === undefined) throw new Error('nothing to pick from');
      return value;
    },
  };
}

const DEEP = deep(3000);
const HUGE = 'eval('.repeat(40_000);

/** Values that a hostile or confused host may put anywhere. */
const ODD: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  '',
  'x',
  '\0',
  '\ud800',
  'yaml.load(\udc00',
  '\u2028yaml.load(f)',
  '$&$`$1',
  '..\\..\\a.py',
  '/',
  '//',
  'a'.repeat(5000),
  [],
  {},
  [[], [null]],
  { toString: 1, constructor: null, length: -1 },
  'PostToolUse',
  'NotebookEdit',
  'MultiEdit',
];

/** JSON text of a damaged copy of `payload`, often no longer JSON. */
export function mutate(payload: Payload, random: Random): string {
  const copy: Payload = structuredClone(payload);
  for (let i = random.int(4); i >= 0; i--) damage(copy, random);
  let text = JSON.stringify(copy);
  if (random.int(50) === 0)
    text = text.replace('"tool_input":', `"__proto__":${DEEP},"tool_input":`);
  switch (random.int(8)) {
    case 0:
      return text.slice(0, random.int(text.length + 1));
    case 1:
      return flip(text, random);
    case 2:
      return `${text}${random.pick(['\n', ' ', '{}', '\0', text])}`;
    case 3:
      return `${random.pick(['\ufeff', '[', '\n\n', 'null', '{"a":'])}${text}`;
    default:
      return text;
  }
}

function damage(payload: Payload, random: Random): void {
  const nodes: object[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null || nodes.length > 200) return;
    nodes.push(node);
    Object.values(node).forEach(visit);
  };
  visit(payload);
  const node = random.pick(nodes);
  const keys = Object.keys(node);
  if (keys.length === 0) return;
  const key = random.pick(keys);
  const value = random.int(400) === 0 ? HUGE : structuredClone(random.pick(ODD));
  const kind = random.int(6);
  if (kind === 0) Reflect.deleteProperty(node, key);
  else if (kind === 1)
    Reflect.set(node, random.pick(keys), structuredClone(Reflect.get(node, key)));
  else if (kind === 2 && typeof Reflect.get(node, key) === 'string') {
    Reflect.set(
      node,
      key,
      `${String(Reflect.get(node, key))}${random.pick(['\ud83d', '\r\n', 'eval(x)', 'yaml.load(f)'])}`,
    );
  } else Reflect.set(node, key, value);
}

function flip(text: string, random: Random): string {
  const at = random.int(text.length);
  return text.slice(0, at) + String.fromCharCode(random.int(0x250)) + text.slice(at + 1);
}

function deep(levels: number): string {
  return `${'['.repeat(levels)}${']'.repeat(levels)}`;
}
