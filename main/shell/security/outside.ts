/** Longest address that is handed to the browser: longer ones carry something. */
const MAX_LENGTH = 2048;

/** Whose pages Waybill sends people to. Not aliyuncs.com: there everybody has a host of their own. */
const documentation = ['aliyun.com', 'alibabacloud.com'];

/**
 * Whether a page of ours may have this address opened in the browser: https, on a site of the documentation, with no
 * user name or port in it. A page that was taken over could otherwise send what it knows anywhere.
 */
export function mayOpenOutside(address: string): boolean {
  if (address.length > MAX_LENGTH || !URL.canParse(address)) return false;
  const { protocol, hostname, username, password, port } = new URL(address);
  if (protocol !== 'https:' || username !== '' || password !== '' || port !== '') return false;
  return documentation.some((site) => hostname === site || hostname.endsWith(`.${site}`));
}
