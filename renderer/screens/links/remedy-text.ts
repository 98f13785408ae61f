import type { Remedy } from '../../../main/contract/contract.ts';
import { formatMoment } from '../../../main/words/format.ts';
import type { Messages } from '../../lib/messages.svelte.ts';

const ownWork = ['abort-upload', 'deny-uploads', 'deny-session', 'deny-object'] as const;

/** Whether Waybill can carry it out itself. */
export function isOwnWork(kind: Remedy['kind']): kind is (typeof ownWork)[number] {
  return ownWork.some((one) => one === kind);
}

/** What to do, and its consequence. */
export function remedyText(remedy: Remedy, messages: Messages): { readonly title: string; readonly text: string } {
  const { text, locale } = messages;
  if (isAboutSigner(remedy)) return signerText(remedy, messages);
  switch (remedy.kind) {
    case 'wait':
      return {
        title: text('ledger.remedy.wait', { moment: formatMoment(remedy.until, locale) }),
        text: text('ledger.remedy.wait.text'),
      };
    case 'abort-upload':
    case 'deny-uploads':
    case 'deny-session':
    case 'delete-object':
      return {
        title: text(`ledger.remedy.${remedy.kind}`),
        text: text(`ledger.remedy.${remedy.kind}.text`, remedy),
      };
    case 'deny-object':
      return {
        title: text('ledger.remedy.deny-object'),
        text: text('ledger.remedy.deny-object.text', { key: remedy.key, id: remedy.accessKeyId }),
      };
    case 'delete-version':
      return {
        title: text('inspector.delete-version'),
        text: text('ledger.remedy.delete-version.text', { key: remedy.key, version: remedy.versionId }),
      };
    case 'deny':
      return {
        title: text(`ledger.remedy.deny-${remedy.to}`),
        text: text(`ledger.remedy.deny-${remedy.to}.text`, { who: remedy.who }),
      };
    default:
      return remedy satisfies never;
  }
}

const signerKinds = ['change-role', 'disable-key', 'ask-issuer', 'change-cdn-key'] as const;
type SignerRemedy = Extract<Remedy, { readonly kind: (typeof signerKinds)[number] }>;

function isAboutSigner(remedy: Remedy): remedy is SignerRemedy {
  return signerKinds.some((kind) => kind === remedy.kind);
}

/** What to do about whoever signed. */
function signerText(remedy: SignerRemedy, { text }: Messages): { readonly title: string; readonly text: string } {
  switch (remedy.kind) {
    case 'change-role':
      return {
        title: text('ledger.remedy.change-role'),
        text: text('ledger.remedy.change-role.text', { role: remedy.roleArn }),
      };
    case 'disable-key':
    case 'ask-issuer':
      return {
        title: text(`ledger.remedy.${remedy.kind}`),
        text: text(`ledger.remedy.${remedy.kind}.text`, { id: remedy.accessKeyId }),
      };
    case 'change-cdn-key':
      return {
        title: text('ledger.remedy.change-cdn-key'),
        text: text('ledger.remedy.change-cdn-key.text', { domain: remedy.domain }),
      };
    default:
      return remedy satisfies never;
  }
}
