import type { DropPageData } from '../../../main/links/pages/drop-page.ts';
import { button, element } from '../shared/dom.ts';
import { lengthText } from '../shared/format.ts';
import { locale, text } from '../shared/texts.ts';
import type { Closing } from './classify.ts';
import type { Connection } from './connection.ts';

/** What the banner says: nothing, or what stands in the way and what to do. */
interface Said {
  readonly tone: 'warning' | 'danger';
  readonly title: string;
  readonly next: string;
  readonly action: { readonly label: string; readonly onClick: () => void } | null;
}

/** What stands in the way of all files. */
export class Banner {
  readonly element = element('section', { class: 'banner', role: 'alert', hidden: true });
  #shown = '';

  show(said: Said | null): void {
    const key = JSON.stringify(said);
    if (key === this.#shown) return;
    this.#shown = key;
    this.element.hidden = said === null;
    if (said === null) {
      this.element.replaceChildren();
      return;
    }
    this.element.className = `banner ${said.tone}`;
    const { action } = said;
    this.element.replaceChildren(
      element('div', {}, element('h2', {}, said.title), element('p', {}, said.next)),
      ...(action === null ? [] : [button(action.label, action.onClick)]),
    );
  }
}

/** What to say of the connection while files wait for it. */
export function connectionSaid(
  { contact, retryAt, hasAnswered }: Connection,
  { bucket }: DropPageData['form'],
  actions: { readonly onUnblock: () => void; readonly onWake: () => void; readonly isLate: boolean },
): Said | null {
  if (contact === 'blocked') {
    return {
      tone: 'danger',
      title: text('page.drop.blocked.title', { bucket }),
      next: text('page.drop.blocked.next'),
      action: { label: text('page.retry'), onClick: actions.onUnblock },
    };
  }
  if (actions.isLate && !hasAnswered) {
    const [title, next] = [text('page.drop.clock.title'), text('page.drop.clock.next')];
    return { tone: 'warning', title, next, action: null };
  }
  if (contact !== 'lost' || retryAt === null) return null;
  return {
    tone: 'warning',
    title: text('page.drop.lost.title'),
    next: text('page.drop.lost.next', { length: lengthText(Math.max(1000, retryAt - Date.now()), locale) }),
    action: { label: text('page.retry'), onClick: actions.onWake },
  };
}

/** What to say once nothing more can be sent. */
export function closingSaid(closing: Closing): Said {
  const action = null;
  switch (closing.because) {
    case 'expired':
      return { tone: 'warning', title: text('page.drop.expired.title'), next: text('page.drop.renew'), action };
    case 'revoked':
      return { tone: 'danger', title: text('page.drop.revoked.title'), next: text('page.drop.renew'), action };
    case 'refused': {
      const next = text('page.drop.refused.next', { code: closing.code, id: closing.ossRequestId ?? '–' });
      return { tone: 'danger', title: text('page.drop.refused.title'), next, action };
    }
    default:
      return closing satisfies never;
  }
}
