/** Reads a recording, strictly: a line that is not what it should be refuses the file, by its number. */
import { fieldsOf } from '../../host/rules/document.ts';
import { quote } from '../../host/rules/problem.ts';
import type { FailureClass, ModelReply, ModelUsage } from '../../orchestrator/transport.ts';
import { CASSETTE_FORMAT } from './cassette.ts';
import type { Cassette, CassetteHead, Taped } from './cassette.ts';
import { SIDES } from './pair.ts';

export type ReadCassette =
  | { readonly ok: true; readonly cassette: Cassette }
  /** With file and line. */
  | { readonly ok: false; readonly message: string };

const FAILURES: readonly FailureClass[] = [
  'auth',
  'rate-limit',
  'overloaded',
  'server',
  'network',
  'bad-request',
  'too-large',
  'refusal',
  'truncated',
  'schema',
  'stall',
  'timeout',
  'unknown-model',
  'not-json',
  'cancelled',
];

export function readCassette(file: string, text: string): ReadCassette {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  let at = 0;
  try {
    const head = readHead(lineOf(lines[0] ?? ''));
    const taped = lines.slice(1).map((line, index) => {
      at = index + 1;
      return readTaped(lineOf(line));
    });
    return { ok: true, cassette: { head, taped } };
  } catch (error) {
    if (error instanceof Mismatch)
      return { ok: false, message: `${file}:${at + 1}: ${error.message}` };
    throw error;
  }
}

/** Stays in this file: it carries the reason out of the nested readers. */
class Mismatch extends Error {}

class Line {
  readonly #fields: ReadonlyMap<string, unknown>;

  constructor(value: unknown, name: string) {
    const fields = fieldsOf(value);
    if (fields === undefined) throw new Mismatch(`${name} is ${quote(value)}, expected an object`);
    this.#fields = fields;
  }

  has(key: string): boolean {
    return this.#fields.has(key);
  }

  text(key: string): string {
    const value = this.#fields.get(key);
    if (typeof value !== 'string') throw this.#wrong(key, 'a text');
    return value;
  }

  number(key: string): number {
    const value = this.#fields.get(key);
    if (typeof value !== 'number' || value < 0) throw this.#wrong(key, 'a number from 0 up');
    return value;
  }

  texts(key: string): readonly string[] {
    const value = this.#fields.get(key);
    if (!Array.isArray(value) || !value.every((item) => typeof item === 'string'))
      throw this.#wrong(key, 'a list of texts');
    return value;
  }

  oneOf<T>(key: string, known: readonly T[]): T {
    const value = this.#fields.get(key);
    const found = known.find((each) => each === value);
    if (found === undefined) throw this.#wrong(key, known.join(', '));
    return found;
  }

  inner(key: string): Line {
    return new Line(this.#fields.get(key), key);
  }

  inners(key: string): readonly Line[] {
    const value = this.#fields.get(key);
    if (!Array.isArray(value)) throw this.#wrong(key, 'a list of objects');
    return value.map((item) => new Line(item, key));
  }

  /** Whatever it is. */
  value(key: string): unknown {
    return this.#fields.get(key);
  }

  object(): Readonly<Record<string, unknown>> {
    return Object.fromEntries(this.#fields);
  }

  #wrong(key: string, expected: string): Mismatch {
    return new Mismatch(`${key} is ${quote(this.#fields.get(key))}, expected ${expected}`);
  }
}

function lineOf(text: string): Line {
  try {
    return new Line(JSON.parse(text), 'the line');
  } catch (error) {
    if (error instanceof SyntaxError) throw new Mismatch(`${quote(text)} is no JSON`);
    throw error;
  }
}

function readHead(line: Line): CassetteHead {
  return {
    kind: line.oneOf('kind', ['sg-eval-cassette'] as const),
    format: line.oneOf('format', [CASSETTE_FORMAT] as const),
    version: line.text('version'),
    promptVersion: line.text('promptVersion'),
    at: line.text('at'),
    model: line.text('model'),
    providers: line.texts('providers'),
    rounds: line.number('rounds'),
    pairs: line.texts('pairs'),
    ...(line.has('deep') ? { deep: line.oneOf('deep', [true] as const) } : {}),
    ...(line.has('ownTools') ? { ownTools: line.texts('ownTools') } : {}),
  };
}

function readTaped(line: Line): Taped {
  return {
    pair: line.text('pair'),
    side: line.oneOf('side', SIDES),
    round: line.number('round'),
    request: line.text('request'),
    provider: line.text('provider'),
    milliseconds: line.number('milliseconds'),
    reply: readReply(line.inner('reply')),
  };
}

function readReply(line: Line): ModelReply {
  const kind = line.oneOf('kind', ['answer', 'calls', 'failure'] as const);
  if (kind === 'calls') {
    const calls = line.inners('calls').map((call) => ({
      id: call.text('id'),
      name: call.text('name'),
      input: call.value('input'),
    }));
    const blocks = line.inners('blocks').map((block) => block.object());
    return { kind, calls, blocks, usage: readUsage(line), model: line.text('model') };
  }
  if (kind === 'answer')
    return { kind, text: line.text('text'), usage: readUsage(line), model: line.text('model') };
  return {
    kind,
    failure: line.oneOf('failure', FAILURES),
    message: line.text('message'),
    ...(line.has('status') ? { status: line.number('status') } : {}),
    ...(line.has('retryAfterMs') ? { retryAfterMs: line.number('retryAfterMs') } : {}),
    ...(line.has('usage') ? { usage: readUsage(line) } : {}),
  };
}

function readUsage(reply: Line): ModelUsage {
  const line = reply.inner('usage');
  return {
    inputTokens: line.number('inputTokens'),
    outputTokens: line.number('outputTokens'),
    cacheReadTokens: line.number('cacheReadTokens'),
    cacheWriteTokens: line.number('cacheWriteTokens'),
  };
}
