import type { LinkCause, LinkDiagnosis } from '../../links/receiving/link-diagnosis.ts';
import { isoTime, shown } from './output.ts';

type Words = { readonly [C in LinkCause['cause']]: (cause: Extract<LinkCause, { cause: C }>) => string };

const words: Words = {
  none: () => 'it works.',
  expired: ({ at }) => `it ended at ${isoTime(at)}. Ask its sender for a new one.`,
  'not-yet-valid': ({ at }) => `it begins at ${isoTime(at)}. Wait, or ask its sender to check the clock there.`,
  'wrong-method': ({ method }) =>
    `it was made for ${method}, not for GET.${method === 'PUT' ? ' Use "waybill send".' : ''}`,
  'header-missing': ({ headers }) =>
    `these headers must be sent with it: ${shown(headers.join(', '))}. Ask its sender.`,
  'changed-in-transit': ({ orElse }) =>
    orElse.length === 0
      ? 'it was changed on the way. Copy it again, from its first to its last character.'
      : 'it was changed on the way, or it was made for an upload or for certain headers. Ask its sender.',
  'wrong-region': ({ endpoint }) =>
    `the bucket is ${endpoint === null ? 'in another region' : `at ${shown(endpoint)}`}. Ask its sender to sign for that region.`,
  'restricted-address': () => 'only certain addresses or networks may use it, and this is none of them.',
  'object-gone': ({ deleteMarker }) =>
    deleteMarker
      ? 'the object was deleted; older versions may be left. Ask its sender.'
      : 'the object is gone. Ask its sender.',
  'version-gone': () => 'the version that it names is gone. Ask its sender.',
  'bucket-gone': () => 'the bucket is gone. Ask its sender.',
  archived: () => 'the object is archived and must be restored before it can be read. Ask its sender.',
  'credentials-revoked': () => 'the AccessKey that signed it was deleted or disabled. Ask its sender for a new one.',
  'session-ended': () => 'the temporary credentials that signed it have ended. Ask its sender for a new one.',
  denied: () => 'whoever signed it may not read this. Ask its sender.',
  clock: () => 'the clock of this computer is wrong. Set it right and try again.',
  malformed: () => 'it is damaged. Copy it again, from its first to its last character.',
  other: ({ message }) => shown(message),
};

/** Why a link does not work and what to do, with OSS's own codes and a hint at a wrong clock. */
export function causeWords(diagnosis: LinkDiagnosis): string {
  // TypeScript cannot see that the words found by the cause take this diagnosis.
  const text = (words[diagnosis.cause] as (cause: LinkCause) => string)(diagnosis);
  const { clockOffBy, code, ec, requestId } = diagnosis;
  const minutes = Math.round(Math.abs(clockOffBy) / 60_000);
  const clock =
    clockOffBy === 0 ? '' : ` (The clock of this computer is ${minutes} min ${clockOffBy > 0 ? 'ahead' : 'behind'}.)`;
  const codes = Object.entries({ Code: code, EC: ec, RequestId: requestId })
    .flatMap(([name, value]) => (value === null || code === null ? [] : [`${name}: ${value}`]))
    .join('  ');
  return text + clock + (codes === '' ? '' : `\n             ${shown(codes)}`);
}
