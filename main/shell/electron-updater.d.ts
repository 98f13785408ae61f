/** The one call that is made of it: its own types bring those of many packages along. */
declare module 'electron-updater' {
  const updater: {
    readonly autoUpdater: {
      /** Downloads a newer version and says so in a notification of the system. */
      checkForUpdatesAndNotify(): Promise<unknown>;
    };
  };
  export default updater;
}
