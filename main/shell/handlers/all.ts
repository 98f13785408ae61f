import type { Core } from '../core.ts';
import { app } from 'electron';
import { toLocale } from '../../words/locales.ts';
import { accessHandlers } from './access.ts';
import { accountHandlers } from './accounts.ts';
import { appHandlers } from './app.ts';
import { browsingHandlers } from './browsing.ts';
import { bucketPropertyHandlers } from './bucket-properties.ts';
import { bucketHandlers } from './buckets.ts';
import { deletionHandlers } from './deletions.ts';
import { dialogHandlers } from './dialogs.ts';
import { editingHandlers } from './editing.ts';
import { grantHandlers } from './grants.ts';
import { deepLinkHandlers } from './deep-links.ts';
import { heldObjectHandlers } from './held-objects.ts';
import { ledgerHandlers } from './ledger.ts';
import { linkBatchHandlers } from './links/link-batches.ts';
import { linkHandlers } from './links/links.ts';
import { lockHandlers } from './lock.ts';
import { networkHandlers } from './network.ts';
import { objectHandlers } from './objects.ts';
import { otherLinkHandlers } from './links/other-links.ts';
import { propertyHandlers } from './properties.ts';
import { receivedHandlers } from './received-links.ts';
import { transferHandlers } from './transfers.ts';
import { bucketAccessHandlers } from './requests/bucket-access.ts';
import { endingHandlers } from './requests/endings.ts';
import { uploadFormHandlers } from './requests/upload-forms.ts';
import { uploadRequestHandlers } from './requests/upload-requests.ts';
import { uploadTicketHandlers } from './requests/upload-tickets.ts';
import { versionHandlers } from './versions.ts';
import { windowHandlers } from './windows.ts';
import type { Handlers, Emit } from '../ipc.ts';
import type { Translate, Translator } from '../../words/translator.ts';
import type { GrantedPaths } from '../security/granted-paths.ts';
import { accessQuestions } from '../security/access-questions.ts';
import { confirmBrowser } from '../security/browser-address.ts';
import { Consent } from '../security/consent.ts';
import { DeletionLimit } from '../security/deletion-limit.ts';
import { confirmCdn, confirmHttp, confirmProxy, confirmServers, newServersOf } from '../security/new-servers.ts';
import { confirmBucketChange, confirmPublic } from '../security/publishing.ts';
import { confirmActs, newActsOf } from '../security/source-acts.ts';
import { confirms } from '../windows/question.ts';
import type { Windows } from '../windows/windows.ts';

/** Dependencies of the handlers. */
export interface HandlerParts {
  readonly core: Core;
  readonly emit: Emit;
  readonly text: Translate;
  /** Applies the settings to theme, menu, text size and transfers. */
  readonly applySettings: () => void;
  readonly windows: Windows;
  readonly paths: GrantedPaths;
}

/** Creates the handler of every call in the contract. */
export function createHandlers({ core, emit, text, applySettings, windows, paths }: HandlerParts): Handlers {
  const { accounts, queue } = core;
  const reportChange = (accountId: string, bucket: string, prefix: string): void =>
    emit('objects.changed', { accountId, bucket, prefix });
  const consent = new Consent({
    text,
    ask: (question) => confirms(windows.last, question),
    isLocked: () => core.lock.isLocked,
  });
  const limit = new DeletionLimit(consent, text);
  const publish = confirmPublic(consent, text);
  const confirmChange = confirmBucketChange(consent, text);
  const confirmDraft: Parameters<typeof accountHandlers>[3] = async (before, draft) => {
    await confirmServers(consent, text, newServersOf(before, draft));
    await confirmActs(consent, text, await newActsOf(before, draft, accounts.place));
  };
  const language = (): Translator => ({ text, locale: toLocale(core.settings.current.locale, app.getLocale()) });
  return {
    ...accountHandlers(core, () => core.practice.start(), paths, confirmDraft),
    ...grantHandlers(core, paths),
    ...ledgerHandlers(core, paths, { limit, text }),
    ...browsingHandlers(core),
    ...bucketHandlers(accounts, emit, {
      ...{ queue, limit, confirmPublic: publish },
      confirmHttp: (domain) => confirmHttp(consent, text, domain),
    }),
    ...bucketPropertyHandlers(accounts, emit, { confirmPublic: publish, confirmChange }),
    ...objectHandlers(core, limit, reportChange),
    ...heldObjectHandlers(core, emit),
    ...deletionHandlers(core.deletions, limit),
    ...editingHandlers(core, consent, text),
    ...propertyHandlers(core, emit, publish, reportChange),
    ...versionHandlers(core, limit, reportChange),
    ...linkHandlers(core, publish, limit),
    ...otherLinkHandlers(core, (bucket, domain) => confirmCdn(consent, text, { bucket, domain })),
    ...linkBatchHandlers(core, paths, { confirmPublic: publish, limit }),
    ...uploadRequestHandlers(core, text, publish),
    ...uploadFormHandlers(core, text),
    ...uploadTicketHandlers(core, text),
    ...bucketAccessHandlers(accounts, confirmChange),
    ...accessHandlers(core, emit, accessQuestions(consent, language)),
    ...endingHandlers(core, confirmChange),
    ...receivedHandlers(core, paths, (address) => confirmBrowser(consent, text, address)),
    ...deepLinkHandlers(core, windows),
    ...transferHandlers(core, paths),
    ...lockHandlers(core),
    ...networkHandlers(core, text),
    ...dialogHandlers(text, paths, (id) => queue.localPathOf(id)),
    ...appHandlers(core, emit, {
      applySettings,
      windows,
      paths,
      confirmProxy: (proxy) => confirmProxy(consent, text, proxy),
    }),
    ...windowHandlers(windows),
  };
}
