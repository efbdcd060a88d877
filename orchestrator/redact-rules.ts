/**
 * What a secret looks like: RE2 patterns that the engine runs, and for each how much of its match is the
 * secret. Token forms are those of the built-in rules, and what is looser here on purpose: hiding too much
 * costs little.
 */
import type { Rule } from '../engine/rule.ts';
import { TOKEN_PATTERNS } from './redact-tokens.ts';

/** Where the secret is: all of the match, the match without its edges, a part of it, or what follows the quote or header that ends it. */
export type Reach =
  | 'match'
  | 'token'
  | 'after-colon'
  | 'after-space'
  | 'after-sign'
  | 'setting'
  | 'element'
  | 'quoted'
  | 'key-body';

export interface SecretForm {
  /** Lower-case letters and `-`; part of the placeholder, so that a reviewer sees what was there. */
  readonly kind: string;
  /** One pattern each: matches of two patterns of one rule would hide each other where they overlap. */
  readonly pattern: string;
  readonly reach: Reach;
}

const token = (kind: string, pattern: string): SecretForm => ({ kind, pattern, reach: 'match' });

/** Names that a secret is given to, in any spelling. */
const NAMES =
  'passw(?:or)?d|passphrase|passwd|pwd|secret|token|api[_.-]?key|apikey|access[_.-]?key|account[_.-]?key|' +
  'private[_.-]?key|auth[_.-]?key|signing[_.-]?key|encryption[_.-]?key|master[_.-]?key|shared[_.-]?key|' +
  'credential|conn(?:ection)?[_.-]?str(?:ing)?';
const NAME = `(?i:${NAMES})[A-Za-z0-9_.-]*`;
/** Between name and value: the end of a quoted key or index, a type, then what assigns or passes. */
const ASSIGNS =
  '["\'`\\]\\\\]*[ \\t]*(?::[ \\t]*[A-Za-z][A-Za-z0-9_.<>\\[\\]|? \\t]*=|:=|=>|==|!=|===|!==|[=:,(])[ \\t]*(?:[\\[({][ \\t]*)?';

const LOOSE_FORMS: readonly SecretForm[] = [
  {
    kind: 'private-key',
    pattern: '-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----',
    reach: 'key-body',
  },
  token('age-key', 'AGE-SECRET-KEY-1[A-Z0-9]{50,}'),
  token('aws-key-id', '\\b(?:AKIA|ASIA)[A-Z0-9]{16}\\b'),
  token('github-token', '\\bgh[pousr]_[A-Za-z0-9_]{30,}'),
  token('github-token-fine', 'github_pat_[A-Za-z0-9_]{30,}'),
  token(
    'gitlab-token',
    '\\bgl(?:pat|dt|rt|cbt|ptt|ft|soat|imt|agent|oas|ffct)-[A-Za-z0-9_.-]{20,}',
  ),
  token('slack-token', '\\bxox[a-z](?:\\.xox[a-z])?-[A-Za-z0-9-]{10,}'),
  token('slack-app-token', '\\bxapp-[A-Za-z0-9-]{10,}'),
  token('slack-webhook', 'hooks\\.slack\\.com/(?:services|workflows|triggers)/[A-Za-z0-9_/-]{20,}'),
  token('stripe-key', '\\b[sr]k_(?:live|test)_[A-Za-z0-9]{10,}'),
  token('stripe-webhook', '\\bwhsec_[A-Za-z0-9+/=]{20,}'),
  token('google-api-key', '\\bAIza[A-Za-z0-9_-]{35}'),
  token('google-client-secret', '\\bGOCSPX-[A-Za-z0-9_-]{20,}'),
  token('google-access-token', '\\bya29\\.[A-Za-z0-9_-]{20,}'),
  token('anthropic-key', '\\bsk-ant-[A-Za-z0-9_-]{16,}'),
  token('openai-key', '\\bsk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]{20,}'),
  token('openai-key-legacy', '\\bsk-[A-Za-z0-9]{32,}'),
  token('npm-token', '\\bnpm_[A-Za-z0-9]{36,}'),
  token('pypi-token', '\\bpypi-[A-Za-z0-9_-]{50,}'),
  token('twilio-key', '\\bSK[0-9a-f]{32}\\b'),
  token('sendgrid-key', '\\bSG\\.[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{16,}'),
  token('huggingface-token', '\\bhf_[A-Za-z0-9]{30,}'),
  token('digitalocean-token', '\\bdo[opr]_v1_[0-9a-f]{40,}'),
  token('shopify-token', '\\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}'),
  token('docker-token', '\\bdckr_(?:pat|oat)_[A-Za-z0-9_-]{20,}'),
  token('vault-token', '\\bhv[sbr]\\.[A-Za-z0-9_-]{20,}'),
  token('jwt', '\\beyJ[A-Za-z0-9_-]{8,}\\.eyJ[A-Za-z0-9_-]{4,}\\.[A-Za-z0-9_-]*'),
  {
    kind: 'url-password',
    pattern: '[A-Za-z][A-Za-z0-9+.-]*://[^\\s/?#@:"\'`<>]*:[^\\s/?#@"\'`<>]+@',
    reach: 'after-colon',
  },
  {
    kind: 'authorization',
    pattern: '(?i:\\bbearer|\\bbasic)[ \\t]+[A-Za-z0-9._~+/=-]{12,}',
    reach: 'after-space',
  },
  { kind: 'value', pattern: `${NAME}${ASSIGNS}[A-Za-z]{0,3}\\\\?["'\`]`, reach: 'quoted' },
  {
    kind: 'value-bare',
    pattern: `${NAME}["']?[ \\t]*[:=][ \\t]*[A-Za-z0-9+/=_.~!@#$%^&*-]{8,}`,
    reach: 'after-sign',
  },
  {
    kind: 'value-flag',
    pattern: `--[A-Za-z0-9-]*(?i:${NAMES})[A-Za-z0-9-]*[ \\t]+[^\\s"'\`-][^\\s"'\`]{5,}`,
    reach: 'after-space',
  },
  {
    kind: 'value-setting',
    pattern: ';[ ]?(?i:password|pwd|account ?key|shared ?access ?key)[ ]?=[^;"\'`\\s]{4,}',
    reach: 'setting',
  },
  { kind: 'value-xml', pattern: `${NAME}>[^<\\n]{6,}</`, reach: 'element' },
];

const LOOSE_KINDS: ReadonlySet<string> = new Set(LOOSE_FORMS.map(({ kind }) => kind));

export const SECRET_FORMS: readonly SecretForm[] = [
  ...LOOSE_FORMS,
  ...TOKEN_PATTERNS.map(([kind, pattern]): SecretForm => ({
    kind: LOOSE_KINDS.has(kind) ? `${kind}-exact` : kind,
    pattern,
    reach: 'token',
  })),
];

/** The forms as rules for `createScanner`; the rule's id is `secret-` and the kind. */
export function secretRules(): Rule[] {
  return SECRET_FORMS.map(({ kind, pattern }) => ({
    id: `secret-${kind}`,
    title: `secret (${kind})`,
    severity: 'high',
    confidence: 'high',
    cwe: 'CWE-798',
    patterns: [pattern],
    unless: [],
    message: {
      what: 'A secret is in the text.',
      why: 'Whoever reads the text has it.',
      fix: 'Read it from the environment or from a secret store.',
    },
    references: [],
    examples: { match: [], noMatch: [] },
    origin: 'builtin',
  }));
}
