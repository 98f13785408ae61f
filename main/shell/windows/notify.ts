import { Notification } from 'electron';

/** Notifications that may still be clicked. One that is garbage-collected no longer hears of it. */
let shown: readonly Notification[] = [];

/** How many of them are kept. */
const MAX_KEPT = 8;

/** Shows a notification of the system. @returns false if the system shows none */
export function notify(
  { title, body }: { readonly title: string; readonly body: string },
  onClick: () => void,
): boolean {
  if (!Notification.isSupported()) return false;
  const notification = new Notification({ title, body });
  notification.on('click', onClick);
  shown = [...shown.slice(1 - MAX_KEPT), notification];
  notification.show();
  return true;
}
