import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { Bridge } from '../main/contract/contract.ts';

// The page gets these three functions and nothing else of Electron or Node.
const bridge: Bridge = {
  call: (name, args) => ipcRenderer.invoke(`waybill:${name}`, args),
  on: (name, listener) => {
    const forward = (_event: unknown, payload: Parameters<typeof listener>[0]): void => listener(payload);
    ipcRenderer.on(`waybill:${name}`, forward);
    return () => ipcRenderer.off(`waybill:${name}`, forward);
  },
  pathsOf: (files) => {
    // A function of the page's own object would run in the page and answer with paths of its choice.
    if (!Array.isArray(files)) throw new TypeError('Files must be in an array');
    const paths = Array.from<File, string>(files, (file) => webUtils.getPathForFile(file));
    // Main opens no other paths. Only this function can name some: the page reaches no channel of send().
    const given = paths.filter((path) => path !== '');
    if (given.length > 0) ipcRenderer.send('files-given', given);
    return paths;
  },
};

contextBridge.exposeInMainWorld('waybill', bridge);
