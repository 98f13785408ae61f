import type { LinkDiagnosis } from '../links/receiving/link-diagnosis.ts';
import { formatLength, formatList, formatMoment } from './format.ts';
import type { MessageValues, Translator } from './translator.ts';

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
  const values = valuesOf(diagnosis, translator);
  const { code, ec, requestId, clockOffBy } = diagnosis;
  const details = [code, ec === null ? null : `EC ${ec}`, requestId === null ? null : `RequestId ${requestId}`].filter(
    (part) => part !== null,
  );
  const isSomewhereElse = diagnosis.cause === 'wrong-region' && values['endpoint'] === undefined;
  return {
    title: text(isSomewhereElse ? 'failure.oss.other-region.title' : `receive.why.${diagnosis.cause}`, values),
    next: text(`receive.why.${diagnosis.cause}.next`, values),
    orElse: 'orElse' in diagnosis ? diagnosis.orElse.map((cause) => text(`receive.why.or.${cause}`)) : [],
    clock:
      clockOffBy === 0
        ? null
        : text(clockOffBy > 0 ? 'receive.why.clock-ahead' : 'receive.why.clock-behind', {
            length: formatLength(Math.abs(clockOffBy), locale),
          }),
    details: details.length === 0 ? null : details.join(' · '),
  };
}

function valuesOf(diagnosis: LinkDiagnosis, { locale }: Translator): MessageValues {
  if ('at' in diagnosis) return { moment: formatMoment(diagnosis.at, locale) };
  if ('method' in diagnosis) return { method: diagnosis.method };
  if ('headers' in diagnosis) return { headers: formatList(diagnosis.headers, locale) };
  if ('message' in diagnosis) return { message: diagnosis.message };
  if (diagnosis.cause !== 'wrong-region') return {};
  const endpoint = diagnosis.endpoint ?? diagnosis.region;
  return endpoint === null ? {} : { endpoint };
}
