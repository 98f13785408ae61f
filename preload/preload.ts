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
  pathsOf: (files) => files.map((file) => webUtils.getPathForFile(file)),
};

contextBridge.exposeInMainWorld('waybill', bridge);
