/** What counts as a secret, what does not, and that none gets through. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeUtf8 } from '../../engine/text/utf8.ts';
import { SECRET_FORMS } from '../../orchestrator/redact-rules.ts';
import { newRedactor, redactText, secretScanner, wellFormed } from './pack-support.ts';

/** Put together at run time, so that no scanner takes this file for a leak. */
const made = (...parts: readonly string[]): string => parts.join('');
const ALNUM = 'Zq3vT8xLm2Kp9Rw4Ny7Bc5Hd6Jf1Gs0AeUoIiVtQzX8kW3mP';

const TOKENS: readonly (readonly [string, string])[] = [
  ['AWS key id', made('AKIA', 'Q3EGRT5WZK7LX2NV')],
  ['AWS temporary key id', made('ASIA', 'Q3EGRT5WZK7LX2NV')],
  ['GitHub personal token', made('ghp_', ALNUM.slice(0, 36))],
  ['GitHub app token', made('ghs_', ALNUM.slice(0, 36))],
  ['GitHub fine-grained token', made('github_pat_', ALNUM.slice(0, 22), '_', ALNUM)],
  ['GitLab token', made('glpat-', ALNUM.slice(0, 20))],
  ['Slack bot token', made('xoxb-', '123456789012-123456789012-', ALNUM.slice(0, 24))],
  ['Slack app token', made('xapp-', '1-A0123456789-', ALNUM.slice(0, 24))],
  ['Slack webhook', made('hooks.slack.com/services/', 'T01234567/B01234567/', ALNUM.slice(0, 24))],
  ['Stripe key', made('sk_live_', ALNUM.slice(0, 24))],
  ['Stripe restricted key', made('rk_test_', ALNUM.slice(0, 24))],
  ['Stripe webhook secret', made('whsec_', ALNUM.slice(0, 32))],
  ['Google API key', made('AIza', ALNUM.slice(0, 35))],
  ['Google client secret', made('GOCSPX-', ALNUM.slice(0, 28))],
  ['Anthropic key', made('sk-ant-', 'api03-', ALNUM, '-AA')],
  ['OpenAI project key', made('sk-proj-', ALNUM)],
  ['OpenAI key', made('sk-', ALNUM)],
  ['npm token', made('npm_', ALNUM.slice(0, 36))],
  ['PyPI token', made('pypi-', 'AgEIcHlwaS5vcmc', ALNUM, ALNUM)],
  ['Twilio key', made('SK', '0123456789abcdef0123456789abcdef')],
  ['SendGrid key', made('SG.', ALNUM.slice(0, 22), '.', ALNUM.slice(0, 43))],
  ['Hugging Face token', made('hf_', ALNUM.slice(0, 34))],
  ['JSON web token', made('eyJhbGciOiJIUzI1NiJ9', '.eyJzdWIiOiIxMjM0NTY3ODkwIn0.', ALNUM)],
];

describe('tokens by their form', () => {
  test.each(TOKENS)('%s', (_name, secret) => {
    const redactor = newRedactor();
    for (const around of [
      ['x = f("', '")'],
      ['', ''],
      ['+', '\n'],
      ['# é ', ' and more'],
    ] as const) {
      const text = around[0] + secret + around[1];
      const redacted = redactText(redactor, text);
      expect(redacted).not.toContain(secret);
      expect(redacted).toMatch(/SG_REDACTED_[a-z-]+_[0-9a-f]{16}/);
      expect(redactor.restore(redacted)).toBe(text);
    }
  });

  test('every form compiles and is planned', () => {
    expect(secretScanner.problems).toEqual([]);
    expect(secretScanner.verifyPatterns()).toEqual([]);
    expect(new Set(SECRET_FORMS.map(({ kind }) => kind)).size).toBe(SECRET_FORMS.length);
  });
});

describe('values of telling names', () => {
  const value = 'k7#Vq2!mZx9Lw';
  test.each([
    [`password = "${value}"`],
    [`PASSWORD='${value}'`],
    [`"dbPassword": "${value}",`],
    [`{\\"api_key\\": \\"${value}\\"}`],
    [`const apiKey: string = \`${value}\`;`],
    [`String clientSecret = "${value}";`],
    [`config["access-token"] = '${value}'`],
    [`setPassword("${value}")`],
    [`props.put("password", "${value}")`],
    [`api_key => '${value}'`],
    [`if token == "${value}":`],
    [`run("mysql --password ${value.replace('#', '')} -h db")`],
    [`"Server=db;User=sa;Password=${value};Encrypt=true"`],
    [`password = "example-${value}"`],
    [`if (password.equals("${value}")) {`],
    [`passwords = ["${value}"]`],
    [`<password>${value}</password>`],
    [`password: b"${value}"`],
    [`postgres://admin:${value.replace('#', '')}@db.internal:5432/x`],
    [`Authorization: Bearer ${value.replace(/[#!]/g, '')}abcdef`],
    [`headers = {"Authorization": "Basic dXNlcjpodW50ZXIyaHVudGVyMg=="}`],
  ])('%s', (text) => {
    const redactor = newRedactor();
    const redacted = redactText(redactor, text);
    expect(redacted).not.toContain(value);
    expect(redacted).not.toContain(value.replace('#', ''));
    expect(redacted).not.toContain('dXNlcjpodW50ZXIyaHVudGVyMg');
    expect(redacted).toContain('SG_REDACTED_');
    expect(redactor.restore(redacted)).toBe(text);
  });

  test('a value holds the other kinds of quote, and escaped ones', () => {
    const redactor = newRedactor();
    expect(redactText(redactor, `password = "it's-\\"me\\"-4711x" + y`)).toMatch(
      /^password = "SG_REDACTED_value_[0-9a-f]{16}" \+ y$/,
    );
  });

  test('a bare word is a value in a configuration file and a variable in code', () => {
    const text = 'password: correcthorsebattery\n';
    expect(redactText(newRedactor(), text, true)).not.toContain('correcthorse');
    expect(redactText(newRedactor(), text, false)).toBe(text);
    expect(redactText(newRedactor(), 'export PGPASSWORD=hunter2hunter2', true)).not.toContain(
      'hunter',
    );
    expect(redactText(newRedactor(), 'export PGPASSWORD=$PASSWORD_FILE', true)).toContain('=$PASS');
  });

  test.each([
    ['password = os.environ["DB_PASSWORD"]'],
    ['password = "${DB_PASSWORD}"'],
    ['password = "changeme"'],
    ['password = "<your password>"'],
    ['token = "{{ secrets.TOKEN }}"'],
    ['secret_name = "database_password"'],
    ['token = request.headers["x-token"]'],
    ['token_url = "https://example.org/oauth/token"'],
    ['error = "Your password must not be empty"'],
    ['password_label = "Enter your password"'],
    ['password = hash_password(form.password)'],
    ['def check(token: str, secret: bytes) -> bool:'],
    ['password = "xxxxxxxxxxxx"'],
    ['next_token = parser.next_token()'],
    ['const csrfToken = getToken(request)'],
    ['see https://example.org:8080/path@2'],
    ['login(user, password=hashlib.md5(raw).hexdigest())'],
    ['SecretKeyFactory.getInstance("PBKDF2WithHmacSHA1")'],
    ['gh secret --secret-name deploy-production'],
    ['key = secrets.get("prod/db/main7")'],
  ])('no secret: %s', (text) => {
    expect(redactText(newRedactor(), text)).toBe(text);
  });
});

describe('private keys', () => {
  const lines = [
    'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7',
    `${ALNUM}/+abcd`,
    'Zx9Lw==',
  ];
  const key = made(
    '-----BEGIN ',
    'PRIVATE KEY-----\n',
    lines.join('\n'),
    '\n-----END ',
    'PRIVATE KEY-----',
  );

  test.each([
    ['as lines', key],
    ['in JSON', JSON.stringify({ private_key: key })],
    [
      'as joined strings',
      key
        .split('\n')
        .map((line) => `"${line}\\n" +`)
        .join('\n'),
    ],
    ['cut off', key.slice(0, 120)],
    [
      'indented',
      key
        .split('\n')
        .map((line) => `    ${line}`)
        .join('\n'),
    ],
  ])('%s', (_name, text) => {
    const redactor = newRedactor();
    const redacted = redactText(redactor, text);
    for (const line of lines) expect(redacted).not.toContain(line.slice(0, 20));
    expect(redacted.split('\n')).toHaveLength(text.split('\n').length);
    expect(redactor.restore(redacted)).toBe(text);
  });

  test('a header alone hides no code', () => {
    const text = made('# -----BEGIN ', 'PRIVATE KEY-----\nos.system(request.args["cmd"])\n');
    expect(redactText(newRedactor(), text)).toBe(text);
  });
});

describe('placeholders', () => {
  const [first, second] = [made('ghp_', ALNUM.slice(0, 36)), made('ghp_', ALNUM.slice(4, 40))];

  test('are the same for the same secret in a session, in whatever order it is met', () => {
    const a = redactText(newRedactor('s1'), `${first} ${second}`).split(' ');
    const b = redactText(newRedactor('s1'), `${second} ${first}`).split(' ');
    expect(a).toEqual(b.reverse());
    expect(a[0]).not.toBe(a[1]);
    expect(redactText(newRedactor('s2'), first)).not.toBe(a[0]);
  });

  test('cannot be forged: text that looks like one comes back as it was', () => {
    const redactor = newRedactor();
    const placeholder = redactText(redactor, first);
    for (const text of [placeholder, `x${placeholder}y`, 'SG_REDACTED_', `SG_REDACTED_${first}`]) {
      const redacted = redactText(redactor, text);
      expect(redactor.restore(redacted)).toBe(text);
      expect(redacted).not.toContain(first);
    }
  });

  test('a strong secret is taken out of other files too, where nothing tells what it is', () => {
    const redactor = newRedactor();
    const results = redactor.redactAll(
      ['see k7Vq2mZx9LwT4', 'password = "k7Vq2mZx9LwT4"'].map((text) => ({
        bytes: encodeUtf8(text),
        isData: false,
      })),
    );
    expect(results.map((result) => result.ok && result.text.includes('k7Vq2mZx9LwT4'))).toEqual([
      false,
      false,
    ]);
    expect(redactor.redact('path/k7Vq2mZx9LwT4.py')).not.toContain('k7Vq2mZx9LwT4');
  });

  test('neither does a second byte order mark', () => {
    expect(redactText(newRedactor(), `\uFEFF\uFEFF${first}`)).toMatch(/^\uFEFFSG_REDACTED_\S+$/);
  });

  test('an inline suppression does not let a secret through', () => {
    const text = `token = "${first}" # sg-ignore secret-github-token: test\n`;
    expect(redactText(newRedactor(), text)).not.toContain(first);
  });
});

describe('refusals', () => {
  test('a text that holds too many secrets is not sent', () => {
    const text = Array.from({ length: 1100 }, (_, i) =>
      made('AKIA', String(i).padStart(16, '0')),
    ).join('\n');
    const [result] = newRedactor().redactAll([{ bytes: encodeUtf8(text), isData: false }]);
    expect(result).toEqual({ ok: false, reason: 'not sent: it holds more than 1000 secrets' });
  });

  test('a text that could not be looked through is not sent', async () => {
    const { createPlaceholders } = await import('../../orchestrator/placeholders.ts');
    const { createRedactor } = await import('../../orchestrator/redact.ts');
    const redactor = createRedactor({
      scanner: {
        scan: (path) => ({
          findings: [],
          suppressed: [],
          incomplete: [{ path, ruleId: 'secret-jwt', reason: 'pattern not evaluated' }],
        }),
      },
      placeholders: createPlaceholders(() => '0'.repeat(16)),
    });
    expect(redactor.redactAll([{ bytes: encodeUtf8('x'), isData: false }])).toEqual([
      { ok: false, reason: 'not sent: its secrets could not all be looked for' },
    ]);
    expect(redactor.redact('x')).toBe('(left out: could not be looked through for secrets)');
  });
});

test('whatever stands around them, no secret gets through, and restoring gives the text back', () => {
  const noise = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }).map(wellFormed),
    fc.constantFrom(
      '\n',
      '\r\n',
      '"',
      "'",
      ' = ',
      'password: ',
      'token = "',
      'SG_REDACTED_',
      '⟦U+',
      'é',
      '😀',
    ),
  );
  const secret = fc.constantFrom(...TOKENS.map(([, token]) => token));
  fc.assert(
    fc.property(fc.array(fc.tuple(noise, secret, noise), { maxLength: 6 }), (parts) => {
      const redactor = newRedactor();
      // A word right before or after a token would make it another word.
      const text = parts.map(([a, token, b]) => `${a} ${token} ${b}`).join('');
      const redacted = redactText(redactor, text);
      for (const [, token] of parts) expect(redacted).not.toContain(token);
      expect(redactor.restore(redacted)).toBe(text.replace(/^\uFEFF/, ''));
    }),
    { numRuns: 300 },
  );
});

test('any text comes back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const redactor = newRedactor();
      const given = wellFormed(text).replace(/^\uFEFF/, '');
      expect(redactor.restore(redactText(redactor, given))).toBe(given);
    }),
  );
});
