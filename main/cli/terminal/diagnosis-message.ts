import type { LinkDiagnosis } from '../../links/receiving/link-diagnosis.ts';
import { diagnosisText } from '../../words/diagnosis-text.ts';
import { escapeControls } from './output.ts';
import { sentences, text } from './sentences.ts';

/** Why a link doesn't work and what to do, with a hint at a wrong clock and OSS's own codes. */
export function diagnosisMessage(diagnosis: LinkDiagnosis): string {
  const { title, next, orElse, clock, details } = diagnosisText(diagnosis, sentences);
  const sentence = text('failure.sentences', { title, next: nextHere(diagnosis) ?? next });
  return [sentence, ...orElse, clock, details]
    .filter((line) => line !== null)
    .map(escapeControls)
    .join('\n             ');
}

/** What to do next, where the window's answer names a button. */
function nextHere({ cause }: LinkDiagnosis): string | null {
  if (cause === 'header-missing') return text('cli.why.header-missing');
  return cause === 'wrong-method' ? text('cli.why.wrong-method') : null;
}
