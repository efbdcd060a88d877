/** Checks Amazon's request signature, version 4, against keys that are known here. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { RecordedRequest } from './record.ts';

export interface SigningKeys {
  readonly access: string;
  readonly secret: string;
  readonly session?: string;
}

/** Why the signature of `request` for `service` is not one by `keys`; undefined for a good one. */
export function signatureProblem(
  request: RecordedRequest,
  service: string,
  keys: SigningKeys,
): string | undefined {
  const header = request.headers['authorization'] ?? '';
  const parts =
    /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=(\w+)$/.exec(header);
  if (parts === null) return 'Missing Authentication Token';
  const [, credential = '', signedHeaders = '', signature = ''] = parts;
  const [access, date = '', region = '', named] = credential.split('/');
  if (access !== keys.access) return 'The security token included in the request is invalid.';
  if (named !== service) return `Credential should be scoped to correct service: '${service}'.`;
  if (request.headers['x-amz-security-token'] !== keys.session) {
    return 'The security token included in the request is invalid.';
  }
  const names = signedHeaders.split(';');
  if (!names.includes('host')) return 'host must be signed';
  const [path = '', query = ''] = request.url.split('?');
  const canonical = [
    request.method,
    // A segment is encoded once more on top of what is on the wire.
    path.split('/').map(encodeURIComponent).join('/'),
    query.split('&').sort().join('&'),
    ...names.map(
      (name) => `${name}:${(request.headers[name] ?? '').trim().replaceAll(/ +/g, ' ')}`,
    ),
    '',
    signedHeaders,
    createHash('sha256').update(request.body).digest('hex'),
  ].join('\n');
  const scope = `${date}/${region}/${service}/aws4_request`;
  const toSign = [
    'AWS4-HMAC-SHA256',
    request.headers['x-amz-date'] ?? '',
    scope,
    createHash('sha256').update(canonical).digest('hex'),
  ].join('\n');
  let key: Buffer = Buffer.from(`AWS4${keys.secret}`);
  for (const part of [date, region, service, 'aws4_request', toSign]) {
    key = createHmac('sha256', key).update(part).digest();
  }
  const given = Buffer.from(signature, 'hex');
  return given.length === key.length && timingSafeEqual(given, key)
    ? undefined
    : 'The request signature we calculated does not match the signature you provided.';
}
