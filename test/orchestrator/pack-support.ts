/** A redactor with the real engine, and changed files in one line each. */
import { createHash, createHmac } from 'node:crypto';
import { createScanner } from '../../engine/scanner.ts';
import type { Scanner } from '../../engine/scanner.ts';
import { encodeUtf8 } from '../../engine/text/utf8.ts';
import type { ChangedFile } from '../../orchestrator/change.ts';
import { prepareFiles } from '../../orchestrator/pack-prepare.ts';
import { DEFAULT_PACK_LIMITS, type Pack, pack, type PackLimits } from '../../orchestrator/pack.ts';
import { createPlaceholders } from '../../orchestrator/placeholders.ts';
import { secretRules } from '../../orchestrator/redact-rules.ts';
import { createRedactor, type Redactor } from '../../orchestrator/redact.ts';
import { testRuntime } from '../support/wasm.ts';

const runtime = testRuntime();
export const secretScanner: Scanner = createScanner({
  rules: secretRules(),
  wasm: () => runtime,
});

export function newRedactor(session = 'session'): Redactor {
  const digest = (text: string): string => createHmac('sha256', session).update(text).digest('hex');
  return createRedactor({ scanner: secretScanner, placeholders: createPlaceholders(digest) });
}

export function sha(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export function changed(
  path: string,
  before: string | undefined,
  after: string | undefined,
  extra: Partial<ChangedFile> = {},
): ChangedFile {
  return {
    repo: '',
    path,
    status: before === undefined ? 'added' : after === undefined ? 'deleted' : 'modified',
    ...(before === undefined ? {} : { before: encodeUtf8(before) }),
    ...(after === undefined ? {} : { after: encodeUtf8(after) }),
    ...extra,
  };
}

/** Text of a whole redacted content. Throws when it was refused. */
export function redactText(redactor: Redactor, text: string, isData = false): string {
  const [result] = redactor.redactAll([{ bytes: encodeUtf8(text), isData }]);
  if (result?.ok !== true) throw new Error(result?.reason ?? 'no result');
  return result.text;
}

/** With U+FFFD for each half of a surrogate pair that stands alone. */
export function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}

export interface PackTestOptions {
  readonly limits?: PackLimits;
  readonly clean?: ReadonlySet<string>;
  readonly basis?: readonly string[];
  readonly redactor?: Redactor;
}

export function packed(files: readonly ChangedFile[], options: PackTestOptions = {}): Pack {
  const { redactor = newRedactor(), ...rest } = options;
  return pack(prepareFiles(files, redactor).files, {
    limits: DEFAULT_PACK_LIMITS,
    basis: ['1', 'model', 'guidance'],
    clean: new Set(),
    hash: sha,
    ...rest,
  });
}
