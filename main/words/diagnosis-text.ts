import type { LinkDiagnosis } from '../links/receiving/link-diagnosis.ts';
import { failureText } from './failure-text.ts';
import { formatLength, formatList } from './format.ts';
import type { Translator } from './translator.ts';

/** Why a link does not work, and what to do about it. */
export interface DiagnosisText {
  readonly title: string;
  readonly next: string;
  /** What would look the same from outside: a sentence for each. */
  readonly orElse: readonly string[];
  /** Set where this computer's clock is wrong, which may be the whole reason. */
  readonly clock: string | null;
  /** Codes and IDs to hand to support, as one line that can be copied; null where there are none. */
  readonly details: string | null;
}

/** The words for a diagnosis in the language of `translator`. */
export function diagnosisText(diagnosis: LinkDiagnosis, translator: Translator): DiagnosisText {
  const { text, locale } = translator;
  const { clockOffBy } = diagnosis;
  return {
    ...wordsOf(diagnosis, translator),
    orElse: 'orElse' in diagnosis ? (diagnosis.orElse ?? []).map((cause) => text(`receive.why.or.${cause}`)) : [],
    clock:
      clockOffBy === 0
        ? null
        : text(clockOffBy > 0 ? 'receive.why.clock-ahead' : 'receive.why.clock-behind', {
            length: formatLength(Math.abs(clockOffBy), locale),
          }),
  };
}

function wordsOf(finding: LinkDiagnosis, translator: Translator): Pick<DiagnosisText, 'title' | 'next' | 'details'> {
  const { text, locale } = translator;
  if (!('failure' in finding)) {
    const details = finding.requestId === null ? null : `RequestId ${finding.requestId}`;
    const method = finding.cause === 'wrong-method' ? finding.method : '';
    return {
      title: text(`receive.why.${finding.cause}`, { method }),
      next: text(`receive.why.${finding.cause}.next`),
      details,
    };
  }
  const words = failureText(finding.failure, translator);
  if (finding.headers === undefined) return words;
  return {
    ...words,
    title: text('failure.cause.header-missing.title.named', { headers: formatList(finding.headers, locale) }),
  };
}
