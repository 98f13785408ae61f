/**
 * Files that a system runs, installs or follows when they are opened, instead of showing them. Which of them do depends on
 * the system and on what is installed, so all count everywhere. By Chromium's list of dangerous downloads, the types that
 * Windows treats as high risk, and what macOS runs or opens as a reference to something else.
 * @see https://source.chromium.org/chromium/chromium/src/+/main:components/safe_browsing/content/resources/download_file_types.asciipb
 * @see https://support.microsoft.com/topic/information-about-the-attachment-manager-in-microsoft-windows-c48a4dcd-8de5-2af5-ee9b-cd795ae42738
 */
const programs = new Set(
  `
  exe com scr pif cpl msi msp mst msu wsb msix msixbundle appx appxbundle appinstaller application appref-ms gadget dll ocx drv sys
  fon vxd chm hlp cnt lnk scf shb shs grp job msc isp ins diagcab diagcfg diagpkg xbap xll xlam xla ppa ppam wll xnk
  ade adp mad maf mag mam maq mar mas mat mau mav maw mda mdb mde mdt mdw mdz accda accdb accde accdr accdu
  library-ms search-ms searchconnector-ms settingcontent-ms website theme themepack desktopthemepack deskthemepack rdp
  iqy oqy rqy dqy slk mht mhtml iso img vhd vhdx dmg cdr smi toast sparsebundle sparseimage
  jar jnlp class apk aab ipa deb rpm snap flatpak flatpakref flatpakrepo appimage run elf so bin out
  app pkg mpkg dylib kext prefpane saver qlgenerator mdimporter wdgt action workflow caction definition plugin bundle
  framework component osax scpt scptd mobileconfig configprofile provisionprofile internetconnect networkconnect
  inetloc webloc fileloc ftploc afploc vncloc mailloc
  crx xpi vsix pyc pyo pyz pyzw jse vbe wcx air mof prg fxp pcd appcontent-ms printerexport xrm-ms one onepkg
  `
    .trim()
    .split(/\s+/),
);

/** Programs as text: harmless in an editor that somebody chose, run by what the system would choose. */
const scripts = new Set(
  `
  bat cmd btm ps1 ps1xml ps2 ps2xml psc1 psc2 psd1 psm1 psrc pssc vb vbs ws wsc wsf wsh sct js mjs cjs hta
  msh msh1 msh2 mshxml msh1xml msh2xml reg inf url ahk au3 kix
  sh bash zsh csh tcsh ksh fish ash dash command tool terminal term desktop kdelnk service
  py pyw rb rbw pl pm php lua tcl tk applescript r groovy csx fsx
  `
    .trim()
    .split(/\s+/),
);

/** What a file does when it is opened. `script`: it is a program, but also a text that an editor shows. */
export type Danger = 'program' | 'script';

/**
 * Returns what opening a file of this name could run; null if it shows a document. The name must be the one that the file
 * has on the disk: what a key is called is another's choice, and a file system drops dots and spaces at its end.
 */
export function dangerOf(name: string): Danger | null {
  const dot = name.lastIndexOf('.');
  if (dot === -1) return null;
  // Invisible characters and full-width letters don't hide an extension from every system.
  const extension = name
    .slice(dot + 1)
    .normalize('NFKC')
    .replace(/[\p{C}\p{Z}\p{M}]/gu, '')
    .toLowerCase();
  // Windows opens `x.txt.{…}` with the class of this ID, and doesn't show it.
  if (programs.has(extension) || extension.startsWith('{')) return 'program';
  return scripts.has(extension) ? 'script' : null;
}
