// A notification, shown inside the page.
import { post } from './host-link.ts';
import { makeOverlay } from './overlay.ts';

const shownForMs = 6_000;

const css = `
  :host { all: initial }
  div { position: fixed; right: 16px; top: 16px; max-width: 320px; padding: 10px 14px; z-index: 2147483646;
    border-radius: 10px; background: Canvas; color: CanvasText; box-shadow: 0 4px 20px #0005;
    font: 13px system-ui, sans-serif }
  b { display: block }`;

export function showToast(toastId: number, title: string, body: string): void {
  const { element, root } = makeOverlay('electron-toast', css);
  const box = document.createElement('div');
  box.setAttribute('role', 'status');
  const heading = document.createElement('b');
  heading.textContent = title;
  box.append(heading, body);
  box.addEventListener('click', () => {
    element.remove();
    post('toastClicked', toastId);
  });
  root.append(box);
  setTimeout(() => element.remove(), shownForMs);
}
