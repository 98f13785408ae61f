import type { LinkDiagnosis } from '../../links/receiving/link-diagnosis.ts';
import { diagnosisText } from '../../words/diagnosis-text.ts';
import { escapeControls } from '../../words/controls.ts';
import { sentences, text } from './sentences.ts';

/** Why a link doesn't work and what to do, with a hint at a wrong clock and OSS's own codes. */
export function diagnosisMessage(diagnosis: LinkDiagnosis): string {
  const { title, next, orElse, clock } = diagnosisText(diagnosis, sentences);
  const sentence = text('failure.sentences', { title, next: nextHere(diagnosis) ?? next });
  return [sentence, ...orElse, clock, codesOf(diagnosis)]
    .filter((line) => line !== null)
    .map(escapeControls)
    .join('\n             ');
}

/** What to do next, if the window's advice names a button. */
function nextHere({ cause }: LinkDiagnosis): string | null {
  if (cause === 'header-missing') return text('cli.next.cause.header-missing');
  return cause === 'wrong-method' ? text('cli.why.wrong-method') : null;
}

/** `Code: NoSuchKey  EC: 0026-00000001  RequestId: …`, as much of it as is known; null for nothing. */
function codesOf({ code, ec, requestId }: LinkDiagnosis): string | null {
  if (code === null) return null;
  const named = Object.entries({ Code: code, EC: ec, RequestId: requestId });
  return named.flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`])).join('  ');
}
