// One Chromium of the system, driven over a CDP pipe. Windows are Chromium's "app" windows: no tabs, no address bar.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readlinkSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { CdpConnection, type CdpEvent, type CdpSession } from './cdp.ts';
import { chromiumEnvironment, chromiumFlags, findChromium, isHeadless, isUnsandboxed } from './chromium-flags.ts';

/** A page that Chromium holds back until Runtime.runIfWaitingForDebugger: nothing of it has run yet. */
export interface HeldPage {
  readonly session: CdpSession;
  readonly targetId: string;
}

export interface ChromiumHooks {
  /** A request of any page, which waits for an answer. */
  readonly onRequest: (request: CdpEvent<'Fetch.requestPaused'>) => Promise<void>;
  /** Chromium ended without being asked to. */
  readonly onLost: () => void;
}

interface WantedWindow {
  readonly url: string;
  readonly resolve: (page: HeldPage) => void;
}

const windowOpensWithinMs = 20_000;
const stopsWithinMs = 3_000;

export class Chromium {
  #process: ChildProcess | null = null;
  #connection: CdpConnection | null = null;
  #profile = '';
  #temporaryProfile: string | null = null;
  #isStarted = false;
  #stopping = false;
  /** Processes that hand the command line of a new window to the running Chromium. */
  readonly #relays = new Set<ChildProcess>();
  /** Windows asked for, in order. */
  readonly #wanted: WantedWindow[] = [];
  #lastOpening: Promise<unknown> = Promise.resolve();

  get session(): CdpSession {
    if (this.#connection === null) throw new Error('The browser has not started');
    return this.#connection.browser;
  }

  get isRunning(): boolean {
    return this.#connection !== null;
  }

  /** @returns Chromium's version */
  async start(folder: string, appended: ReadonlyMap<string, string>, hooks: ChromiumHooks): Promise<string> {
    this.#chooseProfile(folder);
    const child = spawn(findChromium(), chromiumFlags(this.#profile, appended), {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
      env: chromiumEnvironment(),
    });
    this.#process = child;
    process.once('exit', () => child.kill('SIGKILL'));
    const complaints = passOnStderr(child);
    const [, , , out, input] = child.stdio;
    this.#connection = new CdpConnection(out as Writable, input as Readable, () => {
      if (this.#isStarted && !this.#stopping) hooks.onLost();
    });
    const { session } = this;
    session.on('Target.attachedToTarget', (event) => this.#attached(event));
    session.on('Target.detachedFromTarget', (event) => this.#connection?.detach(event.sessionId));
    session.on('Fetch.requestPaused', (event) => void hooks.onRequest(event).catch(ignoreClosed));
    const version = await session.send('Browser.getVersion').catch(async () => {
      throw new Error(`Chromium ended while starting:\n${await complaints}`);
    });
    this.#isStarted = true;
    await Promise.all([
      session.send('Fetch.enable', { patterns: [{ urlPattern: 'http://*' }, { urlPattern: 'https://*' }] }),
      session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: true, flatten: true }),
    ]);
    return version.product.split('/')[1] ?? '';
  }

  /** Opens a window on `url`. Resolves while the page is still held back before its first request. */
  openWindow(url: string): Promise<HeldPage> {
    const opening = this.#lastOpening.then(() => this.#open(url));
    this.#lastOpening = opening.catch(() => undefined);
    return opening;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const child = this.#process;
    if (child === null) return;
    const gone = new Promise<void>((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) resolve();
      else child.once('exit', () => resolve());
    });
    // One that finds no running Chromium any more would become one, on this profile.
    await Promise.all([...this.#relays].map(endNow));
    if (this.#connection !== null) this.session.post('Browser.close');
    const limit = setTimeout(() => child.kill('SIGKILL'), stopsWithinMs);
    await gone;
    clearTimeout(limit);
    if (this.#temporaryProfile !== null)
      rmSync(this.#temporaryProfile, { recursive: true, force: true, maxRetries: 3 });
  }

  /** A profile has one Chromium at a time; a second instance of the app gets one of its own, for this run. */
  #chooseProfile(folder: string): void {
    this.#profile = path.join(folder, 'Chromium');
    if (isHeld(path.join(this.#profile, 'SingletonLock'))) {
      this.#temporaryProfile = mkdtempSync(path.join(os.tmpdir(), 'electron-host-'));
      this.#profile = this.#temporaryProfile;
    }
    mkdirSync(this.#profile, { recursive: true });
  }

  #open(url: string): Promise<HeldPage> {
    return new Promise((resolve, reject) => {
      const wanted = { url, resolve };
      this.#wanted.push(wanted);
      const fail = (error: Error): void => {
        const at = this.#wanted.indexOf(wanted);
        if (at >= 0) this.#wanted.splice(at, 1);
        reject(error);
      };
      setTimeout(() => fail(new Error(`No window opened for ${url}`)), windowOpensWithinMs).unref();
      if (isHeadless()) {
        this.session.send('Target.createTarget', { url, newWindow: true }).catch(fail);
        return;
      }
      // Only the command line makes app windows; this process hands its line to the running one and ends.
      const flags = [`--user-data-dir=${this.#profile}`, '--test-type', `--app=${url}`];
      const relay = spawn(findChromium(), isUnsandboxed() ? [...flags, '--no-sandbox'] : flags, {
        stdio: 'ignore',
        env: chromiumEnvironment(),
      });
      this.#relays.add(relay);
      relay.once('exit', () => this.#relays.delete(relay));
      relay.once('error', (error) => {
        // One that could not be started never exits.
        this.#relays.delete(relay);
        fail(error);
      });
    });
  }

  #attached({ sessionId, targetInfo }: CdpEvent<'Target.attachedToTarget'>): void {
    const session = this.#connection?.session(sessionId);
    if (session === undefined) return;
    const { type, targetId, url } = targetInfo;
    if (type !== 'page') {
      session.post('Runtime.runIfWaitingForDebugger');
      return;
    }
    const at = this.#wanted.findIndex((wanted) => wanted.url === url || url === 'about:blank' || url === '');
    const [wanted] = at < 0 ? [] : this.#wanted.splice(at, 1);
    // A window that a page opened by itself: setWindowOpenHandler decides, and what it allows becomes a BrowserWindow.
    if (wanted === undefined) this.session.post('Target.closeTarget', { targetId });
    else wanted.resolve({ session, targetId });
  }
}

export const chromium = new Chromium();

/**
 * Playwright waits for the line "DevTools listening"; the rest is kept for when Chromium fails to start.
 * @returns resolves with the last of it when Chromium has ended
 */
function passOnStderr(child: ChildProcess): Promise<string> {
  let kept = '';
  child.stderr?.on('data', (bytes: Buffer) => {
    const text = bytes.toString();
    kept = (kept + text).slice(-4_000);
    if (text.includes('DevTools listening') || process.env['ELECTRON_HOST_LOG'] === '1') process.stderr.write(bytes);
  });
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', () => resolve(kept.trim()));
  });
}

/** Kills a process, and waits until it has ended. */
function endNow(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

function isHeld(lock: string): boolean {
  try {
    const pid = Number(/-(\d+)$/.exec(readlinkSync(lock))?.[1]);
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function ignoreClosed(error: Error): void {
  if (!/closed|Invalid InterceptionId|Session with given id not found/.test(error.message)) console.error(error);
}
