import type { LinkDiagnosis } from '../../../main/contract/contract.ts';
import { formatLength, formatMoment } from '../../../main/words/format.ts';
import type { Messages } from '../../lib/messages.svelte.ts';

/** Why a link does not work, and what to do about it. */
export interface DiagnosisText {
  readonly title: string;
  readonly next: string;
  /** Set where this computer's clock is wrong, which may be the whole reason. */
  readonly clock: string | null;
  /** Codes and IDs to hand to support, as one line that can be copied; null where there are none. */
  readonly details: string | null;
}

/** The words for a diagnosis in the language of `messages`. */
export function diagnosisText(diagnosis: LinkDiagnosis, messages: Pick<Messages, 'text' | 'locale'>): DiagnosisText {
  const { text, locale } = messages;
  const values = valuesOf(diagnosis, messages);
  const { code, ec, requestId, clockOffBy } = diagnosis;
  const details = [code, ec === null ? null : `EC ${ec}`, requestId === null ? null : `RequestId ${requestId}`].filter(
    (part) => part !== null,
  );
  return {
    title: text(`receive.why.${diagnosis.cause}`, values),
    next: text(`receive.why.${diagnosis.cause}.next`, values),
    clock:
      clockOffBy === 0
        ? null
        : text(clockOffBy > 0 ? 'receive.why.clock-ahead' : 'receive.why.clock-behind', {
            length: formatLength(Math.abs(clockOffBy), locale),
          }),
    details: details.length === 0 ? null : details.join(' · '),
  };
}

function valuesOf(
  diagnosis: LinkDiagnosis,
  { text, locale }: Pick<Messages, 'text' | 'locale'>,
): Readonly<Record<string, string>> {
  return {
    ...('at' in diagnosis ? { moment: formatMoment(diagnosis.at, locale) } : {}),
    ...('method' in diagnosis ? { method: diagnosis.method } : {}),
    ...('headers' in diagnosis ? { headers: diagnosis.headers.join(', ') } : {}),
    ...('orElse' in diagnosis
      ? { or: diagnosis.orElse.map((cause) => text(`receive.why.or.${cause}`)).join(' ') }
      : {}),
    ...('endpoint' in diagnosis
      ? { endpoint: diagnosis.endpoint ?? diagnosis.region ?? text('receive.why.wrong-region.unknown') }
      : {}),
    ...('message' in diagnosis ? { message: diagnosis.message } : {}),
  };
}
