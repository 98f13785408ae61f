/** The only call that Waybill makes: the package's own types pull in those of many others. */
declare module 'electron-updater' {
  const updater: {
    readonly autoUpdater: {
      /** Downloads a newer version and shows a system notification. */
      checkForUpdatesAndNotify(): Promise<unknown>;
    };
  };
  export default updater;
}
