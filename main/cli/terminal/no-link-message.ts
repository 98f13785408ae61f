import type { CdnFile, UnusableText } from '../../links/receiving/link-card.ts';
import { escapeControls } from '../../words/controls.ts';
import { text } from './sentences.ts';

/** Why a text can't be used as a link, and what to do. */
export function noLinkMessage(card: UnusableText | CdnFile): string {
  switch (card.kind) {
    case 'damaged':
      return message(
        text('receive.damaged.title'),
        text(`receive.damaged.${card.reason}`),
        text('receive.damaged.next'),
      );
    case 'foreign':
      return message(
        text('receive.foreign.title'),
        card.service === 'other'
          ? text('receive.foreign.other', { host: escapeControls(card.host) })
          : text('receive.foreign.named', {
              host: escapeControls(card.host),
              service: text(`receive.service.${card.service}`),
            }),
      );
    case 'cdn-link':
      return message(text('receive.cdn.title'), text('receive.cdn.cli'));
    case 'unsupported':
      return message(text('receive.unsupported.title'), text('receive.unsupported.next'));
    case 'unsigned':
      return message(
        text('receive.unsigned.title'),
        text('receive.unsigned.next', { host: escapeControls(card.host) }),
      );
    case 'not-a-link':
      return message(text('receive.not-a-link.title'), text('cli.link.quotes'));
    default:
      return card satisfies never;
  }
}

/** A heading and the sentences below it, as lines. */
function message(title: string, ...sentences: readonly string[]): string {
  return [title, ...sentences].join('\n');
}
